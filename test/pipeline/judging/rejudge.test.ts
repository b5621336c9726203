/** Do the readings an act touches become amendments: all of them, only them, once, and never under an older decision? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { SqliteReviewStore } from '../../../src/adapters/sqlite/review-store.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import type { MaintenanceRecord } from '../../../src/domain/quality/decision.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/time.js';
import { Amendments } from '../../../src/pipeline/judging/amendments.js';
import { ArchiveError, type SeriesQuery } from '../../../src/pipeline/ports.js';
import { Rejudger, Rulings } from '../../../src/pipeline/judging/rejudge.js';
import { CONSUMERS } from '../../../src/pipeline/stores.js';
import { ManualClock } from '../../support/fakes.js';
import { at, reading, wupi } from '../../support/wupi.js';

const START = at('2026-11-20 09:00');

/** Readings by key, in two places: what is at hand from `floor` on, and what the archive holds. */
class Held {
  readonly near = new Map<string, JudgedReading>();
  readonly far = new Map<string, JudgedReading>();
  low: Instant = Number.NEGATIVE_INFINITY;
  away = false;

  put(one: JudgedReading): void {
    const { amended: _, ...plain } = one;
    const key = `${one.station} ${one.parameter} ${one.source} ${one.time}`;
    this.far.set(key, plain);
    if (one.time >= this.low) this.near.set(key, plain);
  }

  rows({ station, parameter, from, to }: SeriesQuery, _source?: string, max = Number.POSITIVE_INFINITY): JudgedReading[] {
    return this.of(this.near, station, parameter, from, to).slice(0, max);
  }

  newest(): undefined {
    return undefined;
  }

  floor(): Instant {
    return this.low;
  }

  async readings({ station, parameter, from, to }: SeriesQuery, max: number): Promise<JudgedReading[]> {
    if (this.away) throw new ArchiveError('away', true);
    return this.of(this.far, station, parameter, from, to).slice(0, max);
  }

  private of(held: Map<string, JudgedReading>, station: string, parameter: string, from: Instant, to: Instant) {
    const fits = (r: JudgedReading): boolean =>
      r.station === station && r.parameter === parameter && r.time >= from && r.time < to;
    return [...held.values()].filter(fits).sort((a, b) => a.time - b.time || a.source.localeCompare(b.source));
  }
}

let database: Database;
let store: SqliteDecisionStore;
let log: SqliteReadingLog;
let rulings: Rulings;
let held: Held;
let rejudger: Rejudger;
let failing: number;

beforeEach(() => {
  database = new Database(':memory:');
  store = new SqliteDecisionStore(database);
  log = new SqliteReadingLog(database);
  rulings = new Rulings(store);
  held = new Held();
  failing = 0;
  restart();
});

afterEach(() => database.close());

function restart(): void {
  const transact = <T>(work: () => T): T =>
    database.transact(() => {
      const done = work();
      if (failing-- > 0) throw new Error('the power failed');
      return done;
    });
  const clock = new ManualClock(at('2026-11-22 09:00'));
  const reviews = new SqliteReviewStore(database);
  rejudger = new Rejudger(wupi, store, rulings, log, new Amendments(log), held, held, reviews, transact, clock, () => {});
}

/** What `settle` and `archive` do with the log. Returns the amendments that came by. */
function deliver(): JudgedReading[] {
  const batches = log.read(log.cursor('settle'), log.head(), Number.MAX_SAFE_INTEGER);
  const readings = batches.flatMap((batch) => batch.readings);
  for (const one of readings) held.put(one);
  for (const consumer of CONSUMERS) database.transact(() => log.advance(consumer, log.head()));
  return readings;
}

async function work(): Promise<JudgedReading[]> {
  const all: JudgedReading[] = [];
  for (;;) {
    while (await rejudger.step());
    const came = deliver();
    all.push(...came);
    if (came.length === 0 && store.nextRejudge() === undefined) return all;
  }
}

function maintain(over: Partial<MaintenanceRecord> = {}): MaintenanceRecord {
  const record = { station: 'nankeng-out', parameters: null, from: START, to: START + HOUR, settlingMinutes: 60, ...over };
  const kept = { who: '运维单位', note: '', by: 'officer', at: START, withdrawn: false, ...record };
  if (kept.id === undefined) return act(store.addMaintenance(kept));
  store.putMaintenance(kept as MaintenanceRecord);
  return act(kept as MaintenanceRecord);
}

function act(record: MaintenanceRecord): MaintenanceRecord {
  const to = record.to === null ? Number.POSITIVE_INFINITY : record.to + record.settlingMinutes * MINUTE;
  const { station, parameters, from } = record;
  store.enqueue({ station, parameters, from, to, by: 'officer', reason: `act ${record.id}` });
  rulings.forget(station);
  return record;
}

