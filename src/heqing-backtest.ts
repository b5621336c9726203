/** What does `heqing backtest` do? It asks what other rules would have made of the last days. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import { InfluxArchive } from './adapters/influx/influx-archive.js';
import { Database } from './adapters/sqlite/database.js';
import { EmbeddedArchive } from './adapters/sqlite/embedded-archive.js';
import { SqliteWorkingSet } from './adapters/sqlite/working-set.js';
import type { Episode } from './domain/alerting/hindsight.js';
import type { Site } from './domain/site.js';
import { DAY, HOUR, isoTime, shortTime, type Span } from './domain/time.js';
import { openTrial } from './heqing-trial.js';
import { backtest as compare, type Comparison, history, type Outcome } from './pipeline/alerting/backtest.js';
import type { Archive } from './pipeline/ports.js';

/** Its lines in `heqing --help`. */
export const BACKTEST_HELP = `  backtest --rule FILE [--days 90] [--json]
                                 用 FILE 中的规则(格式同 config/rules.yaml)重放过去若干天,与现行规则比较:报警、邮件、预警命中率
                                 replays the last days against other rules, beside today's: alerts, mails, hit rate of early
                                 warnings; reads only, the service may be running
`;

/** Asked for something that cannot be done, in words. */
export class BacktestFault extends Error {}

