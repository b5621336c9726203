/** How do people say over HTTP that readings do not count, count after all, or are in doubt? */
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Decisions } from '../../../pipeline/deciding/decisions.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type AuditAnswer,
  auditAnswer,
  auditQuery,
  decisionBody,
  type DecisionsAnswer,
  decisionsAnswer,
  decisionsQuery,
  decisionView,
  type DecisionView,
  type MaintenanceAnswer,
  maintenanceAnswer,
  maintenanceBody,
  maintenanceChangeBody,
  maintenanceQuery,
  type MaintenanceView,
  maintenanceView,
  undoBody,
} from '../contract/decisions.js';
import { loginNeeded } from '../problem.js';
import { DECISIONS } from '../access/tokens.js';

/** Maintenance, review and audit; all of it needs a login, and the account is the author. */
@ApiTags('decisions')
@Controller('api/v1')
export class DecisionsController {
  constructor(@Inject(DECISIONS) private readonly people: Decisions) {}

  /** Maintenance records, newest first. */
  @Get('maintenance')
  @Answer('维护记录 · Maintenance records', maintenanceAnswer, 400, 401)
  maintenance(@Query({ schema: maintenanceQuery.strict() }) query: z.infer<typeof maintenanceQuery>): MaintenanceAnswer {
    return this.people.maintenance({ ...query, open: query.open === '1' });
  }

  /** Enters one: now, or afterwards with `from` and `to`. */
  @Post('maintenance')
  @HttpCode(200)
  @Answer('登记维护,也可事后补录 · Enters a maintenance record, also afterwards', maintenanceView, 400, 401, 403, 404)
  addMaintenance(
    @Body({ schema: maintenanceBody.strict() }) body: z.infer<typeof maintenanceBody>,
    @Req() request: Request,
  ): MaintenanceView {
    return this.people.addMaintenance(author(request), body);
  }

  /** Ends, corrects or withdraws one. */
  @Patch('maintenance/:id')
  @Answer('结束、更正或撤回维护记录 · Ends, corrects or withdraws a record', maintenanceView, 400, 401, 403, 404)
  changeMaintenance(
    @Param('id') id: string,
    @Body({ schema: maintenanceChangeBody.strict() }) body: z.infer<typeof maintenanceChangeBody>,
    @Req() request: Request,
  ): MaintenanceView {
    return this.people.changeMaintenance(id, author(request), body);
  }

  /** Review decisions, newest first. */
  @Get('decisions')
  @Answer('审核决定 · Review decisions', decisionsAnswer, 400, 401)
  decisions(@Query({ schema: decisionsQuery.strict() }) query: z.infer<typeof decisionsQuery>): DecisionsAnswer {
    return this.people.decisions(query);
  }

  /** Sets a reading or a span invalid, suspect or restored. */
  @Post('decisions')
  @HttpCode(200)
  @Answer('审核:置无效、存疑或恢复有效 · Sets readings invalid, suspect or restored', decisionView, 400, 401, 403, 404)
  decide(@Body({ schema: decisionBody.strict() }) body: z.infer<typeof decisionBody>, @Req() request: Request): DecisionView {
    return this.people.decide(author(request), body);
  }

  /** Takes a decision back, as an event of its own. */
  @Post('decisions/:id/undo')
  @HttpCode(200)
  @Answer('撤销审核决定 · Takes a decision back', decisionView, 400, 401, 403, 404)
  undoDecision(
    @Param('id') id: string,
    @Body({ schema: undoBody.strict() }) body: z.infer<typeof undoBody>,
    @Req() request: Request,
  ): DecisionView {
    return this.people.undo(id, author(request), body.note);
  }

  /** Who did what, when and why, newest first. */
  @Get('audit')
  @Answer('操作留痕 · The audit trail', auditAnswer, 400, 401)
  audit(@Query({ schema: auditQuery.strict() }) query: z.infer<typeof auditQuery>): AuditAnswer {
    return this.people.trail({ ...query, verify: query.verify === '1' });
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
