/**
 * What readings does a message in the native dialect hold? (contract §3)
 *
 * Every value of a message ends as exactly one reading or is counted by exactly one rejection; a payload, or an object of an
 * array, that names no values counts as one. What the contract leaves open is decided here, each time so that no value is
 * put where its sender may not have meant it:
 * - who speaks comes before what is said: `unknown-station` and `wrong-sender` cover the whole message;
 * - a field that is `null` counts as left out, as serializers write it; only `time: null` is a `bad-time`, because the
 *   arrival time is for devices without a clock, not for clocks that failed;
 * - unknown fields are ignored, and so are marks and sampling times of parameters that the message gives no value for;
 * - marks and sampling times may use the parameter's code or any alias, whatever `values` uses; two that contradict each
 *   other refuse that value; a `marks` or `sampled` that is no object refuses all values of its object;
 * - a parameter given twice in one object under two names is passed on twice when the values agree (a duplicate), else the
 *   second is an `unknown-parameter`: which of the two was meant cannot be known;
 * - an unknown `source` is `not-an-object`: the object is not one of this dialect;
 * - a `seq` that is no non-negative integer is ignored; of an array the highest counts.
 */
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { MARKS, SOURCES, type Mark, type Reading, type Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Instant } from '../../domain/time.js';
import type { Decode, Decoded, Delivery } from '../../pipeline/ports.js';
import { Refusals, type Refused } from './refusals.js';
import { readTime, refuseInstant } from './time.js';
import { describe, quote } from './words.js';

/** What one message may hold (contract §3). */
export const MAX_BYTES = 256 * 1024;
export const MAX_VALUES = 5_000;

/** Up to here a payload that is too large is still parsed to count its values; beyond it counts as one. */
const COUNTED_BYTES = 16 * MAX_BYTES;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (found: unknown): found is Fields => typeof found === 'object' && found !== null && !Array.isArray(found);

// Not z.record: it would copy what is read once, and drop a key named __proto__ without counting it.
const fields = z.custom<Fields>(isFields);

/** One object of the dialect. What is in `values`, `marks` and `sampled` is judged entry by entry. */
const message = z.object({
  values: fields,
  time: z.union([z.string(), z.number()]).optional(),
  marks: fields.nullish(),
  sampled: fields.nullish(),
  seq: z.unknown().optional(),
  source: z.enum(SOURCES).nullish(),
});
type Message = z.infer<typeof message>;

const MARK_SET: ReadonlySet<unknown> = new Set(MARKS);

/** Two entries under two names of one parameter that differ. */
class Contradiction {
  constructor(readonly keys: readonly [string, string]) {}
}

/** `heqing/{station}/readings` → station. */
function stationOf(topic: string): string | null {
  const inner = topic.startsWith('heqing/') && topic.endsWith('/readings') ? topic.slice(7, -9) : '';
  return inner === '' || inner.includes('/') ? null : inner;
}

