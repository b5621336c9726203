/** What does `heqing excuse` do? It enters, lists and withdraws windows that do not count (不参评). */
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import type { ExcuseEntry, ExcusesAnswer } from './adapters/http/contract/compliance.js';
import { EXCUSE_NAMES, EXCUSE_REASONS } from './domain/compliance/excuse.js';
import { type Ask, AskFault, asking } from './heqing-ask.js';
import { withOffset } from './heqing-decisions.js';

/** Its lines in `heqing --help`. */
export const EXCUSE_HELP = `  excuse add STATION --from T --to T --reason R --approver OFFICE --document NO [--kinds day,month] [--parameters nh3n] [--note N]
                                 登记不参评(断流 no-flow、水毁 flood-damage、批准剔除 approved-removal;--to 当刻不含在内;服务须在运行)
                                 windows that lie in the span do not count; the service must be running
  excuse list                    不参评记录,含已撤回的 lists them, withdrawn ones too
  excuse remove ID --reason R    撤回 withdraws one
`;

/** What the command line gave besides the action and the name. */
export interface ExcuseOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  readonly approver?: string | undefined;
  readonly document?: string | undefined;
  readonly kinds?: string | undefined;
  readonly parameters?: string | undefined;
  readonly note?: string | undefined;
  /** The account that acts; an administrator's when absent. */
  readonly as?: string | undefined;
}

const listOf = (text: string | undefined): string[] | undefined => text?.split(',').map((word) => word.trim());

/** Runs `excuse ACTION NAME` against the running service. Throws `AskFault` with what was wrong, or with what it answered. */
export async function excuse(
  environment: Environment,
  [action = '', name = '']: readonly string[],
  options: ExcuseOptions,
): Promise<void> {
  if (!['add', 'list', 'remove'].includes(action) || (action !== 'list' && name === '')) throw new AskFault(EXCUSE_HELP);
  const { calendar } = loadConfig(environment.configDir).site;
  const { reason: said = '', from = '', to = '', approver = '', document = '', kinds, parameters, note } = options;
  // People say 断流; the API knows it by a word of its own.
  const reason = EXCUSE_REASONS.find((one) => EXCUSE_NAMES[one] === said) ?? said;
  const span = { from: withOffset(from, calendar), to: withOffset(to, calendar) };
  const words = {
    station: name,
    ...span,
    reason,
    approver,
    document,
    note,
    kinds: listOf(kinds),
    parameters: listOf(parameters),
  };
  const work = async (ask: Ask): Promise<void> => {
    switch (action) {
      case 'add':
        return console.log(line(await ask<ExcuseEntry>('/api/v1/excuses', words)));
      case 'remove':
        await ask<ExcuseEntry>(`/api/v1/excuses/${encodeURIComponent(name)}/remove`, { reason: said });
        return console.log(`${name} 已撤回 removed`);
      default:
        for (const one of (await ask<ExcusesAnswer>('/api/v1/excuses')).excuses) console.log(line(one));
    }
  };
  await asking(environment, 'excuse', work, options.as);
}

const line = ({
  id,
  station,
  kinds,
  parameters,
  from,
  to,
  reasonName,
  approver,
  document,
  addedBy,
  removed,
}: ExcuseEntry): string =>
  `${id}  ${station}  ${from} – ${to}  ${kinds?.join(',') ?? '全部时段 all'}  ${parameters?.join(',') ?? '全部项目 all'}  ` +
  `${reasonName}  ${approver} ${document}  ${addedBy}${removed === null ? '' : `  已撤回 removed:${removed.by} ${removed.reason}`}`;
