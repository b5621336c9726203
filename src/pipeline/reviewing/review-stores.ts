/** What is kept of the review of days: how far each has come, what was done to it, and what there is to be looked at? */
import type { DayFacts } from '../../domain/reviewing/day-facts.js';
import type { ReviewDay, ReviewEvent, ReviewState } from '../../domain/reviewing/review-day.js';
import type { Instant, Span, WindowKind } from '../../domain/time.js';

/** A day of a station by its first instant. */
export interface DayKey {
  readonly station: string;
  readonly day: Instant;
}

/** How much weighs what was found in a day when its readings were last gone through; 0: there is nothing to look at. */
export interface DayWeight extends DayKey {
  readonly gravity: number;
}

/** Windows that started on a day and were not met. */
export interface LostDay extends DayKey {
  readonly exceeded: number;
  readonly undetermined: number;
}

/** Days that people looked at, their events, and the facts of days. All changes are made inside a transaction. */
export interface ReviewDayStore {
  find(key: DayKey): ReviewDay | undefined;
  /** Keeps the day as it is after the event, and adds the event. */
  put(day: ReviewDay, event: ReviewEvent): void;
  /** Oldest first. */
  events(key: DayKey): ReviewEvent[];
  /** Days of the span with a row, of all stations or one. */
  days(station: string | null, span: Span): ReviewDay[];
  /** How many days of the span with a row have come how far, by station. */
  counts(span: Span): { readonly station: string; readonly state: ReviewState; readonly n: number }[];
  /** How many days, of all stations or one, wait because something changed. */
  changed(station: string | null): number;

  putFacts(key: DayKey, facts: DayFacts, gravity: number): void;
  /** Of all stations or one; days that were never gone through are not among them. */
  weights(station: string | null, span: Span): DayWeight[];
  /** What was found in a day; empty where it weighs nothing, `undefined` where it was never gone through. */
  facts(key: DayKey): DayFacts | undefined;
  /** The readings of a day changed, or were never gone through. */
  mark(key: DayKey): void;
  /** Newest day first. */
  marked(limit: number): DayKey[];
  /** Of all stations or one, in the span. */
  markedIn(station: string | null, span: Span): DayKey[];
  unmark(key: DayKey): void;
  /** Which days of a station were marked because they were over; `undefined` before the first. */
  closed(station: string): Span | undefined;
  setClosed(station: string, span: Span): void;

  /** Days with windows of a kind that were exceeded or undetermined, excused ones left out. */
  lost(kind: WindowKind, station: string | null, span: Span): LostDay[];
  /** Has any window that starts on the day a verdict that counts? */
  isJudged(key: DayKey): boolean;
  /** Days, of all stations or one, with a laboratory sample in the span, judged or waiting for it. */
  sampled(station: string | null, span: Span): DayKey[];
  /** Does anything of that day of the station wait to be judged again, or to be amended because of an act? */
  isPending(key: DayKey): boolean;
}
