/** Which residuals were low last night, while nobody drew water and nobody was woken? For the 晨报. */
import type { Instant } from '../../time.js';

/** One night of one series under its lower limit. */
export interface NightLow {
  readonly lowest: number;
  /** When the lowest was measured. */
  readonly at: Instant;
  /** First and last value under the limit. */
  readonly from: Instant;
  readonly to: Instant;
  /** Values under it, and all of the night. */
  readonly low: number;
  readonly of: number;
}

/**
 * What the valid readings of a series, in order of time, say of the night: `isDrawn` tells at which times people draw water
 * (those were told at once). `null`: none was under `limit`, in the parameter's unit.
 */
export function nightLow(
  readings: readonly { readonly time: Instant; readonly value: number }[],
  limit: number,
  isDrawn: (time: Instant) => boolean,
): NightLow | null {
  const night = readings.filter(({ time }) => !isDrawn(time));
  const low = night.filter(({ value }) => value < limit);
  const [first, last] = [low[0], low.at(-1)];
  if (first === undefined || last === undefined) return null;
  const lowest = low.reduce((a, b) => (b.value < a.value ? b : a));
  return { lowest: lowest.value, at: lowest.time, from: first.time, to: last.time, low: low.length, of: night.length };
}
