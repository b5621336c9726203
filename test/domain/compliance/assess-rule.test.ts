/** Are a dust rule's own windows, allowance and background judged as the town decided? */
import { describe, expect, test } from '@jest/globals';
import { assessRule } from '../../../src/domain/compliance/rule.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { byParameter, series, siteWith, station, times, windowOf, wupi } from '../../support/wupi.js';

const finding = (verdict: Verdict, parameter: string) => verdict.findings.find((f) => f.parameter === parameter);

describe('a dust rule: its own windows, its allowance, its background', () => {
  const dust = station('dust-site-1');
  const [rule] = dust.dustRules;
  const day = windowOf('day', '2026-11-22');
  const hours = (values: readonly (number | null)[], id = dust.id): JudgedReading[] =>
    values.flatMap((value, hour) =>
      series(id, 'pm10', day.start + hour * HOUR, 5 * MINUTE, Array<number | null>(12).fill(value)),
    );
  const counts = (): boolean => false;
  const judged = (values: readonly (number | null)[]) =>
    assessRule(wupi, dust, rule!, day, byParameter(hours(values)), null, counts).map((v) => v.verdict);

  test('two hours a day may be over, the third is 超标', () => {
    const values = times(24, 80);
    for (const hour of [7, 9, 14, 15]) values[hour] = 200;
    const verdicts = assessRule(wupi, dust, rule!, day, byParameter(hours(values)), null, counts);
    expect(verdicts).toHaveLength(24);
    expect(verdicts.flatMap((v, hour) => (v.verdict === 'exceeded' ? [hour] : []))).toEqual([14, 15]);
    expect([verdicts[7]?.reason, verdicts[9]?.reason]).toEqual([
      '当日允许超过 2 次,本次为第 1 次',
      '当日允许超过 2 次,本次为第 2 次',
    ]);
    expect(verdicts[14]).toMatchObject({ kind: 'rule', start: day.start + 14 * HOUR, end: day.start + 15 * HOUR, reason: null });
    expect(finding(verdicts[14]!, 'pm10')).toMatchObject({ mean: '200', times: '0.33', limit: { grade: 'own' } });
  });

  test('an hour that is excused uses up no allowance, and stays as it was found', () => {
    const values = times(24, 80);
    for (const hour of [7, 8, 9, 14]) values[hour] = 200;
    const isExcused = ({ start }: { start: number }): boolean => start < day.start + 9 * HOUR;
    const verdicts = assessRule(wupi, dust, rule!, day, byParameter(hours(values)), null, isExcused);
    expect([7, 8, 9, 14].map((hour) => [verdicts[hour]?.verdict, verdicts[hour]?.reason])).toEqual([
      ['exceeded', null],
      ['exceeded', null],
      ['met', '当日允许超过 2 次,本次为第 1 次'],
      ['met', '当日允许超过 2 次,本次为第 2 次'],
    ]);
  });

  test('at the threshold is within; a silent hour is undetermined and uses up no allowance', () => {
    expect(judged([150, 150.01, null, 151, 152])).toEqual([
      'met',
      'met',
      'undetermined',
      'met',
      'exceeded',
      ...Array<string>(19).fill('undetermined'),
    ]);
  });

  test('nine of twelve five-minute values are enough, eight are not', () => {
    const hour = (n: number) => series(dust.id, 'pm10', day.start, 5 * MINUTE, times(n, 20));
    expect(assessRule(wupi, dust, rule!, day, byParameter(hour(9)), null, counts)[0]?.verdict).toBe('met');
    expect(assessRule(wupi, dust, rule!, day, byParameter(hour(8)), null, counts)[0]).toMatchObject({
      verdict: 'undetermined',
      reason: 'PM10有效数据不足(8/12)',
    });
  });

  test.each([
    [85, null],
    [85.1, '相对湿度 85 % 高于 85 %,光散射测值存疑'],
    [97, '相对湿度 97 % 高于 85 %,光散射测值存疑'],
  ])('at %f %% humidity the window says %s, and its verdict stands', (humidity, reason) => {
    const wet = series(dust.id, 'humidity', day.start, 5 * MINUTE, times(12, humidity));
    const [first] = assessRule(
      wupi,
      dust,
      { ...rule!, allowedPerDay: 0 },
      day,
      byParameter([...hours([200]), ...wet]),
      null,
      counts,
    );
    expect(first).toMatchObject({ verdict: 'exceeded', reason });
  });

  test('humidity is told beside the allowance', () => {
    const wet = series(dust.id, 'humidity', day.start, 5 * MINUTE, times(12, 90));
    const [first] = assessRule(wupi, dust, rule!, day, byParameter([...hours([200]), ...wet]), null, counts);
    expect(first).toMatchObject({
      verdict: 'met',
      reason: '当日允许超过 2 次,本次为第 1 次;相对湿度 90 % 高于 85 %,光散射测值存疑',
    });
  });

  describe('with a background', () => {
    const quarter = { ...rule!, windowMinutes: 15, limit: '80', allowedPerDay: 0, background: 'town-air' };
    const site = siteWith({ ...dust, dustRules: [quarter] });
    const own = site.stations.get(dust.id)!;
    const firstOf = (mine: number, behind: number | null): Verdict => {
      const air = behind === null ? [] : series('town-air', 'pm10', day.start, HOUR, [behind]);
      return assessRule(site, own, quarter, day, byParameter(hours([mine])), byParameter(air), counts)[0]!;
    };
    test.each([
      [200, 130, 'met', '70'],
      [210, 130, 'met', '80'],
      [211, 130, 'exceeded', '81'],
      [50, 130, 'met', '-80'],
    ])('%i less %i: %s', (mine, behind, verdict, mean) => {
      const found = firstOf(mine, behind);
      expect(found.verdict).toBe(verdict);
      expect(finding(found, 'pm10')?.mean).toBe(mean);
    });

    test('without the background only what is within in full is surely within', () => {
      expect(firstOf(80, null)).toMatchObject({ verdict: 'met' });
      const doubtful = firstOf(200, null);
      expect(doubtful).toMatchObject({ verdict: 'undetermined', reason: '缺背景值' });
      expect(finding(doubtful, 'pm10')).toMatchObject({ outcome: 'undetermined', times: null });
    });

    test('a quarter has its own windows: 96 a day', () => {
      expect(assessRule(site, own, quarter, day, byParameter([]), byParameter([]), counts)).toHaveLength(96);
    });
  });
});
