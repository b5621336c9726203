/** Are laboratory samples, by which alone drinking water is counted, reviewed like everything else? With real stores. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { HOUR } from '../../../src/domain/time.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { signingOf } from '../../support/signing.js';
import { at, reading, series, siteWith, station, wupi } from '../../support/wupi.js';

const TAP = 'changtan-tap';
const turbidity = station(TAP).parameters.flatMap((one) => (one.parameter === 'turb' ? [{ ...one, cadence: 60 }] : []));
/** The tap measures turbidity alone and is held to nothing else, so that a quiet day is met. */
const site = {
  ...siteWith(station(TAP, { parameters: turbidity })),
  judging: new Map([...wupi.judging, ['drinking-water', { ...wupi.judging.get('drinking-water')!, items: ['turb'] }] as const]),
};

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (over: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open({ site, now: at('2026-11-22 09:00'), ...over });
};

/** Hourly turbidity of the four days before today, a little different each hour. */
const online = (): Promise<void> =>
  pipeline.publish(
    ...series(
      TAP,
      'turb',
      at('2026-11-18'),
      HOUR,
      Array.from({ length: 96 }, (_, i) => 0.3 + (i % 7) / 100),
    ),
  );

/** Results of one sample of the tap. */
const sampled = (time: string, values: Readonly<Record<string, number>>): Promise<void> =>
  pipeline.publish(
    ...Object.entries(values).map(([parameter, value]) =>
      reading({ station: TAP, parameter, value, time: at(time), source: 'lab', mark: 'S' }),
    ),
  );

/** Everything has come to rest: readings judged, verdicts computed, days gone through. */
async function settled(): Promise<void> {
  await pipeline.run();
  while (await pipeline.parts.reviewing.look.step());
}

const listed = (over = {}) => pipeline.parts.reviewing.queue.list({ station: TAP, limit: 50, ...over });
const due = (): string[] =>
  listed({ state: 'all', suspicious: false })
    .days.map(({ date }) => date)
    .sort();
const day = (date: string) => pipeline.parts.reviewReport.day(TAP, date);
const told = async (date: string): Promise<string[]> => (await day(date)).findings.map(({ text }) => text);
const passTwice = (date: string): void => {
  pipeline.parts.reviewing.desk.act(TAP, date, 'first', 'officer', '');
  pipeline.parts.reviewing.desk.act(TAP, date, 'second', 'bureau', '');
};

