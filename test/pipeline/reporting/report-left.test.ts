/** Is what is left of a running month worked out as the month will be judged: without what is excused, with comparisons that were entered? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DAY, localDate, MINUTE } from '../../../src/domain/time.js';
import { WindowsReport } from '../../../src/pipeline/reporting/report-windows.js';
import { Pipeline, type PipelineOptions } from '../../support/pipeline.js';
import { at, riverDay, siteWith, station, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
const open = async (options: PipelineOptions = {}): Promise<void> => {
  pipeline = await Pipeline.open({ now: at('2026-11-21 00:10'), ...options });
};
afterEach(() => pipeline.dispose());

const run = async (): Promise<void> => {
  await pipeline.run();
  pipeline.clock.advance(MINUTE);
  await pipeline.run();
};
/** Twenty days, of which the fourth to the sixth are as given. */
const twenty = (nh3n: number) =>
  Array.from({ length: 20 }, (_, i) =>
    riverDay(localDate(at('2026-11-01') + i * DAY, wupi.calendar), { nh3n: times(6, i >= 3 && i < 6 ? nh3n : 0.5) }),
  ).flat();
const excuse = (over: { parameters?: string[]; from?: string; to?: string } = {}) =>
  pipeline.parts.excusing.add('office', {
    ...{ station: 'nankeng-out', from: '2026-11-04', to: '2026-11-07', reason: 'flood-damage' as const },
    ...{ approver: '安源生态环境局', document: '安环〔2026〕8 号', ...over },
  });
const ofMonth = (parameter = 'nh3n') =>
  pipeline.parts.compliance
    .targets()
    .targets.find(({ id }) => id === 'river')!
    .left.items.find((item) => item.parameter === parameter);
const targetAlerts = () => pipeline.parts.alerts.list('active', 10).filter(({ kind }) => kind === 'target');
const morning = () => {
  const office = wupi.people.find(({ id }) => id === 'town-office')!;
  return pipeline.parts.alarms.morning.of(office, pipeline.clock.now());
};
const openMonth = () => {
  const { workingSet, verdicts, judgedAs } = pipeline.parts;
  const { windows } = new WindowsReport(pipeline.site, workingSet, verdicts, pipeline.clock, judgedAs).windows('nankeng-out');
  return windows.find(({ window }) => window === 'month');
};

describe('flood days that are excused', () => {
  beforeEach(async () => {
    await open();
    await pipeline.publish(...twenty(19));
    await run();
  });

  test.each([[{}], [{ parameters: ['nh3n'] }]])('are in no mean of the running month: %j', async (which) => {
    expect(ofMonth()).toMatchObject({ days: 20, possible: false });
    expect([targetAlerts().length, openMonth()?.class, morning().months[0]?.possible]).toEqual([1, 'worse-than-V', false]);
    const { id } = excuse(which);
    await run();
    expect(ofMonth()).toMatchObject({ mean: 0.5, days: 17, possible: true });
    expect([targetAlerts().length, openMonth()?.class, morning().months[0]]).toEqual([
      0,
      'II',
      expect.objectContaining({ possible: true }),
    ]);
    pipeline.parts.excusing.remove(id, 'office', '误登');
    await run();
    expect([ofMonth()?.possible, openMonth()?.class]).toEqual([false, 'worse-than-V']);
  });

  test('an item that is excused for the whole month is none of it, and a month that is has none', async () => {
    const month = { from: '2026-11-01', to: '2026-12-01' };
    excuse({ ...month, parameters: ['nh3n'] });
    expect([ofMonth(), ofMonth('tp')?.possible, openMonth()?.dueCount]).toEqual([undefined, true, 4 * 30]);
    excuse(month);
    expect(ofMonth('tp')).toBeUndefined();
  });
});

test('days to come that are excused already bring nothing to the mean', async () => {
  await open();
  await pipeline.publish(...twenty(0.5));
  await run();
  // (1.0 × 30 − 0.5 × 20) ÷ 10, and with two days that count (1.0 × 22 − 0.5 × 20) ÷ 2
  expect(ofMonth()).toMatchObject({ high: '2.00' });
  excuse({ from: '2026-11-23', to: '2026-12-01' });
  expect(ofMonth()).toMatchObject({ high: '6.00' });
});

test('an item of another method warns from the day of a passed comparison on that was entered on the page', async () => {
  const electrode = station('nankeng-out').parameters.map((one) =>
    one.parameter === 'nh3n' ? { ...one, method: 'electrode' as const } : one,
  );
  await open({ site: siteWith(station('nankeng-out', { parameters: electrode })) });
  await pipeline.publish(
    ...twenty(19).map((r) => (r.parameter === 'nh3n' && r.time >= at('2026-11-20') ? { ...r, value: 0.95 } : r)),
  );
  await run();
  const nearest = () => morning().sections.find(({ name }) => name.zh === station('nankeng-out').name)?.nearest?.name.zh;
  expect([ofMonth(), targetAlerts().length, nearest()]).toEqual([undefined, 0, '溶解氧']);
  const sample = { station: 'nankeng-out', parameter: 'nh3n', time: '2026-11-01T10:00:00+08:00', sensor: 9, note: '' };
  pipeline.parts.comparisons.add('officer', { ...sample, laboratory: 9.1 });
  await run();
  expect([ofMonth()?.possible, targetAlerts().length, nearest()]).toEqual([false, 1, '氨氮']);
  expect(morning().months[0]).toMatchObject({ item: { zh: '氨氮' }, possible: false });
});
