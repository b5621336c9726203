/** Which series does the rule "over the limit" look at, and what may it ask about it? */
import type { Moment } from '../../compliance/evaluate.js';
import type { Parameter } from '../../parameter.js';
import { HOUR, type Instant, MINUTE } from '../../time.js';
import type { LimitShape } from '../rules.js';

/** A value older than this (and than two cadences) changes verdicts but opens nothing. */
const STALE = 6 * HOUR;

/** What doubt there is about a value that would open or raise an alert: none, a spike that waits for the next value, or it does not count. */
export type Doubt = 'none' | 'spike' | 'wrong';

/** A series under one shape, and what the rule may ask about it. Asked only when the answer matters. */
export interface LimitSeries {
  readonly shape: LimitShape;
  readonly parameter: Pick<Parameter, 'decimals' | 'unit'>;
  /** Minutes between two due values. */
  readonly cadence: number;
  /** Holds another number than a single value (a mean) against the limits of that time. */
  hold(this: void, value: number, time: Instant): Moment | null;
  /** Holds a value against the limits that a class of the station's own text sets; `null`: there are none. */
  holdClass(this: void, value: number, time: Instant, riverClass: string): Moment | null;
  /** The flow at that time; `null`: not measured. */
  flow(this: void, time: Instant): number | null;
  /** Is it a time of day at which people draw water (06–22)? */
  isDay(this: void, time: Instant): boolean;
  doubt(this: void, time: Instant): Doubt;
}

/** Too old to open an alert or to raise one? `cadence` in minutes. */
export const isStale = (time: Instant, now: Instant, cadence: number): boolean =>
  now - time > Math.max(STALE, 2 * cadence * MINUTE);
