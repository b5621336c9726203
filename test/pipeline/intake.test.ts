/** Is a message acknowledged when, and only when, every value of it is on disk? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Rejection } from '../../src/domain/reading.js';
import { DAY } from '../../src/domain/time.js';
import { Pipeline } from '../support/pipeline.js';
import { at, reading, series } from '../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

const zero = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };
const refused = (over: Partial<Rejection> = {}): Rejection => ({
  station: null,
  reason: 'not-json',
  detail: '不是 JSON',
  values: 1,
  ...over,
});

test('many deliveries, one commit', async () => {
  const rows = series(
    'nankeng-out',
    'nh3n',
    at('2026-11-23 07:00'),
    1000,
    Array.from({ length: 500 }, (_, i) => i / 1000),
  );
  await Promise.all(rows.map((row) => pipeline.publish(row)));
  expect(pipeline.world.faults.transactions).toBe(1);
  expect(pipeline.parts.log.head()).toBe(1);
  expect(pipeline.counts).toEqual({ ...zero, received: 500, pending: 500 });
});

test('what comes while nothing is committed yet goes into the same commit, what comes later into the next', async () => {
  await Promise.all([pipeline.publish(reading()), pipeline.publish(reading({ parameter: 'tp' }))]);
  await pipeline.publish(reading({ parameter: 'codmn' }));
  expect(pipeline.parts.log.read(0, 9, 9).map((batch) => batch.readings.map((r) => r.parameter))).toEqual([
    ['nh3n', 'tp'],
    ['codmn'],
  ]);
});

describe('a transaction that fails', () => {
  test('acknowledges nothing, keeps nothing, and the next one is well again', async () => {
    pipeline.world.faults.failing = 1;
    const errors = await Promise.all([pipeline.take({ readings: [reading()] }), pipeline.take({ rejections: [refused()] })]);
    expect(errors.map((error) => error?.message)).toEqual(['the power failed', 'the power failed']);
    expect(pipeline.parts.log.head()).toBe(0);
    expect(pipeline.parts.log.read(0, 9, 9)).toEqual([]);
    expect(pipeline.counts).toEqual(zero);
    expect(pipeline.parts.ledger.rejections(9)).toEqual([]);
    expect(pipeline.parts.intake.down).toBe('the power failed');

    await pipeline.publish(reading({ value: 0.5 }));
    expect(pipeline.parts.intake.down).toBeNull();
    expect(pipeline.parts.log.read(0, 9, 9)).toMatchObject([{ seq: 1, readings: [{ value: 0.5 }] }]);
    pipeline.crash();
    expect(pipeline.parts.log.read(0, 9, 9)).toMatchObject([{ seq: 1, readings: [{ value: 0.5 }] }]);
    expect(pipeline.counts).toEqual({ ...zero, received: 1, pending: 1 });
    expect(pipeline.world.journal.lines).toHaveLength(2);
  });

  test('says it once, however long it lasts', async () => {
    pipeline.world.faults.failing = 5;
    for (let i = 0; i < 5; i++) expect(await pipeline.take({ readings: [reading()] })).toBeInstanceOf(Error);
    expect(pipeline.world.journal.lines).toHaveLength(1);
  });

  test('a decoder that throws, as none may, costs its group and not the next', async () => {
    expect(await pipeline.take('throw')).toBeInstanceOf(Error);
    await pipeline.publish(reading());
    expect(pipeline.counts.received).toBe(1);
  });
});

test('quality is decided at intake: a value outside the instrument is kept as fail', async () => {
  await pipeline.publish(
    reading({ parameter: 'ph', value: 15 }),
    reading({ parameter: 'ph', value: 15, mark: 'T', time: at('2026-11-23 07:00') }),
  );
  expect(pipeline.parts.log.read(0, 9, 9)[0]?.readings).toMatchObject([
    { quality: 'fail', checks: ['gross-range'], received: at('2026-11-23 08:00') },
    { quality: 'good', checks: [] },
  ]);
});

describe('refusals', () => {
  test('are kept with their reason and counted, and never block the values beside them', async () => {
    const payload = {
      readings: [reading()],
      rejections: [refused({ station: 'nankeng-out', reason: 'unknown-parameter', values: 2 })],
    };
    expect(await pipeline.take(payload, 'heqing/nankeng-out/readings')).toBeUndefined();
    expect(await pipeline.take({ rejections: [refused()] }, 'heqing/nowhere/readings')).toBeUndefined();
    expect(pipeline.counts).toEqual({ ...zero, received: 4, rejected: 3, pending: 1 });
    const day = pipeline.parts.ledger.counts('2026-11-23');
    expect(day.get('nankeng-out')).toMatchObject({ received: 3, rejected: 2, pending: 1 });
    expect(day.get('')).toMatchObject({ received: 1, rejected: 1 });
    expect(pipeline.parts.ledger.rejections(9)).toMatchObject([
      { topic: 'heqing/nowhere/readings', reason: 'not-json', station: null, values: 1 },
      { topic: 'heqing/nankeng-out/readings', reason: 'unknown-parameter', station: 'nankeng-out', values: 2 },
    ]);
    expect(JSON.parse(new TextDecoder().decode(pipeline.parts.ledger.rejections(9)[1]?.payload))).toEqual(payload);
  });

  test('a refusal alone appends no empty batch', async () => {
    await pipeline.take({ rejections: [refused()] });
    expect(pipeline.parts.log.head()).toBe(0);
  });

  test('only a payload that is too large is cut', async () => {
    const long = 'x'.repeat(300 * 1024);
    await pipeline.take({ rejections: [refused({ reason: 'too-large', detail: long })] });
    await pipeline.take({ rejections: [refused({ reason: 'not-an-object', detail: long })] });
    const [whole, cut] = pipeline.parts.ledger.rejections(9);
    expect(cut?.payload).toHaveLength(256 * 1024);
    expect(whole?.payload.length).toBeGreaterThan(300 * 1024);
  });
});

describe('a message without a time', () => {
  const timeless = (seq: number, value: number) => ({
    readings: [reading({ time: pipeline.clock.now(), value })],
    seq,
    timeless: true,
  });
  const kept = () =>
    Array.from({ length: pipeline.parts.log.head() }, (_, i) => pipeline.parts.log.read(i, i + 1, 99))
      .flat()
      .flatMap((batch) => batch.readings.map((r) => [r.time - at('2026-11-23 08:00'), r.value]));

  test('is known again by its number and content: the first arrival is its time', async () => {
    const first = timeless(7, 0.4);
    await pipeline.take(first);
    pipeline.clock.advance(5000);
    await pipeline.take(first);
    await pipeline.take({ ...first, seq: 8 });
    await pipeline.take({ ...first, readings: [{ ...first.readings[0]!, value: 0.5 }] });
    expect(kept()).toEqual([
      [0, 0.4],
      [0, 0.4],
      [5000, 0.4],
      [5000, 0.5],
    ]);
  });

  test('a redelivery after a crash is a duplicate', async () => {
    const payload = timeless(7, 0.4);
    await pipeline.take(payload);
    pipeline.crash();
    pipeline.clock.advance(5000);
    await pipeline.take(payload);
    expect(kept()).toEqual([
      [0, 0.4],
      [0, 0.4],
    ]);
    await pipeline.run();
    expect(pipeline.counts).toMatchObject({ received: 2, stored: 1, duplicate: 1, pending: 0 });
  });

  test('is forgotten after a week', async () => {
    const payload = timeless(7, 0.4);
    await pipeline.take(payload);
    pipeline.clock.advance(8 * DAY);
    pipeline.parts.ledger.prune(pipeline.clock.now());
    await pipeline.take(payload);
    expect(kept().map(([time]) => time)).toEqual([0, 8 * DAY]);
  });
});

test('drained: resolves when everything taken is committed', async () => {
  await pipeline.parts.intake.drained();
  let done = 0;
  for (let i = 0; i < 20; i++) void pipeline.publish(reading({ time: at('2026-11-23 07:00') + i })).then(() => done++);
  await pipeline.parts.intake.drained();
  expect(pipeline.counts.received).toBe(20);
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBe(20);
});
