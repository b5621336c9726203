/** When is work at the instruments due? */
import { expect, test } from '@jest/globals';
import { standingOf } from '../../../src/domain/upkeep/plan.js';

// prettier-ignore
test.each([
  ['never recorded: nobody can say', null, null, null, 'never'],
  ['done today', '2026-11-23', '2026-12-07', 14, 'later'],
  ['in eight days', '2026-11-17', '2026-12-01', 8, 'later'],
  ['in seven days', '2026-11-16', '2026-11-30', 7, 'soon'],
  ['tomorrow', '2026-11-10', '2026-11-24', 1, 'soon'],
  ['today', '2026-11-09', '2026-11-23', 0, 'due'],
  ['yesterday', '2026-11-08', '2026-11-22', -1, 'overdue'],
])('%s', (_, last, due, days, state) => {
  expect(standingOf({ task: 'calibration', everyDays: 14 }, last, '2026-11-23')).toEqual({
    ...{ task: 'calibration', everyDays: 14 },
    ...{ last, due, days, state },
  });
});

test('over the end of a year and a leap day', () => {
  expect(standingOf({ task: 'cleaning', everyDays: 7 }, '2027-12-28', '2028-01-01').due).toBe('2028-01-04');
  expect(standingOf({ task: 'cleaning', everyDays: 7 }, '2028-02-25', '2028-02-26').due).toBe('2028-03-03');
});
