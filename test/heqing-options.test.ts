/** Does the command line refuse, in words and before it does anything, what it does not know or cannot do? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../src/adapters/sqlite/database.js';
import { untaken } from '../src/heqing-options.js';
import { PROJECT } from './support/service.js';
import { temporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

let folder: TemporaryFolder;
let data: string;
let config: string;
beforeEach(async () => {
  folder = await temporaryFolder('command-line');
  data = join(folder.path, 'data');
  config = join(folder.path, 'config');
  await cp(join(PROJECT, 'config'), config, { recursive: true });
});
afterEach(() => folder.remove());

/** Runs a command; one that is refused says so without a stack trace. */
function refused(...args: string[]): string {
  const { PATH = '' } = process.env;
  const env = { PATH, HEQING_DATA: data, HEQING_CONFIG: config };
  const command = [join(PROJECT, 'dist', 'heqing.js'), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { env, cwd: folder.path, encoding: 'utf8' });
  expect([args, status]).toEqual([args, 1]);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

test.each([
  ['backup', [], ['dry-run'], /backup 不用 does not take --dry-run.*--to --json/],
  ['replay', [], ['reason', 'to'], /--to/],
  ['check-config', ['twice'], [], /does not understand: twice/],
  ['backup', [], ['to', 'json'], null],
  ['restore', ['a.tar.gz'], ['replace'], null],
])('%s %j %j', (command, words, given, why) => {
  const told = untaken(command, words, given);
  if (why === null) expect(told).toBeNull();
  else expect(told).toMatch(why);
});

test('what is missing is named, and nothing is made of a wrong HEQING_DATA', async () => {
  expect(refused('backup', '--dry-run')).toContain('--dry-run');
  expect(refused('device', 'list')).toContain('start the service once first');
  expect(refused('backup')).toContain('start the service once first');
  expect(refused('import', 'absent.csv')).toContain('absent.csv:没有这个文件 there is no such file');
  expect(refused('import', config)).toContain('这是文件夹 it is a folder');
  expect(existsSync(data)).toBe(false);
  await mkdir(data);
  new Database(join(data, 'heqing.db')).close();
  // One line, not a screen of help under which the reason is lost.
  for (const command of [['frobnicate'], ['constructor'], ['account', 'frobnicate'], ['account', 'constructor']])
    expect(refused(...command)).toMatch(new RegExp(`^没有 ${command.join(' ')} 这个命令 there is no such command.*\n$`));
  const token = refused('account', 'token', 'admin');
  expect(token).toContain('LABEL');
  expect(token).not.toContain('check-config');
}, 30_000);

test('a state file that is none is told in words', async () => {
  await mkdir(data);
  await writeFile(join(data, 'heqing.db'), 'no database, but longer than the head of one '.repeat(40));
  expect(refused('account', 'list')).toMatch(/heqing\.db 已损坏.*not a database.*restore FILE --replace/);
}, 30_000);

test('restore without a file lists what is in the folder that the config names for backups', async () => {
  const name = 'heqing-20261122T183000Z.tar.gz';
  const kept = join(folder.path, 'kept');
  await mkdir(kept);
  await writeFile(join(kept, name), '');
  const settings = join(config, 'settings.yaml');
  const text = await readFile(settings, 'utf8');
  await writeFile(settings, text.replace('backup: {', `backup: { dir: ${kept},`));
  expect(refused('restore')).toContain(name);
}, 30_000);
