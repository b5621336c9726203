/** How does a DingTalk group hear of alerts? 赣政通 is a private DingTalk: the whole address comes from the environment. */
import { createHmac } from 'node:crypto';
import type { Clock, Mail, Mailer } from '../../pipeline/ports.js';
import { type Address, cut, harmless, hostOf, postToBot } from './post.js';

/** Bytes of a message (自定义机器人接入: 20000). */
const LONGEST = 18_000;

/** The token is unknown, the group is gone, the robot is off or gone; the content is forbidden. */
const NEVER = [300_001, 400_013, 400_101, 400_102, 400_106, 430_101, 430_102, 430_103, 430_104];

/** A robot of a group (自定义机器人), signed by 加签 where a secret is given. Its rate limit (20 a minute, 410100) is retried. */
export class DingTalk implements Mailer {
  readonly name = 'DingTalk';

  constructor(
    private readonly to: Address,
    private readonly clock: Clock = { now: Date.now },
  ) {}

  /** Host and port, without the token. */
  get address(): string {
    return hostOf(this.to.url);
  }

  async send({ subject, text }: Mail): Promise<void> {
    const title = harmless(subject);
    // Its Markdown joins lines unless two spaces or an empty line stand between them.
    const lines = harmless(text).replace(/\n/g, '  \n');
    const message = { msgtype: 'markdown', markdown: { title, text: cut(`**${title}**\n\n${lines}`, LONGEST) } };
    await postToBot(
      this.name,
      { ...this.to, url: this.signed() },
      message,
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

  private signed(): string {
    const { url, secret } = this.to;
    if (secret === null) return url;
    const timestamp = String(this.clock.now());
    const signed = new URL(url);
    signed.searchParams.set('timestamp', timestamp);
    signed.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
    return signed.href;
  }
}
