/** Where does the service's own state live? One SQLite file, and the one way to change it. */
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';

/** A prepared statement. */
export type Statement = StatementSyncInstance;

/** A raised number means a changed layout; a file with a higher one was written by a newer Heqing and is refused. */
const LAYOUT = 2;

/** What SQLite says of a file that is damaged, or none of its own. */
const DAMAGED = /malformed|not a database/;

/** What an operator reads of a state file that is damaged, and what to do; `null`: the error is about something else. */
export function damageInWords(error: unknown): string | null {
  if (!(error instanceof Error) || !DAMAGED.test(error.message)) return null;
  return (
    `状态文件 heqing.db 已损坏,或不是河清的状态文件(${error.message})。用备份恢复:npm run heqing -- restore 备份文件 --replace,损坏的文件会移到旁边。` +
    'The state file heqing.db is damaged, or none of Heqing: restore a backup with npm run heqing -- restore FILE --replace, which moves the damaged one aside'
  );
}

/**
 * One SQLite file (WAL) and its transactions: `transact` is on disk when it returns (`synchronous=FULL`), `derive` is not yet.
 *
 * All calls are synchronous, so nothing can slip between a transaction's first and last statement. Whoever prepares
 * statements must keep a reference to this object: without one the connection would be collected under them.
 */
export class Database {
  readonly sqlite: DatabaseSyncInstance;
  private depth = 0;
  private durable = true;
  private undo: (() => void)[] = [];

  /**
   * Opens or makes the file; `:memory:` for a test. Throws when it cannot be opened or was written by a newer version.
   * `readOnly`: looks at a file that a service may be writing, and changes nothing; one of an older layout is refused.
   * `folded`: without a write-ahead log, for a file that nobody else has open and that will be moved: all of it is in it.
   */
  constructor(
    readonly path: string,
    { readOnly = false, folded = false }: { readonly readOnly?: boolean; readonly folded?: boolean } = {},
  ) {
    this.sqlite = new DatabaseSync(path, { readOnly });
    this.sqlite.exec(`
      PRAGMA journal_mode = ${folded ? 'DELETE' : 'WAL'};
      PRAGMA synchronous = FULL;
      PRAGMA busy_timeout = 5000;
      PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = 8000;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA cache_size = -8192;
    `);
    const { user_version: found } = this.sqlite.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found > LAYOUT) {
      this.sqlite.close();
      throw new Error(`the state file has layout ${found}; this version knows ${LAYOUT}. Start the newer version.`);
    }
    if (found < LAYOUT && readOnly) {
      this.sqlite.close();
      throw new Error(`the state file has layout ${found}; start the service once, which brings it to ${LAYOUT}`);
    }
    if (found < LAYOUT) this.sqlite.exec(`PRAGMA user_version = ${LAYOUT}`);
  }

  /** Runs `work` in one transaction and returns its result: on disk when it returns, undone when it throws. Nested calls join the outer one. */
  transact<T>(work: () => T): T {
    return this.run(work, true);
  }

  /**
   * The same for what can be worked out again from the log: it survives a kill at once, and a power cut once a later
   * `transact` has returned, since all share one write-ahead log. A cut before that takes it back whole, cursors included.
   */
  derive<T>(work: () => T): T {
    return this.run(work, false);
  }

  private run<T>(work: () => T, durable: boolean): T {
    if (this.depth > 0) return work();
    if (durable !== this.durable) {
      this.sqlite.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      this.durable = durable;
    }
    this.sqlite.exec('BEGIN IMMEDIATE');
    this.depth = 1;
    this.undo = [];
    try {
      const result = work();
      this.sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      // After a failing COMMIT (disk full) SQLite may have rolled back by itself.
      try {
        this.sqlite.exec('ROLLBACK');
      } catch {
        // The first error is the one to report.
      }
      for (const undo of this.undo.reverse()) undo();
      throw error;
    } finally {
      this.depth = 0;
    }
  }

  /** Puts right what is remembered beside the file, should the transaction under way be undone. */
  onUndo(undo: () => void): void {
    if (this.depth > 0) this.undo.push(undo);
  }

  /** Prepares a statement; hold this object as long as the statement. */
  prepare(sql: string): Statement {
    return this.sqlite.prepare(sql);
  }

  /**
   * Folds the write-ahead log into the file, so that the file alone is the whole state. Closing does not: SQLite waits for the
   * end of every prepared statement, which comes with that of the process. What somebody else still reads stays in the log.
   */
  fold(): void {
    try {
      this.sqlite.exec('PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // On a full disk all of it stays in the log, from which the next start reads it.
    }
  }

  /** Has a table this column? An older layout may lack it. */
  hasColumn(table: string, column: string): boolean {
    return this.sqlite.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
  }

  /** Closes the file. */
  close(): void {
    this.sqlite.close();
  }
}
