/** Which items of a station are judged in a window, by which limits, and which of them count? */
import type Big from 'big.js';
import type { Judging, Site } from '../site.js';
import { averagedOver, COLD_WATER, inForce, limitsAt, WARM_WATER } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import type { Comparison, Method, Station } from '../station.js';
import { type Calendar, type LocalDate, localDate, type Window } from '../time.js';
import { classOf } from './class.js';
import { needsTemperature } from './evaluate.js';
import type { Averaging, Statistic } from './statistic.js';
import type { Item, StatisticKind } from './verdict.js';

/** The windows whose items are held against limits of a legal text. */
export type JudgedKind = 'hour' | 'day' | 'month' | 'quarter' | 'year' | 'sample';

/** The averaging of a limit that the largest 8-hour running mean of a day is held against (O₃, GB 3095). */
export const RUNNING_MAX = 'daily max 8-hour';

/** Averagings of limits that a window of each kind is held against, in the words of the standards. */
const AVERAGINGS: Readonly<Record<JudgedKind, readonly string[]>> = {
  hour: ['sample', 'hour'],
  day: ['period mean or sample', 'sample', 'daily mean', 'day', RUNNING_MAX],
  month: ['period mean or sample', 'sample'],
  quarter: ['period mean or sample', 'sample', 'quarter'],
  year: ['period mean or sample', 'sample', 'year'],
  sample: ['sample', 'period mean or sample'],
};

/** Two limits bind different days of a window. */
export const CHANGED = '限值在时段内变更';

/** An item of a station with what it is held against. */
export interface NamedItem {
  readonly parameter: string;
  readonly name: string;
  readonly limits: readonly Limit[];
  /** Which of the limits binds is not known, because they change within the window; else `null`. */
  readonly doubt: string | null;
  /** Why it does not count; else `null`. */
  readonly uncounted: string | null;
}

/** The named items of a station in a window. */
export interface Named {
  /** Those it measures and that are limited. */
  readonly items: readonly NamedItem[];
  /** Names of those it does not measure. */
  readonly missing: readonly string[];
  /** What a station without any limit says: it is monitored and not judged. */
  readonly unlimited: string | null;
}

/** The named items of a station: all of a river section, of other media those it measures. */
export function namedItems(station: Station, judging: Judging): string[] {
  const measured = new Set(station.parameters.map((p) => p.parameter));
  return judging.items.filter((item) => station.medium === 'surface-water' || measured.has(item));
}

/** How an item's values are averaged: pH as the config says, all else as it is. */
export const averagingOf = (parameter: string, judging: Judging): Averaging =>
  parameter === 'ph' ? judging.phMean : 'arithmetic';

/** The last calendar day of a window. */
export const lastDay = (window: Window, calendar: Calendar): LocalDate =>
  localDate(Math.max(window.start, window.end - 1), calendar);

/**
 * The limits that bind an item in a window of a kind. Where they change within it (a year in which GB 3095-2026
 * came into force) both bind and `changed` is true: over both is exceeded, within both is met, all else is in doubt.
 */
export function limitsIn(
  site: Site,
  station: Station,
  parameter: string,
  kind: JudgedKind,
  window: Window,
): { limits: Limit[]; changed: boolean } {
  const all = averagedOver(limitsAt(station, parameter, site.limits), AVERAGINGS[kind]);
  const first = inForce(all, localDate(window.start, site.calendar));
  const last = inForce(all, lastDay(window, site.calendar));
  const limits = [...first, ...last.filter((limit) => !first.includes(limit))];
  return { limits, changed: first.length > 0 && limits.length > first.length };
}

/** The named items of a station in a window of a kind. */
export function named(site: Site, station: Station, kind: JudgedKind, window: Window): Named {
  const measured = new Set(station.parameters.map((p) => p.parameter));
  const all = namedItems(station, site.judging.get(station.medium)!).map((parameter): NamedItem => {
    const { limits, changed } = limitsIn(site, station, parameter, kind, window);
    return {
      parameter,
      name: nameOf(site, parameter),
      limits,
      doubt: changed ? CHANGED : null,
      uncounted: unproven(station, parameter, lastDay(window, site.calendar)),
    };
  });
  const limited = all.filter(({ limits }) => limits.length > 0);
  return {
    items: limited.filter(({ parameter }) => measured.has(parameter)),
    missing: all.filter(({ parameter }) => !measured.has(parameter)).map(({ name }) => name),
    unlimited: limited.length > 0 ? null : station.medium === 'sewage' ? '缺许可限值' : '缺限值',
  };
}

