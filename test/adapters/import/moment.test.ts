/** Is the instant that a cell names read as its writer meant it, and nothing guessed? */
import { describe, expect, test } from '@jest/globals';
import { readMoment } from '../../../src/adapters/import/moment.js';
import type { Cell } from '../../../src/adapters/import/tables.js';
import { isoTime } from '../../../src/domain/time.js';

const beijing = { offsetMinutes: 480 };
const wall = (text: string): Date => new Date(`${text}Z`);

const read: readonly [date: Cell, clock: Cell | undefined, expected: string][] = [
  ['2026-11-23 08:00', undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-23T08:00:05', undefined, '2026-11-23T08:00:05+08:00'],
  ['2026/11/3 8:05', undefined, '2026-11-03T08:05:00+08:00'],
  ['2026.11.3 8:05:09', undefined, '2026-11-03T08:05:09+08:00'],
  ['2026年11月3日 8时30分', undefined, '2026-11-03T08:30:00+08:00'],
  ['2026年11月3日8时', undefined, '2026-11-03T08:00:00+08:00'],
  ['2026-11-23 08:00', undefined, '2026-11-23T08:00:00+08:00'],
  ['20261123080000', undefined, '2026-11-23T08:00:00+08:00'],
  [202611230800, undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-23T00:00:00Z', undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-23T08:00:00+08:00', undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-23 05:30 +0530', undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-22 24:00', undefined, '2026-11-23T00:00:00+08:00'],
  // Excel: a date cell, a serial number in a cell without a date format, a fraction that is a hair short.
  [wall('2026-11-23T08:00:00'), undefined, '2026-11-23T08:00:00+08:00'],
  [46349.333333333336, undefined, '2026-11-23T08:00:00+08:00'],
  [wall('2026-11-23T07:59:59.999'), undefined, '2026-11-23T08:00:00+08:00'],
  ['2026-11-23', '8:30', '2026-11-23T08:30:00+08:00'],
  [wall('2026-11-23T00:00:00'), wall('1899-12-30T08:30:00'), '2026-11-23T08:30:00+08:00'],
  [wall('2026-11-23T00:00:00'), 0.5, '2026-11-23T12:00:00+08:00'],
];

const dayOnly: readonly [Cell, string][] = [
  ['2026-11-23', '2026-11-23T00:00:00+08:00'],
  ['20261123', '2026-11-23T00:00:00+08:00'],
  [46349, '2026-11-23T00:00:00+08:00'],
  [wall('2026-11-23T00:00:00'), '2026-11-23T00:00:00+08:00'],
  ['2024-02-29', '2024-02-29T00:00:00+08:00'],
];

const refused: readonly [date: Cell, clock: Cell | undefined, why: string][] = [
  ['', undefined, '没有时间'],
  [null, undefined, '没有时间'],
  ['23-11-26', undefined, '看不懂'],
  ['11/23/2026', undefined, '看不懂'],
  ['2026-11', undefined, '看不懂'],
  ['昨天', undefined, '看不懂'],
  ['2026-02-29', undefined, '日历里没有'],
  ['2026-13-01', undefined, '日历里没有'],
  ['2026-11-23 25:00', undefined, '不是一天中的时刻'],
  ['2026-11-23 08:60', undefined, '不是一天中的时刻'],
  ['2026-11-23', '早上', '看不懂'],
  ['2026-11-23 08:00', '09:00', '已有时刻'],
  [12, undefined, '看不懂'],
];

describe('a time cell', () => {
  test.each(read)('%s %s is %s', (date, clock, expected) => {
    const moment = readMoment(date, clock, beijing);
    expect(moment).toMatchObject({ dateOnly: false });
    expect(isoTime((moment as { at: number }).at, beijing)).toBe(expected);
  });

  test.each(dayOnly)('%s names a day: its first instant, and that is said', (date, expected) => {
    const moment = readMoment(date, undefined, beijing);
    expect(moment).toMatchObject({ dateOnly: true });
    expect(isoTime((moment as { at: number }).at, beijing)).toBe(expected);
  });

  test.each(refused)('%j %s is refused: %s', (date, clock, why) => {
    expect(readMoment(date, clock, beijing)).toEqual(expect.stringContaining(why));
  });
});
