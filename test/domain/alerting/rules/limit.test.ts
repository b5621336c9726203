/** Does a series alarm when its shape says so, and only then? */
import { describe, expect, test } from '@jest/globals';
import { LimitMemory } from '../../../../src/domain/alerting/rules/limit-memory.js';
import type { Doubt, LimitSeries } from '../../../../src/domain/alerting/rules/limit-series.js';
import { refutedWords } from '../../../../src/domain/alerting/rules/limit-words.js';
import { limitAmendment } from '../../../../src/domain/alerting/rules/limit-amendment.js';
import { limitStep } from '../../../../src/domain/alerting/rules/limit.js';
import type { LimitShape } from '../../../../src/domain/alerting/rules.js';
import type { Signal } from '../../../../src/domain/alerting/signal.js';
import { checkMoment } from '../../../../src/domain/compliance/evaluate.js';
import type { Limit } from '../../../../src/domain/standards/limit.js';
import { DAY, HOUR, MINUTE } from '../../../../src/domain/time.js';

const T0 = Date.parse('2026-11-23T08:00:00+08:00');
const limit = (over: Partial<Limit> = {}): Limit => ({
  standard: 'GB 3838-2002',
  parameter: 'nh3n',
  class: 'III',
  operator: '<=',
  low: null,
  high: '1.0',
  averaging: 'period mean or sample',
  comparison: 'full',
  decimals: null,
  condition: null,
  alternative: null,
  waterBody: null,
  clause: '表1',
  citation: 'GB 3838-2002 表1 Ⅲ类',
  grade: 'verified',
  confirmed: null,
  validFrom: null,
  validTo: null,
  ...over,
});
const OXYGEN = limit({ parameter: 'do', operator: '>=', low: '5', high: null });
const CHLORINE = limit({ parameter: 'cl2', class: null, operator: '>=', low: '0.05', high: null });
const PH = limit({ parameter: 'ph', operator: 'between', low: '6', high: '9' });
const shape = (over: Partial<LimitShape> = {}): LimitShape => ({
  over: { by: 'value', values: 1 },
  severe: [],
  warning: null,
  clear: { values: 3, share: 1 },
  noSupplyMinutes: null,
  ...over,
});

interface World {
  readonly limits?: readonly Limit[];
  readonly classV?: string;
  readonly cadence?: number;
  readonly flow?: number | null;
  readonly doubt?: Doubt;
  /** Minutes by which values arrive late. */
  readonly late?: number;
  readonly unit?: string;
  readonly memory?: LimitMemory;
}
const seriesOf = (of: LimitShape, world: World): LimitSeries => {
  const limits = world.limits ?? [limit()];
  return {
    shape: of,
    parameter: { decimals: 2, unit: world.unit ?? 'mg/L' },
    cadence: world.cadence ?? 60,
    hold: (value) => checkMoment(value, limits, null),
    holdClass: (value) => checkMoment(value, [limit({ class: 'V', high: world.classV ?? '2.0' })], null),
    flow: () => world.flow ?? null,
    isDay: (time) => ((time + 8 * HOUR) % DAY) / HOUR >= 6 && ((time + 8 * HOUR) % DAY) / HOUR < 22,
    doubt: () => world.doubt ?? 'none',
  };
};

/** Feeds `[minute, value]`; every signal but nothing, as `minute what severity`. */
function run(of: LimitShape, values: readonly (readonly [minute: number, value: number])[], world: World = {}) {
  const series = seriesOf(of, world);
  const memory = world.memory ?? new LimitMemory(of);
  const signals = values.map(([minute, value]): [number, Signal] => {
    const time = T0 + minute * MINUTE;
    const moment = checkMoment(value, world.limits ?? [limit()], null)!;
    return [minute, limitStep(memory, series, time, value, moment, time + (world.late ?? 0) * MINUTE)];
  });
  const told = signals.flatMap(([minute, signal]) =>
    signal.says === 'nothing' ? [] : [`${minute} ${signal.says === 'clear' ? 'clear' : signal.severity}`],
  );
  const last = signals.map(([, signal]) => signal).findLast((signal) => signal.says === 'firing');
  const ended = signals.map(([, signal]) => signal).findLast((signal) => signal.says === 'clear');
  return {
    ...{ told, memory, series, last: last?.says === 'firing' ? last : undefined },
    ended: ended?.says === 'clear' ? ended.reason.zh : undefined,
  };
}
/** One value every `step` minutes from `from`. */
const every = (step: number, from: number, ...values: number[]): [number, number][] =>
  values.map((value, i) => [from + i * step, value]);
