/** Is a series over its limit, near it, or far over, now? */
import type { Moment } from '../../compliance/evaluate.js';
import type { Limit } from '../../standards/limit.js';
import { type Instant, MINUTE } from '../../time.js';
import { isGraver } from '../lifecycle.js';
import type { LimitShape } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';
import { confirm, firing } from './limit-amendment.js';
import { beyond, countNear, nothing, overSaid, reachesSevere, run, warningSaid } from './limit-conditions.js';
import { type LimitMemory, NEVER_SINCE, RUNS, type Said } from './limit-memory.js';
import { isStale, type LimitSeries } from './limit-series.js';
import { backWords } from './limit-words.js';

/** A run of values is interrupted by a gap of more cadences than this. */
const GAP_CADENCES = 3;

/**
 * One valid value of a series, in order of time: the same instant again, or an earlier one, says nothing. `moment`: the value
 * held against its limits. Firing while the water is beyond what the shape allows, clear once after it has come back.
 * `memory` is changed in place.
 */
export function limitStep(
  memory: LimitMemory,
  series: LimitSeries,
  time: Instant,
  value: number,
  moment: Moment,
  now: Instant,
): Signal {
  if (time <= memory.newest) return NOTHING;
  const isInterrupted = time - memory.newest > GAP_CADENCES * series.cadence * MINUTE;
  memory.newest = time;
  if (isInterrupted) memory.since.fill(NEVER_SINCE);
  const { shape } = series;
  const mean = memory.bins === null ? null : (memory.bins.add(time, value), memory.bins.mean(series.cadence));
  const judged = mean === null ? moment : series.hold(mean, time);
  const isLowest = memory.minima?.add(time, value) ?? false;
  // Beyond its limit or not, water that stands still in the pipe is not what people drink.
  const flow = memory.asksFlow ? series.flow(time) : null;
  const isDry = shape.noSupplyMinutes !== null && flow === 0 && value <= nothing(series);
  const dryFor = run(memory, RUNS.dry, isDry, time);
  const isBeyond = beyond(memory, series, time, moment, judged, flow, isDry);
  const isClose = countNear(memory, shape, moment.limit, value);
  // On its way down from over it is near its limit too: that is no news.
  const isNear = isClose && (memory.raised === null || memory.raised === 'warning');
  const { warning } = shape;
  const isOutside = warning?.by === 'outside' && (value < warning.low || value > warning.high);
  const outsideFor = run(memory, RUNS.outside, isOutside, time);
  const isSevere = reachesSevere(memory, series, time, value, moment, mean, judged, flow, isDry);
  const usual = memory.minima?.usual ?? null;
  const isDip = warning?.by === 'dip' && usual !== null && value <= usual - warning.fall;

  if (isSevere === null && !isBeyond && !isNear && !isOutside && !isDip && !isDry && memory.raised === null) {
    if (memory.near === 0 && memory.isQuiet) memory.quieten();
    return NOTHING;
  }
  const said =
    isSevere?.said ??
    overSaid(memory, series, isBeyond, value, mean, moment, judged, time) ??
    warningSaid(series, isNear, outsideFor, isDip && isLowest ? usual : null, dryFor, value, moment);
  if (said !== null || isBeyond || isNear || isOutside || isSevere !== null) memory.rest(time);
  if (said !== null) return raise(memory, series, time, capped(said, judged ?? moment), now);
  if (memory.raised === null) return NOTHING;
  // What stands in the pipe says nothing of what came back.
  const isHeld = isBeyond || isOutside || isDip || isSevere !== null || flow === 0;
  const isBack = !isHeld && !(memory.raised === 'warning' && memory.near > 0) && isInside(judged ?? moment, mean ?? value, shape);
  return comeBack(memory, shape, time, isBack);
}

/** A limit that waits for confirmation (限值待确认) makes at most a 预警; a threshold of our own (no chlorine at all) waits for nobody. */
const capped = (said: Said, { certain }: Moment): Said =>
  certain || said.passed.citation === null ? said : { ...said, severity: 'warning' };

/** It is wrong now: opens, rises, or goes on. */
function raise(memory: LimitMemory, series: LimitSeries, time: Instant, said: Said, now: Instant): Signal {
  memory.inside = 0;
  const { raised } = memory;
  const isRise = raised === null || isGraver(said.severity, raised);
  if (!isRise) {
    const confirms = memory.doubted !== null && !isGraver(memory.doubted.said.severity, said.severity);
    if (confirms) confirm(memory);
    return firing(said, time, memory.doubted !== null);
  }
  if (isStale(time, now, series.cadence))
    return raised === null ? NOTHING : firing({ ...said, severity: raised }, time, memory.doubted !== null);
  const doubt = series.doubt(time);
  if (doubt === 'wrong') {
    // The amendment that says so is on its way.
    memory.rests = memory.rests.filter((at) => at !== time);
    memory.over = Math.max(0, memory.over - 1);
    return NOTHING;
  }
  memory.raised = said.severity;
  if (doubt === 'spike') memory.doubted = { at: time, said };
  else {
    memory.said = said;
    memory.doubted = null;
  }
  return firing(said, time, doubt === 'spike');
}

/** Is a value back inside `share` of its limit: of a lower limit, above limit ÷ share? */
function isInside({ check, limit }: Moment, value: number, { over, clear: { share } }: LimitShape): boolean {
  if (over.by === 'never') return true;
  if (check === 'over') return false;
  return share >= 1 || limit.operator === 'between' || !isBeyondShare(limit, value, share);
}

const isBeyondShare = (limit: Limit, value: number, share: number): boolean =>
  limit.operator === '<=' ? value > Number(limit.high) * share : value < Number(limit.low) / share;

function comeBack(memory: LimitMemory, { clear }: LimitShape, time: Instant, isBack: boolean): Signal {
  memory.inside = isBack ? memory.inside + 1 : 0;
  if (memory.inside < clear.values) return NOTHING;
  const reason = backWords(clear.values, memory.raised === 'warning');
  memory.isFalling = memory.near > 0;
  memory.calm();
  return { says: 'clear', at: time, reason };
}
