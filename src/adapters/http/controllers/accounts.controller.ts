/** How does somebody look after the own account, and an administrator after all of them? */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { type Instant, isoTime, MINUTE } from '../../../domain/time.js';
import { sessionSecret, visitorOf } from '../access/access.js';
import type { Accounts, Visitor } from '../access/accounts.js';
import { Answer, EmptyAnswer } from '../answer.js';
import {
  type AccountAnswer,
  accountAnswer,
  type AccountsAnswer,
  accountsAnswer,
  addAccountBody,
  changeAccountBody,
  type MadeSecret,
  madeSecret,
  ownPasswordBody,
  type SessionsAnswer,
  sessionsAnswer,
  sessionsQuery,
  tokenBody,
} from '../contract/accounts.js';
import { randomPassword } from '../access/password.js';
import { AccountError } from '../access/password-rules.js';
import { loginNeeded, RequestProblem } from '../problem.js';
import { waitLonger } from './session.controller.js';
import { ACCOUNTS, PUBLIC_SITE, type PublicSite } from '../access/tokens.js';

/** What the operator of a page may read of an `AccountError`. */
async function inWords<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountError) throw new RequestProblem('invalid-request', error.message);
    throw error;
  }
}

function me(request: Request): Visitor {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor;
}

/** Own account and sessions for everybody; accounts and tokens for administrators. */
@ApiTags('accounts')
@Controller('api/v1')
export class AccountsController {
  constructor(
    @Inject(ACCOUNTS) private readonly accounts: Accounts,
    @Inject(PUBLIC_SITE) private readonly site: PublicSite,
  ) {}

  /** Who is logged in. */
  @Get('account')
  @Answer('当前账号 · The account that asks', accountAnswer, 401)
  account(@Req() request: Request): AccountAnswer {
    const { username, role, person } = me(request);
    const { passwordLeast, idle } = this.accounts;
    return { username, role, person: person ?? null, passwordLeast, idleMinutes: Math.round(idle / MINUTE) };
  }

  /** Changes the own password; the other sessions of the account end. */
  @Post('account/password')
  @HttpCode(204)
  @EmptyAnswer('修改自己的密码,其他登录随即结束 · Changes the own password, ends the other sessions', 400, 401, 403, 429)
  async changeOwnPassword(
    @Body({ schema: ownPasswordBody.strict() }) body: z.infer<typeof ownPasswordBody>,
    @Req() request: Request,
  ): Promise<void> {
    const { username, kind } = me(request);
    if (kind === 'token') throw new RequestProblem('not-allowed', '令牌不能修改密码。A token cannot change a password.');
    const change = await inWords(() => this.accounts.changeOwnPassword(username, body, request.ip ?? '', sessionSecret(request)));
    if (change.outcome === 'wait') throw waitLonger(change.seconds);
    if (change.outcome === 'wrong')
      throw new RequestProblem('invalid-request', '现在的密码不正确。The present password is wrong.');
  }

  /** Sessions: the own ones, or with `all=1` those of every account. */
  @Get('sessions')
  @Answer('登录会话 · Sessions', sessionsAnswer, 400, 401, 403)
  sessions(
    @Query({ schema: sessionsQuery.strict() }) query: z.infer<typeof sessionsQuery>,
    @Req() request: Request,
  ): SessionsAnswer {
    const { username, role } = me(request);
    if (query.all === '1' && role !== 'admin')
      throw new RequestProblem('not-allowed', '只有管理员可以查看所有会话。Only administrators see all sessions.');
    const current = this.accounts.sessionOf(sessionSecret(request));
    const sessions = this.accounts.sessions(query.all === '1' ? undefined : username).map((session) => ({
      ...session,
      createdAt: this.iso(session.createdAt),
      expiresAt: this.iso(session.expiresAt),
      current: session.id === current,
    }));
    return { sessions };
  }

  /** Ends a session: an own one, or as administrator anybody's. */
  @Delete('sessions/:id')
  @HttpCode(204)
  @EmptyAnswer('结束会话 · Ends a session', 401, 403, 404)
  endSession(@Param('id') id: string, @Req() request: Request): void {
    const { username, role } = me(request);
    if (!this.accounts.endSession(id, username, role === 'admin' ? undefined : username))
      throw new RequestProblem('not-found', '没有这个会话,或已结束。There is no such session, or it has ended.');
  }

