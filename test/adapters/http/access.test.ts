/** Who may ask what? Every route of contract §4, by everybody. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Running, startHttp } from './start-http.js';

type Access = 'always' | 'public' | 'loopback' | 'login';

/** method, path, who may ask, and the status once in. */
const ROUTES: readonly (readonly [string, string, Access, number])[] = [
  ['GET', '/health/live', 'always', 200],
  ['GET', '/health/ready', 'always', 200],
  ['GET', '/', 'always', 200],
  ['GET', '/api/openapi.json', 'always', 200],
  ['GET', '/api/docs', 'always', 200],
  ['GET', '/metrics', 'loopback', 200],
  ['GET', '/api/v1/site', 'public', 200],
  ['GET', '/api/v1/stations', 'public', 200],
  ['GET', '/api/v1/stations/chujing/readings?parameter=nh3n&from=2026-11-22&to=2026-11-23', 'public', 200],
  ['GET', '/api/v1/stations/nowhere/readings?parameter=nh3n&from=2026-11-22&to=2026-11-23', 'public', 404],
  ['GET', '/api/v1/stations/chujing/readings', 'public', 400],
  ['GET', '/api/v1/stations/chujing/windows', 'public', 200],
  ['GET', '/api/v1/stations/nowhere/windows', 'public', 404],
  ['GET', '/api/v1/stations/nankeng-out/days?year=2026', 'public', 200],
  ['GET', '/api/v1/stations/nankeng-out/days?year=26', 'public', 400],
  ['GET', '/api/v1/stations/nowhere/days', 'public', 404],
  ['GET', '/api/v1/stations/nankeng-out/days/2026-11-22', 'public', 200],
  ['GET', '/api/v1/stations/nankeng-out/days/2026-02-30', 'public', 400],
  ['GET', '/api/v1/stations/nankeng-out/spans?from=2026-11-22&to=2026-11-23', 'login', 200],
  ['GET', '/api/v1/stations/nankeng-out/spans', 'login', 400],
  ['GET', '/api/v1/stations/nankeng-out/last', 'login', 200],
  ['GET', '/api/v1/stations/nowhere/last', 'login', 404],
  ['GET', '/api/v1/targets', 'public', 200],
  ['GET', '/api/v1/compliance/river?period=2026', 'public', 200],
  ['GET', '/api/v1/compliance/nothing', 'public', 404],
  ['GET', '/api/v1/compliance/river/changes', 'public', 200],
  ['GET', '/api/v1/compliance/river/changes?all=1', 'public', 400],
  ['GET', '/api/v1/reaches', 'public', 200],
  ['GET', '/api/v1/reaches/nowhere/balance', 'login', 404],
  ['GET', '/api/v1/reaches/nankeng/strip', 'public', 200],
  ['GET', '/api/v1/reaches/nankeng/evidence?section=nowhere&start=2026-11-20', 'public', 404],
  ['GET', '/api/v1/review', 'login', 200],
  ['GET', '/api/v1/excuses', 'login', 200],
  ['GET', '/api/v1/excuses?station=nowhere', 'login', 404],
  ['POST', '/api/v1/excuses', 'login', 400],
  ['POST', '/api/v1/excuses/1/remove', 'login', 400],
  ['GET', '/api/v1/alerts', 'public', 200],
  ['GET', '/api/v1/alerts?state=active', 'public', 200],
  ['GET', '/api/v1/alerts?state=all', 'login', 200],
  ['POST', '/api/v1/alerts/a1/acknowledge', 'login', 200],
  ['POST', '/api/v1/alerts/none/acknowledge', 'login', 404],
  ['GET', '/api/v1/notices', 'login', 200],
  ['GET', '/api/v1/notices/n1', 'login', 200],
  ['GET', '/api/v1/notices/none', 'login', 404],
  ['GET', '/api/v1/receipts?date=2026-11-22', 'login', 200],
  ['GET', '/api/v1/receipts?date=yesterday', 'login', 400],
  ['GET', '/api/v1/rejections?limit=5', 'login', 200],
  ['GET', '/api/v1/rejections?limit=0', 'login', 400],
  ['GET', '/api/v1/rejections/export', 'login', 200],
  ['GET', '/api/v1/rejections/export?format=xml', 'login', 400],
  ['GET', '/api/v1/rejections/export?reason=mood', 'login', 400],
  ['GET', '/api/v1/rejections/export?since=yesterday', 'login', 400],
  ['POST', '/api/v1/rejections/replay', 'login', 200],
  ['POST', '/api/v1/import', 'login', 400],
  ['POST', '/api/v1/import/file', 'login', 400],
  ['GET', '/api/v1/limits', 'login', 200],
  ['GET', '/api/v1/backlog', 'login', 200],
  ['HEAD', '/api/v1/live', 'public', 200],
  ['GET', '/ack/nonsense', 'always', 404],
  ['POST', '/ack/nonsense', 'always', 404],
  ['GET', '/api/v1/path', 'public', 200],
  ['POST', '/api/v1/path/confirm', 'login', 400],
  ['GET', '/api/v1', 'login', 404],
  ['GET', '/api/v1/nonsense', 'login', 404],
  ['GET', '/API/V1/nonsense', 'login', 404],
  ['GET', '/api/v1/stations/%zz/readings', 'login', 400],
  ['PUT', '/api/v1/stations', 'login', 404],
];

