/** What became of an alert: who must hear of it, and when? */
import { type Alert, stands } from '../../domain/alerting/alert.js';
import type { Why } from '../../domain/alerting/facts.js';
import { isGraver } from '../../domain/alerting/lifecycle.js';
import type { Hearer } from '../../domain/alerting/routing.js';
import type { Change } from '../../domain/alerting/signal.js';
import { isEnd, timing } from '../../domain/alerting/timing.js';
import type { Step } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { Hush, Hushed } from './hush.js';
import type { Clock } from '../ports.js';
import { type AlertStore, MAIL, type Outbox } from './alert-stores.js';
import type { Transact } from '../stores.js';
import type { Listener, Telling, TellingStore } from './telling.js';

/** Announcements of one step. */
const AT_ONCE = 500;

/** Who hears of an alert (domain/alerting/routing.ts). */
export interface Routing {
  readonly hearers: (alert: Alert, station: Station | null, site: Site, now: Instant, step: Step | null) => Hearer[];
  readonly nextStep: (alert: Alert, station: Station | null, site: Site, now: Instant, after: Step | null) => Step | null;
}

/**
 * Turns announced changes into what each person will be told. Who was told that an alert opened is told how it went on and
 * that it ended, and nobody else is; an alert that is silent tells nobody until the silence ends, if it stands then; one
 * that nobody acknowledges climbs the ladder and is repeated, from its rise anew. All of it is remembered by episode, so a restart changes nothing.
 */
export class Tell {
  private followedAt = 0;

  constructor(
    private readonly site: Site,
    private readonly alerts: AlertStore,
    private readonly tellings: TellingStore,
    private readonly outbox: Outbox,
    private readonly hush: Hush,
    private readonly routing: Routing,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Something may be due to be written. */
    private readonly told: () => void,
    /** The history of an alert was added to: whoever keeps alerts in memory reads them again. */
    private readonly wrote: () => void,
  ) {}

  /** Takes the next announcements; what only the clock brings when there is none. False: nothing is left to take. */
  step(): boolean {
    const now = this.clock.now();
    const taken = this.transact(() => {
      const announcements = this.alerts.announcements(AT_ONCE);
      for (const { change, arrivedAt } of announcements) this.hear(change, now, arrivedAt);
      const last = announcements[announcements.length - 1];
      if (last !== undefined) this.alerts.forgetAnnouncements(last.seq);
      if (announcements.length < AT_ONCE && Math.abs(now - this.followedAt) >= SECOND) {
        this.followedAt = now;
        this.follow(now);
      }
      return announcements.length;
    });
    this.told();
    return taken === AT_ONCE;
  }

  /** A person reports an alert upward (核实后上报): tells `hearers`, of whom it is not told by itself. Inside a transaction. */
  report(alert: Alert, hearers: readonly Hearer[], now: Instant): void {
    let telling = this.tellings.find(alert.id) ?? begun(alert, now);
    const change: Change = { what: 'opened', alert, at: now };
    for (const hearer of hearers) telling = this.add(telling, hearer, 'reported', change, now, now);
    this.tellings.put(telling);
    if (!stands(alert)) this.tellings.end(alert.id);
  }

  private hear(change: Change, now: Instant, arrivedAt: Instant): void {
    const { alert, what } = change;
    const telling = this.tellings.find(alert.id) ?? begun(alert, now);
    if (isEnd(what)) {
      // Whoever knows, or is about to know: what is still to be written tells the whole story at once.
      for (const [person, { severity }] of Object.entries(telling.listeners)) {
        this.pend(person, what, change, this.worse(severity, alert), now, arrivedAt);
      }
      this.tellings.put(telling);
      this.tellings.end(alert.id);
      return;
    }
    const hushed = this.hush(alert, now);
    if (hushed !== null) {
      this.hold(telling, alert, hushed, now);
      return;
    }
    this.tellings.put(this.tell(telling, change, now, arrivedAt));
  }

  /** Tells a change to those who hear it, and to those who heard of the alert before. */
  private tell(telling: Telling, change: Change, now: Instant, arrivedAt: Instant): Telling {
    const { alert, what } = change;
    // The time to answer a rise begins with it, whatever was answered before.
    const stepAt = what === 'risen' || what === 'joined' ? now : telling.stepAt;
    let next: Telling = { ...telling, hushedBy: null, lastAt: now, stepAt };
    if (what !== 'confirmed') {
      for (const hearer of this.routing.hearers(alert, this.stationOf(alert), this.site, now, null)) {
        if (next.listeners[hearer.person.id] === undefined)
          next = this.add(next, hearer, 'opened', { ...change, what: 'opened' }, now, arrivedAt);
      }
    }
    if (what === 'opened') return next;
    for (const [person, listener] of Object.entries(telling.listeners)) {
      this.pend(person, what, change, alert.severity, now, arrivedAt);
      next = withListener(next, person, { ...listener, severity: this.worse(listener.severity, alert) });
    }
    return next;
  }

  /** What the clock alone brings: silences that end, the ladder, repeats. */
  private follow(now: Instant): void {
    for (const telling of this.tellings.open()) {
      const alert = this.alerts.find(telling.alert);
      if (alert === undefined || !stands(alert)) {
        // Its end would have been announced: nobody can be told more.
        this.tellings.end(telling.alert);
        continue;
      }
      const hushed = this.hush(alert, now);
      if (hushed !== null) {
        this.hold(telling, alert, hushed, now);
      } else if (telling.hushedBy !== null) {
        this.tellings.put(this.unhushed(telling, alert, now));
      } else if (alert.state === 'active') {
        const next = this.repeated(this.climbed(this.notAhead(telling, alert, now), alert, now), alert, now);
        if (next !== telling) this.tellings.put(next);
      }
    }
  }

