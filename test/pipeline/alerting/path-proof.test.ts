/** When does the path count as proven, whom does a test reach, and what does a person do to say that it came? */
import { beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqlitePathStore } from '../../../src/adapters/sqlite/path-store.js';
import { SqliteLinkKey } from '../../../src/adapters/sqlite/link-key.js';
import type { PathTest as TestFacts } from '../../../src/domain/alerting/facts.js';
import type { Person } from '../../../src/domain/people.js';
import type { Site } from '../../../src/domain/site.js';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.js';
import { Links } from '../../../src/pipeline/alerting/links.js';
import { PathProof } from '../../../src/pipeline/alerting/path-proof.js';
import type { Notice } from '../../../src/pipeline/alerting/alert-stores.js';
import { at, wupi } from '../../support/wupi.js';

const person = (id: string, over: Partial<Person> = {}): Person => ({
  ...{ id, name: `角色 ${id}`, nameEn: id, email: `${id}@example.org`, phone: null, language: 'zh' },
  ...{ step: null, level: 'town', onDuty: false, away: [], morning: false, channels: ['mail'], hears: [{}] },
  ...over,
});

const OFFICE = person('office', { hears: [{}, { kinds: ['no-data', 'service'], severities: ['over'] }] });
const PEOPLE = [
  OFFICE,
  person('operations', { hears: [{ media: ['dust'] }, { kinds: ['service', 'sensor'] }] }),
  person('chief', { step: 1 }),
  person('supplier', { hears: [{ media: ['drinking-water'] }] }),
  person('readings-only', { hears: [{ kinds: ['limit'] }, { kinds: ['service'], media: ['dust'] }] }),
  person('bureau', { level: 'above' }),
];

let now: number;
let trouble: string | null;
let notices: Map<string, Notice>;
let rendered: TestFacts[];
let woken: number;
let database: Database;
let site: Site;

const start = (people: readonly Person[] = PEOPLE, links = true): PathProof => {
  const path = { everyDays: 7, unprovenDays: 10, firstHours: 24 };
  site = { ...wupi, people, notices: { ...wupi.notices, path, links, linkDays: 14 } };
  const signing = new SqliteLinkKey(database);
  return new PathProof(
    site,
    new SqlitePathStore(database),
    { add: (notice) => void notices.set(notice.id, notice), find: (id) => notices.get(id) },
    new Links('https://heqing.example.org', signing),
    signing,
    (facts, { name }) => {
      rendered.push(facts);
      return { subject: `【系统】测试 ${name}`, text: facts.code, html: `<p>${facts.code}</p>` };
    },
    (work) => database.transact(work),
    { now: () => now },
    { domain: 'example.org', publicUrl: 'https://heqing.example.org' },
    () => trouble,
    () => void woken++,
  );
};

/** Ticks every minute up to a time. */
const until = (proof: PathProof, text: string): void => {
  for (const end = at(text); now < end; now = Math.min(end, now + MINUTE)) proof.tick();
  proof.tick();
};
/** The mail server takes what waits. */
const deliver = (): void => {
  for (const notice of notices.values()) if (notice.state === 'waiting') notices.set(notice.id, { ...notice, state: 'sent' });
};
const sent = (): string[] =>
  [...notices.values()].map(
    ({ recipient, createdAt }) => `${recipient} ${new Date(createdAt + 8 * HOUR).toISOString().slice(5, 16)}`,
  );

beforeEach(() => {
  now = at('2026-11-02 08:00');
  trouble = null;
  notices = new Map();
  rendered = [];
  woken = 0;
  database = new Database(':memory:');
});

test('a new installation is unproven, tests at nine, and alarms after a day without a confirmation', () => {
  const proof = start();
  proof.tick();
  expect(proof.state()).toEqual({
    ...{ state: 'unproven', since: now, lastConfirmedAt: null, alarms: false },
    words: {
      zh: '预警通道未验证:还没有人确认过测试邮件',
      en: 'alert path unproven: nobody has confirmed a test mail yet',
    },
  });
  until(proof, '2026-11-02 08:59');
  expect(sent()).toEqual([]);
  until(proof, '2026-11-03 07:59');
  expect(sent()).toEqual(['office 11-02T09:00', 'operations 11-02T09:00']);
  expect(woken).toBe(1);
  expect(proof.state().alarms).toBe(false);
  now = at('2026-11-03 08:00');
  expect(proof.state().alarms).toBe(true);
});

test('installed in the evening, the first test waits for the morning', () => {
  now = at('2026-11-02 17:30');
  until(start(), '2026-11-03 10:00');
  expect(sent()).toEqual(['office 11-03T09:00', 'operations 11-03T09:00']);
});

test('every seven days, over restarts too; unproven again ten days after the last confirmation', () => {
  until(start(), '2026-11-02 09:30');
  const [id = ''] = [...notices.keys()].map((key) => key.replace(/_office$/, ''));
  deliver();
  const proof = start();
  expect(proof.confirm(id, '镇环保办')).toMatchObject({ isNew: true, test: { confirmedBy: '镇环保办', confirmedAt: now } });
  expect(proof.state()).toMatchObject({ state: 'proven', since: now, lastConfirmedAt: now, alarms: false });
  now += 2 * DAY + HOUR;
  expect(proof.state().words).toEqual({ zh: '预警通道上次验证:2 天前', en: 'alert path: last confirmed 2 days ago' });
  until(start(), '2026-11-12 09:29');
  expect(sent()).toEqual(['office 11-02T09:00', 'operations 11-02T09:00', 'office 11-09T09:00', 'operations 11-09T09:00']);
  expect(start().state().state).toBe('proven');
  now = at('2026-11-12 09:30');
  expect(start().state()).toEqual({
    ...{ state: 'unproven', since: now, lastConfirmedAt: at('2026-11-02 09:30'), alarms: true },
    words: {
      zh: '预警通道未验证:上次验证在 10 天前,应每 10 天内验证一次',
      en: 'alert path unproven: last confirmed 10 days ago, due every 10 days',
    },
  });
});

