/** Does a series change faster than what it measures can? */
import type { Finding, RateCheck, SpikeCheck } from './checks.js';
import { type Around, isRefuted, jumps } from './spike.js';

/**
 * Rate of change (QARTOD test 7), by time: `suspect` when a measurement differs from the one before by more than
 * `check.change` within `check.within`, or by more than that rate over a longer time; never `fail`. A refuted spike is
 * left out of the comparison. A jump is left to the spike check, whose next measurement can clear it.
 */
export function rateOfChange({ earlier, before, it }: Around, check: RateCheck, spike: SpikeCheck | null): Finding {
  if (before === null) return 'pass';
  const isBack = spike !== null && earlier !== null && isRefuted(earlier, before, it, spike);
  const from = isBack ? earlier : before;
  if (spike !== null && jumps(from, it, spike)) return 'pass';
  const allowed = check.change * Math.max(1, (it.time - from.time) / check.within);
  return Math.abs(it.value - from.value) > allowed ? 'suspect' : 'pass';
}
