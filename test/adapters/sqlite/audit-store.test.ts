/** Does the audit trail keep every act in order, refuse to change, and show it when somebody changed it all the same? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteLedger } from '../../../src/adapters/sqlite/ledger.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { AuditEvent } from '../../../src/domain/audit.js';

const event = (what: string, station: string | null = 's1'): AuditEvent => ({
  at: 1_795_000_000_000,
  who: 'officer',
  action: 'maintenance-added',
  what,
  station,
  before: null,
  after: { from: 1, to: null },
  reason: '更换试剂',
});

const at = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);

let database: Database;
let audit: SqliteAudit;

beforeEach(() => {
  database = new Database(':memory:');
  audit = new SqliteAudit(database);
});

afterEach(() => database.close());

/** Three entries, and then somebody with the file in hand who drops the triggers and runs `sql`. */
function forge(sql: string): void {
  for (const what of ['maintenance/1', 'maintenance/2', 'maintenance/3']) audit.record(event(what));
  database.sqlite.exec(`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; ${sql}`);
}

test('entries are numbered without gaps, chained, and told newest first', () => {
  const [first, second] = [audit.record(event('maintenance/1')), audit.record(event('decision/1', null))];
  expect(first).toMatchObject({ ...event('maintenance/1'), id: 1, previous: '0'.repeat(64) });
  expect(second).toMatchObject({ id: 2, previous: first.hash, station: null });
  expect(audit.list({}, 10)).toEqual([second, first]);
  expect(audit.list({ station: 's1' }, 10)).toEqual([first]);
  expect(audit.list({ what: 'decision/1' }, 10)).toEqual([second]);
  expect(audit.list({ before: 2 }, 10)).toEqual([first]);
  expect(audit.list({}, 1)).toEqual([second]);
  expect(audit.verify()).toEqual({ entries: 2, head: second.hash, broken: null });
});

test('nothing forgets an entry: not after 180 days, not after ten years, and no housekeeping of the state beside it', () => {
  const old = audit.record({ ...event('maintenance/1'), at: at('2016-11-23') });
  const ledger = new SqliteLedger(database, 1);
  const log = new SqliteReadingLog(database);
  ledger.prune(at('2026-11-23'));
  new SqliteWorkingSet(database, true).prune(at('2026-11-23'));
  log.prune();
  expect(audit.list({}, 10)).toEqual([old]);
  expect(() => database.sqlite.exec('DELETE FROM audit')).toThrow('forgets nothing');
  expect(() => database.sqlite.exec('UPDATE audit SET at = 0')).toThrow('not changed');
  expect(audit.list({ from: at('2016-11-22'), to: at('2016-11-24') }, 10)).toEqual([old]);
});

test('an entry is kept only with the act it tells of', () => {
  audit.record(event('maintenance/1'));
  expect(() =>
    database.transact(() => {
      audit.record(event('maintenance/2'));
      throw new Error('the act failed');
    }),
  ).toThrow('the act failed');
  expect(audit.record(event('maintenance/3'))).toMatchObject({ id: 2 });
  expect(audit.verify()).toMatchObject({ entries: 2, broken: null });
});

describe('what was written stays', () => {
  test.each([
    ["UPDATE audit SET reason = 'another'", 'is not changed'],
    ['DELETE FROM audit', 'forgets nothing'],
  ])('%s is refused', (sql, why) => {
    audit.record(event('maintenance/1'));
    expect(() => database.sqlite.exec(sql)).toThrow(why);
  });

  test.each([
    ['a reason is changed', "UPDATE audit SET reason = 'another' WHERE id = 2", 2],
    ['an entry is taken out', 'DELETE FROM audit WHERE id = 2', 2],
    ['an entry is put in another place', 'UPDATE audit SET id = id + 10 WHERE id = 3', 3],
    ['an entry and its own hash are changed', "UPDATE audit SET who = 'admin', hash = 'f' WHERE id = 1", 1],
    ['a value says more than it did', `UPDATE audit SET after = '{"from":1,"to":2}' WHERE id = 3`, 3],
  ])('%s: found', (_, sql, broken) => {
    forge(sql);
    expect(audit.verify()).toMatchObject({ broken, entries: broken - 1 });
  });

  test('nothing changed, nothing found', () => {
    forge('SELECT 1');
    expect(audit.verify()).toMatchObject({ broken: null, entries: 3 });
  });
});
