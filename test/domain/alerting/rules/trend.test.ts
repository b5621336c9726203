/** Does the trend speak hours before the limit, and stay silent over a clean river? */
import { describe, expect, test } from '@jest/globals';
import type { Measurement } from '../../../../src/domain/alerting/robust.js';
import type { TrendRule } from '../../../../src/domain/alerting/rules.js';
import type { Signal } from '../../../../src/domain/alerting/signal.js';
import { trend, type TrendInput } from '../../../../src/domain/alerting/rules/trend.js';
import type { Parameter } from '../../../../src/domain/parameter.js';
import { DAY, HOUR, type Instant, MINUTE } from '../../../../src/domain/time.js';
import { jitter, wander } from '../../../../src/simulator/noise.js';
import { at, limit } from '../../../support/wupi.js';

const rule: TrendRule = { id: 'trend', kind: 'trend', days: 7, measurements: 5, horizonHours: 12 };
const nh3n: Parameter = {
  code: 'nh3n',
  name: '氨氮',
  nameEn: 'ammonia nitrogen',
  unit: 'mg/L',
  aliases: [],
  decimals: 2,
  range: [0, 100],
};
const START = at('2026-10-20 00:00');
type Curve = (t: Instant) => number;

/** A clean river: a day's swing, slow wandering and the instrument's noise. */
const clean =
  (seed: string, level: number, swing: number): Curve =>
  (t) =>
    level +
    swing * Math.cos((2 * Math.PI * ((t - START) / HOUR - 20)) / 24) +
    0.12 * level * wander(seed, 14 * HOUR)(t) +
    0.015 * level * jitter(seed)(t);

/** The measurements of a curve in `[from, to]`. */
function measured(curve: Curve, from: Instant, to: Instant, cadence: number): Measurement[] {
  const step = cadence * MINUTE;
  const list: Measurement[] = [];
  for (let time = Math.max(START, Math.ceil(from / step) * step); time <= to; time += step)
    list.push({ time, value: curve(time) });
  return list;
}

/** Those the rule looks at: a week and the newest. */
const course = (curve: Curve, now: Instant, cadence: number, days = 8): Measurement[] =>
  measured(curve, now - days * DAY, now, cadence);

const ask = (over: Partial<TrendInput>, now: Instant, asked: TrendRule = rule): Signal =>
  trend({ course: [], parameter: nh3n, limit: limit(), cadence: 60, isOver: false, ...over }, asked, now);

/** What the rule says at every due value of a stretch. */
function heard(curve: Curve, from: Instant, to: Instant, over: Partial<TrendInput> = {}): { at: Instant; signal: Signal }[] {
  const all = measured(curve, START, to - 1, over.cadence ?? 60);
  return all.flatMap(({ time: now }, i) => {
    const first = all.findIndex(({ time }) => time >= now - 8 * DAY);
    return now < from ? [] : [{ at: now, signal: ask({ ...over, course: all.slice(first, i + 1) }, now) }];
  });
}
const firings = (list: readonly { signal: Signal }[]): number => list.filter(({ signal }) => signal.says === 'firing').length;

describe('a clean river for 30 days', () => {
  const oxygen = limit({ parameter: 'do', operator: '>=', low: '5', high: null });
  const cases: [name: string, level: number, swing: number, over: Partial<TrendInput>][] = [
    ['NH3-N 0.3, hourly', 0.3, 0.05, { cadence: 60 }],
    ['NH3-N 0.5, every four hours', 0.5, 0.08, { cadence: 240 }],
    ['NH3-N 0.7 with a swing of 0.15', 0.7, 0.15, { cadence: 60 }],
    ['DO 7.5 that falls by 1.5 every night', 7.5, 1.5, { cadence: 60, limit: oxygen }],
  ];
  test.each(cases)('%s', (name, level, swing, over) => {
    for (const seed of ['1', '2']) {
      const list = heard(clean(`${name}${seed}`, level, swing), START + 3 * DAY, START + 30 * DAY, over);
      expect(firings(list)).toBe(0);
    }
  });
});

