/** Where is it kept what was excused (不参评)? */
import type { Excuse } from '../../domain/compliance/excuse.js';
import type { Instant } from '../../domain/time.js';
import type { ExcuseStore } from '../../pipeline/judging/verdict-stores.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  station: string;
  excuse: string;
  removed: string | null;
}

/** Excuses in SQLite. A withdrawn one stays, with who withdrew it. */
export class SqliteExcuseStore implements ExcuseStore {
  private readonly sql: Record<'add' | 'find' | 'remove' | 'all' | 'of', Statement>;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS excuse (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, excuse TEXT NOT NULL, removed TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS excuse_station ON excuse (station);
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      add: p('INSERT INTO excuse (station, excuse) VALUES (?, ?)'),
      find: p('SELECT * FROM excuse WHERE id = ?'),
      remove: p('UPDATE excuse SET removed = ? WHERE id = ? AND removed IS NULL'),
      all: p('SELECT * FROM excuse ORDER BY id'),
      of: p('SELECT * FROM excuse WHERE station = ? ORDER BY id'),
    };
  }

  add(excuse: Omit<Excuse, 'id' | 'removed'>): Excuse {
    const { lastInsertRowid } = this.database.transact(() => this.sql.add.run(excuse.station, JSON.stringify(excuse)));
    return { ...excuse, id: String(lastInsertRowid), removed: null };
  }

  find(id: string): Excuse | undefined {
    const row = /^[1-9]\d{0,14}$/.test(id) ? (this.sql.find.get(Number(id)) as Row | undefined) : undefined;
    return row && excuseOf(row);
  }

  remove(id: string, by: string, at: Instant, reason: string): boolean {
    if (this.find(id) === undefined) return false;
    return this.database.transact(() => this.sql.remove.run(JSON.stringify({ by, at, reason }), Number(id)).changes === 1);
  }

  list(stations?: readonly string[]): Excuse[] {
    const rows = stations === undefined ? this.sql.all.all() : stations.flatMap((id) => this.sql.of.all(id) as unknown[]);
    return (rows as Row[]).map(excuseOf);
  }
}

const excuseOf = ({ id, excuse, removed }: Row): Excuse => ({
  ...(JSON.parse(excuse) as Omit<Excuse, 'id' | 'removed'>),
  id: String(id),
  removed: removed === null ? null : (JSON.parse(removed) as Excuse['removed']),
});
