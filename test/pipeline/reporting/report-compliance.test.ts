/** Is every rate made of stored verdicts, with its denominator, and its evidence beside it? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { VerdictView } from '../../../src/adapters/http/contract/compliance.js';
import type { Verdict, VerdictState } from '../../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { localDate, MINUTE, windowsIn } from '../../../src/domain/time.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, reading, riverDay, series, siteWith, station, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open(options);
};
const say = async (now: string, readings: readonly JudgedReading[] = []): Promise<void> => {
  pipeline.clock.set(at(now));
  if (readings.length > 0) await pipeline.publish(...readings);
  await pipeline.run();
};
/** River days; over more than three weeks every second one is a hundredth higher, or the analysers would be taken for stuck. */
const days = (from: string, to: string, over: (day: string) => Parameters<typeof riverDay>[1] = () => ({})): JudgedReading[] => {
  const all = windowsIn('day', { from: at(from), to: at(to) }, wupi.calendar);
  return all.flatMap(({ start }, i) => {
    const day = localDate(start, wupi.calendar);
    const higher = all.length > 22 && i % 2 === 1 ? 1.01 : 1;
    return riverDay(day, over(day)).map((r) => ({ ...r, value: Number((r.value * higher).toFixed(4)) }));
  });
};
/** A rate with its windows as the wire has them. */
const answer = (id: string, query: Parameters<Pipeline['parts']['compliance']['compliance']>[1]) => {
  const { head, windows } = pipeline.parts.compliance.compliance(id, query);
  return { ...head, windows: windows.map((text) => JSON.parse(text) as VerdictView) };
};
const target = (id: string) => pipeline.parts.compliance.targets().targets.find((t) => t.id === id)!;

