/** Are shares set as GB/T 8170 rounds, and never as what they are not? */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captureText, difference, itemText, share } from '../../../src/domain/bulletins/figures.js';
import { number } from '../../../src/web/format.js';

test.each([
  [2, 3, '66.7'],
  [1, 3, '33.3'],
  [1, 1, '100.0'],
  [0, 5, '0.0'],
  [0, 0, '—'],
  // Half to even: 12.25 and 12.35.
  [49, 400, '12.2'],
  [247, 2000, '12.4'],
  // Never a 100 that is none, never a nothing that is something.
  [2999, 3000, '99.9'],
  [1, 5000, '0.1'],
])('%i of %i is %s', (part, whole, text) => {
  expect(share(part, whole)).toBe(text);
});

test('100.0 stands for all, and for nothing else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }), (whole, given) => {
      const part = Math.min(given, whole);
      const text = share(part, whole);
      expect(text === '100.0').toBe(part === whole);
      expect(text === '0.0').toBe(part === 0);
      expect(Math.abs(Number(text) - (part * 100) / whole)).toBeLessThanOrEqual(0.1);
    }),
  );
});

test('points apart are those of the printed figures', () => {
  expect(difference([2, 3], [3, 3])).toBe('-33.3');
  expect(difference([1, 2], [1, 2])).toBe('0.0');
  expect(difference([1, 2], null)).toBeNull();
  expect(difference([1, 2], [0, 0])).toBeNull();
});

test.each([
  // 13 ÷ 14 is 92.857 …: cut to 92.85 and rounded again it would be 92.8.
  [13, 14, 92.85, '92.9'],
  [1999, 2000, 99.95, '99.9'],
  [9999, 10_000, 99.99, '99.9'],
  [14, 14, 100, '100.0'],
  [3, 3, null, '—'],
])('%i judged of %i due, cut to %p, are captured at %s', (met, due, capture, text) => {
  expect(captureText({ met, exceeded: 0, due, capture })).toBe(text);
});

test.each<[value: number, decimals: number, limit: number | readonly [number, number] | null, printed: string]>([
  [8, 1, 5, '8.0'],
  [0.1, 2, 1, '0.10'],
  [0.7125, 2, 1, '0.71'],
  [1.0004, 2, 1, '1.0004'],
  [9.004, 2, [6, 9], '9.004'],
  [-0.001, 2, null, '0.00'],
  [0.1427, 3, null, '0.143'],
])('a mean %p of an item with %p decimals beside %p is printed as the pages do', (value, decimals, limit, printed) => {
  expect(itemText({ parameter: 'x', value, limit }, { x: decimals })).toBe(printed);
  expect(number(value, decimals, limit)).toBe(printed);
  expect(itemText({ parameter: 'x', value: null, limit }, { x: decimals })).toBe('—');
});
