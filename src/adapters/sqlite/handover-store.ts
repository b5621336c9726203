/** Where is it kept who handed duty over to whom, and who signed for it? */
import type { Handover, OpenItem } from '../../domain/handover/handover.js';
import type { HandoverStore } from '../../pipeline/handover/handovers.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  turn: string;
  from: string;
  to: string;
  by: string;
  at: number;
  note: string;
  items: string;
  taken_by: string | null;
  taken_at: number;
  taken_note: string;
}

const handoverOf = ({ taken_by: by, taken_at: at, taken_note: note, ...row }: Row): Handover => ({
  ...row,
  id: String(row.id),
  items: JSON.parse(row.items) as OpenItem[],
  taken: by === null ? null : { by, at, note },
});

/** Hand-overs in SQLite; both tables refuse changes. */
export class SqliteHandoverStore implements HandoverStore {
  private readonly sql: Record<'add' | 'take' | 'find' | 'list', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS handover (
        id INTEGER PRIMARY KEY AUTOINCREMENT, turn TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, "by" TEXT NOT NULL,
        at INTEGER NOT NULL, note TEXT NOT NULL, items TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS handover_take (
        handover INTEGER PRIMARY KEY REFERENCES handover (id), "by" TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
      ${['handover', 'handover_take']
        .flatMap((table) =>
          ['UPDATE', 'DELETE'].map(
            (act) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act} BEFORE ${act} ON ${table}
              BEGIN SELECT raise(ABORT, 'a hand-over that was signed stays'); END;`,
          ),
        )
        .join('\n')}
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    const all = `SELECT h.*, t."by" AS taken_by, t.at AS taken_at, t.note AS taken_note
      FROM handover h LEFT JOIN handover_take t ON t.handover = h.id`;
    this.sql = {
      add: p('INSERT INTO handover (turn, "from", "to", "by", at, note, items) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      take: p('INSERT OR IGNORE INTO handover_take (handover, "by", at, note) VALUES (?, ?, ?, ?)'),
      find: p(`${all} WHERE h.id = ?`),
      list: p(`${all} ORDER BY h.id DESC LIMIT ?`),
    };
  }

  add(handover: Omit<Handover, 'id' | 'taken'>): Handover {
    const { turn, from, to, by, at, note, items } = handover;
    const { lastInsertRowid } = this.sql.add.run(turn, from, to, by, at, note, JSON.stringify(items));
    return { ...handover, id: String(lastInsertRowid), taken: null };
  }

  take(id: string, { by, at, note }: NonNullable<Handover['taken']>): boolean {
    return this.sql.take.run(Number(id), by, at, note).changes === 1;
  }

  find(id: string): Handover | undefined {
    const row = this.sql.find.get(Number(id)) as Row | undefined;
    return row && handoverOf(row);
  }

  list(limit: number): Handover[] {
    return (this.sql.list.all(limit) as unknown as Row[]).map(handoverOf);
  }
}
