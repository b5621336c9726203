/** Is a spike told from a wave, a step, and the way back? */
import { describe, expect, test } from '@jest/globals';
import type { SpikeCheck } from '../../../src/domain/quality/checks.js';
import { jumps, type Measurement, spike } from '../../../src/domain/quality/spike.js';

const check: SpikeCheck = { step: 2, factor: 3 };
const at = (value: number | null): Measurement | null => (value === null ? null : { time: 0, value });

describe('a jump is more than the step and more than the factor times the lower value', () => {
  test.each([
    [0.4, 2.4, false],
    [0.4, 2.5, true],
    [10, 39.9, false],
    [10, 40.1, true],
    [40.1, 10, true],
    [8, 0.1, true],
    [-3, 0, true],
    [-1, 1, false],
  ])('%p → %p: %p', (from, to, expected) => {
    expect(jumps(at(from)!, at(to)!, check)).toBe(expected);
  });

  test('without a factor the step alone counts', () => {
    expect(jumps(at(10)!, at(12.1)!, { step: 2, factor: 0 })).toBe(true);
  });
});

describe('a spike waits for the next measurement', () => {
  test.each([
    // earlier, before, it, after, finding
    ['the first of all', null, null, 9, null, 'pass'],
    ['nothing out of the ordinary', null, 0.4, 0.9, null, 'pass'],
    ['a jump, and nothing after it yet', 0.4, 0.4, 9, null, 'suspect'],
    ['confirmed: the next one stays', 0.4, 0.4, 9, 9.5, 'pass'],
    ['confirmed: the next one goes on', 0.4, 0.4, 9, 40, 'pass'],
    ['refuted: back to where it was', 0.4, 0.4, 9, 0.5, 'fail'],
    ['on the way back, as after a wave: confirmed', 0.4, 0.4, 25, 8, 'pass'],
    ['a dropout, refuted', 8, 8, 0.1, 8.1, 'fail'],
    ['the way back from a refuted spike is no jump', 0.4, 9, 0.5, null, 'pass'],
    ['the way back from a level that stood is one', 9, 9, 0.5, null, 'suspect'],
    ['after a gap on both sides nothing is known', null, 9, 0.5, null, 'suspect'],
    ['a step up between two levels', 0.4, 0.4, 5, 9, 'pass'],
  ] as const)('%s', (_, earlier, before, it, after, expected) => {
    expect(spike({ earlier: at(earlier), before: at(before), it: at(it)!, after: at(after) }, check)).toBe(expected);
  });
});
