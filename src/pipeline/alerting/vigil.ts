/** What does the clock see that no reading tells? Rounds of rules, each at its own pace → alerts and announcements. */
import type { Alert, Severity, Subject, Words } from '../../domain/alerting/alert.js';
import { isGraver } from '../../domain/alerting/lifecycle.js';
import type { Signal } from '../../domain/alerting/signal.js';
import type { Site } from '../../domain/site.js';
import type { Instant } from '../../domain/time.js';
import type { Episodes } from './episodes.js';
import type { Clock, Live } from '../ports.js';
import type { Transact } from '../stores.js';

/** What a rule says of a subject. */
export interface Said {
  readonly subject: Subject;
  readonly signal: Signal;
  /** Arrival of the reading behind it, for the delay; left out: the round's own time. */
  readonly arrivedAt?: Instant;
}

/** What stands already, for rules that go by it. */
export type Standing = (which: Pick<Subject, 'subject' | 'parameter' | 'rule'>) => Alert | undefined;

/** One rule over all its subjects. */
export interface Round {
  /** ms between two of it. */
  readonly every: number;
  /** Looks, and writes nothing. A subject that is not named, or `nothing`, stays as it is. */
  signals(now: Instant, standing: Standing): Iterable<Said>;
  /** Keeps what the round must remember over a restart; called in the transaction of its signals. */
  keep?(now: Instant): void;
}

/** Why an alert need not open while others stand; `null`: it may (domain/alerting/inhibition.ts). */
export type Inhibited = (
  subject: Subject,
  standing: readonly Alert[],
  opening: { readonly severity?: Severity; readonly medium?: string | null },
) => Words | null;

/**
 * The clock's watch. `step` runs the rounds whose time has come, in their order, so that a silent station stands before its
 * parameters are looked at. A round that throws is tried again at the next step and keeps none of the others from their work.
 */
export class Vigil {
  private readonly last: (Instant | null)[];

  constructor(
    private readonly site: Site,
    private readonly rounds: readonly Round[],
    private readonly episodes: Pick<Episodes, 'of' | 'list' | 'apply' | 'tick' | 'forget'>,
    private readonly inhibited: Inhibited,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Pick<Live, 'alert'>,
    /** Something must be told. */
    private readonly changed: () => void,
  ) {
    this.last = rounds.map(() => null);
  }

  /** Runs what is due. Always false: the clock wakes it again. Throws what a round threw, after all others had their turn. */
  step(): boolean {
    const now = this.clock.now();
    const failures: unknown[] = [];
    this.attempt(failures, () => this.promote(now));
    this.rounds.forEach((round, i) => {
      const last = this.last[i] ?? null;
      // A clock that was set back must not silence the watch.
      if (last !== null && now >= last && now - last < round.every) return;
      this.attempt(failures, () => {
        this.run(round, now);
        this.last[i] = now;
      });
    });
    if (failures.length > 0) throw failures[0];
    return false;
  }

  private attempt(failures: unknown[], work: () => void): void {
    try {
      work();
    } catch (error) {
      this.episodes.forget();
      failures.push(error);
    }
  }

  /** What damping held back long enough. */
  private promote(now: Instant): void {
    if (!this.episodes.list().some(({ state }) => state === 'pending')) return;
    this.tell(this.transact(() => this.episodes.tick(now).map(({ alert }) => alert)));
  }

  private run(round: Round, now: Instant): void {
    const news = [...round.signals(now, (which) => this.episodes.of(which))].filter((said) => this.isNews(said));
    // What is quiet costs no transaction.
    if (news.length === 0 && round.keep === undefined) return;
    const alerts = this.transact(() => {
      round.keep?.(now);
      return news.flatMap(({ subject, signal, arrivedAt = now }) => {
        if (signal.says === 'firing' && this.isInhibited(subject, signal.severity)) return [];
        return this.episodes.apply(subject, signal, now, arrivedAt)?.alert ?? [];
      });
    });
    this.tell(alerts);
  }

  /** An end of nothing, and what stands already as it is said, need no transaction. */
  private isNews({ subject, signal }: Said): boolean {
    if (signal.says === 'nothing') return false;
    const alert = this.episodes.of(subject);
    if (alert === undefined) return signal.says === 'firing';
    if (signal.says === 'clear' || signal.value !== null || alert.state === 'pending') return true;
    return isGraver(signal.severity, alert.severity) || alert.isUnconfirmed || signal.reason.zh !== alert.reason.zh;
  }

  /** Asked before an alert opens; one that stands stays. */
  private isInhibited(subject: Subject, severity: Severity): boolean {
    if (this.episodes.of(subject) !== undefined) return false;
    const medium = subject.station === null ? null : (this.site.stations.get(subject.station)?.medium ?? null);
    return this.inhibited(subject, this.episodes.list(), { severity, medium }) !== null;
  }

  private tell(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.live.alert(alert);
    if (alerts.length > 0) this.changed();
  }
}
