/** What is there of a window that is still open? */
import type { JudgedReading } from '../reading.js';
import type { Site } from '../site.js';
import type { Station } from '../station.js';
import { type Instant, MINUTE, type Span, type Window, windowAt, type WindowKind } from '../time.js';
import { assessWindow, cadenceOf } from './assess.js';
import { type RiverClass, worstClass } from './class.js';
import { assessPeriod, type PeriodKind } from './period.js';
import { partsOf, windowMean } from './statistic.js';
import type { Verdict } from './verdict.js';

/** A window that is still open. It has no verdict (进行中). */
export interface OpenWindow {
  readonly window: Window;
  /** Parts of all judged items that hold a valid reading (of periods: valid days or months), of how many in the whole window. */
  readonly validCount: number;
  readonly dueCount: number;
  /** The class of the means so far; `null` where the medium knows none. */
  readonly class: RiverClass | null;
}

/** The site as a window is seen in it, without what is excused. */
export type SiteIn = (window: Window) => Site;

/** Sensor readings of the station in a span. */
export type ReadingsIn = (parameter: string, span: Span) => readonly JudgedReading[];

/** What a month, a quarter or a year would come to from the parts that are judged so far. */
export type PeriodSoFar = (window: Window & { kind: PeriodKind }) => Verdict;

/** The open window at `now` by which a station is shown: of the first kind its medium is judged by, of the hour where that kind has none. */
export function openWindow(site: Site, station: Station, now: Instant, readings: ReadingsIn, siteIn: SiteIn): OpenWindow {
  const [kind = 'hour'] = site.judging.get(station.medium)!.windows;
  const nothingYet: PeriodSoFar = (window) => assessPeriod(site, station, window, []);
  return open(site, station, kind, now, readings, nothingYet, siteIn) ?? openNow(site, station, 'hour', now, readings, siteIn);
}

/** The open windows at `now` of every kind a station gets verdicts for, as `judging` lists them. */
export function openWindows(
  site: Site,
  station: Station,
  now: Instant,
  readings: ReadingsIn,
  period: PeriodSoFar,
  siteIn: SiteIn,
): OpenWindow[] {
  const { windows } = site.judging.get(station.medium)!;
  return windows.flatMap((kind) => open(site, station, kind, now, readings, period, siteIn) ?? []);
}

function open(
  site: Site,
  station: Station,
  kind: WindowKind,
  now: Instant,
  readings: ReadingsIn,
  period: PeriodSoFar,
  siteIn: SiteIn,
): OpenWindow | null {
  switch (kind) {
    case 'hour':
    case 'day':
      return openNow(site, station, kind, now, readings, siteIn);
    case 'month':
    case 'quarter':
    case 'year': {
      const window = windowAt(kind, now, site.calendar);
      return counted(window, period({ ...window, kind }));
    }
    case 'rule':
      return openRule(site, station, now, readings);
    case 'sample':
      return null;
  }
}

function openNow(
  site: Site,
  station: Station,
  kind: 'hour' | 'day',
  now: Instant,
  readings: ReadingsIn,
  siteIn: SiteIn,
): OpenWindow {
  const window = { ...windowAt(kind, now, site.calendar), kind };
  const span = { from: window.start, to: window.end };
  return counted(
    window,
    assessWindow(siteIn(window), station, window, (parameter) => readings(parameter, span)),
  );
}

/** The evidence of a verdict that would be too early, counted. */
function counted(window: Window, { findings }: Verdict): OpenWindow {
  const items = findings.filter((f) => f.counted);
  return {
    window,
    validCount: items.reduce((n, f) => n + f.filled, 0),
    dueCount: items.reduce((n, f) => n + f.due, 0),
    class: worstClass(items.flatMap((f) => f.class ?? [])),
  };
}

/** The open window of the first dust rule; `null` at a station without one. */
function openRule(site: Site, station: Station, now: Instant, readings: ReadingsIn): OpenWindow | null {
  const [rule] = station.dustRules;
  if (rule === undefined) return null;
  const length = rule.windowMinutes * MINUTE;
  const day = windowAt('day', now, site.calendar).start;
  const start = day + Math.floor((now - day) / length) * length;
  const window: Window = { kind: 'rule', start, end: start + length };
  const parts = partsOf(window, cadenceOf(station, rule.parameter, rule.windowMinutes), site.judging.get(station.medium)!);
  const own = readings(rule.parameter, { from: start, to: window.end });
  const { filled, due } = windowMean(own, window, parts, 'arithmetic', 'upper');
  return { window, validCount: filled, dueCount: due, class: null };
}
