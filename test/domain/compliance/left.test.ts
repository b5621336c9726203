/** Is what is left of a month, and of a goal, worked out exactly and cut to the safe side? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import { closeness, mayFail, meanLeft } from '../../../src/domain/compliance/left.js';
import type { Limit } from '../../../src/domain/standards/limit.js';
import { limit } from '../../support/wupi.js';

const upper = (high: string, decimals: number | null = 2): Limit => limit({ high, decimals });
const lower = (low: string): Limit => limit({ operator: '>=', low, high: null, decimals: 1 });
const range = (low: string, high: string): Limit => limit({ operator: 'between', low, high, decimals: null });

describe('the mean that the remaining days may have', () => {
  test.each([
    // (1.0 × 30 − 0.71 × 22) ÷ 8 = 1.7975
    ['cut, not rounded', upper('1.0'), '0.71', 22, 8, { low: null, high: '1.79', possible: true }],
    ['nothing used up', upper('1.0'), '0', 22, 8, { high: '3.75', possible: true }],
    ['exactly at its limit', upper('1.0'), '1.0', 22, 8, { high: '1.00', possible: true }],
    ['all used up, to the last digit', upper('1.0'), '1.25', 24, 6, { high: '0.00', possible: true }],
    ['more than all', upper('1.0'), '1.2501', 24, 6, { high: null, possible: false }],
    ['without decimals of its own', upper('0.2', null), '0.1', 20, 10, { high: '0.40', possible: true }],
    ['as many as the limit has', upper('0.005', null), '0.0041', 20, 10, { high: '0.006', possible: true }],
    // (5 × 30 − 4.6 × 22) ÷ 8 = 6.1: to be reached, and rounded up from 6.1125 with 4.595
    ['of a lower limit what must be reached', lower('5'), '4.6', 22, 8, { low: '6.1', high: null, possible: true }],
    ['of a lower limit cut upwards', lower('5'), '4.595', 22, 8, { low: '6.2', high: null, possible: true }],
    [
      'of a lower limit that is sure',
      lower('5'),
      '7',
      22,
      8,
      { low: null, high: null, possible: true, reason: '余下各日已不影响达标' },
    ],
    ['no day left', upper('1.0'), '0.7', 30, 0, { low: null, high: null, possible: true, reason: '余下各日均不参评' }],
    ['no day left, and over', upper('1.0'), '1.2', 20, 0, { low: null, high: null, possible: false }],
  ])('%s', (_, of, mean, done, left, wanted) => {
    expect(meanLeft(of, 'arithmetic', new Big(mean), done, left)).toMatchObject(wanted);
  });

  test('pH by the arithmetic mean, both ways', () => {
    expect(meanLeft(range('6', '9'), 'arithmetic', new Big('8.2'), 22, 8)).toMatchObject({
      low: null,
      high: '11.20',
      possible: true,
    });
    expect(meanLeft(range('6', '9'), 'arithmetic', new Big('5.9'), 22, 8)).toMatchObject({ low: '6.28', possible: true });
  });

  test.each([
    // H⁺ of pH 6 for 30 days less that of 7.3 for 22, over 8: 3.612e-6 mol/L
    ['a neutral month', '7.3', { low: '5.45', high: null, possible: true }],
    // (3.0e-5 − 22 × 10^-5.9) ÷ 8 = 2.879e-7 mol/L
    ['a sour month', '5.9', { low: '6.55', high: null, possible: true }],
    ['too sour a month', '5.8', { low: null, high: null, possible: false }],
    // (3.0e-8 − 22 × 10^-9.1) ÷ 8 = 1.5656e-9 mol/L: they must not stay so alkaline
    ['an alkaline month', '9.1', { high: '8.80', possible: true }],
  ])('pH by H⁺: %s', (_, mean, wanted) => {
    expect(meanLeft(range('6', '9'), 'hydrogen-ion', new Big(mean), 22, 8)).toMatchObject(wanted);
  });

  test.each([
    ['0.71', 22, 8],
    ['0.333', 7, 24],
    ['0.999', 29, 1],
  ])('a month with what is left of a mean of %s meets its limit, and one digit more does not', (mean, done, left) => {
    const { high } = meanLeft(upper('1.0'), 'arithmetic', new Big(mean), done, left);
    const whole = (rest: Big): Big =>
      new Big(mean)
        .times(done)
        .plus(rest.times(left))
        .div(done + left);
    expect(whole(new Big(high!)).lte(1)).toBe(true);
    expect(whole(new Big(high!).plus('0.01')).gt(1)).toBe(true);
  });
});

describe('a month is lost only when it closes beyond its limit as it is compared', () => {
  const rounded = (high: string): Limit => limit({ high, decimals: 2, comparison: 'rounded' });
  test.each([
    // 1.0375 × 29 ÷ 30 is 1.0029 and reads 1.00: the bound with its half digit leaves 1.005 × 30 − 1.0375 × 29 = 0.0625.
    ['half a digit is forgiven', rounded('1.0'), '1.0375', 29, { high: '0.06', possible: true }],
    ['no more than that', rounded('1.0'), '1.0397', 29, { high: null, possible: false }],
    ['a half rounds to the even digit, 1.005 to 1.00', rounded('1.0'), '2.01', 1, { high: '0.00', possible: true }],
    ['a half rounds to the even digit, 0.155 to 0.16', rounded('0.15'), '0.31', 1, { high: null, possible: false }],
    ['what is compared in full is not forgiven', upper('1.0'), '1.0375', 29, { high: null, possible: false }],
    ['what can still be reached is told without it', rounded('1.0'), '0.71', 1, { high: '1.29', possible: true }],
  ])('%s', (_, of, mean, done, wanted) => {
    expect(meanLeft(of, 'arithmetic', new Big(mean), done, 1)).toMatchObject(wanted);
  });

  test('pH by H⁺ alike', () => {
    const ph = (comparison: Limit['comparison']): Limit => ({ ...range('6', '9'), decimals: 1, comparison });
    expect(meanLeft(ph('rounded'), 'hydrogen-ion', new Big('5.96'), 29, 1)).toMatchObject({ possible: true });
    expect(meanLeft(ph('full'), 'hydrogen-ion', new Big('5.96'), 29, 1)).toMatchObject({ possible: false });
  });
});

test.each([
  ['upper', upper('1.0'), '0.71', 71],
  ['upper, passed', upper('1.0'), '1.2', 120],
  ['lower', lower('5'), '8', 62.5],
  ['lower, missed', lower('5'), '4', 125],
  ['range, in the middle', range('6', '9'), '7.5', 0],
  ['range, at its edge', range('6', '9'), '6', 100],
  ['cut', upper('0.3'), '0.2', 66.6],
])('how much of a limit is used up: %s', (_, of, mean, used) => {
  expect(closeness(new Big(mean), of)).toEqual({ used });
});

test('nothing is used up of a limit of zero, and of a mean of zero under a lower limit it cannot be told', () => {
  expect([closeness(new Big(1), upper('0')), closeness(new Big(0), lower('5'))]).toEqual([null, null]);
});

test.each([
  [100, 12, 0, 0],
  [100, 12, 1, null],
  [90, 12, 0, 1],
  [90, 12, 1, 0],
  [90, 12, 2, null],
  [99.5, 200, 0, 1],
  [99.9, 1000, 0, 1],
  // 70 % of 10 in doubles is a hair less than 3 may fail.
  [70, 10, 0, 3],
  [null, 12, 3, null],
])('of a goal of %p %% over %p windows with %p failed, %p may still fail', (goal, whole, exceeded, left) => {
  expect(mayFail(goal, whole, exceeded)).toBe(left);
});
