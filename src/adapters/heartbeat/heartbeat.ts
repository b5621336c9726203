/** Who notices when this whole machine is silent? A watchdog outside, which hears from us only while all is well. */
import { MINUTE } from '../../domain/time.js';
import type { Clock, Journal } from '../../pipeline/ports.js';

const EVERY = 5 * MINUTE;
const TIMEOUT_MS = 10_000;

/** A minute’s timer is not exact: a beat that is so little before its time does not wait for the next one, ms. */
const EARLY = 5000;

/**
 * Asks an address every five minutes while the service is well. Failures, and staying silent because the service is not
 * well, are logged once each, until a beat arrives again. Nothing of the address is logged but its host.
 */
export class Heartbeat {
  private last = Number.NEGATIVE_INFINITY;
  private silent: string | null = null;
  private isBeating = false;

  /** `unwell`: why the service is not well, in words; `null` while it is. `url`: `null` beats nowhere. */
  constructor(
    private readonly url: string | null,
    private readonly unwell: () => string | null,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Beats if it is time; to be called every minute. Never throws. */
  async tick(): Promise<void> {
    const now = this.clock.now();
    if (this.url === null || this.isBeating || now - this.last < EVERY - EARLY) return;
    const why = this.unwell();
    if (why !== null) {
      this.keepSilent(`no heartbeat is sent, because the service is not well: ${why}`);
      return;
    }
    this.isBeating = true;
    this.last = now;
    try {
      const response = await fetch(this.url, {
        headers: { 'user-agent': 'heqing' },
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) this.keepSilent(`${new URL(this.url).host} answers the heartbeat with ${response.status}`);
      else if (this.silent !== null) {
        this.silent = null;
        this.journal.info('the heartbeat arrives again');
      }
    } catch {
      this.keepSilent(`${new URL(this.url).host} cannot be reached, so the heartbeat does not arrive`);
    } finally {
      this.isBeating = false;
    }
  }

  private keepSilent(why: string): void {
    if (this.silent === null) this.journal.warn(why);
    this.silent = why;
  }
}
