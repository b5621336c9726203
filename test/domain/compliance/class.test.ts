/** Does water get the class of GB 3838-2002 table 1? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { classOf, RIVER_CLASSES, worstClass } from '../../../src/domain/compliance/class.js';
import { wupi } from '../../support/wupi.js';

const table = wupi.limits.filter((l) => l.standard === 'GB 3838-2002' && l.waterBody !== 'lake_reservoir');
const of = (parameter: string, mean: string, temperature: number | null = null) =>
  classOf(parameter, new Big(mean), table, temperature === null ? null : new Big(temperature));

describe('the best class whose limit is met', () => {
  test.each([
    ['nh3n', '0.15', 'I'],
    ['nh3n', '0.16', 'II'],
    ['nh3n', '0.5', 'II'],
    ['nh3n', '1.004', 'III'],
    ['nh3n', '1.006', 'IV'],
    ['nh3n', '2', 'V'],
    ['nh3n', '2.01', 'worse-than-V'],
    ['codmn', '2', 'I'],
    ['codmn', '6.05', 'III'],
    ['codmn', '15.1', 'worse-than-V'],
    ['tp', '0.02', 'I'],
    ['tp', '0.2', 'III'],
    ['tp', '0.41', 'worse-than-V'],
    // COD of classes I and II is the same number: the better one.
    ['cod', '15', 'I'],
    ['cod', '15.1', 'III'],
    ['do', '7.5', 'I'],
    ['do', '6', 'II'],
    ['do', '5', 'III'],
    ['do', '4.9', 'IV'],
    ['do', '1.9', 'worse-than-V'],
    // pH has no classes: inside it is I, outside 劣Ⅴ.
    ['ph', '6', 'I'],
    ['ph', '9', 'I'],
    ['ph', '5.9', 'worse-than-V'],
    ['ph', '9.1', 'worse-than-V'],
  ])('%s %s: %s', (parameter, mean, name) => expect(of(parameter, mean)).toBe(name));

  test.each(['tn', 'turb', 'cond', 'temp'])('%s has no class in a river', (parameter) => expect(of(parameter, '1')).toBeNull());
});

describe('DO of class I: 7.5 mg/L or 90 % of saturation, 468 ÷ (31.6 + T)', () => {
  test.each([
    // 30 ℃: saturation 7.597, of which 90 % is 6.838.
    [30, '6.84', 'I'],
    [30, '6.83', 'II'],
    [null, '6.84', 'II'],
    // 5 ℃: saturation 12.787, of which 90 % is 11.508; but 7.5 mg/L is enough.
    [5, '7.5', 'I'],
    [5, '7.4', 'II'],
  ])('%s ℃, %s mg/L: %s', (temperature, mean, name) => expect(of('do', mean, temperature)).toBe(name));
});

describe('the worst of several', () => {
  test('of none is none', () => expect(worstClass([])).toBeNull());

  test('law: order-free, and never better than any of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...RIVER_CLASSES), { minLength: 1 }), (classes) => {
        const worst = worstClass(classes)!;
        expect(worstClass([...classes].reverse())).toBe(worst);
        expect(classes).toContain(worst);
        for (const name of classes) expect(RIVER_CLASSES.indexOf(worst)).toBeGreaterThanOrEqual(RIVER_CLASSES.indexOf(name));
      }),
    );
  });
});
