/** How is a river as a whole, judged from its sections? */
import Big from 'big.js';
import type { Limit } from '../standards/limit.js';
import { classOf, type RiverClass, worstClass } from './class.js';
import { type Averaging, meanOf } from './statistic.js';
import { percent } from './rate.js';
import type { Verdict } from './verdict.js';

/** Grades of a section or a river (环办[2011]22号), best first. */
export const WATER_GRADES = ['excellent', 'good', 'light', 'moderate', 'heavy'] as const;
export type WaterGrade = (typeof WATER_GRADES)[number];

/** As people write them. */
export const WATER_GRADE_NAMES: Readonly<Record<WaterGrade, string>> = {
  excellent: '优',
  good: '良好',
  light: '轻度污染',
  moderate: '中度污染',
  heavy: '重度污染',
};

const GRADE_OF: Readonly<Record<RiverClass, WaterGrade>> = {
  I: 'excellent',
  II: 'excellent',
  III: 'good',
  IV: 'light',
  V: 'moderate',
  'worse-than-V': 'heavy',
};

/** Below this many sections their means are averaged and then classified; from it on the shares of classes decide. */
const MANY = 5;

/** A river in one window. */
export interface River {
  /** `mean`: the mean of each item over the sections, then its class; `shares`: the shares of classes; `null` without a section. */
  readonly method: 'mean' | 'shares' | null;
  /** Of the river; `null` by shares, which give only a grade. */
  readonly class: RiverClass | null;
  readonly grade: WaterGrade | null;
  /** Sections that have a class, and the percent of them in Ⅰ–Ⅲ and in 劣Ⅴ, cut to two decimals. */
  readonly sections: number;
  readonly good: number | null;
  readonly worst: number | null;
}

/** The grade of a class (环办[2011]22号): Ⅰ–Ⅱ 优, Ⅲ 良好, Ⅳ 轻度, Ⅴ 中度, 劣Ⅴ 重度污染. */
export const gradeOf = (name: RiverClass): WaterGrade => GRADE_OF[name];

/** The grade by shares of classes: 75 % and 90 % in Ⅰ–Ⅲ, else 20 % and 40 % in 劣Ⅴ. Whole numbers are compared, not percentages. */
function byShares(good: number, worst: number, all: number): WaterGrade {
  if (good * 100 >= 90 * all) return 'excellent';
  if (good * 100 >= 75 * all) return 'good';
  if (worst * 100 < 20 * all) return 'light';
  return worst * 100 < 40 * all ? 'moderate' : 'heavy';
}

/**
 * The river from the verdicts of its sections in one window (环办[2011]22号). Sections without a class are left out.
 * `limits` are the limits of all classes in force; the order of the sections does not matter.
 */
export function river(
  sections: readonly Verdict[],
  limits: readonly Limit[],
  averaging: (parameter: string) => Averaging,
): River {
  const judged = sections.filter((section) => section.class !== null);
  const good = judged.filter(({ class: name }) => name === 'I' || name === 'II' || name === 'III').length;
  const worst = judged.filter(({ class: name }) => name === 'worse-than-V').length;
  const shares = { sections: judged.length, good: percent(good, judged.length), worst: percent(worst, judged.length) };
  if (judged.length === 0) return { method: null, class: null, grade: null, ...shares };
  if (judged.length >= MANY) return { method: 'shares', class: null, grade: byShares(good, worst, judged.length), ...shares };
  const means = new Map<string, Map<string, Big>>();
  for (const { station, findings } of judged) {
    for (const { parameter, mean, counted } of findings) {
      if (counted && mean !== null)
        means.set(parameter, (means.get(parameter) ?? new Map<string, Big>()).set(station, new Big(mean)));
    }
  }
  const classes = [...means].flatMap(([parameter, bySection]) => {
    // Sorted, because a mean of H⁺ is a sum of doubles and must not depend on the order of the sections.
    const values = [...bySection].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
    return classOf(parameter, meanOf(values, averaging(parameter))!, limits, null) ?? [];
  });
  const name = worstClass(classes);
  return { method: 'mean', class: name, grade: name === null ? null : gradeOf(name), ...shares };
}
