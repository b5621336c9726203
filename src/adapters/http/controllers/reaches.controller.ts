/** How is the river, section by section and over time, and what came into and went out of a reach? */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ReachReport } from '../../../pipeline/reporting/report-reach.js';
import { Open } from '../access/access.js';
import { Answer } from '../answer.js';
import { type VerdictView, verdictView } from '../contract/compliance.js';
import {
  type BalanceAnswer,
  balanceAnswer,
  balanceQuery,
  evidenceQuery,
  type ReachesAnswer,
  reachesAnswer,
  type StripAnswer,
  stripAnswer,
  stripQuery,
} from '../contract/river.js';
import { REACHES } from '../access/tokens.js';

/** Reaches of the river; grade and classes are open as the stations are, who hands over how much is not. */
@ApiTags('reaches')
@Controller('api/v1/reaches')
export class ReachesController {
  constructor(@Inject(REACHES) private readonly report: ReachReport) {}

  /** Every reach with its sections and the grade of its river by month. */
  @Get()
  @Open('public')
  @Answer('河段及河流水质状况 · Reaches and the grade of the river by month', reachesAnswer, 401)
  reaches(): ReachesAnswer {
    return this.report.reaches() as ReachesAnswer;
  }

  /** Every section's windows over time, and the rain; the last 30 days when none are named. */
  @Get(':id/strip')
  @Open('public')
  @Answer('各断面逐时段类别与雨量 · Classes of every section over time, and the rain', stripAnswer, 400, 401, 404)
  strip(
    @Param('id') id: string,
    @Query({ schema: stripQuery.strict() }) query: z.infer<typeof stripQuery>,
  ): Promise<StripAnswer> {
    return this.report.strip(id, query) as Promise<StripAnswer>;
  }

  /** Why one window of a section came out as it did, item by item. */
  @Get(':id/evidence')
  @Open('public')
  @Answer('断面某一时段的评价依据 · The findings behind one window of a section', verdictView, 400, 401, 404)
  evidence(
    @Param('id') id: string,
    @Query({ schema: evidenceQuery.strict() }) query: z.infer<typeof evidenceQuery>,
  ): VerdictView {
    return this.report.evidence(id, query.section, query.window, query.start) as VerdictView;
  }

  /** What came in and what went out over a period or between two days; this month when none is named. */
  @Get(':id/balance')
  @Answer('进出境水质与通量(估算,不作责任认定) · What came in and went out (an estimate)', balanceAnswer, 400, 401, 404, 503)
  balance(
    @Param('id') id: string,
    @Query({ schema: balanceQuery.strict() }) query: z.infer<typeof balanceQuery>,
  ): Promise<BalanceAnswer> {
    return this.report.balance(id, query);
  }
}
