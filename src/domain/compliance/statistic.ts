/** What is the mean of a window, and is there enough behind it? */
import Big from 'big.js';
import { isSetAside, type Validity, validity } from '../quality/intake.js';
import type { JudgedReading } from '../reading.js';
import { DAY, HOUR, MINUTE, type Window } from '../time.js';
import type { Judging } from '../site.js';

/** Decimals a mean carries before it is rounded for comparison; the means it is made of carry more, so that it is exact to all of them. */
const DIGITS = 20;

/** A decimal of its own settings, so that nobody else's are changed. */
const Exact = Big();
Exact.DP = DIGITS + 15;

/** How a window is cut into parts, and how many must hold a valid reading. */
export interface Parts {
  readonly count: number;
  readonly needed: number;
}

/** Why a reading is left out. */
export type Exclusion = Exclude<Validity, 'counts' | 'upper'>;

/** How many readings were left out, by why; reasons that struck none are absent. */
export type Excluded = Readonly<Partial<Record<Exclusion, number>>>;

/** A figure of a window (its mean, unless it says otherwise) and what it is made of. */
export interface Statistic {
  /** Mean of the means of the filled parts; `null` when none is filled. */
  readonly mean: Big | null;
  /** Readings that count, and all readings. */
  readonly valid: number;
  readonly total: number;
  /** Parts that hold a valid reading, of how many. */
  readonly filled: number;
  readonly due: number;
  readonly enough: boolean;
  /** An over-range reading (mark T) is in the mean: the true mean is at least this. */
  readonly atLeast: boolean;
  /** The parts were weighted by flow. */
  readonly weighted: boolean;
  /** The highest detection limit among the non-detects in the mean, each of which counts as half of its own; `null` without any. */
  readonly detection: string | null;
  /** Too little to acquit is still enough to condemn (O₃, HJ 663-2013). */
  readonly condemns: boolean;
  /** Readings left out. */
  readonly excluded: Excluded;
  /** The values that people left out (人工剔除), so that a limit can tell how many of them were over it. */
  readonly setAside: readonly number[];
}

/** A statistic of nothing, to be filled in. */
const EMPTY = {
  mean: null,
  valid: 0,
  total: 0,
  atLeast: false,
  weighted: false,
  detection: null,
  condemns: false,
  excluded: {},
  setAside: [],
} as const;

/**
 * The parts of a window for an item measured every `cadence` minutes. A day is cut into the medium's slots (surface
 * water: six, of which four must be filled, whatever the cadence); an analyser slower than a slot is held to its share
 * of due values (sewage, design §5). Other windows are cut by the cadence.
 */
export function partsOf(window: Window, cadence: number, judging: Judging): Parts {
  const length = window.end - window.start;
  const slot = DAY / judging.slotsPerDay;
  if (window.kind === 'day' && cadence * MINUTE <= slot) return { count: judging.slotsPerDay, needed: judging.slotsNeeded };
  const count = Math.max(1, Math.round(length / (cadence * MINUTE)));
  return { count, needed: shareOf(count, judging.shareNeeded) };
}

/** The whole number of parts that a share of `count` needs, rounded up. */
export const shareOf = (count: number, share: number): number => Math.ceil(new Big(count).times(share).toNumber());

/** How values are averaged: as they are, or pH by the mean of H⁺. */
export type Averaging = 'arithmetic' | 'hydrogen-ion';

/** What a mean is for: an over-range reading (T) counts only towards an upper limit. */
export type Direction = 'upper' | 'other';

/** The readings of a window that count, by part, and what was left out. */
interface Sorted extends Pick<Statistic, 'valid' | 'total' | 'atLeast' | 'detection' | 'excluded' | 'setAside'> {
  readonly slots: ReadonlyMap<number, Mean>;
}

function sort(
  readings: readonly JudgedReading[],
  window: Window,
  count: number,
  averaging: Averaging,
  direction: Direction,
): Sorted {
  const excluded: Partial<Record<Exclusion, number>> = {};
  const setAside: number[] = [];
  const slots = new Map<number, Mean>();
  const seen = new Set<number>();
  const partLength = (window.end - window.start) / count;
  let valid = 0;
  let atLeast = false;
  let detection: number | null = null;
  for (const reading of [...readings].sort((a, b) => a.time - b.time)) {
    const found = validity(reading);
    if (found !== 'counts' && !(found === 'upper' && direction === 'upper')) {
      const why = found === 'upper' ? 'mark' : found;
      excluded[why] = (excluded[why] ?? 0) + 1;
      if (isSetAside(found)) setAside.push(reading.value);
      continue;
    }
    if (reading.sampled !== undefined) {
      if (seen.has(reading.sampled)) continue;
      seen.add(reading.sampled);
    }
    valid++;
    atLeast ||= found === 'upper';
    if (reading.detection !== undefined) detection = Math.max(detection ?? 0, reading.detection);
    const slot = Math.floor((reading.time - window.start) / partLength);
    const mean = slots.get(slot) ?? new Mean(averaging);
    mean.add(reading.value);
    slots.set(slot, mean);
  }
  return { slots, valid, total: readings.length, atLeast, detection: detection?.toString() ?? null, excluded, setAside };
}