  /** Takes back what was not written yet, and writes down once why nobody hears of it. */
  private hold(telling: Telling, alert: Alert, { id, by, reason }: Hushed, now: Instant): void {
    if (telling.hushedBy === id) {
      this.withdraw(alert);
      return;
    }
    const current = this.alerts.find(alert.id) ?? alert;
    const { state, history } = current;
    const why = `不通知:${reason.zh}`;
    this.alerts.put({ ...current, history: [...history, { at: now, from: state, to: state, reason: why, by, note: null }] });
    this.wrote();
    this.withdraw(alert);
    const heard = Object.entries(telling.listeners).filter(([, { thread }]) => thread !== null);
    this.tellings.put({ ...telling, hushedBy: id, listeners: Object.fromEntries(heard) });
  }

  private withdraw(alert: Alert): void {
    const waiting = this.outbox.pending().filter(({ change, why }) => change.alert.id === alert.id && why !== 'reported');
    this.outbox.forgetPending(waiting.map(({ id }) => id));
  }

  /** The silence is over and it stands: it is news to whoever did not hear of it, and a rise to whoever heard of less. */
  private unhushed(telling: Telling, alert: Alert, now: Instant): Telling {
    const next = { ...telling, hushedBy: null, stepAt: now };
    if (alert.state === 'pending') return next;
    const known = Object.entries(telling.listeners);
    const isRise = known.some(([, { severity }]) => isGraver(alert.severity, severity));
    if (known.length > 0 && !isRise) return next;
    if (alert.state === 'acknowledged' && known.length > 0) return next;
    return this.tell(next, { what: isRise ? 'risen' : 'opened', alert, at: alert.openedAt }, now, now);
  }

  /** Of what no night holds back nothing lies farther ahead than it settles, unless the clock was set back: then it begins anew. */
  private notAhead(telling: Telling, { severity }: Alert, now: Instant): Telling {
    const settled = now + this.site.notices.settleSeconds * SECOND;
    if (severity === 'warning' || Math.max(telling.stepAt, telling.lastAt) <= settled) return telling;
    return { ...telling, stepAt: Math.min(telling.stepAt, now), lastAt: Math.min(telling.lastAt, now) };
  }

  /** One step of the ladder for each time nobody has answered: a long pause of the service does not make up for several. */
  private climbed(telling: Telling, alert: Alert, now: Instant): Telling {
    const minutes = this.site.notices.escalateMinutes[alert.severity];
    if (minutes === null || now < telling.stepAt + minutes * MINUTE) return telling;
    const station = this.stationOf(alert);
    const step = this.routing.nextStep(alert, station, this.site, now, telling.step);
    if (step === null) return telling;
    let next: Telling = { ...telling, step, stepAt: now, lastAt: now };
    for (const hearer of this.routing.hearers(alert, station, this.site, now, step)) {
      if (next.listeners[hearer.person.id] === undefined)
        next = this.add(next, hearer, 'escalated', { what: 'opened', alert, at: now }, now, now);
    }
    return next;
  }

  private repeated(telling: Telling, alert: Alert, now: Instant): Telling {
    const hours = this.site.notices.repeatHours[alert.severity];
    if (hours === null || now < telling.lastAt + hours * HOUR) return telling;
    const change: Change = { what: 'opened', alert, at: now };
    for (const person of Object.keys(telling.listeners)) this.pend(person, 'repeat', change, alert.severity, now, now);
    return { ...telling, lastAt: now };
  }

  private add(telling: Telling, { person, why }: Hearer, what: Why, change: Change, now: Instant, arrivedAt: Instant): Telling {
    const { severity } = change.alert;
    const at = this.pend(person.id, what, change, severity, now, arrivedAt);
    const known = telling.listeners[person.id];
    const next = withListener(telling, person.id, { severity, thread: known?.thread ?? null, why });
    // Nobody can answer what is not told yet: the ladder and the repeats wait for the night's end too.
    return { ...next, stepAt: Math.max(next.stepAt, at), lastAt: Math.max(next.lastAt, at) };
  }

  /** Keeps what a person will be told by mail and on each channel, and returns when it will be by mail. */
  private pend(
    recipient: string,
    why: Why,
    change: Change,
    severity: Alert['severity'],
    now: Instant,
    arrivedAt: Instant,
  ): Instant {
    const { notices, calendar } = this.site;
    const add = (channel: string): Instant => {
      const lastTold = this.outbox.lastTold({ recipient: channel === MAIL ? recipient : null, channel });
      const { at } = timing(why, severity, now, lastTold, notices, calendar);
      this.outbox.addPending({ recipient, channel, why, change, dueAt: at, createdAt: now, arrivedAt });
      return at;
    };
    const channels = this.site.people.find(({ id }) => id === recipient)?.channels ?? [];
    channels.forEach(add);
    return add(MAIL);
  }

  private worse(severity: Alert['severity'], alert: Alert): Alert['severity'] {
    return isGraver(alert.severity, severity) ? alert.severity : severity;
  }

  private stationOf(alert: Alert): Station | null {
    return alert.station === null ? null : (this.site.stations.get(alert.station) ?? null);
  }
}

const begun = (alert: Alert, now: Instant): Telling => ({
  alert: alert.id,
  step: null,
  stepAt: now,
  lastAt: now,
  hushedBy: null,
  listeners: {},
});

const withListener = (telling: Telling, person: string, listener: Listener): Telling => ({
  ...telling,
  listeners: { ...telling.listeners, [person]: listener },
});