/** `n` readings, one a minute from an hour before the maintenance. */
function measured(n: number, parameters: readonly string[] = ['nh3n'], every = MINUTE): void {
  for (const parameter of parameters)
    for (let i = 0; i < n; i++) held.put(reading({ parameter, time: START - HOUR + i * every, value: i }));
}

test('a late record rules on what it covers, of all parameters, and not again', async () => {
  measured(240, ['nh3n', 'ph']);
  held.put(reading({ station: 'nankeng-in', time: START }));
  held.put(reading({ time: START, source: 'lab', mark: 'S' }));
  maintain();
  const amendments = await work();
  expect(amendments).toHaveLength(240);
  expect(new Set(amendments.map((r) => r.ruling))).toEqual(new Set(['maintenance']));
  const times = amendments.filter((r) => r.parameter === 'ph').map((r) => r.time);
  expect([times[0], times.at(-1), times.length]).toEqual([START, START + 2 * HOUR - MINUTE, 120]);
  expect(amendments[0]).toMatchObject({ value: 60, mark: 'N', quality: 'good', amended: { by: 'officer', reason: 'act 1' } });
  act(store.findMaintenance(1)!);
  expect(await work()).toEqual([]);
});

test('a shorter or withdrawn record gives back what it no longer covers', async () => {
  measured(240);
  maintain();
  await work();
  const record = store.findMaintenance(1)!;
  store.putMaintenance({ ...record, settlingMinutes: 0 });
  const back = (act(record), await work());
  expect(back.map((r) => [r.ruling, r.time])).toEqual(
    Array.from({ length: 60 }, (_, i) => [undefined, START + HOUR + i * MINUTE]),
  );
  store.putMaintenance({ ...record, withdrawn: true });
  expect((act(record), await work())).toHaveLength(60);
  expect([...held.near.values()].filter((r) => r.ruling !== undefined)).toEqual([]);
});

test('more than a chunk: nothing is left out and nothing comes twice, through a failure and a restart', async () => {
  measured(12_000, ['nh3n'], 1000);
  maintain({ parameters: ['nh3n'], from: START - HOUR, to: START + 24 * HOUR, settlingMinutes: 0 });
  expect(await rejudger.step()).toBe(true);
  const first = deliver();
  failing = 1;
  await expect(stepping()).rejects.toThrow('the power failed');
  expect(log.head()).toBe(new SqliteReadingLog(database).head());
  restart();
  const amendments = [...first, ...(await work())];
  expect(amendments.map((r) => r.time)).toEqual(Array.from({ length: 12_000 }, (_, i) => START - HOUR + i * 1000));
});

async function stepping(): Promise<void> {
  while (await rejudger.step());
}

test('a withdrawal waits for the amendments of before, which would otherwise come after it', async () => {
  measured(240);
  maintain();
  while (await rejudger.step());
  // The amendments stand in the log; `settle` has not come by.
  const record = store.findMaintenance(1)!;
  store.putMaintenance({ ...record, withdrawn: true });
  act(record);
  expect(await rejudger.step()).toBe(false);
  await work();
  expect([...held.near.values()].filter((r) => r.ruling !== undefined)).toEqual([]);
});

test('older than what is at hand: from the archive, and not before it answers', async () => {
  held.low = START + HOUR;
  measured(240);
  maintain();
  held.away = true;
  await expect(stepping()).rejects.toThrow('away');
  expect(store.nextRejudge()).toBeDefined();
  held.away = false;
  expect(await work()).toHaveLength(120);
  expect([...held.far.values()].filter((r) => r.ruling === 'maintenance')).toHaveLength(120);
});

test('what only the archive holds waits until the amendments of before are written there', async () => {
  held.low = START + 12 * HOUR;
  measured(240);
  maintain();
  while (await rejudger.step());
  const record = store.findMaintenance(1)!;
  store.putMaintenance({ ...record, withdrawn: true });
  act(record);
  database.transact(() => log.advance('settle', log.head()));
  expect(await rejudger.step()).toBe(false);
  for (const { readings } of log.read(0, log.head(), 1e6)) readings.forEach((one) => held.put(one));
  database.transact(() => log.advance('archive', log.head()));
  await work();
  expect([...held.far.values()].filter((r) => r.ruling !== undefined)).toEqual([]);
});

test('an open record covers what is there, and its end gives nothing back that it covered', async () => {
  measured(240);
  const open = maintain({ to: null });
  expect(await work()).toHaveLength(180);
  store.putMaintenance({ ...open, to: START + HOUR });
  const back = (act(open), await work());
  expect(back.map((r) => r.time)[0]).toBe(START + 2 * HOUR);
  expect(back).toHaveLength(60);
});
