/** Is a change held against the time it took? */
import { expect, test } from '@jest/globals';
import { rateOfChange } from '../../../src/domain/quality/rate-of-change.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';

const check = { change: 3, within: HOUR };
const spike = { step: 8, factor: 0 };

test.each([
  // minutes and values of earlier, before, it
  ['the first of all', null, null, [0, 20], 'pass'],
  ['so much within the time', null, [0, 20], [60, 23], 'pass'],
  ['more within the time', null, [0, 20], [60, 23.1], 'suspect'],
  ['the same change of a moment: the time is never counted shorter', null, [0, 20], [1, 23], 'pass'],
  ['over four hours four times as much', null, [0, 20], [240, 31], 'pass'],
  ['over two hours not', null, [0, 20], [120, 26.5], 'suspect'],
  ['downwards too', null, [0, 20], [60, 16.9], 'suspect'],
  ['a jump is left to the spike check', null, [0, 20], [60, 29], 'pass'],
  ['back from a refuted spike, compared with what was before it', [0, 20], [60, 40], [120, 24], 'pass'],
  ['and too far from that', [0, 20], [60, 40], [120, 27], 'suspect'],
] as const)('%s', (_, earlier, before, it, expected) => {
  const at = (m: readonly [number, number] | null) => (m === null ? null : { time: m[0] * MINUTE, value: m[1] });
  expect(rateOfChange({ earlier: at(earlier), before: at(before), it: at(it)!, after: null }, check, spike)).toBe(expected);
});

test('without a spike check every fast change is a doubt', () => {
  const around = { earlier: null, before: { time: 0, value: 20 }, it: { time: HOUR, value: 40 }, after: null };
  expect(rateOfChange(around, check, null)).toBe('suspect');
});
