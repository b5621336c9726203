/** What is the rate of a period of which some months are signed? The signed ones count as they were signed. */
import { type Goal, type Rate, rate, type Tally } from '../compliance/rate.js';
import { dueSamples, type SamplingPlan } from '../compliance/sampling-plan.js';
import { type Calendar, type Instant, parsePeriod, type Span, windowAt } from '../time.js';
import type { Figure } from './sign-off.js';

/** A month as it was signed, and as it would come out now. */
export interface SignedMonth {
  readonly signed: Figure;
  readonly live: Figure;
}

/**
 * The rate of a period with its signed months as they were signed and the others as they stand. `whole` is the period as it
 * stands; only where its windows lie within months can months be put in their place.
 */
export function withSignedMonths(
  whole: Tally & Pick<Figure, 'excused' | 'reason'>,
  months: readonly SignedMonth[],
  goal: Goal,
): Figure {
  const sum = (name: 'met' | 'exceeded' | 'undetermined' | 'excused' | 'due'): number =>
    months.reduce((n, { signed, live }) => n + signed[name] - live[name], whole[name]);
  const tally: Tally = {
    met: sum('met'),
    exceeded: sum('exceeded'),
    undetermined: sum('undetermined'),
    due: sum('due'),
    wholePeriod: whole.wholePeriod + sum('due') - whole.due,
    emptyMonth: whole.emptyMonth,
  };
  const { met, exceeded, undetermined, due } = tally;
  const result = rate(tally, goal);
  return {
    met,
    exceeded,
    undetermined,
    due,
    excused: sum('excused'),
    ...result,
    reason: reasonOf(tally, result, goal, whole.reason),
  };
}

/** A month that is added up with others, and its windows as far as a sampling plan is to be held against them. */
export interface MonthTally extends Pick<Figure, 'met' | 'exceeded' | 'undetermined' | 'excused' | 'due'> {
  /** `2026-10` */
  readonly period: string;
  readonly windows: readonly { readonly station: string; readonly start: string; readonly excused?: object | undefined }[];
}

/** What a plan asks of the stations of a target, each from its own beginning; `null`: from that of the months. */
export interface Sampling {
  readonly plan: SamplingPlan;
  readonly stations: readonly { readonly id: string; readonly since: Instant | null }[];
  readonly calendar: Calendar;
}

/**
 * The rate over some months and nothing else, as it may be published. `sampling`: the plan of a target that counts samples,
 * `null` without one. What a plan asks for in a quarter or a year is due in none of its months by itself: it is taken into the due
 * number where all months of that quarter or year are added up.
 */
export function ofMonths(months: readonly MonthTally[], goal: Goal, sampling: Sampling | null): Figure {
  const sum = (name: 'met' | 'exceeded' | 'undetermined' | 'excused' | 'due'): number => months.reduce((n, m) => n + m[name], 0);
  const missing = sampling === null ? 0 : missingSamples(months, sampling);
  const [met, exceeded, undetermined, due] = [sum('met'), sum('exceeded'), sum('undetermined') + missing, sum('due') + missing];
  const emptyMonth = sampling === null && months.some((month) => month.due > 0 && month.met + month.exceeded === 0);
  const tally: Tally = { met, exceeded, undetermined, due, wholePeriod: due, emptyMonth };
  return { met, exceeded, undetermined, due, excused: sum('excused'), ...rate(tally, goal), reason: null };
}

/** Samples that the plan asks for over the months together and that were not taken. */
function missingSamples(months: readonly MonthTally[], { plan, stations, calendar }: Sampling): number {
  // A month's own due number holds them already.
  if (plan.every === 'month') return 0;
  const samples = months.flatMap(({ windows }) => windows).map((window) => ({ ...window, at: Date.parse(window.start) }));
  let missing = 0;
  for (const { from, to } of runs(months, calendar)) {
    for (const { id, since } of stations) {
      const taken = samples
        .filter(({ station, at }) => station === id && at >= from && at < to)
        .map(({ at, excused }) => ({ at, n: 1, excused: excused !== undefined }));
      const start = since === null ? from : Math.max(from, windowAt(plan.every, since, calendar).start);
      const counting = taken.filter(({ excused }) => !excused).length;
      missing += dueSamples(plan, { from: start, to }, taken, to, calendar) - counting;
    }
  }
  return missing;
}

/** Months that follow each other, as one span each. */
function runs(months: readonly MonthTally[], calendar: Calendar): Span[] {
  const spans = months.flatMap(({ period }) => parsePeriod(period, calendar) ?? []).sort((a, b) => a.from - b.from);
  return spans.reduce<Span[]>((all, span) => {
    const last = all.at(-1);
    return last?.to === span.from ? [...all.slice(0, -1), { from: last.from, to: span.to }] : [...all, span];
  }, []);
}

/** Why there is no rate; what the living figure says of that fits only while it has none either. */
function reasonOf(tally: Tally, { rate: share, capture, status }: Rate, goal: Goal, living: string | null): string | null {
  if (share !== null && status !== 'insufficient') return null;
  if (living !== null) return living;
  if (tally.met + tally.exceeded === 0) return '未判定:有效数据不足';
  if (tally.emptyMonth) return '未判定:有整月没有可判定的评价时段';
  return `未判定:有效评价比例 ${capture ?? 0} %,不足 ${goal.minCapture} %`;
}
