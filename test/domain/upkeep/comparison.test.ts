/** Does an instrument pass exactly where the text says so, and when is it time to compare again? */
import { describe, expect, test } from '@jest/globals';
import { agreement, comparisonState, rateComparison, toleranceOf } from '../../../src/domain/upkeep/comparison.js';
import type { Medium } from '../../../src/domain/station.js';
import { wupi } from '../../support/wupi.js';

const compare = (medium: Medium, parameter: string, laboratory: number, sensor: number) =>
  agreement(laboratory, sensor, toleranceOf(wupi.comparison, parameter, medium)!.bands, wupi.parameters.get(parameter)!);

// prettier-ignore
test.each<[Medium, string, number, number, boolean, string, string]>([
  // River bands by class Ⅱ and Ⅳ; the bound itself passes.
  ['surface-water', 'nh3n', 0.5, 0.7, true, '相对误差 ≤ 40 %', '相对误差 40.0 %'],
  ['surface-water', 'nh3n', 0.5, 0.71, false, '相对误差 ≤ 40 %', '相对误差 42.0 %'],
  ['surface-water', 'nh3n', 0.51, 0.663, true, '相对误差 ≤ 30 %', '相对误差 30.0 %'],
  ['surface-water', 'nh3n', 1, 1.3004, false, '相对误差 ≤ 30 %', '相对误差 30.04 %'],
  ['surface-water', 'nh3n', 2, 2.4, true, '相对误差 ≤ 20 %', '相对误差 20.0 %'],
  ['surface-water', 'nh3n', 2, 1.59, false, '相对误差 ≤ 20 %', '相对误差 20.5 %'],
  // Near the detection limit it is enough that both are low; one that is not is held to the band above.
  ['surface-water', 'nh3n', 0.03, 0.09, true, '化验与在线均不高于 0.1 mg/L', '均在检出限附近'],
  ['surface-water', 'nh3n', 0.03, 0.11, false, '相对误差 ≤ 40 %', '相对误差 266.7 %'],
  ['surface-water', 'nh3n', 0, 0.2, false, '相对误差 ≤ 40 %', '相对误差 ∞'],
  ['surface-water', 'ph', 7.31, 7.81, true, '绝对误差 ≤ 0.5', '绝对误差 0.50'],
  ['surface-water', 'ph', 7.31, 6.8, false, '绝对误差 ≤ 0.5', '绝对误差 0.51'],
  // Sewage by the value itself.
  ['sewage', 'cod', 30, 35, true, '绝对误差 ≤ 5 mg/L', '绝对误差 5.0 mg/L'],
  ['sewage', 'cod', 31, 40, true, '相对误差 ≤ 30 %', '相对误差 29.0 %'],
  ['sewage', 'cod', 100, 121, false, '相对误差 ≤ 20 %', '相对误差 21.0 %'],
  ['sewage', 'cod', 101, 117, false, '相对误差 ≤ 15 %', '相对误差 15.8 %'],
  ['drinking-water', 'cl2', 0.3, 0.25, true, '绝对误差 ≤ 0.05 mg/L', '绝对误差 0.05 mg/L'],
])('%s %s: laboratory %d, sensor %d → %s', (medium, parameter, laboratory, sensor, passed, rule, error) => {
  const found = compare(medium, parameter, laboratory, sensor);
  expect([found.passed, found.rule.zh, found.error.zh]).toEqual([passed, rule, error]);
});

test('a parameter without a tolerance is not compared', () => {
  expect(toleranceOf(wupi.comparison, 'flow', 'surface-water')).toBeUndefined();
  expect(toleranceOf(wupi.comparison, 'cod', 'surface-water')).toBeUndefined();
});

describe('when it is due', () => {
  const config = (on: string, passed = true) => [{ on, passed }];
  // prettier-ignore
  test.each([
    ['nothing known', undefined, [], null, null, true],
    ['within the sixty days', { date: '2026-09-24', passed: true }, [], '2026-09-24', true, false],
    ['a day beyond', { date: '2026-09-23', passed: true }, [], '2026-09-23', true, true],
    ['one that failed is known and no less fresh', { date: '2026-11-05', passed: false }, [], '2026-11-05', false, false],
    ['a later one of the config', { date: '2026-10-01', passed: false }, config('2026-10-20'), '2026-10-20', true, false],
    ['of the same day what was entered', { date: '2026-10-20', passed: false }, config('2026-10-20'), '2026-10-20', false, false],
    ['one of tomorrow does not speak yet', undefined, config('2026-11-24'), null, null, true],
  ])('%s', (_, entered, file, date, passed, due) => {
    expect(comparisonState(entered, file, '2026-11-23', 60)).toEqual({ date, passed, due });
  });
});

test('a rate is as fresh as its newest, failed where one failed, due where one waits; none where nothing is compared', () => {
  const what = (zh: string) => ({ what: { zh, en: zh } });
  const fresh = { date: '2026-11-05', passed: true, due: false, ...what('氨氮') };
  const failed = { date: '2026-11-01', passed: false, due: false, ...what('总磷') };
  const none = { date: null, passed: null, due: true, ...what('pH') };
  expect(rateComparison([])).toBeNull();
  expect(rateComparison([none])).toMatchObject({ date: null, passed: null, due: true, items: 1, waiting: 1 });
  expect(rateComparison([fresh])).toMatchObject({ date: '2026-11-05', passed: true, due: false, failed: [] });
  expect(rateComparison([fresh, failed, none])).toMatchObject({
    ...{ date: '2026-11-05', passed: false, due: true, items: 3, waiting: 1 },
    failed: [{ zh: '总磷' }],
  });
});
