/** Are the days of a station, what lay over its readings, and its newest message told as they are? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  spansAnswer,
  lastMessageAnswer,
  stationDayAnswer,
  stationDaysAnswer,
} from '../../../src/adapters/http/contract-station.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { StationReport } from '../../../src/pipeline/reporting/report-station.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, reading, riverDay, times, wupi } from '../../support/wupi.js';

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await Pipeline.open();
});
afterEach(() => pipeline.dispose());

const OUT = 'nankeng-out';

function report(): StationReport {
  const { workingSet, verdicts, ledger, alerts, decisions, lastMessages } = pipeline.parts;
  return new StationReport(wupi, workingSet, verdicts, ledger, alerts, decisions, lastMessages, pipeline.clock);
}

test('a year of days: met, exceeded and undetermined, and the open one named apart', async () => {
  pipeline.clock.set(at('2026-11-23 09:00'));
  await pipeline.publish(
    ...riverDay('2026-11-20', { nh3n: times(1, 0.3) }),
    ...riverDay('2026-11-21'),
    ...riverDay('2026-11-22', { nh3n: times(6, 1.2) }),
  );
  await pipeline.run();
  const answer = stationDaysAnswer.parse(report().days(OUT, undefined));
  expect(answer).toMatchObject({ station: OUT, year: '2026', window: 'day', today: '2026-11-23' });
  expect(answer.days.map(({ date, state, class: name }) => [date, state, name])).toEqual([
    ['2026-11-20', 'undetermined', null],
    ['2026-11-21', 'met', expect.anything()],
    ['2026-11-22', 'exceeded', 'IV'],
  ]);
  expect(report().days(OUT, '2025')).toMatchObject({ today: null, days: [] });
});

test('the windows of one day come with their findings', async () => {
  pipeline.clock.set(at('2026-11-23 09:00'));
  await pipeline.publish(...riverDay('2026-11-22', { nh3n: times(6, 1.2) }));
  await pipeline.run();
  const { head, windows } = report().day(OUT, '2026-11-22');
  const answer = stationDayAnswer.parse({ ...head, windows: windows.map((text) => JSON.parse(text) as unknown) });
  expect(answer.windows).toHaveLength(1);
  expect(answer.windows[0]!.findings.find(({ parameter }) => parameter === 'nh3n')).toMatchObject({
    outcome: 'exceeded',
    limitText: '≤ 1.0',
  });
  expect(report().day(OUT, '2026-11-01').windows).toEqual([]);
});

test('the newest message: as it came, and what became of each value; a correction shows that it was replaced', async () => {
  pipeline.clock.set(at('2026-11-23 08:00'));
  expect(report().last(OUT).message).toBeNull();
  const first = reading({ time: at('2026-11-23 07:55'), value: 0.31 });
  await pipeline.publish(first);
  expect(lastMessageAnswer.parse(report().last(OUT)).message!.values).toMatchObject([{ parameter: 'nh3n', fate: 'pending' }]);
  await pipeline.run();
  const kept = lastMessageAnswer.parse(report().last(OUT));
  expect(kept.message!.values).toMatchObject([{ parameter: 'nh3n', value: 0.31, fate: 'kept', quality: 'good' }]);
  expect(kept.message!.bytes).toBeGreaterThan(0);
  expect(kept.newest).toMatchObject([{ parameter: 'nh3n', value: 0.31 }]);
  expect(report().last('nankeng-in').message).toBeNull();
});

test('a message that is refused is the newest one too, with the reason, and stands among the refusals', async () => {
  pipeline.clock.set(at('2026-11-23 08:00'));
  await pipeline.publish(reading({ time: at('2026-11-23 07:55') }));
  const rejection = { station: OUT, reason: 'not-a-number', detail: 'nh3n 不是数', values: 1 } as const;
  await pipeline.take({ station: OUT, rejections: [rejection] });
  const answer = lastMessageAnswer.parse(report().last(OUT));
  expect(answer.message).toMatchObject({ values: [], refused: [{ reason: 'not-a-number', detail: 'nh3n 不是数', values: 1 }] });
  expect(answer.rejections).toMatchObject([{ reason: 'not-a-number' }]);
  expect(report().last('nankeng-in').rejections).toEqual([]);
});

test('what a commit that failed had heard is not told as received', async () => {
  pipeline.world.faults.failing = 1;
  await pipeline.take({ station: OUT, readings: [reading()] });
  expect(report().last(OUT).message).toBeNull();
});

test('maintenance and alerts that touch a stretch of time, and none beside it', async () => {
  pipeline.clock.set(at('2026-11-23 12:00'));
  const { decisions } = pipeline.parts;
  decisions.addMaintenance('officer', { station: OUT, from: '2026-11-22T08:00:00+08:00', to: '2026-11-22T09:00:00+08:00' });
  const wrong = decisions.addMaintenance('officer', { station: OUT, from: '2026-11-22T10:00:00+08:00' });
  decisions.changeMaintenance(wrong.id, 'officer', { withdrawn: true, reason: '误登记' });
  await pipeline.publish(...riverDay('2026-11-23', { nh3n: times(6, 4) }).filter((r) => r.time < at('2026-11-23 12:00')));
  await pipeline.run();
  const spans = (from: string, to: string) => spansAnswer.parse(report().spans(OUT, { from, to }));
  const before = spans('2026-11-22', '2026-11-23');
  expect(before.maintenance).toMatchObject([{ state: 'closed', from: '2026-11-22T08:00:00+08:00' }]);
  expect(before.alerts).toEqual([]);
  const today = spans('2026-11-23', '2026-11-24');
  expect(today.maintenance).toEqual([]);
  expect(today.alerts).toContainEqual(expect.objectContaining({ parameter: 'nh3n', kind: 'limit', to: null }));
});

test('what is not there is refused in words', () => {
  for (const id of ['nowhere', 'gangue-heap']) {
    expect(() => report().days(id, undefined)).toThrow(Refusal);
    expect(() => report().last(id)).toThrow(Refusal);
  }
  expect(() => report().days(OUT, '26')).toThrow(Refusal);
  expect(() => report().day(OUT, '2026-02-30')).toThrow(Refusal);
  expect(() => report().spans(OUT, { from: '2026-11-23', to: '2026-11-22' })).toThrow(Refusal);
});