const times = (n: number, value: number): number[] => Array<number>(n).fill(value);

describe('by value', () => {
  test.each<[string, Partial<LimitShape>, [number, number][], World, string[]]>([
    [
      'the first over, three back',
      {},
      every(60, 0, 0.8, 1.37, 0.9, 0.9, 1.1, 0.9, 1.0, 0.5, 0.5),
      {},
      ['60 over', '240 over', '420 clear'],
    ],
    ['two in a row', { over: { by: 'value', values: 2 } }, every(60, 0, 1.2, 0.9, 1.2, 1.3), {}, ['180 over']],
    ['exactly at the limit', {}, every(60, 0, 1.0), {}, []],
    [
      'the clear level',
      { clear: { values: 2, share: 0.9 } },
      every(60, 0, 1.2, 0.95, 0.95, 0.9, 0.9),
      {},
      ['0 over', '240 clear'],
    ],
    [
      'the same instant, and an earlier one',
      {},
      [
        [60, 0.5],
        [60, 9],
        [0, 9],
        [61, 1.2],
      ],
      {},
      ['61 over'],
    ],
    ['older than six hours', {}, every(60, 0, 1.2), { late: 361 }, []],
    ['six hours old', {}, every(60, 0, 1.2), { late: 360 }, ['0 over']],
    ['older than six hours, but not than two cadences', {}, every(60, 0, 1.2), { late: 470, cadence: 240 }, ['0 over']],
    ['a limit to be confirmed', {}, every(60, 0, 1.2), { limits: [limit({ grade: 'transcribed' })] }, ['0 warning']],
    ['never', { over: { by: 'never' } }, every(60, 0, 1.2), {}, []],
  ])('%s', (_, over, values, world, expected) => expect(run(shape(over), values, world).told).toEqual(expected));

  test('says by how much, in both languages', () => {
    const { last } = run(shape(), every(60, 0, 1.37));
    expect(last).toMatchObject({
      value: 1.37,
      reason: {
        zh: '单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍',
        en: 'single value 1.37 mg/L, over the class III limit (1.0) by 0.37 times',
      },
      passed: {
        number: 1,
        text: '≤ 1.0',
        name: { zh: 'Ⅲ类限值' },
        isLower: false,
        citation: 'GB 3838-2002 表1 Ⅲ类',
        isCertain: true,
        times: '0.37',
      },
    });
    expect(last?.isWorse?.(1.2)).toBe(true);
    expect(last?.isWorse?.(1.4)).toBe(false);
  });

  test('of a range, the farther out is the worse; the side that was passed is told', () => {
    const { last } = run(shape(), every(60, 0, 5.2), { limits: [PH], unit: '' });
    expect(last).toMatchObject({ passed: { isLower: true, number: [6, 9] }, reason: { zh: '单次测值 5.20,超出Ⅲ类限值(6–9)' } });
    expect([last?.isWorse?.(9.5), last?.isWorse?.(9.9)]).toEqual([true, false]);
  });
});

describe('by the mean', () => {
  const mean = shape({ over: { by: 'mean', hours: 24 }, severe: [{ below: 2 }, { atMost: 3, minutes: 120 }] });
  const world: World = { limits: [OXYGEN] };
  test.each<[string, [number, number][], string[]]>([
    ['a night under the limit in a day that is not', every(60, 0, ...times(16, 8), ...times(8, 4.2), ...times(8, 8)), []],
    ['a day under it', every(60, 0, ...times(17, 4.6), 4.6), ['1020 over']],
    ['too few hours to tell', every(60, 0, ...times(10, 4)), []],
    ['under 2 at once, back by three', every(60, 0, 8, 1.9, 8, 8, 8), ['60 severe', '240 clear']],
    ['at most 3, not for two hours', every(60, 0, 8, 3, 2.9, 8), []],
    ['at most 3 for two hours', every(60, 0, 8, 3, 2.9, 3, 8, 8, 8), ['180 severe', '360 clear']],
    [
      'at most 3, across a gap',
      [
        [0, 3],
        [60, 3],
        [300, 3],
        [360, 3],
      ],
      [],
    ],
  ])('%s', (_, values, expected) => expect(run(mean, values, world).told.slice(0, 2)).toEqual(expected));

  test('says which mean', () => {
    expect(run(mean, every(60, 0, ...times(20, 4.62)), world).last).toMatchObject({
      value: expect.closeTo(4.62, 6),
      passed: { statistic: { zh: '24 小时均值' }, isLower: true, times: null },
      reason: { zh: '24 小时均值 4.62 mg/L,低于Ⅲ类限值(5)' },
    });
  });

  test('a burst of values weighs no more than its hour', () => {
    const dense = every(1, 60, ...times(55, 1));
    const values = [...every(60, -1080, ...times(18, 6)), ...dense, ...every(60, 120, ...times(3, 6))];
    expect(run(shape({ over: { by: 'mean', hours: 24 } }), values, world).told).toEqual([]);
  });
});