describe('a plume that rises over many hours', () => {
  const begins = at('2026-11-10 02:00');
  test.each([
    ['hourly', 60, 14, 6],
    ['every four hours', 240, 60, 12],
  ])('%s: warned hours before the limit is passed', (_, cadence, hours, lead) => {
    const rising: Curve = (t) => clean('plume', 0.4, 0.05)(t) + (t < begins ? 0 : (0.65 * (t - begins)) / (hours * HOUR));
    const over = course(rising, begins + 3 * DAY, cadence).find(({ time, value }) => time > begins && value > 1)!.time;
    const list = heard(rising, begins - DAY, over, { cadence });
    const first = list.find(({ signal }) => signal.says === 'firing');
    expect(first).toBeDefined();
    expect(over - first!.at).toBeGreaterThanOrEqual((lead / 3) * HOUR);
    expect(first!.at).toBeGreaterThan(begins);
    expect(first!.signal).toMatchObject({
      severity: 'warning',
      passed: { number: 1, text: '≤ 1.0', name: { zh: 'Ⅲ类限值' } },
      reason: { zh: expect.stringMatching(/^约 (\d+–)?\d+ 小时内可能超限:近 5 次测值 .* mg\/L,Ⅲ类限值 ≤ 1\.0$/) },
    });
  });

  test('one that stops half way is taken back', () => {
    const rising: Curve = (t) => (t < begins ? 0.4 : Math.min(0.75, 0.4 + (0.05 * (t - begins)) / HOUR)) + 0.003 * jitter('h')(t);
    const said = heard(rising, begins, begins + DAY).map(({ signal }) => signal.says);
    expect(said.indexOf('firing')).toBeGreaterThan(0);
    expect(said.lastIndexOf('clear')).toBeGreaterThan(said.lastIndexOf('firing'));
  });
});

describe('one answer each', () => {
  const now = at('2026-11-10 08:00');
  const line =
    (perHour: number, from = 6): Curve =>
    (t) =>
      0.4 + (t < now - from * HOUR ? 0 : (perHour * (t - now + from * HOUR)) / HOUR);
  const steep = course(line(0.07), now, 60);

  test.each<[string, Signal['says'], Partial<TrendInput>, TrendRule, number]>([
    ['rises by 0.07 an hour', 'firing', {}, rule, 0],
    ['the value is over already', 'clear', { isOver: true }, rule, 0],
    ['two days of history say nothing', 'nothing', { course: course(line(0.07), now, 60, 2) }, rule, 0],
    ['four measurements say nothing', 'nothing', { course: steep.slice(-4) }, rule, 0],
    ['no measurement at all', 'nothing', { course: [] }, rule, 0],
    ['beyond 1.5 horizons', 'clear', {}, { ...rule, horizonHours: 1 }, 0],
    ['between one and 1.5 horizons', 'nothing', {}, { ...rule, horizonHours: 2.25 }, 0],
    ['a horizon is never less than a sampling interval', 'firing', { cadence: 240 }, { ...rule, horizonHours: 1 }, 0],
    ['falls', 'clear', { course: course(line(-0.05), now, 60) }, rule, 0],
    ['signs that do not agree', 'nothing', { course: [...steep.slice(0, -1), { time: now, value: 0.45 }] }, rule, 0],
    ['nothing newer for four hours', 'clear', {}, rule, 4 * HOUR],
  ])('%s: %s', (_, says, over, asked, later) => {
    expect(ask({ course: steep, ...over }, now + later, asked).says).toBe(says);
  });

  test('a range of hours, in both languages', () => {
    expect(ask({ course: steep }, now)).toMatchObject({
      at: now,
      value: expect.closeTo(0.82),
      reason: {
        zh: '约 2–3 小时内可能超限:近 5 次测值 0.54 → 0.82 mg/L,Ⅲ类限值 ≤ 1.0',
        en: 'may be over the limit in about 2–3 h: the last 5 values 0.54 → 0.82 mg/L, class III limit ≤ 1.0',
      },
    });
  });
});
