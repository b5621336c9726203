/** What becomes of an alert when a value it rests on is judged anew? */
import type { Instant } from '../../time.js';
import type { Passed, Words } from '../alert.js';
import { type Firing, NOTHING, type Signal } from '../signal.js';
import type { LimitMemory, Said } from './limit-memory.js';
import type { LimitSeries } from './limit-series.js';
import { loweredWords, meanOf } from './limit-words.js';

/** What was doubted stands. */
export function confirm(memory: LimitMemory): void {
  if (memory.doubted !== null) memory.said = memory.doubted.said;
  memory.doubted = null;
}

/** What was said, as a signal. */
export function firing({ severity, value, passed, reason }: Said, at: Instant, isUnconfirmed: boolean): Firing {
  return {
    says: 'firing',
    at,
    severity,
    value,
    passed,
    reason,
    isUnconfirmed,
    isWorse: (than) => isFarther(value, than, passed),
  };
}

function isFarther(value: number, than: number, { number, isLower }: Passed): boolean {
  if (typeof number === 'number') return isLower ? value < than : value > than;
  const [low, high] = number;
  return Math.max(low - value, value - high) > Math.max(low - than, than - high);
}

/** What an amendment of a value that was judged before says of it now. `spike`: it waits for the next value. */
export type Amended =
  | { readonly is: 'valid' | 'spike' }
  /** It does not count, for the reason given. */
  | { readonly is: 'excluded'; readonly reason: Words };

/** An amendment of the value at `time`: ends what rests on it alone, and confirms or takes back what was doubted. `memory` is changed in place. */
export function limitAmendment(memory: LimitMemory, series: LimitSeries, time: Instant, value: number, amended: Amended): Signal {
  if (time > memory.newest) return NOTHING;
  const isDoubted = memory.doubted?.at === time;
  switch (amended.is) {
    case 'valid':
      if (!isDoubted) return NOTHING;
      confirm(memory);
      return firing(memory.said!, time, false);
    case 'spike': {
      const isAlone = memory.rests.length === 1 && memory.rests[0] === time && !memory.isLong;
      if (!isAlone || memory.said === null || memory.doubted !== null) return NOTHING;
      memory.doubted = { at: time, said: memory.said };
      memory.said = null;
      return firing(memory.doubted.said, time, true);
    }
    case 'excluded':
      return exclude(memory, series, time, value, amended.reason);
  }
}

function exclude(memory: LimitMemory, series: LimitSeries, time: Instant, value: number, reason: Words): Signal {
  if (!memory.leaveOut(time)) return NOTHING;
  memory.bins?.remove(time, value);
  const rested = memory.rests.includes(time);
  if (rested) {
    memory.rests = memory.rests.filter((at) => at !== time);
    memory.over = Math.max(0, memory.over - 1);
    memory.near = Math.max(0, memory.near - 1);
  }
  if (memory.raised === null) return NOTHING;
  if (memory.doubted?.at === time && memory.said !== null) {
    memory.doubted = null;
    memory.raised = memory.said.severity;
    return firing({ ...memory.said, reason: loweredWords(reason, memory.said.reason) }, memory.newest, false);
  }
  const isEmpty = rested && memory.rests.length === 0 && !memory.isLong;
  if (!isEmpty && !(memory.bins !== null && isBackByMean(memory, series))) return NOTHING;
  memory.calm();
  return { says: 'clear', at: time, reason, isRefuted: true };
}

/** Without the value that was left out the mean is within its limit. */
function isBackByMean({ bins, newest, said }: LimitMemory, { shape: { over }, cadence, hold }: LimitSeries): boolean {
  if (over.by !== 'mean' || said?.passed.statistic?.zh !== meanOf(over.hours).zh) return false;
  const mean = bins?.mean(cadence) ?? null;
  return mean === null || hold(mean, newest)?.check !== 'over';
}
