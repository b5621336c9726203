/** Where is it kept who walked the river, and when? */
import type { Span } from '../../domain/time.js';
import type { Patrol, PatrolStore } from '../../pipeline/deciding/patrols.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  person: string;
  at: number;
  by: string;
  lat: number | null;
  lon: number | null;
  accuracy: number | null;
  note: string;
}

/** Patrols in SQLite; the table refuses changes. */
export class SqlitePatrolStore implements PatrolStore {
  private readonly sql: Record<'add' | 'within', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS patrol (
        id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, lat REAL, lon REAL,
        accuracy REAL, note TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS patrol_person ON patrol (person, at);
      ${['UPDATE', 'DELETE']
        .map(
          (act) => `CREATE TRIGGER IF NOT EXISTS patrol_no_${act} BEFORE ${act} ON patrol
            BEGIN SELECT raise(ABORT, 'a patrol that was entered stays'); END;`,
        )
        .join('\n')}
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      add: p('INSERT INTO patrol (person, at, by, lat, lon, accuracy, note) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      within: p('SELECT * FROM patrol WHERE person = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC'),
    };
  }

  add(patrol: Omit<Patrol, 'id'>): Patrol {
    const { person, at, by, place, note } = patrol;
    const where = [place?.lat ?? null, place?.lon ?? null, place?.accuracy ?? null];
    const { lastInsertRowid } = this.sql.add.run(person, at, by, ...where, note);
    return { ...patrol, id: String(lastInsertRowid) };
  }

  within(person: string, { from, to }: Span): Patrol[] {
    return (this.sql.within.all(person, from, to) as unknown as Row[]).map(({ id, lat, lon, accuracy, ...row }) => ({
      ...{ id: String(id), person: row.person, at: row.at, by: row.by, note: row.note },
      place: lat === null || lon === null ? null : { lat, lon, accuracy },
    }));
  }
}
