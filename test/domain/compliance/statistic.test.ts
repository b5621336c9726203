/** Is the mean of a window right, and is there enough behind it? */
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { maxRunningMean, meanOf, partsOf, percentile, windowMean } from '../../../src/domain/compliance/statistic.js';
import { MARKS, QUALITY, type JudgedReading, type Quality } from '../../../src/domain/reading.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { at, reading, series, times, windowOf, wupi } from '../../support/wupi.js';

const day = windowOf('day', '2026-11-22');
const hour = windowOf('hour', '2026-11-22 08:00');
const river = wupi.judging.get('surface-water')!;
const sewage = wupi.judging.get('sewage')!;
const drinking = wupi.judging.get('drinking-water')!;
const air = wupi.judging.get('air')!;
const six = { count: 6, needed: 4 };
const over = (readings: readonly JudgedReading[], parts = six, averaging: 'arithmetic' | 'hydrogen-ion' = 'arithmetic') =>
  windowMean(readings, day, parts, averaging, 'upper');
const start = at('2026-11-22');

describe('parts of a window', () => {
  test.each([
    ['river day, five-minute probe', day, 5, river, 6, 4],
    ['river day, hourly', day, 60, river, 6, 4],
    ['river day, four-hourly', day, 240, river, 6, 4],
    ['river day, a slower analyser: 60 % of what is due', day, 480, river, 3, 2],
    ['sewage day, hourly', day, 60, sewage, 24, 20],
    ['sewage day, two-hourly: 75 % of what is due', day, 120, sewage, 12, 9],
    ['sewage day, four-hourly', day, 240, sewage, 6, 5],
    ['air day', day, 60, air, 24, 20],
    ['drinking-water hour, every five minutes', hour, 5, drinking, 12, 9],
    ['drinking-water hour, every quarter', hour, 15, drinking, 4, 3],
    ['drinking-water hour, hourly', hour, 60, drinking, 1, 1],
    ['drinking-water hour, slower than the hour', hour, 240, drinking, 1, 1],
  ] as const)('%s', (_, window, cadence, judging, count, needed) => {
    expect(partsOf(window, cadence, judging)).toEqual({ count, needed });
  });
});

describe('six four-hour slots, whatever the cadence', () => {
  const slots = (filled: readonly boolean[], every: number): JudgedReading[] =>
    filled.flatMap((isFilled, i) =>
      isFilled ? series('nankeng-out', 'nh3n', start + i * 4 * HOUR, every, times((4 * HOUR) / every, 0.5)) : [],
    );
  const four = [true, false, true, true, false, true];
  const three = [true, false, true, true, false, false];
  test.each([
    ['four of six, four-hourly', four, 4 * HOUR, 4, true],
    ['three of six, four-hourly', three, 4 * HOUR, 3, false],
    ['four of six, every five minutes', four, 5 * MINUTE, 4, true],
    ['three of six, every five minutes: 144 values are not enough', three, 5 * MINUTE, 3, false],
  ])('%s', (_, filled, every, count, enough) => {
    expect(over(slots(filled, every))).toMatchObject({ filled: count, due: 6, enough });
  });

  test('a burst in one slot is one slot: the mean is the mean of the slot means', () => {
    const burst = series('nankeng-out', 'nh3n', start, MINUTE, times(100, 3));
    const rest = series('nankeng-out', 'nh3n', start + 4 * HOUR, 4 * HOUR, times(5, 0.6));
    expect(over([...burst, ...rest])).toMatchObject({ valid: 105, filled: 6 });
    expect(over([...burst, ...rest]).mean?.toString()).toBe('1');
  });

  test('the first instant of a slot belongs to it', () => {
    const edges = series('nankeng-out', 'nh3n', start + 4 * HOUR - 1, 1, [1, 2]);
    expect(over(edges).filled).toBe(2);
  });

  test('a mean is exact in decimals', () => {
    expect(over(series('nankeng-out', 'nh3n', start, 4 * HOUR, [0.1, 0.2, 0.3, 0.1, 0.2, 0.3])).mean?.toString()).toBe('0.2');
    expect(over(series('nankeng-out', 'nh3n', start, 4 * HOUR, [1, 1, null, null, null, 0])).mean?.toFixed(10)).toBe(
      '0.6666666667',
    );
  });

  test('of nothing there is no mean', () => {
    expect(over([])).toEqual({
      mean: null,
      valid: 0,
      total: 0,
      filled: 0,
      due: 6,
      enough: false,
      atLeast: false,
      weighted: false,
      detection: null,
      condemns: false,
      excluded: {},
      setAside: [],
    });
  });
});

