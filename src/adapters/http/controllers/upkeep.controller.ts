/** How do people compare instruments with the laboratory over HTTP, and see what is due at them? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Comparisons } from '../../../pipeline/upkeep/comparisons.js';
import type { UpkeepPlan } from '../../../pipeline/upkeep/upkeep-plan.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type ComparisonBody,
  comparisonBody,
  type ComparisonsAnswer,
  comparisonsAnswer,
  type ComparisonsQuery,
  comparisonsQuery,
  type ComparisonView,
  comparisonView,
  type ProposalAnswer,
  proposalAnswer,
  type ProposalQuery,
  proposalQuery,
  type UpkeepAnswer,
  upkeepAnswer,
  withdrawBody,
} from '../contract/upkeep.js';
import { loginNeeded } from '../problem.js';

/** `Upkeep` of `pipeline/upkeep/upkeep.ts` */
export const UPKEEP = Symbol('Upkeep');

/** What of it is asked over HTTP. */
export interface UpkeepDesk {
  readonly comparisons: Pick<Comparisons, 'list' | 'propose' | 'add' | 'withdraw'>;
  readonly plan: Pick<UpkeepPlan, 'answer'>;
}

/** `/api/v1/comparisons` and `/api/v1/upkeep`; all of it needs a login, and the account is the author. */
@ApiTags('upkeep')
@Controller('api/v1')
export class UpkeepController {
  constructor(@Inject(UPKEEP) private readonly desk: UpkeepDesk) {}

  /** What is due at which station. */
  @Get('upkeep')
  @Answer('运维计划:各站到期与逾期 · What is due at which station', upkeepAnswer, 401)
  upkeep(): UpkeepAnswer {
    return this.desk.plan.answer();
  }

  /** Comparisons on file, and laboratory samples that were not compared. */
  @Get('comparisons')
  @Answer('比对记录 · Comparisons with the laboratory', comparisonsAnswer, 400, 401, 404)
  comparisons(@Query({ schema: comparisonsQuery.strict() }) query: ComparisonsQuery): ComparisonsAnswer {
    return this.desk.comparisons.list(query);
  }

  /** What the sensor said around a sample. */
  @Get('comparisons/proposal')
  @Answer('取样时刻前后的在线均值 · What the sensor said around a sample', proposalAnswer, 400, 401, 404)
  proposal(@Query({ schema: proposalQuery.strict() }) query: ProposalQuery): ProposalAnswer {
    return this.desk.comparisons.propose(query);
  }

  /** Enters one; whether it passed is worked out. */
  @Post('comparisons')
  @HttpCode(200)
  @Answer('登记比对,是否合格由规则算出 · Enters a comparison', comparisonView, 400, 401, 403, 404)
  addComparison(@Body({ schema: comparisonBody.strict() }) body: ComparisonBody, @Req() request: Request): ComparisonView {
    return this.desk.comparisons.add(author(request), body);
  }

  /** Takes one back that was entered by mistake. */
  @Post('comparisons/:id/withdraw')
  @HttpCode(200)
  @Answer('撤回比对记录 · Takes a comparison back', comparisonView, 400, 401, 403, 404)
  withdrawComparison(
    @Param('id') id: string,
    @Body({ schema: withdrawBody.strict() }) body: z.infer<typeof withdrawBody>,
    @Req() request: Request,
  ): ComparisonView {
    return this.desk.comparisons.withdraw(id, author(request), body.reason);
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
