/** Which class does the water have? */
import type Big from 'big.js';
import type { Limit } from '../standards/limit.js';
import { evaluate } from './evaluate.js';

/** The classes of GB 3838-2002, best first; the last one is 劣Ⅴ. */
export const RIVER_CLASSES = ['I', 'II', 'III', 'IV', 'V', 'worse-than-V'] as const;
export type RiverClass = (typeof RIVER_CLASSES)[number];

/** As people write it. */
export const CLASS_NAMES: Readonly<Record<RiverClass, string>> = {
  I: 'Ⅰ类',
  II: 'Ⅱ类',
  III: 'Ⅲ类',
  IV: 'Ⅳ类',
  V: 'Ⅴ类',
  'worse-than-V': '劣Ⅴ类',
};

/**
 * The best class whose limit a mean meets (GB 3838-2002 table 1). `limits` are those of the item, all classes, in force
 * that day. DO also meets class I at 90 % saturation, which needs the water's mean `temperature` (℃). `null` when the item
 * has no classes here.
 */
export function classOf(parameter: string, mean: Big, limits: readonly Limit[], temperature: Big | null): RiverClass | null {
  const own = limits.filter((limit) => limit.parameter === parameter);
  if (own.length === 0) return null;
  for (const name of RIVER_CLASSES) {
    const limit = own.find((candidate) => candidate.class === name);
    if (limit && evaluate(mean, limit, 'mean', temperature).outcome === 'within') return name;
  }
  return 'worse-than-V';
}

/** The worst of several classes (single factor, 环办[2011]22号); `null` for none. The order does not matter. */
export function worstClass(classes: readonly RiverClass[]): RiverClass | null {
  const worst = Math.max(-1, ...classes.map((name) => RIVER_CLASSES.indexOf(name)));
  return RIVER_CLASSES[worst] ?? null;
}
