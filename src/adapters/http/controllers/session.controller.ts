/** How does somebody log in and out? */
import { Body, Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CookieOptions, Request, Response } from 'express';
import type { z } from 'zod';
import { DAY } from '../../../domain/time.js';
import { Open, SESSION_COOKIE, sessionSecret } from '../access/access.js';
import type { Accounts } from '../access/accounts.js';
import { Answer, EmptyAnswer } from '../answer.js';
import { type SessionAnswer, sessionAnswer, sessionBody } from '../contract/contract.js';
import { RequestProblem } from '../problem.js';
import { ACCOUNTS, HTTP_OPTIONS, type HttpOptions } from '../access/tokens.js';

/** `/api/v1/session` */
@ApiTags('session')
@Controller('api/v1/session')
export class SessionController {
  private readonly cookie: CookieOptions;

  constructor(
    @Inject(ACCOUNTS) private readonly accounts: Accounts,
    @Inject(HTTP_OPTIONS) options: HttpOptions,
  ) {
    this.cookie = { httpOnly: true, sameSite: 'strict', secure: new URL(options.publicUrl).protocol === 'https:', path: '/' };
  }

  /** Sets the session's cookie; 401 for a wrong name or password, 429 after five of them. */
  @Post()
  @Open('always')
  @HttpCode(200)
  @Answer('登录,设置 Cookie · Logs in and sets a cookie', sessionAnswer, 400, 401, 403, 429)
  async login(
    @Body({ schema: sessionBody.strict() }) body: z.infer<typeof sessionBody>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionAnswer> {
    const login = await this.accounts.login(body.username, body.password, request.ip ?? '', sessionSecret(request));
    switch (login.outcome) {
      case 'in':
        // A screen starts by itself after a power cut; browsers keep a cookie for this long at most.
        response.cookie(SESSION_COOKIE, login.secret, {
          ...this.cookie,
          ...(login.account.role === 'screen' && { maxAge: 400 * DAY }),
        });
        return { username: login.account.username, role: login.account.role };
      case 'wrong':
        throw new RequestProblem('wrong-login', '账号或密码不正确。The name or the password is wrong.', {
          'WWW-Authenticate': 'Bearer realm="heqing"',
        });
      case 'wait':
        throw waitLonger(login.seconds);
    }
  }

  /** Ends the session of the cookie. */
  @Delete()
  @HttpCode(204)
  @EmptyAnswer('退出登录 · Logs out', 401, 403)
  logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    const secret = sessionSecret(request);
    if (secret !== null) this.accounts.logout(secret);
    response.clearCookie(SESSION_COOKIE, this.cookie);
  }
}

/** 429: too many wrong passwords. */
export function waitLonger(seconds: number): RequestProblem {
  return new RequestProblem(
    'too-many-attempts',
    `登录失败次数过多,请 ${seconds} 秒后再试。Too many failed logins; try again in ${seconds} s.`,
    { 'Retry-After': String(seconds) },
  );
}