describe('lasting', () => {
  const plant = shape({ over: { by: 'lasting', minutes: 30, when: 'always' }, noSupplyMinutes: 30 });
  const tap = shape({
    over: { by: 'lasting', minutes: 120, when: 'supply' },
    severe: [{ atMost: 0.01, minutes: 60, withFlow: true }],
    noSupplyMinutes: 30,
  });
  const world: World = { limits: [CHLORINE], cadence: 15 };
  test.each<[string, LimitShape, number, number[], World, string[]]>([
    ['the plant: half an hour', plant, 0, [0.03, 0.03, 0.04, 0.3, 0.3, 0.3], world, ['30 over', '75 clear']],
    ['the plant: a moment', plant, 0, [0.03, 0.3, 0.03, 0.3], world, []],
    ['a tap: two hours by day', tap, 0, times(9, 0.04), world, ['120 over']],
    ['a tap: all night', tap, 14 * 60, times(32, 0.04), world, []],
    ['a tap: all night, and water flows', tap, 14 * 60, times(9, 0.04), { ...world, flow: 0.2 }, ['960 over']],
    ['a tap: by day, and none flows', tap, 0, times(12, 0.04), { ...world, flow: 0 }, []],
    ['nothing with flow for an hour', tap, 0, times(5, 0), { ...world, flow: 0.2 }, ['60 severe']],
    ['nothing without flow: no supply', tap, 0, times(3, 0), { ...world, flow: 0 }, ['30 warning']],
    ['nothing without flow at the plant: no supply', plant, 0, times(3, 0), { ...world, flow: 0 }, ['30 warning']],
  ])('%s', (_, of, from, values, where, expected) => {
    expect(run(of, every(15, from, ...values), where).told.slice(0, 2)).toEqual(expected);
  });

  test('no supply is told as what it is', () => {
    expect(run(tap, every(15, 0, 0, 0, 0), { ...world, flow: 0 }).last?.reason.zh).toMatch(/^停水.*不是水质超限$/);
    expect(run(tap, every(15, 0, ...times(9, 0.04)), world).last?.reason.zh).toBe('持续 2 小时,最近 0.04 mg/L,低于限值(0.05)');
  });

  test('a gap of more than three cadences interrupts', () => {
    expect(
      run(
        plant,
        [
          [0, 0.03],
          [15, 0.03],
          [75, 0.03],
          [90, 0.03],
        ],
        world,
      ).told,
    ).toEqual([]);
    expect(
      run(
        plant,
        [
          [0, 0.03],
          [15, 0.03],
          [60, 0.03],
        ],
        world,
      ).told,
    ).toEqual(['60 over']);
  });
});

