/** Is a river graded as 环办[2011]22号 says: means first under five sections, shares of classes from five on? */
import { describe, expect, test } from '@jest/globals';
import type { RiverClass } from '../../../src/domain/compliance/class.js';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import { classLimits } from '../../../src/domain/compliance/items.js';
import { gradeOf, river } from '../../../src/domain/compliance/river.js';
import type { Verdict } from '../../../src/domain/compliance/verdict.js';
import { byParameter, riverDay, station, times, windowOf, wupi } from '../../support/wupi.js';

const limits = classLimits(wupi, station('nankeng-out'), '2026-11-03');
const arithmetic = () => 'arithmetic' as const;
const day = (id: string, over: Parameters<typeof riverDay>[1] = {}): Verdict => {
  const judged = assessWindow(wupi, station(id), windowOf('day', '2026-11-03'), byParameter(riverDay('2026-11-03', over, id)));
  return judged;
};
const of = (name: RiverClass, i = 0): Verdict => ({ ...day('nankeng-out'), station: `s${i}`, class: name });

describe('fewer than five sections: the mean of each item, then its class', () => {
  test.each([
    // NH₃-N 0.4 and 1.6 have a mean of 1.0, class III, though one section is V.
    ['a bad section and a good one', [0.4, 1.6], 'III', 'good'],
    ['two that are in between', [0.5, 0.5], 'II', 'excellent'],
    ['two bad ones', [1.4, 1.8], 'V', 'moderate'],
    ['far beyond', [0.4, 9], 'worse-than-V', 'heavy'],
  ])('%s', (_, [a, b], name, grade) => {
    const sections = [day('nankeng-in', { nh3n: times(6, a!) }), day('nankeng-out', { nh3n: times(6, b!) })];
    const found = river(sections, limits, arithmetic);
    expect(found).toMatchObject({ method: 'mean', class: name, grade, sections: 2 });
    expect(river([...sections].reverse(), limits, arithmetic)).toEqual(found);
  });

  test('a section without a class is left out; none at all makes no grade', () => {
    const silent = { ...day('nankeng-in', { nh3n: times(6, 9) }), class: null };
    expect(river([silent, day('nankeng-out')], limits, arithmetic)).toMatchObject({ class: 'II', sections: 1, good: 100 });
    expect(river([silent], limits, arithmetic)).toEqual({
      method: null,
      class: null,
      grade: null,
      sections: 0,
      good: null,
      worst: null,
    });
  });
});

const many = (good: number, middle: number, worst: number): Verdict[] => [
  ...Array.from({ length: good }, (_, i) => of('II', i)),
  ...Array.from({ length: middle }, (_, i) => of('IV', 100 + i)),
  ...Array.from({ length: worst }, (_, i) => of('worse-than-V', 200 + i)),
];
test.each([
  [9, 1, 0, 'excellent', 90, 0],
  [89, 11, 0, 'good', 89, 0],
  [75, 0, 25, 'good', 75, 25],
  [74, 7, 19, 'light', 74, 19],
  [6, 2, 2, 'moderate', 60, 20],
  [1, 3, 2, 'moderate', 16.66, 33.33],
  [3, 3, 4, 'heavy', 30, 40],
  [5, 0, 0, 'excellent', 100, 0],
])('from five on: %p in Ⅰ–Ⅲ, %p in Ⅳ–Ⅴ, %p worse is %s', (good, middle, worst, grade, share, bad) => {
  expect(river(many(good, middle, worst), limits, arithmetic)).toMatchObject({
    ...{ method: 'shares', class: null, grade, good: share, worst: bad },
  });
});

test('the grade of a class', () => {
  expect((['I', 'II', 'III', 'IV', 'V', 'worse-than-V'] as const).map(gradeOf)).toEqual(
    ['excellent', 'excellent', 'good', 'light', 'moderate', 'heavy'], // prettier-ignore
  );
});
