/** What is left: how bad may the rest of a month be, and how many windows may still fail? */
import Big from 'big.js';
import { limitText } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import { evaluate } from './evaluate.js';
import { type Averaging, meanOf } from './statistic.js';
import type { Finding } from './verdict.js';

/** Roundings of big.js: cut, and up. */
const CUT = 0;
const UP = 3;

/** Digits of a pH, and of what has no decimals of its own. */
const DIGITS = 2;

/** What the mean of the days that remain may be, in the unit of the limit. */
export interface MeanLeft {
  /** At least this, and at most this; `null` on a side that cannot be failed any more, or has no limit. */
  readonly low: string | null;
  readonly high: string | null;
  /** False: whatever the remaining days bring, the mean of the whole misses the limit. */
  readonly possible: boolean;
  /** Why there is no number, or what it means that there is none; else `null`. */
  readonly reason: string | null;
}

/** How close an item is to its limit. */
export interface Closeness {
  /** Share of the limit that is used up, percent, cut to one decimal; above 100: beyond it. */
  readonly used: number;
}

const digitsOf = (limit: Limit): number =>
  limit.decimals ?? Math.max(DIGITS, (limit.high ?? limit.low)?.split('.')[1]?.length ?? 0);

/** How far beyond its limit a mean may lie that is rounded before it is compared: half a digit. */
const forgiven = ({ comparison, decimals }: Limit): Big =>
  comparison === 'rounded' && decimals !== null ? new Big(5).div(new Big(10).pow(decimals + 1)) : new Big(0);

const isOver = (mean: Big, limit: Limit): boolean => evaluate(mean, limit, 'mean').outcome === 'over';

/** Mean of the rest, so that the mean of all is `bound`: (bound × all − mean × done) ÷ left. */
const rest = (bound: Big, mean: Big, done: number, left: number): Big =>
  bound
    .times(done + left)
    .minus(mean.times(done))
    .div(left);

/**
 * The mean which the remaining `left` days may have so that the mean over `done` days and them meets the limit:
 * (1.0 × 30 − 0.71 × 22) ÷ 8 = 1.79, cut towards the safe side, not rounded. For a lower limit it is the mean they must
 * reach. pH counts by its own averaging: by H⁺ both sides are worked out in concentrations. Days without enough data are
 * in neither number. What rounding forgives is counted on only where nothing else is left: a month is not lost that closes
 * at 1.0031, which is 1.00.
 */
export function meanLeft(limit: Limit, averaging: Averaging, mean: Big, done: number, left: number): MeanLeft {
  if (left <= 0) return { low: null, high: null, possible: !isOver(mean, limit), reason: '余下各日均不参评' };
  const digits = digitsOf(limit);
  const lost = (bound: string): MeanLeft => ({
    low: null,
    high: null,
    possible: false,
    reason: `余下各日无论多少,均值都${bound}`,
  });
  if (averaging === 'hydrogen-ion') return hydrogenLeft(limit, mean, done, left, digits);
  const high = limit.high === null ? null : mostLeft(new Big(limit.high), limit, mean, done, left);
  const low = limit.low === null ? null : rest(new Big(limit.low), mean, done, left);
  if (high === 'lost') return lost(`超过限值 ${limitText(limit)}`);
  const sure = low !== null && low.lte(0) && high === null;
  return {
    low: low === null || low.lte(0) ? null : low.round(digits, UP).toFixed(digits),
    high: high === null ? null : high.round(digits, CUT).toFixed(digits),
    possible: true,
    reason: sure ? '余下各日已不影响达标' : null,
  };
}

/** What the days that remain may have under an upper bound, also with what rounding forgives where the bound alone leaves nothing. */
function mostLeft(bound: Big, limit: Limit, mean: Big, done: number, left: number): Big | 'lost' {
  const most = rest(bound, mean, done, left);
  if (most.gte(0)) return most;
  const rounded = bound.plus(forgiven(limit));
  const last = rest(rounded, mean, done, left);
  return last.lt(0) || (last.eq(0) && isOver(rounded, limit)) ? 'lost' : last;
}

/** The same for a range of pH whose mean is that of H⁺: the lower bound of pH is the upper one of the concentration. */
function hydrogenLeft(limit: Limit, mean: Big, done: number, left: number, digits: number): MeanLeft {
  const ions = (ph: number): number => 10 ** -ph;
  const over = (bound: string | Big): number => (ions(Number(bound)) * (done + left) - ions(Number(mean)) * done) / left;
  const text = limit.low === null ? null : over(limit.low);
  const most = text === null || text > 0 ? text : over(new Big(limit.low!).minus(forgiven(limit)));
  const least = limit.high === null ? null : over(limit.high);
  if (most !== null && most <= 0) {
    return { low: null, high: null, possible: false, reason: `余下各日无论多少,均值都超出限值 ${limitText(limit)}` };
  }
  // Twelve digits are more than a logarithm of doubles is good for, and few enough to hide its last ones.
  const ph = (concentration: number): Big => new Big((-Math.log10(concentration)).toFixed(12));
  return {
    low: most === null ? null : ph(most).round(digits, UP).toFixed(digits),
    high: least === null || least <= 0 ? null : ph(least).round(digits, CUT).toFixed(digits),
    possible: true,
    reason: null,
  };
}

/**
 * How much of its limit a mean uses up: mean ÷ limit for an upper limit, limit ÷ mean for a lower one, and for a range the
 * distance from its middle ÷ half its width. `null` where that cannot be told (a limit or a mean of zero).
 */
export function closeness(mean: Big, limit: Limit): Closeness | null {
  const share = used(mean, limit);
  return share === null ? null : { used: share.times(100).round(1, CUT).toNumber() };
}

/** The same of a mean as a finding has it: percent, or `null`. */
export function usedBy(mean: string, limit: Limit): number | null {
  return closeness(new Big(mean), limit)?.used ?? null;
}

/** An item of a running month: its mean so far, of so many valid days, and what the days that remain may have. */
export interface ItemSoFar extends MeanLeft {
  readonly mean: number;
  readonly days: number;
  /** As in `Closeness`; `null` where it cannot be told. */
  readonly used: number | null;
}

/** An item from its findings of the days so far, of which those with enough data count; `null` before the first. */
export function soFar(days: readonly Finding[], limit: Limit, averaging: Averaging, left: number): ItemSoFar | null {
  const means = days.flatMap((f) => (f.enough && f.mean !== null ? [new Big(f.mean)] : []));
  const mean = meanOf(means, averaging);
  if (mean === null) return null;
  return {
    mean: Number(mean.round(6).toString()),
    days: means.length,
    used: closeness(mean, limit)?.used ?? null,
    ...meanLeft(limit, averaging, mean, means.length, left),
  };
}

function used(mean: Big, { operator, low, high }: Limit): Big | null {
  switch (operator) {
    case '<=':
      return new Big(high!).eq(0) ? null : mean.div(high!);
    case '>=':
      return mean.lte(0) ? null : new Big(low!).div(mean);
    case 'between': {
      const half = new Big(high!).minus(low!).div(2);
      return half.eq(0) ? null : mean.minus(half.plus(low!)).abs().div(half);
    }
  }
}

/**
 * How many of the windows to come may still fail without losing the goal: of `whole` windows that will have been judged,
 * `exceeded` have failed. 0 when none may; `null` for an indicator, and once the goal is lost.
 */
export function mayFail(goal: number | null, whole: number, exceeded: number): number | null {
  if (goal === null) return null;
  const left = new Big(100).minus(goal).times(whole).div(100).round(0, CUT).minus(exceeded).toNumber();
  return left < 0 ? null : left;
}
