/** Do the cells of a strip stand where they belong, and is a river drawn in its true proportions? */
import { describe, expect, test } from '@jest/globals';
import { project } from '../../src/web/river/river-map.js';
import {
  cellsOf,
  classLetter,
  columnsOf,
  daysBetween,
  daysLater,
  groupsOf,
  isDay,
  shortNames,
  stepFor,
} from '../../src/web/river-strip.js';
import { strip } from './river-fixtures.js';

describe('columns', () => {
  test('days over the end of a month; groups name the months', () => {
    const columns = columnsOf('day', '2026-10-30', '2026-11-02');
    expect(columns.map(({ start, end, label }) => [start, end, label])).toEqual([
      ['2026-10-30', '2026-10-31', '30'],
      ['2026-10-31', '2026-11-01', '31'],
      ['2026-11-01', '2026-11-02', '1'],
    ]);
    expect(groupsOf('day', columns)).toEqual([
      { name: '2026-10', count: 2 },
      { name: '2026-11', count: 1 },
    ]);
  });

  test('months over the end of a year, begun by the month that the first day is in', () => {
    const columns = columnsOf('month', '2026-11-15', '2027-01-02');
    expect(columns.map(({ start, end, label }) => [start, end, label])).toEqual([
      ['2026-11-01', '2026-12-01', '11'],
      ['2026-12-01', '2027-01-01', '12'],
      ['2027-01-01', '2027-02-01', '1'],
    ]);
    expect(groupsOf('month', columns).map(({ name }) => name)).toEqual(['2026', '2027']);
  });

  test.each([
    ['2026-02-28', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-13-01', false],
    ['2026-1-1', false],
    [undefined, false],
    ['javascript:1', false],
  ])('%s is a day: %s', (text, is) => expect(isDay(text)).toBe(is));

  test('days are counted over a leap year', () => {
    expect(daysLater('2028-02-28', 2)).toBe('2028-03-01');
    expect(daysBetween('2028-02-01', '2028-03-01')).toBe(29);
  });
});

describe('cells', () => {
  const answer = strip('day', '2026-11-14', '2026-11-26');
  const columns = columnsOf('day', '2026-11-14', '2026-11-26');
  const open = {
    ...{ window: 'day' as const, start: '2026-11-23T00:00:00+08:00', end: '2026-11-24T00:00:00+08:00' },
    ...{ validCount: 3, dueCount: 6, class: 'III' as const },
  };

  test('one a column: a verdict, an excuse, what runs still, and nothing for what has not begun', () => {
    const cells = cellsOf(answer.sections[2]!, columns, open);
    expect(cells.map(({ kind }) => kind)).toEqual([
      ...['met', 'excused', 'met', 'met', 'met', 'met', 'exceeded', 'undetermined', 'met'],
      ...['open', 'none', 'none'],
    ]);
    expect(cells[9]).toMatchObject({ class: 'III', filled: 3, due: 6 });
  });

  test('a closed verdict stands, whatever the station says of the day still', () => {
    const cells = cellsOf(answer.sections[2]!, columns, { ...open, start: '2026-11-20T00:00:00+08:00' });
    expect(cells[6]).toMatchObject({ kind: 'exceeded', class: 'IV' });
  });

  test('worse than Ⅴ has its letters', () => expect(['I', 'worse-than-V', null].map(classLetter)).toEqual(['Ⅰ', '劣Ⅴ', '']));
});

test.each([
  [
    ['南坑河入境断面', '南坑河中段断面'],
    ['入境断面', '中段断面'],
  ],
  [
    ['Nankeng River, inflow section', 'Nankeng River, middle section'],
    ['inflow section', 'middle section'],
  ],
  [
    ['南坑河', '南坑河下'],
    ['南坑河', '南坑河下'],
  ],
  [
    ['Outflow north', 'Outer south'],
    ['Outflow north', 'Outer south'],
  ],
  [['南坑河入境断面'], ['南坑河入境断面']],
])('%j in short', (names, short) => expect(shortNames(names)).toEqual(short));

test.each([
  [1, '1h'],
  [8, '1h'],
  [9, '4h'],
  [62, '4h'],
  [366, '1d'],
])('%s days are drawn in steps of %s', (days, step) => expect(stepFor(days).step).toBe(step));

describe('the map', () => {
  test('a kilometre is as long to the north as to the east, and everything lies within the margin', () => {
    // At 60° a degree of longitude is half a degree of latitude.
    const { line, height, scale } = project(
      [
        [10, 59.95],
        [10.2, 60.05],
      ],
      [],
      500,
      50,
    );
    const [first, last] = line;
    expect(first!.x).toBeCloseTo(50);
    expect(last!.x).toBeCloseTo(450);
    expect(first!.y - last!.y).toBeCloseTo(400, 0);
    expect(height).toBeCloseTo(500, 0);
    expect(last!.y).toBeCloseTo(50);
    // 0.1° of latitude is 11.132 km on 400 units.
    expect(scale.km).toBe(2);
    expect(scale.length).toBeCloseTo((400 / 11.132) * 2, 0);
  });

  test('a single section without a line is a drawing too', () => {
    const { marks, height } = project([], [[113, 27]], 300, 50);
    expect(marks).toHaveLength(1);
    expect([marks[0]!.x, marks[0]!.y, height].every(Number.isFinite)).toBe(true);
  });
});
