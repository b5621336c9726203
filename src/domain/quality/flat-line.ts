/** How long has a series stood still? */
import type { Finding, FlatLineCheck } from './checks.js';

/** Decimals are not exact in binary: 0.8 − 0.7 is a little more than 0.1. */
const DUST = 1e-9;

/** A measurement that is, or may become, an end of the range. `next`: time of the one that followed. */
interface End {
  readonly ordinal: number;
  readonly value: number;
  next: number;
}

/**
 * The run of the newest measurements that lie within the tolerance of each other: the longest one that ends with the
 * newest. O(1) a measurement on average, and a few numbers of memory, however long it stands still. Measurements must be
 * given in measured time.
 */
export class FlatRun {
  /** Falling from the highest of the run, and rising from the lowest: the candidates for both ends of its range. */
  private readonly high: End[] = [];
  private readonly low: End[] = [];
  private last: End | null = null;
  private first = 0;
  private start = Number.NaN;
  private ordinal = 0;

  constructor(private readonly tolerance: number) {}

  /** Time of the first measurement of the run; NaN before any. */
  get since(): number {
    return this.start;
  }

  /** How many measurements the run has. */
  get length(): number {
    return this.last === null ? 0 : this.ordinal - this.first;
  }

  /** Forgets what was before a gap. */
  clear(): void {
    this.high.length = this.low.length = 0;
    this.last = null;
  }

  /** Takes the next measurement. */
  add(time: number, value: number): void {
    if (this.last === null) {
      this.first = this.ordinal;
      this.start = time;
    } else this.last.next = time;
    const end: End = { ordinal: this.ordinal++, value, next: Number.NaN };
    while (this.high.length > 0 && this.high.at(-1)!.value <= value) this.high.pop();
    while (this.low.length > 0 && this.low.at(-1)!.value >= value) this.low.pop();
    this.high.push(end);
    this.low.push(end);
    this.last = end;
    while (this.high[0]!.value - this.low[0]!.value > this.tolerance + DUST) {
      // The older end goes, and the run begins behind it.
      const gone = this.high[0]!.ordinal < this.low[0]!.ordinal ? this.high.shift()! : this.low.shift()!;
      this.first = gone.ordinal + 1;
      this.start = gone.next;
    }
  }
}

/**
 * Flat line (QARTOD test 8), by time and not by count: `suspect` when a run has lasted `suspectAfter`, `fail` when it has
 * lasted `failAfter`, at its measurement of `time`; in both cases only with enough measurements, because still water seen
 * twice is no stuck sensor.
 */
export function flatLine(run: FlatRun, time: number, check: FlatLineCheck): Finding {
  const lasted = time - run.since;
  if (lasted < check.suspectAfter || run.length < check.measurements) return 'pass';
  return lasted < check.failAfter ? 'suspect' : 'fail';
}
