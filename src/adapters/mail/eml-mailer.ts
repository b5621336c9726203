/** Where do mails go when there is no mail server? Into a folder, one `.eml` file each, as any mail program opens them. */
import { createTransport } from 'nodemailer';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MailError } from '../../pipeline/ports.js';
import type { Mail, Mailer, ReadAttachment } from '../../pipeline/ports.js';
import { messageOf } from './message.js';

/** Options of the mailer that writes files. */
export interface EmlMailerOptions {
  /** Made if missing. */
  readonly folder: string;
  /** `MAIL_FROM` */
  readonly from: string;
  /** Where the files of mails are; absent: mails have none. */
  readonly attachment?: ReadAttachment;
}

/**
 * Keeps mails as files: RFC 5322 with CRLF, named `20261123T003012.123Z-<id>.eml` by the mail's own date (UTC) and id. A
 * file is there whole and on disk, or not at all; sending the same mail again replaces it. A folder that cannot be
 * written is a `MailError`, not permanent.
 */
export class EmlMailer implements Mailer {
  readonly name = 'mail folder';
  private readonly transport = createTransport({ streamTransport: true, newline: 'windows', buffer: true });

  constructor(private readonly options: EmlMailerOptions) {}

  /** The folder, for the line printed at start. */
  get address(): string {
    return this.options.folder;
  }

  async send(mail: Mail): Promise<void> {
    const { folder, from, attachment } = this.options;
    const name = fileName(mail);
    const temporary = join(folder, `.${name}.part`);
    try {
      const { message } = await this.transport.sendMail(messageOf(mail, from, attachment));
      if (!Buffer.isBuffer(message)) throw new Error('the message was not composed into a buffer');
      await mkdir(folder, { recursive: true });
      await writeDurably(temporary, message);
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw this.failure(error as Error);
    }
  }

  async check(): Promise<void> {
    const { folder } = this.options;
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw this.failure(error as Error);
    }
  }

  close(): Promise<void> {
    this.transport.close();
    return Promise.resolve();
  }

  private failure(error: Error): MailError {
    return new MailError(`the mail folder ${this.options.folder} cannot be written: ${error.message}`, false);
  }
}

/** Sorts by time; whatever an id holds, it names a file in this folder. */
function fileName(mail: Mail): string {
  const time = new Date(mail.date).toISOString().replace(/[-:]/g, '');
  return `${time}-${mail.id.replace(/[^A-Za-z0-9_-]/g, (odd) => `%${Buffer.from(odd).toString('hex')}`)}.eml`;
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a file is part of its folder, and is on disk when the folder is. */
async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
