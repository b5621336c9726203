/** Does a measurement stand out from those before and after it? */
import type { Finding, SpikeCheck } from './checks.js';

/** A measurement among its neighbours in measured time; `null`: there is none, or a gap lies between. */
export interface Around {
  /** The one before `before`. */
  readonly earlier: Measurement | null;
  readonly before: Measurement | null;
  readonly it: Measurement;
  readonly after: Measurement | null;
}

/** One measurement: when it was first reported, and its value. */
export interface Measurement {
  readonly time: number;
  readonly value: number;
}

/** Does the value jump from one measurement to the other by more than the check allows? */
export function jumps(from: Measurement, to: Measurement, { step, factor }: SpikeCheck): boolean {
  const lower = Math.min(Math.abs(from.value), Math.abs(to.value));
  return Math.abs(to.value - from.value) > Math.max(step, factor * lower);
}

/** Did the value jump to `it` and back again to where it was? */
export function isRefuted(before: Measurement, it: Measurement, after: Measurement, check: SpikeCheck): boolean {
  const sameWay = it.value > before.value === it.value > after.value;
  return sameWay && jumps(before, it, check) && jumps(it, after, check) && !jumps(before, after, check);
}

/**
 * Spike (QARTOD test 6, with one measurement more to decide): `suspect` while nothing came after a jump, `pass` once the
 * next measurement stays (or is on its way back, as after a real wave), `fail` once the next one is back where the one
 * before was. Coming back from a refuted spike is no jump. Across a gap nothing is confirmed and nothing refuted.
 */
export function spike({ earlier, before, it, after }: Around, check: SpikeCheck): Finding {
  if (before === null || !jumps(before, it, check)) return 'pass';
  if (after !== null) return isRefuted(before, it, after, check) ? 'fail' : 'pass';
  return earlier !== null && isRefuted(earlier, before, it, check) ? 'pass' : 'suspect';
}
