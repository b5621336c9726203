/** Does a paper tell of the alerts and cases that are its business, as they stood at the end of its span? */
import { beforeEach, expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteCaseStore } from '../../../src/adapters/sqlite/case-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { alertsSection, casesSection } from '../../../src/domain/bulletins/sections.js';
import { alertsOf, casesOf, ofMedium } from '../../../src/pipeline/bulletins/gather.js';
import { Cases } from '../../../src/pipeline/deciding/cases.js';
import { AlertsReport } from '../../../src/pipeline/reporting/report-alerts.js';
import { alert } from '../../support/facts.js';
import { ManualClock } from '../../support/fakes.js';
import { at, wupi } from '../../support/wupi.js';

const october = { from: at('2026-10-01'), to: at('2026-11-01') };
const november = { from: at('2026-11-01'), to: at('2026-12-01') };
const river = ofMedium(wupi, 'surface-water');
const [, chief] = wupi.people;

let clock: ManualClock;
let alerts: SqliteAlertStore;
let cases: Cases;
let sources: Parameters<typeof casesOf>[0];
beforeEach(() => {
  const database = new Database(':memory:');
  clock = new ManualClock(at('2026-10-30 09:00'));
  alerts = new SqliteAlertStore(database);
  const report = new AlertsReport(wupi, alerts, clock);
  cases = new Cases(
    ...([wupi, new SqliteCaseStore(database), alerts, new SqliteAudit(database)] as const),
    (work) => database.transact(work),
    clock,
    () => {},
  );
  sources = { site: wupi, alerts, alertView: (one, names) => report.alertView(one, names), cases };
});

/** An alert that opened and, where `ended` says so, resolved. */
const episode = (opened: string, ended: string | null, over: Partial<Alert> = {}): Alert => {
  const event = { reason: '', by: null, note: null };
  return alert({
    ...{ id: opened, openedAt: at(opened), resolvedAt: ended === null ? null : at(ended) },
    state: ended === null ? 'active' : 'resolved',
    history: [
      { ...event, at: at(opened), from: null, to: 'active' },
      ...(ended === null ? [] : [{ ...event, at: at(ended), from: 'active', to: 'resolved' } as const]),
    ],
    ...over,
  });
};

test('what ended after the span stood at its end', () => {
  alerts.put(episode('2026-10-31 20:00', '2026-11-01 06:00'));
  alerts.put(episode('2026-10-12 08:00', '2026-10-12 16:00'));
  const found = alertsOf(sources, october, river);
  expect(found.opened.map(({ openedAt, state }) => [openedAt.slice(0, 10), state])).toEqual([
    ['2026-10-31', 'active'],
    ['2026-10-12', 'resolved'],
  ]);
  const [line] = alertsSection('river-month', found, '本月').lines;
  expect(line).toContain('新增 2 条');
  expect(line).toContain('其中期末已恢复或关闭 1 条。期末未恢复 1 条。');
  expect(alertsOf(sources, november, river)).toEqual({ opened: [], standing: 0 });
});

test('a case is told as it stood at the end: open, with whom, until when, whether late', () => {
  const { id } = cases.open({ station: 'nankeng-out', to: chief!.id, until: '2026-10-31', note: '岸边有异味' }, 'officer');
  clock.set(at('2026-11-02 09:00'));
  cases.step(id, { act: 'extend', until: '2026-11-05', note: '等配件' }, 'officer');
  cases.step(id, { act: 'verify', finding: 'real', note: '排口有污水', photos: [] }, 'worker');
  cases.step(id, { act: 'mend', note: '已封堵', photos: [] }, 'worker');
  cases.step(id, { act: 'check', passed: true, note: '', photos: [] }, 'checker');
  cases.step(id, { act: 'close', note: '' }, 'officer');

  const before = casesOf(sources, october, river);
  expect(before.cases).toMatchObject([{ state: 'dispatched', toName: chief!.name, overdue: true, closedAt: null }]);
  expect(casesSection('river-month', before, '本月').lines).toEqual(['本月新开 1 张,销号 0 张;期末未销号 1 张,其中逾期 1 张。']);
  const after = casesOf(sources, november, river);
  expect(casesSection('river-month', after, '本月').lines).toEqual(['本月新开 0 张,销号 1 张;期末未销号 0 张,其中逾期 0 张。']);
});

test('a lost target and rain on a reach are in the paper of their water, and in no other', () => {
  const of = (subject: string, kind: Alert['kind']): Alert =>
    episode('2026-10-20 08:00', null, { ...{ id: subject, subject, station: null, kind }, parameter: null, rule: subject });
  const all = [of('target:river', 'target'), of('reach:nankeng', 'rain'), of('target:drinking-water', 'target')];
  for (const one of [...all, of('region:pm10', 'regional'), of('service', 'service')]) alerts.put(one);
  clock.set(at('2026-10-30 09:00'));
  for (const { id } of all) cases.open({ alert: id, to: chief!.id, until: '2026-11-05', note: '请核实' }, 'officer');

  const told = (isMine: typeof river): string[][] => [
    alertsOf(sources, october, isMine)
      .opened.map(({ subjectName }) => subjectName)
      .sort(),
    casesOf(sources, october, isMine)
      .cases.map(({ subjectName }) => subjectName!)
      .sort(),
  ];
  const own = ['南坑河五陂段', '南坑河五陂段水质达标率'];
  expect(told(river)).toEqual([own, own]);
  expect(told(ofMedium(wupi, 'drinking-water'))).toEqual([['农村饮用水水质达标率'], ['农村饮用水水质达标率']]);
});

test('the paper of an old month has its cases, however many were opened since', () => {
  const open = (note: string) => cases.open({ station: 'nankeng-out', to: chief!.id, until: '2027-06-30', note }, 'officer');
  open('十月的');
  clock.set(at('2026-11-02 09:00'));
  for (let n = 0; n < 1001; n++) open('十一月的');
  expect(casesOf(sources, october, river).cases.map(({ what }) => what)).toEqual(['十月的']);
  expect([cases.list({}).cases.length, cases.list({}).summary.open]).toEqual([1000, 1002]);
});
