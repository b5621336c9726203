/** What does the pipeline need from the world? Its ports; `app.module.ts` says which adapter stands behind each. */
import type { AccountRole } from '../domain/account-role.js';
import type { Alert } from '../domain/alerting/alert.js';
import type { Chart } from '../domain/alerting/chart.js';
import type { JudgedReading, Mark, Reading, Rejection, Source } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import type { Instant } from '../domain/time.js';

/** Tells the time; tests stand a manual one behind it. */
export interface Clock {
  now(): Instant;
}

/** Where the service writes what an operator should read. */
export interface Journal {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** One message as it came off the wire. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** May the sender speak for this station? `null`: anyone may (anonymous on loopback), or a broker outside checks it. */
  readonly maySpeakFor: ((station: string) => boolean) | null;
  readonly received: Instant;
}

/** What a decoder makes of a delivery: readings, and refusals of what is not one. */
export interface Decoded {
  readonly readings: readonly Reading[];
  readonly rejections: readonly Rejection[];
  /** Station named by the topic, if the config knows it. */
  readonly station: string | null;
  /** The message's own number, when the device numbers its messages. */
  readonly seq: number | null;
  /** True when the payload named no time and arrival time was used. */
  readonly timeless: boolean;
  /** What a time that was refused says of the device's clock: the instant it meant, or the unit of its number. */
  readonly refusedTime?: { readonly kind: 'timed' | 'microseconds' | 'nanoseconds'; readonly time: Instant };
}

/** Reads one payload dialect. Never throws at data: what cannot be read is a rejection. */
export type Decode = (delivery: Delivery, site: Site) => Decoded;

/** Status messages: retained `online` / `offline` of a device. */
export interface StationStatus {
  readonly station: string;
  readonly online: boolean;
  readonly at: Instant;
}

/**
 * Takes deliveries. `done()` is called when every value is, on disk, either rejected or in the log: only then may the
 * message be acknowledged. `done(error)`: it could not be kept; the message must stay with its sender.
 */
export interface Intake {
  take(delivery: Delivery, done: (error?: Error) => void): void;
}

/** The disk under the service's own state. */
export interface Disk {
  /** Bytes free for us, bytes in all, and bytes of the state file that can be filled again; `null` when that cannot be told. */
  space(): { readonly free: number; readonly total: number; readonly reusable: number } | null;
  /** Writes something durably and takes it back; throws, in words, when that fails. */
  tryToWrite(): void;
}

/** What readings come in through. Closed, it acknowledges nothing: devices and brokers keep their messages. */
export interface Tap {
  /** `why`: in words. */
  hold(why: string): void;
  release(): void;
}

/** Identifies one value. */
export interface ReadingKey {
  readonly station: string;
  readonly parameter: string;
  readonly source: Source;
  readonly time: Instant;
}

/** What the archive holds under a key. */
export interface Held {
  readonly value: number;
  readonly mark: Mark;
}

