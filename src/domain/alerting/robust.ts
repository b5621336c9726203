/** What is the middle, the spread and the trend of values among which some are wrong? */
import type { Instant } from '../time.js';

/** One measurement: when the water was taken and what was found, in the parameter's unit. */
export interface Measurement {
  readonly time: Instant;
  readonly value: number;
}

/** The middle value, of an even number the mean of the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The spread as a standard deviation, by the median of absolute deviations (× 1.4826, as of normal values); `NaN` of none. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

/** A Theil–Sen trend, per millisecond, with the range in which it lies two times out of three. */
export interface Trend {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** Is the sign beyond chance (Mann–Kendall, one-sided, 1 %)? */
  readonly isSignificant: boolean;
}

/** Smallest |S| of Mann–Kendall with a one-sided probability of 1 % or less, for 5 to 10 values (Kendall 1970, table 1). */
const KENDALL: Readonly<Record<number, number>> = { 5: 10, 6: 13, 7: 17, 8: 20, 9: 24, 10: 27 };

/** One-sided 1 % of the normal distribution. */
const Z = 2.326;

/**
 * The median of all pairwise slopes (Sen 1968), its range by Kendall's variance (one standard deviation), and whether the
 * signs agree beyond chance. `null` of fewer than five values, or of values all taken at one time.
 */
export function theilSen(values: readonly Measurement[]): Trend | null {
  const n = values.length;
  if (n < 5) return null;
  const slopes: number[] = [];
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [values[i]!, values[j]!];
      s += Math.sign(b.value - a.value) * Math.sign(b.time - a.time);
      if (a.time !== b.time) slopes.push((b.value - a.value) / (b.time - a.time));
    }
  }
  if (slopes.length === 0) return null;
  slopes.sort((a, b) => a - b);
  const sigma = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))]!;
  const needed = KENDALL[n] ?? Z * sigma + 1;
  return {
    slope: median(slopes),
    low: at((slopes.length - sigma) / 2 - 1),
    high: at((slopes.length + sigma) / 2),
    isSignificant: Math.abs(s) >= needed,
  };
}
