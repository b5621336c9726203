/** Who gets in, for how long, and who waits? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountError, Accounts, SESSION_IDLE } from '../../../src/adapters/http/accounts.js';
import { FAILURE_COUNTS_FOR, LoginThrottle } from '../../../src/adapters/http/login-throttle.js';
import {
  hashPassword,
  isLongPassword,
  randomPassword,
  UNMATCHED_HASH,
  verifyPassword,
} from '../../../src/adapters/http/password.js';
import { SqliteAccountStore } from '../../../src/adapters/sqlite/account-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';

const PASSWORD = 'nankeng-river-clear';

class ManualClock {
  constructor(public time = Date.parse('2026-11-23T00:00:00Z')) {}
  now(): number {
    return this.time;
  }
}

let database: Database;
let store: SqliteAccountStore;
let clock: ManualClock;
let accounts: Accounts;

beforeEach(() => {
  database = new Database(':memory:');
  store = new SqliteAccountStore(database);
  clock = new ManualClock();
  accounts = new Accounts(store, clock, { beyondLoopback: false });
});
afterEach(() => database.close());

async function logIn(password = PASSWORD, address = '127.0.0.1', previous: string | null = null): Promise<string> {
  const login = await accounts.login('admin', password, address, previous);
  if (login.outcome !== 'in') throw new Error(`login ended as ${login.outcome}`);
  return login.secret;
}

describe('passwords', () => {
  test('are matched by themselves only, whichever way their characters were typed', async () => {
    const hash = await hashPassword('caf\u00e9-rivi\u00e8re');
    expect(await verifyPassword('cafe\u0301-rivie\u0300re', hash)).toBe(true);
    expect(await verifyPassword('cafe-riviere', hash)).toBe(false);
    expect(hash).not.toContain('caf');
    expect(hash).toMatch(/^scrypt:15:8:1:/);
    expect(await verifyPassword(PASSWORD, UNMATCHED_HASH)).toBe(false);
    expect(await verifyPassword(PASSWORD, 'plain')).toBe(false);
  });

  test('remember whether they are long enough for other machines', async () => {
    expect(isLongPassword(await hashPassword('十二个字符的一句话很好记'))).toBe(true);
    expect(isLongPassword(await hashPassword('elevenchars'))).toBe(false);
  });

  test('made at random differ and are long', () => {
    const made = new Set(Array.from({ length: 50 }, randomPassword));
    expect(made.size).toBe(50);
    for (const password of made) expect(password).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
  });
});

describe('the first account', () => {
  test('gets a random password once, and keeps it', async () => {
    const made = await accounts.ensureAdmin(undefined);
    expect(made).not.toBeNull();
    expect(await accounts.ensureAdmin(undefined)).toBeNull();
    expect(accounts.list()).toMatchObject([{ username: 'admin', role: 'admin' }]);
    await logIn(made ?? '');
  });

  test('has the password of the environment, and a changed one ends its sessions', async () => {
    expect(await accounts.ensureAdmin(PASSWORD)).toBeNull();
    const secret = await logIn();
    await accounts.ensureAdmin(PASSWORD);
    expect(accounts.authenticate(secret, 'session', true)).not.toBeNull();
    await accounts.ensureAdmin('another-long-password');
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();
    expect((await accounts.login('admin', PASSWORD, '127.0.0.1', null)).outcome).toBe('wrong');
  });

  test('needs eight characters on loopback and twelve beyond it', async () => {
    await expect(accounts.ensureAdmin('seven77')).rejects.toThrow(AccountError);
    await accounts.ensureAdmin('eight888');
    expect(accounts.shortPasswords()).toEqual(['admin']);
    const open = new Accounts(store, clock, { beyondLoopback: true });
    await expect(open.ensureAdmin('eleven-char')).rejects.toThrow('12');
    await open.ensureAdmin('twelve-chars');
    expect(open.shortPasswords()).toEqual([]);
  });
});

describe('a login', () => {
  beforeEach(() => accounts.ensureAdmin(PASSWORD));

  test('keeps no secret in the store', async () => {
    const secret = await logIn();
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(JSON.stringify([store.list(), store.credentials()])).not.toContain(secret);
    expect(JSON.stringify(store.list())).not.toContain(PASSWORD);
  });

  test('lasts twelve hours after the last request, and no longer', async () => {
    const secret = await logIn();
    for (let hours = 0; hours < 30; hours += 10) {
      clock.time += 10 * HOUR;
      expect(accounts.authenticate(secret, 'session', true)).toEqual({ username: 'admin', role: 'admin', kind: 'session' });
    }
    clock.time += SESSION_IDLE - MINUTE;
    expect(accounts.authenticate(secret, 'session', false)).not.toBeNull();
    clock.time += MINUTE;
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();
    expect(store.credentials()).toEqual([]);
  });

  test('ends the session it came with, and logging out ends its own', async () => {
    const first = await logIn();
    const second = await logIn(PASSWORD, '127.0.0.1', first);
    expect(accounts.authenticate(first, 'session', true)).toBeNull();
    accounts.logout(second);
    expect(accounts.authenticate(second, 'session', true)).toBeNull();
  });

  test('ends with its account', async () => {
    await accounts.add('镇环保办', PASSWORD);
    const login = await accounts.login('镇环保办', PASSWORD, '127.0.0.1', null);
    const token = accounts.addToken('screen', '镇环保办');
    accounts.remove('镇环保办');
    expect(login.outcome).toBe('in');
    if (login.outcome === 'in') expect(accounts.authenticate(login.secret, 'session', true)).toBeNull();
    expect(accounts.authenticate(token, 'token', true)).toBeNull();
    expect(() => accounts.remove('镇环保办')).toThrow(AccountError);
  });

  test('waits after five failures, from that address only, until they are a quarter of an hour old', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await accounts.login('admin', 'wrong', '10.0.0.1', null)).outcome).toBe('wrong');
      clock.time += MINUTE;
    }
    expect(await accounts.login('admin', PASSWORD, '10.0.0.1', null)).toEqual({ outcome: 'wait', seconds: 600 });
    await logIn(PASSWORD, '10.0.0.2');
    clock.time += 10 * MINUTE;
    await logIn(PASSWORD, '10.0.0.1');
  });

  test('counts many at the same time, and unknown names like known ones', async () => {
    const attempts = await Promise.all(Array.from({ length: 12 }, () => accounts.login('nobody', 'wrong', '10.0.0.1', null)));
    expect(attempts.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5);
    expect(attempts.filter(({ outcome }) => outcome === 'wait')).toHaveLength(7);
  });

  test('that succeeds forgets the failures before it', async () => {
    const throttle = new LoginThrottle(clock);
    for (let attempt = 0; attempt < 4; attempt += 1) throttle.begin('admin', 'here');
    expect(throttle.begin('admin', 'here')).toBe(0);
    throttle.succeeded('admin', 'here');
    for (let attempt = 0; attempt < 5; attempt += 1) expect(throttle.begin('admin', 'here')).toBe(0);
    expect(throttle.begin('admin', 'here')).toBe(FAILURE_COUNTS_FOR / 1000);
  });
});

describe('a token', () => {
  beforeEach(() => accounts.ensureAdmin(PASSWORD));

  test('is good for a Bearer header only, until it is removed', async () => {
    const secret = accounts.addToken('grafana');
    const session = await logIn();
    clock.time += 1000 * 24 * HOUR;
    expect(accounts.authenticate(secret, 'token', true)).toEqual({ username: 'admin', role: 'admin', kind: 'token' });
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();
    expect(accounts.authenticate(session, 'token', true)).toBeNull();
    expect(accounts.tokens()).toMatchObject([{ label: 'grafana', username: 'admin' }]);
    accounts.removeToken('grafana');
    expect(accounts.authenticate(secret, 'token', true)).toBeNull();
    expect(() => accounts.removeToken('grafana')).toThrow(AccountError);
  });

  test('needs a label of its own and an account', () => {
    accounts.addToken('grafana');
    expect(() => accounts.addToken('grafana')).toThrow(AccountError);
    expect(() => accounts.addToken(' ')).toThrow(AccountError);
    expect(() => accounts.addToken('x', 'nobody')).toThrow(AccountError);
  });
});

test('names that are no names, and names that are taken, are refused', async () => {
  for (const name of ['', ' ', 'a b', '-a', 'a\nb', 'x'.repeat(65)])
    await expect(accounts.add(name, PASSWORD)).rejects.toThrow(AccountError);
  await accounts.add('officer-1', PASSWORD);
  await expect(accounts.add('officer-1', PASSWORD)).rejects.toThrow('已存在');
  await expect(accounts.setPassword('nobody', PASSWORD)).rejects.toThrow(AccountError);
});
