/** How is the river, and what came into and went out of a reach? */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ReachReport } from '../../pipeline/report-reach.js';
import { Open } from './access.js';
import { Answer } from './answer.js';
import { type BalanceAnswer, balanceAnswer, balanceQuery, type ReachesAnswer, reachesAnswer } from './contract-compliance.js';
import { REACHES } from './tokens.js';

/** Reaches of the river; the grade is open as the stations are, who hands over how much is not. */
@ApiTags('reaches')
@Controller('api/v1/reaches')
export class ReachesController {
  constructor(@Inject(REACHES) private readonly report: ReachReport) {}

  /** Every reach with its sections and the grade of its river by month. */
  @Get()
  @Open('public')
  @Answer('河段及河流水质状况 · Reaches and the grade of the river by month', reachesAnswer, 401)
  reaches(): ReachesAnswer {
    return this.report.reaches();
  }

  /** What came in and what went out over a period; this month when none is named. */
  @Get(':id/balance')
  @Answer('进出境水质与通量(估算,不作责任认定) · What came in and went out (an estimate)', balanceAnswer, 400, 401, 404, 503)
  balance(
    @Param('id') id: string,
    @Query({ schema: balanceQuery.strict() }) query: z.infer<typeof balanceQuery>,
  ): Promise<BalanceAnswer> {
    return this.report.balance(id, query.period);
  }
}
