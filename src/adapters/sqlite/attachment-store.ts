/** Where do the attachments of decisions lie? */
import { createHash } from 'node:crypto';
import type { AttachmentType } from '../../domain/quality/attachment.js';
import type { Attachment, AttachmentStore } from '../../pipeline/deciding/attachments.js';
import type { Database, Statement } from './database.js';

/** They in SQLite, one row each; what was added stays: the table refuses to change or to forget it. */
export class SqliteAttachmentStore implements AttachmentStore {
  private readonly sql: Record<'add' | 'find' | 'bytes', Statement>;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS decision_attachment (
        decision INTEGER PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, "by" TEXT NOT NULL,
        at INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
      ${['UPDATE', 'DELETE']
        .map(
          (act) => `CREATE TRIGGER IF NOT EXISTS decision_attachment_no_${act} BEFORE ${act} ON decision_attachment
            BEGIN SELECT raise(ABORT, 'what stands behind a decision stays'); END;`,
        )
        .join('\n')}
    `);
    this.sql = {
      add: database.prepare(
        'INSERT INTO decision_attachment (decision, type, size, sha256, "by", at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      find: database.prepare('SELECT type, size, sha256, "by", at FROM decision_attachment WHERE decision = ?'),
      bytes: database.prepare('SELECT type, bytes FROM decision_attachment WHERE decision = ?'),
    };
  }

  add(decision: number, { type, by, at }: Pick<Attachment, 'type' | 'by' | 'at'>, bytes: Uint8Array): Attachment {
    const [size, sha256] = [bytes.length, createHash('sha256').update(bytes).digest('hex')];
    this.database.transact(() => this.sql.add.run(decision, type, size, sha256, by, at, bytes));
    return { type, size, sha256, by, at };
  }

  find(decision: number): Attachment | undefined {
    return this.sql.find.get(decision) as Attachment | undefined;
  }

  bytes(decision: number): { type: AttachmentType; bytes: Uint8Array } | undefined {
    return this.sql.bytes.get(decision) as { type: AttachmentType; bytes: Uint8Array } | undefined;
  }
}
