/** What is the verdict of a window, and on what evidence? */
import type Big from 'big.js';
import { isCertain } from '../standards/bind.js';
import type { Limit } from '../standards/limit.js';
import type { Instant, WindowKind } from '../time.js';
import { type RiverClass, worstClass } from './class.js';
import { evaluate } from './evaluate.js';
import type { Statistic } from './statistic.js';

/** 达标, 超标, 未判定. A window that is still open has none of them. */
export const VERDICTS = ['met', 'exceeded', 'undetermined'] as const;
export type VerdictState = (typeof VERDICTS)[number];

/** What was computed. */
export type StatisticKind = 'hour-mean' | 'day-mean' | 'month-mean' | 'rule-mean' | 'sample';

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
  /** False: it waits for confirmation (限值待确认) and does not make the verdict. */
  readonly counted: boolean;
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
  /** Set when which limit binds is not known, e.g. without water temperature: the milder limit only condemns, the stricter only acquits. */
  readonly doubt: string | null;
}

function finding(item: Item, limit: Limit | null): Finding {
  const s = limit?.operator === '<=' ? item.upper : item.other;
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
    counted: limit !== null && isCertain(limit),
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
  const { outcome, compared, times } = evaluate(s.mean, limit, 'mean');
  if (!s.enough) return undetermined(`有效数据不足(${s.filled}/${s.due})`, compared);
  return {
    ...base,
    compared: compared.toString(),
    outcome: outcome === 'over' ? 'exceeded' : 'met',
    reason: null,
    times: times?.round(2, 2).toString() ?? null,
  };
}

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
 * An item all of whose limits wait for confirmation is not a named item: it is printed as 未计入. `missing` are named
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
  const waiting = list(findings.filter((f) => f.limit !== null && !named.has(f.parameter)).map((f) => name(f.parameter)));
  if (waiting !== '') reasons.push(`未计入:${waiting}(限值待确认)`);
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
