/** Does every alert open once, is it announced once, and does it end once, whatever breaks? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { SqliteAlertStore } from '../../src/adapters/sqlite/alert-store.js';
import { SqliteAudit } from '../../src/adapters/sqlite/audit-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../src/adapters/sqlite/decision-store.js';
import { SqliteReadingLog } from '../../src/adapters/sqlite/reading-log.js';
import { SqliteReviewStore } from '../../src/adapters/sqlite/review-store.js';
import { SqliteWorkingSet } from '../../src/adapters/sqlite/working-set.js';
import type { JudgedReading } from '../../src/domain/reading.js';
import type { Site } from '../../src/domain/site.js';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { AlarmDesk } from '../../src/pipeline/alerting/alarm-desk.js';
import { Amendments } from '../../src/pipeline/judging/amendments.js';
import { closeDeparted } from '../../src/pipeline/alerting/departed.js';
import { Episodes } from '../../src/pipeline/alerting/episodes.js';
import { Judge } from '../../src/pipeline/judge.js';
import { MomentaryCheck } from '../../src/pipeline/judging/momentary.js';
import { Refusal } from '../../src/pipeline/ports.js';
import { Rulings } from '../../src/pipeline/judging/rejudge.js';
import { Settle } from '../../src/pipeline/settle.js';
import type { Transact } from '../../src/pipeline/stores.js';
import { Watch } from '../../src/pipeline/watch.js';
import { FakeLive, ManualClock } from '../support/fakes.js';
import { KeptJournal } from '../support/pipeline-ends.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { at, reading, wupi } from '../support/wupi.js';

const SITE: Site = { ...wupi, rules: { ...wupi.rules, damping: { openings: 3, hours: 24, holdMinutes: 30 } } };

/** Settle, judge and watch on one state file, a manual clock, and a power that can fail. */
function assemble(file: string, clock: ManualClock, power: { fails: number }, why: { not: string | null }, site = SITE) {
  const database = new Database(file);
  const transact: Transact = (work) =>
    database.transact(() => {
      const result = work();
      if (power.fails-- > 0) throw new Error('the power failed');
      power.fails = 0;
      return result;
    });
  const plain: Transact = (work) => database.transact(work);
  const log = new SqliteReadingLog(database);
  const workingSet = new SqliteWorkingSet(database, false);
  const alerts = new SqliteAlertStore(database);
  const episodes = new Episodes(alerts, site.rules.damping);
  const decisions = new SqliteDecisionStore(database);
  const rulings = new Rulings(decisions);
  const live = new FakeLive();
  const audit = new SqliteAudit(database);
  const nothing = (): void => {};
  const check = new MomentaryCheck(site, workingSet);
  const settle = new Settle(log, workingSet, plain, live, nothing);
  const reviews = new SqliteReviewStore(database);
  const judge = new Judge(site, log, workingSet, new Amendments(log), rulings, reviews, decisions, plain, clock, nothing);
  const suppression = { suppressed: () => why.not };
  const watch = new Watch(site, log, workingSet, alerts, episodes, check, transact, clock, live, nothing, rulings, suppression);
  return {
    database,
    alerts,
    episodes,
    live,
    audit,
    watch,
    desk: new AlarmDesk(alerts, episodes, audit, plain, clock, live, nothing),
    closeDeparted: () => closeDeparted(site, alerts, plain, clock, new KeptJournal()),
    append: (readings: readonly JudgedReading[]) => plain(() => log.append(readings)),
    /** Everything that is to be done; watch sees a value before its neighbours have said what they make of it. */
    run() {
      for (let busy = true; busy;) {
        busy = settle.step();
        while (watch.step()) busy = true;
        if (judge.step()) busy = true;
      }
    },
    settle: () => settle.step(),
  };
}

let folder: TemporaryFolder;
let clock: ManualClock;
let parts: ReturnType<typeof assemble>;
let power: { fails: number };
let why: { not: string | null };
const start = (site = SITE): void => {
  parts = assemble(join(folder.path, 'heqing.db'), clock, power, why, site);
};
beforeEach(async () => {
  folder = await temporaryFolder('watch');
  clock = new ManualClock(at('2026-11-23 08:00'));
  power = { fails: 0 };
  why = { not: null };
  start();
});
afterEach(async () => {
  parts.database.close();
  await folder.remove();
});
const crash = (site = SITE): void => {
  parts.database.close();
  start(site);
};
/** One value at a time of day, arriving at once, and lets it run through. */
function say(time: string, value: number, over: Partial<JudgedReading> = {}): void {
  const t = at(`2026-11-23 ${time}`);
  clock.set(Math.max(clock.now(), t));
  parts.append([reading({ time: t, value, ...over })]);
  parts.run();
}
const active = () => parts.alerts.list('active', 99);
const told = () => parts.alerts.announcements(99).map(({ change }) => change.what);