describe('far over', () => {
  test.each<[string, Partial<LimitShape>, number[], World, string[]]>([
    ['beyond class V', { severe: [{ beyondClass: 'V' }] }, [1.5, 2.0, 2.1], {}, ['0 over', '60 over', '120 severe']],
    ['so many times', { severe: [{ times: 1 }] }, [1.99, 2], {}, ['0 over', '60 severe']],
    ['above', { severe: [{ above: 9.5 }] }, [9.4, 9.6], { limits: [PH] }, ['0 over', '60 severe']],
    ['below', { severe: [{ below: 5.5 }] }, [5.5, 5.4], { limits: [PH] }, ['0 over', '60 severe']],
    [
      'of a limit to be confirmed: a warning',
      { severe: [{ beyondClass: 'V' }] },
      [9],
      { limits: [limit({ grade: 'transcribed' })] },
      ['0 warning'],
    ],
  ])('%s', (_, over, values, world, expected) => {
    expect(run(shape(over), every(60, 0, ...values), world).told).toEqual(expected);
  });

  test('names the class', () => {
    expect(run(shape({ severe: [{ beyondClass: 'V' }] }), every(60, 0, 2.4)).last?.reason.zh).toBe(
      '单次测值 2.40 mg/L,超Ⅴ类限值(2.0)0.20 倍',
    );
  });
});

describe('near', () => {
  const share = shape({ warning: { by: 'share', share: 0.8, values: 2 }, clear: { values: 3, share: 0.95 } });
  const outside = shape({ warning: { by: 'outside', low: 6.5, high: 8.5, hours: 3 } });
  test.each<[string, LimitShape, number[], World, string[]]>([
    ['two values at 80 %', share, [0.8, 0.79, 0.8, 0.81, 0.82], {}, ['180 warning', '240 warning']],
    ['back under 80 % three times', share, [0.85, 0.85, 0.79, 0.79, 0.79], {}, ['60 warning', '240 clear']],
    ['rises within itself', share, [0.85, 0.85, 1.2], {}, ['60 warning', '120 over']],
    [
      'down from over: no warning until it was farther off',
      share,
      [1.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.7, 0.9, 0.9],
      {},
      ['0 over', '180 clear', '480 warning'],
    ],
    ['pH outside the band for three hours', outside, [8.6, 8.6, 8.6, 8.6], { limits: [PH] }, ['180 warning']],
    ['pH back inside for a moment', outside, [8.6, 8.6, 8.4, 8.6, 8.6, 8.6], { limits: [PH] }, []],
  ])('%s', (_, of, values, world, expected) => expect(run(of, every(60, 0, ...values), world).told).toEqual(expected));

  test('says how near', () => {
    expect(run(share, every(60, 0, 0.85, 0.86)).last?.reason.zh).toBe('连续 2 次测值,最近 0.86 mg/L,达到Ⅲ类限值(1.0)的 80 %');
    expect(run(share, every(60, 0, 0.85, 0.86)).last).toMatchObject({ passed: { share: 0.8 } });
    expect(run(share, every(60, 0, 0.85, 0.86, 0.7, 0.7, 0.7)).ended).toBe('连续 3 次测值不再达到预警条件');
    expect(run(share, every(60, 0, 0.85, 0.86, 1.2, 0.7, 0.7, 0.7)).ended).toBe('连续 3 次测值回到限值以内');
  });

  test('a daily minimum far under what is usual at that hour; every night alike is silent', () => {
    const dip = shape({ over: { by: 'mean', hours: 24 }, warning: { by: 'dip', fall: 1.5, days: 7 } });
    const day = (lowest: number) => Array.from({ length: 24 }, (_, i) => (i === 5 ? lowest : 8));
    const nights = (last: number) => every(60, 0, ...Array.from({ length: 7 }, () => day(6)).flat(), ...day(last));
    const world: World = { limits: [OXYGEN] };
    expect(run(dip, nights(5.5), world).told).toEqual([]);
    const { told, last } = run(dip, nights(4.4), world);
    expect(told).toEqual([`${7 * 24 * 60 + 5 * 60} warning`, `${7 * 24 * 60 + 8 * 60} clear`]);
    expect(last?.reason.zh).toBe('日最低值 4.40 mg/L,比近 7 天同时刻中位值(6.00)低 1.60');
    expect(run(dip, every(60, 0, ...day(6), ...day(4)), world).told).toEqual([]);
  });
});

