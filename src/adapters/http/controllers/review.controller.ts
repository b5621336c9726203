/** Which readings wait for a person to look at them? */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ReviewReport } from '../../../pipeline/deciding/review.js';
import { Answer } from '../answer.js';
import { type ReviewAnswer, reviewAnswer, reviewQuery } from '../contract/review.js';
import { REVIEW } from '../access/tokens.js';

/** `/api/v1/review`; it needs a login. A decision (`POST /api/v1/decisions`) takes readings out of it. */
@ApiTags('decisions')
@Controller('api/v1/review')
export class ReviewController {
  constructor(@Inject(REVIEW) private readonly report: ReviewReport) {}

  /** Suspect and failed readings that nobody has decided about, of all stations or one. */
  @Get()
  @Answer('待审核的可疑测值 · Doubtful readings that wait for review', reviewAnswer, 400, 401, 404)
  review(@Query({ schema: reviewQuery.strict() }) query: z.infer<typeof reviewQuery>): ReviewAnswer {
    return this.report.review(query);
  }
}
