/** Which series will cross their limits soon, and which water is on its way? The rounds of the rules `trend` and `upstream`. */
import { stands, type Subject } from '../../domain/alerting/alert.js';
import type { Measurement } from '../../domain/alerting/robust.js';
import type { TrendRule, UpstreamRule } from '../../domain/alerting/rules.js';
import { trend } from '../../domain/alerting/rules/trend.js';
import { type Above, isHandedOn, travelHours, upstream } from '../../domain/alerting/rules/upstream.js';
import { NOTHING } from '../../domain/alerting/signal.js';
import { inScope } from '../../domain/alerting/scope.js';
import type { Parameter } from '../../domain/parameter.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import type { Outlook, StandingAlerts } from './outlook.js';
import type { AlertStore } from './alert-stores.js';
import type { WorkingSet } from '../stores.js';
import type { Round, Said } from './vigil.js';

/** What a trend said stands so long without a new value, then it is asked again: time passes too. */
const ASK_AGAIN = 10 * MINUTE;

interface Followed {
  readonly station: Station;
  readonly parameter: Parameter;
  readonly cadence: number;
  readonly subject: Subject;
  course: readonly Measurement[] | null;
  askedAt: Instant;
}

/** Rule `trend`: every series in its scope that has a limit. A series without a new value costs a look. */
export class TrendRound implements Round {
  readonly every = MINUTE;
  private readonly series: readonly Followed[];

  /** `isStirred`: rain explains what this parameter does there (`RainContext`), so that its slope foretells nothing. */
  constructor(
    site: Site,
    private readonly rule: TrendRule,
    private readonly outlook: Outlook,
    private readonly workingSet: Pick<WorkingSet, 'newest'>,
    private readonly check: Pick<MomentaryCheck, 'of' | 'printed'>,
    private readonly standing: StandingAlerts,
    private readonly isStirred: (station: Station, parameter: string, now: Instant) => boolean,
  ) {
    this.series = [...site.stations.values()]
      .filter(({ active }) => active)
      .flatMap((station) =>
        station.parameters
          .filter(({ parameter }) => inScope(rule, station, parameter))
          .map(({ parameter, cadence }) => ({
            station,
            parameter: site.parameters.get(parameter)!,
            cadence,
            subject: { subject: station.id, station: station.id, parameter, rule: rule.id, kind: 'trend' as const },
            course: null,
            askedAt: Number.NEGATIVE_INFINITY,
          })),
      );
  }

  *signals(now: Instant): Generator<Said> {
    this.outlook.begin();
    const over = new Set<string>();
    for (const alert of this.standing.list())
      if (alert.kind === 'limit' && alert.severity !== 'warning' && stands(alert))
        over.add(`${alert.station} ${alert.parameter}`);
    for (const one of this.series) {
      const { station, parameter, subject } = one;
      const course = this.outlook.course(station.id, parameter.code, now);
      if (course === null || (course === one.course && now - one.askedAt < ASK_AGAIN)) continue;
      one.course = course;
      one.askedAt = now;
      const limit = this.check.printed(station, parameter.code, now);
      const newest = this.workingSet.newest(station.id, parameter.code);
      if (limit === null || newest === undefined) continue;
      const isOver = over.has(`${station.id} ${parameter.code}`) || this.check.of(newest)?.check === 'over';
      const signal = trend({ course, parameter, limit, cadence: one.cadence, isOver }, this.rule, now);
      const isShadow = signal.says === 'firing' && this.isStirred(station, parameter.code, now);
      yield { subject, signal: isShadow ? NOTHING : signal, arrivedAt: newest.received };
    }
  }
}

/** More alerts of one section than end within the time that their water takes. */
const MANY = 500;

/** Rule `upstream`: what is over at a section, for every section below it on the reach. */
export class UpstreamRound implements Round {
  readonly every = 30 * SECOND;
  /** Of each reach its sections in flow order. */
  private readonly reaches: readonly {
    readonly sections: readonly Station[];
    readonly hours: (from: Station, to: Station) => number | null;
  }[];

  constructor(
    private readonly site: Site,
    private readonly rule: UpstreamRule,
    private readonly alerts: Pick<AlertStore, 'within'>,
    private readonly standing: StandingAlerts,
  ) {
    const sections = [...site.stations.values()].filter(
      ({ active, reach, medium }) => active && reach !== null && medium === 'surface-water',
    );
    this.reaches = [...new Set(sections.map(({ reach }) => reach))].map((name) => {
      const here = sections.filter(({ reach }) => reach === name).sort((a, b) => a.order - b.order);
      const reach = [...site.reaches.values()].find((r) => r.name === name);
      return { sections: here, hours: (from, to) => travelHours(reach, here, from.order, to.order) };
    });
  }

  *signals(now: Instant): Generator<Said> {
    const { parameters } = this.rule;
    const standing = this.standing.list();
    for (const { sections, hours } of this.reaches) {
      const whole = sections.length < 2 ? null : hours(sections[0]!, sections.at(-1)!);
      const from = now - ((whole ?? 0) + this.rule.afterHours) * HOUR;
      const above: Above[] = [];
      for (const [i, section] of sections.entries()) {
        for (const { parameter: code } of section.parameters) {
          if (!(parameters?.includes(code) ?? true)) continue;
          const coming = above.filter(({ alert, section: other }) => alert.parameter === code && other.order < section.order);
          const subject: Subject = {
            subject: section.id,
            station: section.id,
            parameter: code,
            rule: this.rule.id,
            kind: 'upstream',
          };
          const isTold = standing.some((a) => a.kind === 'upstream' && a.station === section.id && a.parameter === code);
          if (coming.length === 0 && !isTold) continue;
          const isOver = standing.some(
            (a) => a.kind === 'limit' && a.severity !== 'warning' && a.station === section.id && a.parameter === code,
          );
          const timed = coming.map((one) => ({ ...one, travelHours: hours(one.section as Station, section) }));
          yield {
            subject,
            signal: upstream({ parameter: this.site.parameters.get(code)!, above: timed, isOver }, this.rule, now),
          };
        }
        if (i === sections.length - 1) continue;
        for (const alert of this.alerts.within({ from, to: now + 1 }, section.id, MANY))
          if (isHandedOn(alert)) above.push({ section, alert });
      }
    }
  }
}
