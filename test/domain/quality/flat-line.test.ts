/** Is a stuck sensor told from still water? */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FlatLineCheck } from '../../../src/domain/quality/checks.js';
import { flatLine, FlatRun } from '../../../src/domain/quality/flat-line.js';
import { HOUR } from '../../../src/domain/time.js';

const check: FlatLineCheck = { tolerance: 0.1, measurements: 4, suspectAfter: 6 * HOUR, failAfter: 24 * HOUR };

/** Findings of values an hour (or `every`) apart, as letters: p, s, f. */
function letters(values: readonly number[], every = HOUR, over: Partial<FlatLineCheck> = {}): string {
  const run = new FlatRun(over.tolerance ?? check.tolerance);
  return values.map((value, i) => (run.add(i * every, value), flatLine(run, i * every, { ...check, ...over })[0])).join('');
}
const times = (n: number, value: number): number[] => Array<number>(n).fill(value);

describe('suspect after a time, fail after a longer one', () => {
  test.each([
    ['six hours of one value, then doubt', times(8, 5), HOUR, 'ppppppss'],
    ['after a day it fails', times(26, 5), HOUR, `pppppp${'s'.repeat(18)}ff`],
    ['a value that moves begins anew', [...times(7, 5), 6, ...times(7, 5)], HOUR, 'ppppppsppppppps'],
    ['within the tolerance it does not move', [5, 5.1, 5, 5.1, 5, 5.1, 5, 5.1], HOUR, 'ppppppss'],
    ['slowly drifting is moving', [5, 5.05, 5.1, 5.15, 5.2, 5.25, 5.3, 5.35], HOUR, 'pppppppp'],
    ['ends are judged in decimals: 0.8 − 0.7 is 0.1', [0.7, 0.8, 0.7, 0.8, 0.7, 0.8, 0.7], HOUR, 'pppppps'],
    ['by time: five-minute values are not suspect sooner', times(60, 5), HOUR / 12, 'p'.repeat(60)],
    ['too few measurements are still water', times(4, 5), 12 * HOUR, 'pppf'],
  ])('%s', (_, values, every, expected) => {
    expect(letters(values, every)).toBe(expected);
  });

  test('a gap begins anew', () => {
    const run = new FlatRun(0);
    for (let i = 0; i < 10; i++) run.add(i * HOUR, 5);
    run.clear();
    run.add(20 * HOUR, 5);
    expect(flatLine(run, 20 * HOUR, check)).toBe('pass');
    expect([run.since, run.length]).toEqual([20 * HOUR, 1]);
  });
});

test('the run is the longest that ends with the newest measurement and lies within the tolerance', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 4 }),
      (values, tolerance) => {
        const run = new FlatRun(tolerance);
        values.forEach((value, i) => {
          run.add(i, value);
          let first = i;
          const range = (from: number): number => {
            const part = values.slice(from, i + 1);
            return Math.max(...part) - Math.min(...part);
          };
          while (first > 0 && range(first - 1) <= tolerance) first--;
          expect([run.since, run.length]).toEqual([first, i - first + 1]);
        });
      },
    ),
  );
});