describe('doubt', () => {
  const amend = ({ memory, series }: ReturnType<typeof run>, minute: number, is: 'valid' | 'spike' | 'excluded') =>
    limitAmendment(memory, series, T0 + minute * MINUTE, 9, is === 'excluded' ? { is, reason: refutedWords(true, '') } : { is });

  test('a spike opens unconfirmed; the next value over confirms', () => {
    const first = run(shape(), every(60, 0, 9), { doubt: 'spike' });
    expect(first.last?.isUnconfirmed).toBe(true);
    expect(run(shape(), every(60, 60, 1.4), { memory: first.memory }).last?.isUnconfirmed).toBe(false);
  });

  test('a spike that is refuted never was', () => {
    const first = run(shape(), every(60, 0, 9, 0.5), { doubt: 'spike' });
    expect(amend(first, 0, 'excluded')).toMatchObject({
      says: 'clear',
      isRefuted: true,
      reason: { zh: expect.stringContaining('突跳') },
    });
    expect(amend(first, 0, 'excluded')).toEqual({ says: 'nothing' });
    expect(run(shape(), every(60, 120, 1.4), { memory: first.memory }).told).toEqual(['120 over']);
  });

  test('a value that the checks call wrong already opens nothing', () => {
    expect(run(shape(), every(60, 0, 9), { doubt: 'wrong' }).told).toEqual([]);
  });

  test('the amendment may come after: doubted, then confirmed', () => {
    const first = run(shape(), every(60, 0, 9));
    expect(amend(first, 0, 'spike')).toMatchObject({ says: 'firing', isUnconfirmed: true, at: T0 });
    expect(amend(first, 0, 'valid')).toMatchObject({ says: 'firing', isUnconfirmed: false });
    expect(amend(first, 0, 'valid')).toEqual({ says: 'nothing' });
  });

  test('a doubted rise comes down to what was said before', () => {
    const far = shape({ severe: [{ beyondClass: 'V' }] });
    const first = run(far, every(60, 0, 1.4));
    const risen = run(far, every(60, 60, 9), { memory: first.memory, doubt: 'spike' });
    expect(risen.last).toMatchObject({ severity: 'severe', isUnconfirmed: true });
    expect(run(far, every(60, 120, 1.3), { memory: first.memory }).last).toMatchObject({ severity: 'over', isUnconfirmed: true });
    expect(amend(first, 60, 'excluded')).toMatchObject({ says: 'firing', severity: 'over', value: 1.4, isUnconfirmed: false });
  });

  test.each<[string, number[], number[], string]>([
    ['the only value', [9], [0], 'clear'],
    ['one of two', [9, 9], [0], 'nothing'],
    ['both', [9, 9], [0, 60], 'clear'],
    ['one that was never over', [0.5, 9], [0], 'nothing'],
    ['one not judged yet', [9], [600], 'nothing'],
  ])('%s left out by a person', (_, values, minutes, says) => {
    const first = run(shape(), every(60, 0, ...values));
    expect(minutes.map((minute) => amend(first, minute, 'excluded').says).at(-1)).toBe(says);
  });
});

describe('memory', () => {
  const shapes: [string, LimitShape, World][] = [
    ['by value', shape({ severe: [{ beyondClass: 'V' }], warning: { by: 'share', share: 0.8, values: 2 } }), {}],
    ['by the mean', shape({ over: { by: 'mean', hours: 24 }, warning: { by: 'dip', fall: 1.5, days: 7 } }), { limits: [OXYGEN] }],
    ['lasting', shape({ over: { by: 'lasting', minutes: 120, when: 'supply' } }), { limits: [CHLORINE] }],
  ];
  test.each(shapes)('%s: kept as text after every value, it says the same', (_, of, world) => {
    const wave = (i: number): number => Math.abs(Math.sin(i / 7) * 2 + Math.sin(i * i));
    const values = Array.from({ length: 400 }, (_, i): [number, number] => [
      i * 60,
      of.over.by === 'lasting' ? wave(i) / 20 : wave(i),
    ]);
    let memory = new LimitMemory(of);
    const told = values.flatMap((value) => {
      const step = run(of, [value], { ...world, memory }).told;
      const { minima } = memory;
      memory = new LimitMemory(of).restore(memory.text(), minima === null ? undefined : JSON.stringify(minima.text()));
      return step;
    });
    expect(told).toEqual(run(of, values, world).told);
    expect(told.length).toBeGreaterThan(5);
  });

  test('of an older version: what was raised ends as usual', () => {
    const memory = new LimitMemory(shape()).restore(JSON.stringify({ newest: T0, inside: 2, raised: 'over' }), undefined);
    expect(run(shape(), every(60, 60, 0.5), { memory }).told).toEqual(['60 clear']);
  });
});
