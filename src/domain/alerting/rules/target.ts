/** Is a target lost, out of reach this month, or only just within it? */
import type { Words } from '../alert.js';
import type { TargetRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';
import type { Instant } from '../../time.js';

/** An item of the running month at one of the target's stations, with what its remaining days may have. */
export interface MonthItem {
  readonly stationName: string;
  readonly name: string;
  readonly unit: string;
  /** Mean so far, of so many valid days. */
  readonly mean: number;
  readonly days: number;
  readonly limit: number | readonly [number, number];
  readonly limitText: string;
  /** Mean that the remaining days must have at least, and at most; `null`: nothing binds on that side. */
  readonly low: string | null;
  readonly high: string | null;
  /** False: whatever they bring, the month misses the limit. */
  readonly possible: boolean;
}

/** How a target stands. Indicators are none: nothing of them can be lost. */
export interface TargetStanding {
  readonly name: Words;
  /** Percent. */
  readonly goal: number;
  /** The year, as printed. */
  readonly period: string;
  readonly status: 'met' | 'behind' | 'missed' | 'insufficient' | null;
  readonly exceeded: number;
  /** Counted by months: then the running one is looked at too. */
  readonly byMonth: boolean;
  /** The running month, `YYYY-MM`; `null` where it is not looked at. */
  readonly month: string | null;
  readonly daysLeft: number | null;
  readonly items: readonly MonthItem[];
  /** The alert that stands: the month it opened in, and whether it says that the year is lost; `null`: none. */
  readonly alert: { readonly month: string; readonly ofYear: boolean } | null;
}

/** Fewer days say little about a month; they warn of nothing. */
const DAYS_TO_WARN = 3;

/** What warned once must become so much easier before it is over: means move a little every day. */
const EASIER = 1.05;

/**
 * `severe` once the goal can be reached no more this year; `over` when an item of the running month must miss its limit
 * whatever comes; `warning` when what its remaining days may have is less than `margin` times the mean so far (of a lower
 * limit the other way round, of a range by the distance from its middle). Clear when all items are easily within reach;
 * nothing before the first valid day of a month, since the last one may not have its verdict yet. What was said of a year
 * or a month that has ended since is over with it: that is no recovery, and the words say so.
 */
export function target(standing: TargetStanding, rule: TargetRule, now: Instant): Signal {
  const { name, status, goal, period, exceeded, byMonth, items, alert } = standing;
  const year = alert?.month.slice(0, 4) ?? period;
  if (year !== period) {
    return clear({ zh: `${year} 年已结束,${period} 年重新计算`, en: `${year} has ended, ${period} is counted anew` }, now);
  }
  if (status === 'missed') {
    return {
      says: 'firing',
      at: now,
      severity: 'severe',
      value: null,
      passed: null,
      reason: {
        zh: `${name.zh} 目标已失:${period} 年已超标 ${exceeded} 次,无论以后如何都达不到 ${goal} %`,
        en: `${name.en}: the target is lost: ${exceeded} exceeded in ${period}, ${goal} % can no longer be reached`,
      },
    };
  }
  if (byMonth && items.length === 0) return NOTHING;
  const lost = items.find((item) => !item.possible);
  if (lost !== undefined) return firing('over', standing, lost, now);
  const tight = items.filter((item) => item.days >= DAYS_TO_WARN).map((item) => ({ item, room: roomOf(item) }));
  const least = tight.reduce<(typeof tight)[number] | null>((a, b) => (a === null || b.room < a.room ? b : a), null);
  if (least !== null && least.room < rule.margin) return firing('warning', standing, least.item, now);
  if (least !== null && least.room < rule.margin * EASIER) return NOTHING;
  return clear(
    alert !== null && !alert.ofYear && standing.month !== null && alert.month !== standing.month
      ? {
          zh: `${Number(alert.month.slice(5))} 月已结束,本月余下各日正常即可达标`,
          en: `${alert.month} has ended, this month is within reach if its remaining days are ordinary`,
        }
      : { zh: '恢复到可实现范围,余下各日正常即可达标', en: 'within reach again if the remaining days are ordinary' },
    now,
  );
}

const clear = (reason: Words, now: Instant): Signal => ({ says: 'clear', at: now, reason });

/** What the remaining days may have over what was so far: below 1 they must be better than before. */
function roomOf({ mean, limit, low, high }: MonthItem): number {
  if (typeof limit === 'number') {
    if (high !== null) return mean <= 0 ? Number.POSITIVE_INFINITY : Number(high) / mean;
    if (low !== null) return Number(low) <= 0 ? Number.POSITIVE_INFINITY : mean / Number(low);
    return Number.POSITIVE_INFINITY;
  }
  // A share of a pH means nothing; its way from the middle of the range to the end does.
  const middle = (limit[0] + limit[1]) / 2;
  const bound = mean >= middle ? high : low;
  const off = Math.abs(mean - middle);
  return bound === null || off === 0 ? Number.POSITIVE_INFINITY : Math.abs(Number(bound) - middle) / off;
}

function firing(severity: 'over' | 'warning', { name, daysLeft }: TargetStanding, item: MonthItem, now: Instant): Signal {
  const { stationName, mean, days, limit, limitText, possible } = item;
  const unit = item.unit === '' ? '' : ` ${item.unit}`;
  const isLower = limitText.startsWith('≥');
  const value = Number(mean.toFixed(3));
  const zh = possible
    ? `剩 ${daysLeft} 天日均须 ${mustBe(item)}${unit}`
    : `剩 ${daysLeft} 天无论如何,月均都${isLower ? '低于' : '超出'}限值 ${limitText}`;
  const en = possible
    ? `the remaining ${daysLeft} days must average ${mustBe(item)}${unit}`
    : `whatever the remaining ${daysLeft} days bring, the month misses the limit ${limitText}`;
  return {
    says: 'firing',
    at: now,
    severity,
    value,
    passed: {
      number: limit,
      text: limitText,
      name: { zh: '限值', en: 'limit' },
      statistic: { zh: '本月均值', en: 'mean of the month so far' },
      isLower,
      citation: null,
      isCertain: true,
      times: null,
    },
    reason: {
      zh: `${name.zh} 本月${severity === 'over' ? '已不能达标' : '接近不能达标'}:${stationName} 本月${item.name}均值 ${value}${unit}(${days} 天),${zh}`,
      en: `${name.en}, this month ${severity === 'over' ? 'can no longer be met' : 'can only just be met'}: ${stationName}, ${item.name}, mean ${value}${unit} of ${days} days, ${en}`,
    },
  };
}

const mustBe = ({ low, high }: MonthItem): string =>
  low !== null && high !== null ? `${low}–${high}` : high !== null ? `≤ ${high}` : `≥ ${low}`;
