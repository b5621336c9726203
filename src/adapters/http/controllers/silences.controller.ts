/** How does somebody say over HTTP that alerts shall be silent, or that one must be known above the town? */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Silencing } from '../../../pipeline/alerting/silencing.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { type AlertView, alertView } from '../contract/contract.js';
import {
  reportBody,
  silenceBody,
  silenceEndBody,
  type SilenceEntry,
  type SilencesAnswer,
  silencesAnswer,
  silencesQuery,
  silenceView,
} from '../contract/alerts.js';
import { loginNeeded } from '../problem.js';

/** `Silencing` of `pipeline/alerting/silencing.ts` */
export const SILENCING = Symbol('Silencing');
/** `Upward` */
export const UPWARD = Symbol('Upward');

/** Reports an alert to those above the town. Throws `Refusal`. */
export interface Upward {
  report(alert: string, by: string, note: string): AlertView;
}

/** `/api/v1/silences`; all of it needs a login, and the account is the author. */
@ApiTags('alerts')
@Controller('api/v1/silences')
export class SilencesController {
  constructor(@Inject(SILENCING) private readonly silencing: Silencing) {}

  /** All of them, newest first; with `holding=1` those that hold now. */
  @Get()
  @Answer('静默 · Silences, ended ones too', silencesAnswer, 400, 401)
  silences(@Query({ schema: silencesQuery.strict() }) query: z.infer<typeof silencesQuery>): SilencesAnswer {
    return this.silencing.list(query.holding === '1');
  }

  /** Enters one: what, until when, and why. */
  @Post()
  @HttpCode(200)
  @Answer('设置静默 · Silences alerts until a time, for a reason', silenceView, 400, 401, 403, 404)
  addSilence(@Body({ schema: silenceBody.strict() }) body: z.infer<typeof silenceBody>, @Req() request: Request): SilenceEntry {
    return this.silencing.add(author(request), body);
  }

  /** Ends one before its time: what still stands is told. */
  @Delete(':id')
  @HttpCode(200)
  @Answer('结束静默 · Ends a silence; what still stands is told', silenceView, 400, 401, 403, 404)
  endSilence(
    @Param('id') id: string,
    @Body({ schema: silenceEndBody }) body: z.infer<typeof silenceEndBody>,
    @Req() request: Request,
  ): SilenceEntry {
    return this.silencing.end(id, author(request), body.reason);
  }
}

/** `/api/v1/alerts/{id}/report` */
@ApiTags('alerts')
@Controller('api/v1/alerts')
export class UpwardController {
  constructor(@Inject(UPWARD) private readonly upward: Upward) {}

  /** 核实后上报: only ever a person's act. */
  @Post(':id/report')
  @HttpCode(200)
  @Answer('核实后上报 · Reports an alert above the town, with what was found', alertView, 400, 401, 403, 404)
  report(
    @Param('id') id: string,
    @Body({ schema: reportBody.strict() }) body: z.infer<typeof reportBody>,
    @Req() request: Request,
  ): AlertView {
    return this.upward.report(id, author(request), body.note);
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
