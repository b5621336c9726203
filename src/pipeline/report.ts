/** What do people see? The read side: stations, alerts, notices, and the one thing they can do: acknowledge. */
import { acknowledge } from '../domain/alerting/transition.js';
import type { Alert } from '../domain/alerting/alert.js';
import { openWindow } from '../domain/compliance/open.js';
import { clockWords } from '../domain/quality/clock.js';
import type { Site } from '../domain/site.js';
import { isCertain, limitNumber, limitText } from '../domain/standards/bind.js';
import type { Station } from '../domain/station.js';
import { type Instant, isoTime, MINUTE } from '../domain/time.js';
import { type Clock, type Live, Refusal } from './ports.js';
import { type AlertStore, NEVER, type Notice, type Transact, type VerdictStore, type WorkingSet } from './stores.js';
import type { RollCall } from './roll-call.js';
import type { MomentaryCheck } from './momentary.js';

/** Alerts and notices of one answer. */
const MOST = 500;

/** A station is offline after so many cadences without an arrival. */
const CADENCES = 3;

/** Answers about the present. */
export class Report {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly alertStore: AlertStore,
    private readonly check: MomentaryCheck,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
    private readonly mailTrouble: () => string | null,
    private readonly acknowledged: (alert: Alert) => void,
    private readonly rollCall: Pick<RollCall, 'finding' | 'isTimeless'>,
  ) {}

  /** The site's name and what must stand on every page. */
  siteView() {
    const { name, nameEn, office, officePhone } = this.site;
    const sent = this.alertStore.lastSentAt();
    return {
      name,
      nameEn,
      office,
      officePhone,
      notice: '自动监测原始数据,未经审核,仅供内部工作参考',
      mail: {
        waiting: this.alertStore.noticeCounts().waiting,
        lastSentAt: sent === null ? null : this.iso(sent),
        failing: this.mailTrouble() !== null,
      },
    };
  }

  /** Every active station with its last values, its state and its open window. */
  stations() {
    const now = this.clock.now();
    const active = [...this.site.stations.values()].filter((station) => station.active);
    return { asOf: this.iso(now), stations: active.map((station) => this.station(station, now)) };
  }

  /** Newest first; without `names`, nobody is named and no note is told. */
  alerts(state: 'active' | 'all', names: boolean) {
    return {
      asOf: this.iso(this.clock.now()),
      alerts: this.alertStore.list(state, MOST).map((alert) => this.alertView(alert, names)),
    };
  }

  /** Records who has seen an alert. Throws `Refusal` for an unknown one, and for one that is over. */
  acknowledge(id: string, by: string, note: string) {
    const changed = this.transact(() => {
      const alert = this.alertStore.find(id);
      if (alert === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报警`);
      if (alert.state === 'resolved' || alert.state === 'closed') throw new Refusal('bad-request', '该报警已恢复,无需签收');
      const next = acknowledge(alert, by, note, this.clock.now());
      this.alertStore.put(next);
      return next;
    });
    this.acknowledged(changed);
    this.live.alert(changed);
    return this.alertView(changed, true);
  }

  /** What people were told, newest first. */
  notices() {
    return { notices: this.alertStore.notices(MOST).map((notice) => this.noticeView(notice)) };
  }

  /** One notice with the words of its mail. Throws `Refusal`. */
  notice(id: string) {
    const notice = this.alertStore.findNotice(id);
    if (notice === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的通知`);
    return { ...this.noticeView(notice), text: notice.mail.text };
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }

  private station(station: Station, now: Instant) {
    const facts = this.workingSet.station(station.id);
    const latest = station.parameters.map(({ parameter }) => this.latest(station, parameter, now));
    const times = latest.flatMap((value) => value.at ?? []);
    const { window, ...open } = openWindow(this.site, station, now, (parameter, span) =>
      this.workingSet.rows({ station: station.id, parameter, ...span }, 'sensor'),
    );
    return {
      id: station.id,
      name: station.name,
      nameEn: station.nameEn,
      medium: station.medium,
      role: station.role,
      village: station.village,
      reach: station.reach,
      class: station.binding?.class ?? null,
      note: station.binding?.note ?? null,
      supply: station.supply,
      ...this.state(station, facts?.lastArrival ?? null, now),
      clock: this.clockView(station.id),
      timeless: this.rollCall.isTimeless(station.id),
      lastReadingAt: times.length === 0 ? null : this.iso(Math.max(...times)),
      latest: latest.map(({ at: _, ...value }) => value),
      current: { window: window.kind, start: this.iso(window.start), end: this.iso(window.end), ...open },
    };
  }

  private clockView(station: string) {
    const finding = this.rollCall.finding(station);
    return (
      finding && {
        kind: finding.kind,
        finding: clockWords(finding, this.site.calendar.offsetMinutes),
        since: this.iso(finding.since),
      }
    );
  }

  /** The last closed window's verdict, or offline after three cadences without an arrival. */
  private state(station: Station, lastArrival: Instant | null, now: Instant) {
    const cadence = Math.min(...station.parameters.map((p) => p.cadence));
    if (lastArrival === null || lastArrival <= -NEVER) return { state: 'offline' as const, stateReason: '从未收到数据' };
    if (now - lastArrival > CADENCES * cadence * MINUTE)
      return { state: 'offline' as const, stateReason: `${this.iso(lastArrival)} 之后没有数据` };
    const kind = this.site.judging.get(station.medium)!.windows[0]!;
    const last = this.verdicts.last(kind, station.id, now);
    return last
      ? { state: last.verdict, stateReason: last.reason }
      : { state: 'undetermined' as const, stateReason: '首个评价时段尚未结束' };
  }

  private latest(station: Station, code: string, now: Instant) {
    const parameter = this.site.parameters.get(code)!;
    const reading = this.workingSet.newest(station.id, code);
    const moment = reading ? this.check.of(reading) : null;
    const limit = moment?.limit ?? this.check.printed(station, code, reading?.time ?? now);
    return {
      at: reading?.time ?? null,
      parameter: code,
      name: parameter.name,
      nameEn: parameter.nameEn,
      value: reading?.value ?? null,
      unit: parameter.unit,
      time: reading ? this.iso(reading.time) : null,
      mark: reading?.mark ?? null,
      quality: reading?.quality ?? null,
      limit: limit === null ? null : limitNumber(limit),
      limitText: limit === null ? null : limitText(limit),
      citation: limit?.citation ?? null,
      grade: limit?.grade ?? null,
      unconfirmed: limit !== null && !isCertain(limit),
      check: moment?.check ?? null,
      decimals: parameter.decimals,
    };
  }

  /** An alert ready for the wire; without `names`, nobody is named and no note is told. */
  alertView(alert: Alert, names: boolean) {
    const parameter = this.site.parameters.get(alert.parameter);
    return {
      id: alert.id,
      station: alert.station,
      stationName: this.site.stations.get(alert.station)?.name ?? alert.station,
      parameter: alert.parameter,
      parameterName: parameter?.name ?? alert.parameter,
      unit: parameter?.unit ?? '',
      rule: alert.rule,
      kind: alert.kind,
      severity: alert.severity,
      state: alert.state,
      openedAt: this.iso(alert.openedAt),
      acknowledgedAt: alert.acknowledgedAt === null ? null : this.iso(alert.acknowledgedAt),
      acknowledgedBy: names ? alert.acknowledgedBy : null,
      resolvedAt: alert.resolvedAt === null ? null : this.iso(alert.resolvedAt),
      value: alert.value,
      limit: typeof alert.limit === 'number' ? alert.limit : ([...alert.limit] as [number, number]),
      limitText: alert.limitText,
      reason: alert.reason,
      history: alert.history.map((event) => ({
        ...event,
        at: this.iso(event.at),
        by: names ? event.by : null,
        note: names ? event.note : null,
      })),
    };
  }

  private noticeView(notice: Notice) {
    return {
      id: notice.id,
      alerts: [notice.alert],
      recipient: this.site.people.find((person) => person.id === notice.recipient)?.name ?? notice.recipient,
      subject: notice.mail.subject,
      reason: notice.reason,
      state: notice.state,
      attempts: notice.attempts,
      createdAt: this.iso(notice.createdAt),
      sentAt: notice.sentAt === null ? null : this.iso(notice.sentAt),
      error: notice.error,
    };
  }
}
