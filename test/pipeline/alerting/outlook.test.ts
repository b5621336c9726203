/** Does the recent course cost little, whatever comes in, and does it see what changed? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { hourly, Outlook } from '../../../src/pipeline/alerting/outlook.js';
import { at, reading, series } from '../../support/wupi.js';

const NOW = at('2026-11-23 08:00');
let database: Database;
let workingSet: SqliteWorkingSet;
let outlook: Outlook;
let read: number;
const keep = (...readings: readonly JudgedReading[]): void =>
  database.transact(() => {
    for (const r of readings) workingSet.settle(r);
    workingSet.flush();
  });
const course = (now = NOW) => {
  outlook.begin();
  return outlook.course('nankeng-out', 'nh3n', now);
};

beforeEach(() => {
  database = new Database(':memory:');
  workingSet = new SqliteWorkingSet(database, false);
  read = 0;
  outlook = new Outlook(
    {
      newest: (station, parameter) => workingSet.newest(station, parameter),
      rows: (query, source, max) => {
        const rows = workingSet.rows(query, source, max);
        read += rows.length;
        return rows;
      },
    },
    8,
  );
});
afterEach(() => database.close());

describe('distinct valid measurements', () => {
  const rows = (over: Partial<JudgedReading>[]) => over.map((o, i) => reading({ time: NOW + i * HOUR, value: i, ...o }));
  test.each<[string, Partial<JudgedReading>[], number[]]>([
    ['plain', [{}, {}, {}], [0, 1, 2]],
    ['a repeated sampling instant is one', [{ sampled: NOW }, { sampled: NOW }, { sampled: NOW + 2 * HOUR }], [0, 2]],
    ['an unconfirmed spike is out', [{}, { quality: 'suspect', checks: ['spike'] }, {}], [0, 2]],
    ['another doubt stays in', [{}, { quality: 'suspect', checks: ['rate-of-change'] }], [0, 1]],
    ['a calibration is out', [{ mark: 'C' }, {}], [1]],
    ['over range is out', [{ mark: 'T' }, {}], [1]],
    ['set invalid by people', [{ ruling: 'invalid' }, {}], [1]],
    ['of several in an hour the median', [{}, { time: NOW + 1, value: 8 }, { time: NOW + 2, value: 9 }], [8]],
  ])('%s', (_, over, values) => {
    expect(hourly(rows(over)).map(({ value }) => value)).toEqual(values);
  });
});

test('nothing is there: nothing', () => expect(course()).toBeNull());

test('without anything new it is the same array and reads nothing; a new value reads the last hours', () => {
  keep(...series('nankeng-out', 'nh3n', NOW - 7 * DAY, HOUR, Array<number>(168).fill(0.4)));
  const first = course()!;
  expect(first).toHaveLength(168);
  read = 0;
  expect(course(NOW + 1000)).toBe(first);
  expect(read).toBe(0);
  keep(reading({ time: NOW, value: 0.9 }));
  expect(course(NOW + 2000)!.at(-1)).toEqual({ time: NOW, value: 0.9 });
  expect(read).toBeLessThan(6);
});

test('a late value, and an amendment, are seen within the hour', () => {
  keep(...series('nankeng-out', 'nh3n', NOW - 7 * DAY, HOUR, Array<number>(168).fill(0.4)));
  course();
  keep(reading({ time: NOW - 3 * DAY + MINUTE, value: 0.8 }));
  keep(
    reading({
      time: NOW - 2 * DAY,
      value: 0.4,
      quality: 'fail',
      checks: ['spike'],
      amended: { by: 'judge', reason: '', at: NOW },
    }),
  );
  const later = course(NOW + HOUR)!;
  expect(later.some(({ time }) => time === NOW - 2 * DAY)).toBe(false);
  expect(later.some(({ value }) => Math.abs(value - 0.6) < 1e-9)).toBe(true);
});

test('a dense series is read in samples and at its own pace', () => {
  const n = 3 * 3600;
  keep(
    ...series(
      'nankeng-out',
      'nh3n',
      NOW - n * SECOND,
      SECOND,
      Array.from({ length: n }, (_, i) => 0.4 + i / n),
    ),
  );
  const first = course()!;
  expect(first).toHaveLength(3);
  expect(first[0]!.value).toBeCloseTo(0.4 + 1 / 6, 1);
  read = 0;
  for (let i = 0; i < 60; i++) {
    keep(reading({ time: NOW + i * 10 * SECOND, value: 1.4 }));
    course(NOW + i * 10 * SECOND);
  }
  expect(read).toBeLessThan(400);
});

test('many series are not all read in one round', () => {
  const codes = Array.from({ length: 20 }, (_, i) => `x${i}`);
  for (const code of codes) keep(reading({ parameter: code }));
  const heard = (): number => {
    outlook.begin();
    return codes.filter((code) => outlook.course('nankeng-out', code, NOW) !== null).length;
  };
  expect(heard()).toBe(8);
  expect(heard()).toBe(16);
  expect(heard()).toBe(20);
});

test('the mean of an hour weighs every value', () => {
  keep(...series('nankeng-out', 'nh3n', NOW - 50 * MINUTE, 10 * MINUTE, [1, 1, 1, 1, 1, 7]));
  expect(outlook.mean('nankeng-out', 'nh3n', NOW - HOUR + 1, NOW + 1)).toBe(2);
  expect(outlook.mean('nankeng-out', 'nh3n', NOW - 3 * HOUR, NOW - 2 * HOUR)).toBeNull();
});
