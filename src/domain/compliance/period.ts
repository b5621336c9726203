/** How is a month, a quarter or a year judged from the windows it is made of? */
import Big from 'big.js';
import type { Judging, Site } from '../site.js';
import type { Limit } from '../standards/limit.js';
import type { Station } from '../station.js';
import { type Calendar, localDate, type Window, windowsIn } from '../time.js';
import { averagingOf, CHANGED, classLimits, itemOf, lastDay, limitsIn, named, type NamedItem } from './items.js';
import {
  type Averaging,
  type Direction,
  type Excluded,
  type Exclusion,
  meanOf,
  percentile,
  shareOf,
  type Statistic,
} from './statistic.js';
import { type Finding, type Item, judge, type StatisticKind, type Verdict } from './verdict.js';

/** The windows that are made of shorter ones. */
export const PERIODS = ['month', 'quarter', 'year'] as const;
export type PeriodKind = (typeof PERIODS)[number];

/** The kind of window a period is made of: a month of days, a quarter and a year of months, a year of air of days. */
export function partOf(kind: PeriodKind, judging: Judging): 'day' | 'month' {
  return kind === 'month' || (kind === 'year' && judging.yearDaysNeeded !== null) ? 'day' : 'month';
}

/** How many valid parts the mean of a period needs, of how many. */
function needed(window: Window & { kind: PeriodKind }, judging: Judging, calendar: Calendar): { needed: number; due: number } {
  const due = windowsIn(partOf(window.kind, judging), { from: window.start, to: window.end }, calendar).length;
  switch (window.kind) {
    case 'month': {
      const february = localDate(window.start, calendar).slice(5, 7) === '02';
      const days = judging.monthDaysNeeded;
      return { needed: days === null ? shareOf(due, judging.monthShareNeeded) : days[february ? 1 : 0], due };
    }
    case 'quarter':
      return { needed: judging.quarterMonthsNeeded, due };
    case 'year':
      return { needed: judging.yearDaysNeeded ?? judging.yearMonthsNeeded, due };
  }
}

const MEANS = { month: 'month-mean', quarter: 'quarter-mean', year: 'year-mean' } as const satisfies Record<
  PeriodKind,
  StatisticKind
>;

/** The percentile of a year's days that is held against the limit of the day, by item (HJ 663-2013; HJ 663-2026 the same). */
const PERCENTILES: Readonly<Record<string, 90 | 95 | 98>> = { so2: 98, no2: 98, pm10: 95, pm25: 95, co: 95, o3: 90 };

/** The finding of an item in a part that a limit of the same direction made. */
function findingOf(part: Verdict, parameter: string, direction: Direction): Finding | undefined {
  const own = part.findings.filter((f) => f.parameter === parameter);
  const found = own.find((f) => f.limit === null || (f.limit.operator === '<=') === (direction === 'upper')) ?? own[0];
  return found && { ...EARLIER, ...found };
}

/** What findings that were kept by an earlier version do not tell. */
const EARLIER = { excluded: {}, setAsideOver: 0, detection: null, temperature: null };

/** The means of an item over the valid parts, put together by `figure`. */
function over(
  parts: readonly Verdict[],
  parameter: string,
  direction: Direction,
  need: { needed: number; due: number },
  figure: (means: readonly Big[]) => Big | null,
): Statistic {
  const of = parts.flatMap((part) => findingOf(part, parameter, direction) ?? []);
  const valid = of.filter((f) => f.enough && f.mean !== null);
  return {
    mean: figure(valid.map((f) => new Big(f.mean!))),
    valid: sum(of.map((f) => f.valid)),
    total: sum(of.map((f) => f.total)),
    filled: valid.length,
    due: need.due,
    enough: valid.length >= need.needed,
    atLeast: valid.some((f) => f.atLeast),
    weighted: false,
    detection: highest(valid.flatMap((f) => f.detection ?? [])),
    condemns: false,
    excluded: together(of.map((f) => f.excluded)),
    setAside: [],
  };
}

/** The water's mean temperature over the parts that tell one; `null` when none does. */
function temperatureOf(parts: readonly Verdict[]): Big | null {
  const told = parts.flatMap((part) => part.findings.flatMap((f) => (f.enough ? (f.temperature ?? []) : [])).slice(0, 1));
  return meanOf(
    told.map((t) => new Big(t)),
    'arithmetic',
  );
}

/**
 * The verdict of a month from its days, of a quarter or a year from its months, or of a year of air from its days: every
 * item's mean over its valid parts, then the class (环办[2011]22号: means first, class second). A year of air is also held
 * to the percentiles of its days (HJ 663). Parts of another kind or outside the window must not be given.
 */
export function assessPeriod(
  site: Site,
  station: Station,
  window: Window & { kind: PeriodKind },
  parts: readonly Verdict[],
): Verdict {
  const judging = site.judging.get(station.medium)!;
  const need = needed(window, judging, site.calendar);
  const classes = classLimits(site, station, lastDay(window, site.calendar));
  const temperature = temperatureOf(parts);
  const { items, missing, unlimited } = named(site, station, window.kind, window);
  const item = (
    of: NamedItem,
    kind: StatisticKind,
    limits: readonly Limit[],
    figure: (means: readonly Big[]) => Big | null,
  ): Item => {
    const upper = over(parts, of.parameter, 'upper', need, figure);
    const other = over(parts, of.parameter, 'other', need, figure);
    const found = itemOf({ ...of, limits }, kind, upper, other, classes, temperature);
    const setAsideOver = sum(parts.flatMap((part) => findingOf(part, of.parameter, 'upper')?.setAsideOver ?? []));
    return setAsideOver === 0 ? found : { ...found, setAsideOver };
  };
  const judged = items.flatMap((of): Item[] => {
    const averaging: Averaging = averagingOf(of.parameter, judging);
    const mean = item(of, MEANS[window.kind], of.limits, (means) => meanOf(means, averaging));
    const p = window.kind === 'year' && station.medium === 'air' ? PERCENTILES[of.parameter] : undefined;
    if (p === undefined) return [mean];
    const { limits, changed } = limitsIn(site, station, of.parameter, 'day', window);
    const day = { ...of, doubt: changed ? CHANGED : null };
    return [mean, item(day, `percentile-${p}`, limits, (means) => percentile(means, p))];
  });
  return judge(station.id, window, judged, missing, unlimited);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const highest = (limits: readonly string[]): string | null =>
  limits.reduce<string | null>((most, limit) => (most === null || new Big(limit).gt(most) ? limit : most), null);

/** What was left out of the parts, by why. */
function together(parts: readonly Excluded[]): Excluded {
  const all: Partial<Record<Exclusion, number>> = {};
  for (const part of parts) {
    for (const [why, n] of Object.entries(part) as [Exclusion, number][]) all[why] = (all[why] ?? 0) + n;
  }
  return all;
}
