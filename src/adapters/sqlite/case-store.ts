/** Where do cases (处置单), their steps and their photos lie? */
import { createHash } from 'node:crypto';
import type { Case, CaseEvent } from '../../domain/cases/case.js';
import type { PhotoType } from '../../domain/cases/photo.js';
import type { CaseStore, Photo, WhichCases } from '../../pipeline/deciding/case-stores.js';
import { NEVER } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

interface CaseRow {
  id: number;
  body: string;
}

interface PhotoRow extends Omit<Photo, 'type'> {
  type: string;
}

/** Cases in SQLite: one row a case, one a step, one a photo. Steps and photos are added and never changed: the tables refuse it. */
export class SqliteCaseStore implements CaseStore {
  private readonly sql: Record<
    'next' | 'add' | 'put' | 'addStep' | 'steps' | 'find' | 'list' | 'nextPhoto' | 'addPhoto' | 'photos' | 'photo',
    Statement
  >;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS case_file (
        id INTEGER PRIMARY KEY AUTOINCREMENT, year TEXT NOT NULL, n INTEGER NOT NULL, number TEXT NOT NULL UNIQUE, alert TEXT,
        village TEXT, reach TEXT, person TEXT NOT NULL, state TEXT NOT NULL, opened_at INTEGER NOT NULL, until INTEGER NOT NULL,
        body TEXT NOT NULL, UNIQUE (year, n)) STRICT;
      CREATE INDEX IF NOT EXISTS case_alert ON case_file (alert);
      CREATE INDEX IF NOT EXISTS case_open ON case_file (village, until) WHERE state <> 'closed';
      CREATE INDEX IF NOT EXISTS case_opened ON case_file (opened_at);
      CREATE TABLE IF NOT EXISTS case_step (
        case_id INTEGER NOT NULL REFERENCES case_file (id), n INTEGER NOT NULL, step TEXT NOT NULL,
        PRIMARY KEY (case_id, n)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS case_photo (
        case_id INTEGER NOT NULL REFERENCES case_file (id), n INTEGER NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL,
        sha256 TEXT NOT NULL, "by" TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (case_id, n)) STRICT;
      ${['case_step', 'case_photo']
        .flatMap((table) => ['UPDATE', 'DELETE'].map((act) => [table, act] as const))
        .map(
          ([table, act]) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act} BEFORE ${act} ON ${table}
            BEGIN SELECT raise(ABORT, 'what was entered in a case stays'); END;`,
        )
        .join('\n')}
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      next: p('SELECT coalesce(max(n), 0) + 1 AS n FROM case_file WHERE year = ?'),
      add: p(`INSERT INTO case_file (year, n, number, alert, village, reach, person, state, opened_at, until, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      put: p('UPDATE case_file SET person = ?, state = ?, until = ?, body = ? WHERE id = ?'),
      addStep: p('INSERT OR IGNORE INTO case_step (case_id, n, step) VALUES (?, ?, ?)'),
      steps: p('SELECT step FROM case_step WHERE case_id = ? ORDER BY n'),
      find: p('SELECT id, body FROM case_file WHERE number = ?1 OR id = ?2'),
      list: p(`SELECT id, body FROM case_file WHERE (?1 IS NULL OR village = ?1) AND (?2 IS NULL OR reach = ?2)
        AND (?3 IS NULL OR state = ?3 OR (?3 = 'open' AND state <> 'closed')) AND (?4 IS NULL OR person = ?4)
        AND (?5 IS NULL OR alert = ?5) AND opened_at >= ?6 AND opened_at < ?7
        AND (?8 IS NULL OR (state <> 'closed' AND until < ?8)) ORDER BY opened_at DESC, id DESC LIMIT ?9`),
      nextPhoto: p('SELECT coalesce(max(n), 0) + 1 AS n FROM case_photo WHERE case_id = ?'),
      addPhoto: p('INSERT INTO case_photo (case_id, n, type, size, sha256, "by", at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      photos: p('SELECT n, type, size, sha256, "by", at FROM case_photo WHERE case_id = ? ORDER BY n'),
      photo: p('SELECT type, bytes FROM case_photo WHERE case_id = ? AND n = ?'),
    };
  }

  add(year: string, given: Omit<Case, 'id' | 'number'>): Case {
    return this.database.transact(() => {
      const { n } = this.sql.next.get(year) as { n: number };
      const number = `${year}-${String(n).padStart(4, '0')}`;
      const { alert, village, reach, to, state, openedAt, until } = given;
      const { lastInsertRowid } = this.sql.add.run(
        ...[year, n, number, alert, village, reach, to, state, openedAt, until, bodyOf({ ...given, number })],
      );
      const added: Case = { ...given, id: String(lastInsertRowid), number };
      this.keepSteps(added);
      return added;
    });
  }

  put(given: Case): void {
    this.database.transact(() => {
      this.sql.put.run(given.to, given.state, given.until, bodyOf(given), Number(given.id));
      this.keepSteps(given);
    });
  }

  find(idOrNumber: string): Case | undefined {
    const id = /^[1-9]\d{0,14}$/.test(idOrNumber) ? Number(idOrNumber) : null;
    const row = this.sql.find.get(idOrNumber, id) as CaseRow | undefined;
    return row && this.caseOf(row);
  }

  list({ village, reach, state, to, alert, opened, overdueAt }: WhichCases, limit: number): Case[] {
    const which = [village, reach, state, to, alert].map((one) => one ?? null);
    const rows: unknown = this.sql.list.all(...which, opened?.from ?? -NEVER, opened?.to ?? NEVER, overdueAt ?? null, limit);
    return (rows as CaseRow[]).map((row) => this.caseOf(row));
  }

  addPhoto(caseId: string, { type, by, at }: Pick<Photo, 'type' | 'by' | 'at'>, bytes: Uint8Array): Photo {
    const [size, sha256] = [bytes.length, createHash('sha256').update(bytes).digest('hex')];
    return this.database.transact(() => {
      const { n } = this.sql.nextPhoto.get(Number(caseId)) as { n: number };
      this.sql.addPhoto.run(Number(caseId), n, type, size, sha256, by, at, bytes);
      return { n, type, size, sha256, by, at };
    });
  }

  photos(caseId: string): Photo[] {
    return (this.sql.photos.all(Number(caseId)) as unknown as PhotoRow[]).map((row) => ({ ...row, type: row.type as PhotoType }));
  }

  photo(caseId: string, n: number): { type: PhotoType; bytes: Uint8Array } | undefined {
    return this.sql.photo.get(Number(caseId), n) as { type: PhotoType; bytes: Uint8Array } | undefined;
  }

  /** Steps that are kept already stay as they are. */
  private keepSteps({ id, history }: Case): void {
    history.forEach((event, n) => this.sql.addStep.run(Number(id), n, JSON.stringify(event)));
  }

  private caseOf({ id, body }: CaseRow): Case {
    const steps = this.sql.steps.all(id) as unknown as { step: string }[];
    const history = steps.map(({ step }) => JSON.parse(step) as CaseEvent);
    return { ...(JSON.parse(body) as Omit<Case, 'id' | 'history'>), id: String(id), history };
  }
}

/** What stands in the row itself: all but its id and the steps, which have rows of their own. */
function bodyOf(given: Omit<Case, 'id'>): string {
  const { history: _, ...body } = given;
  return JSON.stringify({ ...body, id: undefined });
}
