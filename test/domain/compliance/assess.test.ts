/** Is each kind of window of the town judged as the method says? */
import { describe, expect, test } from '@jest/globals';
import { assessSample, assessWindow } from '../../../src/domain/compliance/assess.js';
import { openWindow, openWindows } from '../../../src/domain/compliance/open.js';
import { assessPeriod } from '../../../src/domain/compliance/period.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import type { Station } from '../../../src/domain/station.js';
import { DAY, HOUR, localDate, MINUTE, windowsIn } from '../../../src/domain/time.js';
import { at, byParameter, reading, riverDay, series, station, times, windowOf, wupi } from '../../support/wupi.js';

const out = station('nankeng-out');
const judgedDay = (readings: readonly JudgedReading[], day = '2026-11-22', of: Station = out, site: Site = wupi): Verdict =>
  assessWindow(site, of, windowOf('day', day), byParameter(readings));
const finding = (verdict: Verdict, parameter: string) => verdict.findings.find((f) => f.parameter === parameter);

describe('a river day', () => {
  test('six four-hourly values of mean 1.2 are exceeded and name NH₃-N with its evidence', () => {
    const verdict = judgedDay(riverDay('2026-11-22', { nh3n: [1, 1.1, 1.2, 1.2, 1.3, 1.4] }));
    expect(verdict).toMatchObject({ station: 'nankeng-out', kind: 'day', verdict: 'exceeded', class: 'IV', reason: null });
    expect(finding(verdict, 'nh3n')).toMatchObject({
      outcome: 'exceeded',
      statistic: 'day-mean',
      mean: '1.2',
      times: '0.2',
      valid: 6,
      filled: 6,
      due: 6,
      limit: { high: '1.0', citation: 'GB 3838-2002 表1 Ⅲ类' },
    });
    expect(verdict.findings.filter((f) => f.outcome !== 'met')).toHaveLength(1);
  });

  test.each([
    ['an ordinary day', {}, 'met', 'II', null],
    ['one single value of NH₃-N', { nh3n: [1.2, null, null, null, null, null] }, 'undetermined', null, '氨氮有效数据不足(1/6)'],
    ['three slots', { nh3n: [1.2, 1.2, 1.2, null, null, null] }, 'undetermined', null, '氨氮有效数据不足(3/6)'],
    ['four slots', { nh3n: [1.2, 1.2, 1.2, null, null, 1.2] }, 'exceeded', 'IV', null],
    ['no phosphorus at all', { tp: times(0, 0) }, 'undetermined', null, '总磷无数据'],
    ['mean 1.004, as rounded 1.00', { nh3n: times(6, 1.004) }, 'met', 'III', null],
    ['mean 1.006, as rounded 1.01', { nh3n: times(6, 1.006) }, 'exceeded', 'IV', null],
    ['too little oxygen', { do: times(6, 4.9) }, 'exceeded', 'IV', null],
    ['one sour value does not make a sour day', { ph: [5.9, 7, 7, 7, 7, 7] }, 'met', 'II', null],
    ['a sour day', { ph: times(6, 5.9) }, 'exceeded', 'worse-than-V', null],
  ] as const)('%s', (_, over, verdict, riverClass, reason) => {
    expect(judgedDay(riverDay('2026-11-22', over))).toMatchObject({ verdict, class: riverClass, reason });
  });

  test('a window without any data is undetermined and says so', () => {
    expect(judgedDay([])).toMatchObject({
      verdict: 'undetermined',
      class: null,
      reason: 'pH、溶解氧、高锰酸盐指数、氨氮、总磷无数据',
    });
  });

  test('an item the section does not measure makes it undetermined', () => {
    const without = { ...out, parameters: out.parameters.filter((p) => p.parameter !== 'tp') };
    expect(judgedDay(riverDay('2026-11-22'), '2026-11-22', without)).toMatchObject({
      verdict: 'undetermined',
      reason: '缺项:总磷',
    });
  });

  test('nitrogen, turbidity and temperature of any size change nothing', () => {
    const loud = ['tn', 'turb', 'temp', 'cond'].flatMap((p) =>
      series('nankeng-out', p, at('2026-11-22'), 4 * HOUR, times(6, 40)),
    );
    expect(judgedDay([...riverDay('2026-11-22'), ...loud])).toMatchObject({ verdict: 'met' });
    expect(
      judgedDay(loud)
        .findings.map((f) => f.parameter)
        .sort(),
    ).toEqual(['codmn', 'do', 'nh3n', 'ph', 'tp']);
  });

  test('values of maintenance are not data', () => {
    const day = riverDay('2026-11-22').map((r) => (r.parameter === 'nh3n' ? { ...r, value: 9, mark: 'M' as const } : r));
    expect(judgedDay(day)).toMatchObject({ verdict: 'undetermined', reason: '氨氮无有效数据' });
  });

  test('over-range oxygen gives no class: it counts for upper limits only', () => {
    const day = riverDay('2026-11-22').map((r) => (r.parameter === 'do' ? { ...r, value: 25, mark: 'T' as const } : r));
    const verdict = judgedDay(day);
    expect(verdict).toMatchObject({ verdict: 'undetermined', reason: '溶解氧无有效数据' });
    expect(finding(verdict, 'do')).toMatchObject({ class: null, mean: null });
  });

  test('over-range ammonia is at least the mean', () => {
    const day = riverDay('2026-11-22').map((r) =>
      r.parameter === 'nh3n' ? { ...r, value: 5, mark: 'T' as const, quality: 'good' as const } : r,
    );
    expect(finding(judgedDay(day), 'nh3n')).toMatchObject({ outcome: 'exceeded', mean: '5', atLeast: true, times: '4' });
  });
});

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

