/** Do cases keep their numbers, steps, photos and audit entries, and are they found as somebody asks for them? */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteCaseStore } from '../../../src/adapters/sqlite/case-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { DAY, HOUR } from '../../../src/domain/time.js';
import { type CaseWords, Cases, type StepWords } from '../../../src/pipeline/deciding/cases.js';
import { Refusal } from '../../../src/pipeline/ports.js';
import { ManualClock } from '../../support/fakes.js';
import { at, wupi } from '../../support/wupi.js';

const alert: Alert = {
  id: 'a1',
  subject: 'nankeng-out',
  station: 'nankeng-out',
  parameter: 'nh3n',
  rule: 'nh3n-over',
  kind: 'limit',
  severity: 'over',
  state: 'active',
  openedAt: at('2026-11-23 07:50'),
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 1.37,
  passed: null,
  isUnconfirmed: false,
  reason: { zh: '单次测值 1.37 mg/L 超过限值 1.0', en: 'one value over its limit' },
  history: [],
};
const JPEG = Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 7]);
const NOW = at('2026-11-23 08:00');
const [above, chief, other] = wupi.people;

let database: Database;
let audit: SqliteAudit;
let clock: ManualClock;
let cases: Cases;
beforeEach(() => {
  database = new Database(':memory:');
  audit = new SqliteAudit(database);
  clock = new ManualClock(NOW);
  cases = restarted();
});

/** The same on the same file, as after a restart. */
const restarted = (): Cases =>
  new Cases(
    wupi,
    new SqliteCaseStore(database),
    { find: (id) => (id === 'a1' ? alert : id === 'a2' ? { ...alert, id, subject: 'reach:nowhere', station: null } : undefined) },
    audit,
    (work) => database.transact(work),
    clock,
    () => {},
  );

const words = (over: Partial<CaseWords> = {}): CaseWords => ({
  station: 'nankeng-out',
  to: chief!.id,
  until: '2026-11-25',
  note: '岸边有异味',
  ...over,
});
const verify: StepWords = { act: 'verify', finding: 'real', note: '排口有污水', photos: [] };
const walk = (id: string): void => {
  cases.step(id, verify, 'worker');
  cases.step(id, { act: 'mend', note: '已封堵', photos: [] }, 'worker');
  cases.step(id, { act: 'check', passed: true, note: '', photos: [] }, 'checker');
  cases.step(id, { act: 'close', note: '' }, 'officer');
};

test('opened from an alert, it says what the alert says and has until the end of the day', () => {
  const given = cases.open({ alert: 'a1', to: chief!.id, until: '2026-11-25', note: '请今天去看' }, 'officer');
  expect(given).toMatchObject({
    number: '2026-0001',
    alert: 'a1',
    station: 'nankeng-out',
    stationName: '南坑河出境断面',
    parameterName: '氨氮',
    what: '单次测值 1.37 mg/L 超过限值 1.0',
    by: 'officer',
    toName: chief!.name,
    until: '2026-11-25T23:59:59+08:00',
    state: 'dispatched',
    overdue: false,
    history: [{ act: 'open', by: 'officer', note: '请今天去看', personName: chief!.name }],
  });
  expect(wupi.reaches.has(given.reach!)).toBe(true);
  expect(cases.casesOf('a1').map(({ number }) => number)).toEqual(['2026-0001']);
  const again = () => cases.open(words({ alert: 'a1', station: undefined }), 'officer');
  expect(again).toThrow('2026-0001');
  walk(given.id);
  expect(again().number).toBe('2026-0002');
});

test('an alert of no station has a case too', () => {
  expect(cases.open(words({ alert: 'a2', station: undefined }), 'officer')).toMatchObject({
    station: null,
    village: null,
    reach: null,
  });
});

