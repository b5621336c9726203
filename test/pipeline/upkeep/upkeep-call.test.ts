/** Is whoever looks after the instruments told on the morning something is due, once for each task and due date? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteComparisonStore, SqliteToldStore } from '../../../src/adapters/sqlite/comparison-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../../src/adapters/sqlite/decision-store.js';
import { SqliteOutbox } from '../../../src/adapters/sqlite/outbox.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import type { Site } from '../../../src/domain/site.js';
import type { UpkeepTask } from '../../../src/domain/upkeep/plan.js';
import { upkeep } from '../../../src/pipeline/upkeep/upkeep.js';
import { at, wupi } from '../../support/wupi.js';

let database: Database;
let clock: { time: number; now(): number };
beforeEach(() => {
  database = new Database(':memory:');
  clock = { time: at('2026-11-23 07:30'), now: () => clock.time };
});
afterEach(() => database.close());

const parts = (site: Site = wupi, began = 0) => {
  const outbox = new SqliteOutbox(database);
  const stores = {
    comparisons: new SqliteComparisonStore(database),
    told: new SqliteToldStore(database),
    decisions: new SqliteDecisionStore(database),
    workingSet: new SqliteWorkingSet(database, false),
    audit: new SqliteAudit(database),
    verdicts: { markJudged: () => {} },
    outbox,
  };
  const world = {
    publicUrl: 'https://heqing.example.org/',
    domain: 'example.org',
    began: () => began,
    wrote: () => {},
    marked: () => {},
  };
  return { ...upkeep(site, stores, (work) => database.transact(work), clock, world), outbox, decisions: stores.decisions };
};
const done = (station: string, day: string, tasks: UpkeepTask[], over: { withdrawn?: boolean; to?: null } = {}): void => {
  new SqliteDecisionStore(database).addMaintenance({
    ...{ station, parameters: null, from: at(`${day} 09:00`), to: at(`${day} 10:00`), settlingMinutes: 60 },
    ...{ tasks, who: '运维', note: '', by: 'mia', at: at(`${day} 10:00`), withdrawn: false },
    ...over,
  });
};
/** Steps at a time, and the subjects that are in the outbox then. */
const step = (time: string, site?: Site, began?: number): string[] => {
  clock.time = at(time);
  const { call, outbox } = parts(site, began);
  call.step();
  return outbox
    .list(9)
    .map(({ mail, recipient }) => `${recipient}: ${mail.subject}`)
    .reverse();
};

test('nothing was ever recorded: nobody can say what is due, so no mail claims it', () => {
  expect(step('2026-11-23 07:30')).toEqual([]);
  expect(parts().summary(null, clock.time)).toMatchObject({ overdue: 0, due: 0 });
  expect(parts().summary(null, clock.time).never).toBeGreaterThan(30);
});

test('on the morning it is due, once; over restarts; and again with the next due date', () => {
  done('nankeng-out', '2026-11-17', ['cleaning']);
  expect(step('2026-11-23 07:30')).toEqual([]);
  const first = 'operations: 【运维】1 项到期:南坑河出境断面 清洗 11-24';
  expect(step('2026-11-24 07:29')).toEqual([]);
  expect(step('2026-11-24 07:30')).toEqual([first]);
  expect(step('2026-11-24 11:00')).toEqual([first]);
  // Still not done: it stands on the page and in the 晨报, and no second mail is sent.
  expect(step('2026-11-25 07:30')).toEqual([first]);
  expect(parts().summary(null, clock.time)).toMatchObject({ overdue: 1, due: 0 });
  done('nankeng-out', '2026-11-25', ['cleaning']);
  expect(parts().summary(null, at('2026-11-25 12:00'))).toMatchObject({ overdue: 0, due: 0 });
  expect(step('2026-12-02 07:30')).toEqual([first, 'operations: 【运维】1 项到期:南坑河出境断面 清洗 12-02']);
});

test('what falls into the days off is told before them, in one mail a morning; what is late stands below', () => {
  done('nankeng-out', '2026-11-20', ['cleaning']); // due Friday 27
  done('nankeng-mid', '2026-11-21', ['cleaning']); // due Saturday 28
  done('nankeng-in', '2026-11-23', ['cleaning']); // due Monday 30
  const friday = 'operations: 【运维】2 项到期:南坑河中段断面 清洗 等 11-27';
  expect(step('2026-11-27 07:30')).toEqual([friday]);
  expect(step('2026-11-28 07:30')).toEqual([friday]);
  expect(step('2026-11-30 07:30')).toEqual([friday, 'operations: 【运维】1 项到期:南坑河入境断面 清洗;另有 2 项逾期未做 11-30']);
  const { text, html } = parts().outbox.list(1)[0]!.mail;
  expect(text).toContain('〔逾期未做〕\n南坑河中段断面:清洗(应于 11-28)\n南坑河出境断面:清洗(应于 11-27)');
  expect(text).toContain('联系:值班员乙,');
  expect(text).toContain('https://heqing.example.org/upkeep');
  expect(html).toContain('南坑河入境断面');
});

test('a record that is withdrawn, or still open, has done nothing', () => {
  done('nankeng-out', '2026-11-10', ['cleaning']);
  done('nankeng-out', '2026-11-20', ['cleaning'], { withdrawn: true });
  done('nankeng-out', '2026-11-22', ['cleaning'], { to: null });
  expect(
    parts()
      .plan.standing(clock.time)
      .find(({ station }) => station.id === 'nankeng-out'),
  ).toMatchObject({
    ...{ task: 'cleaning', last: '2026-11-10', due: '2026-11-17', state: 'overdue' },
  });
});

test('whoever stands in is told; an installation of this morning has nothing to tell; nobody is asked where nobody is named', () => {
  done('nankeng-out', '2026-11-16', ['cleaning']);
  const away = { from: '2026-11-20', to: '2026-11-25', substitute: 'town-office' };
  const people = wupi.people.map((person) => (person.id === 'operations' ? { ...person, away: [away] } : person));
  const none = wupi.people.map(({ upkeep: _, ...person }) => person);
  expect(step('2026-11-23 08:00', wupi, at('2026-11-23 07:45'))).toEqual([]);
  expect(step('2026-11-23 08:00', { ...wupi, people: none })).toEqual([]);
  expect(step('2026-11-23 08:00', { ...wupi, people })).toEqual(['town-office: 【运维】1 项到期:南坑河出境断面 清洗 11-23']);
  expect(parts().outbox.list(1)[0]!.mail.text).toContain('运维不在岗,由您代为接收');
});

test('in English for whoever reads English', () => {
  done('nankeng-out', '2026-11-16', ['cleaning', 'reagent']);
  const people = wupi.people.map((person) => (person.id === 'operations' ? { ...person, language: 'en' as const } : person));
  expect(step('2026-11-23 08:00', { ...wupi, people })).toEqual([
    'operations: 【运维 Upkeep】1 task due: Nankeng River, outflow section cleaning 11-23',
  ]);
});
