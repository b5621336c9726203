/** Are the alerts that stand the same in memory and on disk, and is every change announced once? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Severity, Subject } from '../../../src/domain/alerting/alert.js';
import { acknowledge } from '../../../src/domain/alerting/lifecycle.js';
import type { Signal } from '../../../src/domain/alerting/signal.js';
import { type Instant, MINUTE } from '../../../src/domain/time.js';
import { Episodes } from '../../../src/pipeline/alerting/episodes.js';

const T0 = Date.parse('2026-11-23T08:00:00+08:00');
const subject: Subject = { subject: 'reach:nankeng', station: null, parameter: null, rule: 'rain', kind: 'rain' };
const damping = { openings: 2, hours: 24, holdMinutes: 30 };
const reason = { zh: '理由', en: 'reason' };

let database: Database;
let store: SqliteAlertStore;
let episodes: Episodes;
beforeEach(() => {
  database = new Database(':memory:');
  store = new SqliteAlertStore(database);
  episodes = new Episodes(store, damping);
});
afterEach(() => database.close());

const fire = (at: Instant, severity: Severity = 'over') =>
  episodes.apply(subject, { says: 'firing', at, severity, value: null, passed: null, reason }, at, at - 1);
const clear = (at: Instant) => episodes.apply(subject, { says: 'clear', at, reason } satisfies Signal, at, at);
const announced = () => store.announcements(99).map(({ change }) => change.what);

test('an episode from its opening to its end', () => {
  expect(clear(T0)).toBeNull();
  expect(fire(T0)?.what).toBe('opened');
  expect(fire(T0 + MINUTE)).toBeNull();
  expect(episodes.of(subject)).toEqual(store.standing('reach:nankeng', null, 'rain'));
  expect(fire(T0 + 2 * MINUTE, 'severe')?.what).toBe('risen');
  expect(episodes.list()).toEqual(store.list('active', 9));
  expect(clear(T0 + 3 * MINUTE)?.what).toBe('resolved');
  expect(episodes.of(subject)).toBeUndefined();
  expect(announced()).toEqual(['opened', 'risen', 'resolved']);
  expect(store.announcements(1)).toMatchObject([{ at: T0, arrivedAt: T0 - 1 }]);
});

test('two episodes of one instant have two names', () => {
  fire(T0);
  clear(T0);
  fire(T0);
  clear(T0);
  expect(new Set(store.list('all', 9).map(({ id }) => id)).size).toBe(2);
});

test('one opening too many waits until it has lasted; the clock ends the wait', () => {
  for (const minute of [0, 10]) {
    fire(T0 + minute * MINUTE);
    clear(T0 + (minute + 5) * MINUTE);
  }
  expect(fire(T0 + 20 * MINUTE)).toBeNull();
  expect(store.list('active', 9)).toMatchObject([{ state: 'pending' }]);
  expect(episodes.tick(T0 + 49 * MINUTE)).toEqual([]);
  expect(episodes.tick(T0 + 50 * MINUTE)).toMatchObject([{ what: 'opened', alert: { state: 'active' } }]);
  expect(episodes.tick(T0 + 51 * MINUTE)).toEqual([]);
  expect(announced()).toEqual(['opened', 'resolved', 'opened', 'resolved', 'opened']);
});

test('what is graver than all that was told does not wait', () => {
  for (const minute of [0, 10]) {
    fire(T0 + minute * MINUTE);
    clear(T0 + (minute + 5) * MINUTE);
  }
  expect(fire(T0 + 20 * MINUTE, 'severe')?.what).toBe('opened');
  clear(T0 + 25 * MINUTE);
  expect(fire(T0 + 30 * MINUTE, 'severe')).toBeNull();
});

test('after a transaction that failed, what stands is what was committed', () => {
  expect(() =>
    database.transact(() => {
      fire(T0);
      throw new Error('the power failed');
    }),
  ).toThrow('the power failed');
  episodes.forget();
  expect(episodes.of(subject)).toBeUndefined();
  expect(fire(T0)?.what).toBe('opened');
});

test('what another part wrote is seen after forgetting', () => {
  const { alert } = fire(T0)!;
  store.put(acknowledge(alert, '值班员', '', T0 + MINUTE));
  episodes.forget();
  expect(clear(T0 + 2 * MINUTE)?.alert.history.map(({ to }) => to)).toEqual(['active', 'acknowledged', 'resolved']);
});
