/** Is the log append-only, durable, in order, and forgotten only when everybody has read it? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import type { JudgedReading } from '../../../src/domain/reading.js';
import { CONSUMERS } from '../../../src/pipeline/stores.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, reading, series, times } from '../../support/wupi.js';

let folder: TemporaryFolder;
let database: Database;
let log: SqliteReadingLog;
const open = (): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  log = new SqliteReadingLog(database);
};
beforeEach(async () => {
  folder = await temporaryFolder('log');
  open();
});
afterEach(async () => {
  database.close();
  await folder.remove();
});
const restart = (): void => {
  database.close();
  open();
};
const append = (...readings: JudgedReading[]): number => database.transact(() => log.append(readings));
const batch = (n: number, size = 1): JudgedReading[] =>
  series('nankeng-out', 'nh3n', at('2026-11-23') + n * 1e6, 1000, times(size, n));
const advance = (seq: number): void => database.transact(() => CONSUMERS.forEach((consumer) => log.advance(consumer, seq)));

const varied = [
  reading({ value: 1e-7, sampled: at('2026-11-23 04:00') }),
  reading({ parameter: 'tp', value: -0.1, quality: 'fail', checks: ['gross-range', 'spike'] }),
  reading({ parameter: 'ph', value: 1e21, mark: 'T' }),
  reading({ station: 'changtan-tap', source: 'lab', mark: 'S' }),
  reading({ received: at('2026-11-24') }),
];

describe('reading', () => {
  test('gives every field back, from memory and after a restart', () => {
    append(...varied);
    expect(log.read(0, 1, 100).map(({ seq, readings }) => ({ seq, readings }))).toEqual([{ seq: 1, readings: varied }]);
    restart();
    expect(log.read(0, 1, 100).map(({ seq, readings }) => ({ seq, readings }))).toEqual([{ seq: 1, readings: varied }]);
  });

  test.each(['memory', 'disk'])(
    'from %s: after a cursor, up to a number, at least one batch and then so many values',
    (where) => {
      for (let n = 1; n <= 4; n++) append(...batch(n, 10));
      if (where === 'disk') restart();
      const seqs = (after: number, upTo: number, max: number): number[] => log.read(after, upTo, max).map(({ seq }) => seq);
      expect(seqs(0, 4, 1000)).toEqual([1, 2, 3, 4]);
      expect(seqs(2, 4, 1000)).toEqual([3, 4]);
      expect(seqs(0, 2, 1000)).toEqual([1, 2]);
      expect(seqs(0, 4, 20)).toEqual([1, 2]);
      expect(seqs(0, 4, 29)).toEqual([1, 2]);
      expect(seqs(0, 4, 1)).toEqual([1]);
      expect(seqs(4, 4, 1000)).toEqual([]);
      expect(seqs(2, 2, 1000)).toEqual([]);
    },
  );

  test('a reader that is far behind gets the old ones from disk and catches up with memory', () => {
    for (let n = 1; n <= 7; n++) append(...batch(n, 10_000));
    const seen: number[] = [];
    for (let at = 0; ; at = seen.at(-1)!) {
      const batches = log.read(at, log.head(), 15_000);
      if (batches.length === 0) break;
      seen.push(...batches.map(({ seq }) => seq));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(log.waiting('watch')).toBe(70_000);
  });
});

describe('cursors', () => {
  test('each consumer has its own, durable, and what waits for it', () => {
    append(...batch(1, 3));
    append(...batch(2, 4));
    database.transact(() => log.advance('watch', 1));
    expect([log.cursor('watch'), log.waiting('watch'), log.waiting('archive')]).toEqual([1, 4, 7]);
    restart();
    expect([log.cursor('watch'), log.waiting('watch'), log.waiting('archive')]).toEqual([1, 4, 7]);
  });

  test('what waits is exact after restarts, undone steps and pruning, also for a reader that is far behind', () => {
    for (let n = 1; n <= 30; n++) append(...batch(n, n));
    const sum = (from: number, to: number): number => ((from + to) * (to - from + 1)) / 2;
    database.transact(() => {
      log.advance('settle', 30);
      log.advance('judge', 30);
      log.advance('watch', 20);
      log.advance('archive', 10);
    });
    restart();
    expect(CONSUMERS.map((consumer) => log.waiting(consumer))).toEqual([0, 0, sum(11, 30), sum(21, 30), sum(1, 30)]);
    expect(log.longest()).toBe(sum(1, 30));
    database.transact(() => log.advance('assess', 10));
    expect(() =>
      database.transact(() => {
        log.advance('archive', 29);
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    log.prune();
    append(...batch(31, 5));
    restart();
    expect([log.waiting('settle'), log.waiting('archive'), log.longest()]).toEqual([5, sum(11, 30) + 5, sum(11, 30) + 5]);
  });

  test('what waits is known without looking: a scrape of a long log costs the disk nothing', () => {
    append(...batch(1, 3));
    database.sqlite.exec('ALTER TABLE log_batch RENAME TO hidden');
    expect([log.waiting('archive'), log.longest()]).toEqual([3, 3]);
  });

  test('a state file that did not count yet counts from what it holds', () => {
    for (let n = 1; n <= 3; n++) append(...batch(n, n));
    database.transact(() => log.advance('archive', 1));
    database.transact(() => log.advance('settle', 3));
    database.sqlite.exec('ALTER TABLE cursor DROP COLUMN passed');
    restart();
    expect([log.waiting('settle'), log.waiting('archive'), log.waiting('watch')]).toEqual([0, 5, 6]);
  });

  test('a transaction that is undone takes its cursor back', () => {
    append(...batch(1));
    append(...batch(2));
    database.transact(() => log.advance('watch', 1));
    expect(() =>
      database.transact(() => {
        log.advance('watch', 2);
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    expect(log.cursor('watch')).toBe(1);
    expect(log.read(log.cursor('watch'), 2, 9)).toHaveLength(1);
  });
});

test('rewind: an append that was undone never happened, and its number is given again', () => {
  append(...batch(1));
  const head = log.head();
  expect(() =>
    database.transact(() => {
      log.append(batch(2));
      throw new Error('disk full');
    }),
  ).toThrow('disk full');
  log.rewind(head);
  expect([log.head(), log.read(0, 9, 9).length, log.waiting('settle')]).toEqual([1, 1, 1]);
  expect(append(...batch(3))).toBe(2);
  expect(log.read(1, 2, 9)[0]?.readings[0]?.value).toBe(3);
});

describe('pruning', () => {
  const rows = (): number => (database.prepare('SELECT count(*) AS n FROM log_batch').get() as { n: number }).n;

  test('only what every cursor has passed goes', () => {
    for (let n = 1; n <= 3; n++) append(...batch(n));
    advance(3);
    database.transact(() => log.advance('archive', 2));
    log.prune();
    expect(rows()).toBe(1);
    expect(log.read(2, 3, 9)).toHaveLength(1);
    database.transact(() => log.advance('archive', 3));
    log.prune();
    expect(rows()).toBe(0);
  });

  test('numbers go on after everything is gone and the service restarted', () => {
    append(...batch(1));
    append(...batch(2));
    advance(2);
    log.prune();
    restart();
    expect(log.head()).toBe(2);
    expect(append(...batch(3))).toBe(3);
    expect(log.read(2, 3, 9).map(({ seq }) => seq)).toEqual([3]);
    expect(log.waiting('settle')).toBe(1);
  });
});

test('the log of a state file of layout 1 is taken over', () => {
  const t = at('2026-11-23');
  const old = [
    [
      'nankeng-in',
      'sensor',
      t,
      t + 5,
      [
        ['ph', 7.1, 'N', 'good', []],
        ['nh3n', 9e9, 'D', 'fail', ['gross-range'], t - 1],
      ],
    ],
    ['changtan-tap', 'lab', t, t + 6, [['cl2', 0.3, 'S', 'good', []]]],
  ];
  database.sqlite.exec(
    'DROP TABLE log_batch; CREATE TABLE log (seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, batch TEXT NOT NULL) STRICT',
  );
  database.prepare('INSERT INTO log VALUES (7, 3, ?)').run(JSON.stringify(old));
  restart();
  restart();
  const one = { station: 'nankeng-in', source: 'sensor', time: t, received: t + 5 };
  expect(log.read(0, 9, 100).map(({ seq, readings }) => ({ seq, readings }))).toEqual([
    {
      seq: 7,
      readings: [
        { ...one, parameter: 'ph', value: 7.1, mark: 'N', quality: 'good', checks: [] },
        { ...one, parameter: 'nh3n', value: 9e9, mark: 'D', quality: 'fail', checks: ['gross-range'], sampled: t - 1 },
        {
          ...one,
          ...{
            station: 'changtan-tap',
            source: 'lab',
            received: t + 6,
            parameter: 'cl2',
            value: 0.3,
            mark: 'S',
            quality: 'good',
            checks: [],
          },
        },
      ],
    },
  ]);
  expect([log.head(), log.waiting('archive')]).toEqual([7, 3]);
});
