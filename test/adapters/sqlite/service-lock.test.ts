/** Does one data folder belong to one service at a time, and to the next one as soon as the first is gone, however it went? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { DataInUse, ServiceLock } from '../../../src/adapters/sqlite/service-lock.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await temporaryFolder('lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await folder.remove();
});

/** Another process that holds the same lock, by the same means. */
async function holder(): Promise<ChildProcess> {
  const program = `
    const { DatabaseSync } = require('@photostructure/sqlite');
    const file = new DatabaseSync(${JSON.stringify(join(folder.path, 'heqing.lock'))});
    file.exec('BEGIN IMMEDIATE; PRAGMA user_version = ' + process.pid + '; COMMIT; BEGIN IMMEDIATE');
    console.log('held');
    setInterval(() => file.prepare('PRAGMA user_version').get(), 1000);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the holder went away')));
  });
  return child;
}

test('a second one is refused in words that name the folder, the holder and the mend', () => {
  const first = new ServiceLock(folder.path);
  const second = () => new ServiceLock(folder.path);
  expect(second).toThrow(DataInUse);
  expect(second).toThrow(new RegExp(`数据目录 ${folder.path}.*pid ${process.pid}.*HEQING_DATA.*stop that one`));
  first.release();
  new ServiceLock(folder.path).release();
}, 15_000);

test('another process that holds it is named; once that was killed -9 the folder is free at once', async () => {
  const child = await holder();
  expect(() => new ServiceLock(folder.path)).toThrow(new RegExp(`pid ${child.pid}\\b`));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  new ServiceLock(folder.path).release();
}, 15_000);

test('a file left behind locks nothing, and the state file beside it can be opened', async () => {
  await writeFile(join(folder.path, 'heqing.lock'), '');
  const lock = new ServiceLock(folder.path);
  const beside = new DatabaseSync(join(folder.path, 'heqing.db'));
  beside.exec('CREATE TABLE t (x)');
  beside.close();
  lock.release();
});

test('a fault that is no second service is told as it is', () => {
  expect(() => new ServiceLock(join(folder.path, 'missing'))).toThrow(/unable to open/);
});
