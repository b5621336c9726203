/** Does every instant lie in the right window of the site's calendar? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Calendar,
  clockTime,
  datesOf,
  DAY,
  HOUR,
  isoTime,
  localDate,
  parsePeriod,
  shortTime,
  startOfDate,
  WINDOW_KINDS,
  windowAt,
  windowsIn,
} from '../../src/domain/time.js';
import { at } from '../support/wupi.js';

const beijing: Calendar = { offsetMinutes: 480 };
const nepal: Calendar = { offsetMinutes: 345 };
const newYork: Calendar = { offsetMinutes: -300 };
const iso = (t: number): string => isoTime(t, beijing);

describe('windows', () => {
  test.each([
    ['hour', '2026-11-23 08:00', '2026-11-23T08:00:00+08:00', '2026-11-23T09:00:00+08:00'],
    ['hour', '2026-11-23 08:59:59.999', '2026-11-23T08:00:00+08:00', '2026-11-23T09:00:00+08:00'],
    ['day', '2026-11-23 00:00', '2026-11-23T00:00:00+08:00', '2026-11-24T00:00:00+08:00'],
    ['day', '2026-11-22 23:59:59.999', '2026-11-22T00:00:00+08:00', '2026-11-23T00:00:00+08:00'],
    ['month', '2026-01-31 23:00', '2026-01-01T00:00:00+08:00', '2026-02-01T00:00:00+08:00'],
    ['month', '2026-12-31 23:59', '2026-12-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
    ['quarter', '2026-11-23 08:00', '2026-10-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
    ['quarter', '2026-03-31 23:59', '2026-01-01T00:00:00+08:00', '2026-04-01T00:00:00+08:00'],
    ['year', '2026-12-31 23:59', '2026-01-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
    ['year', '2027-01-01 00:00', '2027-01-01T00:00:00+08:00', '2028-01-01T00:00:00+08:00'],
  ] as const)('%s of %s', (kind, t, start, end) => {
    const window = windowAt(kind, at(t), beijing);
    expect([window.kind, iso(window.start), iso(window.end)]).toEqual([kind, start, end]);
  });

  test.each([
    ['2026-02-10', 28],
    ['2028-02-29', 29],
    ['2100-02-10', 28],
    ['2000-02-10', 29],
    ['2026-11-30', 30],
    ['2026-12-31', 31],
  ])('the month of %s has %i days', (day, days) => {
    const { start, end } = windowAt('month', at(day), beijing);
    expect(windowsIn('day', { from: start, to: end }, beijing)).toHaveLength(days);
  });

  test.each(['sample', 'rule'] as const)('a %s is no stretch of the calendar', (kind) => {
    expect(() => windowAt(kind, at('2026-11-23'), beijing)).toThrow(RangeError);
  });

  test('windowsIn: every window that overlaps, none twice, none of an empty span', () => {
    const from = at('2026-11-23 08:30');
    expect(windowsIn('hour', { from, to: at('2026-11-23 10:00') }, beijing).map((w) => clockTime(w.start, beijing))).toEqual([
      '08:00',
      '09:00',
    ]);
    expect(windowsIn('hour', { from, to: from + 1 }, beijing)).toHaveLength(1);
    expect(windowsIn('hour', { from, to: from }, beijing)).toEqual([]);
    expect(windowsIn('hour', { from, to: from - HOUR }, beijing)).toEqual([]);
  });

  test('law: an instant lies in its window, and the window of its start and of its last instant is the same', () => {
    const kinds = WINDOW_KINDS.filter((kind) => kind !== 'sample' && kind !== 'rule');
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) }),
        fc.constantFrom(beijing, nepal, newYork),
        (kind, t, calendar) => {
          const window = windowAt(kind, t, calendar);
          expect(window.start).toBeLessThanOrEqual(t);
          expect(t).toBeLessThan(window.end);
          expect(windowAt(kind, window.start, calendar)).toEqual(window);
          expect(windowAt(kind, window.end - 1, calendar)).toEqual(window);
          expect(windowAt(kind, window.end, calendar).start).toBe(window.end);
        },
      ),
    );
  });
});

describe('texts', () => {
  test.each([
    [beijing, '2026-11-23T08:00:00+08:00'],
    [nepal, '2026-11-23T05:45:00+05:45'],
    [newYork, '2026-11-22T19:00:00-05:00'],
    [{ offsetMinutes: 0 }, '2026-11-23T00:00:00+00:00'],
    [{ offsetMinutes: -210 }, '2026-11-22T20:30:00-03:30'],
  ])('midnight UTC with offset %j is %s', (calendar, text) => {
    expect(isoTime(Date.UTC(2026, 10, 23), calendar)).toBe(text);
    expect(Date.parse(text)).toBe(Date.UTC(2026, 10, 23));
  });

  test('milliseconds only when there are any', () => {
    expect(iso(at('2026-11-23 08:00:00.120'))).toBe('2026-11-23T08:00:00.120+08:00');
  });

  test('day and clock are those of the site', () => {
    const t = Date.UTC(2026, 10, 22, 16, 5);
    expect(localDate(t, beijing)).toBe('2026-11-23');
    expect(clockTime(t, beijing)).toBe('00:05');
    expect(shortTime(t, beijing)).toBe('11-23 00:05');
    expect(startOfDate('2026-11-23', beijing)).toBe(Date.UTC(2026, 10, 22, 16));
    expect(localDate(startOfDate('2026-11-23', beijing) - 1, beijing)).toBe('2026-11-22');
  });
});

describe('periods', () => {
  test.each([
    ['2026', '2026-01-01', '2027-01-01'],
    ['2026-Q1', '2026-01-01', '2026-04-01'],
    ['2026-Q4', '2026-10-01', '2027-01-01'],
    ['2026-11', '2026-11-01', '2026-12-01'],
    ['2026-12', '2026-12-01', '2027-01-01'],
    ['2028-02', '2028-02-01', '2028-03-01'],
  ])('%s', (text, from, to) => {
    expect(parsePeriod(text, beijing)).toEqual({ from: at(from), to: at(to) });
  });

  test.each(['', '26', '2026-13', '2026-00', '2026-1', '2026-Q5', '2026-Q0', '2026-q1', '2026-11-23', ' 2026', '2026\n'])(
    '%j is none',
    (text) => expect(parsePeriod(text, beijing)).toBeNull(),
  );

  test('a leap day is a day', () => {
    expect(startOfDate('2028-03-01', beijing) - startOfDate('2028-02-28', beijing)).toBe(2 * DAY);
  });
});

test('law: remembering the day tells the same dates in any order', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { maxLength: 20 });
  const near = fc.array(fc.integer({ min: at('2026-11-22'), max: at('2026-11-25') }), { maxLength: 50 });
  fc.assert(
    fc.property(fc.oneof(instants, near), fc.constantFrom(beijing, nepal, newYork), (times, calendar) => {
      const dateOf = datesOf(calendar);
      for (const t of times) expect(dateOf(t)).toBe(localDate(t, calendar));
    }),
  );
});
