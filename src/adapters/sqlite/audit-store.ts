/** Where does the audit trail lie, and how would one notice that somebody changed it? */
import { createHash } from 'node:crypto';
import type { AuditAction, AuditEntry, AuditEvent } from '../../domain/audit.js';
import type { Audit, WhichAudit } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  at: number;
  who: string;
  action: string;
  what: string;
  station: string | null;
  before: string;
  after: string;
  reason: string;
  previous: string;
  hash: string;
  address: string | null;
}

/** What stands before the first entry. */
const NOTHING = '0'.repeat(64);

/** Entries that one look verifies before the next is read. */
const CHUNK = 1000;

const entry = ({ before, after, action, ...row }: Row): AuditEntry => ({
  ...row,
  action: action as AuditAction,
  before: JSON.parse(before) as unknown,
  after: JSON.parse(after) as unknown,
});

/** Over the text as it is stored, in a fixed order, so that it can be computed again without this code. */
function hashOf({ id, at, who, action, what, station, before, after, reason, previous, address }: Omit<Row, 'hash'>): string {
  return (
    createHash('sha256')
      // Entries older than the address have none, and their hashes stand.
      .update(
        JSON.stringify([
          previous,
          id,
          at,
          who,
          action,
          what,
          station,
          before,
          after,
          reason,
          ...(address === null ? [] : [address]),
        ]),
      )
      .digest('hex')
  );
}

/**
 * The trail in SQLite. Each entry carries the hash of the one before it, and the table refuses to change or to forget:
 * what a person with the file in hand does all the same, `verify` finds; only entries cut off at the end need the `head` that
 * somebody noted before.
 */
export class SqliteAudit implements Audit {
  private readonly sql: Record<'last' | 'insert' | 'list' | 'from', Statement>;

  /** `from`: the address that whatever happens now was asked from, `null` where nobody outside asked. */
  constructor(
    private readonly database: Database,
    private readonly from: () => string | null = () => null,
  ) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS audit (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, what TEXT NOT NULL, station TEXT,
        before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS audit_station ON audit (station, id);
      CREATE INDEX IF NOT EXISTS audit_what ON audit (what, id);
      CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit
        BEGIN SELECT raise(ABORT, 'the audit trail is not changed'); END;
      CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit
        BEGIN SELECT raise(ABORT, 'the audit trail forgets nothing'); END;
    `);
    // Files made before an entry said from where.
    if (!database.hasColumn('audit', 'address')) database.sqlite.exec('ALTER TABLE audit ADD COLUMN address TEXT');
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      last: p('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1'),
      insert: p(`INSERT INTO audit (id, at, who, action, what, station, before, after, reason, previous, hash, address)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      list: p(`SELECT * FROM audit WHERE id < ?1 AND (?2 IS NULL OR station = ?2) AND (?3 IS NULL OR what = ?3)
        AND (?4 IS NULL OR who = ?4) AND (?5 IS NULL OR action = ?5) AND at >= ?6 AND at < ?7
        ORDER BY id DESC LIMIT ?8`),
      from: p('SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?'),
    };
  }

  record(event: AuditEvent): AuditEntry {
    const { at, who, action, what, station, reason } = event;
    const last = this.sql.last.get() as { id: number; hash: string } | undefined;
    const row = {
      id: (last?.id ?? 0) + 1,
      at,
      who,
      action,
      what,
      station,
      before: JSON.stringify(event.before ?? null),
      after: JSON.stringify(event.after ?? null),
      reason,
      previous: last?.hash ?? NOTHING,
      address: this.from(),
    };
    const hash = hashOf(row);
    const { id, before, after, previous, address } = row;
    this.database.transact(() =>
      this.sql.insert.run(id, at, who, action, what, station, before, after, reason, previous, hash, address),
    );
    return entry({ ...row, hash });
  }

  list({ before, station, what, who, action, from, to }: WhichAudit, limit: number): AuditEntry[] {
    const latest = Number.MAX_SAFE_INTEGER;
    const rows: unknown = this.sql.list.all(
      ...[before ?? latest, station ?? null, what ?? null, who ?? null, action ?? null, from ?? 0, to ?? latest, limit],
    );
    return (rows as Row[]).map(entry);
  }

  verify(): { entries: number; head: string; broken: number | null } {
    let [entries, head] = [0, NOTHING];
    for (;;) {
      const rows: unknown = this.sql.from.all(entries, CHUNK);
      for (const row of rows as Row[]) {
        if (row.id !== entries + 1 || row.previous !== head || row.hash !== hashOf(row))
          return { entries, head, broken: entries + 1 };
        [entries, head] = [row.id, row.hash];
      }
      if ((rows as Row[]).length < CHUNK) return { entries, head, broken: null };
    }
  }
}
