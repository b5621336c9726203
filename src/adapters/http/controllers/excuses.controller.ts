/** How does an office say over HTTP which windows do not count (不参评)? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Excusing } from '../../../pipeline/deciding/excusing.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  excuseBody,
  type ExcuseEntry,
  excuseEntry,
  type ExcusesAnswer,
  excusesAnswer,
  excusesQuery,
  removeExcuseBody,
} from '../contract/compliance.js';
import { loginNeeded } from '../problem.js';
import { EXCUSING } from '../access/tokens.js';

/** Excuses; all of it needs a login, and the account is kept beside the office that approved. */
@ApiTags('excuses')
@Controller('api/v1/excuses')
export class ExcusesController {
  constructor(@Inject(EXCUSING) private readonly excusing: Excusing) {}

  /** All of them, newest first. */
  @Get()
  @Answer('不参评记录 · Excused windows, withdrawn ones too', excusesAnswer, 400, 401, 404)
  excuses(@Query({ schema: excusesQuery.strict() }) query: z.infer<typeof excusesQuery>): ExcusesAnswer {
    return this.excusing.list(query.station);
  }

  /** Enters one, with the office that approved it and its document. */
  @Post()
  @HttpCode(200)
  @Answer('登记不参评 · Excuses the windows of a span, by a named approver and document', excuseEntry, 400, 401, 403, 404)
  addExcuse(@Body({ schema: excuseBody.strict() }) body: z.infer<typeof excuseBody>, @Req() request: Request): ExcuseEntry {
    return this.excusing.add(author(request), body);
  }

  /** Withdraws one. */
  @Post(':id/remove')
  @HttpCode(200)
  @Answer('撤回不参评 · Withdraws an excuse', excuseEntry, 400, 401, 403, 404)
  removeExcuse(
    @Param('id') id: string,
    @Body({ schema: removeExcuseBody.strict() }) body: z.infer<typeof removeExcuseBody>,
    @Req() request: Request,
  ): ExcuseEntry {
    return this.excusing.remove(id, author(request), body.reason);
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
