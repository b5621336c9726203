/** How is the state copied while a service writes to it, and is a copy whole? */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { StateCounts } from '../../domain/backup.js';
import { SqliteAudit } from './audit-store.js';
import { BYTES, Chunk, type StoredChunk } from './chunk.js';
import { Database } from './database.js';

/** How long a statement waits for another writer, ms. */
const PATIENCE = 10_000;

/**
 * Writes a copy of the state at `from` to `to`, which must not be there: one moment of it, whole and compact, without what was
 * deleted. Readers do not hold up writers, so a service goes on taking readings; run it in a process of its own all the same,
 * since it takes a while. Then it makes sure that the end of the copy's audit trail is an entry of the state's.
 */
export function copyState(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    source.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
    source.prepare('VACUUM INTO ?').run(to);
    const copy = new DatabaseSync(to, { readOnly: true });
    try {
      if (!tablesOf(copy).includes('audit')) return;
      const last = copy.prepare('SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1').get() as
        { id: number; hash: string } | undefined;
      if (last === undefined) return;
      const same = source.prepare('SELECT hash FROM audit WHERE id = ?').get(last.id) as { hash: string } | undefined;
      if (same?.hash !== last.hash) throw new Error('the audit trail of the copy is not that of the state');
    } finally {
      copy.close();
    }
  } finally {
    source.close();
  }
}

const tablesOf = (sqlite: DatabaseSyncInstance): string[] =>
  (sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as unknown as { name: string }[]).map(
    ({ name }) => name,
  );

/** What a state holds, and what is wrong with it; `faults` is empty for a whole one. */
export interface Survey {
  readonly counts: StateCounts;
  readonly faults: readonly string[];
}

/**
 * Looks through a state that nobody else has open: every page of the file, every entry of the audit trail. Throws when it is no
 * state, or one of a newer version.
 */
export function surveyState(path: string): Survey {
  const database = new Database(path, { folded: true });
  try {
    const { sqlite } = database;
    const faults = (sqlite.prepare('PRAGMA integrity_check(20)').all() as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .filter((words) => words !== 'ok');
    const known = new Set(tablesOf(sqlite));
    // A state of before this version may lack tables that came later.
    const all = (what: string, table: string): number =>
      known.has(table) ? (sqlite.prepare(`SELECT ${what} AS n FROM ${table}`).get() as { n: number }).n : 0;
    const { entries, head, broken } = new SqliteAudit(database).verify();
    if (broken !== null) faults.push(`the audit trail is broken at entry ${broken}`);
    const open = (known.has('open_chunk')
      ? sqlite.prepare('SELECT data, rest FROM open_chunk').all()
      : []) as unknown as StoredChunk[];
    const newest = open.reduce((latest, chunk) => Math.max(latest, Chunk.load(chunk).last), Number.NEGATIVE_INFINITY);
    return {
      counts: {
        accounts: all('count(*)', 'account'),
        readings: (all('total(length(data))', 'chunk') + all('total(length(data))', 'open_chunk')) / BYTES,
        verdicts: all('count(*)', 'verdict'),
        alerts: all('count(*)', 'episode'),
        cases: all('count(*)', 'case_file'),
        audit: { entries, head },
        newestReading: Number.isFinite(newest) ? new Date(newest).toISOString() : null,
      },
      faults,
    };
  } finally {
    database.close();
  }
}

/** After a restore: no login of then goes on, and the audit trail says what happened. The file must not be open elsewhere. */
export function settleRestored(
  path: string,
  what: { readonly file: string; readonly madeAt: string; readonly at: number },
): void {
  const database = new Database(path, { folded: true });
  try {
    database.transact(() => {
      database.prepare("DELETE FROM credential WHERE kind = 'session'").run();
      new SqliteAudit(database).record({
        at: what.at,
        who: 'heqing restore',
        action: 'state-restored',
        what: 'backup',
        station: null,
        before: null,
        after: { file: what.file, madeAt: what.madeAt },
        reason: '',
      });
    });
  } finally {
    database.close();
  }
}
