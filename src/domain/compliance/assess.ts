/** How is one window of one station judged, from its readings or from its days? */
import Big from 'big.js';
import type { JudgedReading } from '../reading.js';
import type { Judging, Site } from '../site.js';
import { averagedOver, COLD_WATER, inForce, limitsAt, WARM_WATER } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import type { DustRule, Station } from '../station.js';
import { localDate, type LocalDate, MINUTE, type Span, type Window, windowAt, windowsIn } from '../time.js';
import { classOf, type RiverClass, worstClass } from './class.js';
import { type Averaging, meanOf, partsOf, type Statistic, windowMean } from './statistic.js';
import { type Item, judge, type StatisticKind, type Verdict } from './verdict.js';

/** Readings of one station, by parameter. */
export type ReadingsOf = (parameter: string) => readonly JudgedReading[];

/** Averagings of limits that a window of each kind is held against, in the words of the standards. */
const AVERAGINGS: Readonly<Record<'hour' | 'day' | 'month' | 'sample', readonly string[]>> = {
  hour: ['sample', 'hour'],
  day: ['period mean or sample', 'daily mean', 'day'],
  month: ['period mean or sample'],
  sample: ['sample', 'period mean or sample'],
};

const STATISTICS = { hour: 'hour-mean', day: 'day-mean', month: 'month-mean', sample: 'sample' } as const satisfies Record<
  string,
  StatisticKind
>;

/** The named items of a station: all of a river section, of other media those it measures. */
export function namedItems(station: Station, judging: Judging): string[] {
  const measured = new Set(station.parameters.map((p) => p.parameter));
  return judging.items.filter((item) => station.medium === 'surface-water' || measured.has(item));
}

const cadenceOf = (station: Station, parameter: string): number | undefined =>
  station.parameters.find((p) => p.parameter === parameter)?.cadence;

const averagingOf = (parameter: string, judging: Judging): Averaging => (parameter === 'ph' ? judging.phMean : 'arithmetic');

/** The named items of a station on a day. */
interface Named {
  /** Those it measures and that are limited. */
  readonly items: readonly { readonly parameter: string; readonly name: string; readonly limits: readonly Limit[] }[];
  /** Names of those it does not measure. */
  readonly missing: readonly string[];
  /** What a station without any limit says: it is monitored and not judged. */
  readonly unlimited: string | null;
}

function named(site: Site, station: Station, kind: keyof typeof AVERAGINGS, day: LocalDate): Named {
  const measured = new Set(station.parameters.map((p) => p.parameter));
  const all = namedItems(station, site.judging.get(station.medium)!).map((parameter) => ({
    parameter,
    name: site.parameters.get(parameter)?.name ?? parameter,
    limits: averagedOver(inForce(limitsAt(station, parameter, site.limits), day), AVERAGINGS[kind]),
  }));
  const limited = all.filter(({ limits }) => limits.length > 0);
  return {
    items: limited.filter(({ parameter }) => measured.has(parameter)),
    missing: all.filter(({ parameter }) => !measured.has(parameter)).map(({ name }) => name),
    unlimited: limited.length > 0 ? null : station.medium === 'sewage' ? '缺许可限值' : '缺限值',
  };
}

/** Which of the limits of warm and cold water binds: by the window's mean temperature, or in doubt without one. */
function byTemperature(limits: readonly Limit[], temperature: Big | null): { limits: Limit[]; doubt: string | null } {
  const conditional = limits.filter((limit) => limit.condition === WARM_WATER || limit.condition === COLD_WATER);
  if (conditional.length === 0) return { limits: [...limits], doubt: null };
  if (temperature === null) return { limits: [...limits], doubt: '缺水温,限值未定' };
  const other = temperature.gt(12) ? COLD_WATER : WARM_WATER;
  return { limits: limits.filter((limit) => limit.condition !== other), doubt: null };
}

/** Limits of a river item, all classes, in force on a day. */
function classLimits(site: Site, station: Station, day: string): Limit[] {
  if (station.medium !== 'surface-water') return [];
  return inForce(site.limits, day).filter(
    (limit) => station.binding?.texts.includes(limit.standard) && limit.waterBody !== 'lake_reservoir',
  );
}

