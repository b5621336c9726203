/** Is a value beyond its limit, near it or far beyond it, as a shape counts it, and what is said of it? */
import type { Moment } from '../../compliance/evaluate.js';
import type { Limit } from '../../standards/limit.js';
import { HOUR, type Instant, MINUTE } from '../../time.js';
import type { Passed, Words } from '../alert.js';
import { passedOf } from '../passed.js';
import type { LimitShape, SevereWhen } from '../rules.js';
import { type LimitMemory, NEVER_SINCE, RUNS, type Said } from './limit-memory.js';
import type { LimitSeries } from './limit-series.js';
import {
  band,
  bandWords,
  dipWords,
  dryWords,
  inARow,
  lasting,
  meanOf,
  nearWords,
  overWords,
  passedBy,
  SINGLE,
  threshold,
  thresholdWords,
  usualAt,
} from './limit-words.js';

/** A residual that is none: what the shape calls so, or what the last decimal cannot show. */
export function nothing({ shape, parameter }: LimitSeries): number {
  const named = shape.severe.map((when) => ('atMost' in when && when.withFlow === true ? when.atMost : 0));
  return Math.max(...named, 0.5 * 10 ** -parameter.decimals);
}

/** How long a run has lasted with this value, ms; -1 where it does not go on. */
export function run(memory: LimitMemory, which: number, goesOn: boolean, time: Instant): number {
  if (!goesOn) {
    memory.since[which] = NEVER_SINCE;
    return -1;
  }
  if (memory.since[which] === NEVER_SINCE) memory.since[which] = time;
  return time - memory.since[which]!;
}

/** While people draw water: it flows or, where no flow is measured, by day. */
const isDrawn = (series: LimitSeries, flow: number | null, time: Instant): boolean =>
  flow === null ? series.isDay(time) : flow > 0;

/** Is it beyond its limit as the shape counts it; also where that has not lasted long enough yet? */
export function beyond(
  memory: LimitMemory,
  series: LimitSeries,
  time: Instant,
  moment: Moment,
  judged: Moment | null,
  flow: number | null,
  isDry: boolean,
): boolean {
  const { over } = series.shape;
  switch (over.by) {
    case 'never':
      return false;
    case 'value':
      memory.over = moment.check === 'over' && !isDry ? memory.over + 1 : 0;
      return memory.over > 0;
    case 'mean':
      memory.over = judged !== moment && judged?.check === 'over' ? memory.over + 1 : 0;
      return memory.over > 0;
    case 'lasting': {
      const counts = moment.check === 'over' && !isDry && (over.when === 'always' || isDrawn(series, flow, time));
      return run(memory, RUNS.over, counts, time) >= 0;
    }
  }
}

/** Counts values beyond a share of the limit; `isNear`: enough of them, and it did not come down to here from beyond. */
export function countNear(memory: LimitMemory, { warning }: LimitShape, limit: Limit, value: number): boolean {
  if (warning?.by !== 'share') return false;
  const isNear = isWithinShare(limit, value, warning.share);
  memory.near = isNear ? memory.near + 1 : 0;
  if (!isNear) memory.isFalling = false;
  return memory.near >= warning.values && !memory.isFalling;
}

/** Does a value reach a share of an upper limit, or come as near to a lower one? A range has no share. */
function isWithinShare(limit: Limit, value: number, share: number): boolean {
  // Just under: 0.8 of 0.2 is a little more than 0.16 in binary.
  if (limit.operator === '<=') return value >= Number(limit.high) * share * (1 - 1e-9);
  return limit.operator === '>=' && value <= (Number(limit.low) / share) * (1 + 1e-9);
}

/** The severe threshold that is reached, with what to say where it has lasted long enough; `null`: none is. */
export function reachesSevere(
  memory: LimitMemory,
  series: LimitSeries,
  time: Instant,
  value: number,
  moment: Moment,
  mean: number | null,
  judged: Moment | null,
  flow: number | null,
  isDry: boolean,
): { said: Said | null } | null {
  const { severe } = series.shape;
  let reached: { said: Said | null } | null = null;
  for (let i = 0; i < severe.length; i++) {
    const when = severe[i]!;
    const own = ownThreshold(when, value, series, flow, time) && !isDry;
    const minutes = 'minutes' in when ? (when.minutes ?? 0) : 0;
    const lasted = run(memory, RUNS.severe + i, own, time);
    if (own) {
      const passed = threshold(when)!;
      const statistic = minutes > 0 ? lasting(minutes) : SINGLE;
      const words = thresholdWords(passed, value, statistic, series.parameter);
      const told = statistic === SINGLE ? passed : { ...passed, statistic };
      if (lasted >= minutes * MINUTE) return { said: { severity: 'severe', value, passed: told, reason: words } };
      reached = { said: null };
    }
    const said = isDry ? null : farOver(memory, when, series, time, mean ?? value, judged ?? moment, mean !== null);
    if (said !== null) return { said };
  }
  return reached;
}

