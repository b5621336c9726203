/** How does a picture or a paper come to stand behind a decision over HTTP? */
import { Controller, Get, HttpCode, Inject, Param, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ATTACHMENT_BYTES, ATTACHMENT_TYPES } from '../../../domain/quality/attachment.js';
import type { Attachments } from '../../../pipeline/deciding/attachments.js';
import { visitorOf } from '../access/access.js';
import { Answer, FileAnswer } from '../answer.js';
import { RawBody } from '../body.js';
import { type AttachmentAnswer, attachmentAnswer } from '../contract/reviewing.js';
import { loginNeeded } from '../problem.js';

/** `Attachments` of `pipeline/deciding/attachments.ts` */
export const ATTACHMENTS = Symbol('Attachments');

/** `/api/v1/decisions/:id/attachment`; it needs a login. */
@ApiTags('decisions')
@Controller('api/v1/decisions/:id/attachment')
export class AttachmentsController {
  constructor(@Inject(ATTACHMENTS) private readonly attachments: Pick<Attachments, 'add' | 'bytes'>) {}

  /** Keeps it as it is sent. */
  @Post()
  @HttpCode(200)
  @RawBody([...ATTACHMENT_TYPES], ATTACHMENT_BYTES)
  @ApiConsumes(...ATTACHMENT_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answer('上传审核决定的附件(图片或 PDF)· Keeps the attachment of a decision', attachmentAnswer, 400, 401, 403, 404)
  addAttachment(@Param('id') id: string, @Req() request: Request): AttachmentAnswer {
    const visitor = visitorOf(request);
    if (visitor === null) throw loginNeeded();
    return this.attachments.add(id, request.body as Uint8Array, visitor.username);
  }

  /** As it was sent; a paper is saved, never shown within the page. */
  @Get()
  @FileAnswer('审核决定的附件 · The attachment of a decision', 'image/*', 400, 401, 403, 404)
  attachment(@Param('id') id: string): StreamableFile {
    const { type, bytes } = this.attachments.bytes(id);
    const isPaper = type === 'application/pdf';
    const disposition = isPaper ? `attachment; filename="heqing-decision-${id}.pdf"` : 'inline';
    return new StreamableFile(bytes, { type, disposition });
  }
}
