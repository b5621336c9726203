/** Is what came in and went out told as amounts only where the flow is known, and how sure it is? */
import { expect, test } from '@jest/globals';
import Big from 'big.js';
import { balance, type End } from '../../../src/domain/compliance/balance.js';

const end = (concentration: number | null, flow: number | null): End => ({
  concentration: concentration === null ? null : new Big(concentration),
  flow: flow === null ? null : new Big(flow),
});
const SURE = { flow: 6, concentration: 8 };

test('kg/d at both ends, and the difference with the uncertainties of both', () => {
  // 0.5 mg/L × 1000 L/s × 0.0864 = 43.2 kg/d; ± 10 % of it. 0.8 × 1200 × 0.0864 = 82.944.
  const found = balance(end(0.5, 1000), end(0.8, 1200), SURE);
  expect(found).toMatchObject({
    inflow: { kgPerDay: 43.2, plusMinus: 4.3 },
    outflow: { kgPerDay: 82.9, plusMinus: 8.3 },
    added: { kgPerDay: 39.7, plusMinus: 9.4 },
    shareFromInflow: 52,
    within: false,
  });
  expect(found.difference?.toString()).toBe('0.3');
});

test('a difference no larger than its uncertainty says nothing', () => {
  expect(balance(end(0.5, 1000), end(0.51, 1000), SURE)).toMatchObject({ added: { kgPerDay: 0.9 }, within: true });
});

test('less may go out than came in', () => {
  expect(balance(end(0.5, 1000), end(0.2, 1000), SURE)).toMatchObject({ added: { kgPerDay: -25.9 }, shareFromInflow: 250 });
});

test.each([
  ['no flow where it comes in', end(0.5, null), end(0.8, 1200), SURE],
  ['no flow where it goes out', end(0.5, 1000), end(0.8, null), SURE],
  ['an uncertainty that nobody named', end(0.5, 1000), end(0.8, 1200), null],
])('no amounts with %s, but the difference', (_, inflow, outflow, uncertainty) => {
  const { difference, ...loads } = balance(inflow, outflow, uncertainty);
  expect(difference?.toString()).toBe('0.3');
  expect(loads).toEqual({ inflow: null, outflow: null, added: null, shareFromInflow: null, within: null });
});

test('nothing to compare without a concentration, and no share of nothing', () => {
  expect(balance(end(null, 1000), end(0.8, 1200), SURE).difference).toBeNull();
  expect(balance(end(0.5, 1000), end(0, 1000), SURE).shareFromInflow).toBeNull();
});