function ownThreshold(when: SevereWhen, value: number, series: LimitSeries, flow: number | null, time: Instant): boolean {
  if ('below' in when) return value < when.below;
  if ('above' in when) return value > when.above;
  return 'atMost' in when && value <= when.atMost && (when.withFlow !== true || isDrawn(series, flow, time));
}

/** Beyond the limit of a lower class, or so many times beyond its own. */
function farOver(
  memory: LimitMemory,
  when: SevereWhen,
  series: LimitSeries,
  time: Instant,
  value: number,
  moment: Moment,
  isMean: boolean,
): Said | null {
  const { over } = series.shape;
  if (moment.check !== 'over') return null;
  // What is told only when it lasts, or as a mean, is far over only then.
  if (over.by === 'mean' && !isMean) return null;
  if (over.by === 'lasting' && !hasLasted(memory, over.minutes, time)) return null;
  const statistic = over.by === 'mean' ? meanOf(over.hours) : SINGLE;
  const far =
    'beyondClass' in when
      ? series.holdClass(value, time, when.beyondClass)
      : 'times' in when && (moment.times?.gte(when.times) ?? false)
        ? moment
        : null;
  if (far?.check !== 'over') return null;
  const words = overWords(far, value, statistic, series.parameter);
  return { severity: 'severe', value, passed: passedBy(far, value, statistic), reason: words };
}

const hasLasted = (memory: LimitMemory, minutes: number, time: Instant): boolean =>
  memory.since[RUNS.over] !== NEVER_SINCE && time - memory.since[RUNS.over]! >= minutes * MINUTE;

/** What is said of 超限; `null`: it is not, or not yet. */
export function overSaid(
  memory: LimitMemory,
  { shape: { over }, parameter }: LimitSeries,
  isBeyond: boolean,
  value: number,
  mean: number | null,
  moment: Moment,
  judged: Moment | null,
  time: Instant,
): Said | null {
  if (!isBeyond) return null;
  const say = (of: Moment, number: number, statistic: Words): Said => ({
    severity: 'over',
    value: number,
    passed: passedBy(of, number, statistic),
    reason: overWords(of, number, statistic, parameter),
  });
  switch (over.by) {
    case 'value':
      return memory.over >= over.values ? say(moment, value, inARow(over.values)) : null;
    case 'mean':
      return mean === null || judged === null ? null : say(judged, mean, meanOf(over.hours));
    case 'lasting':
      return hasLasted(memory, over.minutes, time) ? say(moment, value, lasting(over.minutes)) : null;
    case 'never':
      return null;
  }
}

/** What is said of 预警; `null`: nothing. */
export function warningSaid(
  { shape, parameter }: LimitSeries,
  isNear: boolean,
  outsideFor: number,
  usual: number | null,
  dryFor: number,
  value: number,
  { limit }: Moment,
): Said | null {
  const say = (passed: Passed, reason: Words): Said => ({ severity: 'warning', value, passed, reason });
  const { warning, noSupplyMinutes } = shape;
  if (noSupplyMinutes !== null && dryFor >= noSupplyMinutes * MINUTE) {
    const statistic = { zh: '停水', en: 'no supply' };
    return say({ ...passedOf(limit), statistic }, dryWords(noSupplyMinutes, value, parameter));
  }
  if (warning?.by === 'share' && isNear) {
    const passed = { ...passedOf(limit), statistic: inARow(warning.values), share: warning.share };
    return say(passed, nearWords(limit, value, warning.share, warning.values, parameter));
  }
  if (warning?.by === 'outside' && outsideFor >= warning.hours * HOUR) {
    const passed = band(warning.low, warning.high, value);
    return say({ ...passed, statistic: lasting(warning.hours * 60) }, bandWords(passed, value, warning.hours, parameter));
  }
  if (warning?.by === 'dip' && usual !== null) {
    const statistic = { zh: '日最低值', en: 'daily minimum' };
    const passed = { ...usualAt(usual, warning.fall, warning.days), statistic };
    return say(passed, dipWords(value, usual, warning.days, parameter));
  }
  return null;
}
