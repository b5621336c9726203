/** Who may do alone what must be done once? A row with an owner and an end. */
import type { Instant } from '../../domain/time.js';
import type { LeaseStore } from '../../pipeline/bulletins/bulletin-stores.js';
import type { Database, Statement } from './database.js';

/** Leases in SQLite: services on one state file see each other's. */
export class SqliteLeaseStore implements LeaseStore {
  private readonly sql: Record<'take' | 'release', Statement>;

  constructor(private readonly database: Database) {
    database.sqlite.exec(
      'CREATE TABLE IF NOT EXISTS lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) STRICT',
    );
    this.sql = {
      take: database.prepare(`INSERT INTO lease (name, owner, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE
        SET owner = excluded.owner, until = excluded.until WHERE lease.owner = excluded.owner OR lease.until <= ?`),
      release: database.prepare('DELETE FROM lease WHERE name = ? AND owner = ?'),
    };
  }

  take(name: string, owner: string, now: Instant, length: number): boolean {
    return this.database.transact(() => Number(this.sql.take.run(name, owner, now + length, now).changes) === 1);
  }

  release(name: string, owner: string): void {
    this.database.transact(() => this.sql.release.run(name, owner));
  }
}