test('08:00 over · 16:00, 17:00, 20:00 back inside · one alert, opened and resolved once', () => {
  say('08:00', 1.37);
  expect(active()).toMatchObject([
    { subject: 'nankeng-out', station: 'nankeng-out', parameter: 'nh3n', severity: 'over', value: 1.37, passed: { number: 1 } },
  ]);
  expect(active()[0]?.reason.zh).toBe('单次测值 1.37 mg/L,超Ⅲ类限值(1.0)0.37 倍');
  say('12:00', 1.5);
  for (const time of ['16:00', '17:00', '20:00']) say(time, 0.7);
  expect(active()).toEqual([]);
  expect(parts.alerts.list('all', 9)).toMatchObject([{ state: 'resolved', value: 1.5 }]);
  say('21:00', 0.7);
  expect(told()).toEqual(['opened', 'resolved']);
  expect(parts.live.alerts.map((alert) => alert.state)).toEqual(['active', 'resolved']);
  expect(parts.alerts.announcements(1)[0]?.arrivedAt).toBe(at('2026-11-23 08:00') + 1000);
});

describe('a crash', () => {
  test.each([1, 2, 3])('%i times before the step is committed: announced once', (times) => {
    parts.append([reading({ value: 1.37 })]);
    parts.settle();
    for (let i = 0; i < times; i++) {
      power.fails = 1;
      expect(() => parts.watch.step()).toThrow('the power failed');
      expect(active()).toEqual([]);
      expect(told()).toEqual([]);
      expect(parts.live.alerts).toEqual([]);
      if (i % 2 === 1) crash();
    }
    parts.run();
    expect(active()).toHaveLength(1);
    expect(told()).toEqual(['opened']);
  });

  test('while an alert stands: it goes on where it was, and ends once', () => {
    say('08:00', 1.37);
    say('09:00', 0.5);
    say('10:00', 0.5);
    crash();
    say('11:00', 0.5);
    expect(active()).toEqual([]);
    crash();
    say('12:00', 0.5);
    expect(told()).toEqual(['opened', 'resolved']);
  });

  test('in the step that ends it: announced once', () => {
    for (const [time, value] of [
      ['08:00', 1.37],
      ['09:00', 0.5],
      ['10:00', 0.5],
    ] as const)
      say(time, value);
    clock.set(at('2026-11-23 11:00'));
    parts.append([reading({ time: at('2026-11-23 11:00'), value: 0.5 })]);
    parts.settle();
    power.fails = 1;
    expect(() => parts.watch.step()).toThrow();
    expect(active()).toHaveLength(1);
    parts.run();
    expect(active()).toEqual([]);
    expect(told()).toEqual(['opened', 'resolved']);
  });
});

describe('what does not alarm', () => {
  test.each([
    ['a value of maintenance', { value: 9, mark: 'M' as const }],
    ['a value outside the instrument', { value: 900, quality: 'fail' as const, checks: ['gross-range'] }],
    ['a laboratory sample', { value: 9, source: 'lab' as const, mark: 'S' as const }],
    ['total nitrogen in a river', { parameter: 'tn', value: 90 }],
    ['turbidity of a river', { parameter: 'turb', value: 900 }],
    ['an hour of particles in ambient air', { station: 'town-air', parameter: 'pm10', value: 900 }],
    ['an outlet without a permit', { station: 'jinqiao-outlet', parameter: 'cod', value: 900 }],
    ['an inactive station', { station: 'gangue-heap', parameter: 'pm10', value: 9000 }],
    ['a value exactly at the limit', { value: 1 }],
    ['one night value of oxygen', { parameter: 'do', value: 4 }],
    ['over-range oxygen: it says nothing of a lower limit', { parameter: 'do', value: 1, mark: 'T' as const }],
    ['a residual of a disinfectant that is not used', { station: 'celei-tap', parameter: 'cl2', value: 0 }],
  ])('%s', (_, over) => {
    parts.append([reading(over)]);
    parts.run();
    expect(active()).toEqual([]);
    expect(told()).toEqual([]);
  });

  test('a backfill of last week', () => {
    parts.append([reading({ time: at('2026-11-16 08:00'), value: 9 })]);
    parts.run();
    expect(active()).toEqual([]);
  });

  test('a series that another alert speaks for, until it does so no more', () => {
    why.not = '雨后水质波动';
    say('08:00', 1.37);
    say('09:00', 1.37);
    expect(active()).toEqual([]);
    why.not = null;
    say('10:00', 1.37);
    expect(told()).toEqual(['opened']);
    why.not = '雨后水质波动';
    for (const time of ['11:00', '12:00', '13:00']) say(time, 0.5);
    expect(told()).toEqual(['opened', 'resolved']);
  });
});

test('over-range ammonia does: the true value is higher still', () => {
  say('08:00', 20, { mark: 'T' });
  expect(active()).toHaveLength(1);
});

describe('sewage NH₃-N by water temperature', () => {
  const outlet = { station: 'qinghuchong-outlet' };
  test.each([
    ['warm', 15, {}, '07:50', 1],
    ['cold', 11, {}, '07:50', 0],
    ['warm, but the probe was out for cleaning', 15, { mark: 'M' as const }, '07:50', 0],
    ['measured after the value only', 15, {}, '08:30', 0],
  ])('10 mg/L, %s', (_, value, over, time, alerts) => {
    clock.set(at('2026-11-23 09:00'));
    say(time, value, { ...outlet, parameter: 'temp', ...over });
    say('08:00', 10, outlet);
    expect(active()).toHaveLength(alerts);
  });
});

