/** What does a river chief read? The measured river and its rates whole; what people do about it only of the own places. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpControllers } from '../../../src/adapters/http/http.module.js';
import { alertSearchAnswer } from '../../../src/adapters/http/contract/alert-file.js';
import { siteAnswer } from '../../../src/adapters/http/contract/contract.js';
import { casesAnswer } from '../../../src/adapters/http/contract/cases.js';
import { chiefsAnswer } from '../../../src/adapters/http/contract/chiefs.js';
import { maintenanceAnswer } from '../../../src/adapters/http/contract/decisions.js';
import { spansAnswer } from '../../../src/adapters/http/contract/station.js';
import { mayAsk, routesFor, routesOf } from '../../../src/adapters/http/access/roles.js';
import type { AccountRole } from '../../../src/domain/account-role.js';
import { wupi } from '../../support/wupi.js';
import { OPEN_ALERT, PASSWORD, type Running, startHttp } from './start-http.js';

const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 1, 2, 3]);
const tap = [...wupi.stations.values()].find(({ village, medium }) => village === '大田村' && medium === 'drinking-water')!;
const WHO = {
  datian: ['chief', 'chief-datian'],
  head: ['chief', 'town-chief'],
  officer: ['officer', undefined],
  auditor: ['auditor', undefined],
} as const satisfies Record<string, readonly [AccountRole, string | undefined]>;
type Who = keyof typeof WHO;

let running: Running;
const tokens = new Map<Who, string>();
/** Numbers of two cases: of the alert at the river's end, and of the tap in 大田村. */
const cases = { river: '', tap: '' };

const ask = (who: Who, method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(who)}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const read = async (who: Who, path: string): Promise<unknown> => (await ask(who, 'GET', path)).json();

beforeAll(async () => {
  running = await startHttp({ publicRead: false, publicUrl: 'https://heqing.example.org', isLoopback: false });
  for (const [name, [role, person]] of Object.entries(WHO)) {
    await running.accounts.add(name, PASSWORD, role, person === undefined ? {} : { person });
    tokens.set(name as Who, running.accounts.addToken(`of ${name}`, name));
  }
  running.alerts.set('a2', { ...OPEN_ALERT, id: 'a2', subject: tap.id, station: tap.id, parameter: 'cl2' });
  running.alerts.set('a3', { ...OPEN_ALERT, id: 'a3', subject: 'service', station: null, parameter: null, kind: 'service' });
  const open = async (about: object): Promise<string> => {
    const response = await ask('officer', 'POST', '/cases', { ...about, to: 'duty-a', until: '2026-11-25' });
    expect(response.status).toBe(200);
    return ((await response.json()) as { number: string }).number;
  };
  cases.river = await open({ alert: 'a1' });
  cases.tap = await open({ station: tap.id, note: '水样浑浊' });
  for (const station of [tap.id, 'nankeng-out'])
    expect((await ask('officer', 'POST', '/maintenance', { station, note: '清洗' })).status).toBe(200);
  for (const number of Object.values(cases))
    await fetch(`${running.url}/api/v1/cases/${number}/photos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.get('officer')}`, 'content-type': 'image/jpeg' },
      body: PHOTO,
    });
});
afterAll(() => running.stop());

const alertsOf = async (who: Who): Promise<string[]> =>
  alertSearchAnswer.parse(await read(who, '/alerts/search')).alerts.map(({ id }) => id);

test('alerts, cases, maintenance and cards: a chief of a village reads the own, the chief of the town the river’s, the office all', async () => {
  expect(await alertsOf('datian')).toEqual(['a2']);
  expect(await alertsOf('head')).toEqual(['a1']);
  expect((await alertsOf('auditor')).sort()).toEqual(['a1', 'a2', 'a3']);

  const casesOf = async (who: Who) => casesAnswer.parse(await read(who, '/cases'));
  const own = await casesOf('datian');
  expect(own.cases.map(({ number }) => number)).toEqual([cases.tap]);
  expect(own.summary).toMatchObject({ open: 1, overdue: 0, oldestDays: 0 });
  expect((await casesOf('officer')).summary.open).toBe(2);

  const stations = async (who: Who) =>
    maintenanceAnswer.parse(await read(who, '/maintenance')).maintenance.map(({ station }) => station);
  expect(await stations('datian')).toEqual([tap.id]);
  expect((await stations('officer')).sort()).toEqual([tap.id, 'nankeng-out'].sort());

  const cards = async (who: Who) => chiefsAnswer.parse(await read(who, '/chiefs')).chiefs.map(({ id }) => id);
  expect(await cards('datian')).toEqual(['chief-datian']);
  expect(await cards('officer')).toHaveLength(4);
});

