/** Does HTTP tell a river chief's card and take a patrol, and nothing of it to a stranger? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cardAnswer, chiefsAnswer, patrolsAnswer } from '../../../src/adapters/http/contract/chiefs.js';
import { alertFileAnswer, alertSearchAnswer } from '../../../src/adapters/http/contract/alert-file.js';
import { type Running, startHttp } from './start-http.js';

let http: Running;
let cookie: string;

beforeAll(async () => {
  http = await startHttp();
  cookie = await http.logIn();
});
afterAll(() => http.stop());

const get = (path: string): Promise<Response> => fetch(`${http.url}/api/v1${path}`, { headers: { cookie } });
const patrol = (body: unknown, headers: Record<string, string> = { cookie }): Promise<Response> =>
  fetch(`${http.url}/api/v1/patrols`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test.each(['/chiefs', '/chiefs/chief-changtan', '/patrols?person=chief-changtan', '/alerts/a1', '/alerts/search'])(
  '%s needs a login',
  async (path) => {
    expect((await fetch(`${http.url}/api/v1${path}`)).status).toBe(401);
  },
);

test('the chiefs of the config, the card of one, and 404 for who is none', async () => {
  const { chiefs } = chiefsAnswer.parse(await (await get('/chiefs')).json());
  expect(chiefs.map(({ id }) => id)).toEqual(['town-chief', 'chief-changtan', 'chief-datian', 'chief-celei']);
  expect(chiefs[1]).toMatchObject({ villages: ['长潭村'], cases: { open: 3, overdue: 1 }, standing: 1 });
  const card = cardAnswer.parse(await (await get('/chiefs/chief-changtan')).json());
  expect(card).toMatchObject({
    chief: { name: '长潭村村级河长', step: 1 },
    sections: [
      {
        class: 'III',
        current: { window: 'day', class: 'IV' },
        nearest: { value: 0.86, left: 0.14, time: '2026-11-23T07:50:00+08:00' },
      },
    ],
    standing: [{ alert: 'a1', isAcknowledged: false }],
  });
  expect(card.along?.course).toHaveLength(7);
  // In the words of the river page.
  const balance = (await (await get('/reaches/nankeng/balance?from=2026-11-20&to=2026-11-22')).json()) as { travel: string };
  expect(card.along?.travel).toBe(balance.travel.split(',')[0]);
  expect((await get('/chiefs/duty-a')).status).toBe(404);
});

test('a patrol is entered by the account and counted', async () => {
  expect((await patrol({ person: 'chief-changtan' }, {})).status).toBe(401);
  expect((await patrol({ person: 'town-office' })).status).toBe(404);
  expect((await patrol({ person: 'chief-changtan', place: { lat: 127, lon: 113, accuracy: 5 } })).status).toBe(400);
  const entered = await patrol({ person: 'chief-changtan', place: { lat: 27.6, lon: 113.9, accuracy: 5 }, note: '无异常' });
  expect(entered.status).toBe(200);
  expect(await entered.json()).toMatchObject({ by: 'admin', note: '无异常', at: '2026-11-23T08:00:00+08:00' });
  const week = patrolsAnswer.parse(await (await get('/patrols?person=chief-changtan')).json());
  expect(week).toMatchObject({ from: '2026-11-23T00:00:00+08:00', due: 1, patrols: [{ note: '无异常' }] });
});

test('the file of an alert, and alerts looked for', async () => {
  const file = alertFileAnswer.parse(await (await get('/alerts/a1')).json());
  expect(file).toMatchObject({ alert: { id: 'a1', subjectName: '南坑河出境断面' }, told: [], next: null, notices: [] });
  expect((await get('/alerts/none')).status).toBe(404);
  const found = alertSearchAnswer.parse(await (await get('/alerts/search?state=standing&kind=limit')).json());
  expect(found.alerts.map(({ id }) => id)).toEqual(['a1']);
  expect(alertSearchAnswer.parse(await (await get('/alerts/search?kind=rain')).json()).alerts).toEqual([]);
  expect((await get('/alerts/search?kind=weather')).status).toBe(400);
});
