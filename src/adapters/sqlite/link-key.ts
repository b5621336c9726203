/** With which secret does this installation sign its links? One random key, made once and kept in the state. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sign } from '../../pipeline/alerting/links.js';
import type { Database } from './database.js';

/** Bytes of the key: as many as SHA-256 has. */
const KEY_BYTES = 32;

/** HMAC-SHA256 with a key that outlives restarts and goes with a backup, so that links in old mails keep working. */
export class SqliteLinkKey implements Sign {
  private readonly key: Uint8Array;

  /** Makes the key at the first start; it is on disk when this returns. */
  constructor(database: Database) {
    database.sqlite.exec('CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID');
    const find = database.prepare("SELECT value FROM secret WHERE name = 'links'");
    database.transact(() => {
      if (find.get() === undefined) {
        database.prepare("INSERT INTO secret (name, value) VALUES ('links', ?)").run(randomBytes(KEY_BYTES));
      }
    });
    this.key = (find.get() as { value: Uint8Array }).value;
  }

  sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }

  isSigned(text: string, signature: string): boolean {
    const right = Buffer.from(this.sign(text));
    const given = Buffer.from(signature);
    return right.length === given.length && timingSafeEqual(right, given);
  }
}
