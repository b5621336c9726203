/** Are bulletins kept for good, their files until too many are there, and leases for one owner at a time? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteBulletinStore } from '../../../src/adapters/sqlite/bulletin-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteLeaseStore } from '../../../src/adapters/sqlite/lease-store.js';
import { dayBulletin } from '../../../src/domain/bulletins/day.js';
import { dayFacts } from '../../support/bulletin-facts.js';

let database: Database;
beforeEach(() => {
  database = new Database(':memory:');
});
afterEach(() => database.close());

const head = (bytes: number) => ({ bytes, hash: 'f'.repeat(64) });
const made = (period: string, occasion: string | null = null) => ({
  ...{ occasion, bulletin: dayBulletin(dayFacts({ period })), by: 'officer', at: 1, to: ['town-office'], templateTrouble: null },
  files: { docx: head(100), xlsx: head(100) },
});
const files = { docx: new Uint8Array(100).fill(1), xlsx: new Uint8Array(100).fill(2) };

test('kept as it was made, issues counted within kind and period, newest first', () => {
  const store = new SqliteBulletinStore(database);
  const first = store.add(made('2026-11-22', 'day 2026-11-22'), files);
  expect(store.add(made('2026-11-21'), files).issue).toBe(1);
  expect(store.add(made('2026-11-22'), files).issue).toBe(2);
  expect(store.find(first.id)).toEqual(first);
  expect(store.list({ period: '2026-11-22' }, 9).map(({ issue }) => issue)).toEqual([2, 1]);
  expect(store.list({ kind: 'week' }, 9)).toEqual([]);
  expect(store.list({}, 2)).toHaveLength(2);
  expect([store.met('day 2026-11-22'), store.met('day 2026-11-21')]).toEqual([true, false]);
  expect(() => store.add(made('2026-11-22', 'day 2026-11-22'), files)).toThrow(/UNIQUE/);
  expect(store.find('x')).toBeUndefined();
});

test('of too many files the oldest go, never the newest; what they said stays', () => {
  const store = new SqliteBulletinStore(database, 450);
  const ids = ['2026-11-20', '2026-11-21', '2026-11-22'].map((period) => store.add(made(period), files).id);
  expect(ids.map((id) => store.file(id, 'docx')?.length)).toEqual([undefined, 100, 100]);
  expect(store.find(ids[0]!)?.bulletin.period).toBe('2026-11-20');
  const small = new SqliteBulletinStore(database, 10);
  const last = small.add(made('2026-11-23'), files);
  expect([...small.file(last.id, 'xlsx')!]).toEqual([...files.xlsx]);
});

test('a lease is one owner’s until it ends or is let go', () => {
  const leases = new SqliteLeaseStore(database);
  expect(leases.take('a', 'one', 0, 100)).toBe(true);
  expect(leases.take('a', 'two', 99, 100)).toBe(false);
  expect(leases.take('a', 'one', 50, 100)).toBe(true);
  expect(leases.take('b', 'two', 50, 100)).toBe(true);
  leases.release('a', 'two');
  expect(leases.take('a', 'two', 149, 100)).toBe(false);
  expect(leases.take('a', 'two', 150, 100)).toBe(true);
  leases.release('a', 'two');
  expect(leases.take('a', 'one', 151, 100)).toBe(true);
});
