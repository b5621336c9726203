/** Does the native decoder do what contract §3 says, field by field and reason by reason? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNative } from '../../../src/adapters/payload/native.js';
import { REJECTION_REASONS, type Reading, type RejectionReason } from '../../../src/domain/reading.js';
import type { Decoded } from '../../../src/pipeline/ports.js';
import { siteFor, type Given } from './site.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/payload');
const RECEIVED = '2026-11-23T08:00:10+08:00';

interface Expected {
  readonly given?: Given;
  /** `time` and `sampled` in ISO 8601; station `out`, mark `N` and source `sensor` are left out. */
  readonly readings: readonly (Partial<Omit<Reading, 'time' | 'sampled'>> & { time: string; sampled?: string })[];
  /** `says`: pieces of the detail. */
  readonly rejections: readonly { reason: RejectionReason; values: number; station?: string | null; says: readonly string[] }[];
  readonly seq?: number;
  readonly timeless?: boolean;
}

function decode(payload: Uint8Array, given: Given = {}): Decoded {
  const { maySpeakFor } = given;
  return decodeNative(
    {
      topic: given.topic ?? 'heqing/out/readings',
      payload,
      maySpeakFor: maySpeakFor ? (station) => maySpeakFor.includes(station) : null,
      received: Date.parse(given.received ?? RECEIVED),
    },
    siteFor(given),
  );
}

const cases = readdirSync(FIXTURES).sort();
const expectedOf = (name: string): Expected => JSON.parse(readFileSync(join(FIXTURES, name, 'expected'), 'utf8')) as Expected;

describe('golden payloads', () => {
  test.each(cases)('%s', (name) => {
    const expected = expectedOf(name);
    const decoded = decode(readFileSync(join(FIXTURES, name, 'input')), expected.given);
    expect(decoded.readings).toStrictEqual(
      expected.readings.map(({ time, sampled, ...rest }) => ({
        station: 'out',
        mark: 'N',
        source: 'sensor',
        ...rest,
        time: Date.parse(time),
        ...(sampled === undefined ? {} : { sampled: Date.parse(sampled) }),
      })),
    );
    expect(decoded.rejections.map(({ reason, values, station }) => ({ reason, values, station }))).toEqual(
      expected.rejections.map(({ reason, values, station }) => ({
        reason,
        values,
        station: station === undefined ? 'out' : station,
      })),
    );
    expected.rejections.forEach(({ says }, i) => {
      for (const piece of says) expect(decoded.rejections[i]?.detail).toContain(piece);
    });
    expect(decoded.seq).toBe(expected.seq ?? null);
    expect(decoded.timeless).toBe(expected.timeless ?? false);
  });

  test('every reason but the two of HJ 212 has a case', () => {
    const covered = new Set(cases.flatMap((name) => expectedOf(name).rejections.map(({ reason }) => reason)));
    const due = REJECTION_REASONS.filter((reason) => reason !== 'bad-frame' && reason !== 'bad-crc');
    expect(due.filter((reason) => !covered.has(reason))).toEqual([]);
  });
});

/** Values the contract counts, written down again on purpose: one for whatever names none. */
function due(parsed: unknown): number {
  const one = (element: unknown): number => {
    const values = (element as { values?: unknown } | null)?.values;
    const isMap = typeof values === 'object' && values !== null && !Array.isArray(values) && !Array.isArray(element);
    return isMap ? Math.max(1, Object.keys(values).length) : 1;
  };
  return Array.isArray(parsed)
    ? Math.max(
        1,
        parsed.map(one).reduce((a, b) => a + b, 0),
      )
    : one(parsed);
}

const ended = (decoded: Decoded): number => decoded.readings.length + decoded.rejections.reduce((sum, r) => sum + r.values, 0);

/** Objects near the dialect, so that every branch is met and not only `not-an-object`. */
const nearly = fc.record(
  {
    time: fc.oneof(
      fc.constantFrom(
        '2026-11-23T08:00:00+08:00',
        '2026-11-23T08:00:00',
        '2026-02-30T00:00:00Z',
        1_795_392_000,
        1_795_392_000_000,
        null,
      ),
      fc.jsonValue(),
    ),
    values: fc.oneof(
      fc.dictionary(
        fc.constantFrom('ph', 'nh3n', 'w21003', 'NH3-N', '__proto__', 'constructor', 'x'),
        fc.oneof(fc.double(), fc.jsonValue()),
      ),
      fc.jsonValue(),
    ),
    marks: fc.oneof(
      fc.dictionary(fc.constantFrom('ph', 'w21003', 'toString'), fc.oneof(fc.constantFrom('N', 'M', 'x'), fc.jsonValue())),
      fc.jsonValue(),
    ),
    sampled: fc.oneof(
      fc.dictionary(fc.constantFrom('ph', 'nh3n'), fc.oneof(fc.constant('2026-11-23T04:00:00Z'), fc.jsonValue())),
      fc.jsonValue(),
    ),
    seq: fc.jsonValue(),
    source: fc.oneof(fc.constantFrom('sensor', 'lab', 'labor'), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

describe('laws', () => {
  test('whatever JSON comes, nothing is thrown and every value ends once', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly, fc.array(nearly, { maxLength: 6 })), (json) => {
        const text = JSON.stringify(json);
        const decoded = decode(Buffer.from(text));
        expect(ended(decoded)).toBe(due(JSON.parse(text)));
        for (const reading of decoded.readings) {
          expect(Number.isFinite(reading.value) && Number.isInteger(reading.time) && !Object.is(reading.value, -0)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('whatever bytes come, nothing is thrown and something is counted', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('heqing/out/readings', 'heqing/nowhere/readings', ''),
        (bytes, topic) => {
          expect(ended(decode(bytes, { topic }))).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  test('a cut message is never half taken', () => {
    const whole = Buffer.from('{"time":"2026-11-23T08:00:00+08:00","values":{"ph":7.31,"nh3n":0.42}}');
    for (let length = 0; length < whole.length; length++) {
      const decoded = decode(whole.subarray(0, length));
      expect(decoded.readings).toEqual([]);
      expect(decoded.rejections).toMatchObject([{ reason: 'not-json', values: 1 }]);
    }
  });

  test('deep nesting overflows nothing', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(decode(Buffer.from(deep)).rejections).toMatchObject([{ reason: 'not-an-object', values: 1 }]);
    expect(decode(Buffer.from(`{"values":{"ph":${deep}}}`)).rejections).toMatchObject([{ reason: 'not-a-number', values: 1 }]);
  });
});
