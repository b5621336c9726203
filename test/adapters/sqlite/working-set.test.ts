/** Which readings are at hand after days of them, and does each keep its fate? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { JudgedReading, Settled } from '../../../src/domain/reading.js';
import { DAY, HOUR } from '../../../src/domain/time.js';
import { NEVER } from '../../../src/pipeline/stores.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, reading, series } from '../../support/wupi.js';

let folder: TemporaryFolder;
let database: Database;
let workingSet: SqliteWorkingSet;
const open = (forgets: boolean): void => {
  database = new Database(join(folder.path, 'heqing.db'));
  workingSet = new SqliteWorkingSet(database, forgets);
};
beforeEach(async () => {
  folder = await temporaryFolder('working-set');
  open(true);
});
afterEach(async () => {
  database.close();
  await folder.remove();
});
const restart = (forgets = true): void => {
  database.close();
  open(forgets);
};
const settle = (...readings: JudgedReading[]): (Settled | null)[] =>
  database.transact(() => {
    const fates = readings.map((r) => workingSet.settle(r));
    workingSet.flush();
    return fates;
  });
const T0 = at('2026-11-23');
const whole = { station: 'nankeng-out', parameter: 'nh3n', from: T0 - 99 * DAY, to: T0 + 99 * DAY };

test('fates, also after a restart', () => {
  const a = reading({ time: T0, value: 1 });
  const b = { ...a, value: 2 };
  expect(settle(a, a, b, a, b)).toEqual(['stored', 'duplicate', 'corrected', 'duplicate', 'duplicate']);
  restart();
  expect(settle(a, b, { ...a, value: 3 }, b, a)).toEqual(['duplicate', 'duplicate', 'corrected', 'duplicate', 'duplicate']);
  expect(workingSet.rows(whole)).toMatchObject([{ value: 3 }]);
});

test('a transaction that fails leaves no memory behind', () => {
  settle(reading({ time: T0 }));
  expect(() =>
    database.transact(() => {
      workingSet.settle(reading({ time: T0 + HOUR }));
      workingSet.settle(reading({ station: 'nankeng-mid', time: T0 }));
      workingSet.flush();
      throw new Error('disk full');
    }),
  ).toThrow('disk full');
  workingSet.reset();
  expect(workingSet.newest('nankeng-out', 'nh3n')?.time).toBe(T0);
  expect(workingSet.newest('nankeng-mid', 'nh3n')).toBeUndefined();
  expect(workingSet.station('nankeng-mid')).toBeUndefined();
  expect(settle(reading({ time: T0 + HOUR }), reading({ station: 'nankeng-mid', time: T0 }))).toEqual(['stored', 'stored']);
});

test('rows: half-open, in order of time, by source, at most so many', () => {
  const lab = reading({ time: T0 + HOUR, value: 9, source: 'lab', mark: 'S' });
  settle(...series('nankeng-out', 'nh3n', T0, HOUR, [0, 1, 2, 3]).reverse(), lab);
  const values = (...args: Parameters<SqliteWorkingSet['rows']>): number[] => workingSet.rows(...args).map((r) => r.value);
  expect(values(whole)).toEqual([0, 9, 1, 2, 3]);
  expect(values(whole, 'sensor')).toEqual([0, 1, 2, 3]);
  expect(values(whole, 'lab')).toEqual([9]);
  expect(values({ ...whole, from: T0 + HOUR, to: T0 + 3 * HOUR }, 'sensor')).toEqual([1, 2]);
  expect(values(whole, undefined, 2)).toEqual([0, 9]);
  expect(workingSet.rows(whole, 'lab')).toEqual([lab]);
});

describe('the newest of a series', () => {
  test('by measured time, not by arrival', () => {
    settle(reading({ time: T0 + HOUR, value: 2 }), reading({ time: T0, value: 1 }));
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(2);
  });

  test('is the corrected one, before and after it was asked for', () => {
    settle(reading({ time: T0, value: 1 }));
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(1);
    settle(reading({ time: T0, value: 2 }), reading({ time: T0 - HOUR, value: 9 }), reading({ time: T0 - HOUR, value: 8 }));
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(2);
    restart();
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(2);
  });

  test('the sensor’s before a laboratory’s, which stands where there is no sensor', () => {
    settle(reading({ time: T0, value: 9, source: 'lab', mark: 'S' }));
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(9);
    settle(reading({ time: T0, value: 1 }));
    expect(workingSet.newest('nankeng-out', 'nh3n')).toMatchObject({ value: 1, source: 'sensor' });
  });

  test('stays when everything of its time is forgotten', () => {
    settle(...series('nankeng-out', 'nh3n', T0, HOUR, [1, 2]));
    workingSet.prune(T0 + 9 * DAY);
    expect(workingSet.rows(whole).map((r) => r.value)).toEqual([2]);
    restart();
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(2);
  });
});

describe('many readings', () => {
  const HOURS = 1000;
  const all = (): number[] => workingSet.rows({ ...whole, to: T0 + 99 * DAY }).map((r) => r.value);
  const inOrder = series(
    'nankeng-out',
    'nh3n',
    T0,
    HOUR,
    Array.from({ length: HOURS }, (_, i) => i),
  );
  const wanted = inOrder.map((r) => r.value);
  /** The same readings in another order each time, by a fixed rule. */
  const shuffled = (step: number): JudgedReading[] => inOrder.map((_, i) => inOrder[(i * step) % HOURS]!);

  test.each([1, 7, 331, 999])('in any order, in small and large steps, over restarts: every %ith', (step) => {
    const readings = shuffled(step);
    for (let i = 0; i < HOURS; i += 90) {
      expect(new Set(settle(...readings.slice(i, i + 90)))).toEqual(new Set(['stored']));
      if (i % 4 === 0) restart();
    }
    expect(all()).toEqual(wanted);
    expect(new Set(settle(...readings))).toEqual(new Set(['duplicate']));
    expect(workingSet.rows({ ...whole, from: T0 + 300 * HOUR, to: T0 + 305 * HOUR }).map((r) => r.value)).toEqual([
      300, 301, 302, 303, 304,
    ]);
    expect(workingSet.rows(whole, 'sensor', 3).map((r) => r.value)).toEqual([0, 1, 2]);
  });

  test('corrected far back, with what few readings have, and pruned in the middle', () => {
    settle(...inOrder);
    const other = reading({ time: T0 + 5 * HOUR, value: 99, quality: 'suspect', checks: ['spike'], sampled: T0 });
    expect(settle(other)).toEqual(['corrected']);
    expect(settle(inOrder[5]!, other)).toEqual(['duplicate', 'duplicate']);
    restart();
    expect(workingSet.rows({ ...whole, from: other.time, to: other.time + 1 })).toEqual([other]);
    workingSet.prune(T0 + 500 * HOUR);
    expect(all()).toEqual(wanted.slice(500));
    restart();
    expect(all()).toEqual(wanted.slice(500));
    workingSet.prune(T0 + 2000 * HOUR);
    expect(all()).toEqual([HOURS - 1]);
  });

  test('a step that fails in a full chunk leaves what was stored', () => {
    settle(...inOrder.slice(0, 256));
    const late = { ...inOrder[3]!, time: inOrder[3]!.time + 1 };
    expect(() =>
      database.transact(() => {
        for (const r of [late, ...inOrder.slice(256)]) workingSet.settle(r);
        workingSet.flush();
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    workingSet.reset();
    expect(all()).toEqual(wanted.slice(0, 256));
    expect(settle(...inOrder.slice(250, 260))).toEqual([
      ...Array<string>(6).fill('duplicate'),
      ...Array<string>(4).fill('stored'),
    ]);
  });
});

test('a state file of layout 1, one row a reading, is taken over', () => {
  database.sqlite.exec(`
    DROP TABLE series; DROP TABLE chunk; DROP TABLE open_chunk;
    CREATE TABLE series (id INTEGER PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, source TEXT NOT NULL,
      newest INTEGER NOT NULL, UNIQUE (station, parameter, source)) STRICT;
    CREATE TABLE reading (series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, mark TEXT NOT NULL,
      quality INTEGER NOT NULL, checks TEXT NOT NULL, received INTEGER NOT NULL, sampled INTEGER,
      PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
    INSERT INTO series VALUES (7, 'nankeng-in', 'ph', 'sensor', ${T0 + HOUR}), (9, 'nankeng-out', 'nh3n', 'sensor', ${T0});
    INSERT INTO reading VALUES (7, ${T0}, 7.1, 'N', 1, '', ${T0}, NULL), (7, ${T0 + HOUR}, 7.2, 'D', 4, 'gross-range', ${T0}, ${T0}),
      (9, ${T0}, 0.5, 'N', 1, '', ${T0}, NULL);
    INSERT INTO superseded VALUES (9, ${T0}, 0.4, 'N'), (7, ${T0}, 7.0, 'N')`);
  restart();
  restart();
  const ph = {
    station: 'nankeng-in',
    parameter: 'ph',
    mark: 'N',
    source: 'sensor',
    quality: 'good',
    checks: [],
    received: T0,
  } as const;
  expect(workingSet.rows({ ...whole, station: 'nankeng-in', parameter: 'ph' })).toEqual([
    { ...ph, time: T0, value: 7.1 },
    { ...ph, time: T0 + HOUR, value: 7.2, mark: 'D', quality: 'fail', checks: ['gross-range'], sampled: T0 },
  ]);
  expect(settle({ ...ph, time: T0, value: 7 }, reading({ time: T0, value: 0.4 }), reading({ time: T0, value: 0.5 }))).toEqual([
    ...['duplicate', 'duplicate', 'duplicate'],
  ]);
});

describe('forgetting', () => {
  test('before an instant, remembered over a restart, never back', () => {
    settle(...series('nankeng-out', 'nh3n', T0, DAY, [1, 2, 3, 4]));
    expect(workingSet.floor()).toBe(Number.NEGATIVE_INFINITY);
    workingSet.prune(T0 + 2 * DAY);
    expect([workingSet.floor(), workingSet.rows(whole).map((r) => r.value)]).toEqual([T0 + 2 * DAY, [3, 4]]);
    workingSet.prune(T0);
    restart();
    expect(workingSet.floor()).toBe(T0 + 2 * DAY);
  });

  describe('what is older is the archive’s to tell, and not at hand before', () => {
    const old = reading({ time: T0 - 2 * DAY, value: 1 });
    const [two, three] = [2, 3].map((value) => ({ ...old, value })) as [JudgedReading, JudgedReading];
    const suspect = { ...old, quality: 'suspect' as const, amended: { by: 'officer', reason: '核实', at: T0 } };
    const stored = { value: 1, mark: 'N' as const };
    const values = (): number[] => workingSet.rows(whole).map((r) => r.value);
    const told = (readings: readonly JudgedReading[], held: typeof stored | undefined): Settled[] =>
      database.transact(() =>
        workingSet.settleOld(
          readings,
          readings.map(() => held),
        ),
      );

    test.each([
      ['nothing', undefined, [old, old, two, old], ['stored', 'duplicate', 'corrected', 'duplicate'], [2]],
      ['the same', stored, [old, old], ['duplicate', 'duplicate'], []],
      ['another value', stored, [two, old, three, two], ['corrected', 'duplicate', 'corrected', 'duplicate'], [3]],
      ['what is amended', stored, [suspect], ['amended'], [1]],
      ['what a correction has overtaken', stored, [two, suspect], ['corrected', 'void'], [2]],
      ['nothing that could be amended', undefined, [suspect], ['void'], []],
    ] as const)('it holds %s', (_, held, readings, fates, left) => {
      settle(reading({ time: T0 }));
      workingSet.prune(T0 - DAY);
      expect(settle(...readings)).toEqual(readings.map(() => null));
      expect(values()).toEqual([0.42]);
      expect(told(readings, held)).toEqual(fates);
      expect(values()).toEqual([...left, 0.42]);
      restart();
      expect(values()).toEqual([...left, 0.42]);
      // What was settled once, and is at hand, is known without the archive.
      if (left[0] === 2) expect(settle(two, old)).toEqual(['duplicate', 'duplicate']);
    });

    test('what came later and was settled meanwhile stands', () => {
      settle(reading({ time: T0 }));
      workingSet.prune(T0 - DAY);
      expect(settle(old, two)).toEqual([null, null]);
      expect(told([old], undefined)).toEqual(['stored']);
      expect(settle(three)).toEqual(['corrected']);
      expect(told([two], stored)).toEqual(['corrected']);
      expect(values()).toEqual([3, 0.42]);
      expect(settle(old, two, three)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    });

    test('of a series that has nothing at hand it may be the newest', () => {
      settle(reading({ parameter: 'ph', time: T0 }));
      workingSet.prune(T0 - DAY);
      const later = { ...old, time: old.time + HOUR };
      expect(settle(old, later)).toEqual([null, null]);
      expect(told([old, later], undefined)).toEqual(['stored', 'stored']);
      expect([workingSet.newest('nankeng-out', 'nh3n')?.time, values()]).toEqual([later.time, [1, 1]]);
    });

    test('a transaction that failed has told nothing', () => {
      settle(reading({ time: T0 }));
      workingSet.prune(T0 - DAY);
      expect(() =>
        database.transact(() => {
          workingSet.settleOld([old], [undefined]);
          throw new Error('the power failed');
        }),
      ).toThrow('the power failed');
      expect(values()).toEqual([0.42]);
    });
  });

  test('where it is the archive, nothing is ever forgotten', () => {
    restart(false);
    settle(...series('nankeng-out', 'nh3n', T0, DAY, [1, 2]));
    workingSet.prune(T0 + 9 * DAY);
    expect(workingSet.rows(whole)).toHaveLength(2);
    expect(workingSet.floor()).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('what is known of a station', () => {
  test('earliest by measured time, last arrival, both of sensors only', () => {
    expect(workingSet.station('nankeng-out')).toBeUndefined();
    settle(reading({ time: T0, received: T0 + 5 }));
    settle(reading({ time: T0 - DAY, received: T0 + 3 }));
    settle(reading({ time: T0 - 9 * DAY, received: T0 + 9, source: 'lab', mark: 'S' }));
    expect(workingSet.station('nankeng-out')).toMatchObject({ earliest: T0 - DAY, lastArrival: T0 + 5 });
    restart();
    expect(workingSet.station('nankeng-out')).toMatchObject({ earliest: T0 - DAY, lastArrival: T0 + 5 });
  });

  test('only laboratory samples: nothing is due on line', () => {
    settle(reading({ time: T0, source: 'lab', mark: 'S' }));
    expect(workingSet.station('nankeng-out')?.earliest).toBe(NEVER);
  });
});

test('fates of a batch are kept until it is counted; a batch of new values needs none', () => {
  workingSet.keepFates(1, ['stored', 'stored']);
  workingSet.keepFates(2, ['stored', null, 'duplicate', 'corrected']);
  restart();
  expect(workingSet.fatesOf(1)).toBeUndefined();
  expect(workingSet.fatesOf(2)).toEqual(['stored', null, 'duplicate', 'corrected']);
  workingSet.keepFates(2, ['stored', 'corrected', 'duplicate', 'corrected']);
  expect(workingSet.fatesOf(2)).toEqual(['stored', 'corrected', 'duplicate', 'corrected']);
  workingSet.forgetFates(2);
  expect(workingSet.fatesOf(2)).toBeUndefined();
  workingSet.keepFates(2, ['stored', null]);
  workingSet.keepFates(2, ['stored', 'stored']);
  expect(workingSet.fatesOf(2)).toBeUndefined();
});

describe('a reading that is taken back', () => {
  const withdraw = (r: JudgedReading, instead: JudgedReading | null = null): void =>
    database.transact(() => workingSet.withdraw(r, instead));
  const values = (): number[] => workingSet.rows(whole).map(({ value }) => value);
  const [a, b, c] = [1, 2, 3].map((value, i) => reading({ time: T0 + i * HOUR, value })) as [
    JudgedReading,
    JudgedReading,
    JudgedReading,
  ];

  test.each([
    ['the newest', [a, b, c], c, [1, 2], 2],
    ['one in between', [a, b, c], b, [1, 3], 3],
    ['the only one', [a], a, [], undefined],
    ['one of another value', [a, b], { ...b, value: 9 }, [1, 2], 2],
    ['one of another mark', [a, b], { ...b, mark: 'D' as const }, [1, 2], 2],
    ['one of the laboratory', [a, b], { ...b, source: 'lab' as const }, [1, 2], 2],
  ])('%s', (_, kept, gone, left, newest) => {
    settle(...kept);
    withdraw(gone);
    expect(values()).toEqual(left);
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(newest);
    restart();
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(newest);
  });

  test('another may stand instead, and the same may come again', () => {
    settle(a, { ...a, value: 5 });
    withdraw({ ...a, value: 5 }, a);
    expect(values()).toEqual([1]);
    expect(settle(a, { ...a, value: 5 })).toEqual(['duplicate', 'corrected']);
  });

  test('what was forgotten is still for the archive to tell', () => {
    settle(a, b);
    workingSet.prune(b.time);
    withdraw(b);
    expect(settle(a)).toEqual([null]);
    expect(settle({ ...b, value: 7 })).toEqual(['stored']);
  });

  test.each([
    ['at hand', NEVER, b.time],
    ['elsewhere', T0 - DAY, T0 - DAY],
  ])('the beginning of its station is what is left %s', (_, elsewhere, beginning) => {
    settle(a, b, { ...a, source: 'lab', time: T0 - 9 * DAY });
    withdraw(a);
    database.transact(() => workingSet.begin('nankeng-out', elsewhere));
    expect(workingSet.station('nankeng-out')).toMatchObject({ earliest: beginning, lastArrival: b.received });
    restart();
    expect(workingSet.station('nankeng-out')?.earliest).toBe(beginning);
  });

  test('when the transaction fails it never was', () => {
    settle(a, b);
    expect(() =>
      database.transact(() => {
        workingSet.withdraw(b, null);
        workingSet.begin('nankeng-out', NEVER);
        throw new Error('the power failed');
      }),
    ).toThrow('the power failed');
    expect(workingSet.newest('nankeng-out', 'nh3n')?.value).toBe(2);
    expect(workingSet.station('nankeng-out')?.earliest).toBe(a.time);
    expect(settle(b)).toEqual(['duplicate']);
  });
});
