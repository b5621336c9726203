/** How is a month signed (定稿) over HTTP, and who reads what was signed? */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { z } from 'zod';
import type { SignedMonths } from '../../../pipeline/signing/signed-months.js';
import type { SigningDesk } from '../../../pipeline/signing/signing-desk.js';
import { visitorOf } from '../access/access.js';
import { Answer } from '../answer.js';
import { signBody, signedAnswer, signedMonthAnswer, signedMonthQuery, signedQuery, signingPreview } from '../contract/signing.js';
import { loginNeeded } from '../problem.js';
import { SIGNING } from '../access/tokens.js';

/** What the routes need of signing. */
export interface SignOffs {
  readonly desk: Pick<SigningDesk, 'preview' | 'sign'>;
  readonly months: Pick<SignedMonths, 'list' | 'detail'>;
}

/** Signed months; all of it needs a login. */
@ApiTags('signing')
@Controller('api/v1/signed')
export class SigningController {
  constructor(@Inject(SIGNING) private readonly signing: SignOffs) {}

  /** Which months are signed. */
  @Get()
  @Answer('已定稿的月份 · Signed months, newest edition each', signedAnswer, 400, 401, 404)
  signedMonths(@Query({ schema: signedQuery.strict() }) { target, year, verify }: z.infer<typeof signedQuery>) {
    return this.signing.months.list({ target, year, verify: verify === '1' });
  }

  /** One month as it was signed. */
  @Get(':target/:period')
  @Answer(
    '某月定稿、其快照与更正 · A signed month with its snapshot, and what has changed since',
    signedMonthAnswer,
    400,
    401,
    404,
  )
  signedMonth(
    @Param('target') target: string,
    @Param('period') period: string,
    @Query({ schema: signedMonthQuery.strict() }) { edition }: z.infer<typeof signedMonthQuery>,
  ) {
    return this.signing.months.detail(target, period, edition);
  }

  /** The month as it would be signed, with everything that is in the way. */
  @Get(':target/:period/preview')
  @Answer('定稿前的核对 · What would be signed, and what is in the way', signingPreview, 400, 401, 403, 404)
  signingPreview(@Param('target') target: string, @Param('period') period: string) {
    return this.signing.desk.preview(target, period);
  }

  /** Signs it. */
  @Post(':target/:period')
  @HttpCode(200)
  @Answer('定稿 · Signs a month of a target', signedMonthAnswer, 400, 401, 403, 404)
  signMonth(
    @Param('target') target: string,
    @Param('period') period: string,
    @Body({ schema: signBody.strict() }) body: z.infer<typeof signBody>,
    @Req() request: Request,
  ) {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.signing.desk.sign(target, period, visitor.username, body);
  }
}
