/** Does an act of a person leave its record, its audit entry and the span it touches, all or nothing, and is a slip refused in words? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { Decisions, type DecisionWords } from '../../../src/pipeline/deciding/decisions.js';
import { NEVER } from '../../../src/pipeline/stores.js';
import { ManualClock } from '../../support/fakes.js';
import { at, wupi } from '../../support/wupi.js';

const NOW = '2026-11-22 09:00';
const SECTION = 'nankeng-out';

let database: Database;
let store: SqliteDecisionStore;
let audit: SqliteAudit;
let decisions: Decisions;
let clock: ManualClock;
let entered: string[];

beforeEach(() => {
  database = new Database(':memory:');
  store = new SqliteDecisionStore(database);
  audit = new SqliteAudit(database);
  clock = new ManualClock(at(NOW));
  entered = [];
  const transact = <T>(work: () => T): T => database.transact(work);
  decisions = new Decisions(wupi, store, audit, transact, clock, (station) => entered.push(station));
});

afterEach(() => database.close());

/** Everything that waits to be judged again, and takes it away. */
function queued() {
  const all = [];
  for (let next = store.nextRejudge(); next !== undefined; next = store.nextRejudge()) {
    const { id, reached: _, ...rest } = next;
    all.push(rest);
    store.advanceRejudge(id, null);
  }
  return all;
}

const words = (over: Partial<DecisionWords> = {}): DecisionWords => ({
  station: SECTION,
  source: 'sensor',
  parameters: ['nh3n'],
  from: '2026-11-20T09:00:00+08:00',
  to: '2026-11-20T12:00:00+08:00',
  outcome: 'restored',
  reason: 'calibration',
  note: '校准未影响',
  ...over,
});

describe('maintenance', () => {
  test('started now and ended later', () => {
    expect(decisions.addMaintenance('officer', { station: SECTION, note: '换泵' })).toEqual({
      id: '1',
      station: SECTION,
      parameters: null,
      from: '2026-11-22T09:00:00+08:00',
      to: null,
      coversTo: null,
      settlingMinutes: 60,
      tasks: [],
      who: 'officer',
      note: '换泵',
      by: 'officer',
      enteredAt: '2026-11-22T09:00:00+08:00',
      state: 'open',
    });
    expect(queued()).toEqual([
      { station: SECTION, parameters: null, from: at(NOW), to: NEVER, by: 'officer', reason: '维护:换泵(维护记录 1)' },
    ]);
    expect(decisions.maintenance({ open: true, limit: 10 }).maintenance).toHaveLength(1);
    const ended = decisions.changeMaintenance('1', 'admin', { to: '2026-11-22T10:30:00+08:00', reason: '' });
    expect(ended).toMatchObject({ state: 'closed', to: '2026-11-22T10:30:00+08:00', coversTo: '2026-11-22T11:30:00+08:00' });
    expect(queued()).toMatchObject([{ from: at(NOW), to: NEVER, by: 'admin', reason: '维护结束(维护记录 1)' }]);
    expect(decisions.maintenance({ open: true, limit: 10 }).maintenance).toEqual([]);
    expect(audit.list({ what: 'maintenance/1' }, 9).map(({ action, who }) => [action, who])).toEqual([
      ['maintenance-ended', 'admin'],
      ['maintenance-started', 'officer'],
    ]);
    expect(entered).toEqual([SECTION, SECTION]);
  });

  test('entered two days late, corrected, and withdrawn; the trail holds every state of it', () => {
    const span = { from: '2026-11-20T09:00:00+08:00', to: '2026-11-20T11:00:00+08:00' };
    decisions.addMaintenance('officer', { station: SECTION, ...span, parameters: ['w21003', 'ph'], who: '运维单位' });
    expect(queued()).toMatchObject([
      { parameters: ['nh3n', 'ph'], from: at('2026-11-20 09:00'), to: at('2026-11-20 12:00'), reason: '维护(维护记录 1)' },
    ]);
    const words = { to: '2026-11-20T10:00:00+08:00', settlingMinutes: 0, reason: '记错结束时间' };
    decisions.changeMaintenance('1', 'officer', words);
    // What was covered until now is looked at too, or its readings would stay left out.
    expect(queued()).toMatchObject([
      { from: at('2026-11-20 09:00'), to: at('2026-11-20 12:00'), reason: '维护记录更正:记错结束时间(维护记录 1)' },
    ]);
    expect(decisions.changeMaintenance('1', 'officer', { withdrawn: true, reason: '误记' }).state).toBe('withdrawn');
    expect(queued()).toMatchObject([{ from: at('2026-11-20 09:00'), to: at('2026-11-20 10:00') }]);
    const trail = audit.list({ station: SECTION }, 9);
    expect(trail.map(({ action, reason }) => [action, reason])).toEqual([
      ['maintenance-withdrawn', '误记'],
      ['maintenance-corrected', '记错结束时间'],
      ['maintenance-added', ''],
    ]);
    expect(trail[1]).toMatchObject({ before: { to: span.to, settlingMinutes: 60 }, after: { to: words.to, settlingMinutes: 0 } });
    expect(trail[0]!.before).toEqual(trail[1]!.after);
    expect(() => decisions.changeMaintenance('1', 'officer', { note: 'x', reason: '' })).toThrow('已撤回');
  });

  test.each([
    ['an unknown station', { station: 'nowhere' }, '没有代号为 nowhere 的站点'],
    ['an unknown parameter', { station: SECTION, parameters: ['gold'] }, '没有代号为 gold 的指标'],
    ['no parameter', { station: SECTION, parameters: [] }, 'parameters 为空'],
    ['a time without a zone', { station: SECTION, from: '2026-11-20T09:00' }, 'from 应为带时区的时间'],
    ['an end before the beginning', { station: SECTION, to: '2026-11-22T08:00:00+08:00' }, '不晚于开始'],
    ['a slip of the year', { station: SECTION, from: '2027-11-20T09:00:00+08:00' }, '请检查年份'],
  ])('%s is refused and leaves no trace', (_, words, why) => {
    expect(() => decisions.addMaintenance('officer', words)).toThrow(why);
    expect([store.maintenance({}, 9), audit.list({}, 9), queued(), entered]).toEqual([[], [], [], []]);
  });

  test('a change that changes nothing, or nothing there, is refused', () => {
    decisions.addMaintenance('officer', { station: SECTION });
    expect(() => decisions.changeMaintenance('1', 'officer', { reason: '' })).toThrow('没有任何改动');
    expect(() => decisions.changeMaintenance('7', 'officer', { reason: '' })).toThrow('没有编号为 7 的维护记录');
    expect(() => decisions.changeMaintenance('x', 'officer', { reason: '' })).toThrow('没有编号为 x 的维护记录');
  });
});

