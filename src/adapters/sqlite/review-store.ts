/** Where do doubtful readings wait for a person? */
import type { Source } from '../../domain/reading.js';
import type { ReadingKey } from '../../pipeline/ports.js';
import type { Doubt, ReviewStore } from '../../pipeline/deciding/review.js';
import type { Database, Statement } from './database.js';

interface Row {
  station: string;
  parameter: string;
  source: string;
  time: number;
  value: number;
  quality: string;
  checks: string;
  since: number;
}

/** The queue in SQLite, one row a reading. */
export class SqliteReviewStore implements ReviewStore {
  private readonly sql: Record<'put' | 'remove' | 'list' | 'listOf' | 'count' | 'countOf', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS review (
        station TEXT NOT NULL, parameter TEXT NOT NULL, source TEXT NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL,
        quality TEXT NOT NULL, checks TEXT NOT NULL, since INTEGER NOT NULL,
        PRIMARY KEY (station, parameter, source, time)) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS review_by_time ON review (time, station, parameter, source);
    `);
    const newest = 'ORDER BY time DESC, station, parameter, source LIMIT ?';
    this.sql = {
      put: database.prepare(`INSERT INTO review (station, parameter, source, time, value, quality, checks, since)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, parameter, source, time)
        DO UPDATE SET value = excluded.value, quality = excluded.quality, checks = excluded.checks`),
      remove: database.prepare('DELETE FROM review WHERE station = ? AND parameter = ? AND source = ? AND time = ?'),
      list: database.prepare(`SELECT * FROM review ${newest}`),
      listOf: database.prepare(`SELECT * FROM review WHERE station = ? ${newest}`),
      count: database.prepare('SELECT count(*) AS n FROM review'),
      countOf: database.prepare('SELECT count(*) AS n FROM review WHERE station = ?'),
    };
  }

  put({ station, parameter, source, time, value, quality, checks, since }: Doubt): void {
    this.sql.put.run(station, parameter, source, time, value, quality, checks.join(','), since);
  }

  remove({ station, parameter, source, time }: ReadingKey): void {
    this.sql.remove.run(station, parameter, source, time);
  }

  list(station: string | null, limit: number): Doubt[] {
    const rows = station === null ? this.sql.list.all(limit) : this.sql.listOf.all(station, limit);
    return (rows as unknown as Row[]).map(({ checks, source, quality, ...row }) => ({
      ...row,
      source: source as Source,
      quality: quality as Doubt['quality'],
      checks: checks === '' ? [] : checks.split(','),
    }));
  }

  count(station: string | null): number {
    const row: unknown = station === null ? this.sql.count.get() : this.sql.countOf.get(station);
    return (row as { n: number }).n;
  }
}
