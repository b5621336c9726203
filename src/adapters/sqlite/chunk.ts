/** How is a stretch of one series kept in a few bytes a reading? In columns, many readings to a row. */
import { isCharted } from '../../domain/quality/intake.js';
import type { JudgedReading, Mark, Source } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import { flagsOf, markIn, qualityIn } from './flags.js';
import { type Rest, restOf } from './rest.js';

/** Readings of a chunk that is full. */
export const FULL = 128;

/** Bytes of one reading: three numbers and a byte. */
export const BYTES = 3 * 8 + 1;

/** What few readings have: kept beside the columns, by measured time. */
type Beside = Rest & { readonly checks?: readonly string[] };

const NO_CHECKS: readonly string[] = [];

/** A series' name: what all readings of a chunk share. */
export interface SeriesName {
  readonly station: string;
  readonly parameter: string;
  readonly source: Source;
}

/** A chunk as it is stored. */
export interface StoredChunk {
  readonly data: Uint8Array;
  readonly rest: string | null;
}

/** Readings of one series in order of measured time, no time twice. Positions count from 0. */
export class Chunk {
  private times: number[] = [];
  private values: number[] = [];
  private arrivals: number[] = [];
  private flags: number[] = [];
  private rest: Map<Instant, Beside> | null = null;
  /** True when it differs from what is stored. */
  changed = false;

  get size(): number {
    return this.times.length;
  }

  /** Measured time of the first and of the last reading; of an empty chunk `NaN`. */
  get first(): Instant {
    return this.times[0] ?? Number.NaN;
  }

  get last(): Instant {
    return this.times[this.times.length - 1] ?? Number.NaN;
  }

  /** Where the first reading measured at or after `time` stands; `size` when there is none. */
  from(time: Instant): number {
    const { times } = this;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the reading of this very time stands, or -1. */
  at(time: Instant): number {
    const i = this.from(time);
    return this.times[i] === time ? i : -1;
  }

  timeAt(i: number): Instant {
    return this.times[i]!;
  }

  valueAt(i: number): number {
    return this.values[i]!;
  }

  markAt(i: number): Mark {
    return markIn(this.flags[i]!);
  }

  /** Does it count in steps? */
  countsAt(i: number): boolean {
    const flags = this.flags[i]!;
    const ruling = this.rest?.get(this.times[i]!)?.ruling;
    return isCharted({ mark: markIn(flags), quality: qualityIn(flags), ruling });
  }

  /** The reading at a position. */
  reading(i: number, { station, parameter, source }: SeriesName): JudgedReading {
    const time = this.times[i]!;
    const flags = this.flags[i]!;
    const reading = {
      station,
      parameter,
      time,
      value: this.values[i]!,
      mark: markIn(flags),
      source,
      quality: qualityIn(flags),
      checks: NO_CHECKS,
      received: this.arrivals[i]!,
    };
    const rest = this.rest?.get(time);
    return rest === undefined ? reading : { ...reading, ...rest };
  }

  /** Puts a reading in its place; one of the same time is replaced. */
  put(r: JudgedReading): void {
    const { time } = r;
    const flags = flagsOf(r.mark, r.quality);
    const { times, values, arrivals } = this;
    this.changed = true;
    if (times.length === 0 || time > times[times.length - 1]!) {
      times.push(time);
      values.push(r.value);
      arrivals.push(r.received);
      this.flags.push(flags);
    } else {
      const i = this.from(time);
      const replaced = times[i] === time ? 1 : 0;
      times.splice(i, replaced, time);
      values.splice(i, replaced, r.value);
      arrivals.splice(i, replaced, r.received);
      this.flags.splice(i, replaced, flags);
      if (replaced === 1) this.rest?.delete(time);
    }
    const rest = besides(r);
    if (rest !== null) (this.rest ??= new Map()).set(time, rest);
  }

  /** Takes away the readings at the positions from `start` until before `end`. */
  remove(start: number, end: number): void {
    if (end <= start) return;
    for (let i = start; i < end; i++) this.rest?.delete(this.times[i]!);
    for (const column of [this.times, this.values, this.arrivals, this.flags]) column.splice(start, end - start);
    this.changed = true;
  }

  /** Cuts off everything from position `i` on and returns it. */
  cut(i: number): Chunk {
    const rest = new Chunk();
    rest.times = this.times.splice(i);
    rest.values = this.values.splice(i);
    rest.arrivals = this.arrivals.splice(i);
    rest.flags = this.flags.splice(i);
    for (const time of rest.times) {
      const kept = this.rest?.get(time);
      if (kept === undefined) continue;
      (rest.rest ??= new Map()).set(time, kept);
      this.rest!.delete(time);
    }
    this.changed = rest.changed = true;
    return rest;
  }

  /** As it is stored. The bytes are valid until the next call: bind them at once. */
  store(): StoredChunk {
    const n = this.size;
    const bytes = n * BYTES <= SCRATCH.byteLength ? SCRATCH.subarray(0, n * BYTES) : new Uint8Array(n * BYTES);
    const numbers = new Float64Array(bytes.buffer, 0, 3 * n);
    for (let i = 0; i < n; i++) {
      numbers[i] = this.times[i]!;
      numbers[n + i] = this.values[i]!;
      numbers[2 * n + i] = this.arrivals[i]!;
      bytes[24 * n + i] = this.flags[i]!;
    }
    return { data: bytes, rest: this.rest === null || this.rest.size === 0 ? null : JSON.stringify([...this.rest]) };
  }

  /** Reads what `store` gave. */
  static load({ data, rest }: StoredChunk): Chunk {
    const n = data.byteLength / BYTES;
    // A view needs an address that is a multiple of eight.
    const bytes = data.byteOffset % 8 === 0 ? data : data.slice();
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, 3 * n);
    const chunk = new Chunk();
    chunk.times = Array.from(numbers.subarray(0, n));
    chunk.values = Array.from(numbers.subarray(n, 2 * n));
    chunk.arrivals = Array.from(numbers.subarray(2 * n));
    chunk.flags = Array.from(bytes.subarray(24 * n));
    chunk.rest = rest === null ? null : new Map(JSON.parse(rest) as [Instant, Beside][]);
    return chunk;
  }
}

const SCRATCH = new Uint8Array(2 * FULL * BYTES);

/** What is beside the columns; `null` for nearly every reading. */
function besides(r: JudgedReading): Beside | null {
  const rest = restOf(r);
  return r.checks.length === 0 ? rest : { ...rest, checks: r.checks };
}