describe('review decisions', () => {
  test('set, told, and undone by a new event', () => {
    const set = decisions.decide('officer', words());
    expect(set).toMatchObject({ id: '1', outcome: 'restored', outcomeText: '恢复有效', reasonText: '维护校准', undone: null });
    const span = { station: SECTION, parameters: ['nh3n'], from: at('2026-11-20 09:00'), to: at('2026-11-20 12:00') };
    expect(queued()).toEqual([{ ...span, by: 'officer', reason: '审核置恢复有效:维护校准,校准未影响(审核 1)' }]);
    clock.advance(60_000);
    const undone = decisions.undo('1', 'admin', '误判');
    expect(undone.undone).toEqual({ by: 'admin', at: '2026-11-22T09:01:00+08:00', note: '误判' });
    expect(queued()).toEqual([{ ...span, by: 'admin', reason: '撤销审核 1:误判' }]);
    expect(decisions.decisions({ station: SECTION, limit: 9 }).decisions).toEqual([undone]);
    const trail = decisions.trail({ what: 'decision/1', verify: true, limit: 9 });
    expect(trail.entries).toMatchObject([
      { id: '2', who: 'admin', action: 'decision-undone', reason: '误判', before: set, after: undone },
      { id: '1', who: 'officer', action: 'decision-set', before: null, after: set, at: '2026-11-22T09:00:00+08:00' },
    ]);
    expect(trail.chain).toMatchObject({ entries: 2, broken: null });
    expect(() => decisions.undo('1', 'admin', '')).toThrow('已由 admin 撤销');
  });

  test('one reading is its millisecond', () => {
    decisions.decide('officer', words({ time: '2026-11-20T09:00:00+08:00', from: undefined, to: undefined }));
    expect(queued()).toMatchObject([{ from: at('2026-11-20 09:00'), to: at('2026-11-20 09:00') + 1 }]);
  });

  test('are listed by what they reach into', () => {
    decisions.decide('officer', words());
    const asked = (from: string, to: string) => decisions.decisions({ from, to, limit: 9 }).decisions.length;
    expect([asked('2026-11-19', '2026-11-20'), asked('2026-11-20', '2026-11-21'), asked('2026-11-21', '2026-11-22')]).toEqual([
      0, 1, 0,
    ]);
  });

  test.each([
    ['其他 without a word', { reason: 'other', note: ' ' }, '请在 note 中写明'],
    ['neither a reading nor a span', { to: undefined }, '请给出 time'],
    ['both', { time: '2026-11-20T09:00:00+08:00' }, '请给出 time'],
    ['an empty span', { to: '2026-11-20T09:00:00+08:00' }, 'to 不晚于 from'],
  ] as const)('%s is refused', (_, over, why) => {
    expect(() => decisions.decide('officer', words(over))).toThrow(why);
    expect([audit.list({}, 9), queued()]).toEqual([[], []]);
  });

  test('a decision that cannot be audited is not made', () => {
    database.sqlite.exec('DROP TABLE audit');
    expect(() => decisions.decide('officer', words())).toThrow('no such table');
    expect([store.decisions({}, 9), queued(), entered]).toEqual([[], [], []]);
  });
});
