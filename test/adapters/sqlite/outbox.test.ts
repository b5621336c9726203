/** Does the outbox keep what waits and what was told, also of the layout before it? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteOutbox } from '../../../src/adapters/sqlite/outbox.js';
import type { Notice } from '../../../src/pipeline/alerting/alert-stores.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
let database: Database;
let outbox: SqliteOutbox;
beforeEach(async () => {
  folder = await temporaryFolder();
  database = new Database(join(folder.path, 'state.db'));
  outbox = new SqliteOutbox(database);
});
afterEach(async () => {
  database.close();
  await folder.remove();
});

const notice = (id: string, over: Partial<Notice> = {}): Notice => ({
  id,
  alerts: ['a'],
  recipient: 'village',
  channel: 'mail',
  mail: {
    id,
    to: 'village@example.org',
    subject: '【超限】',
    text: '正文',
    html: '<p>正文</p>',
    messageId: `<${id}@example.org>`,
    inReplyTo: null,
    headers: { 'X-Heqing-Alert': 'a' },
    date: 1000,
    pictures: [{ cid: 'course@heqing', png: 'iVBO' }],
  },
  reason: 'opened',
  state: 'waiting',
  attempts: 0,
  nextAt: 1000,
  createdAt: 1000,
  arrivedAt: 900,
  sentAt: null,
  error: null,
  mergedInto: null,
  isUnsure: false,
  ...over,
});

test('is found as it was put, after a restart too; put twice it is there once', () => {
  outbox.add(notice('1'));
  outbox.add(notice('1', { reason: 'other' }));
  database.close();
  database = new Database(join(folder.path, 'state.db'));
  outbox = new SqliteOutbox(database);
  expect(outbox.list(9)).toEqual([notice('1')]);
  expect(outbox.find('1')).toEqual(notice('1'));
  expect(outbox.find('2')).toBeUndefined();
});

test('who waits although the time has come: everybody once, with the oldest and its answer', () => {
  outbox.add(notice('1', { createdAt: 1, nextAt: 90, attempts: 1, error: '452 full' }));
  outbox.add(notice('2', { createdAt: 2, nextAt: 2, error: 'newer' }));
  outbox.add(notice('3', { createdAt: 3, nextAt: 3, recipient: 'office' }));
  outbox.add(notice('4', { createdAt: 0, nextAt: 90, recipient: 'later' }));
  outbox.add(notice('5', { createdAt: 0, nextAt: 0, recipient: 'told', state: 'sent' }));
  expect(outbox.stalled(10)).toEqual([
    { recipient: 'village', channel: 'mail', since: 1, error: '452 full' },
    { recipient: 'office', channel: 'mail', since: 3, error: null },
  ]);
});

test('due: newest first, of the channels that are open, nothing that a digest tells in its place', () => {
  outbox.add(notice('1', { createdAt: 1, nextAt: 1 }));
  outbox.add(notice('2', { createdAt: 2, nextAt: 50 }));
  outbox.add(notice('3', { createdAt: 3, nextAt: 3 }));
  outbox.add(notice('4', { createdAt: 4, nextAt: 4, channel: 'hook' }));
  outbox.add(notice('5', { createdAt: 5, nextAt: 5, mergedInto: '3' }));
  const ids = (notices: readonly Notice[]): string[] => notices.map(({ id }) => id);
  expect(ids(outbox.due(10, 9))).toEqual(['4', '3', '1']);
  expect(ids(outbox.due(10, 9, ['hook']))).toEqual(['3', '1']);
  expect(ids(outbox.due(10, 1))).toEqual(['4']);
  expect(outbox.nextAt()).toBe(1);
  expect(ids(outbox.waiting({ recipient: 'village', channel: 'mail' }))).toEqual(['1', '2', '3']);
  expect(ids(outbox.waiting({ recipient: null, channel: 'hook' }))).toEqual(['4']);
  expect(ids(outbox.merged('3'))).toEqual(['5']);
  outbox.update(notice('1', { state: 'sent', sentAt: 60, attempts: 2 }));
  expect(outbox.counts()).toEqual({ waiting: 4, sent: 1, failed: 0 });
  expect(outbox.lastSentAt()).toBe(60);
  outbox.retryAll();
  expect(ids(outbox.due(0, 9))).toEqual(['4', '3', '2']);
});

test('about an alert, oldest first; when a person was last told of one', () => {
  outbox.add(notice('2', { createdAt: 20, alerts: ['a', 'b'] }));
  outbox.add(notice('1', { createdAt: 10 }));
  outbox.add(notice('3', { createdAt: 30, alerts: [] }));
  expect(outbox.about('a').map(({ id }) => id)).toEqual(['1', '2']);
  expect(outbox.about('b').map(({ id }) => id)).toEqual(['2']);
  outbox.add(notice('4', { createdAt: 40, channel: 'hook' }));
  expect(outbox.lastTold({ recipient: 'village', channel: 'mail' })).toBe(20);
  expect(outbox.lastTold({ recipient: 'nobody', channel: 'mail' })).toBeNull();
  expect(outbox.lastTold({ recipient: null, channel: 'hook' })).toBe(40);
  expect(outbox.lastTold({ recipient: null, channel: 'other' })).toBeNull();
});

test('who is refused for good: since the first refusal after the last mail that was accepted', () => {
  outbox.add(notice('1', { createdAt: 1, state: 'failed', error: '550 a' }));
  outbox.add(notice('2', { createdAt: 2, state: 'sent' }));
  outbox.add(notice('3', { createdAt: 3, state: 'failed', error: '550 b' }));
  outbox.add(notice('4', { createdAt: 4, state: 'failed', error: '550 c' }));
  outbox.add(notice('5', { createdAt: 5, state: 'failed', error: '404', channel: 'hook', recipient: 'duty' }));
  const hook = { recipient: null, channel: 'hook', since: 5, error: '404', address: null };
  expect(outbox.bounced()).toEqual([
    { recipient: 'village', channel: 'mail', since: 3, error: '550 c', address: 'village@example.org' },
    hook,
  ]);
  outbox.add(notice('6', { createdAt: 6, state: 'sent' }));
  expect(outbox.bounced()).toEqual([hook]);
  outbox.add(notice('7', { createdAt: 7, state: 'sent', channel: 'hook' }));
  expect(outbox.bounced()).toEqual([]);
});

test('eight times as many refusals take eight times as long to sum up, not sixty-four', () => {
  const quickest = (): number => {
    const runs = Array.from({ length: 7 }, () => {
      const began = performance.now();
      expect(outbox.bounced()).toHaveLength(1);
      return performance.now() - began;
    });
    return Math.min(...runs);
  };
  const refuse = (from: number, to: number): void =>
    database.transact(() => {
      for (let i = from; i < to; i++) outbox.add(notice(`r${i}`, { createdAt: i, state: 'failed', error: '550' }));
    });
  outbox.add(notice('taken', { createdAt: 0, state: 'sent' }));
  refuse(1, 500);
  const few = quickest();
  refuse(500, 4000);
  expect(quickest() / few).toBeLessThan(24);
});

test('takes over notices that each told of one alert, by mail and without pictures', () => {
  database.sqlite.exec('DROP TABLE notice; DROP TABLE notice_alert');
  database.sqlite.exec(`
    CREATE TABLE notice (
      id TEXT PRIMARY KEY, alert TEXT NOT NULL, recipient TEXT NOT NULL, mail TEXT NOT NULL, reason TEXT NOT NULL,
      state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
      arrived_at INTEGER NOT NULL, sent_at INTEGER, error TEXT) STRICT;
    CREATE INDEX notice_waiting ON notice (next_at, created_at) WHERE state = 'waiting';`);
  const { pictures: _, ...mail } = notice('1').mail;
  database
    .prepare('INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run('1', 'a', 'village', JSON.stringify(mail), 'opened', 'waiting', 0, 1000, 1000, 900, null, null);
  outbox = new SqliteOutbox(database);
  expect(outbox.list(9)).toEqual([notice('1', { mail: { ...mail, pictures: [] } })]);
  expect(outbox.about('a')).toHaveLength(1);
  expect(new SqliteOutbox(database).list(9)).toHaveLength(1);
});

test('takes over what waited for a mail when channels were written with it', () => {
  database.sqlite.exec(`
    DROP TABLE pending;
    CREATE TABLE pending (
      id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, why TEXT NOT NULL, change TEXT NOT NULL,
      due_at INTEGER NOT NULL, created_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL) STRICT;
    INSERT INTO pending VALUES (1, 'village', 'opened', '{}', 3, 2, 1);`);
  expect(new SqliteOutbox(database).pending()).toMatchObject([{ id: 1, recipient: 'village', channel: 'mail', dueAt: 3 }]);
  expect(new SqliteOutbox(database).pending()).toHaveLength(1);
});
