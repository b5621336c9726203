/** What does `heqing excuse` do? It enters, lists and withdraws windows that do not count (不参评). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import type { ExcuseEntry } from './adapters/http/contract-compliance.js';
import { Database } from './adapters/sqlite/database.js';
import { SqliteExcuseStore } from './adapters/sqlite/excuse-store.js';
import { EXCUSE_NAMES, EXCUSE_REASONS } from './domain/compliance/excuse.js';
import { isoTime } from './domain/time.js';
import { AskFault, asking } from './heqing-ask.js';

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
}

const listOf = (text: string | undefined): string[] | undefined => text?.split(',').map((word) => word.trim());

/** Runs `excuse ACTION NAME`. Throws `AskFault` with what was wrong, or with what the service answered. */
export async function excuse(
  environment: Environment,
  [action = '', name = '']: readonly string[],
  options: ExcuseOptions,
): Promise<void> {
  if (action === 'list') return list(environment);
  if ((action !== 'add' && action !== 'remove') || name === '') throw new AskFault(EXCUSE_HELP);
  const { reason: said = '', kinds, parameters, ...rest } = options;
  if (action === 'remove') {
    const removed = await asking(environment, 'excuse', (ask) =>
      ask<ExcuseEntry>(`/api/v1/excuses/${encodeURIComponent(name)}/remove`, { reason: said }),
    );
    console.log(`${removed.id} 已撤回 removed`);
    return;
  }
  // People say 断流; the API knows it by a word of its own.
  const reason = EXCUSE_REASONS.find((one) => EXCUSE_NAMES[one] === said) ?? said;
  const words = { station: name, ...rest, reason, kinds: listOf(kinds), parameters: listOf(parameters) };
  const added = await asking(environment, 'excuse', (ask) => ask<ExcuseEntry>('/api/v1/excuses', words));
  console.log(line(added));
}

function list(environment: Environment): void {
  const file = join(environment.dataDir, STATE_FILE);
  if (!existsSync(file)) throw new AskFault(`${file} 不存在:请先启动一次服务 start the service once first`, true);
  const { site } = loadConfig(environment.configDir);
  const database = new Database(file);
  try {
    for (const one of new SqliteExcuseStore(database).list()) {
      const [from, to] = [isoTime(one.from, site.calendar), isoTime(one.to, site.calendar)];
      console.log(line({ ...one, from, to, reasonName: EXCUSE_NAMES[one.reason] }));
    }
  } finally {
    database.close();
  }
}

type Line = Pick<ExcuseEntry, 'id' | 'station' | 'from' | 'to' | 'reasonName' | 'approver' | 'document' | 'addedBy'> & {
  readonly kinds: readonly string[] | null;
  readonly parameters: readonly string[] | null;
  readonly removed: { readonly by: string; readonly reason: string } | null;
};

const line = ({ id, station, kinds, parameters, from, to, reasonName, approver, document, addedBy, removed }: Line): string =>
  `${id}  ${station}  ${from} – ${to}  ${kinds?.join(',') ?? '全部时段 all'}  ${parameters?.join(',') ?? '全部项目 all'}  ` +
  `${reasonName}  ${approver} ${document}  ${addedBy}${removed === null ? '' : `  已撤回 removed:${removed.by} ${removed.reason}`}`;