describe('targets', () => {
  test('nothing came: every rate is null with its reason, none is 100', async () => {
    await open();
    expect(pipeline.parts.compliance.targets().targets.map((t) => [t.id, t.rate, t.status, t.reason])).toEqual([
      ['river', null, 'insufficient', '未判定:尚无数据'],
      ['drinking-water', null, 'insufficient', '暂无化验结果'],
      ['drinking-online', null, 'insufficient', '未判定:尚无数据'],
      ['sewage', null, 'insufficient', '未判定:尚无数据'],
      ['dust', null, 'insufficient', '未判定:尚无数据'],
    ]);
  });

  test('the river counts section-months of the assessed section, with the days beside it', async () => {
    await open();
    const bad = (day: string) => (day < '2026-10-10' ? { nh3n: times(6, 1.2) } : {});
    await say('2026-11-23 08:00', [
      ...days('2026-09-01', '2026-11-23', bad),
      // The inflow belongs to the neighbour: whatever it brings costs nothing.
      ...riverDay('2026-11-20', { nh3n: times(6, 9) }, 'nankeng-in'),
    ]);
    expect(target('river')).toMatchObject({
      kind: 'target',
      goal: 100,
      basis: 'section-month',
      window: 'month',
      met: 1,
      exceeded: 1,
      undetermined: 0,
      due: 2,
      rate: 50,
      capture: 100,
      status: 'missed',
      process: { window: 'day', met: 44, exceeded: 39, due: 83, rate: 53.01, capture: 100 },
    });
  });

  test('a month that just closed and has no verdict yet is due and undetermined, never met', async () => {
    await open();
    await say('2026-11-30 23:59', days('2026-10-01', '2026-12-01'));
    expect(target('river')).toMatchObject({ met: 1, due: 1, rate: 100, status: 'met' });
    expect(answer('river', { period: '2026-09' })).toMatchObject({ due: 0, reason: '未判定:尚未开始监测' });
    expect(answer('river', { period: '2026-11' })).toMatchObject({ due: 0, reason: '未判定:首个评价时段尚未结束' });
    pipeline.clock.set(at('2026-12-01 00:00'));
    expect(target('river')).toMatchObject({ met: 1, undetermined: 1, due: 2, rate: null, capture: 50, status: 'insufficient' });
    await pipeline.run();
    expect(target('river')).toMatchObject({ met: 2, due: 2, rate: 100, capture: 100, status: 'met' });
  });

  test('a dead sensor is not a green 100', async () => {
    await open();
    await say('2026-11-23 08:00', days('2026-08-01', '2026-09-01'));
    expect(target('river')).toMatchObject({
      met: 1,
      undetermined: 2,
      due: 3,
      rate: null,
      capture: 33.33,
      status: 'insufficient',
    });
    expect(target('river').reason).toContain('未判定');
    expect(target('river').process).toMatchObject({ rate: null, met: 31, due: 114 });
  });

  test('the drinking-water rate is laboratory samples only', async () => {
    await open();
    const lab = (day: string, turb: number, id = 'changtan-tap') =>
      reading({ station: id, parameter: 'turb', value: turb, time: at(`${day} 09:00`), source: 'lab', mark: 'S' });
    await say('2026-11-23 08:00', series('changtan-tap', 'turb', at('2026-11-22'), 15 * MINUTE, times(96, 9)));
    expect(target('drinking-water')).toMatchObject({ due: 0, rate: null, reason: '暂无化验结果' });
    await say('2026-11-23 09:00', [lab('2026-04-01', 0.3), lab('2026-10-14', 0.4, 'datian-plant')]);
    expect(target('drinking-water')).toMatchObject({ met: 2, due: 2, rate: 100, capture: null, status: 'met', process: null });
    await say('2026-11-23 10:00', [lab('2026-10-14', 1.1), lab('2025-10-14', 9)]);
    // A sample of last year is not of this year.
    expect(target('drinking-water')).toMatchObject({ met: 2, exceeded: 1, due: 3, rate: 66.66, status: 'missed' });
  });

  test('an indicator has no goal, and no missed', async () => {
    await open();
    const hours = series('dust-site-1', 'pm10', at('2026-11-22'), 5 * MINUTE, times(288, 200));
    await say('2026-11-23 00:00', hours);
    expect(target('dust')).toMatchObject({
      kind: 'indicator',
      goal: null,
      met: 2,
      exceeded: 22,
      due: 24,
      rate: 8.33,
      status: null,
    });
  });

  test('the rate of this year knows nothing of the last', async () => {
    await open();
    await say(
      '2027-02-01 00:00',
      days('2026-12-01', '2027-02-01', (day) => (day < '2027' ? { nh3n: times(6, 9) } : {})),
    );
    expect(target('river')).toMatchObject({ period: '2027', met: 1, exceeded: 0, due: 1, rate: 100 });
    expect(answer('river', { period: '2026' })).toMatchObject({
      met: 0,
      exceeded: 1,
      rate: 0,
      status: 'missed',
    });
  });

  test('since of the config: what nobody measured is due', async () => {
    await open({ site: siteWith(station('nankeng-out', { since: '2026-09-01' })) });
    await say('2026-11-23 08:00', days('2026-10-01', '2026-11-23'));
    expect(target('river')).toMatchObject({ met: 1, undetermined: 1, due: 2, rate: null, status: 'insufficient', capture: 50 });
  });
});

