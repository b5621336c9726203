/** Which test mails went out, and which of them did somebody confirm? */
import type { Instant } from '../../domain/time.js';
import type { PathStore, PathTest } from '../../pipeline/alerting/path-proof.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: string;
  code: string;
  sent_at: number;
  recipients: string;
  confirmed_at: number | null;
  confirmed_by: string | null;
}

/** Tests of the path in SQLite, one row each: a row a week, for good. */
export class SqlitePathStore implements PathStore {
  private readonly sql: Record<'began' | 'begin' | 'add' | 'confirm' | 'find' | 'last' | 'withCode' | 'lastConfirmed', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS path_began (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS path_test (
        id TEXT PRIMARY KEY, code TEXT NOT NULL, sent_at INTEGER NOT NULL, recipients TEXT NOT NULL,
        confirmed_at INTEGER, confirmed_by TEXT) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS path_test_by_time ON path_test (sent_at);
    `);
    this.sql = {
      began: database.prepare('SELECT at FROM path_began'),
      begin: database.prepare('INSERT INTO path_began (one, at) VALUES (1, ?)'),
      add: database.prepare('INSERT INTO path_test (id, code, sent_at, recipients) VALUES (?, ?, ?, ?)'),
      confirm: database.prepare('UPDATE path_test SET confirmed_at = ?, confirmed_by = ? WHERE id = ? AND confirmed_at IS NULL'),
      find: database.prepare('SELECT * FROM path_test WHERE id = ?'),
      last: database.prepare('SELECT * FROM path_test ORDER BY sent_at DESC LIMIT 1'),
      withCode: database.prepare('SELECT * FROM path_test WHERE code = ? AND sent_at >= ? ORDER BY sent_at DESC LIMIT 1'),
      lastConfirmed: database.prepare(
        'SELECT * FROM path_test WHERE confirmed_at IS NOT NULL ORDER BY confirmed_at DESC LIMIT 1',
      ),
    };
  }

  began(now: Instant): Instant {
    const row = this.sql.began.get() as { at: number } | undefined;
    if (row !== undefined) return row.at;
    this.sql.begin.run(now);
    return now;
  }

  add({ id, code, sentAt, recipients }: PathTest): void {
    this.sql.add.run(id, code, sentAt, JSON.stringify(recipients));
  }

  confirm(id: string, by: string, at: Instant): void {
    this.sql.confirm.run(at, by, id);
  }

  find(id: string): PathTest | undefined {
    return testOf(this.sql.find.get(id));
  }

  last(): PathTest | undefined {
    return testOf(this.sql.last.get());
  }

  withCode(code: string, since: Instant): PathTest | undefined {
    return testOf(this.sql.withCode.get(code, since));
  }

  lastConfirmed(): PathTest | undefined {
    return testOf(this.sql.lastConfirmed.get());
  }
}

function testOf(found: unknown): PathTest | undefined {
  if (found === undefined) return undefined;
  const row = found as Row;
  return {
    id: row.id,
    code: row.code,
    sentAt: row.sent_at,
    recipients: JSON.parse(row.recipients) as string[],
    confirmedAt: row.confirmed_at,
    confirmedBy: row.confirmed_by,
  };
}
