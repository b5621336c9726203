/** Who is it, and may they come in? Accounts, logins that last, and tokens for machines. */
import { createHash, randomBytes } from 'node:crypto';
import { MINUTE, type Instant } from '../../../domain/time.js';
import type { Account, AccountStore, Clock, Credential } from '../../../pipeline/ports.js';
import { AccountTrail, SYSTEM, type Trail } from './account-trail.js';
import { LoginThrottle } from './login-throttle.js';
import { hashPassword, isLongPassword, randomPassword, UNMATCHED_HASH, verifyPassword } from './password.js';
import { AccountError, checkPassword, leastCharacters } from './password-rules.js';
import { limitsOf, type Session, SESSION_LIMITS, sessionId, type SessionLimits } from './session-limits.js';

/** The account that is there from the first start. */
export const ADMIN = 'admin';

/** A session's end is written anew at most this often: a request a second must not be a disk write a second. */
const SESSION_TOUCH = MINUTE;

/** Password checks waiting for their turn, of all and of one address; each costs a tenth of a second and 32 MiB, so more are sent away. */
const CHECKS_WAITING = 20;
const CHECKS_OF_ADDRESS = 5;

/** Somebody known. */
export interface Visitor {
  readonly username: string;
  readonly role: Account['role'];
  readonly kind: Credential['kind'];
  /** A person of the config, for whose places a chief acts. */
  readonly person?: string | undefined;
}

/** How a login ended: in, with the secret for the cookie; wrong name or password; or wait so many seconds. */
export type LoginOutcome =
  | { readonly outcome: 'in'; readonly secret: string; readonly account: Account }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'wait'; readonly seconds: number };

/** What became of the first account: a random password, to be shown this once; a given password that does not count; or neither. */
export type FirstAdmin = { readonly outcome: 'made'; readonly password: string } | { readonly outcome: 'kept' | 'ignored' };

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Accounts over their store. Passwords are kept as scrypt, secrets of sessions and tokens as SHA-256. */
export class Accounts {
  private readonly throttle: LoginThrottle;
  private readonly limits: SessionLimits;
  private readonly trail: AccountTrail;
  private checks: Promise<unknown> = Promise.resolve();
  /** Address → its checks that wait. */
  private readonly waiting = new Map<string, number>();

  /** `beyondLoopback`: other machines can reach the service, so passwords need 12 characters instead of 8. */
  constructor(
    private readonly store: AccountStore,
    private readonly clock: Clock,
    private readonly policy: { readonly beyondLoopback: boolean; readonly sessions?: SessionLimits },
    trail?: Trail,
  ) {
    this.trail = new AccountTrail(clock, trail);
    this.limits = policy.sessions ?? SESSION_LIMITS;
    this.throttle = new LoginThrottle(clock);
  }

  /**
   * Makes the account `admin` while there is no administrator: with `password`, or, where there is no account at all, with a
   * random one. Once there is one its password is changed by people alone: another `password` is `ignored`, lest an old one
   * counted again after every restart. Throws `AccountError` when `admin` may not have the password.
   */
  async ensureAdmin(password: string | undefined): Promise<FirstAdmin> {
    const accounts = this.store.list();
    if (password === undefined) {
      if (accounts.length > 0) return { outcome: 'kept' };
      const made = randomPassword();
      await this.write(ADMIN, 'admin', made);
      return { outcome: 'made', password: made };
    }
    if (accounts.some(({ role }) => role === 'admin')) {
      const hash = this.store.find(ADMIN)?.passwordHash ?? UNMATCHED_HASH;
      return { outcome: (await verifyPassword(password, hash)) ? 'kept' : 'ignored' };
    }
    checkPassword(ADMIN, password, this.passwordLeast);
    await this.write(ADMIN, 'admin', password);
    return { outcome: 'kept' };
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
    if (this.isBusy(address)) return { outcome: 'wait', seconds: 5 };
    const seconds = this.throttle.begin(username, address);
    if (seconds > 0) return { outcome: 'wait', seconds };

    const account = this.store.find(username);
    const right = await this.check(password, account?.passwordHash ?? UNMATCHED_HASH, address);
    if (!account || !right) {
      this.trail.failed(account);
      return { outcome: 'wrong' };
    }

    this.throttle.succeeded(username, address);
    const now = this.clock.now();
    const limits = limitsOf(account.role, this.limits);
    const secret = randomBytes(32).toString('base64url');
    const session: Credential = {
      ...{ hash: digest(secret), username: account.username, kind: 'session', label: '', address },
      createdAt: now,
      expiresAt: now + Math.min(limits.idle, limits.absolute),
    };
    this.trail.act(account.username, 'login', `session/${sessionId(session)}`, null, null, () => {
      const old = previous === null ? undefined : this.store.findCredential(digest(previous));
      if (old?.kind === 'session') this.store.removeCredential(old.hash);
      this.forgetExpired(now);
      this.store.addCredential(session);
    });
    return { outcome: 'in', secret, account };
  }

