/** Are arrivals counted for good, and refused payloads kept within their quota? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteLedger } from '../../../src/adapters/sqlite/ledger.js';
import { DAY } from '../../../src/domain/time.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at } from '../../support/wupi.js';

let folder: TemporaryFolder;
let database: Database;
let ledger: SqliteLedger;
const open = (): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  ledger = new SqliteLedger(database, 10_000);
};
beforeEach(async () => {
  folder = await temporaryFolder('ledger');
  open();
});
afterEach(async () => {
  database.close();
  await folder.remove();
});
const bytes = (n: number, fill = 120): Uint8Array => new Uint8Array(n).fill(fill);
const refuse = (n: number, topic = 'heqing/x/readings'): void =>
  ledger.refuse({
    received: at('2026-11-23'),
    topic,
    station: null,
    reason: 'not-json',
    detail: 'd',
    values: 1,
    payload: bytes(n),
    message: null,
  });
const zero = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };

test('counts add up by day and station, over all days, and take away', () => {
  expect(ledger.totals()).toEqual(zero);
  ledger.count('2026-11-22', 'a', { received: 5, pending: 5 });
  ledger.count('2026-11-22', 'a', { pending: -5, stored: 3, duplicate: 1, corrected: 1 });
  ledger.count('2026-11-22', null, { received: 1, rejected: 1 });
  ledger.count('2026-11-23', 'a', { received: 2, pending: 2 });
  expect(ledger.counts('2026-11-22')).toEqual(
    new Map([
      ['', { ...zero, received: 1, rejected: 1 }],
      ['a', { ...zero, received: 5, stored: 3, duplicate: 1, corrected: 1 }],
    ]),
  );
  expect(ledger.counts('2026-11-24')).toEqual(new Map());
  database.close();
  open();
  expect(ledger.totals()).toEqual({ received: 8, stored: 3, duplicate: 1, corrected: 1, rejected: 1, pending: 2 });
});

test('a refused payload comes back byte for byte, newest first', () => {
  const payload = Uint8Array.from([0, 255, 10, 0, 128]);
  ledger.refuse({
    received: 1,
    topic: 'heqing/甲/readings',
    station: 'a',
    reason: 'bad-time',
    detail: '时间',
    values: 7,
    payload,
    message: null,
  });
  refuse(3);
  const [newest, first] = ledger.rejections(9);
  expect(newest?.payload).toHaveLength(3);
  expect({ ...first, payload: [...first!.payload] }).toMatchObject({
    received: 1,
    topic: 'heqing/甲/readings',
    station: 'a',
    reason: 'bad-time',
    detail: '时间',
    values: 7,
    payload: [...payload],
  });
  expect(ledger.rejections(1)).toHaveLength(1);
});

test('refusals of one message are known as one, by reason and by arrival, and leave together', () => {
  const message = { received: at('2026-11-22'), accepted: ['ph sensor 7'] };
  const one = { received: at('2026-11-23'), topic: 't', station: 'a', detail: 'd', payload: bytes(3) };
  ledger.refuse({ ...one, reason: 'bad-mark', values: 2, message });
  ledger.refuse({ ...one, reason: 'bad-time', values: 1, message });
  ledger.refuse({ ...one, reason: 'bad-time', values: 1, message: { ...message, received: at('2026-11-23') } });
  refuse(3);
  const all = ledger.refusals({}, 0, 9);
  expect(all.map((r) => r.messageId)).toEqual([1, 1, 3, null]);
  expect(all[1]).toMatchObject({ reason: 'bad-time', message });
  expect(ledger.refusals({}, 2, 1).map((r) => r.id)).toEqual([3]);
  expect(ledger.refusals({ reason: 'bad-time' }, 0, 9).map((r) => r.id)).toEqual([2, 3]);
  expect(ledger.refusals({ since: at('2026-11-23') }, 0, 9).map((r) => r.id)).toEqual([3, 4]);
  ledger.refuse({ ...one, station: 'b', reason: 'bad-time', values: 1, message: null });
  expect(ledger.refusals({ station: 'b' }, 0, 9).map((r) => r.id)).toEqual([5]);
  expect(ledger.refusals({ station: 'a', reason: 'bad-time' }, 0, 9).map((r) => r.id)).toEqual([2, 3]);
  ledger.withdraw([5]);
  ledger.withdraw(ledger.refusalsOf(1).map((r) => r.id));
  expect(ledger.refusals({}, 0, 9).map((r) => r.id)).toEqual([3, 4]);
});

test('a state file of before is taken on: its refusals are shown and name no message', () => {
  database.sqlite.exec(`DROP TABLE rejection;
    CREATE TABLE rejection (
      id INTEGER PRIMARY KEY, received INTEGER NOT NULL, topic TEXT NOT NULL, station TEXT, reason TEXT NOT NULL,
      detail TEXT NOT NULL, n INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
    INSERT INTO rejection VALUES (7, 1, 't', NULL, 'empty', 'd', 1, x'7b')`);
  database.close();
  open();
  expect(ledger.rejections(9)).toMatchObject([{ id: 7, reason: 'empty', message: null, messageId: null }]);
  refuse(3);
  expect(ledger.rejections(9)).toHaveLength(2);
});

test('beyond the quota the oldest go, and how many is counted', () => {
  for (let i = 0; i < 20; i++) refuse(800, `heqing/${i}/readings`);
  ledger.prune(at('2026-11-23'));
  // Ten of 800 bytes and some of their own fit into 10,000.
  expect(ledger.rejections(99).map((r) => r.topic)).toEqual(
    [19, 18, 17, 16, 15, 14, 13, 12, 11, 10].map((i) => `heqing/${i}/readings`),
  );
  const overflow = (): unknown => database.prepare('SELECT payloads FROM rejection_overflow').get();
  expect(overflow()).toEqual({ payloads: 10 });
  refuse(800);
  ledger.prune(at('2026-11-23'));
  expect(overflow()).toEqual({ payloads: 11 });
  ledger.prune(at('2026-11-23'));
  expect(overflow()).toEqual({ payloads: 11 });
});

test('the first arrival of a numbered message: by station, number and content, for a week', () => {
  const first = at('2026-11-23 08:00');
  expect(ledger.firstArrival('a', 7, bytes(3), first)).toBe(first);
  expect(ledger.firstArrival('a', 7, bytes(3), first + 5)).toBe(first);
  expect(ledger.firstArrival('a', 8, bytes(3), first + 5)).toBe(first + 5);
  expect(ledger.firstArrival('b', 7, bytes(3), first + 6)).toBe(first + 6);
  expect(ledger.firstArrival('a', 7, bytes(3, 121), first + 7)).toBe(first + 7);
  ledger.prune(first + 7 * DAY);
  expect(ledger.firstArrival('a', 7, bytes(3), first + 9)).toBe(first);
  ledger.prune(first + 7 * DAY + 1);
  expect(ledger.firstArrival('a', 7, bytes(3), first + 9 * DAY)).toBe(first + 9 * DAY);
});
