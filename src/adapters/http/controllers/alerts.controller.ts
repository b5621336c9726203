/** What is wrong now, and who has taken notice? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { hearsNames, notForRole, Open, visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  acknowledgeBody,
  type AlertsAnswer,
  alertsAnswer,
  alertsQuery,
  type AlertView,
  alertView,
} from '../contract/contract.js';
import { closeBody } from '../contract/alerts.js';
import { loginNeeded } from '../problem.js';
import type { Reports } from '../reports.js';
import { REPORTS } from '../access/tokens.js';

/** `/api/v1/alerts` */
@ApiTags('alerts')
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(@Inject(REPORTS) private readonly reports: Reports) {}

  /** Active alerts, open without names and notes; all of them only after a login. */
  @Get()
  @Open('public')
  @Answer('预警与报警 · Alerts', alertsAnswer, 400, 401)
  alerts(@Query({ schema: alertsQuery.strict() }) query: z.infer<typeof alertsQuery>, @Req() request: Request): AlertsAnswer {
    const visitor = visitorOf(request);
    if (query.state === 'all' && !visitor) throw loginNeeded();
    if (query.state === 'all' && !hearsNames(visitor)) throw notForRole();
    return this.reports.alerts(query.state, hearsNames(visitor));
  }

  /** Says that somebody knows, with a note. */
  @Post(':id/acknowledge')
  @HttpCode(200)
  @Answer('签收 · Acknowledges an alert', alertView, 400, 401, 403, 404)
  acknowledge(
    @Param('id') id: string,
    @Body({ schema: acknowledgeBody.strict() }) body: z.infer<typeof acknowledgeBody>,
    @Req() request: Request,
  ): AlertView {
    const visitor = visitorOf(request);
    if (!visitor) throw loginNeeded();
    return this.reports.acknowledge(id, visitor.username, body.note);
  }

  /** Ends one that cannot end by itself; those who were told of it hear that. */
  @Post(':id/close')
  @HttpCode(200)
  @Answer('关闭 · Closes an alert, for a reason', alertView, 400, 401, 403, 404)
  close(
    @Param('id') id: string,
    @Body({ schema: closeBody.strict() }) body: z.infer<typeof closeBody>,
    @Req() request: Request,
  ): AlertView {
    const visitor = visitorOf(request);
    if (!visitor) throw loginNeeded();
    return this.reports.close(id, visitor.username, body.reason);
  }
}
