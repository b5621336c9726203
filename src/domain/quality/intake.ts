/** What can be said of a reading without its neighbours? */
import type { Parameter } from '../parameter.js';
import type { Mark, Quality, Source } from '../reading.js';

/**
 * Gross range (QARTOD test 4): `fail` outside what the instrument can report, `good` inside, both ends inclusive. A value
 * that the device itself marks `T` (over range) is real although outside: it stays `good` (design §5).
 */
export function grossRange(value: number, mark: Mark, parameter: Parameter): { quality: Quality; checks: readonly string[] } {
  const [low, high] = parameter.range;
  if (mark === 'T' || (value >= low && value <= high)) return GOOD;
  return OUTSIDE;
}

const GOOD = { quality: 'good', checks: [] } as const;
const OUTSIDE = { quality: 'fail', checks: ['gross-range'] } as const;

/** Does a reading count, and if not, why? `upper`: it counts for upper limits only (over range: the true value is higher). */
export type Validity = 'counts' | 'upper' | 'mark' | 'quality';

/**
 * Effective validity (design §5): mark `N`, or `S` for laboratory samples, with a quality other than `fail` counts; `T`
 * counts for upper limits. Everything else stays stored and is shown as excluded.
 */
export function validity(reading: { mark: Mark; quality: Quality; source: Source }): Validity {
  if (reading.mark === 'T') return 'upper';
  if (reading.mark !== 'N' && !(reading.mark === 'S' && reading.source === 'lab')) return 'mark';
  return reading.quality === 'fail' ? 'quality' : 'counts';
}
