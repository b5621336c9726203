/** In which tables do verdicts lie, and how do those of an older version get there? */
import { windowAt, type WindowKind } from '../../domain/time.js';
import type { Print } from '../../pipeline/judging/verdict-stores.js';
import type { Database } from './database.js';
import { TELLS_SET_ASIDE } from './verdict-queries.js';

/**
 * Makes the tables of verdicts. `edition` is the number of this print's edition; `stale`: there may be texts of another one.
 *
 * `text` stands before `findings` in its row, so that printing does not page through the evidence. `verdict_count` sums
 * up by month; another calendar sums up anew.
 */
export function createVerdictTables(database: Database, print: Print): { edition: number; stale: boolean } {
  const columns = database.sqlite.prepare(`SELECT name FROM pragma_table_info('verdict')`).all() as { name: string }[];
  const old = columns.length > 0 && !columns.some(({ name }) => name === 'text');
  return database.transact(() => {
    if (old) database.sqlite.exec('DROP INDEX verdict_tally; ALTER TABLE verdict RENAME TO verdict_1');
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS verdict (
        kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, verdict TEXT NOT NULL,
        class TEXT, reason TEXT, excuse TEXT, computed INTEGER NOT NULL, edition INTEGER NOT NULL, text TEXT NOT NULL,
        findings TEXT NOT NULL, PRIMARY KEY (kind, station, start)) STRICT;
      CREATE INDEX IF NOT EXISTS verdict_tally ON verdict (kind, station, start, verdict, class, excuse);
      CREATE INDEX IF NOT EXISTS verdict_set_aside ON verdict (kind, station, start)
        WHERE ${TELLS_SET_ASIDE};
      CREATE INDEX IF NOT EXISTS verdict_notable ON verdict (kind, start, station, verdict) WHERE verdict <> 'met';
      CREATE TABLE IF NOT EXISTS verdict_count (
        kind TEXT NOT NULL, station TEXT NOT NULL, month INTEGER NOT NULL, state TEXT NOT NULL, class TEXT NOT NULL,
        n INTEGER NOT NULL, PRIMARY KEY (kind, station, month, state, class)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS verdict_edition (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE IF NOT EXISTS verdict_limit (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS verdict_change (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        at INTEGER NOT NULL, reason TEXT NOT NULL, standings TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS verdict_change_window ON verdict_change (kind, station, start);
      CREATE TABLE IF NOT EXISTS due (
        rank INTEGER NOT NULL, kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL, late INTEGER NOT NULL,
        corrected INTEGER NOT NULL, amended INTEGER NOT NULL, why TEXT, PRIMARY KEY (rank, start, station, kind)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS closed (
        kind TEXT NOT NULL, station TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
        PRIMARY KEY (kind, station)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS dependence (station TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS verdict_calendar (offset_minutes INTEGER NOT NULL) STRICT;
    `);
    if (old) {
      database.sqlite.exec(`
        ALTER TABLE due ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE due ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE due ADD COLUMN amended INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE due ADD COLUMN why TEXT;
        INSERT INTO verdict SELECT kind, station, start, "end", verdict, class, reason, NULL, computed, 0, '', findings FROM verdict_1;
        DROP TABLE verdict_1`);
    }
    sumUp(database, print);
    const known = database.prepare('SELECT id FROM verdict_edition WHERE text = ?').get(print.edition) as
      { id: number } | undefined;
    const edition =
      known?.id ?? Number(database.prepare('INSERT INTO verdict_edition (text) VALUES (?)').run(print.edition).lastInsertRowid);
    const { n } = database.prepare('SELECT count(*) AS n FROM verdict_edition').get() as { n: number };
    return { edition, stale: old || n > 1 };
  });
}

/** Counts the verdicts by month of the calendar, unless they are. */
function sumUp(database: Database, { calendar }: Print): void {
  const kept = database.prepare('SELECT offset_minutes AS offset FROM verdict_calendar').get() as { offset: number } | undefined;
  if (kept?.offset === calendar.offsetMinutes) return;
  database.sqlite.exec('DELETE FROM verdict_count; DELETE FROM verdict_calendar');
  database.prepare('INSERT INTO verdict_calendar VALUES (?)').run(calendar.offsetMinutes);
  const add = database.prepare(`INSERT INTO verdict_count (kind, station, month, state, class, n) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT DO UPDATE SET n = n + 1`);
  const rows: unknown = database
    .prepare(
      `SELECT kind, station, start, CASE WHEN excuse IS NULL THEN verdict ELSE 'excused' END AS state, coalesce(class, '') AS class
        FROM verdict`,
    )
    .all();
  for (const row of rows as { kind: WindowKind; station: string; start: number; state: string; class: string }[]) {
    add.run(row.kind, row.station, windowAt('month', row.start, calendar).start, row.state, row.class);
  }
}