test('numbers have no gap, begin anew with the year of the calendar, and outlive a restart and a refusal', () => {
  cases.open(words(), 'officer');
  expect(() => cases.open(words({ to: 'nobody' }), 'officer')).toThrow(Refusal);
  cases = restarted();
  expect(cases.open(words(), 'officer').number).toBe('2026-0002');
  clock.set(at('2027-01-01 00:00'));
  expect(cases.open(words({ until: '2027-01-02' }), 'officer').number).toBe('2027-0001');
  expect(cases.find('2026-0002').number).toBe('2026-0002');
});

test('steps, and who took them, stand in the audit trail; a refused one leaves no trace', () => {
  const { id } = cases.open(words(), 'officer');
  expect(() => cases.step(id, { act: 'close', note: '' }, 'officer')).toThrow('核查通过后才能销号');
  walk(id);
  expect(() => cases.step(id, verify, 'worker')).toThrow('已销号');
  const trail = audit.list({ what: 'case/2026-0001' }, 20).map(({ who, action }) => [who, action]);
  expect(trail.reverse()).toEqual([
    ['officer', 'case-opened'],
    ['worker', 'case-verified'],
    ['worker', 'case-mended'],
    ['checker', 'case-checked'],
    ['officer', 'case-closed'],
  ]);
  expect(audit.verify().broken).toBeNull();
  expect(restarted().find(id)).toEqual(cases.find(id));
});

test('photos are kept as they were sent, belong to one step, and only to their own account', () => {
  const { id } = cases.open(words(), 'officer');
  expect(cases.addPhoto(id, JPEG, 'worker')).toMatchObject({ n: 1, type: 'image/jpeg', size: 5, by: 'worker' });
  cases.addPhoto(id, JPEG, 'other');
  expect(() => cases.addPhoto(id, Uint8Array.from([1, 2, 3]), 'worker')).toThrow('JPEG');
  expect(() => cases.step(id, { ...verify, photos: [2] }, 'worker')).toThrow('照片 2');
  const place = { kind: 'point', lat: 27.6, lon: 113.85, accuracyMetres: 12 } as const;
  const given = cases.step(id, { ...verify, photos: [1], place }, 'worker');
  expect(given.history.at(-1)).toMatchObject({ photos: [1], place, finding: 'real' });
  expect(() => cases.step(id, { act: 'mend', note: 'x', photos: [1] }, 'worker')).toThrow('照片 1');
  expect(Uint8Array.from(cases.photo(id, 1).bytes)).toEqual(JPEG);
  expect(() => cases.photo(id, 9)).toThrow(Refusal);
  for (let i = 0; i < 9; i++) cases.addPhoto(id, JPEG, 'worker');
  expect(() => cases.addPhoto(id, JPEG, 'worker')).toThrow('9 张');
});

test('what was entered cannot be changed in the file either', () => {
  const { id } = cases.open(words(), 'officer');
  cases.addPhoto(id, JPEG, 'worker');
  for (const sql of [
    `UPDATE case_step SET step = '{}'`,
    'DELETE FROM case_step',
    'DELETE FROM case_photo',
    'UPDATE case_photo SET n = 5',
  ])
    expect(() => database.sqlite.exec(sql)).toThrow('stays');
});

test('handed over and extended', () => {
  const { id } = cases.open(words(), 'officer');
  const handed = cases.step(id, { act: 'hand-over', to: above!.id, note: '跨镇' }, 'officer');
  expect(handed).toMatchObject({ number: '2026-0001', to: above!.id, toName: above!.name, until: '2026-11-25T23:59:59+08:00' });
  const extended = cases.step(id, { act: 'extend', until: '2026-11-28T12:00:00+08:00', note: '等配件' }, 'officer');
  expect(extended).toMatchObject({ until: '2026-11-28T12:00:00+08:00' });
  expect(() => cases.step(id, { act: 'extend', until: '2036-11-28', note: '等配件' }, 'officer')).toThrow('年份');
});

