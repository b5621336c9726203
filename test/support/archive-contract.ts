/** What must every archive do? One suite for the fake and for each real one. */
import { expect, test } from '@jest/globals';
import type { JudgedReading } from '../../src/domain/reading.js';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.js';
import type { Archive, SeriesQuery } from '../../src/pipeline/ports.js';
import { at, reading, series } from './wupi.js';

/** An archive under test. `put` brings readings into it as the pipeline would. */
export interface Subject {
  readonly archive: Archive;
  readonly put: (readings: readonly JudgedReading[]) => Promise<void>;
}

const T0 = at('2026-11-22');
let fresh = 0;

/** Registers the tests; every one uses stations of its own. */
export function archiveContract(subject: () => Subject): void {
  const name = (): string => `contract-${(fresh += 1)}`;
  const whole = (station: string, parameter = 'nh3n'): SeriesQuery => ({ station, parameter, from: T0 - DAY, to: T0 + 2 * DAY });

  test('keeps every field', async () => {
    const station = name();
    const { archive, put } = subject();
    const rows = [
      reading({ station, time: T0, value: 1e-7, sampled: T0 - HOUR }),
      reading({ station, time: T0 + 1, value: -12.5, mark: 'D', quality: 'fail', checks: ['gross-range'] }),
      reading({ station, time: T0 + 2, value: 7, source: 'lab', mark: 'S', quality: 'suspect', checks: ['spike', 'flat-line'] }),
    ];
    await put(rows);
    expect(await archive.readings(whole(station), 10)).toEqual(rows);
  });

  test('the last write of a key stands; repeating one changes nothing', async () => {
    const station = name();
    const { archive, put } = subject();
    const first = reading({ station, time: T0, value: 0.4 });
    const second = { ...first, value: 0.5, mark: 'M' as const };
    await put([first]);
    await put([first]);
    await put([second]);
    await put([second]);
    expect(await archive.readings(whole(station), 10)).toEqual([second]);
    expect(await archive.count(whole(station))).toBe(1);
  });

  test('sensor and laboratory of one instant are two readings', async () => {
    const station = name();
    const { archive, put } = subject();
    await put([reading({ station, time: T0, value: 1 }), reading({ station, time: T0, value: 2, source: 'lab', mark: 'S' })]);
    expect(await archive.count(whole(station))).toBe(2);
    const key = { station, parameter: 'nh3n', time: T0 };
    expect(
      await archive.find([
        { ...key, source: 'lab' },
        { ...key, source: 'sensor' },
      ]),
    ).toMatchObject([
      { value: 2, mark: 'S' },
      { value: 1, mark: 'N' },
    ]);
  });

  test('finds keys in their order, and undefined where it holds nothing', async () => {
    const station = name();
    const { archive, put } = subject();
    await put(series(station, 'nh3n', T0, HOUR, [1, 2, 3]));
    const key = (parameter: string, hour: number) => ({ station, parameter, source: 'sensor' as const, time: T0 + hour * HOUR });
    const found = await archive.find([key('nh3n', 2), key('nh3n', 7), key('tp', 0), key('nh3n', 0), key('nh3n', 2)]);
    expect(found.map((held) => held?.value)).toEqual([3, undefined, undefined, 1, 3]);
    expect(await archive.find([])).toEqual([]);
  });

  test('a query is half-open, in order of time, of one series, and never longer than asked', async () => {
    const station = name();
    const { archive, put } = subject();
    const rows = series(station, 'nh3n', T0, HOUR, [1, 2, 3, 4, 5]);
    await put([rows[3]!, rows[0]!, rows[4]!]);
    await put([rows[1]!, rows[2]!]);
    await put([...series(station, 'tp', T0, HOUR, [9, 9]), ...series(name(), 'nh3n', T0, HOUR, [9, 9])]);
    const query = { ...whole(station), from: T0 + HOUR, to: T0 + 4 * HOUR };
    expect((await archive.readings(query, 10)).map((r) => r.value)).toEqual([2, 3, 4]);
    expect((await archive.readings(query, 2)).map((r) => r.value)).toEqual([2, 3]);
    expect(await archive.count(query)).toBe(3);
    expect(await archive.readings({ ...query, to: query.from }, 10)).toEqual([]);
    expect(await archive.count({ ...query, to: query.from })).toBe(0);
  });

  test('steps: aligned to the origin, over what counts, only those that hold a reading', async () => {
    const station = name();
    const { archive, put } = subject();
    await put([
      ...series(station, 'nh3n', T0, 20 * MINUTE, [1, 2, 6]),
      reading({ station, time: T0 + 30 * MINUTE, value: 900, quality: 'fail', checks: ['gross-range'] }),
      reading({ station, time: T0 + 35 * MINUTE, value: 800, mark: 'C' }),
      reading({ station, time: T0 + 2 * HOUR, value: 7, mark: 'D' }),
      reading({ station, time: T0 + 3 * HOUR, value: 5, mark: 'T' }),
    ]);
    const origin = at('2000-01-01');
    expect(await archive.steps(whole(station), HOUR, origin)).toEqual([
      { start: T0, mean: 3, min: 1, max: 6, valid: 3, total: 5 },
      { start: T0 + 2 * HOUR, mean: null, min: null, max: null, valid: 0, total: 1 },
      { start: T0 + 3 * HOUR, mean: 5, min: 5, max: 5, valid: 1, total: 1 },
    ]);
    // A day of the site begins at midnight in Beijing, not in Greenwich.
    expect((await archive.steps(whole(station), DAY, origin)).map(({ start, total }) => [start, total])).toEqual([[T0, 7]]);
    expect(
      (await archive.steps({ ...whole(station), from: T0 + 20 * MINUTE, to: T0 + HOUR }, HOUR, origin)).map((s) => s.total),
    ).toEqual([4]);
    expect(await archive.steps(whole(name()), HOUR, origin)).toEqual([]);
  });

  test('what people decided is kept, stands in steps, and can be lifted', async () => {
    const station = name();
    const { archive, put } = subject();
    const at = (minutes: number, over: Partial<JudgedReading>): JudgedReading =>
      reading({ station, time: T0 + minutes * MINUTE, ...over });
    const rows = [
      at(0, { value: 1 }),
      at(10, { value: 100, ruling: 'maintenance' }),
      at(20, { value: 9, mark: 'C', ruling: 'restored' }),
      at(30, { value: 5, quality: 'fail', checks: ['spike'], ruling: 'suspect' }),
      at(40, { value: -100, ruling: 'invalid' }),
      at(60, { value: 3 }),
      at(180, { value: 7, ruling: 'invalid' }),
    ];
    await put(rows);
    expect(await archive.readings(whole(station), 10)).toEqual(rows);
    const steps = async (): Promise<unknown[]> =>
      (await archive.steps(whole(station), HOUR, T0)).map(({ start: _, ...step }) => step);
    const last = [
      { mean: 3, min: 3, max: 3, valid: 1, total: 1 },
      { mean: null, min: null, max: null, valid: 0, total: 1 },
    ];
    expect(await steps()).toEqual([{ mean: 5, min: 1, max: 9, valid: 3, total: 5 }, ...last]);
    const lifted = { ...at(10, { value: 100 }), amended: { by: 'officer', reason: '误记', at: T0 + DAY } };
    await put([lifted]);
    expect((await archive.readings(whole(station), 10)).map((r) => r.ruling)[1]).toBeUndefined();
    expect(await steps()).toEqual([{ mean: 28.75, min: 1, max: 100, valid: 4, total: 5 }, ...last]);
  });

  test('many values at once', async () => {
    const station = name();
    const { archive, put } = subject();
    const rows = series(
      station,
      'nh3n',
      T0,
      5000,
      Array.from({ length: 6000 }, (_, i) => i / 1000),
    );
    await put(rows);
    expect(await archive.count(whole(station))).toBe(6000);
    expect((await archive.readings(whole(station), 10_000)).at(-1)).toEqual(rows.at(-1));
    expect((await archive.find(rows)).every((held, i) => held?.value === rows[i]?.value)).toBe(true);
  });

  test('answers when asked whether it is there', async () => {
    await expect(subject().archive.check()).resolves.toBeUndefined();
  });
}
