/** Are verdicts kept with their evidence, counted, and is every window that waits remembered? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import type { Verdict, VerdictState } from '../../../src/domain/compliance/verdict.js';
import { DAY, type WindowKind } from '../../../src/domain/time.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, byParameter, riverDay, station, times, windowOf, wupi } from '../../support/wupi.js';

let folder: TemporaryFolder;
let database: Database;
let store: SqliteVerdictStore;
const open = (): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  store = new SqliteVerdictStore(database);
};
beforeEach(async () => {
  folder = await temporaryFolder('verdicts');
  open();
});
afterEach(async () => {
  database.close();
  await folder.remove();
});
const T0 = at('2026-11-01');
const verdict = (day: number, state: VerdictState, id = 'a', kind: WindowKind = 'day'): Verdict => ({
  station: id,
  kind,
  start: T0 + day * DAY,
  end: T0 + (day + 1) * DAY,
  verdict: state,
  class: null,
  reason: null,
  findings: [],
});
const all = { from: T0, to: T0 + 99 * DAY };

test('a verdict comes back whole, and the later one of a window stands', () => {
  const judged = assessWindow(
    wupi,
    station('nankeng-out'),
    windowOf('day', '2026-11-01'),
    byParameter(riverDay('2026-11-01', { nh3n: times(6, 1.2) })),
  );
  store.put(verdict(0, 'met', 'nankeng-out'), 1);
  store.put(judged, 2);
  database.close();
  open();
  expect(store.list('day', ['nankeng-out'], all, null, 9, 0)).toEqual([judged]);
});

describe('lists and counts', () => {
  beforeEach(() => {
    (['met', 'exceeded', 'undetermined', 'met'] as const).forEach((state, day) => {
      store.put(verdict(day, state, 'a'), 1);
      store.put(verdict(day, 'met', 'b'), 1);
    });
    store.put(verdict(1, 'exceeded', 'a', 'month'), 1);
  });
  const days = (list: readonly Verdict[]): string[] => list.map((v) => `${v.station}${(v.start - T0) / DAY}`);

  test('by start then station, within a half-open span', () => {
    expect(days(store.list('day', ['b', 'a'], all, null, 99, 0))).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    expect(days(store.list('day', ['a'], { from: T0 + DAY, to: T0 + 3 * DAY }, null, 99, 0))).toEqual(['a1', 'a2']);
    expect(days(store.list('day', ['a', 'b'], all, ['exceeded', 'undetermined'], 99, 0))).toEqual(['a1', 'a2']);
    expect(days(store.list('day', ['a', 'b'], all, null, 3, 2))).toEqual(['a1', 'b1', 'a2']);
    expect(store.list('day', [], all, null, 99, 0)).toEqual([]);
  });

  test('tallies', () => {
    expect(store.tally('day', ['a', 'b'], all)).toEqual({ met: 6, exceeded: 1, undetermined: 1 });
    expect(store.tally('day', ['a'], { from: T0, to: T0 + DAY })).toEqual({ met: 1, exceeded: 0, undetermined: 0 });
    expect(store.tally('day', [], all)).toEqual({ met: 0, exceeded: 0, undetermined: 0 });
  });

  test('the last before an instant', () => {
    expect(store.last('day', 'a', T0 + 2 * DAY)?.start).toBe(T0 + DAY);
    expect(store.last('day', 'a', T0)).toBeUndefined();
    expect(store.last('month', 'a', T0 + 9 * DAY)?.verdict).toBe('exceeded');
  });
});

describe('windows that wait', () => {
  const ALL = Number.NEGATIVE_INFINITY;
  test('what targets count first, a month after its days, then by time; each once; those from an instant on; until they are taken off', () => {
    store.mark({ kind: 'month', station: 'a', start: T0 });
    store.mark({ kind: 'day', station: 'a', start: T0 + DAY });
    store.mark({ kind: 'day', station: 'a', start: T0 });
    store.mark({ kind: 'day', station: 'a', start: T0 });
    store.mark({ kind: 'hour', station: 'b', start: T0 + 2 * DAY });
    database.close();
    open();
    const found = (limit: number, from = ALL): string[] =>
      store.marked(limit, from).map((d) => `${d.kind} ${(d.start - T0) / DAY}`);
    expect(found(99)).toEqual(['day 0', 'day 1', 'month 0', 'hour 2']);
    expect(found(2)).toEqual(['day 0', 'day 1']);
    expect(found(99, T0 + 1)).toEqual(['day 1', 'hour 2']);
    expect(store.markedCount()).toBe(4);
    store.unmark({ kind: 'day', station: 'a', start: T0 });
    expect(found(99)).toEqual(['day 1', 'month 0', 'hour 2']);
  });
});

test('up to where windows were closed', () => {
  expect(store.closedUpTo('day', 'a')).toBeUndefined();
  store.setClosed('day', 'a', { from: T0, to: T0 + DAY });
  store.setClosed('day', 'a', { from: T0 - DAY, to: T0 + 2 * DAY });
  expect(store.closedUpTo('day', 'a')).toEqual({ from: T0 - DAY, to: T0 + 2 * DAY });
  expect(store.closedUpTo('month', 'a')).toBeUndefined();
});
