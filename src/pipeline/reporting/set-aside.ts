/** What did people take out of the readings (人工剔除), and how much of it was over a limit? */
import type { Finding, Verdict } from '../../domain/compliance/verdict.js';

/** Readings that maintenance or a review left out of windows; of them those over a limit. */
export interface SetAside {
  readonly total: number;
  readonly over: number;
  readonly maintenance: number;
  readonly review: number;
}

interface Left {
  readonly maintenance: number;
  readonly review: number;
  readonly over: number;
}

/**
 * Sums up what was left out of windows of one kind. An item that is held to two limits tells of the same readings twice, and so do
 * two dust rules of different length: each reading counts once.
 */
export function setAside(verdicts: readonly Verdict[]): SetAside {
  const series = new Map<string, Map<number, Left>>();
  for (const v of verdicts) {
    // Windows of a rule may lie over those of another; of every other kind they only follow each other.
    const length = v.kind === 'rule' ? v.end - v.start : 0;
    for (const parameter of new Set(v.findings.map((f) => f.parameter))) {
      const left = leftOut(v.findings.filter((f) => f.parameter === parameter));
      const key = `${v.station} ${parameter}`;
      const lengths = series.get(key) ?? new Map<number, Left>();
      lengths.set(length, add(lengths.get(length) ?? NOTHING, left));
      series.set(key, lengths);
    }
  }
  const found = [...series.values()].map((lengths) =>
    [...lengths.values()].reduce((most, one) => (size(one) > size(most) ? one : most)),
  );
  const { maintenance, review, over } = found.reduce(add, NOTHING);
  return { total: maintenance + review, over, maintenance, review };
}

const NOTHING: Left = { maintenance: 0, review: 0, over: 0 };
const size = ({ maintenance, review }: Left): number => maintenance + review;
const add = (a: Left, b: Left): Left => ({
  maintenance: a.maintenance + b.maintenance,
  review: a.review + b.review,
  over: a.over + b.over,
});

/** Of one item in one window. A value is over the upper or under the lower limit, never both. */
function leftOut(findings: readonly Partial<Finding>[]): Left {
  const most = (of: (f: Partial<Finding>) => number | undefined): number => Math.max(0, ...findings.map((f) => of(f) ?? 0));
  const maintenance = most((f) => f.excluded?.maintenance);
  const review = most((f) => f.excluded?.review);
  const directions = new Map<string, number>();
  for (const f of findings) {
    const direction = f.limit?.operator ?? '';
    directions.set(direction, Math.max(directions.get(direction) ?? 0, f.setAsideOver ?? 0));
  }
  const over = [...directions.values()].reduce((a, b) => a + b, 0);
  return { maintenance, review, over: Math.min(over, maintenance + review) };
}
