/** How is a second service kept off the same data folder? By a lock that ends with its process, however it ends. */
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

const LOCK_FILE = 'heqing.lock';

/** A service that is just ending gets so long to let go, ms. */
const PATIENCE = 1000;

/** SQLITE_BUSY, without the extended part. */
const BUSY = 5;

/** Another service keeps this data folder; the message says which and what to do. */
export class DataInUse extends Error {}

/**
 * Keeps a data folder for one service. The lock is SQLite's own write lock on a file of its own, that is, a lock of the
 * operating system: it is gone with the process after `kill -9` or a power cut, nothing has to be cleaned up, and a
 * process id that somebody else has by now is never taken for us. The state file itself stays open to the command line.
 */
export class ServiceLock {
  private readonly file: DatabaseSyncInstance;

  /** Takes the lock, or throws `DataInUse`. The folder must be there. `name`: of another lock than a service's. */
  constructor(folder: string, name = LOCK_FILE) {
    this.file = new DatabaseSync(join(folder, name));
    try {
      this.file.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
      this.file.exec('BEGIN IMMEDIATE');
      try {
        // Only for the words of whoever comes second: who holds it can be read beside a held write lock.
        this.file.exec(`PRAGMA user_version = ${process.pid}`);
        this.file.exec('COMMIT');
      } catch {
        // On a full disk it cannot be written, and holds all the same.
        this.file.exec('ROLLBACK');
      }
      this.file.exec('BEGIN IMMEDIATE');
    } catch (error) {
      const busy = ((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY || /locked/.test((error as Error).message);
      const holder = busy ? this.holder() : '';
      this.file.close();
      if (!busy) throw error;
      throw new DataInUse(
        `数据目录 ${folder} 正被另一个河清服务使用${holder},先停掉它,或另设 HEQING_DATA。` +
          `The data folder is in use by another Heqing service${holder}: stop that one, or set another HEQING_DATA.`,
      );
    }
  }

  /** Lets go. */
  release(): void {
    this.file.close();
  }

  private holder(): string {
    try {
      const { user_version: pid } = this.file.prepare('PRAGMA user_version').get() as { user_version: number };
      return pid > 0 ? `(pid ${pid})` : '';
    } catch {
      return '';
    }
  }
}
