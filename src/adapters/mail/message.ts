/** How does a rendered mail become a message on the wire? The same way for SMTP and for files. */
import type { Mail, ReadAttachment } from '../../pipeline/ports.js';

/** A picture that belongs to the HTML (`multipart/related`), shown in it and not listed beside it. */
interface Picture {
  readonly cid: string;
  readonly filename: string;
  readonly contentType: 'image/png';
  readonly contentDisposition: 'inline';
  readonly content: Buffer;
}

/** A file beside the text. */
interface Enclosure {
  readonly filename: string;
  readonly contentType: string;
  readonly contentDisposition: 'attachment';
  readonly content: Buffer;
}

/** A message as nodemailer takes it. */
export interface Message {
  readonly from: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly headers: Record<string, string>;
  readonly date: Date;
  readonly attachments: (Picture | Enclosure)[];
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** The message of a mail: its one recipient alone in `To`, its own Message-ID and date, so that every retry is the same message. */
export function messageOf(mail: Mail, from: string, read: ReadAttachment = () => null): Message {
  return {
    from,
    // As an object it is taken as one address, never read as a list of several.
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    ...(mail.inReplyTo !== null && { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
    headers: { ...mail.headers },
    date: new Date(mail.date),
    attachments: [
      ...mail.pictures.map(({ cid, png }, i): Picture => ({
        cid,
        filename: `${i + 1}.png`,
        contentType: 'image/png',
        contentDisposition: 'inline',
        content: Buffer.from(png, 'base64'),
      })),
      ...(mail.attachments ?? []).flatMap(({ name, type, key }): Enclosure[] => {
        const bytes = read(key);
        return bytes === null
          ? []
          : [{ filename: name, contentType: type, contentDisposition: 'attachment', content: Buffer.from(bytes) }];
      }),
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