test('a second confirmation changes nothing; an unknown test confirms nothing', () => {
  const proof = start();
  const { id } = proof.test('镇环保办');
  deliver();
  const first = now;
  proof.confirm(id, '镇环保办');
  now += HOUR;
  expect(proof.confirm(id, '运维')).toMatchObject({ isNew: false, test: { confirmedBy: '镇环保办', confirmedAt: first } });
  expect(proof.confirm('test_x', '运维')).toBeUndefined();
  expect(proof.state().lastConfirmedAt).toBe(first);
});

test('a test of which no mail was accepted is confirmed neither by its link nor by its code', () => {
  const proof = start();
  const { id, code } = proof.test('镇环保办');
  expect(() => proof.confirm(id, '镇环保办')).toThrow('还没有发出去');
  expect(() => proof.confirmCode(code, 'admin')).toThrow('还没有发出去');
  expect(proof.state().state).toBe('unproven');
  const [office] = [...notices.values()];
  if (office) notices.set(office.id, { ...office, state: 'sent' });
  expect(proof.confirm(id, '镇环保办')?.isNew).toBe(true);
});

test('the code confirms as people type it, while it is recent; no other does', () => {
  const proof = start();
  const { code } = proof.test('镇环保办');
  deliver();
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
  expect(rendered.every((facts) => facts.code === code)).toBe(true);
  for (const wrong of ['', '2', `${code}2`, code.slice(1), '222222'])
    expect(() => proof.confirmCode(wrong, 'admin')).toThrow('没有这个验证码');
  expect(proof.confirmCode(` ${code.slice(0, 3)} ${code.slice(3).toLowerCase()}`, 'admin').isNew).toBe(true);
  now += 14 * DAY + 1;
  expect(() => proof.confirmCode(code, 'admin')).toThrow('已过期');
});

test('each person gets a link of their own; where the office cannot be reached from outside, the code alone', () => {
  start().test('镇环保办');
  const [mine = '', other = ''] = rendered.map((facts) => facts.confirm ?? '');
  const read = new Links('', new SqliteLinkKey(database)).read(mine.split('/ack/')[1] ?? '', now);
  expect(read).toMatchObject({ is: 'good', claim: { what: 'confirm-test', recipient: 'office', expiresAt: now + 14 * DAY } });
  expect(mine).not.toBe(other);
  now += HOUR;
  rendered = [];
  start(PEOPLE, false).test('镇环保办');
  expect(rendered.map((facts) => facts.confirm)).toEqual([null, null]);
});

test('the notice is an ordinary one of the outbox, about no alert', () => {
  const { id } = start().test('镇环保办');
  expect(notices.get(`${id}_office`)).toMatchObject({
    ...{ alerts: [], channel: 'mail', reason: 'test', state: 'waiting', nextAt: now },
    mail: { to: 'office@example.org', messageId: `<${id}_office@example.org>`, subject: '【系统】测试 角色 office', headers: {} },
  });
});

test.each([
  ['those beside the ladder who hear of the service', PEOPLE, ['office', 'operations']],
  ['else all beside the ladder', PEOPLE.slice(2), ['supplier', 'readings-only']],
  ['else everybody of the town', [...PEOPLE.slice(2, 3), ...PEOPLE.slice(5)], ['chief']],
  ['else whoever there is', [person('bureau', { level: 'above' })], ['bureau']],
])('tests go to %s', (_, people, expected) => {
  expect(
    start(people)
      .recipients()
      .map(({ id }) => id),
  ).toEqual(expected);
});

test('mails that wait for two minutes are a failing path, and accepted again it is what it was', () => {
  const proof = start();
  const { id } = proof.test('镇环保办');
  deliver();
  proof.confirm(id, '镇环保办');
  const since = (now += HOUR);
  trouble = 'the mail server cannot be reached';
  proof.tick();
  now += 2 * MINUTE - 1;
  expect(proof.state().state).toBe('proven');
  now += 1;
  expect(proof.state()).toMatchObject({ state: 'failing', since, alarms: true });
  expect(proof.state().words.zh).toBe('预警通道不通:the mail server cannot be reached;上次验证在 1 小时前');
  trouble = null;
  proof.tick();
  expect(proof.state()).toMatchObject({ state: 'proven', alarms: false });
});

test('a test that everybody’s server refuses is a failing path, one that one server refuses is not', () => {
  const proof = start();
  const { id } = proof.test('镇环保办');
  const refuse = (who: string): void => {
    const notice = notices.get(`${id}_${who}`);
    if (notice) notices.set(notice.id, { ...notice, state: 'failed' });
  };
  refuse('office');
  proof.tick();
  now += 3 * MINUTE;
  expect(proof.state().state).toBe('unproven');
  refuse('operations');
  proof.tick();
  now += 2 * MINUTE;
  expect(proof.state()).toMatchObject({
    state: 'failing',
    words: { zh: '预警通道不通:测试邮件全部被拒收;还没有人确认过测试邮件' },
  });
});

test('asked for twice within a minute, one test goes out', () => {
  const proof = start();
  proof.test('镇环保办');
  now += MINUTE - 1;
  expect(() => proof.test('镇环保办')).toThrow('刚刚已发出');
  now += 1;
  proof.test('镇环保办');
  expect(notices.size).toBe(4);
});
