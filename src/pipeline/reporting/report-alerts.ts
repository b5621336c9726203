/** Which alerts are there, as people see them? */
import type { Alert, Words } from '../../domain/alerting/alert.js';
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime } from '../../domain/time.js';
import type { Clock } from '../ports.js';
import type { AlertStore } from '../alerting/alert-stores.js';

/** Alerts of one answer. */
const MOST = 500;

/** Alerts ready for the wire. */
export class AlertsReport {
  constructor(
    private readonly site: Site,
    private readonly store: Pick<AlertStore, 'list'>,
    private readonly clock: Clock,
  ) {}

  /** Newest first; without `names`, nobody is named and no note is told. */
  alerts(state: 'active' | 'all', names: boolean) {
    const alerts = this.store.list(state, MOST).map((alert) => this.alertView(alert, names));
    return { asOf: this.iso(this.clock.now()), alerts };
  }

  /** One alert; without `names`, nobody is named and no note is told. `station` and `parameter` are `null` where it is about none. */
  alertView(alert: Alert, names: boolean) {
    const { passed } = alert;
    const station = this.site.stations.get(alert.station ?? '');
    const parameter = this.site.parameters.get(alert.parameter ?? '');
    const place = this.place(alert);
    return {
      id: alert.id,
      subject: alert.subject,
      subjectName: place.zh,
      subjectNameEn: place.en,
      station: alert.station,
      stationName: station?.name ?? alert.station,
      parameter: alert.parameter,
      parameterName: parameter?.name ?? alert.parameter,
      parameterNameEn: parameter?.nameEn ?? alert.parameter,
      unit: parameter?.unit ?? '',
      rule: alert.rule,
      kind: alert.kind,
      severity: alert.severity,
      state: alert.state,
      unconfirmed: alert.isUnconfirmed,
      openedAt: this.iso(alert.openedAt),
      acknowledgedAt: alert.acknowledgedAt === null ? null : this.iso(alert.acknowledgedAt),
      acknowledgedBy: names ? alert.acknowledgedBy : null,
      resolvedAt: alert.resolvedAt === null ? null : this.iso(alert.resolvedAt),
      value: alert.value,
      limit: passed === null ? null : typeof passed.number === 'number' ? passed.number : pair(passed.number),
      limitText: passed?.text ?? null,
      limitName: passed?.name.zh ?? null,
      limitNameEn: passed?.name.en ?? null,
      citation: passed?.citation ?? null,
      reason: alert.reason.zh,
      reasonEn: alert.reason.en,
      history: alert.history.map((event) => ({
        ...event,
        at: this.iso(event.at),
        by: names ? event.by : null,
        note: names ? event.note : null,
      })),
    };
  }

  /** What it is about, by name: a station, a reach, a target, or the service. */
  private place({ subject, station: id }: Alert): Words {
    const { stations, reaches, targets, parameters } = this.site;
    const [kind, name = ''] = subject.split(/:(.*)/s);
    const found =
      id !== null
        ? stations.get(id)
        : kind === 'reach'
          ? reaches.get(name)
          : kind === 'target'
            ? targets.find((target) => target.id === name)
            : undefined;
    if (found !== undefined) return { zh: found.name, en: found.nameEn };
    const measured = kind === 'region' ? parameters.get(name) : undefined;
    if (measured !== undefined) return { zh: `全镇${measured.name}`, en: `${measured.nameEn}, the whole town` };
    return kind === 'service' ? { zh: '河清系统', en: 'the service' } : { zh: id ?? name, en: id ?? name };
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];