describe('compliance of one target', () => {
  test('official only by its own window; evidence item by item', async () => {
    await open();
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-21', { nh3n: [1, 1.1, 1.2, 1.2, 1.3, 1.4] }),
      ...riverDay('2026-11-22', { nh3n: [1.2, null, null, null, null, null] }),
    ]);
    const month = answer('river', { period: '2026-11' });
    expect(month).toMatchObject({ official: true, basis: 'section-month', window: 'month', due: 0, windows: [], rate: null });
    const day = answer('river', { period: '2026-11', window: 'day' });
    expect(day).toMatchObject({ official: false, window: 'day', exceeded: 1, undetermined: 1, due: 2 });
    expect(day.windows.map((w) => [w.start, w.end, w.verdict, w.class, w.reason])).toEqual([
      ['2026-11-21T00:00:00+08:00', '2026-11-22T00:00:00+08:00', 'exceeded', 'IV', null],
      ['2026-11-22T00:00:00+08:00', '2026-11-23T00:00:00+08:00', 'undetermined', null, '氨氮有效数据不足(1/6)'],
    ]);
    expect(day.windows[0]?.findings.find((f) => f.parameter === 'nh3n')).toMatchObject({
      name: '氨氮',
      statistic: '日均值',
      value: 1.2,
      compared: 1.2,
      limit: 1,
      limitText: '≤ 1.0',
      times: 0.2,
      outcome: 'exceeded',
      citation: 'GB 3838-2002 表1 Ⅲ类',
      grade: 'verified',
      filled: 6,
      due: 6,
      counted: true,
    });
    // Today is still open.
    expect(day.windows.some((w) => w.start.startsWith('2026-11-23'))).toBe(false);
  });

  test('how a verdict changed stands beside its window in either order', async () => {
    await open();
    await say('2026-11-23 08:00', [...riverDay('2026-11-21', { nh3n: times(6, 1.2) }), ...riverDay('2026-11-22')]);
    await say('2026-11-23 09:00', riverDay('2026-11-21', { nh3n: times(6, 0.8) }));
    for (const order of [undefined, 'newest'] as const) {
      const { windows } = answer('river', { period: '2026-11', window: 'day', order });
      const changed = windows.filter((w) => w.changes !== undefined).map((w) => w.start.slice(0, 10));
      expect({ order, changed }).toEqual({ order, changed: ['2026-11-21'] });
    }
  });

  test('of a period that is excused whole nothing says that it has not ended, or that nothing was sampled', async () => {
    await open();
    const sample = { station: 'changtan-tap', parameter: 'turb', value: 0.3, source: 'lab', mark: 'S' } as const;
    await say('2026-11-23 08:00', [...riverDay('2026-10-12'), reading({ ...sample, time: at('2026-10-14 09:00') })]);
    const words = { reason: 'no-flow', approver: '局', document: '1 号', note: '' } as const;
    for (const station of ['nankeng-out', 'changtan-tap'])
      pipeline.parts.excusing.add('officer', {
        ...{ ...words, station, from: '2026-10-01T00:00:00+08:00', to: '2026-11-01T00:00:00+08:00' },
      });
    await say('2026-11-23 09:00');
    for (const id of ['river', 'drinking-water'])
      expect(answer(id, { period: '2026-10' })).toMatchObject({
        ...{ due: 0, excused: 1, rate: null, status: 'insufficient', reason: '未判定:评价时段均不参评' },
      });
  });

  test.each([
    ['2026', '2026'],
    ['2026-Q4', '2026-Q4'],
    [undefined, '2026'],
  ])('period %s', async (period, answered) => {
    await open();
    expect(answer('river', { period }).period).toBe(answered);
  });

  test.each([
    ['none', {}, 'not-found', /没有代号为 none 的目标;现有:river、/],
    ['river', { period: '2026-13' }, 'bad-request', /period 应为/],
    ['river', { window: 'hour' as const }, 'bad-request', /不按小时评价;window 可为 month、day/],
  ])('%s %j is refused in words', async (id, query, kind, words) => {
    await open();
    const ask = () => answer(id, query);
    expect(ask).toThrow(Refusal);
    expect(ask).toThrow(words);
    try {
      ask();
    } catch (error) {
      expect((error as Refusal).kind).toBe(kind);
    }
  });

  describe('more than two thousand windows', () => {
    const hours = windowsIn('hour', { from: at('2026-01-01'), to: at('2026-07-01') }, wupi.calendar);
    const state = (i: number): VerdictState => (i % 100 === 0 ? 'exceeded' : i % 100 === 1 ? 'undetermined' : 'met');
    beforeEach(async () => {
      await open({ now: at('2026-07-01 00:00') });
      await pipeline.publish(reading({ station: 'changtan-tap', parameter: 'turb', time: at('2026-01-01 00:00') }));
      await pipeline.run(['settle']);
      pipeline.parts.database.transact(() => {
        hours.forEach(({ start, end }, i) => {
          const verdict: Verdict = {
            station: 'changtan-tap',
            kind: 'hour',
            start,
            end,
            verdict: state(i),
            class: null,
            reason: null,
            findings: [],
          };
          pipeline.parts.verdicts.put(verdict, start);
        });
      });
    });
    const ask = (query: { all?: '1'; page?: number; order?: 'newest' }) =>
      answer('drinking-online', { period: '2026', ...query });

    test('only the exceeded and undetermined ones are listed, and all are counted', () => {
      const found = ask({});
      expect(found.windows).toHaveLength(44 + 44);
      expect(new Set(found.windows.map((w) => w.verdict))).toEqual(new Set(['exceeded', 'undetermined']));
      expect(found).toMatchObject({ due: 4344, exceeded: 44, undetermined: 44, met: 4256, rate: 98.97, capture: 98.98 });
    });

    test('the newest first: the first page ends where the second begins, and holds the last hour', () => {
      const [first, second, third] = [1, 2, 3].map((page) =>
        ask({ all: '1', order: 'newest', page }).windows.map((w) => w.start),
      );
      expect([first!.length, second!.length, third!.length]).toEqual([2000, 2000, 344]);
      const told = [...first!, ...second!, ...third!];
      expect(told).toEqual([...told].sort().reverse());
      expect(told[0]).toBe(ask({ all: '1', page: 3 }).windows.at(-1)!.start);
    });

    test('all of them page by page, each once', () => {
      const pages = [1, 2, 3, 4].map((page) => ask({ all: '1', page }).windows);
      expect(pages.map((page) => page.length)).toEqual([2000, 2000, 344, 0]);
      expect(new Set(pages.flat().map((w) => w.start)).size).toBe(hours.length);
    });
  });
});

