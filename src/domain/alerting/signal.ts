/** What does a rule say of its subject, and what came of it? The one shape between rules, lifecycle and telling. */
import type { Instant } from '../time.js';
import type { Alert, Passed, Severity, Words } from './alert.js';

/** It is wrong now. */
export interface Firing {
  readonly says: 'firing';
  /** Measured time of what shows it; `now` where a rule speaks of silence or of the service. */
  readonly at: Instant;
  readonly severity: Severity;
  readonly value: number | null;
  readonly passed: Passed | null;
  /** Is `value` further out than `than`, the worst one so far? Left out: the worst is the newest. */
  readonly isWorse?: (than: number) => boolean;
  /** True: a spike that the next value confirms or refutes (待复核). */
  readonly isUnconfirmed?: boolean;
  readonly reason: Words;
  /** What is over in it now, where one alert gathers several: whatever joins them later is told. */
  readonly items?: readonly string[];
}

/** It is over. */
export interface Clear {
  readonly says: 'clear';
  readonly at: Instant;
  readonly reason: Words;
  /** True: it never was (突跳, a value set invalid). */
  readonly isRefuted?: boolean;
}

/** What a rule says: wrong, over, or nothing new (between the levels, too few values back inside, no input). */
export type Signal = Firing | Clear | { readonly says: 'nothing' };

export const NOTHING: Signal = { says: 'nothing' };

/**
 * What became of an alert, for those who must hear it. `opened` at first or after damping held it back; `risen` in severity;
 * `joined`: something more is over in it; `confirmed`: 待复核 no more; `resolved`; `refuted`: resolved as 突跳 or as never true; `closed`: it can end no more by itself.
 */
export const HAPPENINGS = ['opened', 'risen', 'joined', 'confirmed', 'resolved', 'refuted', 'closed'] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** One change of one alert. */
export interface Change {
  readonly what: Happening;
  /** As it is after the change. */
  readonly alert: Alert;
  /** Measured time of what changed it. */
  readonly at: Instant;
}
