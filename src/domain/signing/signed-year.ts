/** What is the rate of a period of which some months are signed? The signed ones count as they were signed. */
import { type Goal, type Rate, rate, type Tally } from '../compliance/rate.js';
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

/** The rate over signed months and nothing else, as it may be published. */
export function ofSignedMonths(months: readonly Figure[], goal: Goal): Figure {
  const sum = (name: 'met' | 'exceeded' | 'undetermined' | 'excused' | 'due'): number => months.reduce((n, m) => n + m[name], 0);
  const [met, exceeded, undetermined, due] = [sum('met'), sum('exceeded'), sum('undetermined'), sum('due')];
  const emptyMonth = months.some((month) => month.due > 0 && month.met + month.exceeded === 0);
  const tally: Tally = { met, exceeded, undetermined, due, wholePeriod: due, emptyMonth };
  return { met, exceeded, undetermined, due, excused: sum('excused'), ...rate(tally, goal), reason: null };
}

/** Why there is no rate; what the living figure says of that fits only while it has none either. */
function reasonOf(tally: Tally, { rate: share, capture, status }: Rate, goal: Goal, living: string | null): string | null {
  if (share !== null && status !== 'insufficient') return null;
  if (living !== null) return living;
  if (tally.met + tally.exceeded === 0) return '未判定:有效数据不足';
  if (tally.emptyMonth) return '未判定:有整月没有可判定的评价时段';
  return `未判定:有效评价比例 ${capture ?? 0} %,不足 ${goal.minCapture} %`;
}
