/** How does a backup become a state again? Proven beside its place first, then moved into it in one step. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../domain/backup.js';
import type { Instant } from '../../domain/time.js';
import { BackupFault, prove, type StateFile } from './make-backup.js';
import { STATE } from './manifest.js';

/** What an unfinished restore leaves behind; the next one removes it. */
const HALF = '.heqing-restoring-';

/** What a state consists of while it is not closed. */
const STATE_FILES = [STATE, `${STATE}-wal`, `${STATE}-shm`];

/** What is restored, and whereto. */
export interface RestoreJob {
  readonly file: string;
  /** Made if missing; no service may use it. */
  readonly into: string;
  /** A state that stands there is moved aside; else it is a reason to refuse. */
  readonly replace: boolean;
  readonly now: Instant;
  readonly state: StateFile;
  /** The last touch to a restored state before it is in its place. */
  readonly settle: (path: string, manifest: Manifest) => void;
}

/** What came of it. `kept`: the folder in which the old state is now, `null` where there was none. */
export interface Restored {
  readonly manifest: Manifest;
  readonly kept: string | null;
}

/**
 * Restores a backup. Nothing in `into` changes before the file is proven; a process that ends in between leaves the old state in
 * its place or in the folder `kept`, never half of a new one. Throws `BackupFault`, or `DamagedFile`.
 */
export async function restoreBackup({ file, into, replace, now, state, settle }: RestoreJob): Promise<Restored> {
  if (!existsSync(file)) throw new BackupFault(`${file} 不存在 is not there`);
  await mkdir(into, { recursive: true });
  for (const name of await readdir(into)) {
    if (name.startsWith(HALF)) await rm(join(into, name), { recursive: true, force: true });
  }
  const old = [...STATE_FILES, 'config'].filter((name) => existsSync(join(into, name)));
  if (old.length > 0 && !replace)
    throw new BackupFault(
      `${into} 已有 ${old[0]!},未恢复;--replace 会先把它移到旁边 holds ${old[0]!} already: --replace moves it aside first`,
    );
  const half = join(into, `${HALF}${process.pid}`);
  try {
    const manifest = await prove(file, half, state);
    settle(join(half, STATE), manifest);
    const { faults } = state.survey(join(half, STATE));
    if (faults.length > 0) throw new BackupFault(`恢复出的状态有损坏 the restored state is damaged: ${faults.join('; ')}`);
    const kept = old.length > 0 ? join(into, `replaced-${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`) : null;
    if (kept !== null) {
      await mkdir(kept);
      for (const name of old) await rename(join(into, name), join(kept, name));
    }
    if (existsSync(join(half, 'files'))) await cp(join(half, 'files'), into, { recursive: true });
    if (existsSync(join(half, 'config'))) await rename(join(half, 'config'), join(into, 'config'));
    // The state comes last: with it in place, all is.
    await rename(join(half, STATE), join(into, STATE));
    return { manifest, kept };
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}
