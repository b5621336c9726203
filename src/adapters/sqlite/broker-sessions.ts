/** At which brokers did we leave a session? */
import type { Instant } from '../../domain/time.js';
import type { BrokerSessions } from '../../pipeline/ports.js';
import type { Database } from './database.js';

/** Broker sessions in SQLite, one row each. */
export class SqliteBrokerSessions implements BrokerSessions {
  constructor(private readonly database: Database) {
    database.sqlite.exec(
      'CREATE TABLE IF NOT EXISTS broker_session (session TEXT PRIMARY KEY, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    );
  }

  lastSeen(session: string): Instant | null {
    const row = this.database.prepare('SELECT seen FROM broker_session WHERE session = ?').get(session) as
      { seen: number } | undefined;
    return row?.seen ?? null;
  }

  see(session: string, at: Instant): void {
    const put = this.database.prepare('REPLACE INTO broker_session (session, seen) VALUES (?, ?)');
    this.database.transact(() => put.run(session, at));
  }
}
