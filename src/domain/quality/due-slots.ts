/** How many of the values that were due of a series came, and how many of them count? */
import type { JudgedReading } from '../reading.js';
import { type Instant, MINUTE, type Span } from '../time.js';
import { validity } from './intake.js';

/** A series over a span, in slots of its cadence: one value is due in each. */
export interface DueSlots {
  /** Whole slots of the span. */
  readonly due: number;
  /** Those in which a value came, by number; the slot after the last may be among them. */
  readonly filled: ReadonlySet<number>;
  /** Due slots in which a value came that counts for verdicts, one over the measuring range too: 有效率 is valid ÷ due. */
  readonly valid: number;
}

/** Of the readings of a series in a span, in order of time; `cadence` in minutes. What the laboratory found fills nothing. */
export function dueSlots(rows: readonly JudgedReading[], { from, to }: Span, cadence: number): DueSlots {
  const length = cadence * MINUTE;
  const due = Math.max(0, Math.floor((to - from) / length));
  const sensed = rows.filter(({ source }) => source === 'sensor');
  const valid = [...filledSlots(sensed.filter(doesCount), from, length)].filter((slot) => slot < due).length;
  return { due, filled: filledSlots(sensed, from, length), valid };
}

/**
 * The due slots, counted from `from`, in which a value came. A device that measures about where two slots meet has two
 * values in one now and then and none in the next: a value a cadence after the last one, just before its slot ends, stands
 * for the next slot then.
 */
function filledSlots(rows: readonly JudgedReading[], from: Instant, length: number): ReadonlySet<number> {
  const filled = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of rows) {
    const slot = Math.floor((time - from) / length);
    const isNearEnd = from + (slot + 1) * length - time <= length / 4;
    filled.add(filled.has(slot) && isNearEnd && time - last >= (3 * length) / 4 ? slot + 1 : slot);
    last = time;
  }
  return filled;
}

function doesCount(reading: JudgedReading): boolean {
  const is = validity(reading);
  return is === 'counts' || is === 'upper';
}
