/** Which role may ask which route? Every route of every controller, tried by every role. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpControllers } from '../../../src/adapters/http/http.module.js';
import { ROUTE_ROLES, routesOf } from '../../../src/adapters/http/access/roles.js';
import { ACCOUNT_ROLES, type AccountRole } from '../../../src/domain/account-role.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

const ROUTES = routesOf(httpControllers);
/** Whoever asks these is told apart by something else than a login. */
const FOR_ANYBODY = ['GET /health/live', 'GET /health/ready', 'GET /ack/:token', 'POST /ack/:token', 'POST /api/v1/session'];

test('every route stands in the table, and nothing else does', () => {
  expect(ROUTES.length).toBeGreaterThan(50);
  expect(ROUTES.filter((route) => !(route in ROUTE_ROLES))).toEqual([]);
  expect(Object.keys(ROUTE_ROLES).filter((route) => !ROUTES.includes(route))).toEqual([]);
});

test('an auditor changes nothing but the own login', () => {
  const changing = ROUTES.filter((route) => !route.startsWith('GET') && ROUTE_ROLES[route]?.includes('auditor'));
  expect(changing.sort()).toEqual([
    'DELETE /api/v1/session',
    'DELETE /api/v1/sessions/:id',
    'POST /ack/:token',
    'POST /api/v1/account/password',
    'POST /api/v1/session',
  ]);
});

describe('by trying', () => {
  let running: Running;
  const tokens = new Map<AccountRole, string>();
  beforeAll(async () => {
    running = await startHttp({ publicRead: false, publicUrl: 'https://heqing.example.org', isLoopback: false });
    for (const role of ACCOUNT_ROLES) {
      await running.accounts.add(`the-${role}`, PASSWORD, role);
      tokens.set(role, running.accounts.addToken(`of ${role}`, `the-${role}`));
    }
  });
  afterAll(() => running.stop());

  const ask = async (route: string, headers: Record<string, string> = {}): Promise<{ status: number; type: string }> => {
    const [method = '', path = ''] = route.split(' ');
    const gone = new AbortController();
    const response = await fetch(`${running.url}${path.replace(/:\w+/g, 'none')}`, { method, headers, signal: gone.signal });
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem') ?? false;
    const type = isProblem ? ((await response.json()) as { type: string }).type : '';
    // The live route never ends by itself.
    gone.abort();
    return { status: response.status, type };
  };

  test.each(ROUTES.filter((route) => !FOR_ANYBODY.includes(route)))('%s', async (route) => {
    expect((await ask(route)).status).toBe(401);
    for (const role of ACCOUNT_ROLES) {
      const { status, type } = await ask(route, { authorization: `Bearer ${tokens.get(role) ?? ''}` });
      const refused = status === 403 && type === 'urn:heqing:problem:not-allowed';
      // A token cannot change a password, whosever it is; this chief is nobody of the config, so every card is another's.
      const ofAnother = role === 'chief' && route === 'GET /api/v1/chiefs/:id';
      const expected = !ROUTE_ROLES[route]?.includes(role) || ofAnother || route === 'POST /api/v1/account/password';
      if (route === 'POST /api/v1/account/password') expect(status).toBe(role === 'screen' ? 403 : 400);
      else expect(`${role} ${status} ${refused}`).toBe(`${role} ${status} ${expected}`);
      expect(status).not.toBe(401);
    }
  });

  test('a route of no row is for administrators only', async () => {
    const { mayAsk } = await import('../../../src/adapters/http/access/roles.js');
    expect(ACCOUNT_ROLES.filter((role) => mayAsk(role, 'GET /api/v1/forgotten'))).toEqual(['admin']);
  });

  test('a chief acts on the own reaches and villages only', async () => {
    const send = (username: string) =>
      fetch(`${running.url}/api/v1/alerts/a1/acknowledge`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.accounts.addToken(`act ${username}`, username)}` },
      }).then((response) => response.status);
    expect(await send('the-chief')).toBe(403);
    await running.accounts.add('datian', PASSWORD, 'chief', { person: 'chief-datian' });
    await running.accounts.add('head', PASSWORD, 'chief', { person: 'town-chief' });
    expect(await send('datian')).toBe(403);
    expect(await send('head')).toBe(200);
  });
});