  /**
   * Who holds this secret; `null` when nobody does any more. A session is for a cookie, a token for a Bearer header. With
   * `use` a session's idle time begins anew; its absolute end stays.
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
    if (use && credential.expiresAt !== null) {
      const limits = limitsOf(account.role, this.limits);
      const expiresAt = Math.min(now + limits.idle, credential.createdAt + limits.absolute);
      if (expiresAt - credential.expiresAt >= SESSION_TOUCH) this.store.addCredential({ ...credential, expiresAt });
    }
    const { username, role, person } = account;
    return { username, role, kind, ...(person !== undefined && { person }) };
  }

  /** Ends the session of this secret, if there is one. */
  logout(secret: string): void {
    const credential = this.store.findCredential(digest(secret));
    if (credential?.kind !== 'session') return;
    this.trail.act(credential.username, 'logout', `session/${sessionId(credential)}`, null, null, () =>
      this.store.removeCredential(credential.hash),
    );
  }

  /** Sessions that have not ended, of one account or of all, newest first. */
  sessions(username?: string): Session[] {
    const now = this.clock.now();
    return this.store
      .credentials(username)
      .filter(({ kind, expiresAt }) => kind === 'session' && (expiresAt ?? 0) > now)
      .map((session) => ({
        id: sessionId(session),
        username: session.username,
        createdAt: session.createdAt,
        expiresAt: session.expiresAt ?? now,
        address: session.address ?? '',
      }))
      .reverse();
  }

  /** The name of the session that this secret opens; `null` when it opens none. */
  sessionOf(secret: string | null): string | null {
    const credential = secret === null ? undefined : this.store.findCredential(digest(secret));
    return credential?.kind === 'session' ? sessionId(credential) : null;
  }

  /** Ends a session by its name: one's own, or with `username` undefined anybody's. False when there is none. */
  endSession(id: string, by: string, username?: string): boolean {
    const session = this.store.credentials(username).find((one) => one.kind === 'session' && sessionId(one) === id);
    if (!session) return false;
    this.trail.act(by, 'session-ended', `session/${id}`, { username: session.username }, null, () =>
      this.store.removeCredential(session.hash),
    );
    return true;
  }

  /** All accounts, oldest first. */
  list(): Account[] {
    return this.store.list();
  }

