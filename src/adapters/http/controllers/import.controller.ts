/** How do values that people bring come in over HTTP? */
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { type ImportAnswer, importAnswer, importBody, type ImportBody } from '../contract/import.js';
import { loginNeeded } from '../problem.js';
import type { Reports } from '../reports.js';
import { REPORTS } from '../access/tokens.js';

/** `/api/v1/import`; needs a login. */
@ApiTags('records')
@Controller('api/v1/import')
export class ImportController {
  constructor(@Inject(REPORTS) private readonly reports: Reports) {}

  /** Takes laboratory results or old data of one station, all that may be taken or, at a failure, none; the account stands in the audit trail. */
  @Post()
  @HttpCode(200)
  @Answer('导入化验结果或历史数据 · Imports laboratory results or history', importAnswer, 400, 401, 503)
  take(@Body({ schema: importBody }) body: ImportBody, @Req() request: Request): Promise<ImportAnswer> {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.reports.importValues(body, visitor.username);
  }
}
