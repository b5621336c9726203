/** Can officers enter maintenance and review readings over HTTP, under their own name, and is a slip named in words? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  auditAnswer,
  decisionsAnswer,
  decisionView,
  maintenanceAnswer,
  maintenanceView,
} from '../../../src/adapters/http/contract/decisions.js';
import { type Running, startHttp } from './start-http.js';

let running: Running;
let officer: string;
beforeAll(async () => {
  running = await startHttp();
  await running.accounts.add('officer', 'long enough password');
  officer = running.accounts.addToken('review', 'officer');
});
afterAll(() => running.stop());

async function ask(method: string, path: string, body?: object, token = officer): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const STATION = 'nankeng-out';
const decision = { station: STATION, time: '2026-11-20T10:00:00+08:00', outcome: 'invalid', reason: 'device-fault' };

test('a maintenance record: started, ended by another, listed, told in the trail under their names', async () => {
  const started = await ask('POST', '/maintenance', { station: STATION, note: '换泵' });
  expect(started.status).toBe(200);
  const view = maintenanceView.strict().parse(started.body);
  expect(view).toMatchObject({ by: 'officer', who: 'officer', state: 'open', from: '2026-11-23T08:00:00+08:00' });
  const listed = async (query: string): Promise<string[]> =>
    maintenanceAnswer
      .strict()
      .parse((await ask('GET', `/maintenance?${query}`)).body)
      .maintenance.map(({ id }) => id);
  expect(await listed('open=1')).toEqual([view.id]);
  const change = { to: '2026-11-23T09:00:00+08:00', reason: '完工' };
  const ended = await ask('PATCH', `/maintenance/${view.id}`, change, running.token);
  expect(maintenanceView.strict().parse(ended.body)).toMatchObject({ state: 'closed', coversTo: '2026-11-23T10:00:00+08:00' });
  expect([await listed('open=1'), await listed(`station=${STATION}`), await listed('station=other')]).toEqual([
    [],
    [view.id],
    [],
  ]);
  const audit = auditAnswer
    .strict()
    .parse((await ask('GET', `/audit?what=maintenance/${view.id}&verify=1`, undefined, running.token)).body);
  expect(audit.entries.map(({ who, action, reason }) => [who, action, reason])).toEqual([
    ['admin', 'maintenance-ended', '完工'],
    ['officer', 'maintenance-started', '换泵'],
  ]);
  expect(audit.chain?.broken).toBeNull();
});

test('a decision: set, listed, undone', async () => {
  const set = await ask('POST', '/decisions', decision);
  expect(set.status).toBe(200);
  const view = decisionView.strict().parse(set.body);
  expect(view).toMatchObject({ by: 'officer', source: 'sensor', parameters: null, reasonText: '设备故障', undone: null });
  const undone = await ask('POST', `/decisions/${view.id}/undo`, { note: '误判' }, running.token);
  expect(decisionView.strict().parse(undone.body).undone).toMatchObject({ by: 'admin', note: '误判' });
  const query = `station=${STATION}&from=2026-11-20&to=2026-11-21`;
  expect(decisionsAnswer.strict().parse((await ask('GET', `/decisions?${query}`)).body).decisions).toEqual([undone.body]);
  expect(auditAnswer.parse((await ask('GET', `/audit?station=${STATION}&limit=1`, undefined, running.token)).body)).toMatchObject(
    {
      entries: [{ action: 'decision-undone', before: { undone: null }, after: { undone: { by: 'admin' } } }],
    },
  );
});

describe('a slip is named', () => {
  test.each([
    ['POST', '/decisions', { ...decision, reason: 'mood' }, 400, 'reason'],
    ['POST', '/decisions', { ...decision, outcome: 'good' }, 400, 'outcome'],
    ['POST', '/decisions', { ...decision, reason: 'other' }, 400, 'note'],
    ['POST', '/decisions', { ...decision, station: 'nowhere' }, 404, 'nowhere'],
    ['POST', '/decisions', { ...decision, time: '昨天' }, 400, '昨天'],
    ['POST', '/decisions/99/undo', {}, 404, '99'],
    ['POST', '/maintenance', { station: STATION, unknown: 1 }, 400, 'unknown'],
    ['POST', '/maintenance', { station: STATION, settlingMinutes: -1 }, 400, 'settlingMinutes'],
    ['PATCH', '/maintenance/99', { reason: 'x' }, 404, '99'],
    ['GET', '/audit?verify=yes', undefined, 400, 'verify'],
    ['GET', '/decisions?from=yesterday', undefined, 400, 'yesterday'],
  ])('%s %s %j: %i', async (method, path, body, status, word) => {
    const answer = await ask(method, path, body, running.token);
    expect([answer.status, (answer.body as { status: number }).status]).toEqual([status, status]);
    expect((answer.body as { detail: string }).detail).toContain(word);
  });
});

test.each([
  ['GET', '/maintenance'],
  ['POST', '/maintenance'],
  ['PATCH', '/maintenance/1'],
  ['GET', '/decisions'],
  ['POST', '/decisions'],
  ['POST', '/decisions/1/undo'],
  ['GET', '/audit'],
])('%s %s needs a login even where the page does not', async (method, path) => {
  expect((await ask(method, path, method === 'GET' ? undefined : {}, '')).status).toBe(401);
});