  /** Adds an account. Throws `AccountError`: the name is taken or not a name, or the password too short. */
  async add(
    username: string,
    password: string,
    role: Account['role'] = 'officer',
    { by = SYSTEM, person }: { readonly by?: string; readonly person?: string | undefined } = {},
  ): Promise<void> {
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u.test(username)) {
      throw new AccountError(
        `账号名“${username}”不可用:1–64 个字母、汉字、数字或 . _ @ -,以字母、汉字或数字开头 (not a usable name)`,
      );
    }
    if (this.store.find(username)) throw new AccountError(`账号 ${username} 已存在 (exists already)`);
    checkPassword(username, password, this.passwordLeast);
    await this.write(username, role, password, by, person);
  }

  /** Gives an account another role, or another person to act for. Throws `AccountError`: none, or the last administrator. */
  change(username: string, role: Account['role'], person: string | undefined, by: string): void {
    const account = this.found(username);
    if (role !== 'admin') this.keepsAnAdmin(account);
    const { person: _, ...rest } = account;
    const changed = { ...rest, role, ...(person !== undefined && { person }) };
    this.trail.act(by, 'account-changed', `account/${username}`, shown(account), shown(changed), () => {
      this.store.put(changed);
      // The login of a screen hardly ends: it must not become a person's.
      if (account.role === 'screen' && role !== 'screen') this.endSessions(username);
    });
  }

  /** Removes an account with its sessions and tokens. Throws `AccountError`: there is none, or it is the last administrator. */
  remove(username: string, by: string = SYSTEM): void {
    const account = this.found(username);
    this.keepsAnAdmin(account);
    this.trail.act(by, 'account-removed', `account/${username}`, shown(account), null, () => this.store.remove(username));
  }

  /** Sets a password and ends the account's sessions, but for `keep`; its tokens stay. Throws `AccountError`. */
  async setPassword(username: string, password: string, by: string = SYSTEM, keep: string | null = null): Promise<void> {
    this.found(username);
    checkPassword(username, password, this.passwordLeast);
    const passwordHash = await hashPassword(password);
    const kept = keep === null ? null : digest(keep);
    this.trail.act(by, 'password-changed', `account/${username}`, null, null, () => {
      // Looked up again: while the password was being hashed the account may have got another role, or have gone.
      this.store.put({ ...this.found(username), passwordHash });
      this.endSessions(username, kept);
    });
  }

  /** An account changes its own password, knowing the present one. In: done, and its other sessions have ended. Throws `AccountError`. */
  async changeOwnPassword(
    username: string,
    { present, next }: { readonly present: string; readonly next: string },
    address: string,
    session: string | null,
  ): Promise<{ readonly outcome: 'done' } | Exclude<LoginOutcome, { outcome: 'in' }>> {
    if (this.isBusy(address)) return { outcome: 'wait', seconds: 5 };
    const seconds = this.throttle.begin(username, address);
    if (seconds > 0) return { outcome: 'wait', seconds };
    const account = this.found(username);
    if (!(await this.check(present, account.passwordHash, address))) {
      this.trail.failed(account);
      return { outcome: 'wrong' };
    }
    this.throttle.succeeded(username, address);
    if (next === present) throw new AccountError('新密码与旧密码相同 (the new password is the present one)');
    await this.setPassword(username, next, username, session);
    return { outcome: 'done' };
  }

  /** After so long without a request of a person a session ends, milliseconds. */
  get idle(): number {
    return this.limits.idle;
  }

  /** Characters that a password needs here. */
  get passwordLeast(): number {
    return leastCharacters(this.policy.beyondLoopback);
  }

  /** Makes a token for a machine that acts as `username`; its secret is returned this once. Throws `AccountError`. */
  addToken(label: string, username: string = ADMIN, by: string = SYSTEM): string {
    this.found(username);
    const named = label.trim();
    if (named === '' || this.tokens().some((token) => token.label === named)) {
      throw new AccountError(`令牌需要一个尚未使用的名称 (a token needs a label that no other token has): “${named}”`);
    }
    const secret = `heqing_${randomBytes(32).toString('base64url')}`;
    const now = this.clock.now();
    this.trail.act(by, 'token-added', `account/${username}`, null, { label: named }, () =>
      this.store.addCredential({ hash: digest(secret), username, kind: 'token', label: named, createdAt: now, expiresAt: null }),
    );
    return secret;
  }

  /** All tokens, oldest first; their secrets are known to nobody here. */
  tokens(): Credential[] {
    return this.store.credentials().filter((credential) => credential.kind === 'token');
  }

  /** Removes the token of that label. Throws `AccountError` when there is none. */
  removeToken(label: string, by: string = SYSTEM): void {
    const token = this.tokens().find((one) => one.label === label.trim());
    if (!token) throw new AccountError(`没有名为“${label}”的令牌 (no token of that label)`);
    this.trail.act(by, 'token-removed', `account/${token.username}`, { label: token.label }, null, () =>
      this.store.removeCredential(token.hash),
    );
  }

  private async write(
    username: string,
    role: Account['role'],
    password: string,
    by: string = SYSTEM,
    person?: string,
  ): Promise<void> {
    const passwordHash = await hashPassword(password);
    if (this.store.find(username)) throw new AccountError(`账号 ${username} 已存在 (exists already)`);
    const account = { username, role, passwordHash, createdAt: this.clock.now(), ...(person !== undefined && { person }) };
    this.trail.act(by, 'account-added', `account/${username}`, null, shown(account), () => this.store.put(account));
  }

  private endSessions(username: string, kept: string | null = null): void {
    for (const { kind, hash } of this.store.credentials(username)) {
      if (kind === 'session' && hash !== kept) this.store.removeCredential(hash);
    }
  }

  private found(username: string): Account {
    const account = this.store.find(username);
    if (!account) throw new AccountError(`没有账号 ${username} (no such account)`);
    return account;
  }

  /** Without an administrator nobody could ever give a role again. */
  private keepsAnAdmin(account: Account): void {
    const admins = this.store.list().filter(({ role }) => role === 'admin');
    if (account.role === 'admin' && admins.length === 1)
      throw new AccountError(`${account.username} 是最后一个管理员账号,不能删除或改变角色 (the last administrator stays)`);
  }

  /** Somebody who tries without end must not keep everybody else out. */
  private isBusy(address: string): boolean {
    const all = [...this.waiting.values()].reduce((sum, n) => sum + n, 0);
    return all >= CHECKS_WAITING || (this.waiting.get(address) ?? 0) >= CHECKS_OF_ADDRESS;
  }

  /** One check at a time: a burst of logins must not take the memory and the cores from the readings. */
  private async check(password: string, hash: string, address: string): Promise<boolean> {
    this.waiting.set(address, (this.waiting.get(address) ?? 0) + 1);
    const turn = this.checks.then(() => verifyPassword(password, hash));
    this.checks = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      const left = this.waiting.get(address)! - 1;
      if (left > 0) this.waiting.set(address, left);
      else this.waiting.delete(address);
    }
  }

  private forgetExpired(now: Instant): void {
    for (const { hash, expiresAt } of this.store.credentials()) {
      if (expiresAt !== null && expiresAt <= now) this.store.removeCredential(hash);
    }
  }
}

/** What the trail keeps of an account. */
const shown = ({ username, role, person }: Account): object => ({ username, role, ...(person !== undefined && { person }) });
