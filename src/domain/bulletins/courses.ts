/** How does the course of an item over a month come from its days, and how near its limit did it come? */
import type { DayCourse } from './bulletin.js';
import type { FindingFacts, WindowFacts } from './facts.js';
import { dayText, monthText } from './figures.js';

/** Is too little what is wrong (dissolved oxygen, disinfectant residuals)? */
export const isLower = ({ limitText }: Pick<FindingFacts, 'limitText'>): boolean => limitText?.includes('≥') ?? false;

/** How much of a limit a value used up: 1 on the limit, more beyond it; -1 without a value or a single limit above nothing. */
export function nearness(item: Pick<FindingFacts, 'value' | 'limit' | 'limitText'>): number {
  const { value, limit } = item;
  if (value === null || typeof limit !== 'number' || limit <= 0) return -1;
  return isLower(item) ? limit / Math.max(value, Number.MIN_VALUE) : value / limit;
}

/** The day means of an item at a station over a month: `days` are the station's own. */
export function dayCourse(
  name: string,
  item: Pick<FindingFacts, 'parameter' | 'name' | 'unit' | 'limit' | 'limitText'>,
  days: readonly WindowFacts[],
  period: string,
): DayCourse {
  const length = new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).getUTCDate();
  const own = new Map(days.map((day) => [Number(dayText(day.start).slice(8)), day]));
  const values = Array.from({ length }, (_, i) => {
    const found = own.get(i + 1)?.findings.find((one) => one.parameter === item.parameter);
    return found?.value ?? null;
  });
  const limit = typeof item.limit === 'number' ? item.limit : null;
  return {
    caption:
      `${name} ${item.name} 日均值${item.unit === '' ? '' : `(${item.unit})`},${monthText(period)};` +
      `虚线为限值 ${item.limitText ?? ''}`,
    ...{ values, limit, decimals: decimalsOf([...values, limit]), firstDay: 1 },
    ...(isLower(item) && { isLower: true as const }),
  };
}

/** Decimals that show the figures apart: two below ten, one above. */
const decimalsOf = (values: readonly (number | null)[]): number =>
  Math.max(...values.map((value) => Math.abs(value ?? 0))) < 10 ? 2 : 1;
