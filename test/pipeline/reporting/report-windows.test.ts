/** Are the open windows of a station told with what is there of them, and never with a verdict? */
import { afterEach, expect, test } from '@jest/globals';
import { Refusal } from '../../../src/pipeline/ports.js';
import { BreakdownReport } from '../../../src/pipeline/reporting/report-breakdown.js';
import { WindowsReport } from '../../../src/pipeline/reporting/report-windows.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, riverDay, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

test('every kind, with valid and due counts, and the last verdict beside it', async () => {
  pipeline = await Pipeline.open();
  pipeline.clock.set(at('2026-11-23 09:00'));
  const today = riverDay('2026-11-23').filter((r) => r.time < at('2026-11-23 09:00'));
  await pipeline.publish(...riverDay('2026-11-21'), ...riverDay('2026-11-22', { nh3n: times(6, 1.2) }), ...today);
  await pipeline.run();
  const { workingSet, verdicts } = pipeline.parts;
  const report = new WindowsReport(wupi, workingSet, verdicts, pipeline.clock, pipeline.parts.judgedAs);
  const { station, windows } = report.windows('nankeng-out');
  expect(station).toBe('nankeng-out');
  expect(windows.map((w) => [w.window, w.state, w.validCount, w.dueCount, w.class])).toEqual([
    ['day', '进行中', 15, 30, 'II'],
    ['month', '进行中', 10, 150, 'III'],
    ['quarter', '进行中', 0, 15, null],
    ['year', '进行中', 0, 60, null],
  ]);
  expect(windows[0]).toMatchObject({
    start: '2026-11-23T00:00:00+08:00',
    end: '2026-11-24T00:00:00+08:00',
    last: { start: '2026-11-22T00:00:00+08:00', verdict: 'exceeded', class: 'IV', reason: null },
  });
  expect(windows[1]).toMatchObject({ start: '2026-11-01T00:00:00+08:00', last: null });
  for (const window of windows) expect(window).not.toHaveProperty('verdict');
});

test('a month counts a day that is judged after it was asked for, and the next month begins with nothing', async () => {
  pipeline = await Pipeline.open();
  pipeline.clock.set(at('2026-11-29 09:00'));
  await pipeline.publish(...riverDay('2026-11-28'));
  await pipeline.run();
  const { workingSet, verdicts } = pipeline.parts;
  const report = new WindowsReport(wupi, workingSet, verdicts, pipeline.clock, pipeline.parts.judgedAs);
  const month = () => report.windows('nankeng-out').windows.find((w) => w.window === 'month');
  expect(month()).toMatchObject({ validCount: 5 });
  await pipeline.publish(...riverDay('2026-11-27'));
  await pipeline.run();
  expect(month()).toMatchObject({ validCount: 10 });
  pipeline.clock.set(at('2026-12-01 09:00'));
  expect(month()).toMatchObject({ start: '2026-12-01T00:00:00+08:00', validCount: 0 });
});

test('what is excused today weighs on no page: an item, then the whole day', async () => {
  pipeline = await Pipeline.open();
  pipeline.clock.set(at('2026-11-23 09:00'));
  const bad = riverDay('2026-11-23', { nh3n: times(6, 3) }).filter((r) => r.time < at('2026-11-23 09:00'));
  await pipeline.publish(...riverDay('2026-11-22'), ...bad);
  await pipeline.run();
  const { workingSet, verdicts, judgedAs, report, excusing } = pipeline.parts;
  const windows = new WindowsReport(wupi, workingSet, verdicts, pipeline.clock, judgedAs);
  const breakdown = new BreakdownReport(wupi, workingSet, verdicts, pipeline.clock, judgedAs);
  const shown = () => {
    const [day] = windows.windows('nankeng-out').windows;
    const { current } = report.stations().stations.find(({ id }) => id === 'nankeng-out')!;
    const open = breakdown.calendar('river', { period: '2026' }).open.find((one) => one.station === 'nankeng-out')!;
    return [
      ...[day!, current].map((one) => `${one.class} ${one.validCount}/${one.dueCount}`),
      `${open.class} ${open.items.map(({ parameter }) => parameter).join()}`,
    ];
  };
  const excuse = (parameters: string[] | null) =>
    excusing.add('office', {
      ...{ station: 'nankeng-out', kinds: ['day'], parameters, reason: 'no-flow', note: '' },
      ...{ from: '2026-11-23T00:00:00+08:00', to: '2026-11-24T00:00:00+08:00' },
      ...{ approver: '安源生态环境局', document: '安环〔2026〕8 号' },
    });
  expect(shown()).toEqual(['worse-than-V 15/30', 'worse-than-V 15/30', 'worse-than-V ph,do,codmn,nh3n,tp']);
  excuse(['nh3n']);
  expect(shown()).toEqual(['II 12/24', 'II 12/24', 'II ph,do,codmn,tp']);
  excuse(null);
  expect(shown()).toEqual(['null 0/0', 'null 0/0', 'null ']);
});

test('an unknown station, and one that is not listed, is refused in words', async () => {
  pipeline = await Pipeline.open();
  const { workingSet, verdicts } = pipeline.parts;
  const report = new WindowsReport(wupi, workingSet, verdicts, pipeline.clock, pipeline.parts.judgedAs);
  for (const id of ['nowhere', 'gangue-heap']) expect(() => report.windows(id)).toThrow(Refusal);
});
