/** Will a series cross its limit soon? */
import type { Parameter } from '../../parameter.js';
import type { Limit } from '../../standards/limit.js';
import { HOUR, type Instant, MINUTE } from '../../time.js';
import type { Words } from '../alert.js';
import { passedOf, shown } from '../passed.js';
import { type Measurement, median, spread, theilSen } from '../robust.js';
import type { TrendRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** What the rule looks at. */
export interface TrendInput {
  /**
   * The valid measurements of the last `days` days and the newest ones, oldest first: distinct (a repeated sampling instant
   * is one), unconfirmed spikes left out, of a series denser than hourly one for every hour.
   */
  readonly course: readonly Measurement[];
  readonly parameter: Parameter;
  readonly limit: Limit;
  /** Minutes between two due values. */
  readonly cadence: number;
  /** The newest value is over the limit, or a 超限 of the series stands. */
  readonly isOver: boolean;
}

/** Days with a value at an hour that its ordinary course needs. With fewer there is no statement: a first guess would cry wolf. */
const DAYS_NEEDED = 3;

/** Hours of the day without an ordinary value of their own lie between two that have one, so many hours apart at most. */
const BRIDGE = 6;

/** A change, or where it has led to, below so many times the ordinary scatter is a river as it always is. */
const CHANGE_BEYOND = 2;
const LEVEL_BEYOND = 3;

/** Where an alert opens within the horizon, it stands until the crossing is this much farther off. */
const HYSTERESIS = 1.5;

/** Steps in which the course ahead is walked. */
const STEP = 15 * MINUTE;

/** Nothing newer for so many cadences: what the trend said is no longer known. */
const STALE_CADENCES = 3;

const hourOf = (t: Instant): number => Math.floor(t / HOUR) % 24;

/** The ordinary value at an hour of the day: the median of the same hours before, in between on a line; `null`: not known. */
function ordinary(history: readonly Measurement[]): (t: Instant) => number | null {
  const byHour: number[][] = Array.from({ length: 24 }, () => []);
  for (const { time, value } of history) byHour[hourOf(time)]!.push(value);
  const known = byHour.map((values) => (values.length >= DAYS_NEEDED ? median(values) : null));
  const filled = known.map((value, hour) => {
    if (value !== null) return value;
    for (let gap = 2; gap <= BRIDGE; gap++) {
      for (let back = 1; back < gap; back++) {
        const [before, after] = [known[(hour + 24 - back) % 24], known[(hour + gap - back) % 24]];
        if (before !== null && before !== undefined && after !== null && after !== undefined)
          return before + ((after - before) * back) / gap;
      }
    }
    return null;
  });
  return (t) => filled[hourOf(t)] ?? null;
}

/** First time at which the course ahead is beyond the limit, up to `until`; `null`: not so soon. */
function crossing(
  from: Instant,
  until: Instant,
  level: number,
  slope: number,
  base: (t: Instant) => number | null,
  isBeyond: (value: number) => boolean,
): Instant | null {
  for (let t = from; t <= until; t += STEP) {
    const usual = base(t);
    if (usual !== null && isBeyond(usual + level + slope * (t - from))) return t;
  }
  return null;
}

const cleared = (at: Instant, zh: string, en: string): Signal => ({ says: 'clear', at, reason: { zh, en } });

/**
 * The rule "trend": the Theil–Sen trend of the newest `measurements` deviations from the ordinary value of their hour (median
 * of the same hour of the `days` before), laid over the ordinary course ahead. Fires (预警) when that crosses the limit within
 * the horizon, which is never less than one sampling interval, the signs agree beyond chance, the values themselves move that
 * way, and both the change and the deviation it has led to stand out of the scatter; says in which range of hours. Clears when the crossing lies beyond 1.5 horizons, when the value is over (then
 * 超限 speaks), and when nothing newer has come for three cadences. Fewer than three days of history: no statement.
 */
export function trend(input: TrendInput, rule: TrendRule, now: Instant): Signal {
  const { course, limit, parameter, cadence } = input;
  const last = course.at(-1);
  if (last === undefined) return NOTHING;
  if (input.isOver) return cleared(last.time, '已超限,由超限报警接续', 'over the limit now; its own alert goes on');
  if (now - last.time > Math.max(STALE_CADENCES * cadence * MINUTE, STALE_CADENCES * HOUR))
    return cleared(now, '没有新的测值,趋势无从判断', 'no newer value, the trend is not known any more');
  const newest = course.slice(-rule.measurements);
  if (newest.length < Math.max(5, rule.measurements)) return NOTHING;
  const history = course.slice(0, -rule.measurements);
  const base = ordinary(history);
  const deviations = deviationsOf(newest, base);
  const found = deviations.length < newest.length ? null : theilSen(deviations);
  if (found === null) return NOTHING;

  const horizon = Math.max(rule.horizonHours * HOUR, cadence * MINUTE);
  const until = Math.max(now, last.time) + HYSTERESIS * horizon;
  const high = limit.high === null ? Infinity : Number(limit.high);
  const low = limit.low === null ? -Infinity : Number(limit.low);
  const isBeyond = (value: number): boolean => value > high || value < low;
  const levelAt = (slope: number): number => median(deviations.map(({ time, value }) => value - slope * (time - last.time)));
  const ahead = (slope: number): Instant | null => crossing(last.time, until, levelAt(slope), slope, base, isBeyond);
  const likely = ahead(found.slope);
  if (likely === null) return cleared(last.time, '按当前趋势不会超限', 'the trend no longer leads over the limit');
  if (!found.isSignificant || likely - now > horizon) return NOTHING;
  const isRising = found.slope > 0;
  const change = Math.abs(found.slope) * (last.time - newest[0]!.time);
  const level = isRising ? levelAt(found.slope) : -levelAt(found.slope);
  const scatter = spread(deviationsOf(history, base).map(({ value }) => value));
  const isMoving = isRising ? last.value > newest[0]!.value : last.value < newest[0]!.value;
  if (!(isMoving && change > CHANGE_BEYOND * scatter && level > LEVEL_BEYOND * scatter)) return NOTHING;

  const [steep, flat] = isRising ? [found.high, found.low] : [found.low, found.high];
  const earliest = Math.min(likely, ahead(steep) ?? likely);
  const latest = Math.max(likely, ahead(flat) ?? until);
  const said = words(earliest - now, latest - now);
  const values = `${shown(newest[0]!.value, parameter, false)} → ${shown(last.value, parameter)}`;
  const passed = passedOf(limit);
  return {
    says: 'firing',
    at: last.time,
    severity: 'warning',
    value: last.value,
    passed,
    isWorse: (than) => (isRising ? last.value > than : last.value < than),
    reason: {
      zh: `${said.zh}:近 ${newest.length} 次测值 ${values},${passed.name.zh} ${passed.text}`,
      en: `${said.en}: the last ${newest.length} values ${values}, ${passed.name.en} ${passed.text}`,
    },
  };
}

function deviationsOf(values: readonly Measurement[], base: (t: Instant) => number | null): Measurement[] {
  return values.flatMap(({ time, value }) => {
    const usual = base(time);
    return usual === null ? [] : [{ time, value: value - usual }];
  });
}

/** A range of whole hours, never a point: nobody knows it better. */
function words(from: number, to: number): Words {
  const low = Math.max(0, Math.floor(from / HOUR));
  const high = Math.max(low + 1, Math.ceil(to / HOUR));
  if (low < 1) return { zh: `约 ${high} 小时内可能超限`, en: `may be over the limit within about ${high} h` };
  return { zh: `约 ${low}–${high} 小时内可能超限`, en: `may be over the limit in about ${low}–${high} h` };
}