describe('beside the rate', () => {
  test('the same period last year, as far as it had come by the same day', async () => {
    await open();
    await say('2026-11-23 08:00', [
      ...days('2025-09-01', '2026-01-01', (day) => (day < '2025-10' ? { nh3n: times(6, 1.2) } : {})),
      ...days('2026-10-01', '2026-11-23'),
    ]);
    // Of 2025, September and October were over by 23 November.
    expect(target('river').lastYear).toMatchObject({
      period: '2025',
      until: '2025-11-01T00:00:00+08:00',
      met: 1,
      exceeded: 1,
      due: 2,
      rate: 50,
      good: { rate: 50, good: 1, classed: 2 },
    });
    expect(answer('river', { period: '2026', window: 'day' }).lastYear).toMatchObject({
      until: '2025-11-23T00:00:00+08:00',
      due: 83,
    });
    // A period that is over is compared with the whole of the other.
    expect(answer('river', { period: '2026-10' }).lastYear).toMatchObject({
      period: '2025-10',
      met: 1,
      due: 1,
      until: '2025-11-01T00:00:00+08:00',
    });
    expect(answer('river', { period: '2025' }).lastYear).toBeNull();
  });

  test('the day after 28 February of a leap year has its like', async () => {
    await open({ now: at('2028-02-29 12:00') });
    await say('2028-02-29 12:00', days('2027-02-27', '2027-03-02'));
    expect(answer('river', { period: '2028', window: 'day' }).lastYear).toMatchObject({
      until: '2027-03-01T00:00:00+08:00',
      due: 2,
    });
  });

  test('good waters are counted by class, whatever class is the target', async () => {
    await open({ site: siteWith(station('nankeng-out', { binding: { ...station('nankeng-out').binding!, class: 'II' } })) });
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-19', { nh3n: times(6, 0.8) }),
      ...riverDay('2026-11-20', { nh3n: times(6, 1.2) }),
      ...riverDay('2026-11-21', { nh3n: [0.4] }),
      ...riverDay('2026-11-22'),
    ]);
    const { good, met, exceeded, undetermined } = answer('river', { window: 'day' });
    expect({ good, met, exceeded, undetermined }).toEqual({
      ...{ good: { rate: 66.66, good: 2, classed: 3 }, met: 1, exceeded: 2, undetermined: 1 },
    });
    expect(target('drinking-online').good).toBeNull();
  });

  test('what the running month has left, from the days that were valid', async () => {
    await open();
    await say(
      '2026-11-23 08:00',
      days('2026-11-01', '2026-11-23', () => ({ nh3n: times(6, 0.71) })),
    );
    const { left } = target('river');
    expect(left).toMatchObject({
      mayFail: 0,
      month: '2026-11',
      daysLeft: 8,
      nearest: { parameter: 'do', used: 71.4, limitText: '≥ 5' },
    });
    expect(left.items.map(({ parameter, days: n, mean, low, high }) => [parameter, n, mean, low, high])).toEqual([
      ['ph', 22, 7.3, '5.5', null],
      ['do', 22, 7, null, null],
      ['codmn', 22, 3, null, '14.2'],
      ['nh3n', 22, 0.71, null, '1.79'],
      ['tp', 22, 0.08, null, '0.53'],
    ]);
    // A late correction changes it; a month that is over has nothing left.
    await say('2026-11-23 09:00', riverDay('2026-11-01', { nh3n: times(6, 9) }));
    expect(target('river').left.items.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({ high: '0.76' });
    expect(answer('river', { period: '2026-10' }).left).toBeNull();
    expect(answer('river', { period: '2026-11' }).left).toMatchObject({ month: '2026-11' });
  });

  test('a goal below 100 % says how many windows may still fail', async () => {
    const targets = wupi.targets.map((t) => (t.id === 'river' ? { ...t, goal: 80 } : t));
    await open({ site: { ...siteWith(station('nankeng-out', { since: '2026-01-01' })), targets } });
    await say(
      '2026-04-01 08:00',
      days('2026-01-01', '2026-04-01', (day) => (day < '2026-02' ? { nh3n: times(6, 1.2) } : {})),
    );
    // Of twelve months two may fail, and one has.
    expect(target('river')).toMatchObject({ exceeded: 1, met: 2, status: 'behind', left: { mayFail: 1 } });
  });

  test('a sampling plan is what is due', async () => {
    const targets = wupi.targets.map((t) =>
      t.id === 'drinking-water' ? { ...t, plan: { samples: 1, every: 'quarter' as const } } : t,
    );
    await open({ site: { ...wupi, targets } });
    const taps = [...wupi.stations.values()].filter((s) => s.active && s.medium === 'drinking-water');
    const sample = (id: string, day: string) =>
      reading({ station: id, parameter: 'turb', value: 0.3, time: at(`${day} 09:00`), source: 'lab', mark: 'S' });
    await say(
      '2026-11-23 08:00',
      taps.map(({ id }) => sample(id, '2026-03-02')),
    );
    const quarters = 3 * taps.length;
    expect(target('drinking-water')).toMatchObject({
      ...{
        met: taps.length,
        due: quarters,
        undetermined: quarters - taps.length,
        rate: null,
        capture: 33.33,
        status: 'insufficient',
      },
    });
    await say(
      '2026-11-23 09:00',
      taps.flatMap(({ id }) => [sample(id, '2026-06-02'), sample(id, '2026-09-02')]),
    );
    expect(target('drinking-water')).toMatchObject({ due: quarters, rate: 100, capture: 100, status: 'met' });
    // More than planned is not thrown away.
    await say('2026-11-23 10:00', [sample(taps[0]!.id, '2026-10-02')]);
    expect(target('drinking-water')).toMatchObject({ met: quarters + 1, due: quarters + 1, capture: 100 });
  });

  test('by section every section counts once, by its verdict over the period itself', async () => {
    const judging = new Map(wupi.judging);
    judging.set('surface-water', { ...wupi.judging.get('surface-water')!, windows: ['day', 'month', 'quarter', 'year'] });
    const targets = wupi.targets.map((t) =>
      t.id === 'river' ? { ...t, basis: 'section' as const, window: 'month' as const } : t,
    );
    await open({ site: { ...wupi, judging, targets } });
    await say(
      '2027-01-02 08:00',
      days('2026-04-01', '2027-01-01', (day) => (day < '2026-05' ? { nh3n: times(6, 1.2) } : {})),
    );
    const of = (period: string) => {
      const { window, official, basis, met, exceeded, due } = answer('river', { period });
      return { window, official, basis, met, exceeded, due };
    };
    const one = { official: true, basis: 'section', met: 1, exceeded: 0, due: 1 };
    expect(of('2026')).toEqual({ ...one, window: 'year' });
    expect(of('2026-Q2')).toEqual({ ...one, window: 'quarter' });
    expect(of('2026-04')).toEqual({ ...one, window: 'month', met: 0, exceeded: 1 });
    expect(answer('river', { period: '2026', window: 'month' })).toMatchObject({ official: false, met: 8, exceeded: 1, due: 9 });
  });

  test('stations that the config makes due in the middle of a month are counted from that day', async () => {
    await open({ site: siteWith(station('nankeng-out', { since: '2026-11-10' })) });
    await say('2026-11-23 08:00', days('2026-11-10', '2026-11-23'));
    pipeline.crash(siteWith(station('nankeng-out', { since: '2026-11-15' })));
    await pipeline.run();
    expect(answer('river', { window: 'day' })).toMatchObject({ met: 8, due: 8, capture: 100 });
  });
});
