/** Is the rate cut, divided and withheld as the contract says? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Goal, percent, rate, type Tally } from '../../../src/domain/compliance/rate.js';

const tally = (over: Partial<Tally>): Tally => {
  const judged = { met: 0, exceeded: 0, undetermined: 0, ...over };
  const due = over.due ?? judged.met + judged.exceeded + judged.undetermined;
  return { ...judged, due, wholePeriod: due, emptyMonth: false, ...over };
};
const goal = (over: Partial<Goal> = {}): Goal => ({ goal: 100, minCapture: 90, planless: false, ...over });

describe('percent is cut, never rounded', () => {
  test.each([
    [99999, 100000, 99.99],
    [9999999, 10000000, 99.99],
    [1, 3, 33.33],
    [2, 3, 66.66],
    [29, 100, 29],
    [57, 100, 57],
    [1157, 10000, 11.57],
    [10, 10, 100],
    [0, 5, 0],
    [0, 0, null],
  ])('%i of %i: %s', (part, whole, expected) => expect(percent(part, whole)).toBe(expected));
});

describe('status and what is printed', () => {
  test.each<[string, Partial<Tally>, Partial<Goal>, number | null, number | null, string | null]>([
    ['all met, all judged', { met: 10 }, {}, 100, 100, 'met'],
    ['nothing judged', {}, {}, null, null, 'insufficient'],
    ['only undetermined windows', { undetermined: 3 }, {}, null, 0, 'insufficient'],
    ['100 of too few is not printed', { met: 8, undetermined: 2 }, {}, null, 80, 'insufficient'],
    ['capture exactly at the minimum', { met: 9, undetermined: 1 }, {}, 100, 90, 'met'],
    ['capture just under: cut, not rounded up', { met: 8999, undetermined: 1001 }, {}, null, 89.99, 'insufficient'],
    ['one exceeded of a goal of 100', { met: 9, exceeded: 1 }, {}, 90, 100, 'missed'],
    ['missed whatever the capture', { exceeded: 1, undetermined: 9 }, {}, 0, 10, 'missed'],
    ['99.999 is 99.99, and missed', { met: 99999, exceeded: 1 }, {}, 99.99, 100, 'missed'],
    ['an empty month', { met: 10, emptyMonth: true }, {}, null, 100, 'insufficient'],
    ['an empty month does not hide what is exceeded', { met: 9, exceeded: 1, emptyMonth: true }, {}, 90, 100, 'missed'],
    ['behind, still within reach', { met: 9, exceeded: 1, due: 10, wholePeriod: 100 }, { goal: 95 }, 90, 100, 'behind'],
    ['just reachable', { met: 5, exceeded: 5, due: 10, wholePeriod: 100 }, { goal: 95 }, 50, 100, 'behind'],
    ['out of reach', { met: 4, exceeded: 6, due: 10, wholePeriod: 100 }, { goal: 95 }, 40, 100, 'missed'],
    ['behind and too little judged', { met: 4, exceeded: 1, due: 10, wholePeriod: 100 }, { goal: 90 }, 80, 50, 'insufficient'],
    ['at a lower goal exactly', { met: 95, exceeded: 5 }, { goal: 95 }, 95, 100, 'met'],
    ['at a goal that no double is, exactly', { met: 2583, exceeded: 42 }, { goal: 98.4 }, 98.4, 100, 'met'],
    ['just reachable, exactly', { exceeded: 42, due: 42, wholePeriod: 2625 }, { goal: 98.4 }, 0, 100, 'behind'],
    ['an indicator has no goal to miss', { met: 1, exceeded: 9 }, { goal: null }, 10, 100, null],
    ['an indicator with too little', { met: 1, undetermined: 9 }, { goal: null }, null, 10, 'insufficient'],
    ['an indicator, all met', { met: 10 }, { goal: null }, 100, 100, null],
    ['samples without a plan: nothing is due but what came', { met: 46 }, { planless: true }, 100, null, 'met'],
    ['samples without a plan ask for no month', { met: 46, emptyMonth: true }, { planless: true }, 100, null, 'met'],
    ['no samples', {}, { planless: true }, null, null, 'insufficient'],
    ['one failed sample', { met: 45, exceeded: 1 }, { planless: true }, 97.82, null, 'missed'],
  ])('%s', (_, counts, asked, printed, capture, status) => {
    expect(rate(tally(counts), goal(asked))).toEqual({ rate: printed, capture, status });
  });
});

test('law: a rate lies in [0, 100]; 100 only when nothing exceeded and enough was judged; met never with an exceeded window at a goal of 100', () => {
  const count = fc.integer({ min: 0, max: 40_000 });
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(null, 100, 95.5, 0),
      (met, exceeded, undetermined, later, emptyMonth, planless, asked) => {
        const due = met + exceeded + undetermined;
        const found = rate(
          { met, exceeded, undetermined, due, wholePeriod: due + later, emptyMonth },
          { goal: asked, minCapture: 90, planless },
        );
        for (const share of [found.rate, found.capture]) {
          if (share === null) continue;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(100);
        }
        if (found.rate === 100) {
          expect(exceeded).toBe(0);
          expect(met).toBeGreaterThan(0);
          if (!planless) expect((found.capture ?? 0) >= 90 && !emptyMonth).toBe(true);
        }
        if (found.rate !== null) expect(met + exceeded).toBeGreaterThan(0);
        if (asked === null) expect(['insufficient', null]).toContain(found.status);
        if (asked === 100 && exceeded > 0) expect(found.status).toBe('missed');
        if (found.status === 'met') expect(met * 100).toBeGreaterThanOrEqual((asked ?? 0) * (met + exceeded));
      },
    ),
  );
});
