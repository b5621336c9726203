/** How does the audit trail leave as a file? Newest first, by the filters of the page, for a spreadsheet. */
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Decisions } from '../../../pipeline/deciding/decisions.js';
import { TextAnswer } from '../answer.js';
import { auditFile } from '../files/audit-file.js';
import { auditFileQuery } from '../contract/decisions.js';
import { DECISIONS } from '../access/tokens.js';

const TYPE = 'text/csv; charset=utf-8';

/** `/api/v1/audit/export`; for auditors and administrators. */
@ApiTags('decisions')
@Controller('api/v1/audit')
export class AuditController {
  constructor(@Inject(DECISIONS) private readonly people: Pick<Decisions, 'trail'>) {}

  /** Everything that the filters let through, with the hashes by which it can be proved. */
  @Get('export')
  @TextAnswer('下载操作留痕(CSV)· The audit trail as a file', TYPE, 400, 401, 403)
  exportAudit(@Query({ schema: auditFileQuery.strict() }) query: z.infer<typeof auditFileQuery>): StreamableFile {
    // Asked once before the file begins, so that a filter that is wrong is answered with 400 and not with half a file.
    this.people.trail({ ...query, verify: false, limit: 1 });
    const pages = auditFile((before, limit) => this.people.trail({ ...query, before, verify: false, limit }).entries);
    return new StreamableFile(Readable.from(pages, { objectMode: false, highWaterMark: 65_536 }), {
      type: TYPE,
      disposition: `attachment; filename="heqing-audit.csv"; filename*=UTF-8''${encodeURIComponent('操作留痕.csv')}`,
    });
  }
}
