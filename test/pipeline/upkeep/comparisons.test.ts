/** Does the service propose what the sensor really said, offer what the laboratory sent, and keep what was entered for good? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteComparisonStore } from '../../../src/adapters/sqlite/comparison-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteHandoverStore } from '../../../src/adapters/sqlite/handover-store.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { MINUTE } from '../../../src/domain/time.js';
import { Comparisons } from '../../../src/pipeline/upkeep/comparisons.js';
import { at, reading, siteWith, station, wupi } from '../../support/wupi.js';

let database: Database;
let workingSet: SqliteWorkingSet;
let clock: { time: number; now(): number };
let comparisons: Comparisons;
const open = (site = wupi): Comparisons => {
  const transact = <T>(work: () => T): T => database.transact(work);
  const [store, audit] = [new SqliteComparisonStore(database), new SqliteAudit(database)];
  return new Comparisons(site, store, workingSet, audit, transact, clock, { markJudged: () => {} }, () => {});
};
beforeEach(() => {
  database = new Database(':memory:');
  workingSet = new SqliteWorkingSet(database, false);
  clock = { time: at('2026-11-23 10:00'), now: () => clock.time };
  comparisons = open();
});
afterEach(() => database.close());

const keep = (...readings: JudgedReading[]): void =>
  database.transact(() => {
    for (const one of readings) workingSet.settle(one);
    workingSet.flush();
  });
const ask = { station: 'nankeng-out', parameter: 'nh3n', time: '2026-11-20T10:00:00+08:00' };
const words = { ...ask, laboratory: 0.52, note: '' };

test('the sensor’s value is the mean of what counts within half a cadence, ends included', () => {
  keep(
    reading({ time: at('2026-11-20 08:00'), value: 0.5 }),
    reading({ time: at('2026-11-20 12:00'), value: 0.7 }),
    reading({ time: at('2026-11-20 12:00') + 1, value: 50 }),
    reading({ time: at('2026-11-20 09:00'), value: 80, mark: 'M' }),
    reading({ time: at('2026-11-20 09:30'), value: 80, quality: 'fail' }),
    reading({ time: at('2026-11-20 09:40'), value: 80, ruling: 'invalid' }),
    reading({ time: at('2026-11-20 10:00'), value: 0.52, mark: 'S', source: 'lab' }),
  );
  expect(comparisons.propose(ask)).toMatchObject({
    ...{ sensor: 0.6, readings: 2, agreement: null },
    ...{ from: '2026-11-20T08:00:00+08:00', to: '2026-11-20T12:00:00+08:00' },
  });
  expect(comparisons.propose({ ...ask, laboratory: 0.52 }).agreement).toMatchObject({ passed: true });
  expect(comparisons.propose({ ...ask, time: '2026-11-19T10:00:00+08:00' })).toMatchObject({ sensor: null, readings: 0 });
});

test('of a fast instrument the readings of half an hour on either side', () => {
  const from = at('2026-11-20 09:00');
  keep(
    ...Array.from({ length: 120 }, (_, i) =>
      reading({ station: 'changtan-plant', parameter: 'cl2', time: from + i * MINUTE, value: i < 30 || i > 90 ? 9 : 0.4 }),
    ),
  );
  expect(comparisons.propose({ ...ask, station: 'changtan-plant', parameter: 'cl2' })).toMatchObject({
    sensor: 0.4,
    readings: 61,
  });
});

test('laboratory samples are offered until they are compared, and again once that was withdrawn', () => {
  const lab = (day: string, over: Partial<JudgedReading> = {}) =>
    reading({ time: at(`${day} 10:00`), value: 0.52, mark: 'S', source: 'lab', ...over });
  keep(
    lab('2026-11-20'),
    lab('2026-11-06', { value: 0.0125, detection: 0.025 }),
    lab('2026-09-20'),
    lab('2026-11-21', { ruling: 'invalid' }),
    reading({ time: at('2026-11-20 08:00'), value: 0.6 }),
  );
  const offered = () => comparisons.list({ limit: 9 }).offered.map(({ time, sensor }) => [time.slice(0, 10), sensor]);
  expect(offered()).toEqual([
    ['2026-11-20', 0.6],
    ['2026-11-06', null],
  ]);
  expect(comparisons.list({ limit: 9 }).offered[1]!.detection).toBe(0.025);
  const { id } = comparisons.add('mia', words);
  expect(offered()).toEqual([['2026-11-06', null]]);
  comparisons.withdraw(id, 'mia', '瓶号写错');
  expect(offered()).toHaveLength(2);
});

test('a rate prints the newest of its instruments, what failed and what waits; samples of a laboratory print nothing', () => {
  const river = wupi.targets.find(({ id }) => id === 'river')!;
  const rate = () => comparisons.ofTarget(river, clock.time);
  expect(rate()).toMatchObject({ date: null, passed: null, due: true, items: 5, waiting: 5 });
  comparisons.add('mia', { ...words, sensor: 0.6 });
  expect(rate()).toMatchObject({ date: '2026-11-20', passed: true, due: true, waiting: 4, failed: [] });
  comparisons.add('mia', { ...words, parameter: 'tp', laboratory: 0.1, sensor: 0.2 });
  expect(rate()).toMatchObject({ passed: false, waiting: 3, failed: [{ zh: '总磷' }] });
  // An instrument is as good as its newest comparison.
  comparisons.add('mia', { ...words, parameter: 'tp', time: '2026-11-21T10:00:00+08:00', laboratory: 0.1, sensor: 0.1 });
  expect(rate()).toMatchObject({ date: '2026-11-21', passed: true, waiting: 3 });
  clock.time = at('2027-01-20 10:00');
  expect(rate()).toMatchObject({ date: '2026-11-21', waiting: 4 });
  const samples = wupi.targets.find(({ id }) => id === 'drinking-water')!;
  expect(comparisons.ofTarget(samples, clock.time)).toBeNull();
  const dust = wupi.targets.find(({ id }) => id === 'dust')!;
  expect(comparisons.ofTarget(dust, clock.time)).toMatchObject({ due: true });
});

test('comparisons of the config count too', () => {
  const out = station('nankeng-out');
  const parameters = out.parameters.map((one) =>
    one.parameter === 'nh3n'
      ? { ...one, comparisons: [{ on: '2026-11-05', passed: true, laboratory: 0.5, sensor: 0.5, by: '监测站' }] }
      : one,
  );
  const rate = open(siteWith({ ...out, parameters })).ofStations([{ ...out, parameters }], clock.time);
  expect(rate).toMatchObject({ date: '2026-11-05', passed: true, waiting: 4 });
});

test('the state file refuses to forget: neither a comparison nor a hand-over is changed or deleted', () => {
  const { id } = comparisons.add('mia', { ...words, sensor: 0.6 });
  comparisons.withdraw(id, 'mia', '录错');
  const handovers = new SqliteHandoverStore(database);
  const { id: given } = handovers.add({
    ...{ turn: '2026-11-23', from: 'duty-b', to: 'duty-a', by: 'anna', at: clock.time, note: '', items: [] },
  });
  expect(handovers.take(given, { by: 'bert', at: clock.time, note: '' })).toBe(true);
  expect(handovers.take(given, { by: 'cleo', at: clock.time, note: '' })).toBe(false);
  expect(handovers.find(given)?.taken?.by).toBe('bert');
  for (const table of ['comparison', 'comparison_withdrawal', 'handover', 'handover_take']) {
    expect(() => database.sqlite.exec(`DELETE FROM ${table}`)).toThrow('stays');
    expect(() => database.sqlite.exec(`UPDATE ${table} SET at = 0`)).toThrow('stays');
  }
});

test('two thousand records: what every page asks costs about twenty times what a hundred cost, not four hundred times', () => {
  const asking = (from: number, to: number): number => {
    for (let i = from; i < to; i++) {
      const time = new Date(at('2026-01-01') + i * 3.5 * 60 * MINUTE).toISOString();
      comparisons.add('mia', { ...words, time, sensor: 0.5 });
    }
    const took = Array.from({ length: 20 }, () => {
      const begun = performance.now();
      clock.time++;
      for (const target of wupi.targets) comparisons.ofTarget(target, clock.time);
      return performance.now() - begun;
    });
    return Math.min(...took);
  };
  const [few, many] = [asking(0, 100), asking(100, 2000)];
  expect(many / few).toBeLessThan(80);
});
