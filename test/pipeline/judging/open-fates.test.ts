/** Is nothing made of a reading before its fate is told? What is older than the working set waits for the archive, whoever comes first. */
import { afterEach, expect, test } from '@jest/globals';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { DAY, HOUR, localDate } from '../../../src/domain/time.js';
import { Pipeline, type Stage } from '../../support/pipeline.js';
import { signingOf, signMonth } from '../../support/signing.js';
import { at, reading, riverDay, series, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
afterEach(() => pipeline.dispose());

const SECTION = 'nankeng-out';
const ALL = { from: 0, to: at('2100-01-01') };
/** The archive is asked last, as over a network, or first. */
const ORDERS: readonly (readonly [string, readonly Stage[]])[] = [
  ['last', ['settle', 'judge', 'assess', 'archive']],
  ['first', ['settle', 'archive', 'judge', 'assess']],
];

const verdictOf = (kind: 'day' | 'month') => pipeline.parts.verdicts.list(kind, [SECTION], ALL, null, 1, 0)[0];
const ammonia = (kind: 'day' | 'month' = 'day') => verdictOf(kind)?.findings.find((f) => f.parameter === 'nh3n');
const changes = (window: 'day' | 'month'): string[] =>
  pipeline.parts.compliance.changes('river', { window }).changes.map(({ text }) => text);
/** What stands in the archive and what waits for review. */
const kept = () => ({
  held: new Map(pipeline.outside.held),
  waiting: pipeline.parts.reviews.list(null, 1000),
});

/** Takes readings in at an hour of the same day; one stage after the other has nothing left to do before the next begins. */
async function say(now: string, readings: readonly JudgedReading[], order: readonly Stage[]): Promise<void> {
  pipeline.clock.set(at(now));
  await pipeline.publish(...readings);
  for (const stage of order) await pipeline.run([stage]);
  await pipeline.run();
}

/** Some weeks later nothing of what came is at hand. */
async function forget(now: string): Promise<void> {
  pipeline.clock.set(at(now));
  await pipeline.publish(...riverDay(localDate(pipeline.clock.now() - DAY, wupi.calendar)));
  await pipeline.run();
  pipeline.parts.workingSet.prune(pipeline.clock.now() - 35 * DAY);
}

test.each(ORDERS)('spikes of a signed month that come again change nothing, the archive asked %s', async (_, order) => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-10-01 00:30') });
  const month = Array.from({ length: 30 }, (_, i) =>
    riverDay(localDate(at('2026-09-01') + i * DAY, wupi.calendar), { nh3n: times(6, 0.5 + (i % 2) / 100) }),
  ).flat();
  const spikes = Array.from({ length: 10 }, (_, i) => reading({ time: at('2026-09-10 06:00') + i * DAY, value: 60 }));
  await pipeline.publish(...month, ...spikes);
  await pipeline.run();
  pipeline.clock.advance(2000);
  await pipeline.run();
  const signing = signingOf(pipeline);
  signMonth(signing, 'river', '2026-09');
  await forget('2026-11-20 08:00');
  const standing = () => ({ ...kept(), month: verdictOf('month'), changes: [changes('day'), changes('month')] });
  const before = standing();
  expect(before.month).toMatchObject({ verdict: 'met', class: 'II' });
  expect(before.waiting.filter(({ checks }) => checks.includes('spike'))).toHaveLength(10);

  await say('2026-11-20 09:00', spikes, order);

  expect(pipeline.counts).toMatchObject({ duplicate: 10, corrected: 0, pending: 0 });
  expect(standing()).toEqual(before);
  expect(signing.months.detail('river', '2026-09').corrections).toEqual([]);
});

test.each(ORDERS)('some of a day that come again are not judged by one another, the archive asked %s', async (_, order) => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-09-02 00:30') });
  const hours = series(
    SECTION,
    'nh3n',
    at('2026-09-01'),
    HOUR,
    Array.from({ length: 24 }, (_, hour) => [0.4, 3.4, 6.4, 9.4, 6.4, 3.4][hour % 6]!),
  );
  await pipeline.publish(...hours);
  await pipeline.run();
  await forget('2026-11-20 08:00');
  const before = kept();
  await say(
    '2026-11-20 09:00',
    hours.filter((_, i) => i % 3 === 0),
    order,
  );
  expect(kept()).toEqual(before);
  expect(pipeline.counts).toMatchObject({ duplicate: 8, pending: 0 });
});