describe('a sewage day', () => {
  const outlet = station('qinghuchong-outlet');
  const clean = { cod: 30, tp: 0.5, tn: 12, ss: 10 };
  const hours = (over: Readonly<Record<string, readonly (number | null)[]>>): JudgedReading[] => {
    const all = { ...Object.fromEntries(Object.entries(clean).map(([p, v]) => [p, times(24, v)])), ...over };
    return Object.entries(all).flatMap(([p, values]) => series(outlet.id, p, at('2026-11-22'), HOUR, values));
  };
  test.each([
    ['12.1 ℃: the strict limit', 12.1, 9, 'exceeded', '8'],
    ['12.0 ℃: the bracket limit', 12, 9, 'met', '15'],
    ['12.0 ℃ above the bracket limit', 12, 15.1, 'exceeded', '15'],
    ['12.1 ℃ at the strict limit', 12.1, 8, 'met', '8'],
  ])('NH₃-N by water temperature, %s', (_, temperature, nh3n, verdict, high) => {
    const found = judgedDay(hours({ nh3n: times(24, nh3n), temp: times(24, temperature) }), '2026-11-22', outlet);
    expect(found.verdict).toBe(verdict);
    expect(finding(found, 'nh3n')?.limit?.high).toBe(high);
  });

  test.each([
    [8, 'met', null],
    [9, 'undetermined', '氨氮缺水温,限值未定'],
    [15.1, 'exceeded', null],
  ])('without temperature %f mg/L is %s', (nh3n, verdict, reason) => {
    expect(judgedDay(hours({ nh3n: times(24, nh3n) }), '2026-11-22', outlet)).toMatchObject({ verdict, reason });
  });

  test.each([
    [20, 'met'],
    [19, 'undetermined'],
  ])('%i of 24 hours: %s', (n, verdict) => {
    const cod = [...times(n, 30), ...Array<null>(24 - n).fill(null)];
    expect(judgedDay(hours({ cod, nh3n: times(24, 1) }), '2026-11-22', outlet).verdict).toBe(verdict);
  });

  test('without a permit it is monitored and not judged', () => {
    const jinqiao = station('jinqiao-outlet');
    const readings = series(jinqiao.id, 'cod', at('2026-11-22'), HOUR, times(24, 900));
    expect(judgedDay(readings, '2026-11-22', jinqiao)).toMatchObject({
      verdict: 'undetermined',
      reason: '缺许可限值',
      findings: [],
    });
  });
});

describe('an hour of drinking water on line', () => {
  const tap = station('changtan-tap');
  const hour = (over: Readonly<Record<string, readonly (number | null)[]>> = {}): Verdict => {
    const all = { turb: times(4, 0.3), ph: times(4, 7.2), cl2: times(4, 0.3), ...over };
    const readings = Object.entries(all).flatMap(([p, values]) => series(tap.id, p, at('2026-11-22 08:00'), 15 * MINUTE, values));
    return assessWindow(wupi, tap, windowOf('hour', '2026-11-22 08:00'), byParameter(readings));
  };
  test.each([
    ['ordinary', {}, 'met'],
    ['three of four quarters', { cl2: [0.3, 0.3, 0.3, null] }, 'met'],
    ['two of four', { cl2: [0.3, 0.3, null, null] }, 'undetermined'],
    ['too little chlorine', { cl2: times(4, 0.04) }, 'exceeded'],
    ['chlorine exactly at the residual', { cl2: times(4, 0.05) }, 'met'],
    ['chlorine above the upper limit, which waits for the office', { cl2: times(4, 3) }, 'met'],
    ['turbid', { turb: times(4, 1.01) }, 'exceeded'],
    ['pH at its lower end', { ph: times(4, 6.5) }, 'met'],
    ['pH under it', { ph: times(4, 6.49) }, 'exceeded'],
  ])('%s: %s', (_, over, verdict) => expect(hour(over).verdict).toBe(verdict));

  test('every limit of chlorine leaves its finding', () => {
    expect(
      hour()
        .findings.filter((f) => f.parameter === 'cl2')
        .map((f) => [f.limit?.operator, f.counted]),
    ).toEqual([
      ['<=', false],
      ['>=', true],
    ]);
  });

  test('a residual whose only limit waits is 未计入', () => {
    const celei = station('celei-tap');
    const readings = ['turb', 'ph', 'clo2'].flatMap((p) =>
      series(celei.id, p, at('2026-11-22 08:00'), 15 * MINUTE, times(4, p === 'ph' ? 7 : 0.5)),
    );
    expect(assessWindow(wupi, celei, windowOf('hour', '2026-11-22 08:00'), byParameter(readings))).toMatchObject({
      verdict: 'met',
      reason: '未计入:二氧化氯(限值待确认)',
    });
  });
});