describe('beside a sensor', () => {
  test('results, corrections and decisions send a reviewed day back, and the verdict and the value are its findings', async () => {
    await open();
    await online();
    await settled();
    passTwice('2026-11-19');

    await sampled('2026-11-19 10:00', { turb: 5.8, ph: 7.2 });
    await settled();
    expect(await day('2026-11-19')).toMatchObject({ state: 'waiting', changed: { was: 'second', note: '新到化验结果 2 条' } });
    expect(await told('2026-11-19')).toEqual([
      '化验水样超标 1 份',
      '复核后有变动:新到化验结果 2 条',
      '化验浊度 超限 1 条,最差 5.80 NTU',
    ]);
    expect((await day('2026-11-19')).verdict).toBe('exceeded');
    const drinking = signingOf(pipeline).desk.preview('drinking-water', '2026-11').hindrances;
    expect(drinking.find(({ kind }) => kind === 'unreviewed')?.items).toMatchObject([
      { station: TAP, date: '2026-11-19', text: '审核后数据有变,待重新审核' },
    ]);

    passTwice('2026-11-19');
    await sampled('2026-11-19 10:00', { turb: 0.58 });
    await settled();
    expect(await day('2026-11-19')).toMatchObject({ state: 'waiting', verdict: 'met', changed: { note: '更正 1 条' } });
    expect(await told('2026-11-19')).toEqual(['复核后有变动:更正 1 条']);

    passTwice('2026-11-19');
    pipeline.parts.decisions.decide('officer', {
      ...{ station: TAP, source: 'lab', parameters: ['turb'], time: '2026-11-19T10:00:00+08:00' },
      ...{ outcome: 'invalid', reason: 'sampling-fault', note: '' },
    });
    await settled();
    expect(await day('2026-11-19')).toMatchObject({ state: 'waiting', changed: { by: 'officer', was: 'second' } });
    expect(await told('2026-11-19')).toContain('人工剔除 1 条(其中超限 0 条)');
    expect((await day('2026-11-19')).samples).toMatchObject([
      { parameter: 'ph', name: 'pH', value: 7.2, limitText: '6.5–8.5', over: false, ruling: null },
      { parameter: 'turb', value: 0.58, limitText: '≤ 1', over: false, ruling: 'invalid' },
    ]);
  });

  test.each([
    ['exceeded', { turb: 6.8 }, ['化验水样超标 1 份', '化验浊度 超限 1 条,最差 6.80 NTU']],
    ['undetermined: it has no limit', { cond: 300 }, ['化验水样未判定 1 份']],
  ])('一并初审 leaves a day whose sample is %s', async (_, values, findings) => {
    await open();
    await online();
    await sampled('2026-11-19 10:00', values);
    await settled();
    expect(await told('2026-11-19')).toEqual(findings);
    const span = { station: TAP, from: '2026-11-18', to: '2026-11-22' };
    expect(pipeline.parts.reviewing.desk.bulk(span, 'first', 'officer', '')).toEqual({ passed: 3, left: 1, own: 0 });
    expect(listed({ state: 'waiting', suspicious: false }).days.map(({ date }) => date)).toEqual(['2026-11-19']);
  });

  test('old samples make their own days due, and none between', async () => {
    await open();
    await online();
    await sampled('2026-03-05 10:00', { turb: 0.4 });
    await sampled('2026-10-14 10:00', { turb: 0.5 });
    await settled();
    const sensed = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'];
    expect(due()).toEqual(['2026-03-05', '2026-10-14', ...sensed]);
    // No sensor was there yet, so none was silent.
    expect(await told('2026-03-05')).toEqual([]);
    const { queue } = pipeline.parts.reviewing;
    const year = { from: at('2026-01-01'), to: at('2027-01-01') };
    expect(queue.share([TAP], year)).toMatchObject({ due: 6 });
    expect(queue.unreviewed([TAP], { from: at('2026-10-01'), to: at('2026-11-19') }).map(({ date }) => date)).toEqual([
      '2026-10-14',
      '2026-11-18',
    ]);
    expect(() => pipeline.parts.reviewing.desk.act(TAP, '2026-10-13', 'first', 'officer', '')).toThrow('应审日期');
  });

  test('a preview counts the values of samples alone, those of items that the tap does not measure too', async () => {
    await open();
    await online();
    await sampled('2026-11-19 10:00', { turb: 5.8, ph: 7.2 });
    await settled();
    const ask = (parameters?: string[]) =>
      pipeline.parts.reviewReport.preview({
        ...{ station: TAP, source: 'lab', parameters, outcome: 'invalid' },
        ...{ from: '2026-11-19T10:00:00+08:00', to: '2026-11-19T10:00:01+08:00' },
      });
    expect(await ask(['turb'])).toMatchObject({ readings: 1, over: 1, changed: 1, changedOver: 1 });
    expect(await ask()).toMatchObject({ readings: 2, over: 1, counted: 2 });
  });
});

describe('without any sensor', () => {
  test('a day with a sample is due once it is over, hinders the signature, and is passed like any other', async () => {
    await open();
    await sampled('2026-10-14 10:00', { turb: 0.4 });
    await sampled('2026-11-22 08:30', { turb: 0.4 });
    await settled();
    expect(due()).toEqual(['2026-10-14']);
    expect(() => pipeline.parts.reviewing.desk.act(TAP, '2026-11-22', 'first', 'officer', '')).toThrow('还没有结束');
    const hindered = () =>
      signingOf(pipeline)
        .desk.preview('drinking-water', '2026-10')
        .hindrances.flatMap(({ kind, items }) => (kind === 'unreviewed' ? items.map(({ date }) => date) : []));
    expect(hindered()).toEqual(['2026-10-14']);
    expect(await told('2026-10-14')).toEqual([]);
    passTwice('2026-10-14');
    expect(hindered()).toEqual([]);

    pipeline.clock.set(at('2026-11-22 23:59') + HOUR);
    await settled();
    expect(due()).toEqual(['2026-10-14', '2026-11-22']);
    expect(listed({ suspicious: false }).counts).toMatchObject({ due: 2, unlooked: 0, quiet: 1 });
  });

  test('of a sample that only the archive holds, the values are read from there', async () => {
    await open({ archive: 'outside' });
    await sampled('2026-10-14 10:00', { turb: 5.8 });
    // The newest value of a series stays at hand, so a newer one is needed.
    await sampled('2026-11-20 10:00', { turb: 0.4 });
    await settled();
    pipeline.parts.workingSet.prune(at('2026-11-12'));
    pipeline.parts.reviewing.look.mark({ station: TAP, day: at('2026-10-14') });
    await settled();
    expect((await day('2026-10-14')).samples).toMatchObject([{ parameter: 'turb', value: 5.8, over: true }]);
    expect(await told('2026-10-14')).toEqual(['化验水样超标 1 份', '化验浊度 超限 1 条,最差 5.80 NTU']);
  });
});