/** The verdict of an hour or a day from its readings. `window.start` decides which limits are in force. */
export function assessWindow(
  site: Site,
  station: Station,
  window: Window & { kind: 'hour' | 'day' },
  readings: ReadingsOf,
): Verdict {
  const judging = site.judging.get(station.medium)!;
  const day = localDate(window.start, site.calendar);
  const statistic = (parameter: string, direction: 'upper' | 'other'): Statistic =>
    windowMean(
      readings(parameter),
      window,
      partsOf(window, cadenceOf(station, parameter) ?? 60, judging),
      averagingOf(parameter, judging),
      direction,
    );
  const temperature = statistic('temp', 'other').mean;
  const classes = classLimits(site, station, day);
  const { items, missing, unlimited } = named(site, station, window.kind, day);
  const judged = items.map(({ parameter, name, limits }): Item => {
    const other = statistic(parameter, 'other');
    const upper = statistic(parameter, 'upper');
    const { mean } = limits.some((limit) => limit.operator === '<=') ? upper : other;
    return {
      parameter,
      name,
      statistic: STATISTICS[window.kind],
      upper,
      other,
      ...byTemperature(limits, temperature),
      class: classFrom(parameter, mean, classes, temperature),
    };
  });
  return judge(station.id, window, judged, missing, unlimited);
}

function classFrom(parameter: string, mean: Big | null, limits: readonly Limit[], temperature: Big | null): RiverClass | null {
  return mean === null ? null : classOf(parameter, mean, limits, temperature === null ? null : temperature.toNumber());
}

/**
 * The verdict of a month from the verdicts of its days: every item's mean over its valid days, then the class (环办[2011]22号:
 * means first). A month needs its share of days (design §5: 60 %).
 */
export function assessMonth(site: Site, station: Station, window: Window & { kind: 'month' }, days: readonly Verdict[]): Verdict {
  const judging = site.judging.get(station.medium)!;
  const due = windowsIn('day', { from: window.start, to: window.end }, site.calendar).length;
  const needed = Math.ceil(new Big(due).times(judging.monthShareNeeded).toNumber());
  const day = localDate(window.start, site.calendar);
  const classes = classLimits(site, station, day);
  const { items, missing, unlimited } = named(site, station, 'month', day);
  const judged = items.map(({ parameter, name, limits }): Item => {
    const of = days.flatMap((d) => d.findings.find((f) => f.parameter === parameter) ?? []);
    const valid = of.filter((f) => f.enough && f.mean !== null);
    const mean = meanOf(
      valid.map((f) => new Big(f.mean!)),
      averagingOf(parameter, judging),
    );
    const statistic: Statistic = {
      mean,
      valid: sum(of.map((f) => f.valid)),
      total: sum(of.map((f) => f.total)),
      filled: valid.length,
      due,
      enough: valid.length >= needed,
      atLeast: valid.some((f) => f.atLeast),
      excluded: { mark: 0, quality: 0 },
    };
    return {
      parameter,
      name,
      statistic: 'month-mean',
      upper: statistic,
      other: statistic,
      limits,
      doubt: null,
      class: classFrom(parameter, mean, classes, null),
    };
  });
  return judge(station.id, window, judged, missing, unlimited);
}

/**
 * The verdicts of a dust rule's own windows over one day: a window is over when its mean, less the background's, passes
 * the threshold; it is 超标 once the day has had more of them than the rule allows (管理阈值, design §5).
 */