describe('a spike', () => {
  const usual = (): void => {
    for (const time of ['04:00', '05:00', '06:00', '07:00']) say(time, 0.4);
  };
  test('alarms unconfirmed, and never was once the next value is back', () => {
    usual();
    say('08:00', 9);
    expect(active()).toMatchObject([{ isUnconfirmed: true }]);
    say('09:00', 0.4);
    expect(active()).toEqual([]);
    expect(told()).toEqual(['opened', 'refuted']);
    expect(parts.alerts.list('all', 1)[0]?.history.at(-1)?.reason).toContain('突跳');
  });

  test('is confirmed by the next value', () => {
    usual();
    say('08:00', 9);
    say('09:00', 9.1);
    expect(active()).toMatchObject([{ isUnconfirmed: false }]);
    expect(told()).toEqual(['opened', 'confirmed']);
  });

  test('that is over before anybody looks alarms nobody', () => {
    usual();
    clock.set(at('2026-11-23 09:00'));
    parts.append([8, 9].map((hour) => reading({ time: at(`2026-11-23 0${hour}:00`), value: hour === 8 ? 9 : 0.4 })));
    parts.run();
    expect(told()).toEqual([]);
  });
});

test('a late record that leaves the only value out: it never was', () => {
  say('08:00', 1.37);
  const amended = { by: 'officer', reason: '维护:换标液(维护记录 1)', at: clock.now() };
  parts.append([reading({ value: 1.37, ruling: 'maintenance', amended })]);
  parts.run();
  expect(told()).toEqual(['opened', 'refuted']);
  expect(parts.alerts.list('all', 1)[0]?.history.at(-1)?.reason).toContain('换标液');
});

test('a fourth opening waits, and is told when it has lasted', () => {
  for (const hour of [8, 12, 16]) {
    say(`${String(hour).padStart(2, '0')}:00`, 1.37);
    for (const i of [1, 2, 3]) say(`${String(hour + i).padStart(2, '0')}:00`, 0.5);
  }
  say('20:00', 1.37);
  expect(active()).toMatchObject([{ state: 'pending' }]);
  parts.watch.tick();
  expect(told()).toHaveLength(6);
  clock.advance(30 * MINUTE);
  parts.watch.tick();
  expect(told().slice(6)).toEqual(['opened']);
  expect(parts.live.alerts.at(-1)?.state).toBe('active');
});

describe('people', () => {
  test('acknowledging is kept with its audit; the end comes as usual', () => {
    say('08:00', 1.37);
    const { id } = active()[0]!;
    parts.desk.acknowledge(id, '镇环保办', '已派人');
    expect(active()).toMatchObject([{ state: 'acknowledged', acknowledgedBy: '镇环保办' }]);
    expect(parts.audit.list({ what: `alert/${id}` }, 9)).toMatchObject([
      { action: 'alert-acknowledged', who: '镇环保办', reason: '已派人' },
    ]);
    parts.desk.acknowledge(id, '值班员', '');
    expect(active()).toMatchObject([{ acknowledgedBy: '镇环保办' }]);
    expect(parts.audit.list({ what: `alert/${id}` }, 9)).toHaveLength(1);
    for (const time of ['09:00', '10:00', '11:00']) say(time, 0.5);
    expect(parts.alerts.list('all', 1)[0]?.history.map(({ to }) => to)).toEqual(['active', 'acknowledged', 'resolved']);
    expect(() => parts.desk.acknowledge(id, '镇环保办', '')).toThrow(Refusal);
    expect(() => parts.desk.acknowledge('none', '镇环保办', '')).toThrow(Refusal);
  });

  test('closed by a person it stays so until it was over; those who were told hear it', () => {
    say('08:00', 1.37);
    const { id } = active()[0]!;
    expect(() => parts.desk.close(id, '镇环保办', ' ')).toThrow(Refusal);
    parts.desk.close(id, '镇环保办', '探头脱落,已报修');
    expect(told()).toEqual(['opened', 'closed']);
    say('09:00', 1.4);
    expect(active()).toEqual([]);
    for (const time of ['10:00', '11:00', '12:00']) say(time, 0.5);
    say('13:00', 1.4);
    expect(told()).toEqual(['opened', 'closed', 'opened']);
    expect(() => parts.desk.close(id, '镇环保办', '再次')).toThrow(Refusal);
  });
});

test('a station that left the config and comes back may be over its limit again', () => {
  say('08:00', 1.37);
  crash({ ...SITE, stations: new Map([...SITE.stations].filter(([id]) => id !== 'nankeng-out')) });
  parts.closeDeparted();
  expect(parts.alerts.list('all', 9)).toMatchObject([{ state: 'closed' }]);
  crash();
  clock.set(at('2026-11-23 08:00') + HOUR);
  say('09:00', 1.4);
  expect(parts.alerts.list('all', 9).map(({ state }) => state)).toEqual(['active', 'closed']);
});
