/** How are bulletins (报表) asked for, made and taken away? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { BulletinDesk } from '../../../pipeline/bulletins/bulletin-desk.js';
import { visitorOf } from '../access/access.js';
import { Answer, FileAnswer } from '../answer.js';
import {
  type BulletinAnswer,
  bulletinAnswer,
  bulletinBody,
  type BulletinsAnswer,
  bulletinsAnswer,
  type BulletinsQuery,
  bulletinsQuery,
} from '../contract/bulletins.js';
import { loginNeeded, RequestProblem } from '../problem.js';

/** `BulletinDesk` of `pipeline/bulletins/bulletin-desk.ts` */
export const BULLETINS = Symbol('BulletinDesk');

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** `/api/v1/bulletins`; all of it needs a login. */
@ApiTags('bulletins')
@Controller('api/v1/bulletins')
export class BulletinsController {
  constructor(@Inject(BULLETINS) private readonly desk: BulletinDesk) {}

  /** Newest first, with what the config asks for. */
  @Get()
  @Answer('报表 · Bulletins, newest first, and which the config asks for', bulletinsAnswer, 400, 401)
  bulletins(@Query({ schema: bulletinsQuery.strict() }) query: BulletinsQuery): BulletinsAnswer {
    return this.desk.list(query);
  }

  /** One bulletin, whole. */
  @Get(':id')
  @Answer('一份报表 · One bulletin, whole', bulletinAnswer, 401, 404)
  bulletin(@Param('id') id: string): BulletinAnswer {
    return this.desk.find(id) as unknown as BulletinAnswer;
  }

  /** Makes one of a period that is over. */
  @Post()
  @HttpCode(200)
  @Answer('生成报表 · Makes the bulletin of a period that is over', bulletinAnswer, 400, 401, 403, 404, 503)
  async makeBulletin(
    @Body({ schema: bulletinBody.strict() }) body: z.infer<typeof bulletinBody>,
    @Req() request: Request,
  ): Promise<BulletinAnswer> {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    const { id } = await this.desk.make({ ...body, by: visitor.username, occasion: null });
    return this.desk.find(id) as unknown as BulletinAnswer;
  }

  /** The Word file. */
  @Get(':id/docx')
  @FileAnswer('下载 DOCX · The bulletin as a Word file', DOCX, 401, 404)
  bulletinDocx(@Param('id') id: string): Promise<StreamableFile> {
    return this.file(id, 'docx');
  }

  /** The workbook. */
  @Get(':id/xlsx')
  @FileAnswer('下载 XLSX · The bulletin as a workbook', XLSX, 401, 404)
  bulletinXlsx(@Param('id') id: string): Promise<StreamableFile> {
    return this.file(id, 'xlsx');
  }

  /** The picture of a course. */
  @Get(':id/pictures/:n')
  @FileAnswer('图 · A picture of the bulletin, figures only', 'image/png', 400, 401, 404)
  bulletinPicture(@Param('id') id: string, @Param('n') n: string): StreamableFile {
    if (!/^[1-9]\d{0,2}$/.test(n)) throw new RequestProblem('invalid-request', '图的编号应为整数。A picture has a whole number.');
    return new StreamableFile(this.desk.picture(id, Number(n)), { type: 'image/png', disposition: 'inline' });
  }

  private async file(id: string, format: 'docx' | 'xlsx'): Promise<StreamableFile> {
    const { name, type, bytes } = await this.desk.file(id, format);
    return new StreamableFile(bytes, {
      type,
      disposition: `attachment; filename="heqing-bulletin-${id}.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
  }
}
