/** How does a WeCom (企业微信) group hear of alerts? */
import type { Mail, Mailer } from '../../pipeline/ports.js';
import { type Address, cut, harmless, hostOf, postToBot } from './post.js';

/** Bytes of a Markdown message (群机器人配置说明: 4096). */
const LONGEST = 4096;

/** The address is not, or no longer, of a robot; the message is of a form or kind that is not taken. */
const NEVER = [93_000, 40_008, 40_058];

/** A robot of a group; its key stands in the address, it knows no signature. Its rate limit (20 a minute, 45009) is retried. */
export class WeCom implements Mailer {
  readonly name = 'WeCom';

  constructor(private readonly to: Address) {}

  /** Host and port, without the key. */
  get address(): string {
    return hostOf(this.to.url);
  }

  async send({ subject, text }: Mail): Promise<void> {
    const content = cut(`**${harmless(subject)}**\n${harmless(text)}`, LONGEST);
    await postToBot(
      this.name,
      this.to,
      { msgtype: 'markdown', markdown: { content } },
      ({ errcode, errmsg }) => ({ code: Number(errcode), message: String(errmsg) }),
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
}
