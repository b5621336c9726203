/** What keeps verdicts, what must be judged again, and what was excused? */
import type { Cause, Change as VerdictChange, Standing } from '../../domain/compliance/change.js';
import type { RiverClass } from '../../domain/compliance/class.js';
import type { Excuse } from '../../domain/compliance/excuse.js';
import type { Verdict, VerdictState } from '../../domain/compliance/verdict.js';
import type { Calendar, Instant, Span, WindowKind } from '../../domain/time.js';

/** A window whose verdict must be computed (again). */
export interface Due {
  readonly kind: WindowKind;
  readonly station: string;
  readonly start: Instant;
  /** Why; causes of the same window add up while it waits. Absent: the clock closed it. */
  readonly cause?: Cause;
}

/** How verdicts are printed for the wire. A kept text of another edition is printed anew. */
export interface Print {
  readonly calendar: Calendar;
  readonly edition: string;
  /** JSON text of one object. */
  text(verdict: Verdict): string;
}

/** A verdict as it is kept for the wire. */
export interface PrintedVerdict {
  readonly station: string;
  readonly start: Instant;
  /** Id of the excuse it falls under, or `null`. */
  readonly excuse: string | null;
  readonly text: string;
}

/** How many windows of a station that start in a month of the calendar came out alike. */
export interface VerdictCount {
  readonly station: string;
  /** First instant of the month. */
  readonly month: Instant;
  /** `excused`: 不参评, whatever its verdict. */
  readonly state: VerdictState | 'excused';
  readonly class: RiverClass | null;
  readonly n: number;
}

/** How one window came out, without its evidence. */
export interface Outcome {
  readonly start: Instant;
  readonly verdict: VerdictState;
  readonly class: RiverClass | null;
  /** Id of the excuse it falls under, or `null`. */
  readonly excuse: string | null;
}

/** How the windows of a day came out. */
export interface DayCount extends Pick<VerdictCount, 'state' | 'class' | 'n'> {
  /** First instant of the day. */
  readonly start: Instant;
}

/** Verdicts are kept, never recomputed per request. */
export interface VerdictStore {
  /** Keeps a verdict, in place of an earlier one of its window; `excuse`: id of what excuses it. Returns how it stood before. */
  put(verdict: Verdict, at: Instant, excuse?: string | null): Standing | undefined;
  /** Verdicts of a kind with `start` in the span, by start then station. */
  list(
    kind: WindowKind,
    stations: readonly string[],
    span: Span,
    only: readonly VerdictState[] | null,
    limit: number,
    offset: number,
  ): Verdict[];
  /** The same, as printed; with `newestFirst` in the opposite order. */
  printed(
    kind: WindowKind,
    stations: readonly string[],
    span: Span,
    only: readonly VerdictState[] | null,
    limit: number,
    offset: number,
    newestFirst?: boolean,
  ): PrintedVerdict[];
  /** Prints a few texts of older editions anew; false when none is left. */
  reprint(): boolean;
  last(kind: WindowKind, station: string, before: Instant): Verdict | undefined;
  /** How every window of a station with `start` in the span came out, by time; told from an index alone. */
  outcomes(kind: WindowKind, station: string, span: Span): Outcome[];
  /** How the windows with `start` in the span came out, by station and month: whole months are counted already. */
  counts(kind: WindowKind, stations: readonly string[], span: Span): VerdictCount[];
  /** How the windows with `start` in the span came out, by day, in order of time. */
  days(kind: WindowKind, stations: readonly string[], span: Span): DayCount[];
  /** Verdicts of windows with `start` in the span from which people left readings out, in no order. */
  withSetAside(kind: WindowKind, stations: readonly string[], span: Span): Verdict[];
  /** Rises with every `put` of a station since the start: what was worked out from its verdicts stands as long as it does. */
  revision(station: string): number;
  /** Keeps a change of a verdict for good. */
  record(change: VerdictChange): void;
  /** Changes of windows with `start` in the span, newest first. */
  changes(kind: WindowKind, stations: readonly string[], span: Span, limit: number, offset: number): VerdictChange[];
  mark(due: Due): void;
  /** Marks every window a station has a verdict for that lies within the span (`null`: all); days of dust rules as a whole. */
  markJudged(station: string, kinds: readonly WindowKind[] | null, span: Span | null, cause: Cause): void;
  /** Windows that wait and start at or after `from` (`-Infinity`: all), what targets count first, a month after its days, then by time. */
  marked(limit: number, from: Instant): Due[];
  /** How many marks were made since the start. */
  marks(): number;
  /** Takes off a window that was computed, unless it was marked again since there were so many `marks`: then it is due again. */
  unmark(due: Due, marks: number): void;
  markedCount(): number;
  /** Up to where windows of a kind were closed at a station; `undefined` before the first. */
  closedUpTo(kind: WindowKind, station: string): { from: Instant; to: Instant } | undefined;
  setClosed(kind: WindowKind, station: string, span: Span): void;
  /** Do the verdicts of a station still depend on the same as when that was last kept? `undefined` when it never was. */
  dependsOn(station: string, text: string): boolean | undefined;
  setDependence(station: string, text: string): void;
}

/** What was excused (不参评), durable when a call returns; nothing is ever forgotten. */
export interface ExcuseStore {
  /** Keeps it under a new id and returns it. */
  add(excuse: Omit<Excuse, 'id' | 'removed'>): Excuse;
  find(id: string): Excuse | undefined;
  /** Withdraws it; false when there is none that stands. */
  remove(id: string, by: string, at: Instant, reason: string): boolean;
  /** Of all stations, or of those named; withdrawn ones too; oldest first. */
  list(stations?: readonly string[]): Excuse[];
}
