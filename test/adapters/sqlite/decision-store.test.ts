/** Are records, decisions and what they touch kept as they were entered, and found by station and span? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import type { MaintenanceRecord, ReviewDecision } from '../../../src/domain/quality/decision.js';
import { MINUTE } from '../../../src/domain/time.js';
import { NEVER } from '../../../src/pipeline/stores.js';

const record: Omit<MaintenanceRecord, 'id'> = {
  station: 's1',
  parameters: ['ph', 'nh3n'],
  from: 10 * MINUTE,
  to: 20 * MINUTE,
  settlingMinutes: 5,
  who: '运维单位',
  note: '校准',
  by: 'officer',
  at: 99,
  withdrawn: false,
};

const decision: Omit<ReviewDecision, 'id'> = {
  station: 's1',
  source: 'lab',
  parameters: null,
  from: 100,
  to: 200,
  outcome: 'invalid',
  reason: 'other',
  note: '瓶破',
  by: 'admin',
  at: 300,
  undone: null,
};

let database: Database;
let store: SqliteDecisionStore;

beforeEach(() => {
  database = new Database(':memory:');
  store = new SqliteDecisionStore(database);
});

afterEach(() => database.close());

test('a record is kept, replaced, and found by station and by what it covers', () => {
  const first = store.addMaintenance(record);
  const open = store.addMaintenance({ ...record, station: 's2', parameters: null, to: null });
  expect(first).toEqual({ ...record, id: 1 });
  expect(store.findMaintenance(1)).toEqual(first);
  expect(store.findMaintenance(3)).toBeUndefined();
  expect(store.maintenance({}, 10)).toEqual([open, first]);
  expect(store.maintenance({}, 1)).toEqual([open]);
  expect(store.maintenance({ station: 's1' }, 10)).toEqual([first]);
  const within = (from: number, to: number) => store.maintenance({ span: { from: from * MINUTE, to: to * MINUTE } }, 10);
  expect(within(0, 10)).toEqual([]);
  // An open record reaches everything after its beginning; a closed one ends when the instruments have settled.
  expect(within(24, 25)).toEqual([open, first]);
  expect(within(25, 26)).toEqual([open]);
  const withdrawn = { ...first, withdrawn: true };
  store.putMaintenance(withdrawn);
  expect(store.maintenance({ station: 's1' }, 10)).toEqual([withdrawn]);
});

test('a decision is kept, undone, and found by its half-open span', () => {
  const first = store.addDecision(decision);
  expect(first).toEqual({ ...decision, id: 1 });
  const within = (from: number, to: number) => store.decisions({ station: 's1', span: { from, to } }, 10);
  expect([within(0, 100), within(199, 300), within(200, 300)]).toEqual([[], [first], []]);
  const undone = { ...first, undone: { by: 'admin', at: 400, note: '看错' } };
  store.putDecision(undone);
  expect([store.findDecision(1), store.decisions({}, 10)]).toEqual([undone, [undone]]);
});

test('numbers are not given twice', () => {
  store.addMaintenance(record);
  store.addDecision(decision);
  database.sqlite.exec('DELETE FROM maintenance; DELETE FROM decision');
  expect([store.addMaintenance(record).id, store.addDecision(decision).id]).toEqual([2, 2]);
});

test('what is to be judged again waits in order and remembers how far it has come', () => {
  const span = { station: 's1', parameters: ['ph'], from: 1, to: Number.POSITIVE_INFINITY, by: 'officer', reason: '补录' };
  store.enqueue(span);
  store.enqueue({ ...span, parameters: null, to: 5 });
  const first = store.nextRejudge()!;
  expect(first).toEqual({ ...span, to: NEVER, id: 1, reached: null });
  store.advanceRejudge(first.id, { parameter: 'ph', time: 3 });
  expect(store.nextRejudge()!.reached).toEqual({ parameter: 'ph', time: 3 });
  store.advanceRejudge(first.id, null);
  expect(store.nextRejudge()).toMatchObject({ id: 2, parameters: null, to: 5 });
  store.advanceRejudge(2, null);
  expect(store.nextRejudge()).toBeUndefined();
});

test('what of the plan was done is kept, and the last time of each; a state file of former days gains the column', () => {
  store.addMaintenance({ ...record, tasks: ['cleaning', 'reagent'] });
  store.addMaintenance({ ...record, to: 30 * MINUTE, tasks: ['cleaning'] });
  store.addMaintenance({ ...record, to: 40 * MINUTE, tasks: ['cleaning'], withdrawn: true });
  store.addMaintenance({ ...record, to: null, tasks: ['reagent'] });
  store.addMaintenance(record);
  expect(store.lastDone(NEVER).sort((a, b) => (a.task < b.task ? -1 : 1))).toEqual([
    { station: 's1', task: 'cleaning', at: 30 * MINUTE },
    { station: 's1', task: 'reagent', at: 20 * MINUTE },
  ]);
  expect(store.lastDone(25 * MINUTE).map(({ at }) => at)).toEqual([20 * MINUTE, 20 * MINUTE]);
  expect(store.findMaintenance(1)?.tasks).toEqual(['cleaning', 'reagent']);
  expect(store.findMaintenance(5)).toEqual({ ...record, id: 5 });

  const old = new Database(':memory:');
  old.sqlite.exec(`CREATE TABLE maintenance (
    id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, parameters TEXT, "from" INTEGER NOT NULL, "to" INTEGER,
    settling INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL, "by" TEXT NOT NULL, at INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL) STRICT;
    INSERT INTO maintenance VALUES (1, 's1', NULL, 0, 1, 5, 'x', '', 'x', 9, 0);`);
  const renewed = new SqliteDecisionStore(old);
  expect(renewed.findMaintenance(1)?.tasks).toBeUndefined();
  expect(renewed.lastDone(NEVER)).toEqual([]);
  old.close();
});
