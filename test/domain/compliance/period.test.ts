/** Are months judged from their days as the method says? Quarters and years stand among the worked cases of `standards/`. */
import { describe, expect, test } from '@jest/globals';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import type { Station } from '../../../src/domain/station.js';
import { HOUR, localDate, windowsIn } from '../../../src/domain/time.js';
import { byParameter, riverDay, series, station, times, windowOf, wupi } from '../../support/wupi.js';

const out = station('nankeng-out');
const judgedDay = (readings: readonly JudgedReading[], day = '2026-11-22', of: Station = out, site: Site = wupi): Verdict =>
  assessWindow(site, of, windowOf('day', day), byParameter(readings));
const finding = (verdict: Verdict, parameter: string) => verdict.findings.find((f) => f.parameter === parameter);

describe('a river month', () => {
  const month = (text: string, of: (day: string, i: number) => readonly JudgedReading[]): Verdict => {
    const window = windowOf('month', `${text}-15`);
    const days = windowsIn('day', { from: window.start, to: window.end }, wupi.calendar).map((w, i) => {
      const day = localDate(w.start, wupi.calendar);
      return judgedDay(of(day, i), day);
    });
    return assessPeriod(wupi, out, window, days);
  };
  const first =
    (n: number, value = 0.4) =>
    (day: string, i: number): readonly JudgedReading[] =>
      i < n ? riverDay(day, { nh3n: times(6, value) }) : [];

  test.each([
    ['2026-11', 18, 'met', null],
    ['2026-11', 17, 'undetermined', '有效数据不足(17/30)'],
    ['2026-12', 19, 'met', null],
    ['2026-12', 18, 'undetermined', '有效数据不足(18/31)'],
    ['2026-02', 17, 'met', null],
    ['2026-02', 16, 'undetermined', '有效数据不足(16/28)'],
    ['2028-02', 18, 'met', null],
    ['2028-02', 17, 'undetermined', '有效数据不足(17/29)'],
  ])('%s with %i valid days (60 %% are needed): %s', (text, n, verdict, reason) => {
    const found = month(text, first(n));
    expect(found.verdict).toBe(verdict);
    expect(found.reason ?? '').toContain(reason ?? '');
  });

  test('means first, class second: days of 0.4 and of 1.9 make a month of 1.15, class Ⅳ', () => {
    const found = month('2026-11', (day, i) => riverDay(day, { nh3n: times(6, i % 2 === 0 ? 0.4 : 1.9) }));
    expect(found).toMatchObject({ kind: 'month', verdict: 'exceeded', class: 'IV' });
    expect(finding(found, 'nh3n')).toMatchObject({ statistic: 'month-mean', mean: '1.15', times: '0.15', filled: 30, due: 30 });
  });

  test('several bad days need not spoil the month: 1.9 on five days of thirty', () => {
    const found = month('2026-11', (day, i) => riverDay(day, { nh3n: times(6, i < 5 ? 1.9 : 0.4) }));
    expect(found).toMatchObject({ verdict: 'met', class: 'III' });
    expect(finding(found, 'nh3n')?.compared).toBe('0.65');
  });

  test('a day that is too thin for an item is not in its mean', () => {
    const found = month('2026-11', (day, i) => riverDay(day, i === 0 ? { nh3n: [60, null, null, null, null, null] } : {}));
    expect(found.verdict).toBe('met');
    expect(finding(found, 'nh3n')).toMatchObject({ mean: '0.4', filled: 29, valid: 29 * 6 + 1 });
    expect(finding(found, 'tp')).toMatchObject({ filled: 30 });
  });

  test('oxygen of class Ⅰ by the month’s mean saturation', () => {
    const clean = { ...out, binding: { ...out.binding!, class: 'I' } };
    const of = (temperature: number): Verdict => {
      const window = windowOf('month', '2026-11-15');
      const days = windowsIn('day', { from: window.start, to: window.end }, wupi.calendar).map((w) => {
        const day = localDate(w.start, wupi.calendar);
        const items = {
          do: times(6, 7),
          codmn: times(6, 1),
          nh3n: times(6, 0.1),
          tp: times(6, 0.01),
          temp: times(6, temperature),
        };
        const temp = series(out.id, 'temp', w.start, 4 * HOUR, items.temp);
        return judgedDay([...riverDay(day, items), ...temp], day, clean);
      });
      return assessPeriod(wupi, clean, window, days);
    };
    expect(of(28.6)).toMatchObject({ verdict: 'met', class: 'I' });
    expect(finding(of(28.6), 'do')).toMatchObject({ mean: '7', temperature: '28.6' });
    expect(of(28.5)).toMatchObject({ verdict: 'exceeded', class: 'II' });
  });

  test.each([
    ['2026-11', 27, 'met'],
    ['2026-11', 26, 'undetermined'],
    ['2026-02', 25, 'met'],
    ['2026-02', 24, 'undetermined'],
  ])('where days are counted, 27 and in February 25: %s with %i is %s', (text, n, verdict) => {
    const counted: Site = {
      ...wupi,
      judging: new Map(wupi.judging).set('surface-water', {
        ...wupi.judging.get('surface-water')!,
        monthDaysNeeded: wupi.judging.get('air')!.monthDaysNeeded,
      }),
    };
    const window = windowOf('month', `${text}-15`);
    const days = windowsIn('day', { from: window.start, to: window.end }, wupi.calendar).map((w, i) => {
      const day = localDate(w.start, wupi.calendar);
      return judgedDay(first(n)(day, i), day);
    });
    expect(assessPeriod(counted, out, window, days).verdict).toBe(verdict);
  });

  test('an over-range day stays at least', () => {
    const found = month('2026-11', (day, i) =>
      riverDay(day).map((r) => (i === 3 && r.parameter === 'nh3n' ? { ...r, mark: 'T' as const, value: 5 } : r)),
    );
    expect(finding(found, 'nh3n')).toMatchObject({ atLeast: true });
  });
});
