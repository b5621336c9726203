/** Is this a file that can stand behind a decision? Its first bytes say, not its name. */
import type { Words } from '../alerting/alert.js';
import { PHOTO_TYPES, photoType } from '../cases/photo.js';

export const ATTACHMENT_TYPES = [...PHOTO_TYPES, 'application/pdf'] as const;
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];

/** Bytes of one attachment at most. */
export const ATTACHMENT_BYTES = 5 * 1024 * 1024;

const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];

/** The type of an attachment by its first bytes; `null` for anything else. */
export function attachmentType(bytes: Uint8Array): AttachmentType | null {
  return PDF.every((byte, i) => bytes[i] === byte) ? 'application/pdf' : photoType(bytes);
}

/** Why an attachment is not taken; `null`: it is. */
export function attachmentRefusal(bytes: Uint8Array): Words | null {
  if (bytes.length > ATTACHMENT_BYTES) return { zh: '附件超过 5 MB', en: 'the attachment is larger than 5 MB' };
  if (attachmentType(bytes) === null)
    return { zh: '附件应为 JPEG、PNG、WebP 图片或 PDF', en: 'an attachment must be a JPEG, PNG or WebP picture, or a PDF' };
  return null;
}
