/** Does an alert reach anybody? How the path stands, and how a person with a login tries it. */
import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { Open, visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { type PathAnswer, pathAnswer, pathConfirmBody, type PathTestAnswer, pathTestAnswer } from '../contract/path.js';
import { loginNeeded } from '../problem.js';
import { PATH_PROOF } from '../access/tokens.js';

/** The path as HTTP tells it; times in ISO 8601. */
export interface PathDesk {
  view(): PathAnswer;
  /** Throws `Refusal` right after another one. */
  sendTest(by: string): PathTestAnswer;
  /** Throws `Refusal` for a code that no recent test carries. */
  confirmCode(code: string, by: string): unknown;
}

/** `/api/v1/path` */
@ApiTags('path')
@Controller('api/v1/path')
export class PathController {
  constructor(@Inject(PATH_PROOF) private readonly path: PathDesk) {}

  /** How the path stands, for every page. */
  @Get()
  @Open('public')
  @Answer('预警通道是否验证过 · Is the alert path proven?', pathAnswer, 401)
  state(): PathAnswer {
    return this.path.view();
  }

  /** Sends a test mail now. */
  @Post('test')
  @HttpCode(200)
  @Answer('立即发送测试邮件 · Sends a test mail now', pathTestAnswer, 400, 401, 403)
  test(@Req() request: Request): PathTestAnswer {
    const visitor = visitorOf(request);
    if (!visitor) throw loginNeeded();
    return this.path.sendTest(visitor.username);
  }

  /** Confirms a test mail by its code. */
  @Post('confirm')
  @HttpCode(200)
  @Answer('用验证码确认测试邮件 · Confirms a test mail by its code', pathAnswer, 400, 401, 403, 404)
  confirm(
    @Body({ schema: pathConfirmBody.strict() }) body: z.infer<typeof pathConfirmBody>,
    @Req() request: Request,
  ): PathAnswer {
    const visitor = visitorOf(request);
    if (!visitor) throw loginNeeded();
    this.path.confirmCode(body.code, visitor.username);
    return this.path.view();
  }
}
