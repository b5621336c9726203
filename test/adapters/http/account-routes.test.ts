/** How do people look after accounts over HTTP, and what does the trail say of it afterwards? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditAnswer } from '../../../src/adapters/http/contract/decisions.js';
import type { BoardAnswer, MadeSecret, SessionsAnswer } from '../../../src/adapters/http/contract/accounts.js';
import type { SiteAnswer } from '../../../src/adapters/http/contract/contract.js';
import { MINUTE } from '../../../src/domain/time.js';
import { wupi } from '../../support/wupi.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

const NEXT = 'the water runs slower here';
let running: Running;
let cookie: string;

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly cookie: string;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { cookie },
): Promise<Answered> {
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const set = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { status: response.status, text: await response.text(), cookie: set };
}
const logIn = (username: string, password: string, headers = {}): Promise<Answered> =>
  ask('POST', '/session', { username, password }, headers);
const trail = async (query = ''): Promise<AuditAnswer> =>
  JSON.parse((await ask('GET', `/audit?limit=1000${query}`)).text) as AuditAnswer;

afterEach(() => running.stop());

describe('accounts over HTTP', () => {
  beforeEach(async () => {
    running = await startHttp({ publicRead: false, publicUrl: 'https://heqing.example.org', isLoopback: false });
    cookie = await running.logIn();
  });

  test('every act stands in the trail with who and from where, and no secret does', async () => {
    const made = JSON.parse((await ask('POST', '/accounts', { username: 'li-reader', role: 'auditor' })).text) as MadeSecret;
    expect((await logIn('li-reader', 'wrong')).status).toBe(401);
    expect((await logIn('my secret typed as a name', 'wrong')).status).toBe(401);
    const theirs = await logIn('li-reader', made.secret);
    expect(theirs.status).toBe(200);
    const change = { present: made.secret, next: NEXT };
    expect((await ask('POST', '/account/password', change, { cookie: theirs.cookie })).status).toBe(204);
    const token = JSON.parse((await ask('POST', '/accounts/li-reader/tokens', { label: 'report' })).text) as MadeSecret;
    expect((await ask('POST', '/tokens/remove', { label: 'report' })).status).toBe(204);
    expect((await ask('PATCH', '/accounts/li-reader', { role: 'chief', person: 'town-chief' })).status).toBe(204);
    const { sessions } = JSON.parse((await ask('GET', '/sessions?all=1')).text) as SessionsAnswer;
    const session = sessions.find(({ username }) => username === 'li-reader');
    expect((await ask('DELETE', `/sessions/${session?.id ?? ''}`)).status).toBe(204);
    expect((await ask('GET', '/account', undefined, { cookie: theirs.cookie })).status).toBe(401);
    const again = JSON.parse((await ask('POST', '/accounts/li-reader/password')).text) as MadeSecret;
    expect((await ask('DELETE', '/accounts/li-reader')).status).toBe(204);
    expect((await ask('POST', '/path/confirm', { code: 'NOTHING1' })).status).toBe(404);
    expect((await ask('POST', '/path/test')).status).toBe(200);
    const [code = ''] = running.tests[0]?.mail.text.split(' ') ?? [];
    expect((await ask('POST', '/path/confirm', { code })).status).toBe(200);

    const { entries, chain } = await trail('&verify=1');
    expect(entries.map(({ action, who }) => `${action} ${who}`).reverse()).toEqual([
      'account-added (system)',
      'token-added (system)',
      'login admin',
      'account-added admin',
      'login-failed li-reader',
      'login-failed (unknown)',
      'login li-reader',
      'password-changed li-reader',
      'token-added admin',
      'token-removed admin',
      'account-changed admin',
      'session-ended admin',
      'password-changed admin',
      'account-removed admin',
      'path-tested admin',
      'path-confirmed admin',
    ]);
    expect(entries.filter(({ who }) => who !== '(system)').every(({ address }) => address === '127.0.0.1')).toBe(true);
    expect(entries.find(({ action }) => action === 'account-changed')).toMatchObject({
      what: 'account/li-reader',
      before: { role: 'auditor' },
      after: { role: 'chief', person: 'town-chief' },
    });
    expect(chain).toMatchObject({ entries: 16, broken: null });
    const kept =
      JSON.stringify([entries, running.logged]) +
      (await ask('GET', '/accounts')).text +
      (await ask('GET', '/sessions?all=1')).text;
    for (const secret of [
      made.secret,
      again.secret,
      token.secret,
      NEXT,
      PASSWORD,
      'typed as a name',
      'scrypt',
      cookie.split('=')[1],
    ])
      expect(kept).not.toContain(secret);
  });

  test('a screen reads what stands on the wall, without names, notes and telephones, and nothing else', async () => {
    const made = JSON.parse((await ask('POST', '/accounts', { username: 'hall', role: 'screen' })).text) as MadeSecret;
    expect((await ask('POST', '/alerts/a1/acknowledge', { note: '已派人到现场' })).status).toBe(200);
    const login = await fetch(`${running.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'hall', password: made.secret }),
    });
    const set = login.headers.get('set-cookie') ?? '';
    // A cookie without an age is gone after a power cut.
    expect(Number(/Max-Age=(\d+)/.exec(set)?.[1])).toBeGreaterThan(365 * 86_400);
    const its = { cookie: set.split(';')[0] ?? '' };
    const read = async (path: string): Promise<string> => {
      const { status, text } = await ask('GET', path, undefined, its);
      expect([path, status]).toEqual([path, 200]);
      return text;
    };
    expect((await ask('GET', '/alerts?state=active')).text).toContain('"acknowledgedBy":"admin"');
    const site = JSON.parse((await ask('GET', '/site')).text) as SiteAnswer;
    expect(site.onDuty?.some(({ phone }) => phone !== null)).toBe(true);
    const seen = (await Promise.all(['/site', '/stations', '/targets', '/alerts?state=active', '/reaches'].map(read))).join();
    for (const hidden of ['"acknowledgedBy":"admin"', ...(site.onDuty ?? []).flatMap(({ phone }) => phone ?? [])])
      expect(seen).not.toContain(hidden);
    expect(seen).toContain(site.onDuty?.[0]?.name);
    for (const path of ['/alerts?state=all', '/alerts/a1', '/cases', '/chiefs', '/account', '/sessions', '/compliance/river'])
      expect([path, (await ask('GET', path, undefined, its)).status]).toEqual([path, 403]);
    expect((await ask('POST', '/alerts/a1/acknowledge', { note: 'x' }, its)).status).toBe(403);
  });

  test('the trail is filtered, and leaves as a file that a spreadsheet does not run', async () => {
    await running.accounts.add('second', PASSWORD, 'auditor');
    await ask('POST', '/silences', {
      station: 'nankeng-out',
      to: '2026-11-23T10:00:00+08:00',
      reason: '=cmd|calc, "quoted"',
    });
    expect((await trail('&action=account-added&who=admin')).entries).toEqual([]);
    expect((await trail('&action=login')).entries).toMatchObject([{ who: 'admin' }]);
    expect((await trail('&to=2026-11-23')).entries).toEqual([]);
    expect((await trail('&from=2026-11-23')).entries.length).toBeGreaterThan(3);
    const file = await ask('GET', '/audit/export?action=silence-added');
    const lines = file.text.trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('id,at,who,address,action');
    expect(lines[1]).toContain(`silence-added`);
    expect(lines[1]).toContain(`"'=cmd|calc, ""quoted"""`);
    expect((await ask('GET', '/audit/export?from=yesterday')).status).toBe(400);
    expect((await ask('GET', '/audit/export?action=mood')).status).toBe(400);
  });

  test('what cannot be done is told, and 401 comes first', async () => {
    expect((await ask('DELETE', '/accounts/nobody')).status).toBe(404);
    expect((await ask('DELETE', '/accounts/admin')).status).toBe(400);
    expect((await ask('POST', '/accounts', { username: 'x', role: 'king' })).status).toBe(400);
    expect((await ask('POST', '/accounts', { username: 'x', role: 'chief', person: 'nobody' })).status).toBe(400);
    expect((await ask('POST', '/account/password', { present: 'wrong', next: NEXT })).status).toBe(400);
    expect((await ask('POST', '/account/password', { present: PASSWORD, next: 'password1234' })).text).toContain('太常见');
    expect((await ask('DELETE', '/sessions/none')).status).toBe(404);
    expect((await ask('DELETE', '/accounts/nobody', undefined, {})).status).toBe(401);
    for (let attempt = 0; attempt < 5; attempt += 1) await ask('POST', '/account/password', { present: 'wrong', next: NEXT });
    expect((await ask('POST', '/account/password', { present: PASSWORD, next: NEXT })).status).toBe(429);
  });

  test('what a page asks by itself keeps no login alive; what a person asks does', async () => {
    const unattended = { cookie, 'heqing-unattended': '1' };
    running.clock.time += 20 * MINUTE;
    expect((await ask('GET', '/account')).status).toBe(200);
    running.clock.time += 20 * MINUTE;
    expect((await ask('GET', '/account', undefined, unattended)).status).toBe(200);
    running.clock.time += 10 * MINUTE;
    expect((await ask('GET', '/account', undefined, unattended)).status).toBe(401);
  });

  test('neither the state of the parts nor a live line that connects again keeps a login alive', async () => {
    running.clock.time += 20 * MINUTE;
    expect((await fetch(`${running.url}/health/ready`, { headers: { cookie } })).status).toBe(200);
    expect((await ask('HEAD', '/live')).status).toBe(200);
    running.clock.time += 10 * MINUTE;
    expect((await ask('GET', '/account')).status).toBe(401);
  });

  test('a file of failed logins stays small', async () => {
    for (let attempt = 0; attempt < 40; attempt += 1) await logIn(`nobody-${attempt}`, 'wrong');
    expect((await trail('&action=login-failed')).entries).toHaveLength(30);
    running.clock.time += MINUTE;
    await logIn('nobody', 'wrong');
    expect((await trail('&action=login-failed')).entries[0]).toMatchObject({ after: { unrecorded: 10 } });
  });
});

describe('the address of who asks', () => {
  test.each([
    ['none', '127.0.0.1'],
    ['loopback', '203.0.113.9'],
    ['10.0.0.0/8', '127.0.0.1'],
  ])('HTTP_TRUST_PROXY=%s: %s', async (trustProxy, address) => {
    running = await startHttp({ publicUrl: 'https://heqing.example.org', trustProxy });
    cookie = (await logIn('admin', PASSWORD, { 'x-forwarded-for': '203.0.113.9' })).cookie;
    expect((await trail('&action=login')).entries).toMatchObject([{ address }]);
  });
});

describe('the public board', () => {
  const beyond = { publicRead: false, publicUrl: 'https://heqing.example.org', isLoopback: false };

  test('is open beyond loopback with HEQING_PUBLIC=read, and nothing else is', async () => {
    running = await startHttp({ ...beyond, publicFigures: true });
    const { status, text } = await ask('GET', '/public/board', undefined, {});
    expect(status).toBe(200);
    const board = JSON.parse(text) as BoardAnswer;
    expect(board).toMatchObject({ publisher: wupi.office, approver: null, figures: [], notice: '尚无定稿数据' });
    expect(board.targets.map(({ goal }) => goal)).toEqual([100, 100]);
    for (const { name, phone, email } of wupi.people) {
      if (name !== wupi.office) expect(text).not.toContain(name);
      expect(text).not.toContain(email);
      if (phone !== null) expect(text).not.toContain(phone);
    }
    expect(text).not.toMatch(/"(value|latest|alerts?|phone)"/);
    for (const path of ['/site', '/stations', '/alerts', '/targets', '/live', '/path'])
      expect((await ask('GET', path, undefined, {})).status).toBe(401);
  });

  test('is closed without it, but for those who have a login', async () => {
    running = await startHttp({ ...beyond, publicFigures: false });
    expect((await ask('GET', '/public/board', undefined, {})).status).toBe(401);
    cookie = await running.logIn();
    expect((await ask('GET', '/public/board')).status).toBe(200);
  });
});
