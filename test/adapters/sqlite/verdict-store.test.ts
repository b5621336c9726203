/** Are verdicts kept with their evidence, counted, and is every window that waits remembered? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteVerdictStore } from '../../../src/adapters/sqlite/verdict-store.js';
import { assessWindow } from '../../../src/domain/compliance/assess.js';
import type { Verdict, VerdictState } from '../../../src/domain/compliance/verdict.js';
import { DAY, type WindowKind } from '../../../src/domain/time.js';
import { printFor } from '../../../src/pipeline/judging/print-verdict.js';
import type { Print, VerdictCount } from '../../../src/pipeline/judging/verdict-stores.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, byParameter, riverDay, station, times, windowOf, wupi } from '../../support/wupi.js';

let print: Print = printFor(wupi);
let folder: TemporaryFolder;
let database: Database;
let store: SqliteVerdictStore;
const open = (): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  store = new SqliteVerdictStore(database, print);
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

  test('counts by station, month, outcome and class; months in part as well as whole ones', () => {
    const told = (list: readonly VerdictCount[]): string[] =>
      list.map((c) => `${c.station} ${new Date(c.month).toISOString().slice(0, 10)} ${c.state} ${c.class} ${c.n}`).sort();
    // The first instant of November in Beijing is of 31 October in UTC.
    const november = [
      'a 2026-10-31 exceeded null 1',
      'a 2026-10-31 met null 2',
      'a 2026-10-31 undetermined null 1',
      'b 2026-10-31 met null 4',
    ];
    expect(told(store.counts('day', ['a', 'b'], { from: T0, to: at('2026-12-01') }))).toEqual(november);
    expect(told(store.counts('day', ['a', 'b'], { from: at('2026-10-15'), to: at('2026-12-15') }))).toEqual(november);
    expect(told(store.counts('day', ['a', 'b'], { from: T0, to: T0 + 9 * DAY }))).toEqual(november);
    expect(told(store.counts('day', ['a'], { from: T0, to: T0 + DAY }))).toEqual(['a 2026-10-31 met null 1']);
    expect(store.counts('day', [], all)).toEqual([]);
    // A verdict that takes the place of another is counted once; an excused window is neither.
    store.put({ ...verdict(1, 'met', 'a'), class: 'II' }, 2);
    store.put(verdict(2, 'undetermined', 'a'), 2, '7');
    expect(told(store.counts('day', ['a'], { from: T0, to: at('2026-12-01') }))).toEqual([
      'a 2026-10-31 excused null 1',
      'a 2026-10-31 met II 1',
      'a 2026-10-31 met null 2',
    ]);
    expect(told(store.counts('day', ['a'], { from: T0, to: T0 + 3 * DAY }))).toEqual([
      'a 2026-10-31 excused null 1',
      'a 2026-10-31 met II 1',
      'a 2026-10-31 met null 1',
    ]);
  });

  test('another calendar counts anew', () => {
    database.close();
    print = { ...print, calendar: { offsetMinutes: 0 } };
    open();
    print = printFor(wupi);
    // At UTC the window of 1 November in Beijing begins in October.
    expect(store.counts('day', ['b'], { from: Date.UTC(2026, 9), to: Date.UTC(2026, 10) })).toEqual([
      { station: 'b', month: Date.UTC(2026, 9), state: 'met', class: null, n: 1 },
    ]);
  });

  test('the last before an instant', () => {
    expect(store.last('day', 'a', T0 + 2 * DAY)?.start).toBe(T0 + DAY);
    expect(store.last('day', 'a', T0)).toBeUndefined();
    expect(store.last('month', 'a', T0 + 9 * DAY)?.verdict).toBe('exceeded');
  });
});

describe('printed verdicts', () => {
  const texts = (only: VerdictState[] | null = null): unknown[] =>
    store.printed('day', ['a', 'b'], all, only, 99, 0).map(({ text }) => (JSON.parse(text) as { station: string }).station);

  test('are the texts that were kept', () => {
    store.put(verdict(0, 'met', 'a'), 1);
    store.put(verdict(1, 'exceeded', 'b'), 1, '3');
    expect(texts()).toEqual(['a', 'b']);
    expect(texts(['exceeded', 'undetermined'])).toEqual(['b']);
    const newest = store.printed('day', ['a', 'b'], all, null, 2, 0, true);
    expect(newest.map(({ start }) => start)).toEqual([...newest.map(({ start }) => start)].sort((a, b) => b - a));
    expect(newest[0]).toEqual(store.printed('day', ['a', 'b'], all, null, 99, 0).at(-1));
    expect(store.printed('day', ['b'], all, null, 9, 0)).toMatchObject([{ station: 'b', start: T0 + DAY, excuse: '3' }]);
  });

  test('of another edition are printed anew at once, and kept so step by step', () => {
    store.put(verdict(0, 'met', 'a'), 1);
    database.close();
    print = { ...print, edition: 'another', text: () => '{"station":"renamed"}' };
    open();
    print = printFor(wupi);
    expect(texts()).toEqual(['renamed']);
    let steps = 0;
    while (store.reprint()) steps++;
    expect(steps).toBe(2);
    const kept = database.prepare('SELECT text FROM verdict').all();
    expect(kept).toEqual([{ text: '{"station":"renamed"}' }]);
    expect(store.reprint()).toBe(false);
  });
});

test('put tells how the window stood before; every put is a revision of its station', () => {
  expect(store.put(verdict(0, 'met'), 1)).toBeUndefined();
  expect(store.put({ ...verdict(0, 'exceeded'), class: 'IV' }, 2, '5')).toEqual({ verdict: 'met', class: null, excused: false });
  expect(store.put(verdict(0, 'met'), 3)).toEqual({ verdict: 'exceeded', class: 'IV', excused: true });
  expect([store.revision('a'), store.revision('b')]).toEqual([3, 0]);
});

test('changes are kept, newest first', () => {
  const change = (day: number, at: number) => ({
    ...{ kind: 'day' as const, station: 'a', start: T0 + day * DAY, end: T0 + (day + 1) * DAY, at, reason: '补传 1 条测值' },
    from: { verdict: 'met' as const, class: 'II' as const, excused: false },
    to: { verdict: 'exceeded' as const, class: 'IV' as const, excused: false },
  });
  store.record(change(1, 5));
  store.record(change(0, 6));
  expect(store.changes('day', ['a'], all, 9, 0)).toEqual([change(0, 6), change(1, 5)]);
  expect(store.changes('day', ['a'], { from: T0 + DAY, to: T0 + 2 * DAY }, 9, 0)).toEqual([change(1, 5)]);
  expect(store.changes('day', ['a', 'b'], all, 1, 1)).toEqual([change(1, 5)]);
  expect([store.changes('month', ['a'], all, 9, 0), store.changes('day', ['b'], all, 9, 0)]).toEqual([[], []]);
});

test('what verdicts depend on: never kept, the same, another', () => {
  expect(store.dependsOn('a', 'x')).toBeUndefined();
  store.setDependence('a', 'x');
  expect([store.dependsOn('a', 'x'), store.dependsOn('a', 'y'), store.dependsOn('b', 'x')]).toEqual([true, false, undefined]);
});

test('a state file of the version before keeps its verdicts and what waited', () => {
  const judged = assessWindow(wupi, station('nankeng-out'), windowOf('day', '2026-11-01'), byParameter(riverDay('2026-11-01')));
  database.close();
  database = new Database(join(folder.path, 'older.db'));
  database.sqlite.exec(`
    CREATE TABLE verdict (
      kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, verdict TEXT NOT NULL,
      class TEXT, reason TEXT, findings TEXT NOT NULL, computed INTEGER NOT NULL, PRIMARY KEY (kind, station, start)) STRICT;
    CREATE INDEX verdict_tally ON verdict (kind, station, start, verdict);
    CREATE TABLE due (rank INTEGER NOT NULL, kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL,
      PRIMARY KEY (rank, start, station, kind)) STRICT, WITHOUT ROWID;
    INSERT INTO due VALUES (1, 'day', 'nankeng-out', ${T0 + DAY});`);
  database
    .prepare('INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)')
    .run(
      'day',
      'nankeng-out',
      judged.start,
      judged.end,
      judged.verdict,
      judged.class,
      judged.reason,
      JSON.stringify(judged.findings),
    );
  store = new SqliteVerdictStore(database, print);
  expect(store.list('day', ['nankeng-out'], all, null, 9, 0)).toEqual([judged]);
  expect(JSON.parse(store.printed('day', ['nankeng-out'], all, null, 9, 0)[0]!.text)).toMatchObject({
    stationName: '南坑河出境断面',
  });
  expect(store.counts('day', ['nankeng-out'], { from: T0, to: at('2026-12-01') })).toMatchObject([{ state: 'met', n: 1 }]);
  expect(store.marked(9, T0)).toEqual([{ kind: 'day', station: 'nankeng-out', start: T0 + DAY }]);
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
    store.unmark({ kind: 'day', station: 'a', start: T0 }, store.marks());
    expect(found(99)).toEqual(['day 1', 'month 0', 'hour 2']);
  });

  test('causes of one window add up', () => {
    const due = { kind: 'day' as const, station: 'a', start: T0 };
    store.mark(due);
    expect(store.marked(9, ALL)).toEqual([due]);
    store.mark({ ...due, cause: { late: 14, corrected: 0, amended: 0, why: null } });
    store.mark({ ...due, cause: { late: 1, corrected: 2, amended: 3, why: '配置变更' } });
    store.mark(due);
    store.mark({ ...due, cause: { late: 0, corrected: 0, amended: 0, why: '配置变更' } });
    store.mark({ ...due, cause: { late: 0, corrected: 0, amended: 0, why: '断流' } });
    expect(store.marked(9, ALL)).toEqual([{ ...due, cause: { late: 15, corrected: 2, amended: 3, why: '配置变更;断流' } }]);
  });

  test('a window that was touched while it was computed stays due', () => {
    const due = { kind: 'day' as const, station: 'a', start: T0, cause: { late: 1, corrected: 0, amended: 0, why: null } };
    store.mark(due);
    const before = store.marks();
    const [read] = store.marked(9, ALL);
    store.mark({ ...due, cause: { late: 0, corrected: 0, amended: 0, why: '不参评' } });
    store.unmark(read!, before);
    expect(store.marked(9, ALL)).toEqual([{ ...due, cause: { ...due.cause, why: '不参评' } }]);
    store.unmark(store.marked(9, ALL)[0]!, store.marks());
    expect(store.markedCount()).toBe(0);
  });

  test('also when what touched it came in time, and so is no cause that is told', () => {
    const due = { kind: 'day' as const, station: 'a', start: T0 };
    store.mark(due);
    const before = store.marks();
    store.mark(due);
    store.unmark(due, before);
    expect(store.marked(9, ALL)).toEqual([due]);
    store.unmark(due, store.marks());
    expect(store.markedCount()).toBe(0);
  });

  test('all that a station was judged for, or what lies within a span', () => {
    const cause = { late: 0, corrected: 0, amended: 0, why: '配置变更' };
    for (const day of [0, 1, 2]) store.put(verdict(day, 'met'), 1);
    store.put(verdict(0, 'met', 'b'), 1);
    store.put({ ...verdict(1, 'met', 'a', 'rule'), start: T0 + DAY + 1000 }, 1);
    store.markJudged('a', ['day'], { from: T0 + DAY, to: T0 + 3 * DAY }, cause);
    expect(store.marked(9, ALL).map((d) => (d.start - T0) / DAY)).toEqual([1, 2]);
    store.markJudged('a', null, null, cause);
    expect(store.marked(9, ALL).map((d) => `${d.kind} ${(d.start - T0) / DAY}`)).toEqual(['day 0', 'day 1', 'day 2', 'rule 1']);
  });
});

test('up to where windows were closed', () => {
  expect(store.closedUpTo('day', 'a')).toBeUndefined();
  store.setClosed('day', 'a', { from: T0, to: T0 + DAY });
  store.setClosed('day', 'a', { from: T0 - DAY, to: T0 + 2 * DAY });
  expect(store.closedUpTo('day', 'a')).toEqual({ from: T0 - DAY, to: T0 + 2 * DAY });
  expect(store.closedUpTo('month', 'a')).toBeUndefined();
});
