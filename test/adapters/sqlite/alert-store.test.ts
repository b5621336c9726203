/** Are alerts, the memory of the rules and what must be told kept as they were? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { HOUR } from '../../../src/domain/time.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
let database: Database;
let store: SqliteAlertStore;
const open = (): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  store = new SqliteAlertStore(database);
};
beforeEach(async () => {
  folder = await temporaryFolder('alerts');
  open();
});
afterEach(async () => {
  database.close();
  await folder.remove();
});
const restart = (): void => {
  database.close();
  open();
};
const T0 = Date.parse('2026-11-23T08:00:00+08:00');
const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'a1',
  subject: 'nankeng-out',
  station: 'nankeng-out',
  parameter: 'nh3n',
  rule: 'limit',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: T0,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: {
    number: 1,
    text: '≤ 1.0',
    name: { zh: 'Ⅲ类限值', en: 'class III limit' },
    isLower: false,
    citation: 'GB 3838-2002 表1 Ⅲ类',
    isCertain: true,
    times: '0.37',
  },
  isUnconfirmed: false,
  reason: { zh: '单次测值 1.37 mg/L', en: 'a single value of 1.37 mg/L' },
  history: [{ at: T0, from: null, to: 'active', reason: 'r', by: null, note: null }],
  ...over,
});
const ids = (alerts: readonly Alert[]): string[] => alerts.map(({ id }) => id);

describe('alerts', () => {
  test.each([
    ['of a station', alert({ acknowledgedBy: '镇环保办' })],
    ['with a range', alert({ passed: { ...alert().passed!, number: [6, 9] } })],
    [
      'of no station, no parameter, no value',
      alert({ subject: 'reach:nankeng', station: null, parameter: null, value: null, passed: null }),
    ],
  ])('come back whole: one %s', (_, one) => {
    store.put(one);
    restart();
    expect(store.find('a1')).toEqual(one);
    expect(store.standing(one.subject, one.parameter, 'limit')).toEqual(one);
    expect(store.find('none')).toBeUndefined();
    expect(store.standing('other', 'nh3n', 'limit')).toBeUndefined();
  });

  test('active is whatever is neither resolved nor closed, newest first', () => {
    (['pending', 'active', 'acknowledged', 'resolved', 'closed'] as const).forEach((state, i) =>
      store.put(alert({ id: state, state, parameter: `p${i}`, openedAt: T0 + i, severity: i === 0 ? 'warning' : 'over' })),
    );
    expect(ids(store.list('active', 9))).toEqual(['acknowledged', 'active', 'pending']);
    expect(ids(store.list('all', 9))).toEqual(['closed', 'resolved', 'acknowledged', 'active', 'pending']);
    expect(store.list('all', 2)).toHaveLength(2);
    expect(store.activeCounts()).toEqual({ warning: 1, over: 2, severe: 0 });
  });

  test.each(['nh3n', null])('the file itself refuses a second standing alert (parameter %s)', (parameter) => {
    store.put(alert({ parameter }));
    expect(() => store.put(alert({ id: 'a2', parameter, openedAt: T0 + 1 }))).toThrow(/UNIQUE/);
    store.put(alert({ parameter, state: 'resolved', resolvedAt: T0 }));
    store.put(alert({ id: 'a2', parameter, openedAt: T0 + 1 }));
    expect(ids(store.list('active', 9))).toEqual(['a2']);
  });

  test('when the rule opened here: the last time before, and lately', () => {
    store.put(alert({ state: 'resolved', resolvedAt: T0 + 1 }));
    store.put(alert({ id: 'a2', openedAt: T0 + HOUR }));
    store.put(alert({ id: 'b', parameter: 'tp', openedAt: T0 + HOUR }));
    expect(store.previous('nankeng-out', 'nh3n', 'limit', T0 + HOUR)).toBe(T0);
    expect(store.previous('nankeng-out', 'nh3n', 'limit', T0)).toBeNull();
    expect(store.openings('nankeng-out', 'nh3n', 'limit', T0)).toEqual([T0 + HOUR, T0]);
    expect(store.openings('nankeng-out', 'nh3n', 'limit', T0 + 1)).toEqual([T0 + HOUR]);
  });

  test('those whose life touched a span', () => {
    store.put(alert({ id: 'over', parameter: 'a', state: 'resolved', resolvedAt: T0 + HOUR }));
    store.put(alert({ id: 'stands', parameter: 'b' }));
    store.put(alert({ id: 'closed', parameter: 'c', state: 'closed' }));
    store.put(alert({ id: 'later', parameter: 'd', openedAt: T0 + 3 * HOUR }));
    store.put(alert({ id: 'reach', subject: 'reach:nankeng', station: null }));
    const touched = (from: number, to: number, station: string | null = 'nankeng-out') =>
      ids(store.within({ from: T0 + from, to: T0 + to }, station, 9)).sort();
    expect(touched(0, HOUR)).toEqual(['closed', 'over', 'stands']);
    expect(touched(HOUR, 2 * HOUR)).toEqual(['over', 'stands']);
    expect(touched(2 * HOUR, 3 * HOUR)).toEqual(['stands']);
    expect(touched(2 * HOUR, 4 * HOUR, null)).toEqual(['later', 'reach', 'stands']);
    expect(store.within({ from: T0, to: T0 + HOUR }, null, 2)).toHaveLength(2);
  });
});

test('the memory of a rule is as it was put', () => {
  expect(store.memory('nankeng-out', 'nh3n', 'limit')).toBeUndefined();
  store.putMemory('nankeng-out', 'nh3n', 'limit', '{"newest":1}');
  store.putMemory('reach:nankeng', null, 'rain', '[1]');
  store.putMemory('nankeng-out', 'nh3n', 'limit', '{"newest":2}');
  restart();
  expect(store.memory('nankeng-out', 'nh3n', 'limit')).toBe('{"newest":2}');
  expect(store.memory('reach:nankeng', null, 'rain')).toBe('[1]');
});

test('announcements wait in their order, as things were then, until they are forgotten', () => {
  const resolved = alert({ state: 'resolved', resolvedAt: T0 + HOUR });
  store.announce({ what: 'opened', alert: alert(), at: T0 }, T0 + 2, T0 + 1);
  store.announce({ what: 'resolved', alert: resolved, at: T0 + HOUR }, T0 + HOUR + 2, T0 + HOUR + 1);
  restart();
  const [first, second] = store.announcements(9);
  expect(first).toEqual({ seq: first!.seq, change: { what: 'opened', alert: alert(), at: T0 }, at: T0 + 2, arrivedAt: T0 + 1 });
  expect(second?.change).toEqual({ what: 'resolved', alert: resolved, at: T0 + HOUR });
  expect(store.announcements(1)).toHaveLength(1);
  store.forgetAnnouncements(first!.seq);
  expect(store.announcements(9)).toEqual([second]);
  store.forgetAnnouncements(second!.seq);
  store.announce({ what: 'opened', alert: alert(), at: T0 }, T0, T0);
  expect(store.announcements(9)[0]!.seq).toBeGreaterThan(second!.seq);
});

test('alerts of an older state file are taken over, with what the rule remembered', () => {
  const { subject: _, passed: __, isUnconfirmed: ___, ...rest } = alert();
  const old = { ...rest, limit: 1, limitText: '≤ 1.0', reason: '单次测值 1.37 超出限值 ≤ 1.0' };
  database.sqlite.exec(`
    CREATE TABLE alert (id TEXT PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, rule TEXT NOT NULL,
      severity TEXT NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL, alert TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE rule_state (station TEXT NOT NULL, parameter TEXT NOT NULL, rule TEXT NOT NULL, newest INTEGER NOT NULL,
      over INTEGER NOT NULL, inside INTEGER NOT NULL, alert TEXT, PRIMARY KEY (station, parameter, rule)) STRICT, WITHOUT ROWID;
  `);
  database
    .prepare('INSERT INTO alert VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run('a1', 'nankeng-out', 'nh3n', 'limit', 'over', 'active', T0, JSON.stringify(old));
  const memory = database.prepare('INSERT INTO rule_state VALUES (?, ?, ?, ?, ?, ?, ?)');
  memory.run('nankeng-out', 'nh3n', 'limit', T0, 1, 2, 'a1');
  memory.run('nankeng-out', 'tp', 'limit', T0, 0, 0, null);
  restart();
  expect(store.standing('nankeng-out', 'nh3n', 'limit')).toMatchObject({
    id: 'a1',
    subject: 'nankeng-out',
    passed: { number: 1, text: '≤ 1.0', isLower: false, isCertain: true },
    isUnconfirmed: false,
    reason: { zh: '单次测值 1.37 超出限值 ≤ 1.0' },
    history: alert().history,
  });
  expect(JSON.parse(store.memory('nankeng-out', 'nh3n', 'limit')!)).toEqual({ newest: T0, inside: 2, raised: 'over' });
  expect(JSON.parse(store.memory('nankeng-out', 'tp', 'limit')!)).toEqual({ newest: T0, inside: 0, raised: null });
  restart();
  expect(ids(store.list('all', 9))).toEqual(['a1']);
});