/** The payload as JSON; `undefined` when it is none (JSON itself has no undefined). */
function parse(payload: Uint8Array): unknown {
  // A decoder that replaces broken bytes would let a damaged name pass for another one.
  if (!isUtf8(payload)) return undefined;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/** Values an object of the message stands for in the counts. */
function countOf(element: unknown): number {
  if (!isFields(element) || !isFields(element.values)) return 1;
  return Math.max(1, Object.keys(element.values).length);
}

/** Values a message stands for in the counts. */
function countAll(parsed: unknown): number {
  if (!Array.isArray(parsed)) return countOf(parsed);
  let count = 0;
  for (const element of parsed) count += countOf(element);
  return Math.max(1, count);
}

/** Why the message as a whole cannot be taken, or `null`. */
function refuseWhole(
  delivery: Delivery,
  station: string | null,
  named: string | null,
  count: number,
  parsed: unknown,
): Refused | null {
  if (station === null) {
    return {
      reason: 'unknown-station',
      detail: `topic ${quote(delivery.topic)}: ${named === null ? 'heqing/{station}/readings is right' : 'no station of this id in the config'}`,
    };
  }
  if (delivery.maySpeakFor !== null && !delivery.maySpeakFor(station)) {
    return { reason: 'wrong-sender', detail: `this device may not speak for ${station}` };
  }
  if (delivery.payload.byteLength > MAX_BYTES) {
    return { reason: 'too-large', detail: `${delivery.payload.byteLength} bytes; a message may hold ${MAX_BYTES} (256 KiB)` };
  }
  if (count > MAX_VALUES) return { reason: 'too-large', detail: `${count} values; a message may hold ${MAX_VALUES}` };
  if (parsed === undefined) {
    if (delivery.payload.byteLength === 0) return { reason: 'not-json', detail: 'the payload is empty' };
    const start = Buffer.from(delivery.payload.subarray(0, 256)).toString('utf8');
    return {
      reason: 'not-json',
      detail: `${delivery.payload.byteLength} bytes that begin with ${quote(start)} are no JSON in UTF-8`,
    };
  }
  if (Array.isArray(parsed) && parsed.length === 0) return { reason: 'empty', detail: 'an array without an object' };
  return null;
}

/** Why an object that does not have the shape is refused, in the order of what it costs its sender to mend. */
function refuseShape(element: unknown): Refused {
  if (!isFields(element))
    return { reason: 'not-an-object', detail: `${describe(element)} where an object with "values" should stand` };
  const { values, time, marks, sampled, source } = element;
  if (values === undefined || values === null) return { reason: 'empty', detail: 'no "values"' };
  if (!isFields(values))
    return { reason: 'not-an-object', detail: `"values" is ${describe(values)}; right is e.g. {"ph": 7.31}` };
  const at = time === undefined ? 0 : readTime(time, 0);
  if (typeof at !== 'number') return at;
  if (marks !== undefined && marks !== null && !isFields(marks)) {
    return { reason: 'bad-mark', detail: `"marks" is ${describe(marks)}; right is e.g. {"ph": "M"}` };
  }
  if (sampled !== undefined && sampled !== null && !isFields(sampled)) {
    return {
      reason: 'bad-time',
      detail: `"sampled" is ${describe(sampled)}; right is e.g. {"nh3n": "2026-11-23T04:00:00+08:00"}`,
    };
  }
  return { reason: 'not-an-object', detail: `"source" is ${describe(source)}; right is "sensor" or "lab"` };
}

/** Entries of `marks` or `sampled` by parameter code; names the config does not know are left out. */
function byCode(entries: Fields | null | undefined, codes: ReadonlyMap<string, string>): ReadonlyMap<string, unknown> | null {
  if (!entries) return null;
  const found = new Map<string, unknown>();
  const names = new Map<string, string>();
  for (const key of Object.keys(entries)) {
    const code = codes.get(key);
    if (code === undefined || entries[key] === null) continue;
    const other = names.get(code);
    if (other === undefined) {
      names.set(code, key);
      found.set(code, entries[key]);
    } else if (found.get(code) !== entries[key]) found.set(code, new Contradiction([other, key]));
  }
  return found;
}

function readMark(found: unknown, key: string): Mark | Refused {
  if (found === undefined) return 'N';
  if (MARK_SET.has(found)) return found as Mark;
  if (found instanceof Contradiction) {
    return {
      reason: 'bad-mark',
      detail: `different marks for one parameter under ${quote(found.keys[0])} and ${quote(found.keys[1])}`,
    };
  }
  return { reason: 'bad-mark', detail: `the mark of ${quote(key)} is ${describe(found)}; right is one of ${MARKS.join(' ')}` };
}

function readSampled(found: unknown, key: string, now: Instant, offset: number | null): Instant | Refused {
  if (found instanceof Contradiction) {
    return {
      reason: 'bad-time',
      detail: `different "sampled" for one parameter under ${quote(found.keys[0])} and ${quote(found.keys[1])}`,
    };
  }
  const at = readTime(found, offset);
  const refused = typeof at === 'number' ? refuseInstant(at, now, null) : at;
  return refused === null ? at : { reason: refused.reason, detail: `"sampled" of ${quote(key)}: ${refused.detail}` };
}

/** Why what stands beside a parameter's key is no value. */
function refuseValue(value: unknown, key: string): Refused {
  const why =
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? `is the text ${quote(value)}: send the number without quotes`
      : typeof value === 'number'
        ? 'is no finite number'
        : `is ${describe(value)}; right is a number`;
  return { reason: 'not-a-number', detail: `${quote(key)} ${why}` };
}

/** Reads the messages of one site's devices. */
export const decodeNative: Decode = (delivery: Delivery, site: Site): Decoded => {
  const named = stationOf(delivery.topic);
  const station = named === null ? undefined : site.stations.get(named);
  const parsed = delivery.payload.byteLength <= COUNTED_BYTES ? parse(delivery.payload) : undefined;
  const total = countAll(parsed);
  const id = station?.id ?? null;

  const whole = refuseWhole(delivery, id, named, total, parsed);
  if (whole !== null || station === undefined) {
    const refusals = new Refusals(id);
    if (whole !== null) refusals.add(whole, total);
    return { readings: [], rejections: refusals.list(), station: id, seq: null, timeless: false };
  }

  const readings: Reading[] = [];
  const refusals = new Refusals(station.id);
  const offset = station.deviceOffsetMinutes;
  const { received: now } = delivery;
  let seq: number | null = null;
  let timeless = false;
  let refusedTime: Decoded['refusedTime'];

  const take = (element: Message, source: Source, time: Instant): void => {
    const marks = byCode(element.marks, site.codes);
    const sampledBy = byCode(element.sampled, site.codes);
    const first = readings.length;
    let aliased = false;
    for (const key of Object.keys(element.values)) {
      const parameter = site.codes.get(key);
      if (parameter === undefined) {
        refusals.add({ reason: 'unknown-parameter', detail: `no parameter ${quote(key)} in the config` }, 1);
        continue;
      }
      const found = element.values[key];
      if (typeof found !== 'number' || !Number.isFinite(found)) {
        refusals.add(refuseValue(found, key), 1);
        continue;
      }
      // Adding 0 turns -0 into 0: the two are equal, and must stay so through JSON, SQL and text.
      const value = found + 0;
      aliased ||= parameter !== key;
      if (aliased) {
        const twin = readings.find((r, i) => i >= first && r.parameter === parameter);
        if (twin && twin.value !== value) {
          const detail = `${quote(key)} is ${value}, but ${parameter} was given as ${twin.value} under another of its names`;
          refusals.add({ reason: 'unknown-parameter', detail }, 1);
          continue;
        }
      }
      const mark = marks === null ? 'N' : readMark(marks.get(parameter), key);
      if (typeof mark !== 'string') {
        refusals.add(mark, 1);
        continue;
      }
      const at = sampledBy?.get(parameter);
      if (at === undefined) {
        readings.push({ station: station.id, parameter, time, value, mark, source });
        continue;
      }
      const sampled = readSampled(at, key, now, offset);
      if (typeof sampled === 'number') readings.push({ station: station.id, parameter, time, value, mark, source, sampled });
      else refusals.add(sampled, 1);
    }
  };

  const elements: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  for (const element of elements) {
    const shaped = message.safeParse(element);
    if (!shaped.success) {
      refusals.add(refuseShape(element), countOf(element));
      continue;
    }
    const { data } = shaped;
    const count = Object.keys(data.values).length;
    if (Number.isSafeInteger(data.seq) && (data.seq as number) >= 0) seq = Math.max(seq ?? 0, data.seq as number);
    if (count === 0) {
      refusals.add({ reason: 'empty', detail: '"values" holds nothing' }, 1);
      continue;
    }
    if (data.time === undefined && elements.length > 1) {
      refusals.add({ reason: 'bad-time', detail: 'no "time": in an array of more than one object each needs it' }, count);
      continue;
    }
    const time = data.time === undefined ? now : readTime(data.time, offset);
    const refused = typeof time === 'number' ? refuseInstant(time, now, site.settings.retentionDays) : time;
    if (typeof time !== 'number' || refused !== null) {
      if (refused !== null) {
        refusals.add(refused, count);
        if (data.source !== 'lab') refusedTime = refused.refusedTime ?? refusedTime;
      }
      continue;
    }
    timeless ||= data.time === undefined;
    take(data, data.source ?? 'sensor', time);
  }
  const decoded = { readings, rejections: refusals.list(), station: station.id, seq, timeless };
  return refusedTime === undefined ? decoded : { ...decoded, refusedTime };
};