  /** Every account; never a password. */
  @Get('accounts')
  @Answer('账号 · Accounts', accountsAnswer, 401, 403)
  listAccounts(): AccountsAnswer {
    const tokens = this.accounts.tokens();
    const accounts = this.accounts.list().map(({ username, role, person, createdAt }) => ({
      username,
      role,
      person: person ?? null,
      createdAt: this.iso(createdAt),
      tokens: tokens
        .filter((token) => token.username === username)
        .map(({ label, createdAt: at }) => ({ label, createdAt: this.iso(at) })),
    }));
    return { accounts, people: this.site.people().map(({ id, name, nameEn }) => ({ id, name, nameEn })) };
  }

  /** Adds one; its password is made here and shown this once. */
  @Post('accounts')
  @HttpCode(200)
  @Answer('新建账号,密码只显示一次 · Adds an account; its password is shown this once', madeSecret, 400, 401, 403)
  async addAccount(
    @Body({ schema: addAccountBody.strict() }) { username, role, person }: z.infer<typeof addAccountBody>,
    @Req() request: Request,
  ): Promise<MadeSecret> {
    const secret = randomPassword();
    const by = me(request).username;
    await inWords(() => this.accounts.add(username, secret, role, { by, person: this.known(person) }));
    return { username, secret };
  }

  /** Another role, or another person to act for. */
  @Patch('accounts/:username')
  @HttpCode(204)
  @EmptyAnswer('更改角色 · Changes the role of an account', 400, 401, 403, 404)
  async changeAccount(
    @Param('username') username: string,
    @Body({ schema: changeAccountBody.strict() }) { role, person }: z.infer<typeof changeAccountBody>,
    @Req() request: Request,
  ): Promise<void> {
    this.exists(username);
    await inWords(() => this.accounts.change(username, role, this.known(person ?? undefined), me(request).username));
  }

  /** Removes one with its sessions and tokens. */
  @Delete('accounts/:username')
  @HttpCode(204)
  @EmptyAnswer('删除账号及其登录与令牌 · Removes an account with its sessions and tokens', 400, 401, 403, 404)
  async removeAccount(@Param('username') username: string, @Req() request: Request): Promise<void> {
    this.exists(username);
    await inWords(() => this.accounts.remove(username, me(request).username));
  }

  /** Makes a new password for somebody who has lost theirs. */
  @Post('accounts/:username/password')
  @HttpCode(200)
  @Answer('重设密码,只显示一次 · Makes a new password, shown this once', madeSecret, 400, 401, 403, 404)
  async resetPassword(@Param('username') username: string, @Req() request: Request): Promise<MadeSecret> {
    this.exists(username);
    const secret = randomPassword();
    await inWords(() => this.accounts.setPassword(username, secret, me(request).username));
    return { username, secret };
  }

  /** Makes a token for a machine that acts as the account. */
  @Post('accounts/:username/tokens')
  @HttpCode(200)
  @Answer('新建令牌,只显示一次 · Makes a token, shown this once', madeSecret, 400, 401, 403, 404)
  async addToken(
    @Param('username') username: string,
    @Body({ schema: tokenBody.strict() }) { label }: z.infer<typeof tokenBody>,
    @Req() request: Request,
  ): Promise<MadeSecret> {
    this.exists(username);
    return { username, secret: await inWords(() => this.accounts.addToken(label, username, me(request).username)) };
  }

  /** Withdraws the token of a label. */
  @Post('tokens/remove')
  @HttpCode(204)
  @EmptyAnswer('撤销令牌 · Withdraws a token', 400, 401, 403)
  async removeToken(
    @Body({ schema: tokenBody.strict() }) { label }: z.infer<typeof tokenBody>,
    @Req() request: Request,
  ): Promise<void> {
    await inWords(() => this.accounts.removeToken(label, me(request).username));
  }

  private iso(at: Instant): string {
    return isoTime(at, this.site.calendar);
  }

  private exists(username: string): void {
    if (!this.accounts.list().some((account) => account.username === username))
      throw new RequestProblem('not-found', `没有账号 ${username}。There is no such account.`);
  }

  private known(person: string | undefined): string | undefined {
    if (person === undefined || this.site.people().some(({ id }) => id === person)) return person;
    throw new RequestProblem('invalid-request', `配置中没有 ${person} 这个人员。The config has no such person.`);
  }
}
