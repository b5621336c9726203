/** How does a rate come apart, and how does it leave as a file? */
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Open } from '../access/access.js';
import { Answer, FileAnswer } from '../answer.js';
import { COMPLIANCE_TYPES, type ComplianceContent, complianceCsv, complianceXlsx } from '../files/compliance-file.js';
import {
  type BreakdownAnswer,
  breakdownAnswer,
  type BreakdownQuery,
  breakdownQuery,
  type CalendarAnswer,
  calendarAnswer,
  type CalendarQuery,
  calendarQuery,
  type ComplianceFileQuery,
  complianceFileQuery,
} from '../contract/breakdown.js';
import type { VerdictView } from '../contract/compliance.js';
import type { Reports } from '../reports.js';
import { REPORTS } from '../access/tokens.js';

/** Windows of one page of the answer, as `report-compliance.ts` cuts it. */
const PAGE = 2000;

/** Windows read for a file before others get their turn. */
const AT_ONCE = 50;

/** Parts, days and files of a rate; whoever may read the rate may read them. */
@ApiTags('overview')
@Controller('api/v1/compliance')
@Open('public')
export class ComplianceController {
  constructor(@Inject(REPORTS) private readonly reports: Reports) {}

  /** A rate split by time, place or river chief. */
  @Get(':target/breakdown')
  @Answer(
    '达标率分项:按月、季、站点、村、河段、河长 · A rate split by time, place or river chief',
    breakdownAnswer,
    400,
    401,
    404,
  )
  complianceParts(
    @Param('target') target: string,
    @Query({ schema: breakdownQuery.strict() }) query: BreakdownQuery,
  ): BreakdownAnswer {
    return this.reports.breakdown(target, query);
  }

  /** Every day of a period. */
  @Get(':target/calendar')
  @Answer('逐日评价结果与进行中的时段 · Day by day, with what is open today', calendarAnswer, 400, 401, 404)
  complianceDays(
    @Param('target') target: string,
    @Query({ schema: calendarQuery.strict() }) query: CalendarQuery,
  ): CalendarAnswer {
    return this.reports.calendar(target, query);
  }

  /** The rate with its windows as a download, exactly as the same query answers. */
  @Get(':target/export')
  @FileAnswer('下载达标率及逐时段依据 · A rate with its windows as a file', 'application/octet-stream', 400, 401, 404)
  exportCompliance(
    @Param('target') target: string,
    @Query({ schema: complianceFileQuery.strict() }) query: ComplianceFileQuery,
  ): StreamableFile {
    const content = this.content(target, query);
    const bytes = query.format === 'csv' ? complianceCsv(content) : complianceXlsx(content);
    const { period, window } = content.head;
    return new StreamableFile(Readable.from(bytes, { objectMode: false }), {
      type: COMPLIANCE_TYPES[query.format],
      disposition: `attachment; filename="heqing-${target}-${period}-${window}.${query.format}"`,
    });
  }

  private content(target: string, { format: _, by, ...query }: ComplianceFileQuery): ComplianceContent {
    const ask = (page: number) => this.reports.compliance(target, { ...query, all: '1', page });
    const first = ask(1);
    const { village, reach, chief, station } = query;
    const split = by && this.reports.breakdown(target, { ...query, by, village, reach, chief, station });
    function* windows(): Generator<VerdictView[]> {
      let texts = first.windows;
      for (let page = 2; ; page++) {
        for (let i = 0; i < texts.length; i += AT_ONCE)
          yield texts.slice(i, i + AT_ONCE).map((text) => JSON.parse(text) as VerdictView);
        if (texts.length < PAGE) return;
        texts = ask(page).windows;
      }
    }
    return { head: first.head, windows: windows(), split: split ?? null };
  }
}
