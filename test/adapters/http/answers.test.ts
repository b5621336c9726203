/** What exactly comes back: bodies, problems, cookies, headers, the page, and OpenAPI? */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOSING_TIME } from '../../../src/adapters/http/closing.js';
import * as contract from '../../../src/adapters/http/contract/contract.js';
import * as complianceContract from '../../../src/adapters/http/contract/compliance.js';
import { addressForOthers } from '../../../src/adapters/http/access/loopback.js';
import { FAILURES_ALLOWED } from '../../../src/adapters/http/access/login-throttle.js';
import { MINUTE } from '../../../src/domain/time.js';
import { ALERT } from './fake-reports.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

let running: Running;
beforeAll(async () => void (running = await startHttp()));
afterAll(() => running.stop());

const others: Running[] = [];
/** Another service for this test only, stopped after it however it ends. */
async function startAnother(options: Parameters<typeof startHttp>[0]): Promise<Running> {
  const other = await startHttp(options);
  others.push(other);
  return other;
}
afterEach(() => Promise.all(others.splice(0).map((other) => other.stop())));

// One service for all tests; what a test before did to it is undone, failed logins by letting time pass.
beforeEach(() => {
  running.reports.reset();
  running.clock.time += 16 * MINUTE;
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${running.url}${path}`, { headers });
const asMachine = () => ({ authorization: `Bearer ${running.token}` });

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${running.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
}

async function problemOf(response: Response): Promise<contract.Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = contract.problem.strict().parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.type).toMatch(/^urn:heqing:problem:/);
  expect(problem.title).toMatch(/^\p{Script=Han}.* · [A-Z]/u);
  return problem;
}

describe('answers', () => {
  test('have the shapes of the contract and are not kept by anybody', async () => {
    for (const [path, schema] of [
      ['/api/v1/site', contract.siteAnswer],
      ['/api/v1/stations', contract.stationsAnswer],
      ['/api/v1/stations/chujing/readings?parameter=nh3n&from=2026-11-22&to=2026-11-23', contract.readingsAnswer],
      ['/api/v1/stations/chujing/windows', complianceContract.windowsAnswer],
      ['/api/v1/targets', complianceContract.targetsAnswer],
      ['/api/v1/compliance/river', complianceContract.complianceAnswer],
      ['/api/v1/compliance/river/changes', complianceContract.changesAnswer],
      ['/api/v1/alerts', contract.alertsAnswer],
      ['/api/v1/notices', contract.noticesAnswer],
      ['/api/v1/notices/n1', contract.noticeAnswer],
      ['/api/v1/receipts', contract.receiptsAnswer],
      ['/api/v1/rejections', contract.rejectionsAnswer],
      ['/health/ready', contract.readyAnswer],
    ] as const) {
      const response = await get(path, asMachine());
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      schema.parse(await response.json());
    }
  });

  test('the site says who is asking', async () => {
    expect(await (await get('/api/v1/site')).json()).toMatchObject({ name: '五陂镇', user: null });
    const cookie = await running.logIn();
    expect(await (await get('/api/v1/site', { cookie })).json()).toMatchObject({
      user: { username: 'admin', role: 'admin', person: null },
    });
  });

  test('queries reach the reports checked and with their defaults', async () => {
    await get('/api/v1/stations/chujing/readings?parameter=nh3n&from=2026-11-22&to=2026-11-23&step=1h');
    await get('/api/v1/alerts');
    await get('/api/v1/alerts?state=all', asMachine());
    await get('/api/v1/rejections?limit=7', asMachine());
    await get('/api/v1/rejections', asMachine());
    expect(running.reports.asked).toEqual([
      { station: 'chujing', parameter: 'nh3n', from: '2026-11-22', to: '2026-11-23', step: '1h' },
      { state: 'active', names: false },
      { state: 'all', names: true },
      { limit: 7 },
      { limit: 100 },
    ]);
  });

  test('an alert is acknowledged by the name of the login, with a note or without', async () => {
    const cookie = await running.logIn();
    const noted = await post('/api/v1/alerts/a1/acknowledge', { note: '已派人' }, { cookie });
    expect(await noted.json()).toMatchObject({
      ...ALERT,
      state: 'acknowledged',
      acknowledgedBy: 'admin',
      acknowledgedAt: expect.any(String),
      history: expect.anything(),
    });
    expect(running.reports.alert.history.at(-1)).toMatchObject({ by: 'admin', note: '已派人' });
    const bare = await fetch(`${running.url}/api/v1/alerts/a1/acknowledge`, { method: 'POST', headers: { cookie } });
    expect(bare.status).toBe(200);
    expect(running.reports.alert.history.at(-1)).toMatchObject({ note: '' });
  });

  test('an alert is closed by the name of the login, for a reason', async () => {
    const cookie = await running.logIn();
    const response = await post('/api/v1/alerts/a1/close', { reason: '设备已拆除' }, { cookie });
    expect(response.status).toBe(200);
    expect(contract.alertView.parse(await response.json())).toMatchObject({
      id: 'a1',
      state: 'closed',
      history: [{}, { to: 'closed', by: 'admin', reason: '设备已拆除' }],
    });
  });

  test('ready is 503 while readings cannot be taken, and 200 when something else is away', async () => {
    running.reports.health = { status: 'degraded', parts: [{ name: 'smtp', state: 'degraded', detail: '连接被拒绝' }] };
    expect((await get('/health/ready')).status).toBe(200);
    running.reports.health = { status: 'down', parts: [{ name: 'disk', state: 'down', detail: '磁盘已满' }] };
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual(running.reports.health);
    expect(await (await get('/health/live')).json()).toEqual({ status: 'up' });
  });

  test('metrics come as Prometheus text', async () => {
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('heqing_archive_up 1\n');
  });
});

describe('problems', () => {
  test.each([
    ['/api/v1/stations/chujing/readings', ['parameter', 'from', 'to']],
    ['/api/v1/stations/chujing/readings?parameter=nh3n&from=2026-11-22', ['to']],
    ['/api/v1/stations/chujing/readings?parameter=nh3n&parameter=ph&from=1&to=2', ['parameter']],
    ['/api/v1/stations/chujing/readings?parameter=nh3n&from=1&to=2&step=fast', ['step']],
    ['/api/v1/stations/chujing/readings?parameter=nh3n&from=1&to=2&stepp=1h', ['stepp']],
    ['/api/v1/compliance/river?window=week&all=yes&page=0', ['window', 'all', 'page']],
    ['/api/v1/alerts?state=old', ['state']],
    ['/api/v1/receipts?date=2026-1-1', ['date']],
    ['/api/v1/rejections?limit=many', ['limit']],
  ])('%s names %j', async (path, fields) => {
    const problem = await problemOf(await get(path, asMachine()));
    expect(problem).toMatchObject({ status: 400, type: 'urn:heqing:problem:invalid-request' });
    expect(problem.errors?.map((error) => error.field)).toEqual(fields);
    for (const field of fields) expect(problem.detail).toContain(`${field}:`);
    expect(problem.detail).toMatch(/\p{Script=Han}/u);
  });

  test.each([
    ['/api/v1/stations/nowhere/readings?parameter=nh3n&from=1&to=2', 404, '没有站点 nowhere'],
    ['/api/v1/stations/chujing/readings?parameter=nh3n&from=2&to=1', 400, 'from 应早于 to'],
    ['/api/v1/stations/chujing/readings?parameter=ph&from=1&to=2', 503, '归档暂时不可用'],
  ])('%s: a refusal is told in its own words', async (path, status, words) => {
    const response = await get(path);
    expect(await problemOf(response)).toMatchObject({ status, detail: words });
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '10' : null);
  });

  test('addresses that are not there are problems too', async () => {
    expect(await problemOf(await get('/api/v1/nonsense', asMachine()))).toMatchObject({ status: 404 });
    expect(await problemOf(await get('/api/nonsense'))).toMatchObject({ status: 404 });
    expect(await problemOf(await get('/api/v1/nonsense'))).toMatchObject({ status: 401 });
    expect(await problemOf(await get('/assets/gone.js'))).toMatchObject({ status: 404 });
    expect(await problemOf(await get('/ack'))).toMatchObject({ status: 404 });
    expect(await problemOf(await get('/ack/abc/def'))).toMatchObject({ status: 404 });
  });

  test('only the link of a mail answers people with a page, a forged one too', async () => {
    const response = await get('/ack/abc');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test('closing an alert takes a reason', async () => {
    const path = '/api/v1/alerts/a1/close';
    expect(await problemOf(await post(path, { reason: '设备已拆除' }))).toMatchObject({ status: 401 });
    for (const body of [{}, { reason: ' ' }]) {
      expect((await problemOf(await post(path, body, asMachine()))).errors).toMatchObject([{ field: 'reason' }]);
    }
    const unknown = await post('/api/v1/alerts/none/close', { reason: '设备已拆除' }, asMachine());
    expect(await problemOf(unknown)).toMatchObject({ status: 404 });
    expect(running.reports.alert.state).toBe('active');
  });

  test('a 401 says how to come in', async () => {
    const response = await get('/api/v1/notices');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await problemOf(response)).toMatchObject({ status: 401, type: 'urn:heqing:problem:login-needed' });
  });

  test('bodies that are not right', async () => {
    const path = '/api/v1/alerts/a1/acknowledge';
    expect(await problemOf(await post(path, '{broken', asMachine()))).toMatchObject({ status: 400 });
    expect(await problemOf(await post(path, '[]', asMachine()))).toMatchObject({ status: 400 });
    expect((await problemOf(await post(path, { note: 5 }, asMachine()))).errors).toMatchObject([{ field: 'note' }]);
    expect((await problemOf(await post(path, { noet: 'x' }, asMachine()))).errors).toMatchObject([{ field: 'noet' }]);
    expect((await problemOf(await post('/api/v1/session', {}))).errors?.map((error) => error.field)).toEqual([
      'username',
      'password',
    ]);
    const form = { ...asMachine(), 'content-type': 'application/x-www-form-urlencoded' };
    expect(await problemOf(await post(path, 'note=x', form))).toMatchObject({ status: 415 });
    expect(await problemOf(await post(path, { note: 'x'.repeat(70_000) }, asMachine()))).toMatchObject({ status: 413 });
  });

  test('what breaks inside is logged, and nothing of it is told', async () => {
    running.reports.breakNext = new Error('SQLITE_CORRUPT at /var/lib/secret');
    const problem = await problemOf(await get('/api/v1/targets'));
    expect(problem).toMatchObject({ status: 500, type: 'urn:heqing:problem:internal-error' });
    expect(JSON.stringify(problem)).not.toMatch(/SQLITE|secret|\.ts/);
    expect(running.logged.join()).toContain('GET /api/v1/targets: Error: SQLITE_CORRUPT');
    expect((await get('/api/v1/targets')).status).toBe(200);
  });
});

describe('a login', () => {
  test('sets a cookie that scripts and other sites cannot use, and ends', async () => {
    const response = await post('/api/v1/session', { username: 'admin', password: PASSWORD });
    expect(await response.json()).toEqual({ username: 'admin', role: 'admin' });
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^heqing_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = set.split(';')[0] ?? '';
    expect((await get('/api/v1/notices', { cookie })).status).toBe(200);
    const again = await post('/api/v1/session', { username: 'admin', password: PASSWORD }, { cookie });
    const renewed = (again.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await get('/api/v1/notices', { cookie })).status).toBe(401);
    expect((await get('/api/v1/notices', { cookie: renewed })).status).toBe(200);
    const end = await fetch(`${running.url}/api/v1/session`, { method: 'DELETE', headers: { cookie: renewed } });
    expect(end.status).toBe(204);
    expect(end.headers.get('set-cookie')).toMatch(/^heqing_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await get('/api/v1/notices', { cookie: renewed })).status).toBe(401);
  });

  test.each([
    ['https://heqing.example.org/', 'https://heqing.example.org'],
    ['http://192.168.1.5:3000', 'http://192.168.1.5:3000'],
    ['http://127.0.0.1:3000', null],
    ['http://0.0.0.0:3000', null],
    ['http://[::]:3000', null],
  ])('at %s a phone finds the pages at %s', (publicUrl, address) => expect(addressForOthers(publicUrl)).toBe(address));

  test('is Secure over https', async () => {
    const secure = await startAnother({ publicUrl: 'https://heqing.example.org' });
    const body = JSON.stringify({ username: 'admin', password: PASSWORD });
    const response = await fetch(`${secure.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age/);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const site = await fetch(`${secure.url}/api/v1/site`, { headers: { cookie } });
    expect(await site.json()).toMatchObject({ address: 'https://heqing.example.org' });
  });

  test('waits after five failures, whether or not there is such an account', async () => {
    for (const username of ['admin', 'nobody']) {
      for (let attempt = 0; attempt < FAILURES_ALLOWED; attempt += 1) {
        const wrong = await problemOf(await post('/api/v1/session', { username, password: 'wrong' }));
        expect(wrong).toMatchObject({ status: 401, type: 'urn:heqing:problem:wrong-login' });
      }
      const response = await post('/api/v1/session', { username, password: PASSWORD });
      expect(await problemOf(response)).toMatchObject({ status: 429 });
      expect(response.headers.get('retry-after')).toBe('900');
    }
    running.clock.time += 15 * MINUTE;
    await running.logIn();
  });

  test('behind a proxy the address is that of who asked; without one it cannot be chosen', async () => {
    const attempts = async (url: string): Promise<number[]> => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const headers = { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${attempt}` };
        const body = JSON.stringify({ username: 'admin', password: 'wrong' });
        statuses.push((await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body })).status);
      }
      return statuses;
    };
    expect((await attempts(running.url)).at(-1)).toBe(429);
    const proxied = await startAnother({ publicUrl: 'https://heqing.example.org' });
    expect((await attempts(proxied.url)).at(-1)).toBe(401);
  });
});

describe('the page', () => {
  test('is served at every address of its own, and its hashed files are kept for a year', async () => {
    for (const path of ['/', '/stations/chujing', '/public']) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).toContain('河清');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    }
    const script = await get('/assets/index-B1x9Zq3k.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
    expect((await post('/stations', {})).status).toBe(404);
    for (const path of ['/apiary', '/stations/chujing/deeper', '/health/page']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('says to a browser that an address is none, as a 404; a machine gets a problem', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of ['/nope', '/stations/chujing/deeper']) {
      const response = await fetch(`${running.url}${path}`, { headers: { accept } });
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 404, 'no-cache']);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(await response.text()).toContain('河清');
      expect((await get(path)).headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    for (const path of ['/api/v1/nope', '/health/nope']) {
      const response = await fetch(`${running.url}${path}`, { headers: { accept } });
      expect([path, response.headers.get('content-type')]).toEqual([path, expect.stringMatching(/^application\/problem\+json/)]);
    }
  });

  test('may load only what is its own; the docs have a policy apart', async () => {
    const page = (await get('/')).headers;
    expect(page.get('content-security-policy')).not.toContain('unsafe');
    expect(page.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.get('x-content-type-options')).toBe('nosniff');
    expect(page.get('x-powered-by')).toBeNull();
    expect(page.get('strict-transport-security')).toBeNull();
    const docs = await get('/api/docs');
    expect(await docs.text()).toContain('河清 API');
    expect(docs.headers.get('content-security-policy')).toContain("script-src 'self';style-src 'self' 'unsafe-inline'");
    expect((await get('/api/docs/swagger-ui-bundle.js')).status).toBe(200);
    expect((await get('/api/docs/swagger-ui-init.js')).status).toBe(200);
  });

  test('that is not built is a 404, not a crash', async () => {
    const bare = await startAnother({ webFolder: '/nonexistent/heqing-web' });
    expect((await fetch(`${bare.url}/`)).status).toBe(404);
  });
});

test('a client that never finishes its request does not keep the service from stopping', async () => {
  const other = await startHttp();
  const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"user',
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.on('error', () => undefined);
  const started = Date.now();
  await other.stop();
  expect(Date.now() - started).toBeLessThan(CLOSING_TIME + 2000);
});
