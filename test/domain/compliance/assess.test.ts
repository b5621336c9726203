/** Are hours, days and samples of the town judged as the method says? */
import { describe, expect, test } from '@jest/globals';
import { assessSample, assessWindow } from '../../../src/domain/compliance/assess.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import type { Station } from '../../../src/domain/station.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { at, byParameter, limit, reading, riverDay, series, station, times, windowOf, wupi } from '../../support/wupi.js';

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

describe('a discharge permit decides', () => {
  const permit = {
    standard: '排污许可证',
    class: null,
    averaging: 'daily mean',
    grade: 'own',
    citation: '排污许可证 表7',
  } as const;
  const outlet = station('jinqiao-outlet', {
    binding: { texts: ['排污许可证', 'GB 18918-2002'], class: null, conditions: [], note: null },
  });
  const site: Site = {
    ...wupi,
    limits: [
      ...wupi.limits,
      limit({ ...permit, parameter: 'cod', high: '40' }),
      limit({ ...permit, parameter: 'cod', high: '30', validFrom: '2026-12-01' }),
    ],
  };
  test.each([
    ['2026-11-30', 40, 'met', ['40']],
    ['2026-11-30', 40.1, 'exceeded', ['40']],
    ['2026-12-01', 35, 'exceeded', ['40', '30']],
  ])('with its own numbers and dates: on %s a day of %f is %s', (day, cod, verdict, numbers) => {
    const found = judgedDay(series(outlet.id, 'cod', at(day), HOUR, times(24, cod)), day, outlet, site);
    expect(found).toMatchObject({ verdict, reason: null });
    expect(found.findings.map((f) => [f.limit?.high, f.limit?.grade])).toEqual(numbers.map((high) => [high, 'own']));
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
