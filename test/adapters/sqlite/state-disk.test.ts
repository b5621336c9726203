/** Does the state file know its room, and survive a disk that is full? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteLedger } from '../../../src/adapters/sqlite/ledger.js';
import { SqliteReadingLog } from '../../../src/adapters/sqlite/reading-log.js';
import { StateDisk } from '../../../src/adapters/sqlite/state-disk.js';
import { BackPressure } from '../../../src/pipeline/back-pressure.js';
import { GroupCommit } from '../../../src/pipeline/intake.js';
import { FakeTap } from '../../support/fake-disk.js';
import { decodeFake, ManualClock } from '../../support/fakes.js';
import { KeptJournal } from '../../support/pipeline-ends.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { at, wupi } from '../../support/wupi.js';

const MIB = 1024 * 1024;
const T0 = at('2026-11-23 08:00');

let folder: TemporaryFolder;
const undo: (() => void)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder('disk');
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) step();
  await folder.remove();
});

function open(path: string) {
  const database = new Database(join(path, 'heqing.db'));
  undo.push(() => database.close());
  const log = new SqliteReadingLog(database);
  const ledger = new SqliteLedger(database, 1000);
  const disk = new StateDisk(path, database);
  const journal = new KeptJournal();
  const clock = new ManualClock(T0);
  const transact = <T>(work: () => T): T => database.transact(work);
  const intake = new GroupCommit(
    wupi,
    decodeFake,
    log,
    ledger,
    transact,
    clock,
    journal,
    { committed: () => undefined },
    () => undefined,
  );
  const tap = new FakeTap();
  const floors = { diskFloorBytes: 0, diskFloorPercent: 0, logLimitValues: 1e9 };
  const pressure = new BackPressure(floors, disk, log, intake, tap, clock, journal);
  let n = 0;
  /** One delivery of 500 readings: some tens of KiB. Resolves to its refusal, if any. */
  const publish = (): Promise<Error | undefined> => {
    const time = T0 + 1000 * n++;
    const reading = { station: 'nankeng-out', parameter: 'ph', time, value: 7, mark: 'N', source: 'sensor' };
    const readings = Array.from({ length: 500 }, (_, i) => ({ ...reading, time: time + i }));
    const payload = new TextEncoder().encode(JSON.stringify({ readings }));
    return new Promise((done) =>
      intake.take({ topic: 'heqing/nankeng-out/readings', payload, maySpeakFor: null, received: T0 }, done),
    );
  };
  return { database, log, ledger, disk, intake, pressure, tap, publish };
}

const stored = ({ database }: ReturnType<typeof open>): number =>
  (database.prepare('SELECT coalesce(sum(size), 0) AS n FROM log_batch').get() as { n: number }).n;

test('the room is that of the file system, and the pages that were given up', () => {
  const { disk, database } = open(folder.path);
  const { bavail, blocks, bsize } = statfsSync(folder.path);
  const room = disk.space();
  expect(room?.total).toBe(blocks * bsize);
  expect(Math.abs((room?.free ?? 0) - bavail * bsize)).toBeLessThan(2048 * MIB);
  const before = room?.reusable ?? 0;
  database.sqlite.exec('CREATE TABLE filler (x BLOB); INSERT INTO filler VALUES (zeroblob(10485760)); DROP TABLE filler');
  expect((disk.space()?.reusable ?? 0) - before).toBeGreaterThan(9 * MIB);
});

test('a folder that is gone has no room that could be told', async () => {
  const { disk } = open(folder.path);
  await rm(folder.path, { recursive: true });
  expect(disk.space()).toBeNull();
});

describe.each([
  [
    'the file may not grow',
    (state: ReturnType<typeof open>) => {
      const { page_count: pages } = state.database.prepare('PRAGMA page_count').get() as { page_count: number };
      state.database.sqlite.exec(`PRAGMA max_page_count = ${pages + 40}`);
      return () => state.database.sqlite.exec('PRAGMA max_page_count = 1073741823');
    },
  ],
])('%s', (_, fill) => {
  test('SQLITE_FULL: refused and left with the sender, everything before is kept, and it goes on by itself', async () => {
    const state = open(folder.path);
    const mend = fill(state);
    let kept = 0;
    let error: Error | undefined;
    while ((error = await state.publish()) === undefined) kept += 500;
    expect(error.message).toMatch(/full/);
    expect(stored(state)).toBe(kept);
    expect(state.ledger.totals()).toMatchObject({ received: kept, pending: kept });
    expect(state.log.longest()).toBe(kept);

    // The file has a little room left perhaps, yet not for what a probe writes.
    state.pressure.look();
    expect(state.pressure.paused).toMatchObject({ kind: 'write' });
    mend();
    state.pressure.look();
    expect(state.pressure.paused).toBeNull();
    expect(state.intake.down).toBeNull();
    expect(state.tap.turns).toHaveLength(2);
    expect(await state.publish()).toBeUndefined();
    expect(stored(state)).toBe(kept + 500);
  });
});

/** A small file system, mounted until the test ends; for root only, and not in every container. */
function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path], { stdio: 'pipe' });
  // Lazily: SQLite closes its files when the last statement has been collected.
  undo.unshift(() => execFileSync('umount', ['-l', path]));
}

const mayMount = ((): boolean => {
  const path = mkdtempSync(join(tmpdir(), 'heqing-mount-'));
  try {
    mount(path);
    undo.splice(0).forEach((step) => step());
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(path);
  }
})();

if (!mayMount) {
  test('NOT TESTED HERE: a real full disk, since this user may not mount one', () => expect(undo).toEqual([]));
} else {
  test('a real disk of 8 MiB that others fill: nothing acknowledged is lost, and it goes on when there is room again', async () => {
    const path = join(folder.path, 'small');
    await mkdir(path);
    mount(path);
    const state = open(path);
    expect(await state.publish()).toBeUndefined();
    const { free } = state.disk.space() ?? { free: 0 };
    await writeFile(join(path, 'others'), Buffer.alloc(Math.max(0, free - 1.5 * MIB)));
    let kept = 500;
    while ((await state.publish()) === undefined) kept += 500;
    expect(state.disk.space()?.free).toBeLessThan(MIB);
    state.pressure.look();
    expect(state.pressure.paused?.kind).toBe('write');
    expect(stored(state)).toBe(kept);

    await rm(join(path, 'others'));
    state.pressure.look();
    expect(state.pressure.paused).toBeNull();
    expect(await state.publish()).toBeUndefined();
    const { sqlite } = state.database;
    expect(sqlite.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(stored(state)).toBe(kept + 500);
  });
}
