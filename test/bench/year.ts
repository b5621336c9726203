/** How long does a year's compliance take to answer, and does it matter how many years there are? Fifty sections. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteVerdictStore } from '../../src/adapters/sqlite/verdict-store.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract-compliance.js';
import { assessWindow } from '../../src/domain/compliance/assess.js';
import { dependence } from '../../src/domain/compliance/dependence.js';
import { assessPeriod, partOf, type PeriodKind } from '../../src/domain/compliance/period.js';
import type { Verdict } from '../../src/domain/compliance/verdict.js';
import type { Site } from '../../src/domain/site.js';
import type { Station } from '../../src/domain/station.js';
import { DAY, HOUR, localDate, type Span, startOfDate, type Window, windowsIn } from '../../src/domain/time.js';
import { printFor } from '../../src/pipeline/print-verdict.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Bench } from './ceilings.js';
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import { onParts } from './parts.js';

const SECTIONS = 50;
/** The windows of a river, each after what it is made of. */
const KINDS = ['day', 'month', 'quarter', 'year'] as const;
const YEARS = 10;
const QUICK_YEARS = 3;
/** Requests of one run, of which the median counts, and those before that warm it up. */
const REQUESTS = 30;
const WARM_UP = 5;
const MOST_MS = 50;
const MOST_RATIO = 1.2;
/** Inside class III for all of them, at every four-hour slot. */
const VALUES: Readonly<Record<string, number>> = { temp: 18.2, ph: 7.2, do: 7.8, codmn: 3.1, nh3n: 0.41, tp: 0.08 };

/** Figure `year-compliance`: milliseconds for the running year over HTTP with ten years of verdicts; its ceiling is the same with one. */
export async function yearCompliance(bench: Bench): Promise<Figure[]> {
  const folder = await temporaryFolder('year');
  try {
    const years = bench.quick ? QUICK_YEARS : YEARS;
    const one = await timesOf(bench, join(folder.path, 'one'), 1);
    const many = await timesOf(bench, join(folder.path, 'many'), years);
    const bytes = Math.round(many.bytes / 1024).toLocaleString('en-US');
    const note = `${SECTIONS} sections, ${years} years of verdicts beside one; ${many.windows} windows with evidence, ${bytes} KiB`;
    const floor = (ms: number, ratio: number | null): Figure['floor'] => ({
      words: `≤ ${MOST_MS} ms and ≤ ${MOST_RATIO} ×`,
      holds: ms <= MOST_MS && ratio !== null && ratio <= MOST_RATIO,
    });
    return [figure('year-compliance', 'ms', many.runs, one.runs, floor, note)];
  } finally {
    await folder.remove();
  }
}

/** The bench's config with fifty sections that are due since so many years. */
async function writeSections(from: string, to: string, years: number): Promise<void> {
  await cp(from, to, { recursive: true });
  const file = join(to, 'stations', 'bench.yaml');
  const { stations } = parse(await readFile(file, 'utf8')) as { stations: Record<string, unknown>[] };
  const since = `${new Date().getUTCFullYear() - years + 1}-01-01`;
  const sections = Array.from({ length: SECTIONS }, (_, i) => ({
    ...stations[i % stations.length],
    ...{ id: `section-${i + 1}`, name: `断面 ${i + 1}`, order: i + 1, since },
  }));
  await writeFile(file, stringify({ stations: sections }));
}

/** Fills a state file with so many years of verdicts, starts the service on it and asks for the year again and again. */
async function timesOf(bench: Bench, folder: string, years: number): Promise<{ runs: number[]; windows: number; bytes: number }> {
  const [config, data] = [join(folder, 'config'), join(folder, 'data')];
  await mkdir(data, { recursive: true });
  await writeSections(bench.config, config, years);
  const { site } = loadConfig(config);
  const year = Number(localDate(Date.now(), site.calendar).slice(0, 4));
  fill(site, join(data, 'heqing.db'), year - years + 1);
  return onParts(config, async (parts) => {
    const service = await parts.service({ HEQING_DATA: data, HEQING_CONFIG: config });
    const url = `${service.baseUrl}/api/v1/compliance/river?period=${year}`;
    const runs: number[] = [];
    let text = '';
    while (runs.length < bench.runs) {
      const times: number[] = [];
      for (let i = 0; i < WARM_UP + REQUESTS; i++) {
        const started = performance.now();
        text = await (await fetch(url)).text();
        if (i >= WARM_UP) times.push(performance.now() - started);
      }
      runs.push(times.sort((a, b) => a - b)[REQUESTS / 2]!);
    }
    const { met, windows } = JSON.parse(text) as ComplianceAnswer;
    if (windows.length === 0 || met !== windows.length) throw new Error(`${met} months met, ${windows.length} listed`);
    return { runs, windows: windows.length, bytes: Buffer.byteLength(text) };
  });
}

/** Every closed window of every section from New Year of `first` until now: nothing is left for the service to judge. */
function fill(site: Site, file: string, first: number): void {
  const database = new Database(file);
  const store = new SqliteVerdictStore(database, printFor(site));
  const span = { from: startOfDate(`${first}-01-01`, site.calendar), to: Date.now() };
  const [model] = site.stations.values();
  const judged = judge(site, model!, span);
  for (const station of site.stations.values()) {
    database.transact(() => {
      // The sections are alike: judged once, written for each.
      for (const verdict of judged) store.put({ ...verdict, station: station.id }, verdict.end);
      for (const kind of KINDS) {
        const last = judged.findLast((verdict) => verdict.kind === kind);
        if (last !== undefined) store.setClosed(kind, station.id, { from: span.from, to: last.end });
      }
      store.setDependence(station.id, dependence(site, station));
    });
  }
  database.close();
}

/** The verdicts of a section in a span, all of them within the limits; parts before what is made of them. */
function judge(site: Site, station: Station, span: Span): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const kind of KINDS) {
    for (const window of windowsIn(kind, span, site.calendar).filter(({ end }) => end <= span.to)) {
      verdicts.push(
        kind === 'day' ? day(site, station, { ...window, kind }) : period(site, station, { ...window, kind }, verdicts),
      );
    }
  }
  return verdicts;
}

const day = (site: Site, station: Station, window: Window & { kind: 'day' }): Verdict =>
  assessWindow(site, station, window, (parameter) =>
    Array.from({ length: DAY / (4 * HOUR) }, (_, slot) => ({
      ...{ station: station.id, parameter, time: window.start + slot * 4 * HOUR, value: VALUES[parameter] ?? 1 },
      ...({ mark: 'N', source: 'sensor', quality: 'good', checks: [], received: window.end } as const),
    })),
  );

function period(site: Site, station: Station, window: Window & { kind: PeriodKind }, judged: readonly Verdict[]): Verdict {
  const part = partOf(window.kind, site.judging.get(station.medium)!);
  const within = judged.filter(({ kind, start }) => kind === part && start >= window.start && start < window.end);
  return assessPeriod(site, station, window, within);
}
