/** Does taking stop before the disk is full, say why, and go on by itself? */
import { expect, test } from '@jest/globals';
import { BackPressure, type Floors } from '../../src/pipeline/back-pressure.js';
import { FakeDisk, FakeTap } from '../support/fake-disk.js';
import { ManualClock } from '../support/fakes.js';
import { KeptJournal } from '../support/pipeline-ends.js';
import { at } from '../support/wupi.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const FLOORS: Floors = { diskFloorBytes: 512 * MIB, diskFloorPercent: 2, logLimitValues: 1000 };
const T0 = at('2026-11-23 08:00');

function setUp(disk = new FakeDisk(100 * GIB, 1000 * GIB), floors = FLOORS) {
  const log = { waiting: 0, longest: () => log.waiting };
  const writing = {
    down: null as string | null,
    mended: () => {
      writing.down = null;
    },
  };
  const tap = new FakeTap();
  const clock = new ManualClock(T0);
  const journal = new KeptJournal();
  return { disk, log, writing, tap, clock, journal, pressure: new BackPressure(floors, disk, log, writing, tap, clock, journal) };
}

test.each([
  // The lower of both floors binds: 2 % of 1000 GiB would be 20 GiB.
  { total: 1000 * GIB, free: 512 * MIB, paused: false },
  { total: 1000 * GIB, free: 512 * MIB - 1, paused: true },
  { total: 10 * GIB, free: 205 * MIB, paused: false },
  { total: 10 * GIB, free: 204 * MIB, paused: true },
])('of $total bytes $free are free: paused $paused', ({ total, free, paused }) => {
  const { pressure } = setUp(new FakeDisk(free, total));
  pressure.look();
  expect(pressure.paused !== null).toBe(paused);
});

test('the disk fills: one hold, said once in the journal, with the reason kept current; released a quarter above the floor', () => {
  const { pressure, disk, tap, clock, journal } = setUp();
  pressure.look();
  expect(tap.turns).toEqual([]);
  disk.room = { free: 400 * MIB, total: 1000 * GIB, reusable: 0 };
  pressure.look();
  expect(pressure.paused).toMatchObject({ kind: 'disk', since: T0, reason: expect.stringContaining('剩 400 MiB,须留 512 MiB') });
  clock.advance(1000);
  for (const free of [300, 513, 639]) {
    disk.room = { free: free * MIB, total: 1000 * GIB, reusable: 0 };
    pressure.look();
  }
  expect(pressure.paused).toMatchObject({ since: T0, reason: expect.stringContaining('剩 639 MiB,须留 640 MiB') });
  expect(tap.turns).toHaveLength(1);
  disk.room = { free: 640 * MIB, total: 1000 * GIB, reusable: 0 };
  pressure.look();
  expect(pressure.paused).toBeNull();
  expect(tap.turns).toEqual([expect.stringMatching(/^hold 数据盘将满/), 'release']);
  expect(journal.lines).toEqual([
    expect.stringMatching(/^error: .*暂停接收测值,数据盘将满/),
    expect.stringMatching(/^warn: taking readings again/),
  ]);
});

test('pages that a drained log has left count as free, as long as the write-ahead log has room beside them', () => {
  const { pressure, disk } = setUp(new FakeDisk(100 * MIB, 1000 * GIB));
  pressure.look();
  expect(pressure.paused?.kind).toBe('disk');
  disk.room = { free: 100 * MIB, total: 1000 * GIB, reusable: 20 * GIB };
  pressure.look();
  expect(pressure.paused).toBeNull();
  disk.room = { free: 63 * MIB, total: 1000 * GIB, reusable: 20 * GIB };
  pressure.look();
  expect(pressure.paused?.kind).toBe('disk');
});

test('too many values wait: held above the limit, released at four fifths of it', () => {
  const { pressure, log, tap } = setUp();
  for (const [waiting, paused] of [
    [1000, false],
    [1001, true],
    [801, true],
    [800, false],
    [1000, false],
  ] as const) {
    log.waiting = waiting;
    pressure.look();
    expect([waiting, pressure.paused !== null]).toEqual([waiting, paused]);
  }
  expect(tap.turns).toEqual([expect.stringContaining('1001 条,上限 1000'), 'release']);
});

test('a commit failed and nothing can be written: held until a write works, though no message comes to show it', () => {
  const { pressure, disk, writing, tap } = setUp();
  writing.down = 'database or disk is full';
  disk.broken = 'database or disk is full';
  pressure.look();
  pressure.look();
  expect(pressure.paused).toMatchObject({ kind: 'write', reason: expect.stringContaining('database or disk is full') });
  expect(tap.turns).toHaveLength(1);
  disk.broken = null;
  pressure.look();
  expect(pressure.paused).toBeNull();
  expect(writing.down).toBeNull();
  expect(tap.turns.at(-1)).toBe('release');
});

test('a commit failed and writing works: nobody is held up, and the failure is no longer shown', () => {
  const { pressure, writing, tap, journal } = setUp();
  writing.down = 'a message that cannot be worked with';
  pressure.look();
  expect(pressure.paused).toBeNull();
  expect(writing.down).toBeNull();
  expect(tap.turns).toEqual(['release']);
  expect(journal.lines).toEqual([]);
});

test('one reason gives way to another without taking in between', () => {
  const { pressure, disk, log, tap } = setUp();
  log.waiting = 2000;
  pressure.look();
  disk.room = { free: 0, total: GIB, reusable: 0 };
  pressure.look();
  expect(pressure.paused?.kind).toBe('disk');
  disk.room = { free: GIB, total: GIB, reusable: 0 };
  pressure.look();
  expect(pressure.paused?.kind).toBe('log');
  log.waiting = 0;
  pressure.look();
  expect(tap.turns.map((turn) => turn.split(' ')[0])).toEqual(['hold', 'hold', 'hold', 'release']);
});

test('a disk without a size stops nothing: a write will tell', () => {
  const { pressure, disk, tap } = setUp();
  disk.room = null;
  pressure.look();
  expect(tap.turns).toEqual([]);
});
