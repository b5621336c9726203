/** Do the bars of a month tell which days were beyond the limit, also where too little is what is wrong? */
import { expect, test } from '@jest/globals';
import { convertIndexedToRgb, decode } from 'fast-png';
import { drawDays } from '../../../src/adapters/picture/days.js';
import type { DayCourse } from '../../../src/domain/bulletins/bulletin.js';

const course: DayCourse = { caption: '', values: [0.2, 0.04], limit: 0.05, decimals: 2, firstDay: 1 };

/** Is the foot of each of the two bars in the limit's colour? */
function isRed(over: Partial<DayCourse>): boolean[] {
  const decoded = decode(drawDays({ ...course, ...over }));
  const data = convertIndexedToRgb(decoded);
  return [412, 997].map((x) => data[(385 * decoded.width + x) * 3] === 194);
}

test('above an upper limit, below a lower one', () => {
  expect(isRed({})).toEqual([true, false]);
  expect(isRed({ isLower: true })).toEqual([false, true]);
});
