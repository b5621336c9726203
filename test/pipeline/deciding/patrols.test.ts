/** Are patrols counted from Monday on the site's calendar, told in the 晨报, and kept for good? */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqlitePatrolStore } from '../../../src/adapters/sqlite/patrol-store.js';
import type { Person } from '../../../src/domain/people.js';
import type { Site } from '../../../src/domain/site.js';
import { Patrols, weekOf } from '../../../src/pipeline/deciding/patrols.js';
import { ManualClock } from '../../support/fakes.js';
import { PEOPLE } from '../../support/telling.js';
import { at, wupi } from '../../support/wupi.js';

const chief: Person = { ...PEOPLE[0]!, patrolsPerWeek: 1 };
const site: Site = { ...wupi, people: [chief, ...PEOPLE.slice(1)] };

let database: Database;
let clock: ManualClock;
let patrols: Patrols;
let audit: SqliteAudit;

beforeEach(() => {
  database = new Database(':memory:');
  clock = new ManualClock(at('2026-11-25 09:00'));
  audit = new SqliteAudit(database);
  patrols = new Patrols(site, new SqlitePatrolStore(database), audit, (work) => database.transact(work), clock);
});

describe('the week', () => {
  test.each([
    ['2026-11-23 00:00', '2026-11-23 00:00'],
    ['2026-11-22 23:59', '2026-11-16 00:00'],
    ['2026-11-29 23:59', '2026-11-23 00:00'],
    ['2027-01-01 08:00', '2026-12-28 00:00'],
  ])('%s belongs to the one of %s', (t, from) => {
    expect(weekOf(at(t), site.calendar)).toEqual({ from: at(from), to: at(from) + 7 * 86_400_000 });
  });
});

test('due and done of the running week; last week counts no more', () => {
  expect(patrols.count(chief, clock.now())).toEqual({ due: 1, done: 0 });
  patrols.add('liu', { person: chief.id, note: ' 河面无漂浮物 ', place: { lat: 27.6, lon: 113.9, accuracy: 12 } });
  patrols.add('liu', { person: chief.id, note: '' });
  expect(patrols.count(chief, clock.now())).toEqual({ due: 1, done: 2 });
  expect(patrols.week(chief.id)).toMatchObject({
    from: '2026-11-23T00:00:00+08:00',
    to: '2026-11-30T00:00:00+08:00',
    due: 1,
    patrols: [
      { by: 'liu', note: '', place: null },
      { by: 'liu', note: '河面无漂浮物', place: { lat: 27.6, lon: 113.9, accuracy: 12 }, at: '2026-11-25T09:00:00+08:00' },
    ],
  });
  expect(patrols.count(chief, at('2026-11-30 00:00'))).toEqual({ due: 1, done: 0 });
});

test('who owes none has no count; another chief’s patrols are not mine', () => {
  patrols.add('liu', { person: 'chief', note: '' });
  expect(patrols.count(PEOPLE[3]!, clock.now())).toBeNull();
  expect(patrols.week('chief').due).toBeNull();
  expect(patrols.count(chief, clock.now())).toEqual({ due: 1, done: 0 });
});

test('nobody but a river chief has patrols; what was entered is in the audit trail and stays', () => {
  for (const id of ['duty', 'office', 'bureau', 'nobody'])
    expect(() => patrols.add('liu', { person: id, note: '' })).toThrow('没有代号为');
  patrols.add('liu', { person: chief.id, note: '走完全程' });
  expect(database.sqlite.prepare('SELECT count(*) AS n FROM patrol').get()).toEqual({ n: 1 });
  expect(() => database.sqlite.exec('DELETE FROM patrol')).toThrow('stays');
  expect(() => database.sqlite.exec("UPDATE patrol SET note = ''")).toThrow('stays');
  expect(audit.list({}, 10)).toMatchObject([{ who: 'liu', action: 'patrol-entered', what: 'patrol/1', reason: '走完全程' }]);
});
