/** What does the service remember? The ports of its own state, all behind one transaction. */
import type { Alert } from '../domain/alerting/alert.js';
import type { AuditEntry, AuditEvent } from '../domain/audit.js';
import type { Change, Happening } from '../domain/alerting/signal.js';
import type { Cause, Change as VerdictChange, Standing } from '../domain/compliance/change.js';
import type { RiverClass } from '../domain/compliance/class.js';
import type { Excuse } from '../domain/compliance/excuse.js';
import type { Verdict, VerdictState } from '../domain/compliance/verdict.js';
import type { JudgedReading, RejectionReason, Settled, Source } from '../domain/reading.js';
import type { Calendar, Instant, LocalDate, Span, WindowKind } from '../domain/time.js';
import type { Heard } from './hearing.js';
import type { ReadingKey, Held, SeriesQuery, Mail } from './ports.js';

/**
 * One step: everything `work` writes is kept when it returns, or nothing is. The intake's is on disk when it returns. A
 * consumer's may follow with the intake's next one: a power cut takes it back whole, and the log tells it again.
 */
export type Transact = <T>(work: () => T) => T;

/** Who reads the log, each at its own pace. */
export const CONSUMERS = ['settle', 'judge', 'archive', 'watch', 'assess'] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** One accepted batch of the log. */
export interface LogBatch {
  readonly seq: number;
  readonly readings: readonly JudgedReading[];
}

/** The append-only, durable sequence of accepted batches, with named cursors that never go back. */
export interface ReadingLog {
  /** Appends a batch inside a transaction and returns its number. */
  append(readings: readonly JudgedReading[]): number;
  /** Takes back appends of a transaction that failed: whatever is numbered above `head` never happened. */
  rewind(head: number): void;
  /** The batches after `after` up to and with `upTo`, oldest first, at least one and then until `max` values. */
  read(after: number, upTo: number, max: number): LogBatch[];
  /** Number of the newest batch; 0 when there never was one. */
  head(): number;
  cursor(consumer: Consumer): number;
  /** Moves a cursor inside a transaction. */
  advance(consumer: Consumer, seq: number): void;
  /** Values that wait for a consumer; known without looking. */
  waiting(consumer: Consumer): number;
  /** Values that wait for the slowest consumer: so many are kept here and nowhere else. */
  longest(): number;
  /** Forgets the batches that every cursor has passed. */
  prune(): void;
}

/** What was counted of one station on one arrival day (promise 2). `station` null: values of no known station. */
export interface Counts {
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly corrected: number;
  readonly rejected: number;
  readonly pending: number;
}

/** A refused payload, kept so that it can be looked at and replayed. */
export interface RefusedPayload {
  readonly received: Instant;
  readonly topic: string;
  readonly station: string | null;
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly values: number;
  readonly payload: Uint8Array;
  /**
   * The message it came in, one object for all its refusals: when it arrived, and what of it was accepted (`acceptedKey`).
   * `null`: it cannot be taken again, because it is cut or is no message of a device.
   */
  readonly message: { readonly received: Instant; readonly accepted: readonly string[] } | null;
}

/** A refusal that is kept, with the message it belongs to; refusals of one message carry the same number. */
export interface KeptRefusal extends RefusedPayload {
  readonly id: number;
  readonly messageId: number | null;
}

/** Which refusals: all, or those of one reason, or those that arrived at or after `since`. */
export interface WhichRefusals {
  readonly reason?: RejectionReason | undefined;
  readonly since?: Instant | undefined;
}

/** Which refusals a person looks at: of one reason, of one station, or all. */
export interface OneKind {
  readonly reason?: RejectionReason | undefined;
  readonly station?: string | undefined;
}

/** Receipts and rejections: what arrived and what became of it. */
export interface Ledger {
  /** Adds to the counts of a station and arrival day, inside a transaction; negative numbers take away. */
  count(day: LocalDate, station: string | null, delta: Partial<Counts>): void;
  /** Counts of an arrival day by station; the key `''` holds the values of no known station. */
  counts(day: LocalDate): Map<string, Counts>;
  /** Counts over all days. */
  totals(): Counts;
  refuse(refused: RefusedPayload): void;
  /** Newest first. */
  rejections(limit: number, which?: OneKind): KeptRefusal[];
  /** Those with a number above `after`, oldest first, payloads whole. */
  refusals(which: WhichRefusals, after: number, limit: number): KeptRefusal[];
  /** All refusals of one message. */
  refusalsOf(messageId: number): KeptRefusal[];
  /** Takes refusals away, inside a transaction. */
  withdraw(ids: readonly number[]): void;
  /** Keeps what one commit heard of its senders, inside the commit. */
  hear(heard: readonly Heard[]): void;
  /** What was heard and not yet looked at, oldest first, of at most `max` commits; `null` when there is none. */
  heard(max: number): { readonly upTo: number; readonly heard: readonly Heard[] } | null;
  /** Drops what was heard up to and with that number, inside a transaction. */
  forgetHeard(upTo: number): void;
  /** When a message without a time but with this number and content first came: `now` for a new one. */
  firstArrival(station: string, seq: number, payload: Uint8Array, now: Instant): Instant;
  /** Forgets what is past its quota or time. */
  prune(now: Instant): void;
}

