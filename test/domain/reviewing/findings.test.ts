/** Is what a day holds counted honestly, and does the worse day come first? */
import { describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { dayFacts, type DaySeries } from '../../../src/domain/reviewing/day-facts.js';
import { factFindings, gravity, type Naming, standingFindings } from '../../../src/domain/reviewing/findings.js';
import { waitingDay } from '../../../src/domain/reviewing/review-day.js';
import { DAY, HOUR } from '../../../src/domain/time.js';
import { at, reading } from '../../support/wupi.js';

const START = at('2026-11-22');
const SPAN = { from: START, to: START + DAY };
const LIMIT = 1;
const naming: Naming = (code) => ({ name: code.toUpperCase(), nameEn: code, value: (of) => of.toFixed(2) });

/** A day of hourly values; `null` leaves one out. */
function hourly(values: readonly (number | null)[], over: (hour: number) => Partial<JudgedReading> = () => ({})): DaySeries {
  const readings = values.flatMap((value, hour) =>
    value === null ? [] : [reading({ value, time: START + hour * HOUR, ...over(hour) })],
  );
  return { parameter: 'nh3n', cadence: 60, readings, beyond: ({ value }) => (value > LIMIT ? value - LIMIT : null) };
}

const day = (value = 0.4): (number | null)[] => Array<number>(24).fill(value);
const texts = (series: DaySeries): string[] => factFindings(dayFacts([series], SPAN, []), naming).map(({ text }) => text.zh);

describe('what is said of a day', () => {
  const suspect = { quality: 'suspect', checks: ['spike'] } as const;
  const stuck = { quality: 'fail', checks: ['flat-line'] } as const;
  test.each<[name: string, series: DaySeries, expected: string[]]>([
    ['a quiet day', hourly(day()), []],
    ['values over the limit, the worst named', hourly(day().with(3, 1.2).with(4, 1.9)), ['NH3N 超限 2 条,最差 1.90']],
    ['a spike that waits', hourly(day().with(5, 0.9), (h) => (h === 5 ? suspect : {})), ['NH3N 尖峰 1 条']],
    [
      'a spike that somebody decided about waits no more, and what was taken out is told with what was over',
      hourly(day().with(5, 7), (h) => (h === 5 ? { ...suspect, ruling: 'invalid' } : {})),
      ['人工剔除 1 条(其中超限 1 条)'],
    ],
    ['a probe that stands still', hourly(day(), (h) => (h >= 12 ? stuck : {})), ['NH3N 恒值不变 12 条']],
    ['a silence of six hours', hourly(day().fill(null, 6, 12)), ['NH3N 缺数约 7 小时']],
    ['two lost hours are no outage of an hourly series', hourly(day().fill(null, 6, 8)), ['NH3N 缺数约 3 小时']],
    ['one lost hour is nothing', hourly(day().with(6, null)), []],
    ['a day without a value', hourly(day().fill(null)), ['NH3N 缺数约 24 小时']],
    [
      'a value that the device marked does not count, and is not over',
      hourly(day().with(3, 9), (h) => (h === 3 ? { mark: 'M' } : {})),
      [],
    ],
  ])('%s', (_, series, expected) => expect(texts(series)).toEqual(expected));

  test('a sample of the laboratory is told as one, and is never missing', () => {
    const sample: DaySeries = { ...hourly([1.4]), cadence: null };
    expect(texts(sample)).toEqual(['化验NH3N 超限 1 条,最差 1.40']);
    expect(texts({ ...hourly([0.4]), cadence: null })).toEqual([]);
  });

  test('verdicts of samples are told beside those of windows', () => {
    const told = standingFindings(waitingDay('a', START), { state: 'undetermined', n: 3 }, { state: 'exceeded', n: 1 });
    expect(told.map(({ text }) => text.zh)).toEqual(['化验水样超标 1 份', '未判定 3 个时段']);
  });

  test('series that fell silent together are told together', () => {
    const silent = hourly(day().fill(null, 6, 12));
    const facts = dayFacts([silent, { ...silent, parameter: 'tp' }], SPAN, []);
    expect(factFindings(facts, naming).map(({ text }) => text.zh)).toEqual(['2 项指标 缺数约 7 小时']);
  });
});

describe('which day comes first', () => {
  const facts = (series: DaySeries) => gravity(factFindings(dayFacts([series], SPAN, []), naming));
  const spike = hourly(day(), (h) => (h === 5 ? { quality: 'suspect', checks: ['spike'] } : {}));
  const over = hourly(day().with(3, 1.2));
  const twice = hourly(day().with(3, 1.2).with(4, 1.2));
  const silent = hourly(day().fill(null, 6, 12));
  const standing = (state: 'exceeded' | 'undetermined') =>
    gravity(standingFindings(waitingDay('a', START), { state, n: 1 }, null));

  test('a lost verdict before single values, more of them before fewer, these before doubts, doubts before silence', () => {
    const weights = [standing('exceeded'), facts(twice), facts(over), facts(spike), facts(silent)];
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(new Set(weights).size).toBe(weights.length);
  });

  test('nothing to say weighs nothing', () => {
    expect(facts(hourly(day()))).toBe(0);
    expect(gravity(standingFindings(waitingDay('a', START), null, null))).toBe(0);
  });

  test('what was sent back or changed is never quiet', () => {
    const done = { by: 'reviewer', at: START, note: '再看看' };
    const back = standingFindings({ changed: { ...done, was: 'second' }, returned: done }, null, null);
    expect(back.map(({ text }) => text.zh)).toEqual(['复核后有变动:再看看', '退回:再看看']);
    expect(gravity(back)).toBeGreaterThan(0);
  });
});
