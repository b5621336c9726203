/** How is an accepted batch kept, in the log and in memory? In columns: what lives long must not be many small objects. */
import type { JudgedReading, Source } from '../../domain/reading.js';
import type { LogBatch } from '../../pipeline/stores.js';
import { flagsOf, markIn, qualityIn } from './flags.js';
import { type Rest, restOf } from './rest.js';

/** What stands before the columns, as JSON: the series, and what few readings have, by position. */
interface Head {
  readonly series: [station: string, parameter: string, source: Source][];
  readonly rest: [position: number, rest: Rest & { readonly checks?: readonly string[] }][];
}

/** Two lengths before the head. */
const PREFIX = 8;
const NO_CHECKS: readonly string[] = [];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The next multiple of eight: where columns of numbers may begin. */
const aligned = (n: number): number => (n + 7) & ~7;

/** A batch as one row of the log: a head, then times, values, arrivals (doubles), series (32 bit) and flags (8 bit). */
export class Batch implements LogBatch {
  private readonly head: Head;
  private readonly numbers: Float64Array;
  private readonly series: Uint32Array;
  private readonly flags: Uint8Array;
  private readonly rest: ReadonlyMap<number, Head['rest'][number][1]> | null;

  /** Reads a row. */
  constructor(
    readonly seq: number,
    readonly bytes: Uint8Array,
  ) {
    // A view needs an address that is a multiple of eight.
    const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const [size, length] = new Uint32Array(buffer, byteOffset, 2) as unknown as [number, number];
    const start = aligned(PREFIX + length);
    this.head = JSON.parse(decoder.decode(new Uint8Array(buffer, byteOffset + PREFIX, length))) as Head;
    this.numbers = new Float64Array(buffer, byteOffset + start, 3 * size);
    this.series = new Uint32Array(buffer, byteOffset + start + 24 * size, size);
    this.flags = new Uint8Array(buffer, byteOffset + start + 28 * size, size);
    this.rest = this.head.rest.length === 0 ? null : new Map(this.head.rest);
  }

  get size(): number {
    return this.flags.length;
  }

  /** Made anew at each call, and soon forgotten by who asked. */
  get readings(): JudgedReading[] {
    const { size, numbers, head, rest } = this;
    const readings = new Array<JudgedReading>(size);
    for (let i = 0; i < size; i++) {
      const [station, parameter, source] = head.series[this.series[i]!]!;
      const flags = this.flags[i]!;
      // One plain literal: a spread would cost more than the rest of the loop.
      const reading = {
        station,
        parameter,
        time: numbers[i]!,
        value: numbers[size + i]!,
        mark: markIn(flags),
        source,
        quality: qualityIn(flags),
        checks: NO_CHECKS,
        received: numbers[2 * size + i]!,
      };
      const more = rest?.get(i);
      readings[i] = more === undefined ? reading : { ...reading, ...more };
    }
    return readings;
  }

  /** Puts readings into a row. */
  static of(seq: number, readings: readonly JudgedReading[]): Batch {
    const size = readings.length;
    const head: Head = { series: [], rest: [] };
    const places = new Map<string, Map<string, number>>();
    const series = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      const r = readings[i]!;
      series[i] = placeOf(r, places, head.series);
      const rest = restOf(r);
      if (rest !== null || r.checks.length > 0) head.rest.push([i, { ...rest, checks: r.checks }]);
    }
    const text = encoder.encode(JSON.stringify(head));
    const start = aligned(PREFIX + text.length);
    const bytes = new Uint8Array(start + 29 * size);
    new Uint32Array(bytes.buffer, 0, 2).set([size, text.length]);
    bytes.set(text, PREFIX);
    const numbers = new Float64Array(bytes.buffer, start, 3 * size);
    new Uint32Array(bytes.buffer, start + 24 * size, size).set(series);
    const flags = new Uint8Array(bytes.buffer, start + 28 * size, size);
    for (let i = 0; i < size; i++) {
      const { time, value, received, mark, quality } = readings[i]!;
      numbers[i] = time;
      numbers[size + i] = value;
      numbers[2 * size + i] = received;
      flags[i] = flagsOf(mark, quality);
    }
    return new Batch(seq, bytes);
  }
}

/** Where the series of a reading stands in the head. */
function placeOf(
  { station, parameter, source }: JudgedReading,
  places: Map<string, Map<string, number>>,
  series: Head['series'],
): number {
  let ofStation = places.get(station);
  if (ofStation === undefined) {
    ofStation = new Map();
    places.set(station, ofStation);
  }
  const key = source === 'sensor' ? parameter : `${parameter} ${source}`;
  let place = ofStation.get(key);
  if (place === undefined) {
    place = series.push([station, parameter, source]) - 1;
    ofStation.set(key, place);
  }
  return place;
}