describe('asked for', () => {
  const numbers = (asked: Parameters<Cases['list']>[0]): string[] => cases.list(asked).cases.map(({ number }) => number);
  const village = (id: string): string => wupi.stations.get(id)!.village!;
  const tap = [...wupi.stations.values()].find((s) => s.medium === 'drinking-water' && s.village !== null)!;

  beforeEach(() => {
    cases.open(words({ alert: 'a1', station: undefined }), 'officer');
    cases.open(words({ station: tap.id, to: other!.id, until: '2026-11-24' }), 'officer');
    clock.advance(HOUR);
    walk(cases.open(words(), 'officer').id);
    clock.set(at('2026-11-25 00:00'));
  });

  test.each<[string, Parameters<Cases['list']>[0], string[]]>([
    ['all, newest first', {}, ['2026-0003', '2026-0002', '2026-0001']],
    ['of an alert', { alert: 'a1' }, ['2026-0001']],
    ['not closed', { state: 'open' }, ['2026-0002', '2026-0001']],
    ['closed', { state: 'closed' }, ['2026-0003']],
    ['overdue', { overdue: true }, ['2026-0002']],
    ['of a person', { to: other!.id }, ['2026-0002']],
    ['of a reach by its id', { reach: [...wupi.reaches.keys()][0]! }, ['2026-0003', '2026-0001']],
    ['of a reach by its name', { reach: [...wupi.reaches.values()][0]!.name }, ['2026-0003', '2026-0001']],
    ['of a month', { period: '2026-11' }, ['2026-0003', '2026-0002', '2026-0001']],
    ['of another month', { period: '2026-10' }, []],
  ])('%s', (_, asked, wanted) => expect(numbers(asked)).toEqual(wanted));

  test('by village, with what is open of it', () => {
    expect(numbers({ village: village(tap.id) })).toContain('2026-0002');
    const now = clock.now();
    expect(cases.summary(null, now)).toEqual({ open: 2, overdue: 1, oldestDays: 1 });
    expect(cases.summary(village(tap.id), now + 10 * DAY).overdue).toBeGreaterThan(0);
    expect(cases.summary('别村', now)).toEqual({ open: 0, overdue: 0, oldestDays: null });
    expect(cases.list({}).summary).toEqual(cases.summary(null, now));
  });

  test('the register, oldest first', () => {
    const rows = cases.register({});
    expect(rows.map((row) => row['编号'])).toEqual(['2026-0001', '2026-0002', '2026-0003']);
    expect(rows[2]).toMatchObject({
      站点: '南坑河出境断面',
      派发人: 'officer',
      承办: chief!.name,
      期限: '2026-11-25 23:59',
      状态: '已销号',
      核实结论: '属实',
      核实说明: '排口有污水',
      整改: '已封堵',
      核查人: 'checker',
      销号时间: '2026-11-23 09:00',
      用时: '0 小时',
      是否逾期: '否',
    });
    expect(rows[1]).toMatchObject({ 用时: '1 天 16 小时', 是否逾期: '是', 核查人: '' });
  });
});

test.each<[string, Partial<CaseWords>, string]>([
  ['no such person', { to: 'nobody' }, 'nobody'],
  ['no such station', { station: 'nowhere' }, 'nowhere'],
  ['no such alert', { alert: 'zzz', station: undefined }, 'zzz'],
  ['an alert of another station', { alert: 'a1', station: 'nankeng-in' }, 'nankeng-in'],
  ['neither alert nor station', { station: undefined }, 'alert'],
  ['nothing said', { note: ' ' }, '事由'],
  ['a time limit in the past', { until: '2026-11-22' }, '晚于现在'],
  ['a time limit that is no time', { until: '明天' }, '明天'],
])('refused: %s', (_, over, said) => {
  expect(() => cases.open(words(over), 'officer')).toThrow(said);
  expect(cases.list({}).cases).toEqual([]);
});

test('a period that is none', () => expect(() => cases.list({ period: '去年' })).toThrow('2026-Q4'));
