/** Do the times of a reading fit, and is another one near enough to be compared with? */
import type { Finding } from './checks.js';
import type { Instant } from '../time.js';

/** Clocks of an analyser and its logger may differ by so much, ms. */
const SKEW = 60_000;

/**
 * Timing (QARTOD test 1): `suspect` when the water is said to have been sampled after the value was measured, or longer
 * than `sampleAge` ms before it: an old measurement that is reported again and again.
 */
export function samplingTime(time: Instant, sampled: Instant | undefined, sampleAge: number): Finding {
  if (sampled === undefined) return 'pass';
  return sampled > time + SKEW || time - sampled > sampleAge ? 'suspect' : 'pass';
}

/**
 * Gap (QARTOD test 1): true when nothing can be concluded from one measurement about the next. What is missing between
 * them stands in the receipts; neither of the two is the worse for it.
 */
export function isGap(from: Instant, to: Instant, gap: number): boolean {
  return to - from > gap;
}