/**
 * The mean of the readings of one item in a window: every part's mean first, then the mean of the parts (GB 3838 day by
 * slots; design §5). Readings that repeat a `sampled` instant are one measurement. With `flow` (L/s, readings of the same
 * window) the parts are weighted by it, Σ(c·q) ÷ Σq, over the parts that have both (HJ 356-2019), as long as these alone
 * are enough and water flowed; else they weigh the same. Order of the readings does not matter.
 */
export function windowMean(
  readings: readonly JudgedReading[],
  window: Window,
  parts: Parts,
  averaging: Averaging,
  direction: Direction,
  flow: readonly JudgedReading[] | null = null,
): Statistic {
  const { slots, ...sorted } = sort(readings, window, parts.count, averaging, direction);
  const weighted = flow === null ? null : byFlow(slots, sort(flow, window, parts.count, 'arithmetic', 'other').slots, parts);
  const whole = new Mean(averaging);
  for (const slot of slots.values()) whole.addMean(slot);
  return {
    ...EMPTY,
    ...sorted,
    mean: weighted ?? whole.value(),
    weighted: weighted !== null,
    filled: slots.size,
    due: parts.count,
    enough: slots.size >= parts.needed,
  };
}

/** Σ(c·q) ÷ Σq over the parts that have both; `null` when they are too few or nothing flowed. */
function byFlow(slots: ReadonlyMap<number, Mean>, flows: ReadonlyMap<number, Mean>, parts: Parts): Big | null {
  let load: Big = new Exact(0);
  let water: Big = new Exact(0);
  let both = 0;
  for (const [slot, mean] of slots) {
    const q = flows.get(slot)?.exact();
    if (q === undefined || q.lt(0)) continue;
    both++;
    load = load.plus(mean.exact().times(q));
    water = water.plus(q);
  }
  return both < parts.needed || water.lte(0) ? null : load.div(water).round(DIGITS);
}

/** Hours of a running mean, how many of them it needs, and how many of the 17 running means of a day that day needs (GB 3095-2012 table 4, HJ 663-2013). */
const RUNNING = { hours: 8, hoursNeeded: 6, needed: 14 } as const;

/**
 * The largest 8-hour running mean of a day (O₃): of the hours' means, each mean over 8 hours that lie in the day and of
 * which 6 are valid. 14 of the 17 are needed, but a day over its limit counts with fewer. `filled` and `due` count
 * running means.
 */
export function maxRunningMean(readings: readonly JudgedReading[], day: Window): Statistic {
  const hours = Math.round((day.end - day.start) / HOUR);
  const { slots, ...sorted } = sort(readings, day, hours, 'arithmetic', 'upper');
  let largest: Big | null = null;
  let filled = 0;
  for (let first = 0; first + RUNNING.hours <= hours; first++) {
    const running = new Mean('arithmetic');
    for (let hour = first; hour < first + RUNNING.hours; hour++) {
      const mean = slots.get(hour);
      if (mean) running.addMean(mean);
    }
    if (running.size < RUNNING.hoursNeeded) continue;
    filled++;
    const value = running.value()!;
    if (largest === null || value.gt(largest)) largest = value;
  }
  const due = hours - RUNNING.hours + 1;
  return { ...EMPTY, ...sorted, mean: largest, filled, due, enough: filled >= RUNNING.needed, condemns: true };
}

/**
 * The p-th percentile (HJ 663-2013 annex A): of n values in ascending order the one at place k = 1 + (n − 1)·p %, between
 * two places in proportion. `null` of none. The order does not matter.
 */
export function percentile(values: readonly Big[], p: number): Big | null {
  const sorted = [...values].sort((a, b) => a.cmp(b));
  const place = new Exact(sorted.length - 1).times(p).div(100);
  const below = Math.floor(place.toNumber());
  const low = sorted[below];
  if (low === undefined) return null;
  const high = sorted[below + 1] ?? low;
  return new Exact(low).plus(new Exact(high).minus(low).times(place.minus(below))).round(DIGITS);
}

/** The mean of means that were computed before, e.g. of a month's valid days. `null` for none. */
export function meanOf(means: readonly Big[], averaging: Averaging): Big | null {
  const whole = new Mean(averaging);
  for (const mean of means) whole.add(mean.toString());
  return whole.value();
}

/** A running mean, exact in decimals; for H⁺, whose logarithm has no exact decimals, to twelve. */
class Mean {
  private sum: Big = new Exact(0);
  private ions = 0;
  private n = 0;

  constructor(private readonly averaging: Averaging) {}

  /** How many values it is made of. */
  get size(): number {
    return this.n;
  }

  add(value: number | string): void {
    this.n++;
    if (this.averaging === 'arithmetic') this.sum = this.sum.plus(value);
    else this.ions += 10 ** -Number(value);
  }

  addMean(other: Mean): void {
    this.n++;
    if (this.averaging === 'arithmetic') this.sum = this.sum.plus(other.exact());
    else this.ions += other.ions / other.n;
  }

  /** Of at least one value; with the digits that a mean of such means needs. */
  exact(): Big {
    if (this.averaging === 'arithmetic') return this.n === 1 ? this.sum : this.sum.div(this.n);
    return new Exact((-Math.log10(this.ions / this.n)).toFixed(12));
  }

  value(): Big | null {
    return this.n === 0 ? null : this.exact().round(DIGITS);
  }
}
