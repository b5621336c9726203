/** Which checks in context does a series have, and what do their findings make of a reading? */
import type { Quality } from '../reading.js';

/** A change that is out of the ordinary: more than `step`, and more than `factor` times the lower of the two values. */
export interface SpikeCheck {
  /** In the parameter's unit. */
  readonly step: number;
  /** 0: the step alone counts. */
  readonly factor: number;
}

/** A change that is faster than the water: more than `change` (parameter's unit) within `within` ms, in proportion beyond. */
export interface RateCheck {
  readonly change: number;
  readonly within: number;
}

/** No change beyond `tolerance` (parameter's unit) over at least so many measurements: suspect and then fail after so long, ms. */
export interface FlatLineCheck {
  readonly tolerance: number;
  readonly measurements: number;
  readonly suspectAfter: number;
  readonly failAfter: number;
}

/** Doubt about a value while another item of the same time is above a number (turbidity disturbs the TP analyser). */
export interface Interference {
  readonly by: string;
  /** In the unit of `by`. */
  readonly above: number;
}

/** The checks of one parameter at one station; `null`: switched off. */
export interface Checks {
  /** Measurements farther apart than this, ms, are no neighbours: nothing is concluded across the gap. */
  readonly gap: number;
  /** Oldest `sampled` that is believed, ms before `time`. */
  readonly sampleAge: number;
  readonly spike: SpikeCheck | null;
  readonly rate: RateCheck | null;
  readonly flatLine: FlatLineCheck | null;
  /** Code of the item that contains this one, so that it cannot be less (NH₃-N and TP in TN, CODMn in COD). */
  readonly partOf: string | null;
  readonly interference: Interference | null;
}

/** The checks by the names that a reading carries, in the order in which they are listed. */
export const CHECK_NAMES = [
  'gross-range',
  'sampling-time',
  'spike',
  'rate-of-change',
  'flat-line',
  'consistency',
  'interference',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** What one check says: nothing, a doubt, or that the value is wrong. */
export type Finding = 'pass' | 'suspect' | 'fail';

/** The findings about one reading; a check that is not named passed. */
export type Findings = Readonly<Partial<Record<CheckName, Finding>>>;

/** Quality and checks as a reading carries them. */
export interface Judgement {
  readonly quality: Quality;
  readonly checks: readonly CheckName[];
}

/** Nothing to say against it. */
export const PASSED: Judgement = { quality: 'good', checks: [] };

/** The worst finding makes the quality; `checks` are those not passed, in the order of `CHECK_NAMES`. */
export function judgement(findings: Findings): Judgement {
  const checks = CHECK_NAMES.filter((name) => (findings[name] ?? 'pass') !== 'pass');
  if (checks.length === 0) return PASSED;
  return { quality: checks.some((name) => findings[name] === 'fail') ? 'fail' : 'suspect', checks };
}

/** Chinese names of the checks, as reviewers and amendments read them. */
const NAMES: Readonly<Record<CheckName, string>> = {
  'gross-range': '超出仪器可能的范围',
  'sampling-time': '采样时刻不可信',
  spike: '突变',
  'rate-of-change': '变化过快',
  'flat-line': '长时间不变',
  consistency: '分项大于总量',
  interference: '受浊度等干扰',
};

/** Why a reading's quality changed, in Chinese words: from the checks not passed before to those not passed now. */
export function changeWords(
  before: readonly string[],
  after: { readonly quality: Quality; readonly checks: readonly string[] },
): string {
  const words = (names: readonly string[]): string => names.map((name) => NAMES[name as CheckName] ?? name).join('、');
  if (after.quality === 'fail') return `${words(after.checks)}:判为无效`;
  if (after.quality === 'suspect') return `${words(after.checks)}:存疑`;
  return before.length === 0 ? '质控通过' : `${words(before)}:已排除`;
}
