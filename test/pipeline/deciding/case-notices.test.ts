/** Is whoever has a case told of it: when it is given, when it is handed over, and once when its time limit is past? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { alert } from '../../support/facts.js';
import { Pipeline } from '../../support/pipeline.js';
import { at, wupi } from '../../support/wupi.js';

const [chief, office] = ['chief-datian', 'town-office'].map((id) => wupi.people.find((person) => person.id === id)!);
const people = wupi.people.map((person) => ({
  ...person,
  morning: false,
  language: person.id === 'town-office' ? ('en' as const) : ('zh' as const),
}));
const site = { ...wupi, people, rules: { ...wupi.rules, service: null, noData: null } };

let p: Pipeline;
let heard = 0;
beforeEach(async () => {
  heard = 0;
  p = await Pipeline.open({ site, now: at('2026-11-23 08:00') });
});
afterEach(() => p.dispose());

const cases = () => p.parts.alarms.cases;
const open = (until = '2026-11-24') =>
  cases().open({ station: 'nankeng-out', to: chief!.id, until, note: '岸边有异味' }, 'officer');

/** The mails about cases since the last look, as `to: subject`. */
async function mails(time: string): Promise<string[]> {
  p.clock.set(at(time));
  await p.run(['tell', 'notify']);
  const { accepted } = p.world.mailer;
  const fresh = accepted.slice(heard).filter(({ subject }) => subject.includes('处置单'));
  heard = accepted.length;
  return fresh.map(({ to, subject }) => `${to}: ${subject}`);
}

test('given: at once, by name of the case, with what it is about, until when, from whom, and a link to it', async () => {
  const { id } = open();
  expect(await mails('2026-11-23 08:00')).toEqual([
    `${chief!.email}: 【处置单】2026-0001 派给您处理:南坑河出境断面 期限 11-24 23:59`,
  ]);
  const { text } = p.world.mailer.accepted.at(-1)!;
  expect(text).toContain('事由:岸边有异味');
  expect(text).toContain('派发人:officer');
  expect(text).toContain(`http://127.0.0.1:3000/cases/${id}\n`);
  p.crash();
  expect(await mails('2026-11-23 09:00')).toEqual([]);
});

test('of an alert: which item it is about is said, in the subject and as the matter', async () => {
  p.parts.database.derive(() => p.parts.alerts.put(alert({ id: 'a1', openedAt: at('2026-11-23 07:50') })));
  cases().open({ alert: 'a1', to: chief!.id, until: '2026-11-24', note: '请今天去看' }, 'officer');
  expect(await mails('2026-11-23 08:00')).toEqual([
    `${chief!.email}: 【处置单】2026-0001 派给您处理:南坑河出境断面 氨氮 期限 11-24 23:59`,
  ]);
  expect(p.world.mailer.accepted.at(-1)!.text).toMatch(/事由:氨氮 单次测值 1\.37/);
  expect(cases().register({})).toMatchObject([{ 事由: expect.stringMatching(/^氨氮 单次测值 1\.37/) }]);
});

test('handed over: to the other, in the language of the other; the other steps tell nobody', async () => {
  const { id } = open();
  await mails('2026-11-23 08:00');
  cases().step(id, { act: 'hand-over', to: office!.id, note: '归镇里' }, 'officer');
  expect(await mails('2026-11-23 08:10')).toEqual([
    `${office!.email}: 【处置单 Case】2026-0001 handed over to you: ${wupi.stations.get('nankeng-out')!.nameEn}, due 11-24 23:59`,
  ]);
  cases().step(id, { act: 'verify', finding: 'real', note: '属实', photos: [] }, 'worker');
  cases().step(id, { act: 'extend', until: '2026-11-30', note: '等配件' }, 'officer');
  expect(await mails('2026-11-23 08:20')).toEqual([]);
});

test('overdue: not in the night, then once, over a restart too; an extended one again, a closed one never', async () => {
  const { id } = open();
  await mails('2026-11-23 08:00');
  expect(await mails('2026-11-24 23:00')).toEqual([]);
  expect(await mails('2026-11-25 00:30')).toEqual([]);
  const late = `${chief!.email}: 【处置单】2026-0001 已逾期:南坑河出境断面 期限 11-24 23:59`;
  expect(await mails('2026-11-25 07:30')).toEqual([late]);
  p.crash();
  expect(await mails('2026-11-25 10:00')).toEqual([]);
  cases().step(id, { act: 'extend', until: '2026-11-25T12:00:00+08:00', note: '等配件' }, 'officer');
  expect(await mails('2026-11-25 11:00')).toEqual([]);
  expect(await mails('2026-11-25 12:01')).toEqual([late.replace('11-24 23:59', '11-25 12:00')]);
  const other = open('2026-11-26');
  cases().step(other.id, { act: 'verify', finding: 'false-alarm', note: '误报', photos: [] }, 'worker');
  cases().step(other.id, { act: 'check', passed: true, note: '', photos: [] }, 'checker');
  cases().step(other.id, { act: 'close', note: '' }, 'officer');
  await mails('2026-11-25 12:02');
  expect(await mails('2026-11-27 10:00')).toEqual([]);
});

test('a step that is not kept tells nobody', async () => {
  p.world.faults.failing = 1;
  expect(open).toThrow('the power failed');
  expect(await mails('2026-11-23 08:10')).toEqual([]);
});
