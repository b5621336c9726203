/** Which backups were tried, and what became of them? */
import type { BackupAttempt } from '../../domain/backup.js';
import type { Instant } from '../../domain/time.js';
import type { BackupStore } from '../../pipeline/backup/daily-backup.js';
import type { Database, Statement } from './database.js';

/** The attempts in SQLite, a row each: one a day, for good. */
export class SqliteBackupStore implements BackupStore {
  private readonly sql: Record<'began' | 'begin' | 'add' | 'list' | 'last' | 'lastGood', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS backup_began (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS backup (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, ended INTEGER NOT NULL, file TEXT, bytes INTEGER, why TEXT) STRICT;
    `);
    if (!database.hasColumn('backup', 'elsewhere')) database.sqlite.exec('ALTER TABLE backup ADD COLUMN elsewhere TEXT');
    const columns = 'SELECT at, ended, file, bytes, why, elsewhere FROM backup';
    this.sql = {
      began: database.prepare('SELECT at FROM backup_began'),
      begin: database.prepare('INSERT INTO backup_began (one, at) VALUES (1, ?)'),
      add: database.prepare('INSERT INTO backup (at, ended, file, bytes, why, elsewhere) VALUES (?, ?, ?, ?, ?, ?)'),
      list: database.prepare(`${columns} ORDER BY id DESC LIMIT ?`),
      last: database.prepare(`${columns} WHERE elsewhere IS NULL ORDER BY id DESC LIMIT 1`),
      lastGood: database.prepare(`${columns} WHERE elsewhere IS NULL AND why IS NULL ORDER BY id DESC LIMIT 1`),
    };
  }

  began(now: Instant): Instant {
    const row = this.sql.began.get() as { at: number } | undefined;
    if (row !== undefined) return row.at;
    this.sql.begin.run(now);
    return now;
  }

  add({ at, ended, file, bytes, why, elsewhere }: BackupAttempt): void {
    this.sql.add.run(at, ended, file, bytes, why, elsewhere);
  }

  list(limit: number): BackupAttempt[] {
    return (this.sql.list.all(limit) as unknown as BackupAttempt[]).map((row) => ({ ...row }));
  }

  last(): BackupAttempt | null {
    return this.one(this.sql.last);
  }

  lastGood(): BackupAttempt | null {
    return this.one(this.sql.lastGood);
  }

  private one(sql: Statement): BackupAttempt | null {
    const row = sql.get() as BackupAttempt | undefined;
    return row === undefined ? null : { ...row };
  }
}
