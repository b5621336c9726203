/** What is drawn of a series: which values count, which do not and why? */
import type { ReadingsAnswer } from '../adapters/http/contract/contract.js';
import { counts, wallClock } from './format.js';

type Row = ReadingsAnswer['readings'][number];
type RawRow = Extract<Row, { value: number }>;

/** Why a reading does not count: what people decided, the device's mark, or our own quality. */
export type Why =
  | { readonly by: 'ruling'; readonly code: 'maintenance' | 'invalid' }
  | { readonly by: 'mark'; readonly code: RawRow['mark'] }
  | { readonly by: 'quality'; readonly code: RawRow['quality'] };

/** One value, or one step of many. `at`: the site's wall clock as if UTC, ms; nulls where nothing in the step counts. */
export interface Point {
  readonly at: number;
  /** The value, or the mean of what counts. */
  readonly value: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly valid: number;
  readonly total: number;
  /** Of a single value that does not count. */
  readonly why: Why | null;
  /** Of a single value: it counts, and something is to be said of it. */
  readonly remark: Why | null;
}

/** Why a reading does not count; `null` when it does. The same order as the service's: people first, then mark, then quality. */
export function whyExcluded({
  mark,
  quality,
  source,
  ruling,
}: Pick<RawRow, 'mark' | 'quality' | 'source' | 'ruling'>): Why | null {
  if (ruling === 'restored') return null;
  if (ruling === 'maintenance' || ruling === 'invalid') return { by: 'ruling', code: ruling };
  // A doubt of a reviewer stands in place of our own quality.
  if (counts(mark, ruling === 'suspect' ? 'suspect' : quality, source)) return null;
  return mark === 'N' || (mark === 'S' && source === 'lab') ? { by: 'quality', code: quality } : { by: 'mark', code: mark };
}

/** What is to be said of a reading that counts: over the measuring range, or in doubt. */
function remarkOf({ mark, quality }: RawRow): Why | null {
  if (mark === 'T') return { by: 'mark', code: mark };
  return quality === 'good' ? null : { by: 'quality', code: quality };
}

/** Rows of an answer as points, in order of time. */
export function pointsOf(rows: readonly Row[]): Point[] {
  return rows.map((row) => {
    if (!('value' in row)) {
      const { start, mean, min, max, valid, total } = row;
      return { at: wallClock(start), value: mean, min, max, valid, total, why: null, remark: null };
    }
    const why = whyExcluded(row);
    return {
      at: wallClock(row.time),
      value: row.value,
      min: row.value,
      max: row.value,
      valid: why === null ? 1 : 0,
      total: 1,
      why,
      remark: why === null ? remarkOf(row) : null,
    };
  });
}

/**
 * The line: what counts, broken where more than three usual steps are missing or something in between does not count, so
 * that neither silence nor what was left out is drawn as data.
 */
export function lineOf(points: readonly Point[]): (Point | { readonly at: number; readonly value: null })[] {
  const kept = points.filter((p) => p.why === null && p.value !== null);
  const steps = kept.slice(1).map((p, i) => p.at - kept[i]!.at);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const line: (Point | { readonly at: number; readonly value: null })[] = [];
  let last: Point | null = null;
  let broken = false;
  for (const point of points) {
    if (point.why !== null || point.value === null) {
      broken = true;
      continue;
    }
    if (last !== null && (broken || point.at - last.at > 3 * usual)) line.push({ at: point.at - 1, value: null });
    line.push(point);
    last = point;
    broken = false;
  }
  return line;
}