export function assessRule(
  site: Site,
  station: Station,
  rule: DustRule,
  day: Window,
  own: ReadingsOf,
  background: ReadingsOf | null,
): Verdict[] {
  const judging = site.judging.get(station.medium)!;
  const length = rule.windowMinutes * MINUTE;
  const limits = limitsAt(station, rule.parameter, []).filter((limit) => limit.high === rule.limit);
  const verdicts: Verdict[] = [];
  let over = 0;
  for (let start = day.start; start < day.end; start += length) {
    const window: Window = { kind: 'rule', start, end: start + length };
    const mean = (readings: readonly JudgedReading[], of: Station): Statistic =>
      windowMean(
        readings.filter((r) => r.time >= start && r.time < window.end),
        window,
        partsOf(window, cadenceOf(of, rule.parameter) ?? 5, judging),
        'arithmetic',
        'upper',
      );
    const gross = mean(own(rule.parameter), station);
    const behind =
      background === null ? null : mean(background(rule.parameter), site.stations.get(rule.background ?? '') ?? station);
    const base = behind?.enough ? behind.mean : null;
    const net = gross.mean === null ? null : gross.mean.minus(base ?? 0);
    const item: Item = {
      parameter: rule.parameter,
      name: site.parameters.get(rule.parameter)!.name,
      statistic: 'rule-mean',
      upper: { ...gross, mean: net },
      other: { ...gross, mean: net },
      limits,
      doubt: null,
      class: null,
    };
    const verdict = judge(station.id, window, [item], [], null);
    // Without the background only what is within in full is surely within.
    if (background !== null && base === null && verdict.verdict === 'exceeded') {
      verdicts.push(inDoubt(verdict, '缺背景值'));
      continue;
    }
    if (verdict.verdict === 'exceeded' && ++over <= rule.allowedPerDay) {
      verdicts.push({ ...verdict, verdict: 'met', reason: `当日允许超过 ${rule.allowedPerDay} 次,本次为第 ${over} 次` });
    } else verdicts.push(verdict);
  }
  return verdicts;
}

const inDoubt = (verdict: Verdict, reason: string): Verdict => ({
  ...verdict,
  verdict: 'undetermined',
  reason,
  findings: verdict.findings.map((f) => ({ ...f, outcome: 'undetermined', reason, times: null })),
});

/** The verdict of one laboratory sample over all its tested items that have a limit: it passes only if every one passes. */
export function assessSample(site: Site, station: Station, time: number, readings: readonly JudgedReading[]): Verdict {
  const day = localDate(time, site.calendar);
  const window: Window = { kind: 'sample', start: time, end: time };
  const one: Window = { kind: 'sample', start: time, end: time + 1 };
  const items = readings.flatMap((reading): Item[] => {
    const limits = averagedOver(inForce(limitsAt(station, reading.parameter, site.limits), day), AVERAGINGS.sample);
    if (limits.length === 0) return [];
    const statistic = (direction: 'upper' | 'other'): Statistic =>
      windowMean([reading], one, { count: 1, needed: 1 }, 'arithmetic', direction);
    return [
      {
        parameter: reading.parameter,
        name: site.parameters.get(reading.parameter)?.name ?? reading.parameter,
        statistic: 'sample',
        upper: statistic('upper'),
        other: statistic('other'),
        limits,
        doubt: null,
        class: null,
      },
    ];
  });
  return judge(station.id, window, items, [], items.length === 0 ? '缺限值' : null);
}

/** What is there of a window that is still open. It has no verdict (进行中). */
export interface OpenWindow {
  readonly window: Window;
  /** Parts of all judged items that hold a valid reading, of how many in the whole window. */
  readonly validCount: number;
  readonly dueCount: number;
  /** The class of the means so far; `null` where the medium knows none. */
  readonly class: RiverClass | null;
}

/** The open window of a station at `now`: its day, its hour, or the own window of its first dust rule. */
export function openWindow(
  site: Site,
  station: Station,
  now: number,
  readings: (parameter: string, span: Span) => readonly JudgedReading[],
): OpenWindow {
  const judging = site.judging.get(station.medium)!;
  const [rule] = station.dustRules;
  if (rule !== undefined && judging.windows.includes('rule')) {
    const length = rule.windowMinutes * MINUTE;
    const day = windowAt('day', now, site.calendar).start;
    const start = day + Math.floor((now - day) / length) * length;
    const window: Window = { kind: 'rule', start, end: start + length };
    const parts = partsOf(window, cadenceOf(station, rule.parameter) ?? 5, judging);
    const { filled, due } = windowMean(
      readings(rule.parameter, { from: start, to: window.end }),
      window,
      parts,
      'arithmetic',
      'upper',
    );
    return { window, validCount: filled, dueCount: due, class: null };
  }
  const kind = judging.windows.includes('day') ? 'day' : 'hour';
  const window = windowAt(kind, now, site.calendar);
  const verdict = assessWindow(site, station, { ...window, kind }, (parameter) =>
    readings(parameter, { from: window.start, to: window.end }),
  );
  const counted = verdict.findings.filter((f) => f.counted);
  return {
    window,
    validCount: sum(counted.map((f) => f.filled)),
    dueCount: sum(counted.map((f) => f.due)),
    class: worstClass(counted.flatMap((f) => f.class ?? [])),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
