/** What do the checks say about a stretch of a series, and how far does what changed in it reach? */
import type { Instant } from '../time.js';
import type { Checks } from './checks.js';
import { Course, type Point, type SeriesFindings } from './course.js';

/** Measurements after a change from which on only a flat line can still depend on it. */
const AFTER = 4;

/** A stretch of a series, judged. */
export interface Stretch {
  /** What is found at each point. */
  readonly found: readonly SeriesFindings[];
  /** First point whose findings do not depend on what came before the stretch; `found.length`: none. */
  readonly warm: number;
  /** First point of a measurement at or before the one before the change, and first point after the change that does not depend on it; `found.length`: none. */
  readonly first: number;
  readonly past: number;
  /** Has followed all points. */
  readonly course: Course;
}

/**
 * Follows the points of a series (in order of time, those that say something about the water) in which something changed
 * in `[from, to]`: a reading came, went, or has another value.
 */
export function follow(points: readonly Point[], checks: Checks, from: Instant, to: Instant): Stretch {
  const course = new Course(checks);
  const found: SeriesFindings[] = [];
  let [warm, first, past] = [points.length, 0, points.length];
  // Points of the newest measurement begin at `group`, those of the one before it at `last`.
  let [group, last, after, changedBy] = [0, 0, 0, Number.NaN];
  points.forEach((point, i) => {
    const before = course.time;
    course.add(point);
    if (course.time !== before) {
      [last, group] = [group, i];
      for (let k = last; k < group; k++) found[k] = course.previous?.found ?? found[k]!;
      if (point.time <= from) first = last;
      if (point.time > to && ++after === 1) changedBy = point.time;
      if (past === points.length && after >= AFTER && course.stillSince > changedBy) past = i;
    }
    found.push(course.found);
    if (warm === points.length && course.isWarm) warm = i;
  });
  return { found, warm, first, past, course };
}

/** Every finding of a whole series: nothing came before it. */
export function findings(points: readonly Point[], checks: Checks): readonly SeriesFindings[] {
  return follow(points, checks, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).found;
}
