/** How do people without the page enter maintenance and review readings? `npm run heqing -- maintenance|review|audit`: asks the running service. */
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import type {
  AuditAnswer,
  DecisionsAnswer,
  DecisionView,
  MaintenanceAnswer,
  MaintenanceView,
} from './adapters/http/contract/decisions.js';
import { REVIEW_OUTCOMES, REVIEW_REASONS } from './domain/quality/decision.js';
import { type Calendar, isoTime } from './domain/time.js';
import { type Ask, asking } from './heqing-ask.js';

/** What `--help` says of them. */
export const DECISIONS_HELP = `  maintenance start STATION      登记维护开始 from now on, readings of the station do not count;
                                 可加 with --parameters A,B --note N --who W --settling MINUTES(默认 60)
  maintenance end ID|STATION [--to TIME]
                                 维护结束 ends it; readings count again when the instruments have settled
  maintenance add STATION --from TIME --to TIME
                                 事后补录 enters one afterwards; its windows are judged anew
  maintenance correct ID [--from TIME] [--to TIME] [--parameters A,B] [--settling MINUTES] [--note N] [--reason R]
  maintenance withdraw ID [--reason R]
                                 更正、撤回 corrects or withdraws one
  maintenance list [--station ID] [--open]
  review set STATION invalid|suspect|restored --reason R (--at TIME | --from TIME --to TIME)
                                 审核:无效、存疑、恢复有效 sets readings; 可加 with --parameters A,B --source lab --note N
                                 原因 reasons: ${Object.entries(REVIEW_REASONS)
                                   .map((pair) => pair.join(' '))
                                   .join(', ')}
  review undo ID [--note N]      撤销审核决定 takes one back
  review list [--station ID]
  audit list [--station ID] [--limit N] | audit verify
                                 操作留痕 who did what, when and why; verify proves that nobody changed it
                                 TIME 如 such as "2026-11-20 09:00";以 --as NAME 指明经办账号 --as names the account that acts
`;

/** A command that cannot be understood, in words. */
export class DecisionFault extends Error {}

/** What the command line gave beside its words. */
export interface DecisionArguments {
  readonly parameters?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
  readonly settling?: string | undefined;
  readonly note?: string | undefined;
  readonly who?: string | undefined;
  readonly reason?: string | undefined;
  readonly station?: string | undefined;
  readonly source?: string | undefined;
  readonly limit?: string | undefined;
  readonly open?: boolean | undefined;
  readonly as?: string | undefined;
}

/** Runs one of the three commands and prints what came of it. Throws `DecisionFault`, `AskFault` or `ConfigFaults`. */
export async function decide(environment: Environment, words: readonly string[], given: DecisionArguments): Promise<void> {
  const [command = '', action = '', subject = '', outcome = ''] = words;
  const { calendar } = loadConfig(environment.configDir).site;
  const time = (text: string | undefined): string | undefined => text && withOffset(text, calendar);
  const spoken = { from: time(given.from), to: time(given.to), note: given.note };
  const work = async (ask: Ask): Promise<void> => {
    switch (`${command} ${action}`) {
      case 'maintenance start':
      case 'maintenance add': {
        if (action === 'add' && (given.from === undefined || given.to === undefined)) missing('--from TIME --to TIME');
        const body = { station: named(subject, 'STATION'), ...spoken, ...instruments(given) };
        return printMaintenance([await ask<MaintenanceView>('/api/v1/maintenance', body)]);
      }
      case 'maintenance end': {
        const id = await openRecord(ask, named(subject, 'ID'));
        const body = { to: spoken.to ?? isoTime(Date.now(), calendar), reason: given.reason };
        return printMaintenance([await ask<MaintenanceView>(`/api/v1/maintenance/${id}`, body, 'PATCH')]);
      }
      case 'maintenance correct': {
        const body = { ...spoken, ...instruments(given), reason: given.reason };
        return printMaintenance([await ask<MaintenanceView>(`/api/v1/maintenance/${named(subject, 'ID')}`, body, 'PATCH')]);
      }
      case 'maintenance withdraw': {
        const body = { withdrawn: true, reason: given.reason };
        return printMaintenance([await ask<MaintenanceView>(`/api/v1/maintenance/${named(subject, 'ID')}`, body, 'PATCH')]);
      }
      case 'maintenance list': {
        const query = queryOf({ ...spoken, note: undefined, station: given.station, open: given.open ? '1' : undefined });
        return printMaintenance((await ask<MaintenanceAnswer>(`/api/v1/maintenance${query}`)).maintenance);
      }
      case 'review set': {
        const body = {
          ...spoken,
          station: named(subject, 'STATION'),
          outcome: codeOf(REVIEW_OUTCOMES, named(outcome, 'invalid|suspect|restored')),
          reason: codeOf(REVIEW_REASONS, given.reason ?? missing('--reason R')),
          time: time(given.at),
          parameters: listed(given.parameters),
          source: given.source,
        };
        return printDecisions([await ask<DecisionView>('/api/v1/decisions', body)]);
      }
      case 'review undo': {
        const path = `/api/v1/decisions/${named(subject, 'ID')}/undo`;
        return printDecisions([await ask<DecisionView>(path, { note: given.note })]);
      }
      case 'review list': {
        const query = queryOf({ ...spoken, note: undefined, station: given.station });
        return printDecisions((await ask<DecisionsAnswer>(`/api/v1/decisions${query}`)).decisions);
      }
      case 'audit list':
        return printAudit(await ask<AuditAnswer>(`/api/v1/audit${queryOf({ station: given.station, limit: given.limit })}`));
      case 'audit verify':
        return verified(await ask<AuditAnswer>('/api/v1/audit?verify=1&limit=1'));
      default:
        throw new DecisionFault(`没有 ${command} ${action} 这个命令 there is no such command\n\n${DECISIONS_HELP}`);
    }
  };
  await asking(environment, command, work, given.as);
}

