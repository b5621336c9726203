/** Does the right limit bind at each station of the town, each day? */
import { describe, expect, test } from '@jest/globals';
import {
  averagedOver,
  COLD_WATER,
  inForce,
  isCertain,
  limitNumber,
  limitsAt,
  limitText,
  momentary,
  WARM_WATER,
} from '../../../src/domain/standards/bind.js';
import type { Station } from '../../../src/domain/station.js';
import { limit, station, wupi } from '../../support/wupi.js';

const texts = (of: Station, parameter: string, day = '2026-11-23'): string[] =>
  inForce(limitsAt(of, parameter, wupi.limits), day).map(
    (l) => `${limitText(l)}${l.condition === null ? '' : ` ${l.condition}`}`,
  );

const out = station('nankeng-out');
const classed = (name: string): Station => ({ ...out, binding: { ...out.binding!, class: name } });

describe('river (GB 3838-2002 table 1)', () => {
  test.each([
    ['I', ['6–9'], ['≥ 7.5'], ['≤ 2'], ['≤ 0.15'], ['≤ 0.02']],
    ['II', ['6–9'], ['≥ 6'], ['≤ 4'], ['≤ 0.5'], ['≤ 0.1']],
    ['III', ['6–9'], ['≥ 5'], ['≤ 6'], ['≤ 1.0'], ['≤ 0.2']],
    ['IV', ['6–9'], ['≥ 3'], ['≤ 10'], ['≤ 1.5'], ['≤ 0.3']],
    ['V', ['6–9'], ['≥ 2'], ['≤ 15'], ['≤ 2.0'], ['≤ 0.4']],
  ])('class %s: pH %j, DO %j, CODMn %j, NH₃-N %j, TP of rivers %j', (name, ...expected) => {
    expect(['ph', 'do', 'codmn', 'nh3n', 'tp'].map((p) => texts(classed(name), p))).toEqual(expected);
  });

  test.each(['tn', 'temp', 'cond', 'turb', 'flow', 'level'])('%s has no limit in a river', (parameter) => {
    expect(texts(out, parameter)).toEqual([]);
  });

  test('without a binding, or without a class, nothing binds', () => {
    expect(texts({ ...out, binding: null }, 'nh3n')).toEqual([]);
    expect(texts({ ...out, binding: { ...out.binding!, class: null } }, 'nh3n')).toEqual([]);
  });

  test('not before the text came into force', () => {
    expect(texts(out, 'nh3n', '2002-05-31')).toEqual([]);
    expect(texts(out, 'nh3n', '2002-06-01')).toEqual(['≤ 1.0']);
  });
});

describe('drinking water (GB 5749-2022)', () => {
  test.each([
    ['changtan-plant', 'cl2', ['≤ 2', '≥ 0.3 plant outlet']],
    ['changtan-tap', 'cl2', ['≤ 2', '≥ 0.05 tap']],
    ['celei-plant', 'clo2', ['≤ 0.8', '≥ 0.1 plant outlet']],
    ['celei-tap', 'clo2', ['≤ 0.8', '≥ 0.02 tap']],
    ['changtan-tap', 'turb', ['≤ 1']],
    ['changtan-tap', 'ph', ['6.5–8.5']],
    ['changtan-plant', 'temp', []],
    // Only the disinfectant that is used is judged.
    ['changtan-tap', 'clo2', []],
    ['celei-tap', 'cl2', []],
  ])('%s, %s: %j', (id, parameter, expected) => {
    expect(texts(station(id), parameter)).toEqual(expected);
  });

  test('a small supply that claims it has the relaxed turbidity, once the number is confirmed, and only that', () => {
    const tap = station('changtan-tap');
    const small = { ...tap, binding: { ...tap.binding!, conditions: ['small supply relaxation'] } };
    // Remembered only: the verified 1 NTU still makes the verdict.
    expect(texts(small, 'turb')).toEqual(['≤ 1', '≤ 3 small supply relaxation']);
    const confirmed = wupi.limits.map((l) => ({ ...l, confirmed: { by: '萍乡市安源生态环境局', on: '2026-11-01' } }));
    expect(limitsAt(small, 'turb', confirmed).map(limitText)).toEqual(['≤ 3']);
    expect(texts(small, 'ph')).toEqual(['6.5–8.5']);
    expect(texts(small, 'cl2')).toEqual(['≤ 2', '≥ 0.05 tap']);
  });

  test('the residual at the tap is verified, the upper limit waits for the office', () => {
    const bound = limitsAt(station('changtan-tap'), 'cl2', wupi.limits);
    expect(bound.map((l) => [limitText(l), isCertain(l)])).toEqual([
      ['≤ 2', false],
      ['≥ 0.05', true],
    ]);
  });
});