describe('pH', () => {
  const values = series('nankeng-out', 'ph', start, 4 * HOUR, [6, 8, 6, 8, 6, 8]);
  test('by the mean of H⁺: the acid half weighs more', () => {
    expect(Number(over(values, six, 'hydrogen-ion').mean)).toBeCloseTo(-Math.log10((1e-6 + 1e-8) / 2), 10);
  });
  test('arithmetic where the config says so', () => expect(over(values, six, 'arithmetic').mean?.toString()).toBe('7'));
  test('of equal values is that value', () => {
    expect(over(series('nankeng-out', 'ph', start, 4 * HOUR, times(6, 7.3)), six, 'hydrogen-ion').mean?.toString()).toBe('7.3');
  });
});

describe('what is left out', () => {
  const mixed = [
    ...series('nankeng-out', 'nh3n', start, 4 * HOUR, [0.4, 0.4, 0.4]),
    reading({ time: start + 12 * HOUR, value: 9, mark: 'C' }),
    reading({ time: start + 16 * HOUR, value: 900, quality: 'fail' }),
    reading({ time: start + 20 * HOUR, value: 10, mark: 'T' }),
  ];

  test('marks and failed checks are counted apart; an over-range value raises the mean for upper limits', () => {
    const upper = windowMean(mixed, day, six, 'arithmetic', 'upper');
    expect(upper).toMatchObject({
      valid: 4,
      total: 6,
      filled: 4,
      enough: true,
      atLeast: true,
      excluded: { mark: 1, quality: 1 },
    });
    expect(upper.mean?.toString()).toBe('2.8');
  });

  test('and says nothing for any other limit', () => {
    const other = windowMean(mixed, day, six, 'arithmetic', 'other');
    expect(other).toMatchObject({ valid: 3, filled: 3, enough: false, atLeast: false, excluded: { mark: 2, quality: 1 } });
    expect(other.mean?.toString()).toBe('0.4');
  });
});

test('a repeated sampling instant is one measurement', () => {
  const sampled = (at4: number, hours: readonly number[], value: number): JudgedReading[] =>
    hours.map((h) => reading({ time: start + h * HOUR, sampled: start + at4 * HOUR, value }));
  // One sample of 00:00 repeated all day fills one slot, not six.
  expect(over(sampled(0, [0, 4, 8, 12, 16, 20], 0.4))).toMatchObject({ valid: 1, total: 6, filled: 1, enough: false });
  expect(over([...sampled(0, [0, 1, 2, 3], 0.4), ...sampled(4, [4, 5], 0.8)])).toMatchObject({ valid: 2, filled: 2 });
});

test('the mean of means', () => {
  expect(meanOf([], 'arithmetic')).toBeNull();
  expect(meanOf([new Big('0.1'), new Big('0.2')], 'arithmetic')?.toString()).toBe('0.15');
  expect(Number(meanOf([new Big(6), new Big(8)], 'hydrogen-ion'))).toBeCloseTo(6.2967, 4);
});

test('law: the order of the readings does not matter, and the mean lies between the smallest and the largest', () => {
  const qualities = Object.keys(QUALITY) as Quality[];
  const one = fc.record({
    minute: fc.integer({ min: 0, max: 1439 }),
    value: fc.double({ min: 0, max: 14, noNaN: true }).map((v) => Number(v.toFixed(3))),
    mark: fc.constantFrom('N' as const, 'N' as const, ...MARKS),
    quality: fc.constantFrom('good' as const, 'good' as const, ...qualities),
    sampled: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(one, { selector: (r) => r.minute, maxLength: 40 }),
      fc.constantFrom('arithmetic' as const, 'hydrogen-ion' as const),
      fc.constantFrom('upper' as const, 'other' as const),
      fc.infiniteStream(fc.nat()),
      (rows, averaging, direction, random) => {
        const readings = rows.map(({ minute, sampled, ...rest }) =>
          reading({
            time: start + minute * MINUTE,
            ...(sampled === undefined ? {} : { sampled: start + sampled * HOUR }),
            ...rest,
          }),
        );
        const shuffled = readings.map((r) => ({ r, key: random.next().value as number })).sort((a, b) => a.key - b.key);
        const found = windowMean(readings, day, six, averaging, direction);
        const again = windowMean(
          shuffled.map(({ r }) => r),
          day,
          six,
          averaging,
          direction,
        );
        expect({ ...again, mean: again.mean?.toString() }).toEqual({ ...found, mean: found.mean?.toString() });
        expect(found.filled).toBeLessThanOrEqual(6);
        if (found.mean === null) return;
        const values = readings.map((r) => r.value);
        expect(Number(found.mean)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(Number(found.mean)).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      },
    ),
  );
});

describe('percentiles (HJ 663-2013: the value at place 1 + (n − 1)·p %, between two places in proportion)', () => {
  const bigs = (values: readonly number[]): Big[] => values.map((value) => new Big(value));
  test.each([
    ['none', [], 95, null],
    ['one', [7], 95, '7'],
    ['two', [10, 20], 90, '19'],
    ['five, unsorted', [30, 10, 50, 20, 40], 90, '46'],
    ['twenty-one: the twentieth', Array.from({ length: 21 }, (_, i) => i + 1), 95, '20'],
    ['exact in decimals', [0.1, 0.2, 0.3], 50, '0.2'],
    ['the largest', [1, 2, 3], 100, '3'],
  ] as const)('%s', (_, values, p, expected) => {
    expect(percentile(bigs(values), p)?.toString() ?? null).toBe(expected);
  });

  test('law: the order does not matter, and it lies between the smallest and the largest', () => {
    const values = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.constantFrom(90, 95, 98), (some, p) => {
        const found = Number(percentile(bigs(some), p));
        expect(Number(percentile(bigs([...some].reverse()), p))).toBe(found);
        expect(found).toBeGreaterThanOrEqual(Math.min(...some));
        expect(found).toBeLessThanOrEqual(Math.max(...some));
      }),
    );
  });
});

