/** Who was told of an alert, and how far up the ladder is it known? What telling remembers of each episode. */
import type { Severity, Words } from '../../domain/alerting/alert.js';
import type { Step } from '../../domain/people.js';
import type { Instant } from '../../domain/time.js';

/** One who is told of an episode. */
export interface Listener {
  /** The gravest that was told, or waits to be written. */
  readonly severity: Severity;
  /** Message-ID of the first mail about it, which later ones answer; `null`: still to be written. */
  readonly thread: string | null;
  /** Why this person is told. */
  readonly why: Words;
}

/** What is remembered of an episode that stands; durable, so that a restart neither floods nor forgets nor resets. */
export interface Telling {
  readonly alert: string;
  /** The step of the ladder it has climbed to; `null`: those who were told at its opening. */
  readonly step: Step | null;
  /** Since when that step knows it: the climb is counted from here. */
  readonly stepAt: Instant;
  /** When it was last told: repeats are counted from here. */
  readonly lastAt: Instant;
  /** What holds it back, e.g. `silence/3`: what still stands when that ends is told then. `null`: nothing does. */
  readonly hushedBy: string | null;
  /** By id of the person. */
  readonly listeners: Readonly<Record<string, Listener>>;
}

/** Keeps it. Written inside a transaction. */
export interface TellingStore {
  find(alert: string): Telling | undefined;
  put(telling: Telling): void;
  /** Of the episodes that were not ended, in the order they began. */
  open(): Telling[];
  /** The episode is over: nothing more follows from it but what is still to be written. */
  end(alert: string): void;
}
