/** Does one address ask too often? Counted per minute, in memory. */
import { type Instant, MINUTE, SECOND } from '../../../domain/time.js';
import type { Clock } from '../../../pipeline/ports.js';

/** Addresses remembered; beyond them the one that asked first is forgotten. */
const REMEMBERED = 10_000;

/** Lets every address ask `most` times within a minute that begins with its first question. */
export class Throttle {
  private readonly seen = new Map<string, { since: Instant; asked: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  /** Counts a question: 0 when it may be answered, else the seconds to wait. */
  ask(address: string): number {
    const now = this.clock.now();
    const before = this.seen.get(address);
    // A window that begins in the future was begun before the clock was set back.
    const holds = before !== undefined && before.since <= now && now - before.since < MINUTE;
    const window = holds ? before : { since: now, asked: 0 };
    window.asked++;
    if (window !== before) {
      this.seen.delete(address);
      this.seen.set(address, window);
    }
    for (const first of this.seen.keys()) {
      if (this.seen.size <= REMEMBERED) break;
      this.seen.delete(first);
    }
    return window.asked <= this.most ? 0 : Math.max(1, Math.ceil((window.since + MINUTE - now) / SECOND));
  }
}
