/** What if the disk is full, and does a PUBACK mean the disk at all? */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Device, Stream } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startService } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { accountOf, mustBeWhole, settled } from '../support/witness.js';
import { beginning, NotHere } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

const run = promisify(execFile);

/** The disk, and what lies on it at first to be deleted later, MiB. */
const DISK_MIB = 64;
const BALLAST_MIB = 56;
const FULL_WITHIN_MS = 120_000;
const BACK_WITHIN_MS = 30_000;

/** Messages sent one after the other, each waiting for its PUBACK: each is a commit of its own. */
const ONE_BY_ONE = 200;

/** All of them. */
export const DISK: readonly Ordeal[] = [
  {
    name: 'disk full, then room again',
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
      await writeFile(ballast, Buffer.alloc(BALLAST_MIB * 1024 * 1024));
      const service = await startService({ env: { HEQING_DATA: join(disk, 'data') } });
      chaos.finally(() => service.dispose());
      const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
      chaos.finally(() => stream.end());
      stream.start();
      const ready = async (): Promise<number> => (await fetch(`${service.baseUrl}/health/ready`)).status;
      await eventually('health says that readings cannot be taken', async () => (await ready()) === 503, FULL_WITHIN_MS);
      await pause(1000);
      const full = stream.acknowledged.size;
      await rm(ballast);
      await eventually('readings are taken again', () => stream.acknowledged.size > full, BACK_WITHIN_MS);
      await eventually('health is well again', async () => (await ready()) === 200, BACK_WITHIN_MS);
      stream.pause();
      await stream.finish(BACK_WITHIN_MS);
      await settled(service);
      const found = await accountOf(service, stream);
      mustBeWhole('the archive', found);
      return `full after ${full} messages, back by itself; ${found.acknowledged} acknowledged: lost 0, doubled 0, wrong 0`;
    },
  },
  {
    name: 'fdatasync before each PUBACK',
    needs: [],
    async run(chaos) {
      if (!existsSync('/usr/bin/strace')) throw new NotHere('strace is not installed');
      const folder = await temporaryFolder('strace');
      chaos.finally(() => folder.remove());
      const service = await startService();
      chaos.finally(() => service.dispose());
      const device = await Device.connect(service.mqttUrl);
      chaos.finally(() => device.end());
      const file = join(folder.path, 'calls');
      const strace = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync', '-o', file, '-p', String(service.pid)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      chaos.finally(async () => strace.kill('SIGKILL'));
      let said = '';
      strace.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await eventually('strace is attached', () => /attached/.test(said) || strace.exitCode !== null);
      if (strace.exitCode !== null) throw new NotHere(`strace may not look: ${said.trim()}`);
      const calls = async (): Promise<number> =>
        (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => /f(data)?sync\(.*= 0$/.test(line)).length;
      const from = Date.now() - ONE_BY_ONE * 1000;
      let behind = 0;
      for (let n = 1; n <= ONE_BY_ONE; n++) {
        await device.publish('nankeng-in', { time: from + n * 1000, values: { cond: n } });
        if ((await calls()) < n) behind += 1;
      }
      const exited = once(strace, 'exit');
      strace.kill('SIGTERM');
      await exited;
      const n = await calls();
      if (n < ONE_BY_ONE) throw new Error(`${ONE_BY_ONE} messages acknowledged one by one, but only ${n} calls of fdatasync`);
      if (behind > 0) throw new Error(`${behind} PUBACKs of ${ONE_BY_ONE} came before their fdatasync`);
      return `${ONE_BY_ONE} messages acknowledged one by one, ${n} calls of fdatasync, none later than its PUBACK`;
    },
  },
];