describe('air: the day decides which text judges', () => {
  const air = station('town-air');
  test.each([
    ['2026-02-28', 'met', 'GB 3095-2012'],
    ['2026-03-01', 'exceeded', 'GB 3095-2026'],
  ])('PM10 of 130 on %s: %s by %s', (day, verdict, text) => {
    const readings = ['pm10', 'pm25'].flatMap((p) => series(air.id, p, at(day), HOUR, times(24, p === 'pm10' ? 130 : 20)));
    const found = judgedDay(readings, day, air);
    expect(found.verdict).toBe(verdict);
    expect(finding(found, 'pm10')?.limit?.standard).toBe(text);
  });
});

describe('a laboratory sample passes only if every tested item passes', () => {
  const tap = station('changtan-tap');
  const time = at('2026-10-14 09:30');
  const sample = (values: Readonly<Record<string, number>>, over: Partial<JudgedReading> = {}): Verdict =>
    assessSample(
      wupi,
      tap,
      time,
      Object.entries(values).map(([parameter, value]) =>
        reading({ station: tap.id, parameter, time, value, source: 'lab', mark: 'S', ...over }),
      ),
    );

  test.each([
    ['all pass', { turb: 0.4, ph: 7.1, cl2: 0.1 }, 'met', null],
    ['one fails', { turb: 1.2, ph: 7.1, cl2: 0.1 }, 'exceeded', null],
    ['nothing tested has a limit', { temp: 18, cond: 300 }, 'undetermined', '缺限值'],
    ['items without a limit do not matter', { turb: 0.4, cond: 99999 }, 'met', null],
  ] as const)('%s', (_, values, verdict, reason) => {
    expect(sample(values)).toMatchObject({ kind: 'sample', start: time, end: time, verdict, reason });
  });

  test('names the item that fails', () => {
    expect(sample({ turb: 1.2, ph: 7.1 }).findings.filter((f) => f.outcome === 'exceeded')).toMatchObject([
      { parameter: 'turb', statistic: 'sample', mean: '1.2', times: '0.2' },
    ]);
  });

  test('a value the laboratory took back does not pass', () => {
    expect(sample({ turb: 0.4 }, { mark: 'D' })).toMatchObject({ verdict: 'undetermined', reason: '浊度无有效数据' });
  });
});

describe('the open window has no verdict', () => {
  test('a river day so far', () => {
    const now = at('2026-11-23 09:00');
    const today = riverDay('2026-11-23', { nh3n: [0.4, 0.4, 0.4, null, null, null], tp: [0.08] }).filter((r) => r.time < now);
    const open = openWindow(wupi, out, now, (parameter, span) =>
      today.filter((r) => r.parameter === parameter && r.time >= span.from && r.time < span.to),
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
      (kind, span) => {
        asked.push([kind, span.from, span.to]);
        return kind === 'day' ? days : [october];
      },
    );
    expect(open.map(({ window, validCount, dueCount, class: name }) => [window.kind, validCount, dueCount, name])).toEqual([
      ['day', 0, 30, null],
      ['month', 5 * 22, 5 * 30, 'III'],
      ['quarter', 0, 5 * 3, null],
      ['year', 0, 5 * 12, null],
    ]);
    expect(asked).toEqual([
      ['day', at('2026-11-01'), at('2026-12-01')],
      ['month', at('2026-10-01'), at('2027-01-01')],
      ['month', at('2026-01-01'), at('2027-01-01')],
    ]);
    for (const each of open) expect(each).not.toHaveProperty('verdict');
  });

  test('yesterday is not asked for', () => {
    const spans: number[] = [];
    openWindow(wupi, out, at('2026-11-23 00:00'), (_, span) => {
      spans.push(span.from, span.to);
      return [];
    });
    expect(new Set(spans)).toEqual(new Set([at('2026-11-23'), at('2026-11-23') + DAY]));
  });

  test.each([
    ['changtan-tap', '2026-11-23 09:10', 'hour', '2026-11-23 09:00'],
    ['dust-site-1', '2026-11-23 09:10', 'rule', '2026-11-23 09:00'],
    ['qinghuchong-outlet', '2026-11-23 09:10', 'day', '2026-11-23 00:00'],
  ])('%s', (id, now, kind, start) => {
    const open = openWindow(wupi, station(id), at(now), () => []);
    expect(open).toMatchObject({ window: { kind, start: at(start) }, validCount: 0, class: null });
    expect(open.dueCount).toBeGreaterThan(0);
  });
});