/** A parameter's Chinese name. */
export const nameOf = (site: Site, parameter: string): string => site.parameters.get(parameter)?.name ?? parameter;

/** As people write it. */
export const METHOD_NAMES: Readonly<Record<Method, string>> = {
  standard: '国标法分析仪',
  electrode: '电极法',
  spectral: '光谱法',
};

/** The five physical parameters of HJ 915, of which a probe is the standard method. */
const PROBED: ReadonlySet<string> = new Set(['temp', 'ph', 'do', 'cond', 'turb']);

/**
 * Why an instrument of another method than the standard one does not count on a day: its newest comparison with the
 * laboratory did not pass, or there is none. `null` when it counts.
 */
export function unproven(station: Station, parameter: string, day: LocalDate): string | null {
  const { method = 'standard', comparisons = [] } = station.parameters.find((p) => p.parameter === parameter) ?? {};
  if (!needsProof(station, parameter)) return null;
  const newest = comparisons.filter(({ on }) => on <= day).sort((a, b) => (a.on === b.on ? 0 : a.on < b.on ? 1 : -1))[0];
  if (newest === undefined) return `${METHOD_NAMES[method]},无合格比对`;
  return newest.passed ? null : `${METHOD_NAMES[method]},${newest.on} 比对不合格`;
}

/** Does an item count only while its newest comparison passed? So in water, where the instrument's method is not the standard one. */
export function needsProof(station: Station, parameter: string): boolean {
  const { method = 'standard' } = station.parameters.find((p) => p.parameter === parameter) ?? {};
  const water = station.medium === 'surface-water' || station.medium === 'drinking-water' || station.medium === 'sewage';
  return water && method !== 'standard' && !PROBED.has(parameter);
}

/** The station with comparisons that were entered, newest first, beside those of its config; of one day what was entered counts. */
export const withComparisons = (
  station: Station,
  entered: readonly (Comparison & { readonly parameter: string })[],
): Station => ({
  ...station,
  parameters: station.parameters.map((one) => ({
    ...one,
    comparisons: [...entered.filter(({ parameter }) => parameter === one.parameter), ...(one.comparisons ?? [])],
  })),
});

/** Limits of a river's items, all classes, in force on a day. */
export function classLimits(site: Site, station: Station, day: LocalDate): Limit[] {
  if (station.medium !== 'surface-water') return [];
  return inForce(site.limits, day).filter(
    (limit) => station.binding?.texts.includes(limit.standard) && limit.waterBody !== 'lake_reservoir',
  );
}

/** Which of the limits of warm and cold water binds: by the window's mean temperature, or in doubt without one. */
function byTemperature(limits: readonly Limit[], temperature: Big | null): { limits: readonly Limit[]; doubt: string | null } {
  const conditional = limits.some((limit) => limit.condition === WARM_WATER || limit.condition === COLD_WATER);
  if (!conditional) return { limits, doubt: null };
  if (temperature === null) return { limits, doubt: '缺水温,限值未定' };
  const other = temperature.gt(12) ? COLD_WATER : WARM_WATER;
  return { limits: limits.filter((limit) => limit.condition !== other), doubt: null };
}

/**
 * An item of a window, ready to be held against its limits. `classes` are the class limits of a river, empty elsewhere;
 * `temperature` is the water's mean, ℃.
 */
export function itemOf(
  item: NamedItem,
  statistic: StatisticKind,
  upper: Statistic,
  other: Statistic,
  classes: readonly Limit[],
  temperature: Big | null,
): Item {
  const { parameter, name, uncounted } = item;
  const { limits, doubt } = byTemperature(item.limits, temperature);
  const { mean } = limits.some((limit) => limit.operator === '<=') ? upper : other;
  const own = classes.filter((limit) => limit.parameter === parameter);
  return {
    parameter,
    name,
    statistic,
    upper,
    other,
    limits,
    doubt: doubt ?? item.doubt,
    uncounted,
    class: mean === null ? null : classOf(parameter, mean, classes, temperature),
    classIII: own.find((limit) => limit.class === 'III') ?? null,
    temperature: [...item.limits, ...own].some(needsTemperature) ? temperature : null,
  };
}
