/** What does the service remember? The ports of its own state, all behind one transaction. */
import type { AuditEntry, AuditEvent } from '../domain/audit.js';
import type { JudgedReading, RejectionReason, Settled, Source } from '../domain/reading.js';
import type { Instant, LocalDate } from '../domain/time.js';
import type { Heard } from './hearing.js';
import type { Held, SeriesQuery } from './ports.js';

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

/** Which refusals a person looks at: of one reason, of one station, or all. */
export interface OneKind {
  readonly reason?: RejectionReason | undefined;
  readonly station?: string | undefined;
}

/** The same, or of them those that arrived at or after `since`. */
export interface WhichRefusals extends OneKind {
  readonly since?: Instant | undefined;
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
  /**
   * Settles the fate of one reading and keeps the winner, inside a transaction. `null`: only the archive knows (older than
   * what is at hand), and nothing is kept until `settleOld`.
   */
  settle(reading: JudgedReading): Settled | null;
  /** Writes what `settle` changed of the series, inside the same transaction. */
  flush(): void;
  /** Forgets unwritten changes after a transaction failed. */
  reset(): void;
  /** Remembers fates that are not `stored`, by batch; `null` for those the archive must decide. */
  keepFates(seq: number, fates: readonly (Settled | null)[]): void;
  fatesOf(seq: number): (Settled | null)[] | undefined;
  forgetFates(seq: number): void;
  /**
   * Settles in their order those that `settle` left open, by what the archive holds under each key, and keeps the winners
   * until it has them too, inside a transaction.
   */
  settleOld(readings: readonly JudgedReading[], archived: readonly (Held | undefined)[]): Settled[];
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
