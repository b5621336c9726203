/** Is a low residual of the night told in the morning, and one of the day not again? */
import { expect, test } from '@jest/globals';
import { nightLow } from '../../../../src/domain/alerting/rules/night-lows.js';
import { HOUR } from '../../../../src/domain/time.js';

const isDrawn = (time: number): boolean => time / HOUR >= 6 && time / HOUR < 22;
const hours = (...values: [hour: number, value: number][]) => values.map(([hour, value]) => ({ time: hour * HOUR, value }));

test.each([
  ['a clean night', hours([22, 0.1], [3, 0.08], [7, 0.1]), null],
  ['exactly at the limit', hours([3, 0.05]), null],
  ['low by day only', hours([3, 0.1], [12, 0.01]), null],
  ['nothing measured', [], null],
  [
    'low at night',
    hours([1, 0.06], [2, 0.04], [3, 0.02], [4, 0.03], [8, 0.01]),
    { lowest: 0.02, at: 3 * HOUR, from: 2 * HOUR, to: 4 * HOUR, low: 3, of: 4 },
  ],
])('%s', (_, readings, expected) => expect(nightLow(readings, 0.05, isDrawn)).toEqual(expected));
