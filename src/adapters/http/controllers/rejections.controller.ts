/** What was refused, how does it leave as a file, and how is it taken again? */
import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { visitorOf } from '../access/access.js';
import { Answer, TextAnswer } from '../answer.js';
import {
  type RejectionsAnswer,
  rejectionsAnswer,
  rejectionsFileQuery,
  rejectionsQuery,
  type ReplayAnswer,
  replayAnswer,
  replayBody,
} from '../contract/contract.js';
import { loginNeeded } from '../problem.js';
import { FILE_TYPES, rejectionsFile } from '../files/rejections-file.js';
import type { Reports } from '../reports.js';
import { REPORTS } from '../access/tokens.js';

/** `/api/v1/rejections`; all of it needs a login. */
@ApiTags('records')
@Controller('api/v1/rejections')
export class RejectionsController {
  constructor(@Inject(REPORTS) private readonly reports: Reports) {}

  /** Refused payloads, newest first; of one reason or station when they are named. */
  @Get()
  @Answer('被拒收的数据 · Rejected payloads', rejectionsAnswer, 400, 401)
  rejections(
    @Query({ schema: rejectionsQuery.strict() }) { limit, ...which }: z.infer<typeof rejectionsQuery>,
  ): RejectionsAnswer {
    return this.reports.rejections(limit, which);
  }

  /** All of them whole, oldest first, as a download. */
  @Get('export')
  @TextAnswer('下载被拒收的数据(CSV 或每行一个 JSON)· Rejected payloads as a file', FILE_TYPES.csv, 400, 401)
  export(@Query({ schema: rejectionsFileQuery.strict() }) query: z.infer<typeof rejectionsFileQuery>): StreamableFile {
    const { format, ...which } = query;
    const rows = this.reports.refusedPayloads(which);
    return new StreamableFile(Readable.from(rejectionsFile(rows, format), { objectMode: false, highWaterMark: 65_536 }), {
      type: FILE_TYPES[format],
      disposition: `attachment; filename="heqing-rejections.${format}"`,
    });
  }

  /** Takes them again under the config of today; for administrators. */
  @Post('replay')
  @HttpCode(200)
  @Answer('重新接收被拒收的数据 · Takes rejected payloads again', replayAnswer, 400, 401, 403)
  replay(
    @Body({ schema: replayBody.strict() }) body: z.infer<typeof replayBody>,
    @Req() request: Request,
  ): Promise<ReplayAnswer> {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.reports.replay(body, visitor.username);
  }
}
