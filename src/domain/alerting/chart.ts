/** What does the picture in a mail show? */
import type { Instant } from '../time.js';

/** One value of a course. */
export interface Point {
  readonly time: Instant;
  readonly value: number;
}

/** A course of values, and limit lines. Figures only, words stand in the text: a server may have no Chinese font. */
export interface Chart {
  /** Oldest first. */
  readonly points: readonly Point[];
  readonly limits: readonly number[];
  readonly from: Instant;
  readonly to: Instant;
  /** Decimals of the figures. */
  readonly decimals: number;
  /** Minutes east of UTC of the clock under the course. */
  readonly offsetMinutes: number;
}

/** The name by which the HTML of a mail shows its one picture (`cid:`, RFC 2392), so the name of `Mail.pictures` too. */
export const CHART_CID = 'course@heqing';
