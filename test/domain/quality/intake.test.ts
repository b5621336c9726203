/** Is a reading believable by itself, and does it count? */
import { describe, expect, test } from '@jest/globals';
import { grossRange, isSetAside, validity } from '../../../src/domain/quality/intake.js';
import { MARKS } from '../../../src/domain/reading.js';
import { wupi } from '../../support/wupi.js';

const ph = wupi.parameters.get('ph')!;
const temp = wupi.parameters.get('temp')!;

describe('gross range', () => {
  test.each([
    [ph, 7, 'N', 'good'],
    [ph, 0, 'N', 'good'],
    [ph, 14, 'N', 'good'],
    [ph, -0.01, 'N', 'fail'],
    [ph, 14.01, 'N', 'fail'],
    [temp, -2, 'N', 'good'],
    [temp, -2.1, 'N', 'fail'],
    [ph, 15, 'T', 'good'],
    [ph, 15, 'D', 'fail'],
    [ph, 15, 'S', 'fail'],
  ] as const)('$code %f marked %s is %s', (parameter, value, mark, quality) => {
    expect(grossRange(value, mark, parameter)).toEqual({ quality, checks: quality === 'fail' ? ['gross-range'] : [] });
  });
});

describe('validity', () => {
  test.each([
    ['N', 'good', 'sensor', 'counts'],
    ['N', 'unknown', 'sensor', 'counts'],
    ['N', 'suspect', 'sensor', 'counts'],
    ['N', 'fail', 'sensor', 'quality'],
    ['N', 'good', 'lab', 'counts'],
    ['S', 'good', 'lab', 'counts'],
    ['S', 'fail', 'lab', 'quality'],
    ['S', 'good', 'sensor', 'mark'],
    ['T', 'good', 'sensor', 'upper'],
    ['T', 'fail', 'sensor', 'upper'],
    ['M', 'good', 'sensor', 'mark'],
    ['D', 'fail', 'sensor', 'mark'],
  ] as const)('%s, %s, from a %s: %s', (mark, quality, source, expected) => {
    expect(validity({ mark, quality, source })).toBe(expected);
  });

  test.each([
    ['N', 'good', 'invalid', 'review'],
    ['T', 'good', 'invalid', 'review'],
    ['N', 'good', 'maintenance', 'maintenance'],
    ['C', 'fail', 'maintenance', 'maintenance'],
    ['N', 'good', 'suspect', 'counts'],
    ['N', 'fail', 'suspect', 'counts'],
    ['D', 'good', 'suspect', 'mark'],
    ['C', 'good', 'restored', 'counts'],
    ['N', 'fail', 'restored', 'counts'],
    ['T', 'good', 'restored', 'upper'],
    ['T', 'good', 'suspect', 'upper'],
  ] as const)('%s, %s, ruled %s: %s', (mark, quality, ruling, expected) => {
    expect(validity({ mark, quality, source: 'sensor', ruling })).toBe(expected);
  });

  test('only what people left out is set aside', () => {
    const all = ['counts', 'upper', 'mark', 'quality', 'maintenance', 'review'] as const;
    expect(all.filter(isSetAside)).toEqual(['maintenance', 'review']);
  });

  test('no mark but N and T counts for a sensor', () => {
    const counting = MARKS.filter((mark) => validity({ mark, quality: 'good', source: 'sensor' }) !== 'mark');
    expect(counting).toEqual(['N', 'T']);
  });
});