/** A stretch of one series. Half-open `[from, to)`. */
export interface SeriesQuery {
  readonly station: string;
  readonly parameter: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** One step of a series: statistics over the readings that are charted (`isCharted`). */
export interface Step {
  readonly start: Instant;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Readings that count. */
  readonly valid: number;
  readonly total: number;
}

/**
 * A failing archive. `retry`: the same write may succeed later. `culprits`: the archive refused these readings of the
 * batch and holds the others; `too-old`: it would forget them at once.
 */
export class ArchiveError extends Error {
  constructor(
    message: string,
    readonly retry: boolean,
    readonly culprits: readonly { reading: JudgedReading; why: string; reason: 'not-a-number' | 'too-old' }[] = [],
  ) {
    super(message);
    this.name = 'ArchiveError';
  }
}

/** Raw history. Writing is idempotent: station + parameter + source + time is the key, the last write stands. */
export interface Archive {
  readonly name: string;
  /** Throws `ArchiveError`. */
  write(readings: readonly JudgedReading[]): Promise<void>;
  /** What it holds under each key, in the order of the keys. Throws `ArchiveError`. */
  find(keys: readonly ReadingKey[]): Promise<(Held | undefined)[]>;
  /** In order of time, at most `max` rows. Throws `ArchiveError`. */
  readings(query: SeriesQuery, max: number): Promise<JudgedReading[]>;
  /** How many readings a query would return. Throws `ArchiveError`. */
  count(query: SeriesQuery): Promise<number>;
  /** Steps of `stepMs` aligned to `origin`, those that hold a reading, in order. Throws `ArchiveError`. */
  steps(query: SeriesQuery, stepMs: number, origin: Instant): Promise<Step[]>;
  /** Resolves when it answers; throws `ArchiveError`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A file that goes with a mail, named by where it is kept: the outbox holds no copy of it for every reader. */
export interface Attachment {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly key: string;
}

/** Reads an attachment when its mail leaves; `null`: it is kept no more, and the mail goes without it. */
export type ReadAttachment = (key: string) => Uint8Array | null;

/** A mail, rendered and addressed to one recipient. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same on every retry, with angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly date: Instant;
  /** Pictures that the HTML shows by `cid:`; PNG, base64. */
  readonly pictures: readonly { readonly cid: string; readonly png: string }[];
  /** Absent: none. */
  readonly attachments?: readonly Attachment[];
}

/**
 * A mail that was not accepted. `permanent`: this recipient will never accept it (5xx to the envelope). `isUnsure`: the
 * connection ended without an answer, so it may have been accepted all the same. `isOfRecipient`: the server puts off this
 * recipient alone (4xx to RCPT: mailbox full, greylisting), which says nothing of the others.
 */
export class MailError extends Error {
  constructor(
    message: string,
    readonly permanent: boolean,
    readonly isUnsure = false,
    readonly isOfRecipient = false,
  ) {
    super(message);
    this.name = 'MailError';
  }
}

export type { Chart };

/** Draws a chart as PNG. */
export type Draw = (chart: Chart) => Uint8Array;

/** Hands mails over. Resolves when the other side has accepted; throws `MailError`. */
export interface Mailer {
  readonly name: string;
  send(mail: Mail): Promise<void>;
  /** Resolves when the way is open (connection and login, no mail sent); throws `MailError`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What the page hears live. */
export interface Live {
  reading(reading: JudgedReading): void;
  alert(alert: Alert): void;
  compliance(): void;
}

/** A question that cannot be answered, in the words of the person who asked. */
export class Refusal extends Error {
  constructor(
    readonly kind: 'not-found' | 'bad-request' | 'unavailable',
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** Somebody, or a machine, who may log in. */
export interface Account {
  readonly username: string;
  readonly role: AccountRole;
  /** scrypt, with its salt and cost. */
  readonly passwordHash: string;
  readonly createdAt: Instant;
  /** A person of the config: a chief acts for the reaches and villages of that person. */
  readonly person?: string | undefined;
}

/** A login that lasts, or a machine's token. Only the SHA-256 of the secret is kept. */
export interface Credential {
  readonly hash: string;
  readonly username: string;
  readonly kind: 'session' | 'token';
  /** What a token is for, in words. */
  readonly label: string;
  readonly createdAt: Instant;
  /** `null`: does not end by itself. */
  readonly expiresAt: Instant | null;
  /** From where a session was opened; empty for a token. */
  readonly address?: string | undefined;
}

/** Accounts, sessions and tokens, durable when a call returns. */
export interface AccountStore {
  find(username: string): Account | undefined;
  list(): Account[];
  /** Adds, or replaces the account of that name. */
  put(account: Account): void;
  /** Removes the account with its sessions and tokens; false when there was none. */
  remove(username: string): boolean;
  /** Adds, or replaces the credential of that hash. */
  addCredential(credential: Credential): void;
  findCredential(hash: string): Credential | undefined;
  /** All sessions and tokens, or those of one account, oldest first. */
  credentials(username?: string): Credential[];
  removeCredential(hash: string): boolean;
}

/** A device that may speak for its stations, and for no other. */
export interface Device {
  readonly name: string;
  readonly stations: readonly string[];
  /** What its secret is checked against, `$7$…` as in Mosquitto's password files; the secret itself is kept nowhere. */
  readonly verifier: string;
  readonly createdAt: Instant;
}

/** Devices with credentials, durable when a call returns. */
export interface DeviceStore {
  find(name: string): Device | undefined;
  /** By name. */
  list(): Device[];
  /** False, and nothing changed, when the name is taken. */
  add(device: Device): boolean;
  /** False when there was none. */
  remove(name: string): boolean;
}

/** Which sessions brokers keep for us, remembered over a restart; durable when a call returns. */
export interface BrokerSessions {
  /** When the session was last seen to be there; `null`: never. */
  lastSeen(session: string): Instant | null;
  see(session: string, at: Instant): void;
}