test.each([
  ['/alerts/a1', 403, 200],
  ['/alerts/a2', 200, 403],
  ['/alerts/none', 404, 404],
  ['/chiefs/chief-datian', 200, 403],
  ['/chiefs/chief-changtan', 403, 403],
  ['/patrols?person=chief-datian', 200, 403],
  ['/patrols?person=chief-changtan', 403, 403],
])('GET %s: %d for the chief of 大田村, %d for the chief of the town, 200 or 404 for the office', async (path, village, town) => {
  const answers = { datian: village, head: town, officer: village === 404 ? 404 : 200 };
  for (const [who, status] of Object.entries(answers)) {
    const response = await ask(who as Who, 'GET', path);
    expect([who, response.status]).toEqual([who, status]);
    if (status === 403) expect(await response.json()).toMatchObject({ type: 'urn:heqing:problem:not-allowed' });
  }
});

test('who worked at a station, and its alerts, are told to who holds it', async () => {
  const spans = async (who: Who, station: string) =>
    spansAnswer.parse(await read(who, `/stations/${station}/spans?from=2026-11-20&to=2026-11-26`));
  expect((await spans('officer', 'nankeng-out')).maintenance).toMatchObject([{ who: 'officer', note: '清洗' }]);
  expect((await spans('head', 'nankeng-out')).maintenance).toHaveLength(1);
  expect(await spans('datian', 'nankeng-out')).toMatchObject({ maintenance: [], alerts: [] });
  expect((await spans('datian', tap.id)).maintenance).toHaveLength(1);
});

test('a case and its photos open for who holds its place, by number too; a case handed to a chief is the chief’s', async () => {
  for (const path of [`/cases/${cases.river}`, `/cases/${cases.river}/photos/1`]) {
    expect((await ask('datian', 'GET', path)).status).toBe(403);
    expect((await ask('head', 'GET', path)).status).toBe(200);
  }
  expect((await ask('datian', 'GET', `/cases/${cases.tap}/photos/1`)).status).toBe(200);
  const handed = await ask('officer', 'POST', `/cases/${cases.river}/hand-over`, { to: 'chief-datian', note: '请到现场看' });
  expect(handed.status).toBe(200);
  expect((await ask('datian', 'GET', `/cases/${cases.river}`)).status).toBe(200);
});

test('nobody walks a reach in another’s name', async () => {
  expect((await ask('datian', 'POST', '/patrols', { person: 'chief-changtan', note: '' })).status).toBe(403);
  expect((await ask('datian', 'POST', '/patrols', { person: 'chief-datian', note: '' })).status).toBe(200);
});

describe('what a page is told of who asks', () => {
  const user = async (who: Who) => siteAnswer.parse(await read(who, '/site')).user!;

  test.each(['datian', 'officer', 'auditor'] as const)('%s: exactly the routes the guard lets through', async (who) => {
    const { may } = await user(who);
    expect(may).toEqual(routesFor(WHO[who][0]));
    expect([...may].sort()).toEqual(
      routesOf(httpControllers)
        .filter((route) => mayAsk(WHO[who][0], route))
        .sort(),
    );
  });

  test('a chief acts at the own stations, the office everywhere', async () => {
    expect((await user('officer')).stations).toBeNull();
    const { stations } = await user('datian');
    expect(stations).toContain(tap.id);
    expect(stations).not.toContain('nankeng-out');
  });
});

test('the measured river and its rates are the same for a chief as for the office', async () => {
  for (const path of ['/stations', '/targets', '/compliance/river?period=2026', '/reaches'])
    expect(await read('datian', path)).toEqual(await read('officer', path));
});

test('the live line tells a chief of alerts at the own places only', async () => {
  const gone = new AbortController();
  const open = async (who: Who) => {
    const { body } = await fetch(`${running.url}/api/v1/live`, {
      headers: { authorization: `Bearer ${tokens.get(who)}` },
      signal: gone.signal,
    });
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    return async (text: string): Promise<string> => {
      let heard = '';
      while (!heard.includes(text)) heard += (await reader.read()).value ?? '';
      return heard;
    };
  };
  const [chief, head] = [await open('datian'), await open('head')];
  running.hub.alert({ ...OPEN_ALERT, id: 'live-alert' });
  running.hub.compliance();
  expect(await head('event: compliance')).toContain('live-alert');
  expect(await chief('event: compliance')).not.toContain('live-alert');
  gone.abort();
});
