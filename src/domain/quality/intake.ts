/** What can be said of a reading without its neighbours? */
import type { Parameter } from '../parameter.js';
import type { Mark, Quality, Ruling, Source } from '../reading.js';

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

/**
 * Does a reading count, and if not, why? `upper`: it counts for upper limits only (over range: the true value is higher).
 * Left out by the device's `mark`, by our `quality`, or by people: a `maintenance` record or a `review` decision.
 */
export type Validity = 'counts' | 'upper' | 'mark' | 'quality' | 'maintenance' | 'review';

/**
 * Effective validity (design §2, §5). The newest review decision wins over all else, then maintenance, then the mark,
 * then quality: mark `N`, or `S` for laboratory samples, with a quality other than `fail` counts; `T` counts for upper
 * limits, also when it is restored, because nobody knows its true value. A doubt (`suspect`) stands in place of our
 * quality alone: it brings nothing in that the device itself left out. Everything else stays stored and is shown as
 * excluded.
 */
export function validity(reading: { mark: Mark; quality: Quality; source: Source; ruling?: Ruling }): Validity {
  const { mark, ruling } = reading;
  if (ruling === 'invalid') return 'review';
  if (ruling === 'maintenance') return 'maintenance';
  if (mark === 'T') return 'upper';
  if (ruling === 'restored') return 'counts';
  if (mark !== 'N' && !(mark === 'S' && reading.source === 'lab')) return 'mark';
  return reading.quality === 'fail' && ruling !== 'suspect' ? 'quality' : 'counts';
}

/**
 * Does a reading go into the steps of a chart? Those show what was measured, so a quality other than `fail` and a mark `N`,
 * `S` or `T` are enough; what people decided stands as in `validity`.
 */
export function isCharted({ mark, quality, ruling }: { mark: Mark; quality: Quality; ruling?: Ruling | undefined }): boolean {
  if (ruling === 'invalid' || ruling === 'maintenance') return false;
  if (ruling === 'restored') return true;
  return (mark === 'N' || mark === 'S' || mark === 'T') && (quality !== 'fail' || ruling === 'suspect');
}

/** True for readings that people left out: 人工剔除, as a rate prints them. */
export function isSetAside(validity: Validity): boolean {
  return validity === 'maintenance' || validity === 'review';
}
