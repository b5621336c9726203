/** What came, what was due, what was refused: is it all told, and refused in words where it cannot be? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, reading, series, siteWith, station, times } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
const say = async (now: string, readings: readonly JudgedReading[] = []): Promise<void> => {
  pipeline.clock.set(at(now));
  if (readings.length > 0) await pipeline.publish(...readings);
  await pipeline.run();
};

describe('readings', () => {
  const ask = (query: Partial<Parameters<Pipeline['parts']['records']['readings']>[1]> = {}, id = 'nankeng-out') =>
    pipeline.parts.records.readings(id, {
      parameter: 'nh3n',
      from: '2026-11-23T00:00:00+08:00',
      to: '2026-11-24T00:00:00+08:00',
      ...query,
    });

  test('half-open, in order, by code or alias, also what the archive has not got yet', async () => {
    await open({ archive: 'outside' });
    pipeline.outside.away = true;
    pipeline.clock.set(at('2026-11-24 09:00'));
    await pipeline.publish(...series('nankeng-out', 'nh3n', at('2026-11-23'), 12 * HOUR, [0.1, 0.2, 0.3]).reverse());
    await pipeline.run();
    expect(await ask()).toMatchObject({ partial: true, readings: [{ value: 0.1 }, { value: 0.2 }] });
    pipeline.outside.away = false;
    expect(await ask({ parameter: 'w21003' })).toEqual({
      parameter: 'nh3n',
      unit: 'mg/L',
      readings: [
        { time: '2026-11-23T00:00:00+08:00', value: 0.1, mark: 'N', quality: 'good', checks: [], source: 'sensor' },
        { time: '2026-11-23T12:00:00+08:00', value: 0.2, mark: 'N', quality: 'good', checks: [], source: 'sensor' },
      ],
    });
    await pipeline.run();
    expect((await ask({ from: '2026-11-23', to: '2026-11-25' })).readings).toHaveLength(3);
    expect((await ask({ from: '2026-11-23T12:00:00 08:00' })).readings).toHaveLength(1);
    expect(await ask({ step: '1d' })).toMatchObject({
      readings: [{ start: '2026-11-23T00:00:00+08:00', min: 0.1, max: 0.2, valid: 2, total: 2 }],
    });
  });

  test.each([
    [{ parameter: 'none' }, 'nankeng-out', 'not-found', /没有代号为 none 的指标/],
    [{}, 'none', 'not-found', /没有代号为 none 的站点/],
    [{ from: '2026-11-23T00:00:00' }, 'nankeng-out', 'bad-request', /from 应为带时区的时间/],
    [{ to: 'x' }, 'nankeng-out', 'bad-request', /to 应为带时区的时间/],
    [{ to: '2026-11-22' }, 'nankeng-out', 'bad-request', /to 早于 from/],
    [{ from: '2000-01-01', step: '1m' }, 'nankeng-out', 'bad-request', /step 1m 太短/],
  ])('%j of %s is refused: %s', async (query, id, kind, words) => {
    await open();
    await expect(ask(query, id)).rejects.toMatchObject({ kind, message: expect.stringMatching(words) });
  });

  test('fifty thousand rows are an answer, one more is a 400 that names step', async () => {
    await open();
    const rows = series('nankeng-out', 'nh3n', at('2026-11-23'), 1000, times(50_001, 0.4));
    pipeline.parts.database.transact(() => {
      for (const row of rows) pipeline.parts.workingSet.settle(row);
      pipeline.parts.workingSet.flush();
    });
    await expect(ask()).rejects.toMatchObject({ kind: 'bad-request', message: expect.stringContaining('step') });
    expect((await ask({ from: '2026-11-23T00:00:01+08:00' })).readings).toHaveLength(50_000);
    expect((await ask({ step: '1h' })).readings).toHaveLength(14);
  });

  test('the archive away and nothing at hand: unavailable, not empty', async () => {
    await open({ archive: 'outside' });
    pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
    pipeline.outside.away = true;
    await expect(ask({ from: '2026-01-01', to: '2026-01-02' })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(ask({ step: '1h' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await ask()).toMatchObject({ partial: true, readings: [] });
  });
});

describe('receipts', () => {
  const of = async (id: string, date?: string) =>
    (await pipeline.parts.records.receipts(date)).stations.find((s) => s.station === id)!;

  test('what was due and what came, by measured day, and which stretches are missing', async () => {
    await open();
    const tap = [
      ...series('changtan-tap', 'turb', at('2026-11-22'), 15 * MINUTE, times(4, 0.3), { mark: 'M' }),
      ...series('changtan-tap', 'turb', at('2026-11-22 01:00'), 15 * MINUTE, times(92, 0.3)),
      ...series('changtan-tap', 'cl2', at('2026-11-22 06:00'), 15 * MINUTE, times(24, 0.3)),
    ];
    await say('2026-11-23 08:00', [...tap, ...tap.slice(0, 4)]);
    expect(await of('changtan-tap', '2026-11-22')).toEqual({
      station: 'changtan-tap',
      expected: 288,
      // What arrived today counts today.
      received: 0,
      stored: 0,
      duplicate: 0,
      corrected: 0,
      rejected: 0,
      pending: 0,
      // What came while it was cleaned is there and does not count.
      valid: 92 + 24,
      missing: [
        { parameter: 'ph', from: '2026-11-22T00:00:00+08:00', to: '2026-11-23T00:00:00+08:00' },
        { parameter: 'cl2', from: '2026-11-22T00:00:00+08:00', to: '2026-11-22T06:00:00+08:00' },
        { parameter: 'cl2', from: '2026-11-22T12:00:00+08:00', to: '2026-11-23T00:00:00+08:00' },
      ],
      missingMessages: 0,
      gaps: [],
    });
    const today = await pipeline.parts.records.receipts(undefined);
    expect(today.date).toBe('2026-11-23');
    expect(today.stations.find((s) => s.station === 'changtan-tap')).toMatchObject({
      received: 124,
      stored: 120,
      duplicate: 4,
      expected: 3 * 32,
    });
    expect(today.service).toEqual({ received: 124, stored: 120, duplicate: 4, corrected: 0, rejected: 0, pending: 0 });
    const sum = today.stations.reduce((n, s) => n + s.received, 0);
    expect(sum).toBe(124);
  });

  test('a day still running expects what was due so far; a day before the first reading expects nothing', async () => {
    await open();
    await say('2026-11-23 09:59', [reading({ time: at('2026-11-23 00:00') })]);
    expect((await of('nankeng-out')).missing.find((m) => m.parameter === 'nh3n')).toEqual({
      parameter: 'nh3n',
      from: '2026-11-23T04:00:00+08:00',
      to: '2026-11-23T08:00:00+08:00',
    });
    expect((await of('nankeng-out', '2026-11-22')).expected).toBe(0);
    expect(await of('nankeng-out', '2026-11-24')).toMatchObject({ expected: 0, missing: [] });
  });

  test('a device that measures where two slots meet misses nothing by a second of jitter, and a loss is still one', async () => {
    await open();
    const jitter = [0, -1, 1, -1, -1, 1, 0, -1];
    const turb = Array.from({ length: 96 }, (_, i) => ({
      ...reading({ station: 'changtan-tap', parameter: 'turb' }),
      time: at('2026-11-22') + i * 15 * MINUTE + jitter[i % 8]! * 1000 + (i === 0 ? 1000 : 0),
    }));
    await say('2026-11-23 08:00', turb);
    const missing = async () => (await of('changtan-tap', '2026-11-22')).missing.filter((m) => m.parameter === 'turb');
    expect(await missing()).toEqual([]);
    await pipeline.dispose();
    await open();
    await say(
      '2026-11-23 08:00',
      turb.filter((_, i) => i < 40 || i > 43),
    );
    // Four values are four slots, wherever their borders lie.
    const gaps = (await missing()).map(({ from, to }) => Date.parse(to) - Date.parse(from));
    expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(60 * MINUTE);
  });

  test('a device faster than its cadence fills no slot in which nothing came', async () => {
    await open();
    await say('2026-11-23 08:00', series('changtan-tap', 'turb', at('2026-11-22'), MINUTE, times(15, 0.3)));
    expect((await of('changtan-tap', '2026-11-22')).missing.find((m) => m.parameter === 'turb')).toMatchObject({
      from: '2026-11-22T00:15:00+08:00',
    });
  });

  test('a device that never spoke is missed from the day the config names', async () => {
    await open({ site: siteWith(station('changtan-tap', { since: '2026-11-01' })) });
    expect(await of('changtan-tap', '2026-11-22')).toMatchObject({
      expected: 288,
      received: 0,
      missing: [{ parameter: 'turb' }, { parameter: 'ph' }, { parameter: 'cl2' }],
    });
  });

  test('an unknown station counts for the service only; inactive ones are not listed', async () => {
    await open();
    await pipeline.take({ rejections: [{ station: null, reason: 'unknown-station', detail: 'x', values: 3 }] });
    const { stations, service } = await pipeline.parts.records.receipts(undefined);
    expect(service).toMatchObject({ received: 3, rejected: 3 });
    expect(stations.every((s) => s.received === 0)).toBe(true);
    expect(stations.map((s) => s.station)).not.toContain('gangue-heap');
  });

  test.each(['2026-02-30', '2026-13-01', 'x'])('%s is no day', async (date) => {
    await open();
    await expect(pipeline.parts.records.receipts(date)).rejects.toMatchObject({ kind: 'bad-request' });
  });
});

test('rejections: newest first, each payload to its first four KiB, as text', async () => {
  await open();
  const rejection = { station: null, reason: 'not-json' as const, detail: '不是 JSON', values: 1 };
  await pipeline.take({ rejections: [rejection] }, 'heqing/a/readings');
  await pipeline.take({ rejections: [{ ...rejection, detail: 'y'.repeat(9000) }] }, 'heqing/b/readings');
  const { rejections } = pipeline.parts.records.rejections(10);
  expect(rejections.map((r) => r.topic)).toEqual(['heqing/b/readings', 'heqing/a/readings']);
  expect(rejections[0]?.payload).toHaveLength(4096);
  expect(rejections[1]).toMatchObject({
    time: '2026-11-23T08:00:00+08:00',
    reason: 'not-json',
    payload: expect.stringContaining('"values":1'),
  });
  expect(pipeline.parts.records.rejections(1).rejections).toHaveLength(1);
});
