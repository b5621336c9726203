/** Where is it kept which months are signed (定稿), with what they fixed? */
import { createHash } from 'node:crypto';
import type { Reservation, SignOff, SignOffHead, Snapshot } from '../../domain/signing/sign-off.js';
import { canonical } from '../../domain/signing/sign-off.js';
import type { SigningStore } from '../../pipeline/signing/signing-store.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  target: string;
  period: string;
  edition: number;
  by: string;
  at: number;
  note: string;
  despite: string;
  hash: string;
  snapshot: string;
}

/** SHA-256 of a text in UTF-8, hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const HEAD = 'id, target, period, edition, by, at, note, despite, hash';

/** Signed months in SQLite; the table refuses changes, and an edition that is there already. */
export class SqliteSignOffStore implements SigningStore {
  private readonly sql: Record<'add' | 'newest' | 'edition' | 'all' | 'of', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS sign_off (
        id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, period TEXT NOT NULL, edition INTEGER NOT NULL,
        by TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL, despite TEXT NOT NULL, hash TEXT NOT NULL,
        snapshot TEXT NOT NULL, UNIQUE (target, period, edition)) STRICT;
      ${['UPDATE', 'DELETE']
        .map(
          (act) => `CREATE TRIGGER IF NOT EXISTS sign_off_no_${act} BEFORE ${act} ON sign_off
            BEGIN SELECT raise(ABORT, 'a month that was signed stays'); END;`,
        )
        .join('\n')}
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      add: p(`INSERT INTO sign_off (target, period, edition, by, at, note, despite, hash, snapshot)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      newest: p('SELECT * FROM sign_off WHERE target = ? AND period = ? ORDER BY edition DESC LIMIT 1'),
      edition: p('SELECT * FROM sign_off WHERE target = ? AND period = ? AND edition = ?'),
      all: p(`SELECT ${HEAD} FROM sign_off ORDER BY period, target, edition`),
      of: p(`SELECT ${HEAD} FROM sign_off WHERE target = ? ORDER BY period, edition`),
    };
  }

  add(signOff: Omit<SignOff, 'id'>): SignOff {
    const { target, period, edition, by, at, note, despite, hash, snapshot } = signOff;
    const [reservations, fixed] = [JSON.stringify(despite), canonical(snapshot)];
    const { lastInsertRowid } = this.sql.add.run(target, period, edition, by, at, note, reservations, hash, fixed);
    return { ...signOff, id: String(lastInsertRowid) };
  }

  find(target: string, period: string, edition?: number): SignOff | undefined {
    const row = (edition === undefined ? this.sql.newest.get(target, period) : this.sql.edition.get(target, period, edition)) as
      Row | undefined;
    return row && { ...headOf(row), snapshot: JSON.parse(row.snapshot) as Snapshot };
  }

  list(target?: string): SignOffHead[] {
    const rows: unknown = target === undefined ? this.sql.all.all() : this.sql.of.all(target);
    return (rows as Omit<Row, 'snapshot'>[]).map(headOf);
  }
}

const headOf = ({ id, target, period, edition, by, at, note, despite, hash }: Omit<Row, 'snapshot'>): SignOffHead => ({
  ...{ id: String(id), target, period, edition, by, at, note, hash },
  despite: JSON.parse(despite) as Reservation[],
});
