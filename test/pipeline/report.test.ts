/** Does the read side say what the stores hold, with its denominator, and refuse what it cannot answer? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Verdict, VerdictState } from '../../src/domain/compliance/verdict.js';
import type { JudgedReading } from '../../src/domain/reading.js';
import { DAY, HOUR, localDate, MINUTE, windowsIn } from '../../src/domain/time.js';
import { Refusal } from '../../src/pipeline/ports.js';
import { Pipeline, type PipelineOptions } from '../support/pipeline.js';
import { at, reading, riverDay, series, siteWith, station, times, wupi } from '../support/wupi.js';

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
const days = (from: string, to: string, over: (day: string) => Parameters<typeof riverDay>[1] = () => ({})): JudgedReading[] =>
  windowsIn('day', { from: at(from), to: at(to) }, wupi.calendar).flatMap(({ start }) => {
    const day = localDate(start, wupi.calendar);
    return riverDay(day, over(day));
  });
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
    expect(pipeline.parts.compliance.compliance('river', { period: '2026' })).toMatchObject({
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
    const month = pipeline.parts.compliance.compliance('river', { period: '2026-11' });
    expect(month).toMatchObject({ official: true, basis: 'section-month', window: 'month', due: 0, windows: [], rate: null });
    const day = pipeline.parts.compliance.compliance('river', { period: '2026-11', window: 'day' });
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

  test.each([
    ['2026', '2026'],
    ['2026-Q4', '2026-Q4'],
    [undefined, '2026'],
  ])('period %s', async (period, answered) => {
    await open();
    expect(pipeline.parts.compliance.compliance('river', { period }).period).toBe(answered);
  });

  test.each([
    ['none', {}, 'not-found', /没有代号为 none 的目标;现有:river、/],
    ['river', { period: '2026-13' }, 'bad-request', /period 应为/],
    ['river', { window: 'hour' as const }, 'bad-request', /不按小时评价;window 可为 month、day/],
  ])('%s %j is refused in words', async (id, query, kind, words) => {
    await open();
    const ask = () => pipeline.parts.compliance.compliance(id, query);
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
    const ask = (query: { all?: '1'; page?: number }) =>
      pipeline.parts.compliance.compliance('drinking-online', { period: '2026', ...query });

    test('only the exceeded and undetermined ones are listed, and all are counted', () => {
      const answer = ask({});
      expect(answer.windows).toHaveLength(44 + 44);
      expect(new Set(answer.windows.map((w) => w.verdict))).toEqual(new Set(['exceeded', 'undetermined']));
      expect(answer).toMatchObject({ due: 4344, exceeded: 44, undetermined: 44, met: 4256, rate: 98.97, capture: 98.98 });
    });

    test('all of them page by page, each once', () => {
      const pages = [1, 2, 3, 4].map((page) => ask({ all: '1', page }).windows);
      expect(pages.map((page) => page.length)).toEqual([2000, 2000, 344, 0]);
      expect(new Set(pages.flat().map((w) => w.start)).size).toBe(hours.length);
    });
  });
});

describe('readings', () => {
  const ask = (query: Partial<Parameters<Pipeline['parts']['records']['readings']>[1]> = {}, id = 'nankeng-out') =>
    pipeline.parts.records.readings(id, {
      parameter: 'nh3n',
      from: '2026-11-23T00:00:00+08:00',
      to: '2026-11-24T00:00:00+08:00',
      ...query,
    });

  test('half-open, in order, by code or alias, also what the archive has not got yet', async () => {
    await open({ archive: 'outside' });
    pipeline.outside.away = true;
    pipeline.clock.set(at('2026-11-24 09:00'));
    await pipeline.publish(...series('nankeng-out', 'nh3n', at('2026-11-23'), 12 * HOUR, [0.1, 0.2, 0.3]).reverse());
    await pipeline.run();
    expect(await ask()).toMatchObject({ partial: true, readings: [{ value: 0.1 }, { value: 0.2 }] });
    pipeline.outside.away = false;
    expect(await ask({ parameter: 'w21003' })).toEqual({
      parameter: 'nh3n',
      unit: 'mg/L',
      readings: [
        { time: '2026-11-23T00:00:00+08:00', value: 0.1, mark: 'N', quality: 'good', checks: [], source: 'sensor' },
        { time: '2026-11-23T12:00:00+08:00', value: 0.2, mark: 'N', quality: 'good', checks: [], source: 'sensor' },
      ],
    });
    await pipeline.run();
    expect((await ask({ from: '2026-11-23', to: '2026-11-25' })).readings).toHaveLength(3);
    expect((await ask({ from: '2026-11-23T12:00:00 08:00' })).readings).toHaveLength(1);
    expect(await ask({ step: '1d' })).toMatchObject({
      readings: [{ start: '2026-11-23T00:00:00+08:00', min: 0.1, max: 0.2, valid: 2, total: 2 }],
    });
  });

  test.each([
    [{ parameter: 'none' }, 'nankeng-out', 'not-found', /没有代号为 none 的指标/],
    [{}, 'none', 'not-found', /没有代号为 none 的站点/],
    [{ from: '2026-11-23T00:00:00' }, 'nankeng-out', 'bad-request', /from 应为带时区的时间/],
    [{ to: 'x' }, 'nankeng-out', 'bad-request', /to 应为带时区的时间/],
    [{ to: '2026-11-22' }, 'nankeng-out', 'bad-request', /to 早于 from/],
    [{ from: '2000-01-01', step: '1m' }, 'nankeng-out', 'bad-request', /step 1m 太短/],
  ])('%j of %s is refused: %s', async (query, id, kind, words) => {
    await open();
    await expect(ask(query, id)).rejects.toMatchObject({ kind, message: expect.stringMatching(words) });
  });

  test('fifty thousand rows are an answer, one more is a 400 that names step', async () => {
    await open();
    const rows = series('nankeng-out', 'nh3n', at('2026-11-23'), 1000, times(50_001, 0.4));
    pipeline.parts.database.transact(() => {
      for (const row of rows) pipeline.parts.workingSet.settle(row);
      pipeline.parts.workingSet.flush();
    });
    await expect(ask()).rejects.toMatchObject({ kind: 'bad-request', message: expect.stringContaining('step') });
    expect((await ask({ from: '2026-11-23T00:00:01+08:00' })).readings).toHaveLength(50_000);
    expect((await ask({ step: '1h' })).readings).toHaveLength(14);
  });

  test('the archive away and nothing at hand: unavailable, not empty', async () => {
    await open({ archive: 'outside' });
    pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
    pipeline.outside.away = true;
    await expect(ask({ from: '2026-01-01', to: '2026-01-02' })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(ask({ step: '1h' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await ask()).toMatchObject({ partial: true, readings: [] });
  });
});

describe('receipts', () => {
  const of = async (id: string, date?: string) =>
    (await pipeline.parts.records.receipts(date)).stations.find((s) => s.station === id)!;

  test('what was due and what came, by measured day, and which stretches are missing', async () => {
    await open();
    const tap = [
      ...series('changtan-tap', 'turb', at('2026-11-22'), 15 * MINUTE, times(96, 0.3)),
      ...series('changtan-tap', 'cl2', at('2026-11-22 06:00'), 15 * MINUTE, times(24, 0.3)),
    ];
    await say('2026-11-23 08:00', [...tap, ...tap.slice(0, 4)]);
    expect(await of('changtan-tap', '2026-11-22')).toEqual({
      station: 'changtan-tap',
      expected: 288,
      // What arrived today counts today.
      received: 0,
      stored: 0,
      duplicate: 0,
      corrected: 0,
      rejected: 0,
      pending: 0,
      missing: [
        { parameter: 'ph', from: '2026-11-22T00:00:00+08:00', to: '2026-11-23T00:00:00+08:00' },
        { parameter: 'cl2', from: '2026-11-22T00:00:00+08:00', to: '2026-11-22T06:00:00+08:00' },
        { parameter: 'cl2', from: '2026-11-22T12:00:00+08:00', to: '2026-11-23T00:00:00+08:00' },
      ],
    });
    const today = await pipeline.parts.records.receipts(undefined);
    expect(today.date).toBe('2026-11-23');
    expect(today.stations.find((s) => s.station === 'changtan-tap')).toMatchObject({
      received: 124,
      stored: 120,
      duplicate: 4,
      expected: 3 * 32,
    });
    expect(today.service).toEqual({ received: 124, stored: 120, duplicate: 4, corrected: 0, rejected: 0, pending: 0 });
    const sum = today.stations.reduce((n, s) => n + s.received, 0);
    expect(sum).toBe(124);
  });

  test('a day still running expects what was due so far; a day before the first reading expects nothing', async () => {
    await open();
    await say('2026-11-23 09:59', [reading({ time: at('2026-11-23 00:00') })]);
    expect((await of('nankeng-out')).missing.find((m) => m.parameter === 'nh3n')).toEqual({
      parameter: 'nh3n',
      from: '2026-11-23T04:00:00+08:00',
      to: '2026-11-23T08:00:00+08:00',
    });
    expect((await of('nankeng-out', '2026-11-22')).expected).toBe(0);
    expect(await of('nankeng-out', '2026-11-24')).toMatchObject({ expected: 0, missing: [] });
  });

  test('a device that never spoke is missed from the day the config names', async () => {
    await open({ site: siteWith(station('changtan-tap', { since: '2026-11-01' })) });
    expect(await of('changtan-tap', '2026-11-22')).toMatchObject({
      expected: 288,
      received: 0,
      missing: [{ parameter: 'turb' }, { parameter: 'ph' }, { parameter: 'cl2' }],
    });
  });

  test('an unknown station counts for the service only; inactive ones are not listed', async () => {
    await open();
    await pipeline.take({ rejections: [{ station: null, reason: 'unknown-station', detail: 'x', values: 3 }] });
    const { stations, service } = await pipeline.parts.records.receipts(undefined);
    expect(service).toMatchObject({ received: 3, rejected: 3 });
    expect(stations.every((s) => s.received === 0)).toBe(true);
    expect(stations.map((s) => s.station)).not.toContain('gangue-heap');
  });

  test.each(['2026-02-30', '2026-13-01', 'x'])('%s is no day', async (date) => {
    await open();
    await expect(pipeline.parts.records.receipts(date)).rejects.toMatchObject({ kind: 'bad-request' });
  });
});

test('rejections: newest first, each payload to its first four KiB, as text', async () => {
  await open();
  const rejection = { station: null, reason: 'not-json' as const, detail: '不是 JSON', values: 1 };
  await pipeline.take({ rejections: [rejection] }, 'heqing/a/readings');
  await pipeline.take({ rejections: [{ ...rejection, detail: 'y'.repeat(9000) }] }, 'heqing/b/readings');
  const { rejections } = pipeline.parts.records.rejections(10);
  expect(rejections.map((r) => r.topic)).toEqual(['heqing/b/readings', 'heqing/a/readings']);
  expect(rejections[0]?.payload).toHaveLength(4096);
  expect(rejections[1]).toMatchObject({
    time: '2026-11-23T08:00:00+08:00',
    reason: 'not-json',
    payload: expect.stringContaining('"values":1'),
  });
  expect(pipeline.parts.records.rejections(1).rejections).toHaveLength(1);
});

describe('stations', () => {
  const of = (id: string) => pipeline.parts.report.stations().stations.find((s) => s.id === id)!;

  test('every active one, sections in flow order, with nulls where nothing came', async () => {
    await open();
    const { stations } = pipeline.parts.report.stations();
    expect(stations.slice(0, 3).map((s) => s.id)).toEqual(['nankeng-in', 'nankeng-mid', 'nankeng-out']);
    expect(stations.map((s) => s.id)).not.toContain('gangue-heap');
    expect(of('nankeng-out')).toMatchObject({
      state: 'offline',
      stateReason: '从未收到数据',
      lastReadingAt: null,
      class: 'III',
      note: '待区局确认',
    });
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'nh3n')).toMatchObject({
      value: null,
      time: null,
      check: null,
      limit: 1,
      limitText: '≤ 1.0',
      citation: 'GB 3838-2002 表1 Ⅲ类',
    });
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'tn')).toMatchObject({ limit: null, check: null });
  });

  test('the state is the last closed day, the check is of the moment, the current window is open', async () => {
    await open();
    await say('2026-11-23 08:00', [
      ...riverDay('2026-11-22', { nh3n: times(6, 1.2) }),
      reading({ value: 0.4, time: at('2026-11-23 08:00') }),
    ]);
    const out = of('nankeng-out');
    expect(out).toMatchObject({ state: 'exceeded', lastReadingAt: '2026-11-23T08:00:00+08:00' });
    expect(out.latest.find((l) => l.parameter === 'nh3n')).toMatchObject({ value: 0.4, check: 'within' });
    expect(out.current).toMatchObject({ window: 'day', start: '2026-11-23T00:00:00+08:00', validCount: 1, dueCount: 30 });
    expect(out.current).not.toHaveProperty('verdict');
  });

  test('offline after three cadences without an arrival, whatever the measured times say', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-20 08:00') })]);
    expect(of('nankeng-out').state).not.toBe('offline');
    pipeline.clock.set(at('2026-11-23 11:00'));
    expect(of('nankeng-out').state).not.toBe('offline');
    pipeline.clock.set(at('2026-11-23 11:00:02'));
    expect(of('nankeng-out')).toMatchObject({ state: 'offline', stateReason: '2026-11-23T08:00:00+08:00 之后没有数据' });
  });

  test('before the first window has closed nothing is judged', async () => {
    await open();
    await say('2026-11-23 08:00', [reading({ time: at('2026-11-23 07:00') })]);
    expect(of('nankeng-out')).toMatchObject({ state: 'undetermined', stateReason: '首个评价时段尚未结束' });
  });

  test('the newest value is the sensor’s, even when a laboratory value has the same time', async () => {
    await open();
    const time = at('2026-11-23 08:00');
    await say('2026-11-23 08:00', [reading({ value: 0.4, time }), reading({ value: 0.6, time, source: 'lab', mark: 'S' })]);
    expect(of('nankeng-out').latest.find((l) => l.parameter === 'nh3n')).toMatchObject({ value: 0.4, mark: 'N' });
  });
});

test('notices: to whom, in what state, and the words of each', async () => {
  await open();
  await say('2026-11-23 08:00', [reading({ value: 1.37 })]);
  const { notices } = pipeline.parts.report.notices();
  expect(notices).toHaveLength(5);
  expect(new Set(notices.map((n) => n.recipient))).toEqual(
    new Set(['萍乡市安源生态环境局', '镇环保办', '镇河长办', '镇级河长', '长潭村村级河长']),
  );
  expect(notices[0]).toMatchObject({
    state: 'sent',
    reason: 'opened',
    attempts: 1,
    error: null,
    alerts: [pipeline.parts.alerts.list('all', 1)[0]?.id],
  });
  expect(pipeline.parts.report.notice(notices[0]!.id).text).toContain('氨氮 1.37 mg/L');
  expect(() => pipeline.parts.report.notice('none')).toThrow(Refusal);
  expect(pipeline.parts.report.siteView()).toMatchObject({
    name: '五陂镇',
    mail: { waiting: 0, failing: false, lastSentAt: '2026-11-23T08:00:01+08:00' },
  });
});
