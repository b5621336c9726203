/** Are as many samples due as the plan wants, wherever and whenever others were taken? */
import { describe, expect, test } from '@jest/globals';
import { dueSamples, type SamplingPlan } from '../../../src/domain/compliance/sampling-plan.js';
import { parsePeriod } from '../../../src/domain/time.js';

const beijing = { offsetMinutes: 480 };
const at = (text: string): number => Date.parse(`${text}T00:00:00+08:00`);
const monthly: SamplingPlan = { samples: 1, every: 'month' };
const quarterly: SamplingPlan = { samples: 2, every: 'quarter' };

/** Months with how many samples; `!` excused. */
type Taken = Readonly<Record<string, number>>;
const cases: readonly [what: string, plan: SamplingPlan, period: string, now: string, taken: Taken, due: number][] = [
  ['nothing before the first period has ended', monthly, '2026', '2026-01-31', {}, 0],
  ['one a month that has ended', monthly, '2026', '2026-11-23', {}, 10],
  ['twelve of a whole year', monthly, '2026', '2027-03-01', {}, 12],
  ['as planned', monthly, '2026', '2026-04-01', { '2026-01': 1, '2026-02': 1, '2026-03': 1 }, 3],
  ['two in one month stand for none of the next', monthly, '2026', '2026-03-01', { '2026-01': 2 }, 3],
  ['those of the running month are due too', monthly, '2026', '2026-02-15', { '2026-01': 1, '2026-02': 3 }, 4],
  ['two a quarter, taken in any of its months', quarterly, '2026', '2026-07-01', { '2026-01': 1, '2026-03': 1, '2026-05': 1 }, 4],
  ['a quarterly plan wants none of a single month', quarterly, '2026-11', '2027-01-01', {}, 0],
  ['but of its quarter', quarterly, '2026-Q4', '2027-01-01', { '2026-11': 1 }, 2],
  ['excused samples fill the plan and are not due', monthly, '2026', '2026-03-01', { '2026-01!': 1, '2026-02': 1 }, 1],
  ['a yearly plan', { samples: 4, every: 'year' }, '2025', '2026-11-23', { '2025-06': 1 }, 4],
  ['a yearly plan of a year that still runs', { samples: 4, every: 'year' }, '2026', '2026-11-23', { '2026-06': 1 }, 1],
];

describe('due samples', () => {
  test.each(cases)('%s', (_, plan, period, now, taken, due) => {
    const list = Object.entries(taken).map(([month, n]) => ({
      at: at(`${month.replace('!', '')}-01`),
      n,
      excused: month.endsWith('!'),
    }));
    expect(dueSamples(plan, parsePeriod(period, beijing)!, list, at(now), beijing)).toBe(due);
  });
});
