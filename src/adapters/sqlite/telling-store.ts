/** Where is it kept who was told of an alert? */
import type { Telling, TellingStore } from '../../pipeline/alerting/telling.js';
import type { Database, Statement } from './database.js';

/** One row an episode, in SQLite. An ended one stays: mails that are still to be written find their thread in it. */
export class SqliteTellingStore implements TellingStore {
  private readonly sql: Record<'find' | 'put' | 'open' | 'end', Statement>;

  constructor(readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS telling (
        id INTEGER PRIMARY KEY AUTOINCREMENT, alert TEXT NOT NULL UNIQUE, telling TEXT NOT NULL, is_open INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS telling_open ON telling (id) WHERE is_open = 1;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      find: p('SELECT telling FROM telling WHERE alert = ?'),
      put: p(`INSERT INTO telling (alert, telling, is_open) VALUES (?, ?, 1)
        ON CONFLICT (alert) DO UPDATE SET telling = excluded.telling`),
      open: p('SELECT telling FROM telling WHERE is_open = 1 ORDER BY id'),
      end: p('UPDATE telling SET is_open = 0 WHERE alert = ?'),
    };
  }

  find(alert: string): Telling | undefined {
    const row = this.sql.find.get(alert) as { telling: string } | undefined;
    return row && (JSON.parse(row.telling) as Telling);
  }

  put(telling: Telling): void {
    this.sql.put.run(telling.alert, JSON.stringify(telling));
  }

  open(): Telling[] {
    return (this.sql.open.all() as { telling: string }[]).map((row) => JSON.parse(row.telling) as Telling);
  }

  end(alert: string): void {
    this.sql.end.run(alert);
  }
}
