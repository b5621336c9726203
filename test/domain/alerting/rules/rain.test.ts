/** Does rain make one alert of what it stirs up? */
import { describe, expect, test } from '@jest/globals';
import { passedOf } from '../../../../src/domain/alerting/passed.js';
import { rain, rainfall, type RainInput, type Stirred } from '../../../../src/domain/alerting/rules/rain.js';
import { HOUR } from '../../../../src/domain/time.js';
import { at, limit, station, wupi } from '../../../support/wupi.js';

const rule = {
  id: 'rain',
  kind: 'rain',
  gauge: 'rain',
  mm: 10,
  hours: 6,
  afterHours: 24,
  parameters: ['turb', 'tp', 'codmn'],
} as const;
const now = at('2026-11-23 20:00');

describe('how much has fallen', () => {
  const hourly = (...mm: number[]) => mm.map((value, i) => ({ time: at('2026-11-23 00:00') + i * HOUR, value }));
  test.each<[string, number[], { hour: number; mm: number } | null]>([
    ['dry', [0, 0, 0, 0], null],
    ['9.9 mm in six hours', [9.9, 0, 0, 0, 0, 0], null],
    ['10 mm at once, which counts for six hours', [0, 10, 0, 0, 0, 0, 0, 0, 0], { hour: 6, mm: 10 }],
    ['2 mm an hour for five hours', [2, 2, 2, 2, 2], { hour: 4, mm: 10 }],
    ['tenths that add up to 10', [0.1, 0.1, 0.1, 0.1, 0.1, 9.5], { hour: 5, mm: 10 }],
    ['drizzle: 1.6 mm an hour for a day', Array<number>(24).fill(1.6), null],
    ['the most of two showers', [10, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0, 0, 0], { hour: 12, mm: 25 }],
  ])('%s', (_, mm, expected) => {
    expect(rainfall(hourly(...mm), rule)).toEqual(
      expected && { last: at('2026-11-23 00:00') + expected.hour * HOUR, mm: expected.mm },
    );
  });
});

describe('one alert of a reach', () => {
  const tp = passedOf(limit({ parameter: 'tp', high: '0.2' }));
  const codmn = passedOf(limit({ parameter: 'codmn', high: '6' }));
  const stirred = (code: string, value: number, how: Stirred['how'], passed: Stirred['passed'], id = 'nankeng-out'): Stirred => ({
    section: station(id),
    parameter: wupi.parameters.get(code)!,
    time: now - HOUR,
    value,
    how,
    passed,
  });
  const over = stirred('tp', 0.23, 'over', tp);
  const near = stirred('codmn', 5.4, 'warning', codmn, 'nankeng-mid');
  const muddy = stirred('turb', 96, 'risen', null);
  const wet = { last: now - 3 * HOUR, mm: 18.5 };
  test.each<[string, string, RainInput]>([
    ['no rain', 'clear', { rain: null, stirred: [over] }],
    ['23 h after', 'over', { rain: { ...wet, last: now - 23 * HOUR }, stirred: [over] }],
    ['24 h after', 'clear', { rain: { ...wet, last: now - 24 * HOUR }, stirred: [over] }],
    ['all back', 'clear', { rain: wet, stirred: [] }],
    ['mud alone opens nothing', 'clear', { rain: wet, stirred: [muddy] }],
    ['near a limit', 'warning', { rain: wet, stirred: [near, muddy] }],
    ['over a limit', 'over', { rain: wet, stirred: [near, over] }],
    [
      'over one that waits for confirmation',
      'warning',
      { rain: wet, stirred: [{ ...over, passed: { ...tp, isCertain: false } }] },
    ],
  ])('%s: %s', (_, expected, input) => {
    const signal = rain(input, rule, now);
    expect(signal.says === 'firing' ? signal.severity : signal.says).toBe(expected);
  });

  test('shows the worst by its own limit, and names what is over', () => {
    const cod = stirred('codmn', 14, 'over', codmn);
    expect(rain({ rain: wet, stirred: [over, near] }, rule, now)).toMatchObject({ items: ['nankeng-out tp'] });
    expect(rain({ rain: wet, stirred: [over, cod, near] }, rule, now)).toMatchObject({
      value: 14,
      passed: codmn,
      items: ['nankeng-out tp', 'nankeng-out codmn'],
    });
  });

  test('lists what is where', () => {
    expect(rain({ rain: wet, stirred: [near, over, muddy] }, rule, now)).toMatchObject({
      value: 0.23,
      passed: tp,
      reason: {
        zh: expect.stringMatching(
          /^雨后水质波动\(6 小时降雨 18\.5 mm\):南坑河中段断面 高锰酸盐指数 5\.40? mg\/L 接近限值\(≤ 6\);南坑河出境断面 总磷 0\.23\d* mg\/L 超限\(≤ 0\.2\);南坑河出境断面 浊度 96(\.0+)? NTU 明显升高$/,
        ),
        en: expect.stringContaining('stirred up after rain (18.5 mm in 6 h)'),
      },
    });
  });
});
