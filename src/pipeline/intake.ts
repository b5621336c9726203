/** How does a delivery become durable? Decoded, checked, one commit for all that waits, then acknowledged. */
import { grossRange } from '../domain/quality/intake.js';
import type { JudgedReading } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import { datesOf } from '../domain/time.js';
import { Hearing } from './hearing.js';
import type { Decided } from './filling/last-messages.js';
import type { Clock, Decode, Decoded, Delivery, Intake, Journal } from './ports.js';
import { acceptedKey } from './filling/replay.js';
import type { Ledger, ReadingLog, Transact } from './stores.js';

/** Deliveries of one commit at most: what is left goes into the next one. */
const MOST = 5000;

/**
 * Deliveries of one commit that show that more are on their way, and how long the next commit then waits for them, ms: a
 * commit costs the same for ten as for a thousand. When fewer come, nothing waits.
 */
const MANY = 12;
const BREATH = 1;

/** A refused `too-large` payload is kept only to here. */
const CUT = 256 * 1024;

interface Waiting {
  readonly delivery: Delivery;
  readonly done: (error?: Error) => void;
}

/** What an observer of the intake hears. */
export interface IntakeWatcher {
  /** After a commit: how long it took, deliveries, per rejection reason how many values, and the last message of each station. */
  committed(
    ms: number,
    deliveries: number,
    values: number,
    rejected: ReadonlyMap<string, number>,
    last: ReadonlyMap<string, Decided>,
  ): void;
}

/**
 * Takes deliveries and commits them in groups: whatever arrived while the last commit ran goes into the next one, and no
 * timer adds latency when it is quiet. Every value of a message ends in the log or in the rejections, in one transaction
 * with the counts of promise 2; only then is `done` called.
 */
export class GroupCommit implements Intake {
  private waiting: Waiting[] = [];
  private scheduled = false;
  private busy = false;
  private failure: string | null = null;
  private idle: (() => void)[] = [];
  private readonly hearing = new Hearing();

  constructor(
    private readonly site: Site,
    private readonly decode: Decode,
    private readonly log: ReadingLog,
    private readonly ledger: Ledger,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly watcher: IntakeWatcher,
    private readonly appended: () => void,
  ) {}

  take(delivery: Delivery, done: (error?: Error) => void): void {
    this.waiting.push({ delivery, done });
    this.schedule();
  }

  /** Why nothing can be taken, in words; `null` while all is well. */
  get down(): string | null {
    return this.failure;
  }

  /** Writing works again although no delivery has shown it yet. */
  mended(): void {
    this.failure = null;
  }

  /** Resolves when everything taken so far is committed or refused. */
  async drained(): Promise<void> {
    if (this.waiting.length > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const go = (): void => {
      this.scheduled = false;
      this.commit();
    };
    if (this.busy) setTimeout(go, BREATH);
    else setImmediate(go);
  }

  private commit(): void {
    const group = this.waiting.splice(0, MOST);
    this.busy = group.length >= MANY;
    if (group.length === 0) return;
    const head = this.log.head();
    const started = performance.now();
    let error: Error | undefined;
    try {
      const { values, rejected, last } = this.transact(() => this.keep(group));
      if (this.failure !== null) this.journal.info('taking readings again');
      this.failure = null;
      this.watcher.committed(performance.now() - started, group.length, values, rejected, last);
    } catch (cause) {
      error = cause instanceof Error ? cause : new Error(String(cause));
      this.log.rewind(head);
      if (this.failure === null) this.journal.error(`readings cannot be kept and are left with their senders: ${error.message}`);
      this.failure = error.message;
    }
    for (const { done } of group) done(error);
    if (!error) this.appended();
    if (this.waiting.length > 0) this.schedule();
    else for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Decodes a group and writes it: one batch of the log, the refusals, the counts. */
  private keep(group: readonly Waiting[]): {
    values: number;
    rejected: Map<string, number>;
    last: Map<string, Decided>;
  } {
    const batch: JudgedReading[] = [];
    // Of one day nearly always: a commit takes milliseconds.
    const days = new Map<string, Map<string | null, { received: number; rejected: number; pending: number }>>();
    const rejected = new Map<string, number>();
    const last = new Map<string, Decided>();
    const dayOf = datesOf(this.site.calendar);
    // What a commit that failed had heard comes again.
    this.hearing.take();
    for (const { delivery } of group) {
      const decoded = this.decode(delivery, this.site);
      if (decoded.station !== null) last.set(decoded.station, { delivery, decoded });
      const timeless =
        decoded.timeless && decoded.seq !== null && decoded.station !== null
          ? this.ledger.firstArrival(decoded.station, decoded.seq, delivery.payload, delivery.received)
          : null;
      for (const reading of decoded.readings) {
        const { quality, checks } = grossRange(reading.value, reading.mark, this.site.parameters.get(reading.parameter)!);
        const { station, parameter, value, mark, source, sampled } = reading;
        const time = timeless ?? reading.time;
        const head = { station, parameter, time, value, mark, source, quality, checks, received: delivery.received };
        batch.push(sampled === undefined ? head : { ...head, sampled });
      }
      this.hearing.note(delivery, decoded, timeless);
      this.refuse(delivery, decoded, rejected);
      let refused = 0;
      for (const { values } of decoded.rejections) refused += values;
      const day = dayOf(delivery.received);
      let counts = days.get(day);
      if (counts === undefined) {
        counts = new Map();
        days.set(day, counts);
      }
      let count = counts.get(decoded.station);
      if (count === undefined) counts.set(decoded.station, (count = { received: 0, rejected: 0, pending: 0 }));
      count.received += decoded.readings.length + refused;
      count.pending += decoded.readings.length;
      count.rejected += refused;
    }
    if (batch.length > 0) this.log.append(batch);
    this.ledger.hear(this.hearing.take());
    for (const [day, counts] of days) for (const [station, delta] of counts) this.ledger.count(day, station, delta);
    return { values: batch.length, rejected, last };
  }

  private refuse(delivery: Delivery, { readings, rejections }: Decoded, tally: Map<string, number>): void {
    if (rejections.length === 0) return;
    const message = { received: delivery.received, accepted: readings.map(acceptedKey) };
    for (const { station, reason, detail, values } of rejections) {
      tally.set(reason, (tally.get(reason) ?? 0) + values);
      this.ledger.refuse({
        received: this.clock.now(),
        message: delivery.payload.byteLength > CUT ? null : message,
        topic: delivery.topic,
        station,
        reason,
        detail,
        values,
        payload: reason === 'too-large' ? delivery.payload.subarray(0, CUT) : delivery.payload,
      });
    }
  }
}
