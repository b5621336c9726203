/** Is a value at, just over or just under its limit on the right side? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { checkMoment, evaluate, isBeyond, needsTemperature } from '../../../src/domain/compliance/evaluate.js';
import { COLD_WATER, WARM_WATER } from '../../../src/domain/standards/bind.js';
import { SATURATION } from '../../../src/domain/standards/limit.js';
import { limit } from '../../support/wupi.js';

const upper = limit();
const lower = limit({ operator: '>=', low: '5', high: null });
const range = limit({ operator: 'between', low: '6', high: '9' });
const rounded = limit({ comparison: 'rounded', decimals: 2 });

describe('limits are inclusive', () => {
  test.each([
    [upper, '0.9999', 'within'],
    [upper, '1', 'within'],
    [upper, '1.0000001', 'over'],
    [lower, '5', 'within'],
    [lower, '4.9999999', 'over'],
    [lower, '14', 'within'],
    [range, '6', 'within'],
    [range, '9', 'within'],
    [range, '5.99', 'over'],
    [range, '9.01', 'over'],
  ] as const)('$operator: %s %s', (against, value, outcome) => {
    expect(evaluate(new Big(value), against, 'mean').outcome).toBe(outcome);
  });
});

describe('comparison', () => {
  test.each([
    // Half to even at two decimals: evaluation.md section 5.
    ['1.004', 'mean', '1', 'within'],
    ['1.005', 'mean', '1', 'within'],
    ['1.0050001', 'mean', '1.01', 'over'],
    ['1.006', 'mean', '1.01', 'over'],
    ['1.015', 'mean', '1.02', 'over'],
    ['1.025', 'mean', '1.02', 'over'],
    ['0.995', 'mean', '1', 'within'],
    // A single value is never rounded.
    ['1.004', 'value', '1.004', 'over'],
    ['1.0001', 'value', '1.0001', 'over'],
  ] as const)('%s as a %s compares as %s: %s', (value, as, compared, outcome) => {
    const found = evaluate(new Big(value), rounded, as);
    expect([found.compared.toString(), found.outcome]).toEqual([compared, outcome]);
  });

  test.each([
    ['9.04', 'within'],
    ['9.05', 'within'],
    ['9.06', 'over'],
    ['5.95', 'within'],
    ['5.94', 'over'],
  ])('pH at one decimal: %s is %s', (value, outcome) => {
    const ph = limit({ operator: 'between', low: '6', high: '9', comparison: 'rounded', decimals: 1 });
    expect(evaluate(new Big(value), ph, 'mean').outcome).toBe(outcome);
  });

  test('a text that compares in full keeps every digit of a mean', () => {
    expect(evaluate(new Big('1.004'), upper, 'mean')).toMatchObject({ outcome: 'over' });
  });
});

describe('times over the limit', () => {
  test.each([
    [upper, '1.37', '0.37'],
    [upper, '2', '1'],
    [upper, '1', null],
    [limit({ high: '0.15' }), '0.6', '3'],
    [limit({ high: '0' }), '1', null],
    [lower, '4', null],
    [range, '9.5', null],
  ] as const)('$operator: %s is %s times over', (against, value, multiple) => {
    expect(evaluate(new Big(value), against, 'value').times?.toString() ?? null).toBe(multiple);
  });
});

describe('a single value against all limits that bind it', () => {
  const warm = limit({ high: '8', condition: WARM_WATER });
  const cold = limit({ high: '15', condition: COLD_WATER });
  test.each([
    [12.1, 10, 'over', '8'],
    [12.1, 8, 'within', '8'],
    [12, 10, 'within', '15'],
    [12, 15.1, 'over', '15'],
    [null, 10, 'within', '15'],
    [null, 15, 'within', '15'],
    [null, 15.1, 'over', '15'],
  ] as const)('NH₃-N of sewage at %s ℃, %f mg/L: %s %s', (temperature, value, check, high) => {
    for (const limits of [
      [warm, cold],
      [cold, warm],
    ]) {
      expect(checkMoment(value, limits, temperature)).toMatchObject({ check, limit: { high } });
    }
  });

  // 90 % of saturation, 421.2 ÷ (31.6 + T): 8.12 mg/L at 20.3 ℃, 6.84 at 30 ℃.
  const oxygen = limit({ parameter: 'do', operator: '>=', low: '7.5', high: null, alternative: SATURATION });
  test.each([
    [null, 7.5, 'within'],
    [null, 7, 'within'],
    [null, 5.8, 'over'],
    [30, 6.84, 'within'],
    [30, 6.83, 'over'],
    [10, 7.49, 'over'],
  ] as const)('oxygen of class Ⅰ at %s ℃, %f mg/L: %s', (temperature, value, check) => {
    expect(needsTemperature(oxygen)).toBe(true);
    expect(checkMoment(value, [oxygen], temperature)).toMatchObject({ check });
  });

  test('nothing binds: nothing is said', () => expect(checkMoment(1, [], null)).toBeNull());

  const residual = limit({ operator: '>=', low: '0.05', high: null });
  const most = limit({ high: '2', grade: 'transcribed' });
  test.each([
    [1, 'within', true, '0.05'],
    [0.04, 'over', true, '0.05'],
    [2.5, 'over', false, '2'],
  ] as const)('free chlorine %f: %s, certain %s', (value, check, certain, number) => {
    for (const limits of [
      [residual, most],
      [most, residual],
    ]) {
      const moment = checkMoment(value, limits, null)!;
      expect([moment.check, moment.certain, moment.limit.low ?? moment.limit.high]).toEqual([check, certain, number]);
    }
  });

  test('over a certain limit wins over one that waits for the office', () => {
    const waiting = limit({ high: '0.5', grade: 'transcribed' });
    expect(checkMoment(1.37, [waiting, upper], null)).toMatchObject({ check: 'over', certain: true, limit: { high: '1.0' } });
    expect(checkMoment(0.7, [waiting, upper], null)).toMatchObject({ check: 'over', certain: false, limit: { high: '0.5' } });
  });
});

test('law: the quick look of a single value and the decimal comparison never disagree', () => {
  const decimal = fc
    .tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.integer({ min: 0, max: 5 }))
    .map(([n, d]) => n / 10 ** d);
  const bound = fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 3 }))
    .map(([n, d]) => (n / 10 ** d).toFixed(d));
  fc.assert(
    fc.property(decimal, bound, fc.constantFrom('<=', '>=', 'between'), (value, text, operator) => {
      const low = operator === '<=' ? null : text;
      const high = operator === '>=' ? null : operator === 'between' ? new Big(text).plus(1).toString() : text;
      const one = limit({ operator, low, high });
      const near = [value, Number(text), Number(text) + 0.001, Number(text) - 0.001];
      for (const v of near) expect(isBeyond(v, one)).toBe(evaluate(new Big(v), one, 'value').outcome === 'over');
    }),
  );
});
