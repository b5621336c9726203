/** Which values are over their limit, and who is told? Log → rules → alerts and notices. */
import type { Person, Site } from '../domain/site.js';
import type { Station } from '../domain/station.js';
import { message, type Facts } from '../domain/alerting/message.js';
import { recipients } from '../domain/alerting/recipients.js';
import { type Change, type LimitState, QUIET, transition } from '../domain/alerting/transition.js';
import type { Moment } from '../domain/compliance/evaluate.js';
import { validity } from '../domain/quality/intake.js';
import { ruled } from '../domain/quality/decision.js';
import type { JudgedReading } from '../domain/reading.js';
import { DAY, type Instant } from '../domain/time.js';
import type { MomentaryCheck } from './momentary.js';
import type { Clock, Live } from './ports.js';
import type { Rulings } from './rejudge.js';
import type { AlertStore, Notice, ReadingLog, Transact, WorkingSet } from './stores.js';

/** Values of one transaction. */
const CHUNK = 1500;

/** Values of the last day that a mail lists. */
const RECENT = 12;

/**
 * Judges every settled reading by the rule "over the limit". Alert, notices, the rule's memory and the cursor are
 * committed in one transaction: after a crash it goes on with neither a gap nor a double.
 */
export class Watch {
  private readonly states = new Map<string, LimitState>();
  private readonly touched = new Set<string>();

  constructor(
    private readonly site: Site,
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly alerts: AlertStore,
    private readonly check: MomentaryCheck,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
    private readonly mail: { publicUrl: string; domain: string },
    private readonly noticed: () => void,
    private readonly rulings: Pick<Rulings, 'of'>,
  ) {}

  /** Judges the next chunk; false when there is none. */
  step(): boolean {
    const batches = this.log.read(this.log.cursor('watch'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    const changes: Change[] = [];
    try {
      this.transact(() => {
        for (const batch of batches) for (const reading of batch.readings) this.judge(reading, changes);
        this.remember();
        this.log.advance('watch', batches.at(-1)!.seq);
      });
    } catch (error) {
      this.states.clear();
      this.touched.clear();
      throw error;
    }
    for (const { alert } of changes) this.live.alert(alert);
    if (changes.length > 0) this.noticed();
    return true;
  }

  /** Somebody acknowledged an alert: the rule's memory of it is read again. */
  forget(station: string, parameter: string): void {
    this.states.delete(`${station} ${parameter}`);
  }

  private judge(reading: JudgedReading, changes: Change[]): void {
    if (reading.source !== 'sensor') return;
    // The amendment that says so comes later through the log; nobody is woken at night by a standard solution.
    const ruling = ruled(reading, this.rulings.of(reading.station))?.ruling;
    const moment = this.check.of(ruling === undefined ? reading : { ...reading, ruling });
    if (moment === null) return;
    const station = this.site.stations.get(reading.station)!;
    const { limitRule } = this.site;
    if (!limitRule.media.includes(station.medium) || limitRule.except.includes(reading.parameter)) return;
    const key = `${station.id} ${reading.parameter}`;
    const before = this.states.get(key) ?? this.alerts.state(station.id, reading.parameter, limitRule.id) ?? QUIET;
    const cadence = station.parameters.find((p) => p.parameter === reading.parameter)?.cadence ?? 0;
    const seen = { station: station.id, parameter: reading.parameter, time: reading.time, value: reading.value, moment, cadence };
    const { state, change } = transition(before, seen, limitRule, this.clock.now());
    if (state === before) return;
    this.states.set(key, state);
    this.touched.add(key);
    // A resolved alert has left the rule's memory: it is in the change alone.
    const alert = change?.alert ?? state.alert;
    if (alert !== null && alert !== before.alert) this.alerts.put(alert);
    if (change === null) return;
    this.tell(change, reading, moment, station);
    changes.push(change);
  }

  private remember(): void {
    for (const key of this.touched) {
      const [station = '', parameter = ''] = key.split(' ');
      this.alerts.putState(station, parameter, this.site.limitRule.id, this.states.get(key)!);
    }
    this.touched.clear();
  }

  private tell(change: Change, reading: JudgedReading, moment: Moment, station: Station): void {
    const { alert } = change;
    const facts: Facts = {
      site: this.site,
      station,
      parameter: this.site.parameters.get(reading.parameter)!,
      change,
      value: reading.value,
      time: reading.time,
      limit: moment.limit,
      times: moment.times === null ? null : moment.times.round(2, 0).toString(),
      recent: this.recent(reading),
      upstream: this.upstream(station, reading),
      previous: this.alerts.previous(station.id, reading.parameter, alert.rule, alert.openedAt),
      link: `${this.mail.publicUrl}/?alert=${encodeURIComponent(alert.id)}`,
    };
    const now = this.clock.now();
    for (const person of recipients(alert, station, this.site))
      this.alerts.addNotice(this.notice(facts, person, now, reading.received));
  }

  private notice(facts: Facts, person: Person, now: Instant, arrivedAt: Instant): Notice {
    const { alert, what } = facts.change;
    const { subject, text, html } = message(facts, person);
    const id = `${alert.id}_${what}_${person.id}`;
    return {
      id,
      alert: alert.id,
      recipient: person.id,
      mail: {
        id,
        to: person.email,
        subject,
        text,
        html,
        messageId: `<${id}@${this.mail.domain}>`,
        inReplyTo: what === 'opened' ? null : `<${alert.id}_opened_${person.id}@${this.mail.domain}>`,
        headers: { 'X-Heqing-Alert': alert.id },
        date: now,
      },
      reason: what,
      state: 'waiting',
      attempts: 0,
      nextAt: now,
      createdAt: now,
      arrivedAt,
      sentAt: null,
      error: null,
    };
  }

  /** The last day of the series, thinned evenly to what a mail can list; the newest is always there. */
  private recent(reading: JudgedReading): JudgedReading[] {
    const { station, parameter, time } = reading;
    const rows = this.workingSet
      .rows({ station, parameter, from: time - DAY, to: time + 1 }, 'sensor')
      .filter((r) => validity(r) === 'counts');
    const stride = Math.max(1, Math.ceil(rows.length / RECENT));
    return rows.filter((_, i) => (rows.length - 1 - i) % stride === 0);
  }

  private upstream(station: Station, reading: JudgedReading): Facts['upstream'] {
    if (station.reach === null) return null;
    const above = [...this.site.stations.values()]
      .filter((other) => other.reach === station.reach && other.active && other.order < station.order)
      .sort((a, b) => b.order - a.order)[0];
    const newest = above && this.workingSet.newest(above.id, reading.parameter);
    return newest ? { name: above.name, value: newest.value, time: newest.time } : null;
  }
}
