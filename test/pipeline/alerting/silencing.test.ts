/** What may be silenced, and who is told when a person reports an alert upward? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteAudit } from '../../../src/adapters/sqlite/audit-store.js';
import { SqliteSilenceStore } from '../../../src/adapters/sqlite/silence-store.js';
import { above } from '../../../src/domain/alerting/routing.js';
import { NoticesReport } from '../../../src/pipeline/reporting/report-notices.js';
import { ReportUpward } from '../../../src/pipeline/alerting/report-upward.js';
import { Silencing, type SilenceWords } from '../../../src/pipeline/alerting/silencing.js';
import { Telling } from '../../support/telling.js';

const NH3N = 'nankeng-out/nh3n/1';
let t: Telling;
let audit: SqliteAudit;
let silencing: Silencing;
let upward: ReportUpward;

beforeEach(async () => {
  t = await Telling.open();
  const { database, silences, alerts, tell } = t.parts;
  const transact = <T>(work: () => T): T => database.transact(work);
  audit = new SqliteAudit(database);
  silencing = new Silencing(t.site, silences, audit, transact, t.world.clock, () => {});
  upward = new ReportUpward(t.site, alerts, above, tell, audit, transact, t.world.clock, () => {});
});
afterEach(() => t.dispose());

const good: SilenceWords = { station: 'nankeng-out', to: '2026-11-24T08:00:00+08:00', reason: '清淤施工' };

test.each<[string, Partial<SilenceWords>]>([
  ['nothing named: everything would be silent', { station: null }],
  ['no such station', { station: 'nowhere' }],
  ['no such subject', { subject: 'target:nowhere' }],
  ['no such parameter', { parameter: 'xx' }],
  ['no reason', { reason: '  ' }],
  ['an end before its beginning', { to: '2026-11-22T08:00:00+08:00' }],
  ['longer than 30 days', { to: '2026-12-24T08:00:00+08:00' }],
  ['no time', { to: 'tomorrow' }],
])('refused: %s', (_, words) => {
  expect(() => silencing.add('环保办', { ...good, ...words })).toThrow();
  expect(silencing.list(false).silences).toEqual([]);
  expect(audit.list({}, 9)).toEqual([]);
});

test('entered with its author, ended by another, both in the audit trail', async () => {
  const { id } = silencing.add('环保办', { ...good, parameter: 'w21003' });
  expect(silencing.list(true).silences).toEqual([
    {
      id,
      ...{ subject: null, subjectName: null, subjectNameEn: null },
      station: 'nankeng-out',
      parameter: 'nh3n',
      rule: null,
      from: '2026-11-23T08:00:00+08:00',
      to: '2026-11-24T08:00:00+08:00',
      by: '环保办',
      reason: '清淤施工',
      endedAt: null,
      endedBy: null,
      holds: true,
    },
  ]);
  t.set('09:00');
  expect(silencing.end(id, '值班员')).toMatchObject({ endedBy: '值班员', endedAt: '2026-11-23T09:00:00+08:00', holds: false });
  expect(() => silencing.end(id, '值班员')).toThrow('已经结束');
  expect(() => silencing.end('99', '值班员')).toThrow('没有编号为 99');
  expect(silencing.list(true).silences).toEqual([]);
  t.restart();
  expect(t.parts.silences.list(null)).toHaveLength(1);
  expect(new SqliteAudit(t.parts.database).list({}, 9).map(({ action, who }) => `${action} ${who}`)).toEqual([
    'silence-ended 值班员',
    'silence-added 环保办',
  ]);
});

test('one subject alone is enough to name, and is told by its name', () => {
  const [target] = t.site.targets;
  const subject = `target:${target!.id}`;
  silencing.add('环保办', { ...good, station: null, rule: 'target', subject });
  expect(silencing.list(true).silences).toMatchObject([
    { subject, subjectName: target!.name, subjectNameEn: target!.nameEn, station: null, rule: 'target' },
  ]);
});

test('a store made before silences had a subject takes one', () => {
  const { database } = t.parts;
  database.sqlite.exec('ALTER TABLE silence DROP COLUMN subject');
  const store = new SqliteSilenceStore(database);
  const kept = store.add({
    ...{ subject: 'target:river', station: null, parameter: null, rule: 'target', from: 0, to: 1, by: '环保办', reason: '整改' },
  });
  expect(store.find(kept.id)?.subject).toBe('target:river');
});

test('upward: those above hear it because a person says so, and that it is over; never before', async () => {
  await t.change(NH3N, 'opened', { severity: 'severe' });
  expect(t.world.mailer.accepted.map(({ to }) => to)).not.toContain('bureau@example.org');
  t.set('08:05');
  expect(() => upward.report(NH3N, '镇环保办', ' ')).toThrow('核实');
  expect(() => upward.report('nothing', '镇环保办', '属实')).toThrow('没有编号');
  upward.report(NH3N, '镇环保办', '现场核实属实');
  expect(await t.until('08:06')).toEqual([`bureau: reported severe ${NH3N}`]);
  expect(t.parts.alerts.find(NH3N)!.history.at(-1)).toMatchObject({ by: '镇环保办', note: '现场核实属实' });
  expect(audit.list({}, 1)[0]).toMatchObject({ action: 'alert-reported', what: `alert/${NH3N}`, reason: '现场核实属实' });
  await t.change(NH3N, 'resolved');
  expect(await t.until('08:30', 5)).toContain(`bureau: resolved severe ${NH3N}`);
});

test('notices as the page shows them', async () => {
  await t.change(NH3N, 'opened');
  await t.until('08:00:03');
  const report = new NoticesReport(t.site, t.parts.outbox, { find: () => undefined });
  const { notices, bounced } = report.notices();
  expect(notices).toEqual([
    expect.objectContaining({
      alerts: [NH3N],
      recipient: 'village',
      state: 'sent',
      channel: 'mail',
      reason: 'opened',
      error: null,
    }),
  ]);
  expect(bounced).toEqual([]);
  expect(report.notice(notices[0]!.id).text).toContain(NH3N);
  expect(() => report.notice('none')).toThrow('没有编号');
});
