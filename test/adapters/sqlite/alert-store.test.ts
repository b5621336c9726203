/** Are alerts, the memory of the rules and the outbox kept as they were? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { QUIET } from '../../../src/domain/alerting/transition.js';
import { HOUR } from '../../../src/domain/time.js';
import type { Notice } from '../../../src/pipeline/stores.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at } from '../../support/wupi.js';

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
const T0 = at('2026-11-23 08:00');
const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'a1',
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
  limitText: '≤ 1.0',
  limit: 1,
  reason: '单次测值 1.37 超出限值 ≤ 1.0',
  history: [{ at: T0, from: null, to: 'active', reason: 'r', by: null, note: null }],
  ...over,
});
const notice = (id: string, over: Partial<Notice> = {}): Notice => ({
  id,
  alert: 'a1',
  recipient: 'bureau',
  mail: {
    id,
    to: 'bureau@example.org',
    subject: 's',
    text: 't',
    html: 'h',
    messageId: `<${id}@example.org>`,
    inReplyTo: null,
    headers: { 'X-Heqing-Alert': 'a1' },
    date: T0,
  },
  reason: 'opened',
  state: 'waiting',
  attempts: 0,
  nextAt: T0,
  createdAt: T0,
  arrivedAt: T0 - 1,
  sentAt: null,
  error: null,
  ...over,
});

describe('alerts', () => {
  test('come back whole, with a range as their limit too', () => {
    const range = alert({ limit: [6, 9], limitText: '6–9', acknowledgedBy: '镇环保办' });
    store.put(range);
    restart();
    expect(store.find('a1')).toEqual(range);
    expect(store.find('none')).toBeUndefined();
  });

  test('active is whatever is neither resolved nor closed, newest first', () => {
    (['pending', 'active', 'acknowledged', 'resolved', 'closed'] as const).forEach((state, i) =>
      store.put(alert({ id: state, state, parameter: `p${i}`, openedAt: T0 + i, severity: i === 0 ? 'warning' : 'over' })),
    );
    expect(store.list('active', 9).map((a) => a.id)).toEqual(['acknowledged', 'active', 'pending']);
    expect(store.list('all', 9).map((a) => a.id)).toEqual(['closed', 'resolved', 'acknowledged', 'active', 'pending']);
    expect(store.list('all', 2)).toHaveLength(2);
    expect(store.activeCounts()).toEqual({ warning: 1, over: 2, severe: 0 });
  });

  test('the file itself refuses a second standing alert of a series and rule', () => {
    store.put(alert());
    expect(() => store.put(alert({ id: 'a2', openedAt: T0 + 1 }))).toThrow(/UNIQUE/);
    store.put(alert({ state: 'resolved' }));
    store.put(alert({ id: 'a2', openedAt: T0 + 1 }));
    expect(store.list('active', 9).map((a) => a.id)).toEqual(['a2']);
  });

  test('when the rule last opened here before', () => {
    store.put(alert({ state: 'resolved' }));
    store.put(alert({ id: 'b', parameter: 'tp', openedAt: T0 + HOUR }));
    expect(store.previous('nankeng-out', 'nh3n', 'limit', T0 + 2 * HOUR)).toBe(T0);
    expect(store.previous('nankeng-out', 'nh3n', 'limit', T0)).toBeNull();
  });
});

test('the memory of a rule, with and without an alert that stands', () => {
  expect(store.state('nankeng-out', 'nh3n', 'limit')).toBeUndefined();
  store.put(alert());
  store.putState('nankeng-out', 'nh3n', 'limit', { newest: T0, over: 2, inside: 1, alert: alert() });
  store.putState('nankeng-out', 'tp', 'limit', QUIET);
  restart();
  expect(store.state('nankeng-out', 'nh3n', 'limit')).toEqual({ newest: T0, over: 2, inside: 1, alert: alert() });
  const quiet = store.state('nankeng-out', 'tp', 'limit')!;
  expect(quiet).toMatchObject({ over: 0, inside: 0, alert: null });
  expect(quiet.newest).toBeLessThan(0);
});

describe('the outbox', () => {
  test('keeps a mail byte for byte; adding it again changes nothing', () => {
    store.addNotice(notice('n1'));
    store.updateNotice(notice('n1', { state: 'sent', attempts: 1, sentAt: T0 + 1 }));
    store.addNotice(notice('n1'));
    restart();
    expect(store.findNotice('n1')).toEqual(notice('n1', { state: 'sent', attempts: 1, sentAt: T0 + 1 }));
    expect(store.findNotice('none')).toBeUndefined();
  });

  test('what is due: waiting, its time come, oldest first', () => {
    store.addNotice(notice('late', { createdAt: T0 + 2 }));
    store.addNotice(notice('early'));
    store.addNotice(notice('later', { nextAt: T0 + HOUR }));
    store.addNotice(notice('gone', { state: 'failed', error: '550' }));
    expect(store.dueNotices(T0, 9).map((n) => n.id)).toEqual(['early', 'late']);
    expect(store.dueNotices(T0, 1)).toHaveLength(1);
    expect(store.dueNotices(T0 - 1, 9)).toEqual([]);
    expect(store.nextNoticeAt()).toBe(T0);
    expect(store.noticeCounts()).toEqual({ waiting: 3, sent: 0, failed: 1 });
    expect(store.lastSentAt()).toBeNull();
    expect(store.notices(9).map((n) => n.id)[0]).toBe('late');
  });

  test('after a restart everything that waits may be tried at once', () => {
    store.addNotice(notice('later', { nextAt: T0 + HOUR }));
    store.addNotice(notice('gone', { state: 'failed' }));
    store.retryAll();
    expect(store.dueNotices(T0, 9).map((n) => n.id)).toEqual(['later']);
  });

  test('an empty one waits for nothing', () => expect(store.nextNoticeAt()).toBeNull());
});
