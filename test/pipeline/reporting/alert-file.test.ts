/** Does the file of an alert say who was told, when and why, and who hears it next? */
import { expect, test } from '@jest/globals';
import { SqliteAlertStore } from '../../../src/adapters/sqlite/alert-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteOutbox } from '../../../src/adapters/sqlite/outbox.js';
import { SqliteTellingStore } from '../../../src/adapters/sqlite/telling-store.js';
import { DAY, HOUR } from '../../../src/domain/time.js';
import { AlertFile } from '../../../src/pipeline/reporting/alert-file.js';
import { AlertsReport } from '../../../src/pipeline/reporting/report-alerts.js';
import type { Notice } from '../../../src/pipeline/alerting/alert-stores.js';
import { alert } from '../../support/facts.js';
import { ManualClock } from '../../support/fakes.js';
import { siteOf } from '../../support/telling.js';
import { at } from '../../support/wupi.js';

const NOW = at('2026-11-23 09:00');
const why = { zh: '您是 11-23 值班的村级河长', en: 'you are the chief, on duty on 11-23' };

function assemble() {
  const database = new Database(':memory:');
  const site = siteOf();
  const clock = new ManualClock(NOW);
  const alerts = new SqliteAlertStore(database);
  const tellings = new SqliteTellingStore(database);
  const outbox = new SqliteOutbox(database);
  const file = new AlertFile(site, alerts, tellings, outbox, new AlertsReport(site, alerts, clock), clock);
  return { database, alerts, tellings, outbox, file };
}

const notice = (over: Partial<Notice>): Notice => ({
  id: 'n1',
  alerts: ['a1'],
  recipient: 'village',
  channel: 'mail',
  mail: { to: 'village@example.org', subject: '【超限】氨氮', text: '', html: '', messageId: 'm', headers: {} } as never,
  reason: '您是村级河长',
  state: 'sent',
  attempts: 1,
  nextAt: NOW,
  createdAt: NOW - 30 * 60_000,
  arrivedAt: NOW,
  sentAt: NOW - 29 * 60_000,
  error: null,
  mergedInto: null,
  ...over,
});

test('told, with the fate of each mail, and the next step of the ladder', () => {
  const { database, alerts, tellings, outbox, file } = assemble();
  const standing = alert({ id: 'a1', state: 'active', severity: 'over', openedAt: NOW - HOUR });
  database.transact(() => {
    alerts.put(standing);
    tellings.put({
      ...{ alert: 'a1', step: null, stepAt: NOW - 30 * 60_000, lastAt: NOW, hushedBy: null },
      listeners: { duty: { severity: 'over', thread: null, why }, village: { severity: 'over', thread: 'm', why } },
    });
    outbox.add(notice({}));
    outbox.addPending({
      ...{ recipient: 'duty', channel: 'mail', why: 'opened', change: { what: 'opened', alert: standing, at: NOW } },
      ...{ dueAt: NOW + 1000, createdAt: NOW, arrivedAt: NOW },
    });
  });
  const answer = file.file('a1');
  expect(answer.told).toMatchObject([
    { person: 'village', step: 1, why: '11-23 值班', whyEn: 'on duty on 11-23', state: 'sent', at: '2026-11-23T08:31:00+08:00' },
    { person: 'duty', step: 2, state: 'waiting', at: null },
  ]);
  // `over` climbs after 60 minutes: duty hears it, 30 minutes from now.
  expect(answer.next).toEqual({
    at: '2026-11-23T09:30:00+08:00',
    step: 2,
    people: [{ id: 'duty', name: 'duty', nameEn: 'duty' }],
  });
  expect(answer.notices).toMatchObject([{ recipient: 'village', subject: '【超限】氨氮', state: 'sent' }]);

  database.transact(() => alerts.put({ ...standing, state: 'acknowledged', acknowledgedAt: NOW, acknowledgedBy: 'liu' }));
  expect(file.file('a1').next).toBeNull();
  expect(() => file.file('none')).toThrow('没有编号为 none 的报警');
});

test('a mail that failed says so; one told by a digest went with it', () => {
  const { database, alerts, tellings, outbox, file } = assemble();
  database.transact(() => {
    alerts.put(alert({ id: 'a1', state: 'active' }));
    tellings.put({
      ...{ alert: 'a1', step: null, stepAt: NOW, lastAt: NOW, hushedBy: 'silence/3' },
      listeners: { village: { severity: 'over', thread: 'm', why }, duty: { severity: 'over', thread: 'm', why } },
    });
    outbox.add(notice({ state: 'failed', sentAt: null, error: '550 no such user' }));
    outbox.add(notice({ id: 'n2', recipient: 'duty', state: 'waiting', sentAt: null, mergedInto: 'n3' }));
    outbox.add(notice({ id: 'n3', alerts: [], recipient: 'duty' }));
  });
  const { told, next, hushedBy } = file.file('a1');
  expect(Object.fromEntries(told.map(({ person, state }) => [person, state]))).toEqual({ village: 'failed', duty: 'sent' });
  expect({ next, hushedBy }).toEqual({ next: null, hushedBy: 'silence/3' });
});

test('found by what it was about, and when', () => {
  const { database, alerts, file } = assemble();
  database.transact(() => {
    alerts.put(alert({ id: 'old', state: 'resolved', openedAt: NOW - 9 * DAY, resolvedAt: NOW - 8 * DAY }));
    alerts.put(alert({ id: 'ph', parameter: 'ph', severity: 'severe', state: 'active', openedAt: NOW - HOUR }));
    alerts.put(
      alert({ id: 'quiet', kind: 'no-data', rule: 'no-data', parameter: null, state: 'active', openedAt: NOW - 2 * HOUR }),
    );
  });
  const ids = (which: Parameters<AlertFile['search']>[0]): string[] => file.search(which).alerts.map(({ id }) => id);
  expect(ids({})).toEqual(['ph', 'quiet', 'old']);
  expect(ids({ state: 'standing' })).toEqual(['ph', 'quiet']);
  expect(ids({ state: 'over' })).toEqual(['old']);
  expect(ids({ severity: 'severe' })).toEqual(['ph']);
  expect(ids({ kind: 'no-data' })).toEqual(['quiet']);
  expect(ids({ to: '2026-11-15' })).toEqual(['old']);
  expect(ids({ from: '2026-11-20' })).toEqual(['ph', 'quiet']);
  expect(ids({ station: 'nowhere' })).toEqual([]);
  expect(() => file.search({ from: 'yesterday' })).toThrow();
});
