/** What becomes of the alerts when a rule has spoken? Signal → alert → announcement. */
import { type Alert, SEVERITIES, type Severity, stands, type Subject } from '../../domain/alerting/alert.js';
import { isGraver, promoted, type Step, transition } from '../../domain/alerting/lifecycle.js';
import type { Damping } from '../../domain/alerting/rules.js';
import type { Change, Signal } from '../../domain/alerting/signal.js';
import { HOUR, type Instant } from '../../domain/time.js';
import type { AlertStore } from './alert-stores.js';

/** More alerts than can stand at one time. */
const ALL = 1_000_000;

/** Which alert: at most one of a subject, parameter and rule stands (promise 8). */
export type Which = Pick<Subject, 'subject' | 'parameter' | 'rule'>;

const keyOf = ({ subject, parameter, rule }: Which): string => `${subject} ${parameter ?? ''} ${rule}`;

/**
 * The one way by which alerts change by themselves. Every call belongs into a transaction of the caller; what stands is
 * kept in memory, so that a rule that is quiet costs nothing. After a transaction that failed: `forget()`.
 */
export class Episodes {
  private standing: Map<string, Alert> | null = null;

  constructor(
    private readonly store: AlertStore,
    private readonly damping: Damping,
  ) {}

  /** The alert that stands. */
  of(which: Which): Alert | undefined {
    return this.all().get(keyOf(which));
  }

  /** All that stand. */
  list(): Alert[] {
    return [...this.all().values()];
  }

  /**
   * What a rule says of a subject: writes the alert, announces its change and returns it; `null` when nobody has to hear
   * anything. `arrivedAt`: arrival of the reading behind it, `now` where there is none.
   */
  apply(subject: Subject, signal: Signal, now: Instant, arrivedAt: Instant): Change | null {
    if (signal.says === 'nothing') return null;
    const standing = this.of(subject);
    if (standing === undefined && signal.says === 'clear') return null;
    const hasPast = standing === undefined || standing.state === 'pending';
    const { openings, told } = hasPast ? this.past(subject, signal.at, now) : NO_PAST;
    return this.keep(transition(standing ?? null, openings, subject, signal, this.damping, now, told), now, arrivedAt);
  }

  /** Makes the pending ones active whose hold is over. */
  tick(now: Instant): Change[] {
    return this.list().flatMap((alert) => {
      const step = promoted(alert, this.damping, now);
      return step === null ? [] : (this.keep(step, now, now) ?? []);
    });
  }

  /** What stands is read again: a transaction failed, or somebody else wrote an alert. */
  forget(): void {
    this.standing = null;
  }

  private keep({ alert, change }: Step, now: Instant, arrivedAt: Instant): Change | null {
    if (alert === null) return null;
    this.store.put(alert);
    if (stands(alert)) this.all().set(keyOf(alert), alert);
    else this.all().delete(keyOf(alert));
    if (change !== null) this.store.announce(change, now, arrivedAt);
    return change;
  }

  private all(): Map<string, Alert> {
    this.standing ??= new Map(this.store.list('active', ALL).map((alert) => [keyOf(alert), alert]));
    return this.standing;
  }

  /** The openings that damping looks at, and the gravest of them where there are enough to hold one back. */
  private past(which: Subject, at: Instant, now: Instant): { openings: Instant[]; told: Severity | null } {
    const { subject, parameter, rule } = which;
    const since = now - this.damping.hours * HOUR;
    const openings = this.store.openings(subject, parameter, rule, Math.min(since, at));
    if (openings.length < this.damping.openings) return { openings, told: null };
    const lately = this.store.within({ from: since, to: now + 1 }, which.station, ALL);
    const told = lately
      .filter((alert) => keyOf(alert) === keyOf(which))
      .reduce<Severity>((gravest, { severity }) => (isGraver(severity, gravest) ? severity : gravest), SEVERITIES[0]);
    return { openings, told };
  }
}

const NO_PAST = { openings: [], told: null };
