/** How does every notice reach its person? Outbox → sent, recorded. */
import { type Clock, type Journal, MailError, type Mailer } from './ports.js';
import { type AlertStore, type Notice, type Transact } from './stores.js';

/** First and longest pause between two tries of one mail. */
const FIRST = 1000;
const CAP = 60_000;

/** Mails handed over at a time. */
const AT_ONCE = 4;

/** What an observer hears: seconds from the reading's arrival to the mail's acceptance. */
export type NoticeWatcher = (seconds: number) => void;

/**
 * Sends what waits in the outbox, oldest first, until the other side accepts: each mail was rendered once and keeps its
 * Message-ID, so a crash between "accepted" and "recorded" makes at most one double that a reader's mail program folds.
 * The outbox owns retry: exponential with jitter under the cap; only an address that will never accept is given up.
 */
export class Notify {
  private failing: string | null = null;

  constructor(
    private readonly alerts: AlertStore,
    private readonly mailer: Mailer,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly sent: NoticeWatcher,
  ) {}

  /** Why mails are not accepted, in words; `null` while they are. */
  get trouble(): string | null {
    return this.failing;
  }

  /** Sends what is due; false when nothing is. */
  async step(): Promise<boolean> {
    const due = this.alerts.dueNotices(this.clock.now(), AT_ONCE);
    if (due.length === 0) return false;
    await Promise.all(due.map((notice) => this.send(notice)));
    return true;
  }

  private async send(notice: Notice): Promise<void> {
    const attempts = notice.attempts + 1;
    try {
      await this.mailer.send(notice.mail);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const permanent = error instanceof MailError && error.permanent;
      const pause = Math.min(CAP, FIRST * 2 ** Math.min(attempts - 1, 10)) * (0.75 + Math.random() / 4);
      const nextAt = this.clock.now() + pause;
      this.record({ ...notice, attempts, error: reason, nextAt: Math.round(nextAt), state: permanent ? 'failed' : 'waiting' });
      if (permanent) this.journal.error(`${notice.mail.to} does not accept mail: ${reason}`);
      else {
        if (this.failing !== reason) this.journal.warn(`mail waits: ${reason}`);
        this.failing = reason;
      }
      return;
    }
    const now = this.clock.now();
    this.record({ ...notice, attempts, state: 'sent', sentAt: now, error: null });
    if (this.failing !== null) this.journal.info('mail is accepted again');
    this.failing = null;
    this.sent((now - notice.arrivedAt) / 1000);
  }

  private record(notice: Notice): void {
    this.transact(() => this.alerts.updateNotice(notice));
  }
}
