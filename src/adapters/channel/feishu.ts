/** How does a Feishu (飞书) group hear of alerts? */
import { createHmac } from 'node:crypto';
import type { Clock, Mail, Mailer } from '../../pipeline/ports.js';
import { type Address, cut, harmless, hostOf, postToBot } from './post.js';

/** Bytes of a request (自定义机器人使用指南: 20 KB), less what JSON adds to a text. */
const LONGEST = 14_000;

/** The message is malformed, or the address is not of a robot. A signature, address list or keyword may be mended. */
const NEVER = [9499, 19_001];

/** A robot of a group (自定义机器人), signed by 签名校验 where a secret is given. Its rate limit (11232) is retried. */
export class Feishu implements Mailer {
  readonly name = 'Feishu';

  constructor(
    private readonly to: Address,
    private readonly clock: Clock = { now: Date.now },
  ) {}

  /** Host and port, without the token. */
  get address(): string {
    return hostOf(this.to.url);
  }

  async send({ subject, text }: Mail): Promise<void> {
    const message = { msg_type: 'text', content: { text: cut(`${harmless(subject)}\n${harmless(text)}`, LONGEST) } };
    await postToBot(
      this.name,
      this.to,
      { ...this.signature(), ...message },
      ({ code, StatusCode, msg, StatusMessage }) => ({
        code: Number(code ?? StatusCode),
        message: String(msg ?? StatusMessage),
      }),
      NEVER,
    );
  }

  /** A robot can only be tried by sending. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Seconds, and HMAC-SHA256 of nothing, keyed by time and secret: so it is documented. */
  private signature(): { readonly timestamp?: string; readonly sign?: string } {
    const { secret } = this.to;
    if (secret === null) return {};
    const timestamp = String(Math.floor(this.clock.now() / 1000));
    return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
  }
}
