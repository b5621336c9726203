/** How do people follow up what is wrong: cases (处置单) over HTTP? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import { PHOTO_BYTES, PHOTO_TYPES } from '../../../domain/cases/photo.js';
import type { Cases } from '../../../pipeline/deciding/cases.js';
import { visitorOf } from '../access/access.js';
import { Answer, FileAnswer } from '../answer.js';
import { RawBody } from '../body.js';
import { caseRegister, XLSX_TYPE } from '../files/cases-register.js';
import {
  caseBody,
  type CasePhoto,
  casePhoto,
  type CasesAnswer,
  casesAnswer,
  casesQuery,
  type CaseView,
  caseView,
  checkBody,
  closeBody,
  extendBody,
  handOverBody,
  mendBody,
  verifyBody,
} from '../contract/cases.js';
import { loginNeeded, RequestProblem } from '../problem.js';
import { CASES } from '../access/tokens.js';

/** `/api/v1/cases`; all of it needs a login, and the account is the author of each step. */
@ApiTags('cases')
@Controller('api/v1/cases')
export class CasesController {
  constructor(@Inject(CASES) private readonly people: Cases) {}

  /** Newest first. */
  @Get()
  @Answer('处置单 · Cases, newest first', casesAnswer, 400, 401)
  cases(@Query({ schema: casesQuery.strict() }) query: z.infer<typeof casesQuery>): CasesAnswer {
    return this.people.list({ ...query, overdue: query.overdue === '1' });
  }

  /** The register as a workbook, by the same filters. */
  @Get('register.xlsx')
  @FileAnswer('处置台账(XLSX)· The register of cases', XLSX_TYPE, 400, 401)
  async register(@Query({ schema: casesQuery.strict() }) query: z.infer<typeof casesQuery>): Promise<StreamableFile> {
    const rows = this.people.register({ ...query, overdue: query.overdue === '1' });
    return new StreamableFile(await caseRegister(rows), {
      type: XLSX_TYPE,
      disposition: `attachment; filename="heqing-cases.xlsx"; filename*=UTF-8''${encodeURIComponent('处置台账.xlsx')}`,
    });
  }

  /** One case, by id or number. */
  @Get(':id')
  @Answer('一张处置单 · One case, by id or number', caseView, 401, 404)
  case(@Param('id') id: string): CaseView {
    return this.people.find(id);
  }

  /** Opens one. */
  @Post()
  @HttpCode(200)
  @Answer('派人处理 · Opens a case of an alert or a station', caseView, 400, 401, 403, 404)
  openCase(@Body({ schema: caseBody.strict() }) body: z.infer<typeof caseBody>, @Req() request: Request): CaseView {
    return this.people.open(body, author(request));
  }

  /** What was found at the site. */
  @Post(':id/verify')
  @HttpCode(200)
  @Answer('现场核实 · Says what was found at the site', caseView, 400, 401, 403, 404)
  verifyCase(
    @Param('id') id: string,
    @Body({ schema: verifyBody.strict() }) body: z.infer<typeof verifyBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'verify', ...body }, author(request));
  }

  /** What was mended. */
  @Post(':id/mend')
  @HttpCode(200)
  @Answer('登记整改 · Says what was mended', caseView, 400, 401, 403, 404)
  mendCase(
    @Param('id') id: string,
    @Body({ schema: mendBody.strict() }) body: z.infer<typeof mendBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'mend', ...body }, author(request));
  }

  /** Another person checks; what is not passed goes back. */
  @Post(':id/check')
  @HttpCode(200)
  @Answer('核查 · Another person checks it, or sends it back', caseView, 400, 401, 403, 404)
  checkCase(
    @Param('id') id: string,
    @Body({ schema: checkBody.strict() }) body: z.infer<typeof checkBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'check', ...body }, author(request));
  }

  /** 销号 */
  @Post(':id/close')
  @HttpCode(200)
  @Answer('销号 · Closes a case that was checked', caseView, 400, 401, 403, 404)
  closeCase(
    @Param('id') id: string,
    @Body({ schema: closeBody.strict() }) body: z.infer<typeof closeBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'close', ...body }, author(request));
  }

  /** Gives it to somebody else, number and clock kept. */
  @Post(':id/hand-over')
  @HttpCode(200)
  @Answer('移交 · Gives a case to another person', caseView, 400, 401, 403, 404)
  handOverCase(
    @Param('id') id: string,
    @Body({ schema: handOverBody.strict() }) body: z.infer<typeof handOverBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'hand-over', ...body }, author(request));
  }

  /** A later time limit. */
  @Post(':id/extend')
  @HttpCode(200)
  @Answer('延期 · Sets a later time limit, with the reason', caseView, 400, 401, 403, 404)
  extendCase(
    @Param('id') id: string,
    @Body({ schema: extendBody.strict() }) body: z.infer<typeof extendBody>,
    @Req() request: Request,
  ): CaseView {
    return this.people.step(id, { act: 'extend', ...body }, author(request));
  }

  /** Keeps a photo as it is sent; a step of the same account then names its number. */
  @Post(':id/photos')
  @HttpCode(200)
  @RawBody([...PHOTO_TYPES], PHOTO_BYTES)
  @ApiConsumes(...PHOTO_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answer('上传照片 · Keeps a photo as it is sent, EXIF and all', casePhoto, 400, 401, 403, 404)
  addCasePhoto(@Param('id') id: string, @Req() request: Request): CasePhoto {
    const by = author(request);
    return this.people.addPhoto(id, request.body as Uint8Array, by);
  }

  /** A photo. */
  @Get(':id/photos/:n')
  @FileAnswer('一张照片 · A photo', 'image/*', 400, 401, 404)
  casePhoto(@Param('id') id: string, @Param('n') n: string): StreamableFile {
    if (!/^[1-9]\d{0,5}$/.test(n)) throw new RequestProblem('invalid-request', '照片编号应为整数。A photo has a whole number.');
    const { type, bytes } = this.people.photo(id, Number(n));
    return new StreamableFile(bytes, { type, disposition: 'inline' });
  }
}

function author(request: Request): string {
  const visitor = visitorOf(request);
  if (visitor === null) throw loginNeeded();
  return visitor.username;
}
