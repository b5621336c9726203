/** What was told to whom, and what arrived? */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answer } from '../answer.js';
import {
  type NoticeAnswer,
  noticeAnswer,
  type NoticesAnswer,
  noticesAnswer,
  type ReceiptsAnswer,
  receiptsAnswer,
  receiptsQuery,
} from '../contract/contract.js';
import type { Reports } from '../reports.js';
import { REPORTS } from '../access/tokens.js';

/** Notices and receipts; both need a login. */
@ApiTags('records')
@Controller('api/v1')
export class RecordsController {
  constructor(@Inject(REPORTS) private readonly reports: Reports) {}

  /** Notices, newest first. */
  @Get('notices')
  @Answer('通知 · Notices', noticesAnswer, 401)
  notices(): NoticesAnswer {
    return this.reports.notices();
  }

  /** One notice with its text. */
  @Get('notices/:id')
  @Answer('一条通知及正文 · One notice with its text', noticeAnswer, 401, 404)
  notice(@Param('id') id: string): NoticeAnswer {
    return this.reports.notice(id);
  }

  /** What was due and what came on a day; today when none is named. */
  @Get('receipts')
  @Answer('数据到报日报 · Receipts of a day', receiptsAnswer, 400, 401, 503)
  receipts(@Query({ schema: receiptsQuery.strict() }) query: z.infer<typeof receiptsQuery>): Promise<ReceiptsAnswer> {
    return this.reports.receipts(query.date);
  }
}
