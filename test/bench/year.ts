/** How long does a year's compliance take to answer, and does it matter how many years there are? Fifty sections. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteVerdictStore } from '../../src/adapters/sqlite/verdict-store.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import { assessWindow } from '../../src/domain/compliance/assess.js';
import { dependence } from '../../src/domain/compliance/dependence.js';
import { assessPeriod, partOf, type PeriodKind } from '../../src/domain/compliance/period.js';
import type { Verdict } from '../../src/domain/compliance/verdict.js';
import type { Site } from '../../src/domain/site.js';
import type { Station } from '../../src/domain/station.js';
import { DAY, HOUR, localDate, type Span, startOfDate, type Window, windowsIn } from '../../src/domain/time.js';
import { printFor } from '../../src/pipeline/judging/print-verdict.js';
import type { Variables } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Bench } from './ceilings.js';
import { figure, median } from './figure.js';
import type { Figure } from './figure.js';
import { onParts } from './parts.js';

const SECTIONS = 50;
/** The windows of a river, each after what it is made of. */
const KINDS = ['day', 'month', 'quarter', 'year'] as const;
const YEARS = 10;
const QUICK_YEARS = 3;
/** Requests of one run, of which the median counts, and those before that warm it up. */
const REQUESTS = 60;
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
    const one = await prepare(bench, join(folder.path, 'one'), 1);
    const many = await prepare(bench, join(folder.path, 'many'), years);
    return await onParts(bench.config, async (parts) => {
      const urls = [];
      for (const { env, year } of [one, many]) {
        const { baseUrl } = await parts.service(env);
        urls.push(`${baseUrl}/api/v1/compliance/river?period=${year}`);
      }
      const [ceilings, runs] = [[] as number[], [] as number[]];
      while (runs.length < bench.runs) {
        const [ceiling, run] = await medians(urls);
        ceilings.push(ceiling!);
        runs.push(run!);
      }
      const text = await (await fetch(urls[1]!)).text();
      const { met, windows } = JSON.parse(text) as ComplianceAnswer;
      if (windows.length === 0 || met !== windows.length) throw new Error(`${met} months met, ${windows.length} listed`);
      const bytes = Math.round(Buffer.byteLength(text) / 1024).toLocaleString('en-US');
      const note = `${SECTIONS} sections, ${years} years of verdicts beside one; ${windows.length} windows with evidence, ${bytes} KiB`;
      const floor = (ms: number, ratio: number | null): Figure['floor'] => ({
        words: `≤ ${MOST_MS} ms and ≤ ${MOST_RATIO} ×`,
        holds: ms <= MOST_MS && ratio !== null && ratio <= MOST_RATIO,
      });
      return [figure('year-compliance', 'ms', runs, ceilings, floor, note)];
    });
  } finally {
    await folder.remove();
  }
}

/** The median time of each address, ms. They take turns, so that whatever else the machine does meets all of them alike. */
async function medians(urls: readonly string[]): Promise<number[]> {
  const times = urls.map((): number[] => []);
  for (let i = 0; i < WARM_UP + REQUESTS; i++) {
    for (const [j, url] of urls.entries()) {
      const started = performance.now();
      await (await fetch(url)).arrayBuffer();
      if (i >= WARM_UP) times[j]!.push(performance.now() - started);
    }
  }
  return times.map(median);
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

/** Writes a config and a state file with so many years of verdicts; resolves with what a service needs to stand on them. */
async function prepare(bench: Bench, folder: string, years: number): Promise<{ env: Variables; year: number }> {
  const [config, data] = [join(folder, 'config'), join(folder, 'data')];
  await mkdir(data, { recursive: true });
  await writeSections(bench.config, config, years);
  const { site } = loadConfig(config);
  const year = Number(localDate(Date.now(), site.calendar).slice(0, 4));
  fill(site, join(data, 'heqing.db'), year - years + 1);
  return { env: { HEQING_DATA: data, HEQING_CONFIG: config }, year };
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
