/** How do people work through the days that wait for review over HTTP? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { ReviewActName } from '../../../domain/reviewing/review-day.js';
import type { ReviewDayReport } from '../../../pipeline/reviewing/review-day-report.js';
import type { ReviewDesk } from '../../../pipeline/reviewing/review-desk.js';
import type { ReviewQueue } from '../../../pipeline/reviewing/review-queue.js';
import { notForRole, visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import {
  type BulkAnswer,
  bulkAnswer,
  bulkBody,
  type PreviewAnswer,
  previewAnswer,
  previewQuery,
  type QueueAnswer,
  queueAnswer,
  queueQuery,
  reviewActBody,
  type ReviewDayAnswer,
  reviewDayAnswer,
} from '../contract/reviewing.js';
import { loginNeeded } from '../problem.js';
import { mayAsk } from '../access/roles.js';

/** What stands behind the routes of the review. */
export interface ReviewRoom {
  readonly queue: Pick<ReviewQueue, 'list'>;
  readonly desk: Pick<ReviewDesk, 'act' | 'bulk'>;
  readonly report: Pick<ReviewDayReport, 'day' | 'dayAfterAct' | 'preview'>;
}

/** `ReviewRoom` */
export const REVIEW_ROOM = Symbol('ReviewRoom');

/** `/api/v1/review/…`; all of it needs a login, and the account is the author of each act. */
@ApiTags('review')
@Controller('api/v1/review')
export class ReviewingController {
  constructor(@Inject(REVIEW_ROOM) private readonly room: ReviewRoom) {}

  /** Days that wait, the worst first. */
  @Get('queue')
  @Answer('审核队列:待审的站日,最该看的在前 · Days that wait for review, the worst first', queueAnswer, 400, 401, 403, 404)
  reviewQueue(
    @Query({ schema: queueQuery.strict() }) { only, ...query }: z.infer<typeof queueQuery>,
    @Req() request: Request,
  ): QueueAnswer {
    return this.room.queue.list({ ...query, suspicious: only === 'suspicious', by: author(request) });
  }

  /** What a decision would change. */
  @Get('preview')
  @Answer('审核决定的影响预览 · What a decision would change, before it is set', previewAnswer, 400, 401, 403, 404)
  reviewPreview(@Query({ schema: previewQuery.strict() }) query: z.infer<typeof previewQuery>): Promise<PreviewAnswer> {
    const { parameters, ...rest } = query;
    return this.room.report.preview({ ...rest, parameters: parameters?.split(',') });
  }

  /** One day with its findings and all that people did. */
  @Get('days/:station/:date')
  @Answer('某站日的审核材料 · One day of a station as a reviewer sees it', reviewDayAnswer, 400, 401, 403, 404)
  reviewDay(@Param('station') station: string, @Param('date') date: string): Promise<ReviewDayAnswer> {
    return this.room.report.day(station, date);
  }

  /** 初审 */
  @Post('days/:station/:date/first')
  @HttpCode(200)
  @Answer('初审通过 · Passes the first review of a day', reviewDayAnswer, 400, 401, 403, 404, 503)
  passFirst(
    @Param('station') station: string,
    @Param('date') date: string,
    @Body({ schema: reviewActBody.strict() }) { note }: z.infer<typeof reviewActBody>,
    @Req() request: Request,
  ): Promise<ReviewDayAnswer> {
    return this.act(station, date, 'first', request, note);
  }

  /** 复核, by somebody else than who did the first. */
  @Post('days/:station/:date/second')
  @HttpCode(200)
  @Answer('复核通过(不得为初审人)· Passes the second review, by another person', reviewDayAnswer, 400, 401, 403, 404, 503)
  passSecond(
    @Param('station') station: string,
    @Param('date') date: string,
    @Body({ schema: reviewActBody.strict() }) { note }: z.infer<typeof reviewActBody>,
    @Req() request: Request,
  ): Promise<ReviewDayAnswer> {
    return this.act(station, date, 'second', request, note);
  }

  /** 退回, with a note. */
  @Post('days/:station/:date/return')
  @HttpCode(200)
  @Answer('退回,须写明原因 · Sends a day back, with a note', reviewDayAnswer, 400, 401, 403, 404)
  sendBack(
    @Param('station') station: string,
    @Param('date') date: string,
    @Body({ schema: reviewActBody.strict() }) { note }: z.infer<typeof reviewActBody>,
    @Req() request: Request,
  ): Promise<ReviewDayAnswer> {
    return this.act(station, date, 'return', request, note);
  }

  /** Passes the first or the second review of all days of a span in which nothing is suspicious; each by who may do it to one day. */
  @Post('bulk')
  @HttpCode(200)
  @Answer('一并初审或复核没有可疑之处的站日 · Passes a review of days with nothing suspicious', bulkAnswer, 400, 401, 403, 404)
  passBulk(@Body({ schema: bulkBody.strict() }) body: z.infer<typeof bulkBody>, @Req() request: Request): BulkAnswer {
    const { act, note, ...asked } = body;
    const by = author(request);
    if (!mayAsk(visitorOf(request)!.role, `POST /api/v1/review/days/:station/:date/${act}`)) throw notForRole();
    return this.room.desk.bulk(asked, act, by, note);
  }

  private act(station: string, date: string, what: ReviewActName, request: Request, note: string): Promise<ReviewDayAnswer> {
    this.room.desk.act(station, date, what, author(request), note);
    return this.room.report.dayAfterAct(station, date);
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
