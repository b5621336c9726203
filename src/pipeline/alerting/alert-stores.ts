/** What keeps alerts, what must be told of them, what was told, and what shall be silent? */
import type { Alert } from '../../domain/alerting/alert.js';
import type { Change, Happening } from '../../domain/alerting/signal.js';
import type { Instant, Span } from '../../domain/time.js';
import type { Mail } from '../ports.js';

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
  /** The alerts it tells of, in the order of the mail; empty for a test mail, the 晨报, a case and a bulletin. */
  readonly alerts: readonly string[];
  /** Id of the person. */
  readonly recipient: string;
  /** `mail`, or the id of a channel of the config. */
  readonly channel: string;
  readonly mail: Mail;
  /** `opened`, `risen`, `resolved` …, `digest`, `morning`, `bulletin`, `case`, `test`, `repeat`, `escalated`, `reported`. */
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

/** The channel that everybody has; on any other, whoever reads it is told together. */
export const MAIL = 'mail';

/** Who is told together: a person by mail, or everybody who reads a channel. */
export interface Audience {
  /** Id of the person; `null`: whoever reads the channel. */
  readonly recipient: string | null;
  /** `mail`, or the id of a channel of the config. */
  readonly channel: string;
}

/** Somebody whom nothing reaches: the newest answer of the other side was a refusal for good. */
export interface Bounced extends Audience {
  /** When the first notice was written that was refused since one was last accepted. */
  readonly since: Instant;
  /** The newest refusal, in words. */
  readonly error: string;
  /** The mail address that refused; `null`: it was a channel. */
  readonly address: string | null;
}

/** Somebody whose notices wait although their time has come. */
export interface Stalled extends Audience {
  readonly recipient: string;
  /** When the oldest of them was written. */
  readonly since: Instant;
  /** What the other side answered to it last, in words; `null`: it was not tried. */
  readonly error: string | null;
}

/** Something a person will be told, waiting for its notice to be written. */
export interface Pending {
  readonly id: number;
  readonly recipient: string;
  /** `mail`, or the id of a channel, where it is told once, for whichever of its readers it waits. */
  readonly channel: string;
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
  /** Waiting notices whose time has come, or lies farther ahead than any pause, newest first; `except`: channels that are not asked for. */
  due(now: Instant, limit: number, except?: readonly string[]): Notice[];
  /** Waiting notices, oldest first; one that a digest tells in its place waits no more. */
  waiting(audience: Audience): Notice[];
  /** Those that a digest tells in their place, oldest first. */
  merged(into: string): Notice[];
  /** Who is refused for good: people by id, then channels by id. */
  bounced(): Bounced[];
  /** When the next waiting notice may be tried; `null` when none waits. */
  nextAt(): Instant | null;
  /** Whose notices wait although their time has come, whoever waits longest first. */
  stalled(now: Instant): Stalled[];
  /** Everything that waits may be tried at once: after a restart. */
  retryAll(): void;
  counts(): Record<Notice['state'], number>;
  lastSentAt(): Instant | null;
  /** Notices about an alert, oldest first. */
  about(alert: string): Notice[];
  /** The newest notice, sent or not, about alerts; `null` when there is none: for grouping. */
  lastTold(audience: Audience): Instant | null;
}

/** Somebody has said that an alert shall be silent. */
export interface Silence {
  readonly id: string;
  /** `Subject.subject`: which reach, target or station; `null`: any. */
  readonly subject: string | null;
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
