/** What if the disk is full? */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stream } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startService } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { accountOf, mustBeWhole, settled } from '../support/witness.js';
import { beginning, NotHere } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

const run = promisify(execFile);

const MIB = 1024 * 1024;
const DISK_MIB = 64;
const FULL_WITHIN_MS = 120_000;
const BACK_WITHIN_MS = 30_000;

/**
 * What lies on the disk before the service starts, MiB. A value takes some fifty bytes and most of the log's pages are used
 * again, so readings alone fill 8 MiB within two minutes, and would need ten for 24: there, others fill the rest.
 */
const BALLASTS = [
  { name: 'disk full of readings, then room again', ballast: 56, others: false },
  { name: 'disk filled by others, then room again', ballast: 40, others: true },
] as const;

/** How often the others write, and how much, bytes: slowly enough to be seen coming. */
const OTHERS_EVERY_MS = 300;
const OTHERS_WRITE = MIB / 4;

/** Others fill the disk bit by bit, to its last byte. */
async function fill(folder: string): Promise<void> {
  // Down to what the service's own floor does not see yet, at once.
  const { bavail, bsize } = await statfs(folder);
  await writeFile(join(folder, 'others'), Buffer.alloc(Math.max(0, bavail * bsize - 3 * MIB)));
  for (let n = 0; ; n++) {
    try {
      await writeFile(join(folder, `others-${n}`), Buffer.alloc(OTHERS_WRITE));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
    await pause(OTHERS_EVERY_MS);
  }
}

/** All of them. */
export const DISK: readonly Ordeal[] = BALLASTS.map(({ name, ballast: mebibytes, others }): Ordeal => ({
  name,
  needs: [],
  async run(chaos) {
    if (process.getuid?.() !== 0) throw new NotHere('a small tmpfs needs root');
    const folder = await temporaryFolder('disk');
    chaos.finally(() => folder.remove());
    const disk = join(folder.path, 'disk');
    await mkdir(disk);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
    } catch {
      throw new NotHere('mounting a tmpfs is not allowed here');
    }
    chaos.finally(() => run('umount', [disk]));
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(mebibytes * MIB));
    const service = await startService({ env: { HEQING_DATA: join(disk, 'data') } });
    chaos.finally(() => service.dispose());
    const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
    chaos.finally(() => stream.end());
    stream.start();
    const ready = async (): Promise<number> => (await fetch(`${service.baseUrl}/health/ready`)).status;
    await eventually('readings are taken', () => stream.acknowledged.size > 0, BACK_WITHIN_MS);
    if (others) await fill(disk);
    await eventually('health says that readings cannot be taken', async () => (await ready()) === 503, FULL_WITHIN_MS);
    await pause(1000);
    const taken = stream.acknowledged.size;
    for (const file of await readdir(disk)) if (file !== 'data') await rm(join(disk, file));
    await eventually('readings are taken again', () => stream.acknowledged.size > taken, BACK_WITHIN_MS);
    await eventually('health is well again', async () => (await ready()) === 200, BACK_WITHIN_MS);
    stream.pause();
    await stream.finish(BACK_WITHIN_MS);
    await settled(service);
    const found = await accountOf(service, stream);
    mustBeWhole('the archive', found);
    return `full after ${taken} messages, back by itself; ${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
  },
}));
