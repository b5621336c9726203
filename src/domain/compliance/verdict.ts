/** What is the verdict of a window, and on what evidence? */
import Big from 'big.js';
import { isCertain } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import type { Instant, WindowKind } from '../time.js';
import { type RiverClass, worstClass } from './class.js';
import { evaluate, HALF_EVEN, isBeyond, isOpen } from './evaluate.js';
import type { Excluded, Statistic } from './statistic.js';

/** 达标, 超标, 未判定. A window that is still open has none of them. */
export const VERDICTS = ['met', 'exceeded', 'undetermined'] as const;
export type VerdictState = (typeof VERDICTS)[number];

/** What was computed. */
export type StatisticKind =
  | 'hour-mean'
  | 'day-mean'
  | 'flow-weighted-day-mean'
  | 'max-8-hour'
  | 'month-mean'
  | 'quarter-mean'
  | 'year-mean'
  | 'percentile-90'
  | 'percentile-95'
  | 'percentile-98'
  | 'rule-mean'
  | 'sample';

/** As people read it. */
export const STATISTIC_NAMES: Readonly<Record<StatisticKind, string>> = {
  'hour-mean': '小时均值',
  'day-mean': '日均值',
  'flow-weighted-day-mean': '流量加权日均值',
  'max-8-hour': '日最大8小时平均',
  'month-mean': '月均值',
  'quarter-mean': '季均值',
  'year-mean': '年均值',
  'percentile-90': '日均值第90百分位数',
  'percentile-95': '日均值第95百分位数',
  'percentile-98': '日均值第98百分位数',
  'rule-mean': '时段均值',
  sample: '化验值',
};

/** The evidence of one item against one limit. */
export interface Finding {
  readonly parameter: string;
  readonly statistic: StatisticKind;
  /** The mean with all its digits, as text; `null` without a valid reading. */
  readonly mean: string | null;
  /** As compared: rounded where the item says so. */
  readonly compared: string | null;
  /** Over-range readings are in it: the true mean is at least this (printed ≥). */
  readonly atLeast: boolean;
  /** Enough readings stand behind the mean. */
  readonly enough: boolean;
  readonly outcome: VerdictState;
  /** Why it is undetermined; else `null`. */
  readonly reason: string | null;
  readonly limit: Limit | null;
  readonly times: string | null;
  readonly valid: number;
  readonly total: number;
  readonly filled: number;
  readonly due: number;
  /** Of the mean, whether or not there is enough behind it. */
  readonly class: RiverClass | null;
  /** Times over the limit of class Ⅲ, whatever class is the target: by it the main pollution items are told (环办[2011]22号). */
  readonly timesOverIII: string | null;
  /** False: it does not make the verdict, for the reason in `uncounted`. */
  readonly counted: boolean;
  /** Why it does not: 限值待确认, or a method without a passed comparison; `null` when it does, or has no limit. */
  readonly uncounted: string | null;
  /** Readings left out, by why. */
  readonly excluded: Excluded;
  /** How many of those that people left out (人工剔除) were beyond the limit by themselves. */
  readonly setAsideOver: number;
  /** The highest detection limit among the non-detects in the mean; `null` without any. */
  readonly detection: string | null;
  /** The water's mean temperature, ℃, where the limit depends on it. */
  readonly temperature: string | null;
}

/** The verdict of one window at one station. */
export interface Verdict {
  readonly station: string;
  readonly kind: WindowKind;
  readonly start: Instant;
  readonly end: Instant;
  readonly verdict: VerdictState;
  readonly class: RiverClass | null;
  /** Why it is undetermined, and what was not counted; `null` when nothing need be said. */
  readonly reason: string | null;
  readonly findings: readonly Finding[];
}