describe('sewage (GB 18918-2002)', () => {
  const qinghuchong = station('qinghuchong-outlet');
  test.each([
    ['cod', ['≤ 60']],
    ['nh3n', [`≤ 8 ${WARM_WATER}`, `≤ 15 ${COLD_WATER}`]],
    ['tp', ['≤ 1 built from 2006-01-01']],
    ['tn', ['≤ 20']],
    ['ss', ['≤ 20']],
    ['flow', []],
  ])('class 1B, %s: %j', (parameter, expected) => {
    expect(texts(qinghuchong, parameter).sort()).toEqual([...expected].sort());
  });

  test('an older works has the milder phosphorus', () => {
    const older = { ...qinghuchong, binding: { ...qinghuchong.binding!, conditions: ['built to 2005-12-31'] } };
    expect(texts(older, 'tp')).toEqual(['≤ 1.5 built to 2005-12-31']);
  });

  test('the amendment of 2025 moves pH from the daily mean to the single value', () => {
    const averagings = (day: string): string[] => inForce(limitsAt(qinghuchong, 'ph', wupi.limits), day).map((l) => l.averaging);
    expect(averagings('2026-02-28')).toEqual(['daily mean']);
    expect(averagings('2026-03-01')).toEqual(['instantaneous']);
  });

  test('without a permit there is no limit', () => {
    const jinqiao = station('jinqiao-outlet');
    for (const { parameter } of jinqiao.parameters) expect(texts(jinqiao, parameter)).toEqual([]);
  });
});

describe('air (GB 3095): each day by the text in force on it', () => {
  const day = (parameter: string, date: string): string[] =>
    averagedOver(inForce(limitsAt(station('town-air'), parameter, wupi.limits), date), ['day']).map(
      (l) => `${l.standard} ${limitText(l)}`,
    );
  test.each([
    ['2026-02-28', ['GB 3095-2012 ≤ 150'], ['GB 3095-2012 ≤ 75']],
    ['2026-03-01', ['GB 3095-2026 ≤ 120'], ['GB 3095-2026 ≤ 60']],
    ['2030-12-31', ['GB 3095-2026 ≤ 120'], ['GB 3095-2026 ≤ 60']],
    ['2031-01-01', ['GB 3095-2026 ≤ 100'], ['GB 3095-2026 ≤ 50']],
  ])('%s: PM10 %j, PM2.5 %j', (date, pm10, pm25) => {
    expect(day('pm10', date)).toEqual(pm10);
    expect(day('pm25', date)).toEqual(pm25);
  });

  test('no single value of particles is over anything: there are day and year limits only', () => {
    const bound = inForce(limitsAt(station('town-air'), 'pm10', wupi.limits), '2026-11-23');
    expect(bound.length).toBeGreaterThan(0);
    expect(momentary(bound)).toEqual([]);
  });
});

describe("dust: the town's own threshold", () => {
  test('is a limit of grade own with the rule window as its averaging', () => {
    const site = station('dust-site-1');
    const bound = limitsAt(site, 'pm10', wupi.limits);
    expect(bound).toMatchObject([{ standard: '管理阈值', grade: 'own', high: '150', averaging: 'rule window', operator: '<=' }]);
    expect(bound[0]?.citation).toBe(site.dustRules[0]?.citation);
    expect(isCertain(bound[0]!)).toBe(true);
    expect(limitsAt(site, 'pm25', wupi.limits)).toEqual([]);
  });
});

test.each([
  ['verified', null, true],
  ['own', null, true],
  ['transcribed', null, false],
  ['transcribed', { by: '萍乡市安源生态环境局', on: '2026-12-01' }, true],
] as const)('grade %s, confirmed %j: certain %s', (grade, confirmed, certain) => {
  expect(isCertain(limit({ grade, confirmed }))).toBe(certain);
});

test.each([
  [limit(), '≤ 1.0', 1],
  [limit({ operator: '>=', low: '5', high: null }), '≥ 5', 5],
  [limit({ operator: 'between', low: '6', high: '9' }), '6–9', [6, 9]],
])('a limit as printed and as a number', (l, text, number) => {
  expect(limitText(l)).toBe(text);
  expect(limitNumber(l)).toEqual(number);
});