/** The id that was given, or that of the one record that is open at the station that was given. */
async function openRecord(ask: Ask, text: string): Promise<string> {
  if (/^\d+$/.test(text)) return text;
  const { maintenance } = await ask<MaintenanceAnswer>(`/api/v1/maintenance${queryOf({ station: text, open: '1' })}`);
  const [only] = maintenance;
  if (only === undefined) throw new DecisionFault(`${text} 没有进行中的维护 no maintenance is open there`);
  if (maintenance.length > 1) {
    const ids = maintenance.map(({ id }) => id).join(', ');
    throw new DecisionFault(`${text} 有几条进行中的维护,请用编号 several are open, name one by its id: ${ids}`);
  }
  return only.id;
}

const instruments = ({ parameters, settling, who }: DecisionArguments): object => ({
  parameters: listed(parameters),
  settlingMinutes: settling === undefined ? undefined : Number(settling.trim() || NaN),
  who,
});

const listed = (text: string | undefined): string[] | undefined =>
  text
    ?.split(/[,,]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A wall clock's time gets the offset of the site; anything else goes as it is, for the service to judge. */
export function withOffset(text: string, calendar: Calendar): string {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)$/.exec(text) ?? [];
  return day === undefined ? text : `${day}T${clock}${isoTime(0, calendar).slice(19)}`;
}

/** The code of a word of a list, which may be said by its code or in Chinese. What is neither goes on, for the service to name. */
function codeOf(list: Readonly<Record<string, string>>, word: string): string {
  return Object.entries(list).find(([code, text]) => code === word || text === word)?.[0] ?? word;
}

function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(pairs)).toString()}`;
}

const named = (word: string, what: string): string => (word === '' ? missing(what) : word);

function missing(what: string): never {
  throw new DecisionFault(`缺 missing: ${what}\n\n${DECISIONS_HELP}`);
}

const MAINTENANCE = { open: '进行中 open', closed: '已结束 closed', withdrawn: '已撤回 withdrawn' } as const;

function printMaintenance(records: readonly MaintenanceView[]): void {
  for (const { id, station, parameters, from, to, settlingMinutes, who, note, by, enteredAt, state } of records) {
    const what = parameters === null ? '全部指标 all' : parameters.join(',');
    const span = `${from} – ${to ?? ''}(稳定 settling ${settlingMinutes} min)`;
    console.log(`${id}  ${MAINTENANCE[state]}  ${station}  ${what}  ${span}  ${who}  ${note}  [${by} ${enteredAt}]`);
  }
  if (records.length === 0) console.log('没有维护记录 none');
}

function printDecisions(decisions: readonly DecisionView[]): void {
  for (const {
    id,
    station,
    source,
    parameters,
    from,
    to,
    outcomeText,
    outcome,
    reasonText,
    note,
    by,
    decidedAt,
    undone,
  } of decisions) {
    const what = `${source === 'lab' ? '化验 lab ' : ''}${parameters === null ? '全部指标 all' : parameters.join(',')}`;
    const end = undone === null ? '' : `  已撤销 undone [${undone.by} ${undone.at} ${undone.note}]`;
    console.log(
      `${id}  ${outcomeText} ${outcome}  ${station}  ${what}  ${from} – ${to}  ${reasonText} ${note}  [${by} ${decidedAt}]${end}`,
    );
  }
  if (decisions.length === 0) console.log('没有审核决定 none');
}

function printAudit({ entries }: AuditAnswer): void {
  for (const { id, at, who, action, what, station, reason, hash } of entries) {
    console.log(`${id}  ${at}  ${who}  ${action}  ${what}  ${station ?? ''}  ${reason}  ${hash.slice(0, 12)}`);
  }
  if (entries.length === 0) console.log('没有记录 none');
}

function verified({ chain }: AuditAnswer): void {
  if (chain === undefined || chain.broken !== null) {
    throw new DecisionFault(`第 ${chain?.broken ?? '?'} 条与写入时不符 entry ${chain?.broken ?? '?'} is not as it was written`);
  }
  console.log(`完整 intact: ${chain.entries} 条 entries, ${chain.head}`);
}