test.each(ORDERS)('what is new is judged beside what came with it, and told once, the archive asked %s', async (_, order) => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-09-02 00:30') });
  await pipeline.publish(...riverDay('2026-09-01').filter(({ parameter }) => parameter !== 'nh3n'));
  await pipeline.run();
  await forget('2026-11-20 08:00');
  const values = Array.from({ length: 24 }, (_, hour) => (hour === 8 ? 60 : 0.4 + (hour % 2) / 100));
  await say('2026-11-20 09:00', series(SECTION, 'nh3n', at('2026-09-01'), HOUR, values), order);
  const spike = { time: at('2026-09-01 08:00'), quality: 'fail', checks: ['spike'] };
  expect([...pipeline.outside.held.values()].filter(({ value }) => value === 60)).toMatchObject([spike]);
  expect(pipeline.parts.reviews.list(SECTION, 99)).toMatchObject([{ ...spike, value: 60 }]);
  expect([verdictOf('day')?.verdict, ammonia()?.valid, ammonia()?.total]).toEqual(['met', 23, 24]);
  expect(changes('day').at(-1)).toMatch(/^2026-09-01 由 未判定 改为 .+,原因:补传 24 条测值/);
  expect(pipeline.counts).toMatchObject({ duplicate: 0, corrected: 0, pending: 0 });
});

test.each(ORDERS)('a decision about what only the archive holds reaches its verdict, the archive asked %s', async (_, order) => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-09-02 00:30') });
  await pipeline.publish(...riverDay('2026-09-01', { nh3n: [0.4, 0.4, 2.5, 2.5, 0.4, 0.4] }));
  await pipeline.run();
  await forget('2026-11-20 08:00');
  expect(verdictOf('day')?.verdict).toBe('exceeded');
  const span = { station: SECTION, from: '2026-09-01T07:30:00+08:00', to: '2026-09-01T12:10:00+08:00' };
  const why = { source: 'sensor', parameters: ['nh3n'], outcome: 'invalid', reason: 'calibration', note: '' } as const;
  pipeline.parts.decisions.decide('officer', { ...span, ...why });
  await pipeline.run(['rejudge']);
  for (const stage of order) await pipeline.run([stage]);
  await pipeline.run();
  expect([verdictOf('day')?.verdict, ammonia()?.mean]).toEqual(['met', '0.4']);
  expect(changes('day')).toHaveLength(1);
});

test('fates wait for amendments that are on their way, and a failure between tells nothing twice', async () => {
  pipeline = await Pipeline.open({ archive: 'outside', now: at('2026-09-02 00:30') });
  await pipeline.publish(...riverDay('2026-09-01'));
  await pipeline.run();
  await forget('2026-11-20 08:00');
  const { steps } = pipeline.parts;
  // A spike of today is amended; of the amendment nobody has heard yet.
  const today = series(SECTION, 'turb', at('2026-11-20'), HOUR, [8, 8.1, 90, 8.2, 8]);
  await pipeline.publish(...today, reading({ time: at('2026-09-01 01:00'), value: 0.7 }));
  await pipeline.run(['settle', 'archive']);
  await pipeline.publish(reading({ time: at('2026-09-01 02:00'), value: 0.7 }));
  steps.settle();
  steps.judge();
  pipeline.outside.asked = 0;
  expect(await steps.archive()).toBe(false);
  expect(await steps.archive()).toBe(false);
  expect([pipeline.counts.pending, pipeline.outside.asked]).toEqual([1, 1]);
  await pipeline.publish(reading({ time: at('2026-09-01 03:00'), value: 0.7 }));
  steps.settle();
  pipeline.world.faults.failing = 1;
  await expect(steps.archive()).rejects.toThrow('the power failed');
  expect(pipeline.parts.workingSet.rows({ station: SECTION, parameter: 'nh3n', from: 0, to: at('2026-09-02') })).toHaveLength(1);
  pipeline.crash();
  await pipeline.run();
  expect(pipeline.counts).toMatchObject({ duplicate: 0, corrected: 0, pending: 0 });
  expect(ammonia()?.total).toBe(9);
});