/** An item of a window, ready to be held against its limits. */
export interface Item {
  readonly parameter: string;
  readonly name: string;
  readonly statistic: StatisticKind;
  /** For upper limits (over-range readings count) and for all others. */
  readonly upper: Statistic;
  readonly other: Statistic;
  /** In force that day, of the fitting averaging, conditions already decided. */
  readonly limits: readonly Limit[];
  /** The class of its mean; `null` where the item has no classes. */
  readonly class: RiverClass | null;
  /** The limit of class Ⅲ; `null` where the item has no classes. */
  readonly classIII: Limit | null;
  /** The water's mean temperature, ℃; `null` when it is not known or nothing depends on it. */
  readonly temperature: Big | null;
  /** Why none of its findings counts, e.g. a method that no comparison has passed; else `null`. */
  readonly uncounted: string | null;
  /** Of readings that people left out, how many were over a limit; absent: as `setAside` of the statistics tells. */
  readonly setAsideOver?: number;
  /** Set when which limit binds is not known, e.g. without water temperature: the milder limit only condemns, the stricter only acquits. */
  readonly doubt: string | null;
}

function finding(item: Item, limit: Limit | null): Finding {
  const s = limit?.operator === '<=' ? item.upper : item.other;
  const uncounted = item.uncounted ?? (limit === null || isCertain(limit) ? null : '限值待确认');
  const overIII = s.mean === null || item.classIII === null ? null : evaluate(s.mean, item.classIII, 'mean').times;
  const base = {
    parameter: item.parameter,
    statistic: item.statistic,
    mean: s.mean?.toString() ?? null,
    atLeast: s.atLeast,
    enough: s.enough,
    limit,
    valid: s.valid,
    total: s.total,
    filled: s.filled,
    due: s.due,
    class: item.class,
    timesOverIII: printedTimes(item.parameter, overIII),
    counted: limit !== null && uncounted === null,
    uncounted: limit === null ? null : uncounted,
    excluded: s.excluded,
    setAsideOver: item.setAsideOver ?? (limit === null ? 0 : s.setAside.filter((value) => isBeyond(value, limit)).length),
    detection: s.detection,
    temperature: item.temperature?.toString() ?? null,
  };
  const undetermined = (reason: string, compared: Big | null = null): Finding => ({
    ...base,
    compared: compared?.toString() ?? null,
    outcome: 'undetermined',
    reason,
    times: null,
  });
  if (s.mean === null) return undetermined(s.total === 0 ? '无数据' : '无有效数据');
  if (limit === null) return undetermined('无限值', s.mean);
  const { outcome, compared, times } = evaluate(s.mean, limit, item.statistic === 'sample' ? 'value' : 'mean', item.temperature);
  if (limit.operator === '<=' && isAbsent(s, limit))
    return { ...base, compared: compared.toString(), outcome: 'met', reason: null, times: null };
  if (s.detection !== null && isAbove(s.detection, limit)) return undetermined(`检出限 ${s.detection} 高于限值`, compared);
  if (!s.enough && !(s.condemns && outcome === 'over')) return undetermined(`有效数据不足(${s.filled}/${s.due})`, compared);
  if (outcome === 'over' && isOpen(s.mean, limit, item.temperature)) return undetermined('缺水温,饱和度未定', compared);
  return {
    ...base,
    compared: compared.toString(),
    outcome: outcome === 'over' ? 'exceeded' : 'met',
    reason: null,
    times: printedTimes(item.parameter, times),
  };
}

/** Times over, to two decimals; never of water temperature, pH and oxygen (环办[2011]22号). */
function printedTimes(parameter: string, times: Big | null): string | null {
  return times === null || parameter === 'temp' || parameter === 'ph' || parameter === 'do'
    ? null
    : times.round(2, HALF_EVEN).toString();
}

/** A limit of nothing (不得检出) asks for just that: a non-detect, whatever its detection limit. */
const isAbsent = (s: Statistic, limit: Limit): boolean =>
  s.detection !== null && s.mean !== null && Number(limit.high) === 0 && s.mean.times(2).lte(s.detection);

