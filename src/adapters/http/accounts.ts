/** Who is it, and may they come in? Accounts, logins that last, and tokens for machines. */
import { createHash, randomBytes } from 'node:crypto';
import { HOUR, MINUTE, type Instant } from '../../domain/time.js';
import type { Account, AccountStore, Clock, Credential } from '../../pipeline/ports.js';
import { LoginThrottle } from './login-throttle.js';
import {
  hashPassword,
  isLongPassword,
  PASSWORD_LENGTH,
  passwordLength,
  randomPassword,
  UNMATCHED_HASH,
  verifyPassword,
} from './password.js';

/** The account that is there from the first start. */
export const ADMIN = 'admin';

/** A login ends after this long without a request, milliseconds. */
export const SESSION_IDLE = 12 * HOUR;

/** A session's end is written anew at most this often: a request a second must not be a disk write a second. */
const SESSION_TOUCH = 5 * MINUTE;

/** Password checks waiting for their turn; each costs a tenth of a second and 32 MiB, so more are sent away. */
const CHECKS_WAITING = 20;

/** What an operator asked for cannot be done, in words for the operator. */
export class AccountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AccountError';
  }
}

/** Somebody known. */
export interface Visitor {
  readonly username: string;
  readonly role: Account['role'];
  readonly kind: Credential['kind'];
}

/** How a login ended: in, with the secret for the cookie; wrong name or password; or wait so many seconds. */
export type LoginOutcome =
  | { readonly outcome: 'in'; readonly secret: string; readonly account: Account }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'wait'; readonly seconds: number };

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Accounts over their store. Passwords are kept as scrypt, secrets of sessions and tokens as SHA-256. */
export class Accounts {
  private readonly throttle: LoginThrottle;
  private checks: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** `beyondLoopback`: other machines can reach the service, so passwords need 12 characters instead of 8. */
  constructor(
    private readonly store: AccountStore,
    private readonly clock: Clock,
    private readonly policy: { readonly beyondLoopback: boolean },
  ) {
    this.throttle = new LoginThrottle(clock);
  }

  /**
   * Makes the account `admin` when there is none. With `password` it has that one from now on, and a changed one ends its
   * sessions. Without, and with no account yet, it gets a random one, which is returned to be printed this once; else
   * `null`. Throws `AccountError` when the password is too short.
   */
  async ensureAdmin(password: string | undefined): Promise<string | null> {
    const admin = this.store.find(ADMIN);
    if (password !== undefined) {
      this.checkPassword(ADMIN, password);
      if (!admin) await this.write(ADMIN, 'admin', password);
      else if (!(await verifyPassword(password, admin.passwordHash))) await this.setPassword(ADMIN, password);
      return null;
    }
    if (this.store.list().length > 0) return null;
    const made = randomPassword();
    await this.write(ADMIN, 'admin', made);
    return made;
  }

  /** Accounts whose password is too short for a service that other machines can reach, by name. */
  shortPasswords(): string[] {
    return this.store
      .list()
      .filter((account) => !isLongPassword(account.passwordHash))
      .map((account) => account.username);
  }

  /**
   * Checks a name and password from an address. In: a new session, and `previous` (the cookie that came along) ends, so
   * that a session never outlives the login it was made by.
   */
  async login(username: string, password: string, address: string, previous: string | null): Promise<LoginOutcome> {
    if (this.waiting >= CHECKS_WAITING) return { outcome: 'wait', seconds: 5 };
    const seconds = this.throttle.begin(username, address);
    if (seconds > 0) return { outcome: 'wait', seconds };

    const account = this.store.find(username);
    const right = await this.check(password, account?.passwordHash ?? UNMATCHED_HASH);
    if (!account || !right) return { outcome: 'wrong' };

    this.throttle.succeeded(username, address);
    if (previous !== null) this.logout(previous);
    const now = this.clock.now();
    this.forgetExpired(now);
    const secret = randomBytes(32).toString('base64url');
    this.store.addCredential({
      hash: digest(secret),
      username: account.username,
      kind: 'session',
      label: '',
      createdAt: now,
      expiresAt: now + SESSION_IDLE,
    });
    return { outcome: 'in', secret, account };
  }

