/** What is the mean of a window, and is there enough behind it? */
import Big from 'big.js';
import { validity } from '../quality/intake.js';
import type { JudgedReading } from '../reading.js';
import { DAY, MINUTE, type Window } from '../time.js';
import type { Judging } from '../site.js';

/** Digits a mean carries before it is rounded for comparison. */
const DIGITS = 20;

/** How a window is cut into parts, and how many must hold a valid reading. */
export interface Parts {
  readonly count: number;
  readonly needed: number;
}

/** The mean of a window and what it is made of. */
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
  /** Readings left out, by why. */
  readonly excluded: { readonly mark: number; readonly quality: number };
}

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
  return { count, needed: Math.ceil(new Big(count).times(judging.shareNeeded).toNumber()) };
}

/** How values are averaged: as they are, or pH by the mean of H⁺. */
export type Averaging = 'arithmetic' | 'hydrogen-ion';

/**
 * The mean of the readings of one item in a window: every part's mean first, then the mean of the parts (GB 3838 day by
 * slots; design §5). Readings that repeat a `sampled` instant are one measurement. `direction` says what the mean is for:
 * an over-range reading (T) counts only towards an upper limit. Order of the readings does not matter.
 */
export function windowMean(
  readings: readonly JudgedReading[],
  window: Window,
  parts: Parts,
  averaging: Averaging,
  direction: 'upper' | 'other',
): Statistic {
  const excluded = { mark: 0, quality: 0 };
  const slots = new Map<number, Mean>();
  const seen = new Set<number>();
  const partLength = (window.end - window.start) / parts.count;
  let valid = 0;
  let atLeast = false;
  const inOrder = [...readings].sort((a, b) => a.time - b.time);
  for (const reading of inOrder) {
    const validity_ = validity(reading);
    if (validity_ === 'quality') excluded.quality++;
    if (validity_ === 'mark' || (validity_ === 'upper' && direction === 'other')) excluded.mark++;
    if (validity_ !== 'counts' && !(validity_ === 'upper' && direction === 'upper')) continue;
    if (reading.sampled !== undefined) {
      if (seen.has(reading.sampled)) continue;
      seen.add(reading.sampled);
    }
    valid++;
    atLeast ||= validity_ === 'upper';
    const slot = Math.floor((reading.time - window.start) / partLength);
    const mean = slots.get(slot) ?? new Mean(averaging);
    mean.add(reading.value);
    slots.set(slot, mean);
  }
  const whole = new Mean(averaging);
  for (const slot of slots.values()) whole.addMean(slot);
  return {
    mean: whole.value(),
    valid,
    total: readings.length,
    filled: slots.size,
    due: parts.count,
    enough: slots.size >= parts.needed,
    atLeast,
    excluded,
  };
}

/** The mean of means that were computed before, e.g. of a month's valid days. `null` for none. */
export function meanOf(means: readonly Big[], averaging: Averaging): Big | null {
  const whole = new Mean(averaging);
  for (const mean of means) whole.add(mean.toString());
  return whole.value();
}

/** A running mean, exact in decimals; for H⁺, whose logarithm has no exact decimals, to twelve. */
class Mean {
  private sum = new Big(0);
  private ions = 0;
  private n = 0;

  constructor(private readonly averaging: Averaging) {}

  add(value: number | string): void {
    this.n++;
    if (this.averaging === 'arithmetic') this.sum = this.sum.plus(value);
    else this.ions += 10 ** -Number(value);
  }

  addMean(other: Mean): void {
    this.n++;
    if (this.averaging === 'arithmetic') this.sum = this.sum.plus(other.value()!);
    else this.ions += other.ions / other.n;
  }

  value(): Big | null {
    if (this.n === 0) return null;
    if (this.averaging === 'hydrogen-ion') return new Big((-Math.log10(this.ions / this.n)).toFixed(12));
    Exact.DP = DIGITS;
    return new Exact(this.sum).div(this.n);
  }
}

/** A decimal of its own settings, so that nobody else's are changed. */
const Exact = Big();
