/** Does the strip of a river tell every section's windows and the rain, and why a window came out as it did? */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { HOUR } from '../../../src/domain/time.js';
import { verdictView } from '../../../src/adapters/http/contract/compliance.js';
import { stripAnswer } from '../../../src/adapters/http/contract/river.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, riverDay, series, times } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());
const open = async (now: string, ...readings: JudgedReading[]): Promise<void> => {
  pipeline = await Pipeline.open();
  pipeline.clock.set(at(now));
  await pipeline.publish(...readings);
  await pipeline.run();
};
const days = { window: 'day', from: '2026-11-01', to: '2026-11-04' } as const;
const short = (windows: readonly { start: string; verdict: string; class: string | null }[]) =>
  windows.map(({ start, verdict, class: name }) => [start.slice(0, 10), verdict, name]);

describe('the strip of a reach', () => {
  test('sections in flow order, the closed days of each with its class; an open day has none', async () => {
    await open(
      '2026-11-03 08:00',
      ...['nankeng-in', 'nankeng-mid', 'nankeng-out'].flatMap((id) => [
        ...riverDay('2026-11-01', {}, id),
        ...riverDay('2026-11-02', { nh3n: times(6, id === 'nankeng-out' ? 1.2 : 0.4) }, id),
        ...riverDay('2026-11-03', {}, id).filter((r) => r.time < at('2026-11-03 08:00')),
      ]),
    );
    const answer = await pipeline.parts.reaches.strip('nankeng', days);
    stripAnswer.parse(answer);
    expect(answer).toMatchObject({ from: '2026-11-01T00:00:00+08:00', to: '2026-11-04T00:00:00+08:00', rain: { windows: [] } });
    expect(answer.sections.map(({ id, class: held }) => [id, held])).toEqual([
      ['nankeng-in', 'III'],
      ['nankeng-mid', 'III'],
      ['nankeng-out', 'III'],
    ]);
    expect(short(answer.sections[0]!.windows)).toEqual([
      ['2026-11-01', 'met', 'II'],
      ['2026-11-02', 'met', 'II'],
    ]);
    expect(short(answer.sections[2]!.windows)).toEqual([
      ['2026-11-01', 'met', 'II'],
      ['2026-11-02', 'exceeded', 'IV'],
    ]);
    expect(answer.sections[2]!.windows[1]!.mainItems).toEqual(['氨氮(0.2)']);
    const evidence = pipeline.parts.reaches.evidence('nankeng', 'nankeng-out', 'day', '2026-11-02');
    expect(verdictView.parse(evidence)).toMatchObject({ station: 'nankeng-out', verdict: 'exceeded', class: 'IV' });
    expect(verdictView.parse(evidence).findings.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({
      ...{ value: 1.2, outcome: 'exceeded', times: 0.2, filled: 6, due: 6 },
    });
  });

  test('rain is the sum of the valid values of a day; an invalid one adds nothing, and the day says how many it has', async () => {
    const rain = series('nankeng-out', 'rain', at('2026-11-02'), HOUR, [0.5, 2, 1.5, 9]);
    await open('2026-11-03 08:00', ...rain.slice(0, 3), { ...rain[3]!, mark: 'D' });
    const { rain: fallen } = await pipeline.parts.reaches.strip('nankeng', days);
    expect(fallen).toMatchObject({
      ...{ station: 'nankeng-out', unit: 'mm' },
      windows: [{ start: '2026-11-02T00:00:00+08:00', sum: 4, valid: 3, due: 24 }],
    });
    const { rain: months } = await pipeline.parts.reaches.strip('nankeng', { ...days, window: 'month' });
    expect(months?.windows).toEqual([{ start: '2026-11-01T00:00:00+08:00', sum: 4, valid: 3, due: 720 }]);
  });

  test('asked for nothing: the last 30 days, today with them', async () => {
    await open('2026-11-30 08:00');
    const answer = await pipeline.parts.reaches.strip('nankeng', { window: 'day' });
    expect([answer.from, answer.to]).toEqual(['2026-11-01T00:00:00+08:00', '2026-12-01T00:00:00+08:00']);
  });

  test('a span that is turned round or too long, a day that is none, a section that is elsewhere: refused, with words', async () => {
    await open('2026-11-03 08:00');
    const strip = (query: object) => pipeline.parts.reaches.strip('nankeng', { window: 'day', ...query });
    await expect(strip({ from: '2026-11-04', to: '2026-11-01' })).rejects.toThrow('to 应晚于 from');
    await expect(strip({ from: '2024-11-01', to: '2026-11-01' })).rejects.toThrow('按月查看');
    await expect(strip({ from: '2026-02-30' })).rejects.toThrow(Refusal);
    const evidence = (section: string, day: string) => () => pipeline.parts.reaches.evidence('nankeng', section, 'day', day);
    expect(evidence('datian-tap', '2026-11-01')).toThrow('没有代号为 datian-tap 的断面');
    expect(evidence('nankeng-out', '2026-11-01')).toThrow('还没有评价结果');
  });
});

describe('the balance of days', () => {
  test('only the days that were asked for are compared', async () => {
    const both = (day: string, out: number) => [
      ...riverDay(day, {}, 'nankeng-in'),
      ...riverDay(day, { nh3n: times(6, out) }, 'nankeng-out'),
    ];
    await open('2026-11-04 08:00', ...both('2026-11-01', 0.9), ...both('2026-11-02', 0.7), ...both('2026-11-03', 0.7));
    const answer = await pipeline.parts.reaches.balance('nankeng', { from: '2026-11-02', to: '2026-11-04' });
    expect(answer).toMatchObject({ period: '2026-11-02/2026-11-04', days: 2 });
    expect(answer.items.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({
      inMean: 0.4,
      outMean: 0.7,
      difference: 0.3,
    });
    await expect(pipeline.parts.reaches.balance('nankeng', { from: '2026-11-02' })).rejects.toThrow('同时给出');
  });
});