  /**
   * Who holds this secret; `null` when nobody does any more. A session is for a cookie, a token for a Bearer header. With
   * `use` a session's twelve hours begin anew.
   */
  authenticate(secret: string, kind: Credential['kind'], use: boolean): Visitor | null {
    const credential = this.store.findCredential(digest(secret));
    if (!credential || credential.kind !== kind) return null;
    const now = this.clock.now();
    if (credential.expiresAt !== null && credential.expiresAt <= now) {
      this.store.removeCredential(credential.hash);
      return null;
    }
    const account = this.store.find(credential.username);
    if (!account) return null;
    if (use && credential.expiresAt !== null && now + SESSION_IDLE - credential.expiresAt >= SESSION_TOUCH) {
      this.store.addCredential({ ...credential, expiresAt: now + SESSION_IDLE });
    }
    return { username: account.username, role: account.role, kind };
  }

  /** Ends the session of this secret, if there is one. */
  logout(secret: string): void {
    const credential = this.store.findCredential(digest(secret));
    if (credential?.kind === 'session') this.store.removeCredential(credential.hash);
  }

  /** All accounts, oldest first. */
  list(): Account[] {
    return this.store.list();
  }

  /** Adds an account. Throws `AccountError`: the name is taken or not a name, or the password too short. */
  async add(username: string, password: string, role: Account['role'] = 'officer'): Promise<void> {
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u.test(username)) {
      throw new AccountError(
        `账号名“${username}”不可用:1–64 个字母、汉字、数字或 . _ @ -,以字母、汉字或数字开头 (not a usable name)`,
      );
    }
    if (this.store.find(username)) throw new AccountError(`账号 ${username} 已存在 (exists already)`);
    this.checkPassword(username, password);
    await this.write(username, role, password);
  }

  /** Removes an account with its sessions and tokens. Throws `AccountError` when there is none. */
  remove(username: string): void {
    if (!this.store.remove(username)) throw unknownAccount(username);
  }

  /** Sets a password and ends the account's sessions; its tokens stay. Throws `AccountError`. */
  async setPassword(username: string, password: string): Promise<void> {
    const account = this.store.find(username);
    if (!account) throw unknownAccount(username);
    this.checkPassword(username, password);
    this.store.put({ ...account, passwordHash: await hashPassword(password) });
    for (const credential of this.store.credentials(username)) {
      if (credential.kind === 'session') this.store.removeCredential(credential.hash);
    }
  }

  /** Makes a token for a machine that acts as `username`; its secret is returned this once. Throws `AccountError`. */
  addToken(label: string, username: string = ADMIN): string {
    if (!this.store.find(username)) throw unknownAccount(username);
    const named = label.trim();
    if (named === '' || this.tokens().some((token) => token.label === named)) {
      throw new AccountError(`令牌需要一个尚未使用的名称 (a token needs a label that no other token has): “${named}”`);
    }
    const secret = `heqing_${randomBytes(32).toString('base64url')}`;
    const now = this.clock.now();
    this.store.addCredential({ hash: digest(secret), username, kind: 'token', label: named, createdAt: now, expiresAt: null });
    return secret;
  }

  /** All tokens, oldest first; their secrets are known to nobody here. */
  tokens(): Credential[] {
    return this.store.credentials().filter((credential) => credential.kind === 'token');
  }

  /** Removes the token of that label. Throws `AccountError` when there is none. */
  removeToken(label: string): void {
    const token = this.tokens().find((one) => one.label === label.trim());
    if (!token) throw new AccountError(`没有名为“${label}”的令牌 (no token of that label)`);
    this.store.removeCredential(token.hash);
  }

  private async write(username: string, role: Account['role'], password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    this.store.put({ username, role, passwordHash, createdAt: this.clock.now() });
  }

  private checkPassword(username: string, password: string): void {
    const least = this.policy.beyondLoopback ? PASSWORD_LENGTH.beyondLoopback : PASSWORD_LENGTH.loopback;
    if (passwordLength(password) < least) {
      throw new AccountError(
        `账号 ${username} 的密码太短:至少 ${least} 个字符 (the password needs at least ${least} characters)`,
      );
    }
    if (passwordLength(password) > 1000)
      throw new AccountError(`账号 ${username} 的密码太长:至多 1000 个字符 (at most 1000 characters)`);
  }

  /** One check at a time: a burst of logins must not take the memory and the cores from the readings. */
  private async check(password: string, hash: string): Promise<boolean> {
    this.waiting += 1;
    const turn = this.checks.then(() => verifyPassword(password, hash));
    this.checks = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  private forgetExpired(now: Instant): void {
    for (const { hash, expiresAt } of this.store.credentials()) {
      if (expiresAt !== null && expiresAt <= now) this.store.removeCredential(hash);
    }
  }
}

function unknownAccount(username: string): AccountError {
  return new AccountError(`没有账号 ${username} (no such account)`);
}
