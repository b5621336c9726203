/** Are the days of a station, what lay over its readings, and its newest message told as they are? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  spansAnswer,
  stationLimitsAnswer,
  lastMessageAnswer,
  stationDayAnswer,
  stationDaysAnswer,
} from '../../../src/adapters/http/contract/station.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { limitLines } from '../../../src/pipeline/reporting/limit-lines.js';
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

describe('limits over time', () => {
  const limits = (id: string, from: string, to: string) => stationLimitsAnswer.parse(report().limits(id, { from, to })).limits;
  const own = (id: string, parameter: string, from: string, to: string) =>
    limits(id, from, to)
      .filter((line) => line.parameter === parameter && line.otherClass === null)
      .map(({ from: begins, to: ends, text, citation }) => [begins.slice(0, 10), ends.slice(0, 10), text, citation.slice(0, 12)]);

  test('GB 3095 changed on 2026-03-01: each limit stands on its own days, and they meet', () => {
    const station = [...wupi.stations.values()].find(({ binding }) => binding?.texts.includes('GB 3095-2026'))!;
    const parameter = station.parameters.find((one) => one.parameter === 'pm25')!.parameter;
    const lines = own(station.id, parameter, '2026-01-01', '2026-05-01');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual(['2026-01-01', '2026-03-01', expect.stringMatching(/^≤ /), 'GB 3095-2012']);
    expect(lines[1]).toEqual(['2026-03-01', '2026-05-01', expect.stringMatching(/^≤ /), 'GB 3095-2026']);
    expect(lines[0]![2]).not.toBe(lines[1]![2]);
    expect(own(station.id, parameter, '2026-03-01', '2026-03-02')).toHaveLength(1);
  });

  test('a river has its own limit, and the lines between the classes that do not bind', () => {
    expect(own(OUT, 'nh3n', '2026-11-01', '2026-11-23')).toEqual([['2026-11-01', '2026-11-23', '≤ 1.0', 'GB 3838-2002']]);
    const classes = limits(OUT, '2026-11-01', '2026-11-23').filter(({ parameter }) => parameter === 'nh3n');
    expect(classes.map(({ otherClass, limit }) => [otherClass, limit])).toEqual([
      [null, 1],
      ['I', 0.15],
      ['II', 0.5],
      ['IV', 1.5],
      ['V', 2],
    ]);
    expect(limits(OUT, '2026-11-01', '2026-11-23').filter(({ parameter }) => ['turb', 'tn', 'temp'].includes(parameter))).toEqual(
      [],
    );
  });

  test('a permit that changed, and a chlorine item with a limit below and one above', () => {
    const tap = [...wupi.stations.values()].find(({ role, disinfectant }) => role === 'tap' && disinfectant !== null)!;
    const residual = limits(tap.id, '2026-11-01', '2026-11-02').filter(({ parameter }) =>
      ['cl2', 'tcl2', 'clo2'].includes(parameter),
    );
    expect(residual.map(({ text }) => text[0]).sort()).toEqual(['≤', '≥']);
    const outlet = wupi.stations.get(OUT)!;
    const permit = (high: string, validFrom: string | null, validTo: string | null) => ({
      ...wupi.limits.find(({ parameter, class: name }) => parameter === 'nh3n' && name === 'III')!,
      ...{ standard: 'permit', class: null, high, validFrom, validTo, grade: 'own' as const, citation: '排污许可证' },
    });
    const site = {
      ...wupi,
      stations: new Map([[OUT, { ...outlet, binding: { ...outlet.binding!, texts: ['permit'], class: null } }]]),
      limits: [permit('8', null, '2026-06-30'), permit('5', '2026-07-01', null)],
    };
    const lines = limitLines(site.stations.get(OUT)!, site, { from: at('2026-06-01 00:00'), to: at('2026-08-01 00:00') });
    expect(lines.map(({ from, to, limit }) => [from.slice(0, 10), to.slice(0, 10), limit])).toEqual([
      ['2026-06-01', '2026-07-01', 8],
      ['2026-07-01', '2026-08-01', 5],
    ]);
  });

  test('an end before its beginning, and an unknown station, are refused', () => {
    expect(() => limits(OUT, '2026-11-02', '2026-11-01')).toThrow(Refusal);
    expect(() => limits('nowhere', '2026-11-01', '2026-11-02')).toThrow(Refusal);
  });
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
