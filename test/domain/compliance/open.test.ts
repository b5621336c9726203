/** Is a window that is open told with what is there of it, and without a verdict? */
import { describe, expect, test } from '@jest/globals';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import { openWindow, openWindows } from '../../../src/domain/compliance/open.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { DAY, localDate } from '../../../src/domain/time.js';
import { at, byParameter, riverDay, station, times, windowOf, wupi } from '../../support/wupi.js';

const out = station('nankeng-out');
/** Nothing is excused. */
const whole = () => wupi;
const judgedDay = (readings: readonly JudgedReading[], day: string): Verdict =>
  assessWindow(wupi, out, windowOf('day', day), byParameter(readings));

describe('the open window has no verdict', () => {
  test('a river day so far', () => {
    const now = at('2026-11-23 09:00');
    const today = riverDay('2026-11-23', { nh3n: [0.4, 0.4, 0.4, null, null, null], tp: [0.08] }).filter((r) => r.time < now);
    const open = openWindow(
      wupi,
      out,
      now,
      (parameter, span) => today.filter((r) => r.parameter === parameter && r.time >= span.from && r.time < span.to),
      whole,
    );
    // Three slots have begun: pH, DO, CODMn and NH₃-N have all of them, TP one.
    expect(open).toEqual({ window: windowOf('day', '2026-11-23'), validCount: 13, dueCount: 30, class: 'II' });
    expect(open).not.toHaveProperty('verdict');
  });

  test('every kind of window of a section: the day of its readings, the periods of the windows that are over', () => {
    const now = at('2026-11-23 09:00');
    const day = (i: number): Verdict => {
      const text = localDate(at('2026-11-01') + i * DAY, wupi.calendar);
      return judgedDay(riverDay(text, i < 2 ? { nh3n: times(6, 1.9) } : {}), text);
    };
    const days = Array.from({ length: 22 }, (_, i) => day(i));
    const october = assessPeriod(wupi, out, windowOf('month', '2026-10-15'), []);
    const asked: [string, number, number][] = [];
    const open = openWindows(
      wupi,
      out,
      now,
      () => [],
      (window) => {
        asked.push([window.kind, window.start, window.end]);
        return assessPeriod(wupi, out, window, window.kind === 'month' ? days : [october]);
      },
      whole,
    );
    expect(open.map(({ window, validCount, dueCount, class: name }) => [window.kind, validCount, dueCount, name])).toEqual([
      ['day', 0, 30, null],
      ['month', 5 * 22, 5 * 30, 'III'],
      ['quarter', 0, 5 * 3, null],
      ['year', 0, 5 * 12, null],
    ]);
    expect(asked).toEqual([
      ['month', at('2026-11-01'), at('2026-12-01')],
      ['quarter', at('2026-10-01'), at('2027-01-01')],
      ['year', at('2026-01-01'), at('2027-01-01')],
    ]);
    for (const each of open) expect(each).not.toHaveProperty('verdict');
  });

  test('yesterday is not asked for', () => {
    const spans: number[] = [];
    openWindow(
      wupi,
      out,
      at('2026-11-23 00:00'),
      (_, span) => {
        spans.push(span.from, span.to);
        return [];
      },
      whole,
    );
    expect(new Set(spans)).toEqual(new Set([at('2026-11-23'), at('2026-11-23') + DAY]));
  });

  test.each([
    ['changtan-tap', '2026-11-23 09:10', 'hour', '2026-11-23 09:00'],
    ['dust-site-1', '2026-11-23 09:10', 'rule', '2026-11-23 09:00'],
    ['qinghuchong-outlet', '2026-11-23 09:10', 'day', '2026-11-23 00:00'],
  ])('%s', (id, now, kind, start) => {
    const open = openWindow(wupi, station(id), at(now), () => [], whole);
    expect(open).toMatchObject({ window: { kind, start: at(start) }, validCount: 0, class: null });
    expect(open.dueCount).toBeGreaterThan(0);
  });
});