/** Later than any reading. */
export const NEVER: Instant = 8_640_000_000_000_000;

/** What is known of a station beyond its readings. */
export interface StationFacts {
  /** Measured time of the earliest sensor reading; `NEVER` when only laboratory samples came. */
  readonly earliest: Instant;
  /** When a sensor's reading last arrived; `-NEVER` when only laboratory samples came. */
  readonly lastArrival: Instant;
}

/** The last days of readings at hand, with every series' newest value; without InfluxDB it is the archive too and forgets nothing. */
export interface WorkingSet {
  /** Settles the fate of one reading and keeps the winner, inside a transaction. `null`: only the archive knows (older than what is at hand). */
  settle(reading: JudgedReading): Settled | null;
  /** Writes what `settle` changed of the series, inside the same transaction. */
  flush(): void;
  /** Forgets unwritten changes after a transaction failed. */
  reset(): void;
  /** Remembers fates that are not `stored`, by batch; `null` for those the archive must decide. */
  keepFates(seq: number, fates: readonly (Settled | null)[]): void;
  fatesOf(seq: number): (Settled | null)[] | undefined;
  forgetFates(seq: number): void;
  /** The archive held another value: it is superseded, a redelivery of it is a duplicate. False: this very value was superseded before. */
  supersede(key: ReadingKey, older: Held, newer: Held): boolean;
  /** Readings of a series in `[from, to)`, in order of time. Both sources unless one is named. */
  rows(query: SeriesQuery, source?: Source, max?: number): JudgedReading[];
  newest(station: string, parameter: string): JudgedReading | undefined;
  station(id: string): StationFacts | undefined;
  /**
   * Takes a reading back that is kept and must not be, inside a transaction: `instead` stands in its place, or nothing. A
   * later value under the same key stays.
   */
  withdraw(reading: JudgedReading, instead: JudgedReading | null): void;
  /** Looks up anew when a station begins, inside a transaction: with its earliest reading at hand, or at `elsewhere` if that is earlier. */
  begin(station: string, elsewhere: Instant): void;
  /** Everything measured from here on is at hand; `-Infinity` when nothing was ever forgotten. */
  floor(): Instant;
  /** Forgets readings measured before `before`, but for every series' newest. */
  prune(before: Instant): void;
}

/** Which entries of the audit trail: all, or those of one station, thing (`maintenance/3`), account or act, in `[from, to)`, older than an id. */
export interface WhichAudit {
  readonly station?: string | undefined;
  readonly what?: string | undefined;
  readonly who?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly before?: number | undefined;
}

