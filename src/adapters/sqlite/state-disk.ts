/** How much room has the state file, and can it be written to? */
import { statfsSync } from 'node:fs';
import type { Disk } from '../../pipeline/ports.js';
import type { Database, Statement } from './database.js';

/** Enough to need new pages in the write-ahead log, as a commit of readings does. */
const PROBE_BYTES = 64 * 1024;

/** The disk under `HEQING_DATA`, and the free pages of the state file in it. */
export class StateDisk implements Disk {
  private readonly free: Statement;
  private readonly put: Statement;
  private readonly take: Statement;
  private readonly pageSize: number;

  constructor(
    private readonly folder: string,
    private readonly database: Database,
  ) {
    database.sqlite.exec('CREATE TABLE IF NOT EXISTS probe (filler BLOB NOT NULL) STRICT');
    this.free = database.prepare('PRAGMA freelist_count');
    this.put = database.prepare(`INSERT INTO probe (filler) VALUES (zeroblob(${PROBE_BYTES}))`);
    this.take = database.prepare('DELETE FROM probe');
    this.pageSize = (database.prepare('PRAGMA page_size').get() as { page_size: number }).page_size;
  }

  space(): { free: number; total: number; reusable: number } | null {
    try {
      const { bavail, blocks, bsize } = statfsSync(this.folder);
      const { freelist_count: pages } = this.free.get() as { freelist_count: number };
      // Some network and container file systems have no size: then only a write can tell.
      return blocks === 0 ? null : { free: bavail * bsize, total: blocks * bsize, reusable: pages * this.pageSize };
    } catch {
      return null;
    }
  }

  tryToWrite(): void {
    // Two commits: what one transaction makes and deletes again may never reach the disk.
    this.database.transact(() => this.put.run());
    this.database.transact(() => this.take.run());
  }
}
