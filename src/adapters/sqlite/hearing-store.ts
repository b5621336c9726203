/** When could the service hear, and what must speak since when? */
import type { Instant, Span } from '../../domain/time.js';
import type { Expected, HearingStore } from '../../pipeline/alerting/hearing-time.js';
import type { Database, Statement } from './database.js';

/** Hearing times in SQLite: one row of now, one for each deaf span, one for each expected series. */
export class SqliteHearingStore implements HearingStore {
  private readonly sql: Record<
    'state' | 'putState' | 'addDeaf' | 'deaf' | 'forgetDeaf' | 'expected' | 'expect' | 'expectNoMore',
    Statement
  >;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS hearing (
        one INTEGER PRIMARY KEY CHECK (one = 1), alive_at INTEGER NOT NULL, deaf_since INTEGER) STRICT;
      CREATE TABLE IF NOT EXISTS deaf (
        "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, PRIMARY KEY ("from", "to")) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS expected (
        station TEXT NOT NULL, parameter TEXT NOT NULL, "from" INTEGER NOT NULL,
        PRIMARY KEY (station, parameter)) STRICT, WITHOUT ROWID;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      state: p('SELECT alive_at AS aliveAt, deaf_since AS deafSince FROM hearing'),
      putState: p('REPLACE INTO hearing (one, alive_at, deaf_since) VALUES (1, ?, ?)'),
      addDeaf: p('REPLACE INTO deaf ("from", "to") VALUES (?, ?)'),
      deaf: p('SELECT "from", "to" FROM deaf ORDER BY "from"'),
      forgetDeaf: p('DELETE FROM deaf WHERE "to" < ?'),
      expected: p('SELECT station, parameter, "from" FROM expected'),
      expect: p('INSERT OR IGNORE INTO expected (station, parameter, "from") VALUES (?, ?, ?)'),
      expectNoMore: p('DELETE FROM expected WHERE station = ? AND parameter = ?'),
    };
  }

  state(): { aliveAt: Instant; deafSince: Instant | null } | null {
    return (this.sql.state.get() as { aliveAt: Instant; deafSince: Instant | null } | undefined) ?? null;
  }

  putState(aliveAt: Instant, deafSince: Instant | null): void {
    this.sql.putState.run(aliveAt, deafSince);
  }

  addDeaf({ from, to }: Span): void {
    this.sql.addDeaf.run(from, to);
  }

  deaf(): Span[] {
    const rows: unknown = this.sql.deaf.all();
    return rows as Span[];
  }

  forgetDeaf(before: Instant): void {
    this.sql.forgetDeaf.run(before);
  }

  expected(): Expected[] {
    const rows = this.sql.expected.all() as unknown as { station: string; parameter: string; from: Instant }[];
    return rows.map((row) => ({ ...row, parameter: row.parameter === '' ? null : row.parameter }));
  }

  expect({ station, parameter, from }: Expected): void {
    this.sql.expect.run(station, parameter ?? '', from);
  }

  expectNoMore(station: string, parameter: string | null): void {
    this.sql.expectNoMore.run(station, parameter ?? '');
  }
}