/** What the command line gave. */
export interface BacktestOptions {
  readonly rule?: string | undefined;
  readonly days?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Runs it and prints the comparison. Throws `BacktestFault`, or `ConfigFaults` of the rules it was given. */
export async function backtest(environment: Environment, stateFile: string, options: BacktestOptions): Promise<void> {
  const { rule, json = false } = options;
  const days = Number(options.days ?? 90);
  if (rule === undefined) throw new BacktestFault(BACKTEST_HELP);
  if (!existsSync(rule)) throw new BacktestFault(`${rule} 不存在 there is no such file`);
  if (!Number.isInteger(days) || days < 1 || days > 3660) throw new BacktestFault('--days 应为 1 至 3660 的整数 a whole number');
  const { site } = loadConfig(environment.configDir);
  const changed = withRules(environment.configDir, rule);
  // Whole hours: the same question within an hour has the same answer.
  const to = Math.floor(Date.now() / HOUR) * HOUR;
  const span = { from: to - days * DAY, to };
  const open = openArchive(environment, stateFile);
  try {
    const comparison = await lived(open.archive, site, changed, span, days);
    console.log(json ? JSON.stringify(comparison, null, 2) : printed(comparison, site));
  } finally {
    await open.close();
  }
}

/** The site of a config with the rules of another file in place of its own. Throws `ConfigFaults`. */
export function withRules(configDir: string, file: string): Site {
  const folder = mkdtempSync(join(tmpdir(), 'heqing-backtest-'));
  try {
    cpSync(configDir, folder, { recursive: true });
    for (const name of readdirSync(folder, { recursive: true }).map(String)) {
      if (name.endsWith('.yaml')) takeRulesOut(join(folder, name));
    }
    const name = basename(file).replace(/(\.ya?ml)?$/, '.yaml');
    // It takes the place of the rules, and of no other file that happens to have its name.
    writeFileSync(join(folder, existsSync(join(folder, name)) ? `new-${name}` : name), readFileSync(file));
    return loadConfig(folder).site;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function takeRulesOut(path: string): void {
  const yaml = parseDocument(readFileSync(path, 'utf8'));
  if (!isMap(yaml.contents) || !(yaml.has('rules') || yaml.has('damping'))) return;
  yaml.delete('rules');
  yaml.delete('damping');
  if (yaml.contents.items.length === 0) rmSync(path);
  else writeFileSync(path, yaml.toString());
}

/** Where raw history is: InfluxDB, or the state file, which is opened to read and nothing else. */
function openArchive(environment: Environment, stateFile: string): { archive: Archive; close(): Promise<void> } {
  if (environment.influx) {
    const archive = new InfluxArchive({ server: environment.influx, createDatabase: () => false });
    return { archive, close: () => archive.close() };
  }
  if (!existsSync(stateFile)) throw new BacktestFault(`${stateFile} 不存在:请先启动一次服务 start the service once first`);
  const database = new Database(stateFile, { readOnly: true });
  return {
    archive: new EmbeddedArchive(database, new SqliteWorkingSet(database, false)),
    close: () => Promise.resolve(database.close()),
  };
}

async function lived(archive: Archive, site: Site, changed: Site, span: Span, days: number): Promise<Comparison> {
  const trials = { today: openTrial(site, span.from), changed: openTrial(changed, span.from) };
  const horizon = (of: Site): number => Math.max(of.rules.trend?.horizonHours ?? 0, 12);
  const progress = await progressOn(process.stderr, days);
  try {
    return await compare(history(archive, site, span), span, trials, { today: horizon(site), changed: horizon(changed) }, () =>
      progress.advance(),
    );
  } finally {
    progress.stop();
    trials.today.close();
    trials.changed.close();
  }
}

/** A bar on a terminal, nothing elsewhere. */
async function progressOn(out: NodeJS.WriteStream, days: number): Promise<{ advance(): void; stop(): void }> {
  if (!out.isTTY) return { advance: () => undefined, stop: () => undefined };
  // Loaded only here: where there is no terminal there is no bar.
  const bars = await import('cli-progress');
  const bar = new bars.default.SingleBar(
    { format: 'backtest {bar} {value} / {total} 天 days · {eta_formatted}', stream: out, hideCursor: true },
    bars.default.Presets.shades_classic,
  );
  bar.start(days, 0);
  return { advance: () => void bar.increment(), stop: () => void bar.stop() };
}

/** Episodes of each list that are printed; `--json` has all. */
const LISTED = 20;

/** The comparison for a terminal, Chinese and English. */
export function printed(comparison: Comparison, site: Site): string {
  const { from, to, values, today, changed, onlyToday, onlyChanged } = comparison;
  const row = (name: string, of: (outcome: Outcome) => number | string | null): string =>
    `${String(of(today) ?? '—').padStart(10)}${String(of(changed) ?? '—').padStart(10)}   ${name}`;
  const names = (key: 'byKind' | 'byPerson'): string[] => [
    ...new Set([...Object.keys(today[key]), ...Object.keys(changed[key])].sort()),
  ];
  const percent = (share: number | null): string | null => (share === null ? null : `${share} %`);
  const listed = (title: string, episodes: readonly Episode[]): string[] => [
    `${title}:${episodes.length}`,
    ...episodes
      .slice(0, LISTED)
      .map((e) => `  ${shortTime(e.openedAt, site.calendar)} ${e.subject} ${e.kind} ${e.severity} ${e.reason}`),
    ...(episodes.length > LISTED ? [`  … ${episodes.length - LISTED}(--json 列出全部 lists all)`] : []),
  ];
  return [
    `${isoTime(from, site.calendar)} – ${isoTime(to, site.calendar)},${values} 个测值 values`,
    '  现行 today  改后 new',
    row('报警 alerts', ({ alerts }) => alerts),
    ...names('byKind').map((kind) => row(`  ${kind}`, ({ byKind }) => byKind[kind] ?? 0)),
    row('邮件 mails', ({ mails }) => mails),
    ...names('byPerson').map((id) =>
      row(`  ${site.people.find((person) => person.id === id)?.name ?? id}`, ({ byPerson }) => byPerson[id] ?? 0),
    ),
    row('预警 early warnings', ({ warnings }) => warnings.given),
    row('  命中(其后超限)followed by 超限', ({ warnings }) => warnings.hit),
    row('  命中率 hit rate', ({ warnings }) => percent(warnings.hitRate)),
    row('超限 times over', ({ warnings }) => warnings.over),
    row('  事先有预警 warned of before', ({ warnings }) => warnings.warned),
    row('  占比 share', ({ warnings }) => percent(warnings.warnedRate)),
    row('  提前小时(中位)hours ahead, median', ({ warnings }) => warnings.leadHours),
    ...listed('只在现行规则下 only under today’s rules', onlyToday),
    ...listed('只在改后规则下 only under the new rules', onlyChanged),
    '只重放 limit、trend、upstream、regional、rain;迟到 6 小时以上的数据按及时到达计 only these rules; data later than 6 h as if in time',
  ].join('\n');
}
