/** May this address try this account again? Five failures in a quarter of an hour, then it waits. */
import type { Clock } from '../../../pipeline/ports.js';
import { MINUTE, SECOND, type Instant } from '../../../domain/time.js';

/** Failures for one account from one address after which it waits. */
export const FAILURES_ALLOWED = 5;

/** How long a failure counts, milliseconds. */
export const FAILURE_COUNTS_FOR = 15 * MINUTE;

/** Pairs of account and address remembered; beyond them the one tried longest ago is forgotten. */
const PAIRS_REMEMBERED = 10_000;

/**
 * Counts failed logins per account and address over a sliding quarter of an hour, in memory. Another address can still
 * log in to the same account, so nobody can lock out its owner.
 */
export class LoginThrottle {
  private readonly failures = new Map<string, Instant[]>();

  constructor(private readonly clock: Clock) {}

  /**
   * Begins an attempt: 0 when it may go on, else the seconds to wait. An attempt counts as failed until `succeeded` says
   * otherwise, so that many at the same time do not get past the count.
   */
  begin(username: string, address: string): number {
    const now = this.clock.now();
    const key = JSON.stringify([username, address]);
    // What failed in the future did so before the clock was set back.
    const recent = (this.failures.get(key) ?? []).filter((at) => at > now - FAILURE_COUNTS_FOR && at <= now);
    this.failures.delete(key);
    const oldest = recent.at(-FAILURES_ALLOWED);
    if (oldest === undefined) recent.push(now);
    this.failures.set(key, recent);
    for (const first of this.failures.keys()) {
      if (this.failures.size <= PAIRS_REMEMBERED) break;
      this.failures.delete(first);
    }
    return oldest === undefined ? 0 : Math.max(1, Math.ceil((oldest + FAILURE_COUNTS_FOR - now) / SECOND));
  }

  /** The attempt was right: what failed before is forgotten. */
  succeeded(username: string, address: string): void {
    this.failures.delete(JSON.stringify([username, address]));
  }
}
