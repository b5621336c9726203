/** Which limits wait, what is not done yet, and how does a file of samples come in from a page? */
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { RawBody } from '../body.js';
import {
  type BacklogAnswer,
  backlogAnswer,
  FILE_MEDIA_TYPES,
  type ImportFileAnswer,
  importFileAnswer,
  type ImportFileQuery,
  importFileQuery,
  type LimitsAnswer,
  limitsAnswer,
  MOST_FILE_BYTES,
} from '../contract/data.js';
import { loginNeeded } from '../problem.js';

/** `DataDesk` */
export const DATA_DESK = Symbol('DataDesk');

/** What stands behind the page of the data. */
export interface DataDesk {
  limits(): LimitsAnswer;
  backlog(): BacklogAnswer;
  /** Compares a file's values with what is held, and takes them unless it is a dry run. Throws `Refusal`. */
  importFile(bytes: Uint8Array, query: ImportFileQuery, by: string): Promise<ImportFileAnswer>;
}

/** `/api/v1/limits`, `/api/v1/backlog`, `/api/v1/import/file`; all need a login. */
@ApiTags('records')
@Controller('api/v1')
export class DataController {
  constructor(@Inject(DATA_DESK) private readonly desk: DataDesk) {}

  /** Limits that make no verdict yet, and those that are not loaded. */
  @Get('limits')
  @Answer('限值待确认与未载入的限值 · Limits that wait, and limits not loaded', limitsAnswer, 401)
  limits(): LimitsAnswer {
    return this.desk.limits();
  }

  /** What waits in the log, for the archive, for a verdict. */
  @Get('backlog')
  @Answer('待处理的测值与待重算的时段 · Values and windows that wait', backlogAnswer, 401)
  backlog(): BacklogAnswer {
    return this.desk.backlog();
  }

  /** Shows what a file would do (`dryRun=1`), or takes it, at most some thousand values a request; the account stands in the audit trail. */
  @Post('import/file')
  @HttpCode(200)
  @RawBody(FILE_MEDIA_TYPES, MOST_FILE_BYTES)
  @ApiConsumes(...FILE_MEDIA_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answer('从文件(CSV、XLSX)导入 · Imports a CSV or XLSX file', importFileAnswer, 400, 401, 503)
  takeFile(
    @Query({ schema: importFileQuery.strict() }) query: z.infer<typeof importFileQuery>,
    @Body() body: Buffer,
    @Req() request: Request,
  ): Promise<ImportFileAnswer> {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.desk.importFile(body, query, visitor.username);
  }
}
