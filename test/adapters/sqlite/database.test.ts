/** Is what was committed on disk, and what failed nowhere? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DatabaseSync } from '@photostructure/sqlite';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
let database: Database;
beforeEach(async () => {
  folder = await temporaryFolder('database');
  database = new Database(join(folder.path, 'heqing.db'));
  database.sqlite.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
});
afterEach(async () => {
  database.close();
  await folder.remove();
});

const add = (n: number): void => void database.prepare('INSERT INTO t (n) VALUES (?)').run(n);
const all = (): number[] => (database.prepare('SELECT n FROM t ORDER BY n').all() as { n: number }[]).map(({ n }) => n);

test('a commit that returned is on disk: another connection sees it', () => {
  expect(database.transact(() => (add(1), 'done'))).toBe('done');
  const other = new DatabaseSync(database.path);
  expect(other.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 1 });
  other.close();
});

test('the settings that make it so', () => {
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

test('only a durable transaction waits for the disk; one inside another joins it', () => {
  const synchronous = (): unknown => (database.prepare('PRAGMA synchronous').get() as { synchronous: number }).synchronous;
  expect(database.derive(() => synchronous())).toBe(1);
  expect(database.transact(() => synchronous())).toBe(2);
  expect(database.transact(() => database.derive(() => synchronous()))).toBe(2);
  expect(database.derive(() => (add(7), all()))).toEqual([7]);
  expect(() =>
    database.derive(() => {
      add(8);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(all()).toEqual([7]);
});

test('folded, the file alone holds everything, whatever statements are still prepared', () => {
  const insert = database.prepare('INSERT INTO t (n) VALUES (?)');
  database.transact(() => insert.run(1));
  database.fold();
  const alone = join(folder.path, 'copy.db');
  copyFileSync(database.path, alone);
  const copy = new DatabaseSync(alone);
  expect(copy.prepare('SELECT n FROM t').all()).toEqual([{ n: 1 }]);
  copy.close();
  // It goes on working, and a fold that cannot be done is no fault.
  database.transact(() => insert.run(2));
  expect(all()).toEqual([1, 2]);
});

test('a fold gives way to whoever reads, and the log keeps what is in it', () => {
  const reader = new DatabaseSync(database.path);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  database.transact(() => add(1));
  database.fold();
  expect(all()).toEqual([1]);
  reader.exec('COMMIT');
  reader.close();
});

test('what throws is undone, and the next one works', () => {
  expect(() =>
    database.transact(() => {
      add(1);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(all()).toEqual([]);
  database.transact(() => add(2));
  expect(all()).toEqual([2]);
});

test('a nested transaction is part of the outer one', () => {
  expect(() =>
    database.transact(() => {
      database.transact(() => add(1));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(all()).toEqual([]);
  database.transact(() => database.transact(() => add(3)));
  expect(all()).toEqual([3]);
});

test('what is remembered beside the file is put right when a transaction is undone, newest first, and only then', () => {
  const told: string[] = [];
  database.transact(() => database.onUndo(() => told.push('kept')));
  expect(() =>
    database.transact(() => {
      database.onUndo(() => told.push('a'));
      database.transact(() => database.onUndo(() => told.push('b')));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(told).toEqual(['b', 'a']);
  expect(() =>
    database.transact(() => {
      throw new Error('again');
    }),
  ).toThrow('again');
  expect(told).toEqual(['b', 'a']);
});

test('a file of a newer version is refused in words', () => {
  database.sqlite.exec('PRAGMA user_version = 99');
  expect(() => new Database(database.path)).toThrow(/layout 99.*Start the newer version/);
});
