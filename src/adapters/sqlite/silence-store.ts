/** Where is it kept what shall be silent, and until when? */
import type { Instant } from '../../domain/time.js';
import type { Silence, SilenceStore } from '../../pipeline/alerting/alert-stores.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  subject: string | null;
  station: string | null;
  parameter: string | null;
  rule: string | null;
  from_at: number;
  to_at: number;
  by: string;
  reason: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** Silences in SQLite. One that was ended stays, with who ended it. */
export class SqliteSilenceStore implements SilenceStore {
  private readonly sql: Record<'add' | 'find' | 'end' | 'all' | 'holding', Statement>;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS silence (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT, parameter TEXT, rule TEXT, from_at INTEGER NOT NULL,
        to_at INTEGER NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL, ended_at INTEGER, ended_by TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS silence_to ON silence (to_at);
    `);
    const columns = database.sqlite.prepare('PRAGMA table_info(silence)').all() as unknown as { name: string }[];
    if (!columns.some(({ name }) => name === 'subject')) database.sqlite.exec('ALTER TABLE silence ADD COLUMN subject TEXT');
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      add: p(
        'INSERT INTO silence (subject, station, parameter, rule, from_at, to_at, by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      find: p('SELECT * FROM silence WHERE id = ?'),
      end: p('UPDATE silence SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL AND to_at > ?'),
      all: p('SELECT * FROM silence ORDER BY id DESC'),
      holding: p('SELECT * FROM silence WHERE from_at <= ? AND to_at > ? AND ended_at IS NULL ORDER BY id DESC'),
    };
  }

  add(silence: Omit<Silence, 'id' | 'endedAt' | 'endedBy'>): Silence {
    const { subject, station, parameter, rule, from, to, by, reason } = silence;
    const { lastInsertRowid } = this.database.transact(() =>
      this.sql.add.run(subject, station, parameter, rule, from, to, by, reason),
    );
    return { ...silence, id: String(lastInsertRowid), endedAt: null, endedBy: null };
  }

  find(id: string): Silence | undefined {
    const row = /^[1-9]\d{0,14}$/.test(id) ? (this.sql.find.get(Number(id)) as Row | undefined) : undefined;
    return row && silenceOf(row);
  }

  end(id: string, by: string, at: Instant): boolean {
    if (this.find(id) === undefined) return false;
    return this.database.transact(() => this.sql.end.run(at, by, Number(id), at).changes === 1);
  }

  list(now: Instant | null): Silence[] {
    const rows = now === null ? this.sql.all.all() : this.sql.holding.all(now, now);
    return (rows as unknown as Row[]).map(silenceOf);
  }
}

const silenceOf = ({ id, from_at, to_at, ended_at, ended_by, ...row }: Row): Silence => ({
  ...row,
  id: String(id),
  from: from_at,
  to: to_at,
  endedAt: ended_at,
  endedBy: ended_by,
});
