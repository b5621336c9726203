/** How do people see who is on duty, and hand it over, over HTTP? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Handovers } from '../../../pipeline/handover/handovers.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type DutyAnswer,
  dutyAnswer,
  handoverBody,
  type HandoversAnswer,
  handoversAnswer,
  handoversQuery,
  type HandoverView,
  handoverView,
  takeBody,
} from '../contract/handover.js';
import { loginNeeded } from '../problem.js';

/** `Handovers` of `pipeline/handover/handovers.ts` */
export const HANDOVERS = Symbol('Handovers');

/** `/api/v1/duty` and `/api/v1/handovers`; all of it needs a login, and the account signs. */
@ApiTags('duty')
@Controller('api/v1')
export class HandoverController {
  constructor(@Inject(HANDOVERS) private readonly handed: Handovers) {}

  /** The roster of the coming weeks. */
  @Get('duty')
  @Answer('值班表 · The duty roster', dutyAnswer, 401)
  duty(): DutyAnswer {
    return this.handed.duty();
  }

  /** Hand-overs, and what is open now. */
  @Get('handovers')
  @Answer('交接班 · Hand-overs of duty', handoversAnswer, 400, 401)
  handovers(@Query({ schema: handoversQuery.strict() }) { limit }: z.infer<typeof handoversQuery>): HandoversAnswer {
    return this.handed.list(limit);
  }

  /** Hands duty over, with what is open. */
  @Post('handovers')
  @HttpCode(200)
  @Answer('交班:未办结事项随班移交 · Hands duty over with what is open', handoverView, 400, 401, 403, 404)
  giveHandover(
    @Body({ schema: handoverBody.strict() }) body: z.infer<typeof handoverBody>,
    @Req() request: Request,
  ): HandoverView {
    return this.handed.give(author(request), body);
  }

  /** Signs for it; not by the account that handed over. */
  @Post('handovers/:id/take')
  @HttpCode(200)
  @Answer('接班签字,须用另一账号 · Takes duty over', handoverView, 400, 401, 403, 404)
  takeHandover(
    @Param('id') id: string,
    @Body({ schema: takeBody.strict() }) { note }: z.infer<typeof takeBody>,
    @Req() request: Request,
  ): HandoverView {
    return this.handed.take(id, author(request), note);
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