describe('the largest 8-hour running mean of a day', () => {
  const hours = (values: readonly (number | null)[]) => series('town-air', 'o3', start, HOUR, values);
  const largest = (values: readonly (number | null)[]) => maxRunningMean(hours(values), day);
  test('of a flat day is its value, over 17 running means', () => {
    expect(largest(times(24, 80))).toMatchObject({ filled: 17, due: 17, enough: true });
    expect(largest(times(24, 80)).mean?.toString()).toBe('80');
  });
  test('needs six of the eight hours, and fourteen of the seventeen means', () => {
    expect(largest([...times(5, 200), ...Array<null>(19).fill(null)]).mean).toBeNull();
    // Hours 0–5: only the mean over 0–7 has six of its hours.
    expect(largest([...times(6, 200), ...Array<null>(18).fill(null)])).toMatchObject({ filled: 1, enough: false });
    // Hours 3–22: of the means that begin at 0 … 16 all but the first have six hours or more.
    expect(largest([null, null, null, ...times(20, 80), null])).toMatchObject({ filled: 16, enough: true });
  });
  test('stays within the day', () => {
    const late = [...times(20, 20), 200, 200, 200, 200];
    expect(largest(late).mean?.toString()).toBe('110');
  });
});

describe('weighted by flow', () => {
  const cod = series('qinghuchong-outlet', 'cod', start, 4 * HOUR, [10, 10, 10, 40, 40, 40]);
  const flow = (values: readonly (number | null)[]) => series('qinghuchong-outlet', 'flow', start, 4 * HOUR, values);
  const weighted = (values: readonly (number | null)[]) => {
    const { mean, weighted: by } = windowMean(cod, day, six, 'arithmetic', 'upper', flow(values));
    return [mean?.toString(), by];
  };
  test.each([
    ['three parts of ten', [3, 3, 3, 1, 1, 1], '17.5', true],
    ['nothing flowed by night', [0, 0, 0, 1, 1, 1], '40', true],
    ['four parts have both', [1, 1, null, null, 3, 3], '32.5', true],
    ['three parts have both: too few, so none weighs more', [1, 1, 1, null, null, null], '25', false],
    ['nothing flowed at all', times(6, 0), '25', false],
    ['a negative flow is none', [-1, -1, -1, -1, 1, 1], '25', false],
  ] as const)('%s', (_, values, mean, by) => expect(weighted(values)).toEqual([mean, by]));
});

test('means of thirds are exact: the rounding of a part never moves a mean off its limit', () => {
  const thirds = (from: number) => series('nankeng-out', 'do', start + from * HOUR, HOUR, [4, 5, 5]);
  const rest = (from: number) => series('nankeng-out', 'do', start + from * HOUR, HOUR, [5, 5, 6]);
  const readings = [0, 8, 16].flatMap(thirds).concat([4, 12, 20].flatMap(rest));
  expect(over(readings).mean?.toString()).toBe('5');
});

test('the highest detection limit of the non-detects that count', () => {
  const readings = [0.02, 0.05].map((detection, i) => reading({ time: start + i * HOUR, value: detection / 2, detection }));
  expect(over([...readings, reading({ time: start + 2 * HOUR, value: 9, detection: 18, quality: 'fail' })])).toMatchObject({
    detection: '0.05',
    excluded: { quality: 1 },
  });
});
