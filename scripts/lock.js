/** Who may install and build just now? One process at a time: two terminals on a fresh clone must not write over each other. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** No installation takes this long: a lock older than this was left behind, whatever process has its number now. */
const FORGOTTEN_MS = 15 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The holder's number; 0 while it is not written yet, or when the file has just gone. */
function readPid(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function isLeftBehind(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return false;
  const pid = readPid(path);
  // A holder that has created the file and not yet written its number is alive.
  if (pid === 0) return Date.now() - stat.mtimeMs > 5000;
  return pid === process.pid || !isAlive(pid) || Date.now() - stat.mtimeMs > FORGOTTEN_MS;
}

/** Runs `work` while no other launcher of this project does. Waits for its turn; the lock goes when the process ends, too. */
export async function alone(root, work) {
  const path = join(root, 'dist', '.lock');
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isLeftBehind(path)) {
        rmSync(path, { force: true });
        continue;
      }
      if (!waited) console.error(`河清 等待另一个进程安装或构建 waiting for another process to install or build (${path}) …`);
      await sleep(200);
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
