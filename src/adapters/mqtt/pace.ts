/** How much may a device say right now? So many requests a second, on average. */

/** What a device may save up while it is quiet, seconds of its rate: it comes back with what it buffered. */
const SAVED_SECONDS = 0.25;
const SHORTEST_PAUSE_MS = 20;

/** A bucket of requests that fills at a steady rate. One serves all connections of a device. */
export class Pace {
  private saved: number;
  private at = performance.now();

  /** `rate`: requests a second. */
  constructor(private readonly rate: number) {
    this.saved = this.most;
  }

  /** Whole requests that may come in now. */
  budget(): number {
    const now = performance.now();
    this.saved = Math.min(this.most, this.saved + ((now - this.at) / 1000) * this.rate);
    this.at = now;
    return Math.max(0, Math.floor(this.saved));
  }

  /** Takes requests out, into debt if need be: a packet's size is known only when it has begun. */
  spend(requests: number): void {
    this.saved -= requests;
  }

  /** Milliseconds until there is a budget again. */
  pause(): number {
    return Math.max(SHORTEST_PAUSE_MS, ((1 - this.saved) / this.rate) * 1000);
  }

  private get most(): number {
    return Math.max(1, this.rate * SAVED_SECONDS);
  }
}
