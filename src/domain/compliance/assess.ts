/** How is an hour, a day or a laboratory sample judged from its readings? */
import Big from 'big.js';
import { validity } from '../quality/intake.js';
import type { JudgedReading } from '../reading.js';
import type { Site } from '../site.js';
import type { Station } from '../station.js';
import { localDate, type Window } from '../time.js';
import { averagingOf, classLimits, itemOf, limitsIn, named, type NamedItem, nameOf, RUNNING_MAX } from './items.js';
import { type Direction, maxRunningMean, partsOf, type Statistic, windowMean } from './statistic.js';
import { type Item, judge, type Verdict } from './verdict.js';

/** Readings of one station, by parameter. */
export type ReadingsOf = (parameter: string) => readonly JudgedReading[];

/** Minutes between two due values of a parameter at a station; of one it is not known to measure, the one given. */
export const cadenceOf = (station: Station, parameter: string, otherwise: number): number =>
  station.parameters.find((p) => p.parameter === parameter)?.cadence ?? otherwise;

/**
 * The verdict of an hour or a day from its readings. `window.start` decides which limits are in force. With
 * `judging.flowWeighted` the means of a day are weighted by the station's flow; pH is not, and the water's temperature,
 * by which the limit of NH₃-N is chosen, is (GB 18918-2002 names no rule for a mixed day; design §5).
 */
export function assessWindow(
  site: Site,
  station: Station,
  window: Window & { kind: 'hour' | 'day' },
  readings: ReadingsOf,
): Verdict {
  const judging = site.judging.get(station.medium)!;
  const flow = judging.flowWeighted && window.kind === 'day' ? readings('flow') : null;
  const mean = (parameter: string, direction: Direction): Statistic =>
    windowMean(
      readings(parameter),
      window,
      partsOf(window, cadenceOf(station, parameter, 60), judging),
      averagingOf(parameter, judging),
      direction,
      parameter === 'ph' || flow === null || flow.length === 0 ? null : flow,
    );
  const temperature = mean('temp', 'other').mean;
  const classes = classLimits(site, station, localDate(window.start, site.calendar));
  const { items, missing, unlimited } = named(site, station, window.kind, window);
  const judged = items.flatMap((item): Item[] => {
    const { running, plain } = split(item);
    const found: Item[] = [];
    if (plain.limits.length > 0) {
      const upper = mean(item.parameter, 'upper');
      // Without an over-range reading in it, it is the same mean for every limit.
      const other = upper.atLeast ? mean(item.parameter, 'other') : upper;
      const kind = window.kind === 'hour' ? 'hour-mean' : upper.weighted ? 'flow-weighted-day-mean' : 'day-mean';
      found.push(itemOf(plain, kind, upper, other, classes, temperature));
    }
    if (running.limits.length > 0) {
      const largest = maxRunningMean(readings(item.parameter), window);
      found.push(itemOf(running, 'max-8-hour', largest, largest, classes, temperature));
    }
    return found;
  });
  return judge(station.id, window, judged, missing, unlimited);
}

/** The item with the limits of running means, and with all others. */
function split(item: NamedItem): { running: NamedItem; plain: NamedItem } {
  const isRunning = (limit: NamedItem['limits'][number]): boolean => limit.averaging === RUNNING_MAX;
  return {
    running: { ...item, limits: item.limits.filter(isRunning) },
    plain: { ...item, limits: item.limits.filter((limit) => !isRunning(limit)) },
  };
}

/** The verdict of one laboratory sample over all its tested items that have a limit: it passes only if every one passes. */
export function assessSample(site: Site, station: Station, time: number, readings: readonly JudgedReading[]): Verdict {
  const window: Window = { kind: 'sample', start: time, end: time };
  const one: Window = { kind: 'sample', start: time, end: time + 1 };
  const temperature = readings.find((r) => r.parameter === 'temp' && validity(r) === 'counts')?.value ?? null;
  const items = readings.flatMap((reading): Item[] => {
    const { parameter } = reading;
    const { limits } = limitsIn(site, station, parameter, 'sample', one);
    if (limits.length === 0) return [];
    const statistic = (direction: Direction): Statistic =>
      windowMean([reading], one, { count: 1, needed: 1 }, 'arithmetic', direction);
    const item = { parameter, name: nameOf(site, parameter), limits, doubt: null, uncounted: null };
    return [
      itemOf(item, 'sample', statistic('upper'), statistic('other'), [], temperature === null ? null : new Big(temperature)),
    ];
  });
  return judge(station.id, window, items, [], items.length === 0 ? '缺限值' : null);
}
