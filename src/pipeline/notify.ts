/** How does every notice reach its person? Outbox → sent, recorded. */
import { type Clock, type Journal, MailError, type Mailer } from './ports.js';
import { MAIL, type Notice, type Outbox } from './alerting/alert-stores.js';
import type { Transact } from './stores.js';

/** First and longest pause between two tries, of one notice or of a way that is away, ms. */
const FIRST = 1000;
const CAP = 60_000;

/** Notices handed over at a time. */
const AT_ONCE = 4;

/** What an observer hears: seconds from the reading's arrival to the mail's acceptance. */
export type NoticeWatcher = (seconds: number) => void;

/** A channel and how it fares. */
interface Way {
  readonly mailer: Mailer;
  /** Why it accepts nothing, in words; `null` while it does. */
  trouble: string | null;
  /** The notices whose last try failed by the way itself, by id. */
  readonly refused: Set<string>;
  /** Something failed, and it was not asked since whether it is open again. */
  isClosed: boolean;
  /** Checks that failed on end, and when the next may be. */
  failures: number;
  checkAt: number;
}

/**
 * Sends what waits in the outbox, newest first, until the other side accepts: each notice was written once and keeps its
 * Message-ID, and is on disk before it is first handed over, so a crash or a power cut between "accepted" and "recorded"
 * makes at most one double that a reader's mail program folds.
 * The outbox owns retry: exponential with jitter under the cap; only an address that will never accept is given up, and one
 * that is put off for now delays its own notices alone. A way that failed is asked whether it is open before anything more
 * is tried, and before it is, what was refused is gathered into one digest a person.
 */
export class Notify {
  private readonly ways: ReadonlyMap<string, Way>;

  constructor(
    private readonly outbox: Outbox,
    /** `mail`, and the channels of the config by their ids. */
    mailers: ReadonlyMap<string, Mailer>,
    /** On disk when it returns. */
    private readonly transact: Transact,
    /** Of what may be lost in a power cut, as all that it was worked out from. */
    private readonly derive: Transact,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly sent: NoticeWatcher,
    /** Some of what is due was refused before: it may be told by one digest. */
    private readonly gather: () => void,
  ) {
    this.ways = new Map(
      [...mailers].map(([id, mailer]) => [
        id,
        { mailer, trouble: null, refused: new Set(), isClosed: false, failures: 0, checkAt: 0 },
      ]),
    );
  }

  /** Why mails are not accepted, in words; `null` while they are. */
  get trouble(): string | null {
    return this.troubleOf(MAIL);
  }

  /** Why a channel accepts nothing, in words; `null` while it does. */
  troubleOf(channel: string): string | null {
    return this.ways.get(channel)?.trouble ?? null;
  }

  /** Does a channel accept, as far as is known? Else nothing more is written for it. */
  isOpen(channel: string): boolean {
    return this.ways.get(channel)?.isClosed !== true;
  }

  /** Sends what is due on one way, or on all; false when nothing is. Each way has its own pace: one that does not answer holds up no other. */
  async step(only?: string): Promise<boolean> {
    for (const [id, way] of this.ways) if (way.isClosed && id === (only ?? id)) await this.ask(way);
    const others = [...this.ways].flatMap(([id, { isClosed }]) => (isClosed || id !== (only ?? id) ? [id] : []));
    let due = this.outbox.due(this.clock.now(), AT_ONCE, others);
    if (due.some(({ attempts }) => attempts > 0)) {
      this.gather();
      due = this.outbox.due(this.clock.now(), AT_ONCE, others);
    }
    if (due.length === 0) return false;
    // From here on the other side may have them, whatever becomes of us. On disk first, with all that led here: a notice that
    // a power cut takes back after it was handed over would be written anew, as another mail.
    this.transact(() => due.forEach((notice) => this.outbox.update({ ...notice, isUnsure: true })));
    await Promise.all(due.map((notice) => this.send(notice)));
    return true;
  }

  /** Connection and login, no mail: a server that is away is not asked again for each of them. */
  private async ask(way: Way): Promise<void> {
    const wait = way.checkAt - this.clock.now();
    // Longer than any pause: the clock was set back.
    if (wait > 0 && wait <= CAP) return;
    try {
      await way.mailer.check();
      way.isClosed = false;
      way.failures = 0;
      if (this.outbox.nextAt() === null) this.mended(way);
    } catch (error) {
      way.failures++;
      way.checkAt = this.clock.now() + pause(way.failures);
      this.failed(way, error instanceof Error ? error.message : String(error));
    }
  }

  private async send(notice: Notice): Promise<void> {
    const way = this.ways.get(notice.channel);
    if (way === undefined) {
      this.finish({ ...notice, state: 'failed', error: `the config knows no channel ${notice.channel} any more` });
      return;
    }
    const attempts = notice.attempts + 1;
    try {
      await way.mailer.send(notice.mail);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isUnsure = notice.isUnsure === true || (error instanceof MailError && error.isUnsure);
      if (error instanceof MailError && error.permanent) {
        this.journal.error(`${notice.mail.to} does not accept ${notice.channel}: ${reason}`);
        this.finish({ ...notice, attempts, state: 'failed', error: reason });
        this.answered(way, notice);
        return;
      }
      const nextAt = Math.round(this.clock.now() + pause(attempts));
      this.derive(() => this.outbox.update({ ...notice, attempts, error: reason, nextAt, isUnsure }));
      if (error instanceof MailError && error.isOfRecipient) {
        if (notice.error !== reason) this.journal.warn(`${notice.mail.to} takes no ${notice.channel} for now: ${reason}`);
        this.answered(way, notice);
        return;
      }
      way.isClosed = true;
      way.refused.add(notice.id);
      this.failed(way, reason);
      return;
    }
    const now = this.clock.now();
    this.finish({ ...notice, attempts, state: 'sent', sentAt: now, error: null, isUnsure: false });
    this.mended(way);
    this.sent((now - notice.arrivedAt) / 1000);
  }

  /** The other side spoke of a recipient: what it had against this notice before is over, though others may still fare worse. */
  private answered(way: Way, { id }: Notice): void {
    for (const one of [id, ...this.outbox.merged(id).map((notice) => notice.id)]) way.refused.delete(one);
    if (way.refused.size === 0) this.mended(way);
  }

  /** With those it tells of in their place: what becomes of the digest becomes of them. */
  private finish(notice: Notice): void {
    this.derive(() => this.record(notice));
  }

  private record(notice: Notice): void {
    this.outbox.update(notice);
    const { state, sentAt, error } = notice;
    for (const one of this.outbox.merged(notice.id)) this.record({ ...one, state, sentAt, error });
  }

  private failed(way: Way, reason: string): void {
    if (way.trouble !== reason) this.journal.warn(`${way.mailer.name} waits: ${reason}`);
    way.trouble = reason;
  }

  private mended(way: Way): void {
    if (way.trouble !== null) this.journal.info(`${way.mailer.name} accepts again`);
    way.trouble = null;
    way.refused.clear();
  }
}

/** Doubles with every failure, with jitter, under the cap. */
const pause = (failures: number): number => Math.min(CAP, FIRST * 2 ** Math.min(failures - 1, 10)) * (0.75 + Math.random() / 4);