/** The audit trail: entries are added, never changed and never taken away. */
export interface Audit {
  /** Adds an entry, inside the transaction of the act itself: neither is kept without the other. */
  record(event: AuditEvent): AuditEntry;
  /** Newest first. */
  list(which: WhichAudit, limit: number): AuditEntry[];
  /** Computes every hash again. `broken`: the first entry that is not as it was written, `null` when all are. */
  verify(): { readonly entries: number; readonly head: string; readonly broken: number | null };
}

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
  /** The same, as printed. */
  printed(
    kind: WindowKind,
    stations: readonly string[],
    span: Span,
    only: readonly VerdictState[] | null,
    limit: number,
    offset: number,
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
  /** Takes off a window that was computed, unless something else has touched it since it was read: then it is due again. */
  unmark(due: Due): void;
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

/** A change of an alert, kept in the transaction that made it, until it is known who hears it. */
export interface Announcement {
  readonly seq: number;
  readonly change: Change;
  /** When the service saw it. */
  readonly at: Instant;
  /** Arrival of the reading behind it, for the delay; `at` where there is none. */
  readonly arrivedAt: Instant;
}

/** Alerts, what each rule remembers, and the changes that must be told. Written inside a transaction. */
export interface AlertStore {
  /** What a rule remembers of a subject, as it was put; `undefined` before the first. */
  memory(subject: string, parameter: string | null, rule: string): string | undefined;
  putMemory(subject: string, parameter: string | null, rule: string, memory: string): void;
  put(alert: Alert): void;
  find(id: string): Alert | undefined;
  /** The alert of a subject that stands (neither resolved nor closed). */
  standing(subject: string, parameter: string | null, rule: string): Alert | undefined;
  /** When its latest episodes opened, newest first, since `since`: for damping. */
  openings(subject: string, parameter: string | null, rule: string, since: Instant): Instant[];
  /** Newest first. `active`: those that stand. */
  list(which: 'active' | 'all', limit: number): Alert[];
  /** Those whose life touched `[from, to)`, newest first, of a station or of all. */
  within(span: Span, station: string | null, limit: number): Alert[];
  /** When the rule last opened here before `before`. */
  previous(subject: string, parameter: string | null, rule: string, before: Instant): Instant | null;
  announce(change: Change, at: Instant, arrivedAt: Instant): void;
  /** Oldest first. */
  announcements(limit: number): Announcement[];
  forgetAnnouncements(upTo: number): void;
  activeCounts(): Record<Alert['severity'], number>;
}

/** What people were told, apart from what is true. */
export interface Notice {
  readonly id: string;
  /** The alerts it tells of, in the order of the mail; empty for a test mail and the 晨报. */
  readonly alerts: readonly string[];
  /** Id of the person. */
  readonly recipient: string;
  /** `mail`, or the id of a channel of the config. */
  readonly channel: string;
  readonly mail: Mail;
  /** `opened`, `risen`, `resolved` …, `digest`, `morning`, `test`, `repeat`, `escalated`, `reported`. */
  readonly reason: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  /** When it may be tried again. */
  readonly nextAt: Instant;
  readonly createdAt: Instant;
  /** Arrival of the reading behind it, for the delay. */
  readonly arrivedAt: Instant;
  readonly sentAt: Instant | null;
  readonly error: string | null;
  /** Id of the digest that told it in its place; `null`: it was, or will be, sent itself. */
  readonly mergedInto: string | null;
  /** A try is under way, or ended without an answer: the other side may have it. It is never merged, and tried again as it is. */
  readonly isUnsure?: boolean;
}

/** Somebody to whom no mail goes: the newest answer of the other side was a refusal for good. */
export interface Bounced {
  readonly recipient: string;
  /** When the first mail was written that was refused since one was last accepted. */
  readonly since: Instant;
  /** The newest refusal, in words. */
  readonly error: string;
}

/** Something a person will be told, waiting for its mail to be written. */
export interface Pending {
  readonly id: number;
  readonly recipient: string;
  /** Why it is told: what happened, or `repeat`, `escalated`, `reported`. */
  readonly why: Happening | 'repeat' | 'escalated' | 'reported';
  readonly change: Change;
  /** Not before: settle, group, quiet hours. */
  readonly dueAt: Instant;
  readonly createdAt: Instant;
  readonly arrivedAt: Instant;
}

/** The durable outbox: what waits to be written, and what was written. Written inside a transaction. */
export interface Outbox {
  addPending(pending: Omit<Pending, 'id'>): void;
  /** All that waits to be written, oldest first. */
  pending(): Pending[];
  forgetPending(ids: readonly number[]): void;
  add(notice: Notice): void;
  update(notice: Notice): void;
  find(id: string): Notice | undefined;
  /** Newest first. */
  list(limit: number): Notice[];
  /** Waiting notices whose time has come, newest first; `except`: channels that are not asked for. */
  due(now: Instant, limit: number, except?: readonly string[]): Notice[];
  /** Waiting notices of a person, oldest first; one that a digest tells in its place waits no more. */
  waiting(recipient: string): Notice[];
  /** Those that a digest tells in their place, oldest first. */
  merged(into: string): Notice[];
  /** Who is refused for good, by id. */
  bounced(): Bounced[];
  /** When the next waiting notice may be tried; `null` when none waits. */
  nextAt(): Instant | null;
  /** When the oldest of the notices that wait although their time has come was written; `null`: none. */
  oldestDue(now: Instant): Instant | null;
  /** Everything that waits may be tried at once: after a restart. */
  retryAll(): void;
  counts(): Record<Notice['state'], number>;
  lastSentAt(): Instant | null;
  /** Notices about an alert, oldest first. */
  about(alert: string): Notice[];
  /** The newest notice of a person, sent or not, about alerts; `null` when there is none: for grouping. */
  lastTold(recipient: string): Instant | null;
}

/** Somebody has said that an alert shall be silent. */
export interface Silence {
  readonly id: string;
  readonly station: string | null;
  readonly parameter: string | null;
  readonly rule: string | null;
  readonly from: Instant;
  readonly to: Instant;
  readonly by: string;
  readonly reason: string;
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
}

/** Silences, durable with the transaction; nothing is ever forgotten. */
export interface SilenceStore {
  add(silence: Omit<Silence, 'id' | 'endedAt' | 'endedBy'>): Silence;
  find(id: string): Silence | undefined;
  end(id: string, by: string, at: Instant): boolean;
  /** Those that hold at `now`, or all, newest first. */
  list(now: Instant | null): Silence[];
}
