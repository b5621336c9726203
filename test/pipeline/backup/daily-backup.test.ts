/** Is the state backed up once a day, never twice at once, and is every end of an attempt remembered? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteBackupStore } from '../../../src/adapters/sqlite/backup-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { AuditEvent } from '../../../src/domain/audit.js';
import { type BackupSettings, DEFAULT_BACKUP } from '../../../src/domain/backup.js';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.js';
import { type BackupMaker, DailyBackup, type Made } from '../../../src/pipeline/backup/daily-backup.js';
import { ManualClock } from '../../support/fakes.js';

const NIGHT = Date.parse('2026-11-23T02:30:00+08:00');
const GOOD = { file: 'heqing-20261122T183000Z.tar.gz', bytes: 1000 };

/** Ends what it makes when it is told to. */
class FakeMaker implements BackupMaker {
  readonly dir = '/mnt/backup';
  made = 0;
  stopped = 0;
  private end: (made: Made) => void = () => {};

  isSameDisk(): boolean {
    return false;
  }

  make(): Promise<Made> {
    this.made++;
    return new Promise((resolve) => (this.end = resolve));
  }

  stop(): void {
    this.stopped++;
    this.end({ why: 'SIGKILL' });
  }

  async ends(made: Made): Promise<void> {
    this.end(made);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let clock: ManualClock;
let maker: FakeMaker;
// Held: the connection closes once nobody holds it.
let database: Database;
let store: SqliteBackupStore;
let acts: AuditEvent[];
let logged: string[];
beforeEach(() => {
  clock = new ManualClock(NIGHT - 6 * HOUR);
  maker = new FakeMaker();
  database = new Database(':memory:');
  store = new SqliteBackupStore(database);
  [acts, logged] = [[], []];
});

afterEach(() => database.close());

function daily(settings: BackupSettings | null = DEFAULT_BACKUP): DailyBackup {
  const log = (words: string): void => void logged.push(words);
  return new DailyBackup(
    settings,
    { offsetMinutes: 480 },
    store,
    maker,
    { where: 'state' },
    { record: (event) => ({ ...event, id: acts.push(event), previous: '', hash: '', address: null }) },
    clock,
    { info: log, warn: log, error: log },
  );
}

test('made at its hour, once, however often the minute comes while it is being made', async () => {
  const backup = daily();
  void backup.tick();
  expect(maker.made).toBe(0);
  clock.set(NIGHT);
  void backup.tick();
  void backup.tick();
  expect([maker.made, backup.view().isRunning]).toEqual([1, true]);
  clock.advance(9000);
  await maker.ends(GOOD);
  void backup.tick();
  expect(maker.made).toBe(1);
  expect(backup.view()).toMatchObject({
    state: 'good',
    isRunning: false,
    next: '2026-11-24T02:30:00+08:00',
    lastGood: { at: '2026-11-23T02:30:00+08:00', seconds: 9, ...GOOD, why: null },
  });
  clock.advance(HOUR);
  expect(backup.age()).toBe(3609);
  clock.set(NIGHT + DAY);
  void backup.tick();
  expect(maker.made).toBe(2);
});

test('a restart knows what was made, and makes up for an hour it slept through', async () => {
  const before = daily();
  void before.tick();
  clock.set(NIGHT);
  void before.tick();
  await maker.ends(GOOD);
  void daily().tick();
  expect(maker.made).toBe(1);
  clock.set(NIGHT + DAY + 5 * HOUR);
  void daily().tick();
  expect(maker.made).toBe(2);
});

test('a failure alarms with its reason, is tried again after an hour, and ends with the next good one', async () => {
  const backup = daily();
  void backup.tick();
  clock.set(NIGHT);
  void backup.tick();
  await maker.ends({ why: '/mnt/backup 空间不足' });
  expect(backup.standing()).toMatchObject({
    state: 'failed',
    alarms: true,
    words: { zh: '备份失败(/mnt/backup 空间不足),还没有备份' },
  });
  expect(logged).toHaveLength(1);
  clock.advance(59 * MINUTE);
  void backup.tick();
  expect(maker.made).toBe(1);
  clock.advance(MINUTE);
  void backup.tick();
  await maker.ends(GOOD);
  expect(backup.standing()).toMatchObject({ state: 'good', alarms: false });
  expect(backup.view().attempts.map(({ why }) => why)).toEqual([null, '/mnt/backup 空间不足']);
});

test('one that somebody keeps elsewhere is told of, and stands for none that is due', async () => {
  const backup = daily();
  void backup.tick();
  clock.set(NIGHT);
  store.add({ ...GOOD, at: NIGHT, ended: NIGHT, why: null, elsewhere: '/mnt/usb' });
  expect(backup.standing()).toMatchObject({ state: 'none' });
  expect(backup.view()).toMatchObject({ lastGood: null, attempts: [{ why: null, elsewhere: '/mnt/usb' }] });
  void backup.tick();
  await maker.ends({ why: '/mnt/backup 空间不足' });
  store.add({ ...GOOD, at: NIGHT + HOUR, ended: NIGHT + HOUR, why: null, elsewhere: '/mnt/usb' });
  expect(backup.standing()).toMatchObject({ state: 'failed', alarms: true });
  expect(backup.age()).toBeNull();
});

test('another process that is making one is no failure: the next minute looks again', async () => {
  const backup = daily();
  void backup.tick();
  clock.set(NIGHT);
  void backup.tick();
  await maker.ends({ busy: true });
  expect(backup.view()).toMatchObject({ state: 'none', attempts: [] });
  void backup.tick();
  expect(maker.made).toBe(2);
});

test('a person asks for one: noted with the name; asked again meanwhile, the same one serves', async () => {
  const backup = daily();
  expect(backup.ask('operator-1')).toMatchObject({ isRunning: true });
  backup.ask('operator-2');
  expect(maker.made).toBe(1);
  expect(acts).toMatchObject([{ who: 'operator-1', action: 'backup-asked' }]);
  await maker.ends(GOOD);
  expect(backup.brief()).toEqual({ state: 'good', lastGoodAt: '2026-11-22T20:30:00+08:00' });
});

test('the stop of the service ends it, and is no failure of the disk', async () => {
  const backup = daily();
  backup.ask('operator-1');
  await backup.stop();
  expect([maker.stopped, store.list(9)]).toEqual([1, []]);
  await backup.tick();
  expect(maker.made).toBe(1);
});

test('off: none is made and none is missed', async () => {
  const backup = daily(null);
  clock.advance(10 * DAY);
  await backup.tick();
  expect([maker.made, backup.standing().state, backup.standing().alarms]).toEqual([0, 'off', false]);
});
