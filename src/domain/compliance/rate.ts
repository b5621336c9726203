/** What is the compliance rate, and may it be printed? */
import Big from 'big.js';

export type RateStatus = 'met' | 'behind' | 'missed' | 'insufficient';

/** The windows of a target and period, counted. */
export interface Tally {
  readonly met: number;
  readonly exceeded: number;
  readonly undetermined: number;
  /** Windows of the basis that ended, less the excused ones. */
  readonly due: number;
  /** Windows the whole period will have had; never fewer than `due`. */
  readonly wholePeriod: number;
  /** A whole month since the beginning has no judged window. */
  readonly emptyMonth: boolean;
}

/** What is asked of it. */
export interface Goal {
  /** Percent; `null` for an indicator. */
  readonly goal: number | null;
  readonly minCapture: number;
  /** Without a sampling plan nothing is due but what came: capture is unknown and no month is asked for. */
  readonly planless: boolean;
}

/** A rate with its division, never without. Percent, cut to two decimals. */
export interface Rate {
  readonly rate: number | null;
  readonly capture: number | null;
  readonly status: RateStatus | null;
}

/** A share in percent, cut, never rounded, to two decimals: 99.999 is 99.99. `null` of nothing. Integers only. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 10000) / whole) / 100;
}

/** Is a share at least the goal, percent? In decimals: 98.4 % of 2625 is 2583, and a hair more in doubles. */
const reaches = (part: number, whole: number, goal: number): boolean => new Big(goal).times(whole).lte(part * 100);

/**
 * The compliance rate: met ÷ (met + exceeded). `missed` as soon as exceeded windows make the goal unreachable, whatever
 * the capture; else `insufficient` while too little was judged, and a rate that would be 100 is then `null`; else `met`
 * or `behind` (contract §4, Rates). An indicator knows only `insufficient` or nothing.
 */
export function rate(tally: Tally, goal: Goal): Rate {
  const judged = tally.met + tally.exceeded;
  const share = percent(tally.met, judged);
  const capture = goal.planless ? null : percent(judged, tally.due);
  const short = judged === 0 || (!goal.planless && ((capture ?? 0) < goal.minCapture || tally.emptyMonth));
  const printed = short && share === 100 ? null : share;
  if (goal.goal === null) return { rate: printed, capture, status: short ? 'insufficient' : null };
  const whole = Math.max(tally.wholePeriod, judged);
  if (!reaches(whole - tally.exceeded, whole, goal.goal)) return { rate: printed, capture, status: 'missed' };
  if (short) return { rate: printed, capture, status: 'insufficient' };
  return { rate: printed, capture, status: reaches(tally.met, judged, goal.goal) ? 'met' : 'behind' };
}
