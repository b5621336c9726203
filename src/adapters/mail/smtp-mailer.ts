/** How does a mail leave by SMTP, and what does a refusal mean? */
import { createTransport } from 'nodemailer';
import { MailError } from '../../pipeline/ports.js';
import type { Mail, Mailer, ReadAttachment } from '../../pipeline/ports.js';
import { messageOf } from './message.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;

/** Where the mail server is. */
export interface SmtpServer {
  /** TLS from the first byte; else STARTTLS when it is offered. */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** `null`: without a login. */
  readonly username: string | null;
  readonly password: string | null;
}

/** What failed before a connection stood; after it, silence may mean that the mail was taken. */
const NO_CONNECTION = /^connect |getaddrinfo|^query[A-Z]|Connection timeout|Greeting never received/;

/** "Service not available, closing the channel": said at any command, and of the server, not of a recipient (RFC 5321, 4.2.3). */
const CLOSING = 421;

/** Options of the SMTP mailer. */
export interface SmtpMailerOptions {
  readonly server: SmtpServer;
  /** `MAIL_FROM` */
  readonly from: string;
  /** Where the files of mails are; absent: mails have none. */
  readonly attachment?: ReadAttachment;
  /** Milliseconds of silence after which a connection is given up; default 30 s. */
  readonly socketTimeoutMs?: number;
}

/**
 * One connection per mail, no pool: retry belongs to the outbox. A mail that was not accepted is a `MailError`:
 * `permanent` only for a 5xx answer to its recipient (or an address that is none), `isOfRecipient` for a 4xx one; a server
 * that is away, a refused login, a refused sender and a refused message are faults that somebody can mend, so they are
 * tried again.
 */
export class SmtpMailer implements Mailer {
  readonly name = 'SMTP';
  /** Where, in words and without a password, for the line printed at start. */
  readonly address: string;
  private readonly transport: ReturnType<typeof createTransport>;

  /** Connects to nothing yet. */
  constructor(private readonly options: SmtpMailerOptions) {
    const { secure, host, port, username, password } = options.server;
    this.address = `${secure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.transport = createTransport({
      host,
      port,
      secure,
      ...(username !== null && { auth: { user: username, pass: password ?? '' } }),
      pool: false,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      dnsTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: options.socketTimeoutMs ?? SOCKET_TIMEOUT_MS,
    });
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail(messageOf(mail, this.options.from, this.options.attachment));
    } catch (error) {
      throw this.failure(error as SmtpFailure);
    }
  }

  async check(): Promise<void> {
    try {
      await this.transport.verify();
    } catch (error) {
      throw this.failure(error as SmtpFailure);
    }
  }

  close(): Promise<void> {
    this.transport.close();
    return Promise.resolve();
  }

  private failure({ code, responseCode, command, message }: SmtpFailure): MailError {
    const said = `${this.address}: ${message}`;
    if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) {
      return new MailError(
        `邮件服务器拒绝登录 the mail server refuses our login, check user and password in SMTP_URL (${said})`,
        false,
      );
    }
    if (code === 'EENVELOPE' && command === 'MAIL FROM') {
      return new MailError(
        `邮件服务器不接受发件人 the mail server refuses the sender ${this.options.from}, check MAIL_FROM (${said})`,
        false,
      );
    }
    if (code === 'EENVELOPE' && (responseCode === undefined || (responseCode >= 500 && command === 'RCPT TO'))) {
      return new MailError(`收件地址被拒收 the recipient is refused (${said})`, true);
    }
    if (code === 'EENVELOPE' && command === 'RCPT TO' && responseCode !== CLOSING) {
      return new MailError(`收件人暂时收不了信 the recipient is put off (${said})`, false, false, true);
    }
    if (responseCode !== undefined)
      return new MailError(`邮件服务器没有接受此信 the mail server did not accept the mail (${said})`, false);
    return new MailError(`邮件服务器连不上 the mail server cannot be reached (${said})`, false, !NO_CONNECTION.test(message));
  }
}

/** What nodemailer says about a failure. */
interface SmtpFailure extends Error {
  readonly code?: string;
  /** The server's answer, e.g. 550; absent when it did not answer. */
  readonly responseCode?: number;
  readonly command?: string;
}
