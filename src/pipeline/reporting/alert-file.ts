/** All that is known of one alert: who was told when and why, who hears it next; and alerts of former days, found by what they were about. */
import { type Alert, type AlertKind, type AlertState, type Severity, stands } from '../../domain/alerting/alert.js';
import { hearers, nextStep, toOthers } from '../../domain/alerting/routing.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, MINUTE } from '../../domain/time.js';
import { askedTime } from './asked-time.js';
import { type Clock, Refusal } from '../ports.js';
import type { AlertsReport } from './report-alerts.js';
import type { AlertStore, Notice, Outbox } from '../alerting/alert-stores.js';
import type { Telling, TellingStore } from '../alerting/telling.js';

/** Alerts of one answer, and episodes that are looked through for them. */
const MOST = 500;
const LOOKED_THROUGH = 20_000;
/** Where no time is asked for, days. */
const LATELY = 400;

/** Which alerts are looked for; what is left out is any. */
export interface WhichAlerts {
  readonly state?: AlertState | 'standing' | 'over' | undefined;
  readonly kind?: AlertKind | undefined;
  readonly severity?: Severity | undefined;
  readonly station?: string | undefined;
  /** Those whose life touched `[from, to)`, times as people write them. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Answers about single alerts; for whoever logged in, so names and notes are told. */
export class AlertFile {
  constructor(
    private readonly site: Site,
    private readonly alerts: Pick<AlertStore, 'find' | 'within'>,
    private readonly tellings: Pick<TellingStore, 'find'>,
    private readonly outbox: Pick<Outbox, 'about' | 'pending' | 'find'>,
    private readonly report: Pick<AlertsReport, 'alertView'>,
    private readonly clock: Clock,
  ) {}

  /** Newest first; `more`: there are older ones that are not listed. Throws `Refusal` for a time that is none. */
  search({ state, kind, severity, station, from, to }: WhichAlerts) {
    const now = this.clock.now();
    const { calendar } = this.site;
    const span = {
      from: from === undefined ? now - LATELY * DAY : askedTime('from', from, calendar),
      // A day as the end is meant with all its hours.
      to: to === undefined ? now + DAY : askedTime('to', to, calendar) + (/^\d{4}-\d\d-\d\d$/.test(to) ? DAY : 0),
    };
    const found = this.alerts
      .within(span, station ?? null, LOOKED_THROUGH)
      .filter(
        (alert) =>
          (kind === undefined || alert.kind === kind) &&
          (severity === undefined || alert.severity === severity) &&
          (state === undefined ||
            (state === 'standing' ? stands(alert) : state === 'over' ? !stands(alert) : alert.state === state)),
      );
    return {
      asOf: this.iso(now),
      alerts: found.slice(0, MOST).map((alert) => this.report.alertView(alert, true)),
      more: found.length > MOST,
    };
  }

  /** One alert with who was told and who hears it next. Throws `Refusal`. */
  file(id: string) {
    const alert = this.alerts.find(id);
    if (alert === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报警`);
    const telling = this.tellings.find(id);
    const notices = this.outbox.about(id);
    return {
      asOf: this.iso(this.clock.now()),
      alert: this.report.alertView(alert, true),
      told: telling === undefined ? [] : this.told(alert, telling, notices),
      next: telling === undefined ? null : this.next(alert, telling),
      hushedBy: telling?.hushedBy ?? null,
      notices: notices.map((notice) => this.notice(notice)),
    };
  }

  /** In the order in which they were told; who waits for a mail that is not written yet comes last. */
  private told(alert: Alert, { listeners }: Telling, notices: readonly Notice[]) {
    const pending = this.outbox.pending().filter(({ change }) => change.alert.id === alert.id);
    return Object.entries(listeners)
      .map(([id, { why }]) => {
        const first = notices.find(({ recipient }) => recipient === id);
        const sent = notices.find((one) => one.recipient === id && this.isSent(one));
        const waits = pending.find(({ recipient }) => recipient === id);
        const shown = sent ?? first;
        const person = this.site.people.find((one) => one.id === id);
        const { zh, en } = toOthers(why);
        return {
          person: id,
          name: person?.name ?? id,
          nameEn: person?.nameEn ?? id,
          step: person?.step ?? null,
          why: zh,
          whyEn: en,
          state: shown === undefined ? ('waiting' as const) : sent === undefined ? shown.state : ('sent' as const),
          order: shown?.createdAt ?? waits?.dueAt ?? Infinity,
          at: shown === undefined ? null : this.iso(shown.sentAt ?? shown.createdAt),
        };
      })
      .sort((a, b) => a.order - b.order)
      .map(({ order: _, ...row }) => row);
  }

  /** A mail that was told by a digest in its place went when that went. */
  private isSent(notice: Notice): boolean {
    if (notice.state === 'sent') return true;
    return notice.mergedInto !== null && this.outbox.find(notice.mergedInto)?.state === 'sent';
  }

  /** Who hears it next when nobody acknowledges it, and when; `null`: it does not climb any more. */
  private next(alert: Alert, telling: Telling) {
    const minutes = this.site.notices.escalateMinutes[alert.severity];
    if (alert.state !== 'active' || telling.hushedBy !== null || minutes === null) return null;
    const now = this.clock.now();
    const station = this.stationOf(alert);
    const step = nextStep(alert, station, this.site, now, telling.step);
    if (step === null) return null;
    return {
      at: this.iso(telling.stepAt + minutes * MINUTE),
      step,
      people: hearers(alert, station, this.site, now, step).map(({ person: { id, name, nameEn } }) => ({ id, name, nameEn })),
    };
  }

  private notice(notice: Notice) {
    const { id, recipient, channel, mail, reason, state, attempts, createdAt, sentAt, error, mergedInto } = notice;
    const person = this.site.people.find((one) => one.id === recipient);
    return {
      ...{ id, recipient: person?.name ?? recipient, recipientEn: person?.nameEn ?? recipient },
      ...{ channel, subject: mail.subject, reason, state, attempts, error, mergedInto },
      createdAt: this.iso(createdAt),
      sentAt: sentAt === null ? null : this.iso(sentAt),
    };
  }

  private stationOf({ station }: Alert): Station | null {
    return station === null ? null : (this.site.stations.get(station) ?? null);
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}
