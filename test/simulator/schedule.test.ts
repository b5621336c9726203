/** Are values due when the config says so, and do message numbers leave no hole? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { timetableOf } from '../../src/simulator/schedule.js';

const BEIJING = { offsetMinutes: 480 };
const T = Date.parse('2026-11-23T00:00:00+08:00');
const of = (...cadences: number[]) =>
  timetableOf(
    cadences.map((cadence, i) => ({ parameter: `p${i}`, cadence })),
    BEIJING,
  );

describe('timetable', () => {
  test('four-hourly analysers report at 00, 04, … local time, hourly ones every hour', () => {
    const timetable = of(60, 240);
    const day = Array.from({ length: 24 }, (_, h) => timetable.due(T + h * HOUR).join());
    expect(day).toEqual(Array.from({ length: 24 }, (_, h) => (h % 4 === 0 ? 'p0,p1' : 'p0')));
    expect(timetable.due(T + 30 * MINUTE)).toEqual([]);
    expect(timetable.due(T + 1)).toEqual([]);
    expect(timetable.next(T)).toBe(T + HOUR);
    expect(timetable.next(T - 1)).toBe(T);
    expect(timetable.complete(T + 5.5 * HOUR)).toBe(T + 4 * HOUR);
    expect(timetable.values(T - 1, T + 8 * HOUR)).toBe(9 + 3);
  });

  test('numbers rise by one from instant to instant, whatever the cadences', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1440 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 1e6 }),
        (cadences, m) => {
          const timetable = of(...cadences);
          let t = timetable.next(T + m * MINUTE);
          for (let i = 0; i < 20; i++) {
            const next = timetable.next(t);
            expect(timetable.due(next).length).toBeGreaterThan(0);
            expect(timetable.number(next)).toBe(timetable.number(t) + 1);
            t = next;
          }
        },
      ),
    );
  });
});