/** Status of a request with exactly these headers; unlike fetch it can name any Host. */
function ask(running: Running, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${running.url}${path}`, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe.each([
  ['HEQING_PUBLIC=read on loopback', {}, ['always', 'public', 'loopback']],
  ['HEQING_PUBLIC=none on loopback', { publicRead: false }, ['always', 'loopback']],
  ['HEQING_PUBLIC=read with a public address', { publicUrl: 'https://heqing.example.org' }, ['always']],
  ['HEQING_PUBLIC=read on every interface', { isLoopback: false }, ['always', 'loopback']],
] as const)('%s', (_name, options, open) => {
  let running: Running;
  let cookie: string;
  beforeAll(async () => {
    running = await startHttp(options);
    cookie = await running.logIn();
  });
  afterAll(() => running.stop());

  test.each(ROUTES)('%s %s (%s)', async (method, path, access, status) => {
    const isOpen = (open as readonly Access[]).includes(access);
    expect(await ask(running, method, path)).toBe(isOpen ? status : 401);
    expect(await ask(running, method, path, { cookie })).toBe(status);
    expect(await ask(running, method, path, { authorization: `Bearer ${running.token}` })).toBe(status);
    expect(await ask(running, method, path, { cookie: 'heqing_session=forged' })).toBe(isOpen ? status : 401);
    expect(await ask(running, method, path, { authorization: 'Bearer forged' })).toBe(access === 'always' ? status : 401);
  });
});

describe('on loopback', () => {
  let running: Running;
  beforeAll(async () => void (running = await startHttp()));
  afterAll(() => running.stop());

  test.each([
    ['localhost:3000', {}, 200],
    ['[::1]:3000', {}, 200],
    ['evil.example.org', {}, 401],
    ['127.0.0.1.example.org', {}, 401],
    ['127.0.0.1:3000', { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['127.0.0.1:3000', { forwarded: 'for=203.0.113.9' }, 401],
  ])('what is open is open to this machine only: Host %s, %j → %i', async (host, headers, status) => {
    expect(await ask(running, 'GET', '/api/v1/stations', { host, ...headers })).toBe(status);
    expect(await ask(running, 'GET', '/metrics', { host, ...headers })).toBe(status);
    expect(await ask(running, 'GET', '/health/live', { host, ...headers })).toBe(200);
  });

  test('401 comes before a body is read', async () => {
    const json = { 'content-type': 'application/json' };
    expect(await ask(running, 'POST', '/api/v1/alerts/a1/acknowledge', json, '{broken')).toBe(401);
    expect(await ask(running, 'POST', '/api/v1/alerts/a1/acknowledge', json, `{"note":"${'x'.repeat(70_000)}"}`)).toBe(401);
    expect(await ask(running, 'POST', '/api/v1/session', json, '{broken')).toBe(400);
  });
});

describe('a request from another site', () => {
  let running: Running;
  let cookie: string;
  beforeAll(async () => {
    running = await startHttp({ publicUrl: 'https://heqing.example.org' });
    cookie = await running.logIn();
  });
  afterAll(() => running.stop());

  const json = { 'content-type': 'application/json' };
  const login = JSON.stringify({ username: 'admin', password: 'wrong' });

  test.each([
    [{ origin: 'https://evil.example.org' }, false],
    [{ origin: 'null' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://other.example.org' }, false],
    [{ origin: 'https://heqing.example.org', 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: 'https://heqing.example.org' }, true],
    [{ origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }, true],
    [{}, true],
  ])('%j changes something: %s', async (headers, allowed) => {
    expect(await ask(running, 'POST', '/api/v1/alerts/a1/acknowledge', { ...json, ...headers, cookie }, '{}')).toBe(
      allowed ? 200 : 403,
    );
    expect(await ask(running, 'POST', '/api/v1/alerts/none/acknowledge', { ...json, ...headers, cookie }, '{}')).toBe(
      allowed ? 404 : 403,
    );
    expect(await ask(running, 'POST', '/api/v1/alerts/none/acknowledge', { ...json, ...headers }, '{}')).toBe(401);
    const authorization = `Bearer ${running.token}`;
    expect(await ask(running, 'POST', '/api/v1/alerts/a1/acknowledge', { ...json, ...headers, authorization }, '{}')).toBe(200);
  });

  test('cannot log somebody in or out', async () => {
    const headers = { ...json, origin: 'https://evil.example.org' };
    expect(await ask(running, 'POST', '/api/v1/session', headers, login)).toBe(403);
    expect(await ask(running, 'DELETE', '/api/v1/session', { ...headers, cookie })).toBe(403);
    expect(await ask(running, 'GET', '/api/v1/stations', { cookie })).toBe(200);
  });
});