/** A non-detect says only that the value is under its detection limit: where that is above the number, it says nothing. */
const isAbove = (detection: string, limit: Limit): boolean => new Big(detection).gt(limit.low ?? limit.high ?? detection);

/** With doubt about which limit binds: only over all of them is over, only within all of them is within (design §5). */
function settleDoubt(findings: Finding[], doubt: string): Finding[] {
  const states = new Set(findings.map((f) => f.outcome));
  if (states.size <= 1) {
    // What is over all of them is surely over the mildest: the fewest times.
    const mildest = [...findings].sort((a, b) => Number(a.times ?? 0) - Number(b.times ?? 0));
    return mildest.slice(0, 1);
  }
  return [{ ...findings[0]!, outcome: 'undetermined', reason: doubt, times: null }];
}

/** The findings of an item: one for every limit that binds it, or one without a limit. */
export function findingsOf(item: Item): Finding[] {
  if (item.limits.length === 0) return [finding(item, null)];
  const findings = item.limits.map((limit) => finding(item, limit));
  return item.doubt === null ? findings : settleDoubt(findings, item.doubt);
}

/** The worst of several outcomes: exceeded wins over undetermined wins over met (design §5). The order does not matter. */
export function worstOf(outcomes: readonly VerdictState[]): VerdictState {
  if (outcomes.includes('exceeded')) return 'exceeded';
  return outcomes.length === 0 || outcomes.includes('undetermined') ? 'undetermined' : 'met';
}

const list = (names: Iterable<string>): string => [...new Set(names)].join('、');

/**
 * The verdict over the named items of a window (single factor, GB 3838-2002 5.1): the worst of the findings that count.
 * An item all of whose limits wait for confirmation, or whose method is not proven, is not a named item: 未计入. `missing` are named
 * items that the station does not measure; they make it undetermined.
 */
export function judge(
  station: string,
  window: { kind: WindowKind; start: Instant; end: Instant },
  items: readonly Item[],
  missing: readonly string[],
  unlimited: string | null,
): Verdict {
  const findings = items.flatMap(findingsOf);
  const name = (parameter: string): string => items.find((item) => item.parameter === parameter)?.name ?? parameter;
  const counted = findings.filter((f) => f.counted);
  const named = new Set(counted.map((f) => f.parameter));
  const outcomes = [...counted.map((f) => f.outcome), ...missing.map(() => 'undetermined' as const)];
  const verdict = unlimited !== null ? 'undetermined' : worstOf(outcomes);
  const reasons: string[] = [];
  if (unlimited !== null) reasons.push(unlimited);
  else if (verdict !== 'met') {
    if (missing.length > 0) reasons.push(`缺项:${list(missing)}`);
    const why = new Map<string, string[]>();
    for (const f of counted.filter((f) => f.outcome === 'undetermined')) {
      why.set(f.reason!, [...(why.get(f.reason!) ?? []), name(f.parameter)]);
    }
    for (const [reason, parameters] of why) reasons.push(`${list(parameters)}${reason}`);
    if (counted.length === 0 && missing.length === 0) reasons.push('没有可判定的项目');
  }
  const waiting = new Map<string, string[]>();
  for (const f of findings) {
    if (f.uncounted === null || named.has(f.parameter)) continue;
    waiting.set(f.uncounted, [...(waiting.get(f.uncounted) ?? []), name(f.parameter)]);
  }
  for (const [why, parameters] of waiting) reasons.push(`未计入:${list(parameters)}(${why})`);
  const whole = missing.length === 0 && counted.every((f) => f.outcome !== 'undetermined');
  return {
    station,
    kind: window.kind,
    start: window.start,
    end: window.end,
    verdict,
    class: whole ? worstClass(counted.flatMap((f) => (f.class === null ? [] : [f.class]))) : null,
    reason: reasons.length === 0 ? null : reasons.join(';'),
    findings,
  };
}
