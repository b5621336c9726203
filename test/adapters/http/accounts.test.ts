/** Who gets in, for how long, and who waits? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Accounts } from '../../../src/adapters/http/access/accounts.js';
import { AccountError, isCommon } from '../../../src/adapters/http/access/password-rules.js';
import { SESSION_LIMITS } from '../../../src/adapters/http/access/session-limits.js';
import { FAILURE_COUNTS_FOR, LoginThrottle } from '../../../src/adapters/http/access/login-throttle.js';
import { Throttle } from '../../../src/adapters/http/access/throttle.js';
import {
  hashPassword,
  isLongPassword,
  randomPassword,
  UNMATCHED_HASH,
  verifyPassword,
} from '../../../src/adapters/http/access/password.js';
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

describe('a password', () => {
  test.each([
    'password',
    'Password123!',
    '123456789012',
    'abcdefghijkl',
    'qwertyuiop12',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'admin1234567',
    'WoAiNi1314520',
    '1qaz2wsx3edc',
  ])('%s is among the first that anybody would try', (password) => expect(isCommon(password)).toBe(true));
  test.each([PASSWORD, 'eight888', 'twelve-chars', '十二个字符的一句话很好记', 'acceptance-password', randomPassword()])(
    '%s is not',
    (password) => expect(isCommon(password)).toBe(false),
  );
  test('is not the name of its account', async () => {
    await expect(accounts.add('wupi-office', 'Wupi-Office')).rejects.toThrow('账号名');
  });
});

describe('the last administrator', () => {
  test('is neither removed nor made anything else', async () => {
    await accounts.ensureAdmin(PASSWORD);
    expect(() => accounts.remove('admin')).toThrow(AccountError);
    expect(() => accounts.change('admin', 'officer', undefined, 'admin')).toThrow(AccountError);
    await accounts.add('second', PASSWORD, 'admin');
    accounts.change('admin', 'chief', 'head', 'second');
    expect(accounts.list()).toMatchObject([{ username: 'admin', role: 'chief', person: 'head' }, { username: 'second' }]);
    expect(() => accounts.remove('second')).toThrow(AccountError);
  });
});

describe('the first account', () => {
  test('gets a random password once, and keeps it', async () => {
    const made = await accounts.ensureAdmin(undefined);
    expect(await accounts.ensureAdmin(undefined)).toEqual({ outcome: 'kept' });
    expect(accounts.list()).toMatchObject([{ username: 'admin', role: 'admin' }]);
    await logIn(made.outcome === 'made' ? made.password : '');
  });

  test('has the password of the environment; once changed, that one counts no more, however often the service starts', async () => {
    expect(await accounts.ensureAdmin(PASSWORD)).toEqual({ outcome: 'kept' });
    const secret = await logIn();
    expect(await accounts.ensureAdmin(PASSWORD)).toEqual({ outcome: 'kept' });
    expect(accounts.authenticate(secret, 'session', true)).not.toBeNull();
    await accounts.setPassword('admin', 'another-long-password');
    expect(await accounts.ensureAdmin(PASSWORD)).toEqual({ outcome: 'ignored' });
    expect(await accounts.ensureAdmin('another-long-password')).toEqual({ outcome: 'kept' });
    expect((await accounts.login('admin', PASSWORD, '127.0.0.1', null)).outcome).toBe('wrong');
    await logIn('another-long-password');
  });

  test('is not made again by the environment after another administrator removed it', async () => {
    await accounts.ensureAdmin(PASSWORD);
    await accounts.add('second', PASSWORD, 'admin');
    accounts.remove('admin');
    expect(await accounts.ensureAdmin(PASSWORD)).toEqual({ outcome: 'ignored' });
    expect(accounts.list()).toMatchObject([{ username: 'second' }]);
  });

  test('needs eight characters on loopback and twelve beyond it', async () => {
    await expect(accounts.ensureAdmin('seven77')).rejects.toThrow(AccountError);
    await accounts.ensureAdmin('eight888');
    expect(accounts.shortPasswords()).toEqual(['admin']);
    const open = new Accounts(store, clock, { beyondLoopback: true });
    await expect(open.setPassword('admin', 'eleven-char')).rejects.toThrow('12');
    await open.setPassword('admin', 'twelve-chars');
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

  test('lasts half an hour after the last request, and twelve hours whatever is asked', async () => {
    const secret = await logIn();
    for (let minutes = 0; minutes < 690; minutes += 29) {
      clock.time += 29 * MINUTE;
      expect(accounts.authenticate(secret, 'session', true)).toEqual({ username: 'admin', role: 'admin', kind: 'session' });
    }
    clock.time = Date.parse('2026-11-23T00:00:00Z') + SESSION_LIMITS.absolute;
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();
    const idle = await logIn();
    clock.time += SESSION_LIMITS.idle - MINUTE;
    expect(accounts.authenticate(idle, 'session', false)).not.toBeNull();
    clock.time += MINUTE;
    expect(accounts.authenticate(idle, 'session', true)).toBeNull();
    expect(store.credentials()).toEqual([]);
  });

  test('of a screen stays while the screen is on, is ended like any other, and never becomes a person’s', async () => {
    await accounts.add('hall', PASSWORD, 'screen');
    const enter = async (): Promise<string> => {
      const login = await accounts.login('hall', PASSWORD, '10.0.0.9', null);
      if (login.outcome !== 'in') throw new Error(login.outcome);
      return login.secret;
    };
    const secret = await enter();
    for (let days = 0; days < 800; days += 80) {
      clock.time += 80 * 24 * HOUR;
      expect(accounts.authenticate(secret, 'session', true)).toMatchObject({ role: 'screen' });
    }
    const [session] = accounts.sessions('hall');
    expect(accounts.endSession(session?.id ?? '', 'admin')).toBe(true);
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();

    const again = await enter();
    accounts.change('hall', 'officer', undefined, 'admin');
    expect(accounts.authenticate(again, 'session', true)).toBeNull();
    accounts.change('hall', 'screen', undefined, 'admin');
    const dark = await enter();
    clock.time += 90 * 24 * HOUR;
    expect(accounts.authenticate(dark, 'session', true)).toBeNull();
  });

  test('is listed with its address and ended by its name, an own one only', async () => {
    await accounts.add('reader', PASSWORD, 'auditor');
    const secret = await logIn(PASSWORD, '10.0.0.7');
    const [session] = accounts.sessions('admin');
    expect(session).toMatchObject({ username: 'admin', address: '10.0.0.7' });
    expect(session?.id).toBe(accounts.sessionOf(secret));
    expect(secret).not.toContain(session?.id ?? '');
    expect(accounts.endSession(session?.id ?? '', 'reader', 'reader')).toBe(false);
    expect(accounts.authenticate(secret, 'session', true)).not.toBeNull();
    expect(accounts.endSession(session?.id ?? '', 'admin')).toBe(true);
    expect(accounts.authenticate(secret, 'session', true)).toBeNull();
    expect(accounts.sessions()).toEqual([]);
  });

  test('goes on while its own password is changed; the others end', async () => {
    const [here, there] = [await logIn(), await logIn()];
    const next = 'another river, as clear';
    const change = (present: string, wanted: string) =>
      accounts.changeOwnPassword('admin', { present, next: wanted }, '127.0.0.1', here);
    expect(await change('wrong', next)).toEqual({ outcome: 'wrong' });
    await expect(change(PASSWORD, 'short')).rejects.toThrow(AccountError);
    await expect(change(PASSWORD, PASSWORD)).rejects.toThrow(AccountError);
    expect(accounts.authenticate(there, 'session', true)).not.toBeNull();
    expect(await change(PASSWORD, next)).toEqual({ outcome: 'done' });
    expect(accounts.authenticate(here, 'session', true)).not.toBeNull();
    expect(accounts.authenticate(there, 'session', true)).toBeNull();
    await logIn(next);
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

  test('does not wait for a day because the clock was set back by one', async () => {
    const throttle = new LoginThrottle(clock);
    for (let attempt = 0; attempt < 5; attempt += 1) throttle.begin('admin', 'here');
    expect(throttle.begin('admin', 'here')).toBe(900);
    clock.time -= 24 * 60 * MINUTE;
    expect(throttle.begin('admin', 'here')).toBe(0);
    const pages = new Throttle(clock, 1);
    expect([pages.ask('here'), pages.ask('here')]).toEqual([0, 60]);
    clock.time -= 24 * 60 * MINUTE;
    expect(pages.ask('here')).toBe(0);
  });

  test('counts many at the same time, and unknown names like known ones', async () => {
    const attempts = await Promise.all(Array.from({ length: 12 }, () => accounts.login('nobody', 'wrong', '10.0.0.1', null)));
    expect(attempts.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5);
    expect(attempts.filter(({ outcome }) => outcome === 'wait')).toHaveLength(7);
  });

  test('gets its turn while somebody else tries without end', async () => {
    const flood = Array.from({ length: 40 }, (_, n) => accounts.login(`nobody-${n}`, 'wrong', '10.0.0.1', null));
    await logIn(PASSWORD, '10.0.0.2');
    const outcomes = (await Promise.all(flood)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(await accounts.login('nobody', 'wrong', '10.0.0.1', null)).toEqual({ outcome: 'wrong' });
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
