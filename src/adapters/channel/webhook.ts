/** How does a program of the town's own hear of alerts? A signed POST: also the way to an SMS or a voice gateway. */
import { createHmac } from 'node:crypto';
import type { Clock, Mail, Mailer } from '../../pipeline/ports.js';
import { type Address, hostOf, post } from './post.js';

/**
 * Posts `{id, subject, text, alerts, date}`. `id` is the same on every retry, so that a receiver can drop a double. With a
 * secret, `X-Heqing-Timestamp` carries seconds since 1970 and `X-Heqing-Signature` `sha256=` + HMAC-SHA256 over
 * `timestamp.body`, hexadecimal: a receiver refuses what is older than some minutes.
 */
export class Webhook implements Mailer {
  readonly name = 'webhook';

  constructor(
    private readonly to: Address,
    private readonly clock: Clock = { now: Date.now },
  ) {}

  /** Host and port, without what may be secret. */
  get address(): string {
    return hostOf(this.to.url);
  }

  async send({ id, subject, text, headers, date }: Mail): Promise<void> {
    const alerts = (headers['X-Heqing-Alert'] ?? '').split(',').filter((one) => one !== '');
    const body = JSON.stringify({ id, subject, text, alerts, date: new Date(date).toISOString() });
    const timestamp = String(Math.floor(this.clock.now() / 1000));
    const { secret } = this.to;
    await post(this.name, this.to, body, {
      'x-heqing-timestamp': timestamp,
      ...(secret !== null && {
        'x-heqing-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
      }),
    });
  }

  /** A webhook can only be tried by sending. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
