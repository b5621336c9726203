/** What stands behind an adapter in its own tests: a clock, a journal and an intake that remember and obey. */
import type { Clock, Delivery, Intake, Journal } from '../../src/pipeline/ports.js';

/** The wall clock. */
export const wallClock: Clock = { now: () => Date.now() };

/** Keeps what was written, as `info: …`, `warn: …`, `error: …`. */
export class KeptJournal implements Journal {
  readonly lines: string[] = [];

  info(text: string): void {
    this.lines.push(`info: ${text}`);
  }

  warn(text: string): void {
    this.lines.push(`warn: ${text}`);
  }

  error(text: string): void {
    this.lines.push(`error: ${text}`);
  }
}

/** A delivery that waits to be finished. */
export interface Taken {
  readonly topic: string;
  readonly text: string;
  readonly delivery: Delivery;
  done(error?: Error): void;
}

/** Takes deliveries; finishes them at once, or when the test says so (`byHand`). */
export class KeptIntake implements Intake {
  readonly taken: Taken[] = [];
  /** Not null: nothing can be kept. */
  failing: Error | null = null;

  constructor(public byHand = false) {}

  take(delivery: Delivery, finish: (error?: Error) => void): void {
    let finished = false;
    // A test's clean-up finishes everything; what was finished before must not count twice with who handed it over.
    const done = (error?: Error): void => {
      if (!finished) finish(error);
      finished = true;
    };
    this.taken.push({ topic: delivery.topic, text: Buffer.from(delivery.payload).toString('utf8'), delivery, done });
    if (!this.byHand) setImmediate(() => done(this.failing ?? undefined));
  }

  /** The payloads taken so far. */
  get texts(): string[] {
    return this.taken.map(({ text }) => text);
  }
}
