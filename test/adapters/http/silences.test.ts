/** Do silences and reports upward work over HTTP, each under the name of the login? */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { alertView } from '../../../src/adapters/http/contract/contract.js';
import { silencesAnswer, silenceView } from '../../../src/adapters/http/contract/alerts.js';
import { type Running, startHttp } from './start-http.js';

let running: Running;
let cookie: string;
beforeAll(async () => {
  running = await startHttp();
  cookie = await running.logIn();
});
afterAll(() => running.stop());
beforeEach(() => running.reports.reset());

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = { cookie }): Promise<Response> =>
  fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const silences = async (query = '') => silencesAnswer.parse(await (await ask('GET', `/silences${query}`)).json()).silences;

const WORKS = { station: 'nankeng-out', to: '2026-11-23T18:00:00+08:00', reason: '清淤施工' };

test('a silence is set, holds, is ended by somebody, and stays to be read', async () => {
  const set = await ask('POST', '/silences', WORKS);
  expect(set.status).toBe(200);
  const silence = silenceView.strict().parse(await set.json());
  expect(silence).toMatchObject({ station: 'nankeng-out', parameter: null, by: 'admin', reason: '清淤施工', holds: true });
  expect(await silences('?holding=1')).toEqual([silence]);
  const ended = await ask('DELETE', `/silences/${silence.id}`, { reason: '清淤已完成' });
  expect(await ended.json()).toMatchObject({ id: silence.id, holds: false, endedBy: 'admin' });
  expect(await silences('?holding=1')).toEqual([]);
  expect(await silences()).toMatchObject([{ id: silence.id, endedBy: 'admin' }]);
  expect((await ask('DELETE', `/silences/${silence.id}`)).status).toBe(400);
  const { entries } = (await (await ask('GET', '/audit?action=silence-ended')).json()) as { entries: object[] };
  expect(entries).toMatchObject([{ who: 'admin', what: `silence/${silence.id}`, reason: '清淤已完成' }]);
});

test('it ends without a reason too', async () => {
  const { id } = silenceView.parse(await (await ask('POST', '/silences', WORKS)).json());
  expect((await ask('DELETE', `/silences/${id}`)).status).toBe(200);
  expect((await ask('DELETE', `/silences/${id}`, { why: 'x' })).status).toBe(400);
});

test.each([
  ['everything at once', { to: WORKS.to, reason: '清淤施工' }, 400],
  ['no reason', { ...WORKS, reason: '  ' }, 400],
  ['an end before its beginning', { ...WORKS, to: '2026-11-22' }, 400],
  ['longer than thirty days', { ...WORKS, to: '2027-03-01' }, 400],
  ['a station that is not there', { ...WORKS, station: 'nowhere' }, 404],
  ['a field that is not there', { ...WORKS, statoin: 'nankeng-out' }, 400],
])('%s is refused, and nothing is silent', async (_, body, status) => {
  const response = await ask('POST', '/silences', body);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await silences('?holding=1')).toEqual([]);
});

test('an alert is reported upward with what was found, under the name of the login', async () => {
  const response = await ask('POST', '/alerts/a1/report', { note: '现场核实属实' });
  expect(response.status).toBe(200);
  expect(alertView.parse(await response.json()).history.at(-1)).toMatchObject({ by: 'admin', note: '现场核实属实' });
  expect((await ask('POST', '/alerts/a1/report', { note: '' })).status).toBe(400);
});

describe('without a login', () => {
  test.each([
    ['GET', '/silences', undefined],
    ['POST', '/silences', WORKS],
    ['DELETE', '/silences/1', undefined],
    ['POST', '/alerts/a1/report', { note: '现场核实属实' }],
  ])('%s %s is refused', async (method, path, body) => {
    expect((await ask(method, path, body, {})).status).toBe(401);
  });
});
