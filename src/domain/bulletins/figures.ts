/** How are figures set in a bulletin: one decimal, rounded half to even (GB/T 8170), and never a 100.0 that is none? */
import Big from 'big.js';
import { CLASS_NAMES, type RiverClass } from '../compliance/class.js';
import type { Decimals, FindingFacts, RateFacts } from './facts.js';

/** Nothing to print. */
export const NONE = '—';

/**
 * A share in percent with one decimal, half to even. A share below one is never printed as 100.0, nor a share above nothing
 * as 0.0: rounding may make a figure coarser, not another statement. `—` of nothing.
 */
export function share(part: number, whole: number): string {
  if (whole <= 0) return NONE;
  const rounded = new Big(part).times(100).div(whole).round(1, Big.roundHalfEven);
  if (part < whole && rounded.gte(100)) return '99.9';
  if (part > 0 && rounded.lte(0)) return '0.1';
  return rounded.toFixed(1);
}

/** A rate in the words of a table: rounded, or 未判定 where too little was judged to print one. */
export const rateText = ({ rate, met, exceeded }: Pick<RateFacts, 'rate' | 'met' | 'exceeded'>): string =>
  rate === null ? '未判定' : share(met, met + exceeded);

/** 有效评价比例, rounded once, from its own division; `—` where nothing was planned. */
export const captureText = ({ met, exceeded, due, capture }: Pick<RateFacts, 'met' | 'exceeded' | 'due' | 'capture'>): string =>
  capture === null ? NONE : share(met + exceeded, due);

/** Digits of an item that the config does not know, and the most that a figure is given. */
const DIGITS = 2;
const MOST_DIGITS = 6;

/**
 * A mean or a value of an item as the pages print it: with the item's decimals, and where that would move it across its
 * limit, with as many more as it takes to tell. `—` without one.
 */
export function itemText(
  { parameter, value, limit }: Pick<FindingFacts, 'parameter' | 'value' | 'limit'>,
  all: Decimals,
): string {
  if (value === null) return NONE;
  const truth = side(value, limit);
  for (let digits = all[parameter] ?? DIGITS; digits < MOST_DIGITS; digits++) {
    const text = value.toFixed(digits);
    if (side(Number(text), limit) === truth) return text.replace(/^-(0(\.0*)?)$/, '$1');
  }
  return value.toFixed(MOST_DIGITS).replace(/0+$/, '');
}

/** On which side of a limit: -1 below, 0 on it or within a range, 1 above. */
function side(value: number, limit: FindingFacts['limit']): number {
  if (limit === null) return 0;
  const [low, high] = typeof limit === 'number' ? [limit, limit] : limit;
  return value < low ? -1 : value > high ? 1 : 0;
}

/** A number as the API tells it. */
export const plain = (value: number | null): string => (value === null ? NONE : new Big(value).toFixed());

/** Ⅲ类; `—` without a class. */
export const className = (name: string | null | undefined): string =>
  name === null || name === undefined ? NONE : (CLASS_NAMES[name as RiverClass] ?? name);

/** `2026-10-03T08:00:00+08:00` as 10-03 08:00. */
export const momentText = (iso: string): string => iso.slice(5, 16).replace('T', ' ');

/** 2026 年 10 月. */
export const monthText = (period: string): string => `${period.slice(0, 4)} 年 ${Number(period.slice(5))} 月`;

/** The day of an ISO time. */
export const dayText = (iso: string): string => iso.slice(0, 10);

/** Percentage points from one printed share to another, signed: -2.3. `null` where one of them is unknown. */
export function difference(a: readonly [number, number] | null, b: readonly [number, number] | null): string | null {
  if (a === null || b === null || a[1] <= 0 || b[1] <= 0) return null;
  return new Big(share(...a)).minus(share(...b)).toFixed(1);
}
