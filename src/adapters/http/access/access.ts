/** Who may ask what? One guard at every route: 401 before anything else is looked at. */
import { applyDecorators, type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Accounts, Visitor } from './accounts.js';
import { isFromLoopback, isLoopbackUrl } from './loopback.js';
import { loginNeeded, RequestProblem } from '../problem.js';
import { mayAsk, routeOf } from './roles.js';
import { ACCOUNTS, HTTP_OPTIONS, type HttpOptions } from './tokens.js';

/** A page says so of what it asks by itself while nobody touches it: such a request does not keep a session alive. */
export const UNATTENDED = 'heqing-unattended';

/** A browser opens it by itself, again and again, and cannot say whether anybody is there. */
const LIVE = 'GET /api/v1/live';

/** Name of the session's cookie. */
export const SESSION_COOKIE = 'heqing_session';

/**
 * Who may ask without a login: `always` anybody; `public` anybody on this machine while `HEQING_PUBLIC` is `read`;
 * `loopback` anybody on this machine while `PUBLIC_URL` is loopback; `figures` anybody at all while `HEQING_PUBLIC` is `read`.
 */
export type Openness = 'always' | 'public' | 'loopback' | 'figures';

/** Names of the two ways to log in, as OpenAPI lists them: the cookie of a session, and a machine's token. */
export const LOGINS = ['session', 'token'] as const;

const OPEN = 'heqing:open';

/** Marks a route, or all of a class, as open; a route without it needs a login. OpenAPI is told the same. */
export const Open = (openness: Openness): ClassDecorator & MethodDecorator =>
  applyDecorators(
    SetMetadata(OPEN, openness),
    ApiSecurity({}),
    ...(openness === 'always' ? [] : LOGINS.map((login) => ApiSecurity(login))),
  );

const visitors = new WeakMap<Request, Visitor | null>();

/** Who sent a request that passed the guard; `null` when it came without a login. */
export function visitorOf(request: Request): Visitor | null {
  return visitors.get(request) ?? null;
}

/** May this visitor read who did what? Strangers may not, nor whoever passes a screen on a wall. */
export const hearsNames = (visitor: Visitor | null): visitor is Visitor => visitor !== null && visitor.role !== 'screen';

/** The session's secret in the request's cookie, or `null`. */
export function sessionSecret(request: Request): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return null;
}

/** The guard of every route. */
@Injectable()
export class Access implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(ACCOUNTS) private readonly accounts: Accounts,
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
  ) {}

  /** Lets a request in, or throws the 401 or 403 that answers it. */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const openness = this.reflector.getAllAndOverride<Openness | undefined>(OPEN, [context.getHandler(), context.getClass()]);
    const route = routeOf(context.getClass(), context.getHandler());
    const visitor = this.identify(request, openness !== 'always' && route !== LIVE && isAttended(request));
    if (!visitor && !this.isOpen(openness, request)) throw loginNeeded();
    visitors.set(request, visitor);
    if (visitor && openness !== 'always' && !mayAsk(visitor.role, route)) throw notForRole();
    // A token is sent on purpose; a cookie is sent by any browser, whichever site asked it to.
    if (visitor?.kind !== 'token') this.requireSameOrigin(request);
    return true;
  }

  /** True when an error arose before the guard was asked, on a path where a stranger must read 401 and nothing else. */
  precedes(request: Request): boolean {
    return /^\/api\/v1(\/|$)/i.test(request.path) && !visitors.has(request) && this.identify(request, false) === null;
  }

  /**
   * Is the login that a request came with still good, and still that of the same role and person? Asking does not prolong it.
   * Without a login: true.
   */
  stillWelcome(request: Request): boolean {
    const came = visitorOf(request);
    if (came === null) return true;
    const is = this.identify(request, false);
    return is !== null && is.role === came.role && is.person === came.person;
  }

  private identify(request: Request, use: boolean): Visitor | null {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return token === undefined ? null : this.accounts.authenticate(token, 'token', use);
    }
    const secret = sessionSecret(request);
    return secret === null ? null : this.accounts.authenticate(secret, 'session', use);
  }

  private isOpen(openness: Openness | undefined, request: Request): boolean {
    if (openness === 'always') return true;
    if (openness === 'figures' && (this.options.publicFigures ?? this.options.publicRead)) return true;
    if (openness === undefined || !isLoopbackUrl(this.options.publicUrl) || !isFromLoopback(request)) return false;
    // A token that is wrong or was withdrawn should say so, not look as if it worked.
    if (request.headers.authorization !== undefined) return false;
    return openness === 'loopback' || (this.options.publicRead && this.options.isLoopback);
  }

  /** A browser says where a request comes from; what says nothing is no browser and carries no stranger's cookie. */
  private requireSameOrigin(request: Request): void {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const { origin, host } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const own = origin === undefined || origin === new URL(this.options.publicUrl).origin || hostOf(origin) === host;
    if (own && (site === undefined || site === 'same-origin')) return;
    throw new RequestProblem(
      'wrong-origin',
      '这个请求来自别的网站,没有执行。The request came from another site and was not carried out.',
    );
  }
}

const isAttended = (request: Request): boolean => request.headers[UNATTENDED] === undefined;

/** 403: somebody with a login, of another role. */
export function notForRole(): RequestProblem {
  return new RequestProblem('not-allowed', '您的角色不能这样做。Your role does not allow this.');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
