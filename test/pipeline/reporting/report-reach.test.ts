/** Is what came in compared with what went out day by day, and told as amounts only with the flow at both ends? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, localDate } from '../../../src/domain/time.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, riverDay, series, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const REACH = [...wupi.reaches.values()][0]!;
const siteOf = (over: Partial<typeof REACH>): Site => ({ ...wupi, reaches: new Map([[REACH.id, { ...REACH, ...over }]]) });
const SURE = { uncertainty: { flow: 6, concentration: 8 } };
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open({ site: siteOf({ travelHours: 5, ...SURE }), ...options });
};
/** So many days from 1 November at one end: NH₃-N as given by day, and the flow in L/s. */
const ends = (id: string, nh3n: readonly number[], flow: number | null): JudgedReading[] =>
  nh3n.flatMap((value, i) => {
    const day = at('2026-11-01') + i * DAY;
    return [
      ...riverDay(localDate(day, wupi.calendar), { nh3n: times(6, value) }, id),
      ...(flow === null ? [] : series(id, 'flow', day, HOUR, times(24, flow))),
    ];
  });
const say = async (now: string, ...readings: JudgedReading[]): Promise<void> => {
  pipeline.clock.set(at(now));
  await pipeline.publish(...readings);
  await pipeline.run();
};
const ask = (period?: string) => pipeline.parts.reaches.balance(REACH.id, { period });
const nh3n = async (period?: string) => (await ask(period)).items.find(({ parameter }) => parameter === 'nh3n')!;

describe('the balance of a reach', () => {
  test('means of the days that both ends have, with amounts and how sure they are', async () => {
    await open();
    await say('2026-11-04 08:00', ...ends('nankeng-in', [0.4, 0.6], 1000), ...ends('nankeng-out', [0.7, 0.9, 3], 1200));
    const { items, ...answer } = await ask();
    expect(answer).toMatchObject({
      ...{ reach: REACH.id, period: '2026-11', travelHours: 5, shiftDays: 0, days: 3, note: '估算,不作责任认定', noLoads: null },
      ...{ from: { station: 'nankeng-in' }, to: { station: 'nankeng-out' } },
      travel: '传输时间约 5 小时,不足一日的部分按同日比较',
    });
    // 0.5 × 1000 × 0.0864 = 43.2; 0.8 × 1200 × 0.0864 = 82.944. The third day has no inflow and is compared with nothing.
    expect(items.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({
      ...{ days: 2, loadDays: 2, inMean: 0.5, outMean: 0.8, difference: 0.3, shareFromInflow: 52, within: false },
      ...{
        inflow: { kgPerDay: 43.2, plusMinus: 4.3 },
        outflow: { kgPerDay: 82.9, plusMinus: 8.3 },
        added: { kgPerDay: 39.7, plusMinus: 9.4 },
      },
      daily: [
        { date: '2026-11-01', in: 0.4, out: 0.7, difference: 0.3 },
        { date: '2026-11-02', in: 0.6, out: 0.9, difference: 0.3 },
      ],
    });
    // pH is no amount.
    expect(items.find(({ parameter }) => parameter === 'ph')).toMatchObject({
      inflow: null,
      added: null,
      inMean: 7.3,
      outMean: 7.3,
    });
  });

  test('a load is the mean of the daily loads: a day with much water counts for more', async () => {
    await open();
    const inflow = [...ends('nankeng-in', [1], 1000), ...ends('nankeng-in', [0, 0.1], 9000).slice(54)];
    await say('2026-11-03 08:00', ...inflow, ...ends('nankeng-out', [0.5, 0.5], 1000));
    // (1 × 1000 + 0.1 × 9000) ÷ 2 × 0.0864 = 82.08; the mean of the means would have made it 237.6.
    expect((await nh3n()).inflow).toMatchObject({ kgPerDay: 82.1 });
  });

  test('a travel of more than half a day compares with a later day', async () => {
    await open({ site: siteOf({ travelHours: 26, ...SURE }) });
    await say('2026-11-04 08:00', ...ends('nankeng-in', [0.4, 0.6], 1000), ...ends('nankeng-out', [0.7, 0.9, 1.1], 1200));
    expect(await ask()).toMatchObject({ shiftDays: 1, travel: '传输时间约 26 小时,出境按晚 1 日比较' });
    expect((await nh3n()).daily.map(({ date, out }) => [date, out])).toEqual([
      ['2026-11-01', 0.9],
      ['2026-11-02', 1.1],
    ]);
  });

  test.each([
    ['no flow at one end', siteOf(SURE), null, '所选时段没有两端的流量,不能推算通量'],
    ['an uncertainty that nobody named', siteOf({ uncertainty: null }), 1200, '配置未给出流量与浓度的不确定度,不推算通量'],
  ])('%s: the difference stands, amounts do not', async (_, site, flow, why) => {
    await open({ site });
    await say('2026-11-02 08:00', ...ends('nankeng-in', [0.4], 1000), ...ends('nankeng-out', [0.7], flow));
    expect((await ask()).noLoads).toBe(why);
    expect(await nh3n()).toMatchObject({ difference: 0.3, inflow: null, outflow: null, added: null, shareFromInflow: null });
  });

  test('an unknown reach, an unknown period, and an archive that is away are said in words', async () => {
    await open({ archive: 'outside' });
    await expect(pipeline.parts.reaches.balance('nowhere', {})).rejects.toThrow(Refusal);
    await expect(ask('2026-13')).rejects.toThrow(/period 应为/);
    await say('2026-11-02 08:00', ...ends('nankeng-in', [0.4], 1000));
    pipeline.outside.away = true;
    await expect(ask()).rejects.toThrow(/归档库暂不可用/);
  });
});

test('the river of a month: the means of its sections, then the class', async () => {
  await open();
  const month = Array.from({ length: 30 }, () => 0.4);
  await say(
    '2026-12-01 08:00',
    ...ends('nankeng-in', month, null),
    ...ends(
      'nankeng-out',
      month.map(() => 1.6),
      null,
    ),
  );
  const [reach] = pipeline.parts.reaches.reaches().reaches;
  expect(reach).toMatchObject({ id: REACH.id, sections: [{ role: 'inflow' }, { role: 'control' }, { role: 'assessed' }] });
  expect(reach!.months).toMatchObject([
    { month: '2026-11', method: 'mean', class: 'III', grade: 'good', gradeName: '良好', sections: 2 },
  ]);
});
