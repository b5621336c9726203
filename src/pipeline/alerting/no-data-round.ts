/** Which stations and parameters are silent? The expected ones come from the config, never from what was seen. */
import type { Subject, Words } from '../../domain/alerting/alert.js';
import { noData, type Silence } from '../../domain/alerting/rules/no-data.js';
import type { NoDataRule } from '../../domain/alerting/rules.js';
import { NOTHING } from '../../domain/alerting/signal.js';
import type { Site } from '../../domain/site.js';
import type { Station, StationParameter } from '../../domain/station.js';
import { DAY, type Instant, SECOND, type Span, startOfDate } from '../../domain/time.js';
import { expectedKey, type HearingTime } from './hearing-time.js';
import type { AlertStore } from './alert-stores.js';
import type { WorkingSet } from '../stores.js';
import { NEVER } from '../stores.js';
import type { Round, Said, Standing } from './vigil.js';

/** How far back a station's return is looked up after a restart. */
const LOOK_BACK = 8 * DAY;

/** More alerts of a station than end in that time. */
const ALL = 10_000;

interface Watched {
  readonly station: Station;
  readonly subject: Subject;
  readonly name: Words;
  /** Minutes: the shortest of its parameters. */
  readonly cadence: number;
  /** When it must speak at the earliest. */
  readonly from: Instant;
  readonly series: readonly {
    readonly parameter: string;
    readonly cadence: number;
    readonly subject: Subject;
    readonly name: Words;
    readonly from: Instant;
  }[];
}

/** Silence of every active station, and of each parameter of those that speak. */
export class NoDataRound implements Round {
  readonly every = 10 * SECOND;
  private watched: readonly Watched[] | null = null;
  /** When a station that had been silent came back: its parameters have their whole time from then on. */
  private readonly returned = new Map<string, Instant>();

  constructor(
    private readonly site: Site,
    private readonly rule: NoDataRule,
    private readonly workingSet: Pick<WorkingSet, 'station' | 'newest'>,
    private readonly alerts: Pick<AlertStore, 'within'>,
    private readonly hearing: HearingTime,
  ) {}

  *signals(now: Instant, standing: Standing): Iterable<Said> {
    this.watched ??= this.watch(now);
    const deaf = this.hearing.deaf(now);
    for (const one of this.watched) {
      const lastArrival = this.lastArrival(one.station.id);
      const whole = this.said(one, { lastArrival, cadence: one.cadence, expectedFrom: one.from, ofParameter: false }, deaf, now);
      if (whole.signal.says === 'clear' && standing(one.subject) !== undefined) this.returned.set(one.station.id, lastArrival!);
      yield whole;
      const isSilent = whole.signal.says !== 'clear';
      for (const series of one.series) {
        // Of a silent station nothing is known of its parameters: what stands of them stays.
        if (isSilent) yield { subject: series.subject, signal: NOTHING };
        else yield this.ofSeries(one, series, deaf, now);
      }
    }
  }

  private ofSeries({ station }: Watched, series: Watched['series'][number], deaf: readonly Span[], now: Instant): Said {
    const newest = this.workingSet.newest(station.id, series.parameter);
    const lastArrival = newest === undefined || newest.source !== 'sensor' ? null : newest.received;
    const expectedFrom = Math.max(series.from, this.returned.get(station.id) ?? series.from);
    return this.said(series, { lastArrival, cadence: series.cadence, expectedFrom, ofParameter: true }, deaf, now);
  }

  private said(
    { subject, name }: { readonly subject: Subject; readonly name: Words },
    silence: Omit<Silence, 'name'>,
    deaf: readonly Span[],
    now: Instant,
  ): Said {
    return { subject, signal: noData({ ...silence, name }, deaf, this.rule, this.site.calendar, now) };
  }

  private lastArrival(station: string): Instant | null {
    const at = this.workingSet.station(station)?.lastArrival;
    return at === undefined || at === -NEVER ? null : at;
  }

  /** Whom to listen for. What a station sends by hand or by a laboratory alone has no cadence: a station without parameters is left out. */
  private watch(now: Instant): readonly Watched[] {
    const stations = [...this.site.stations.values()].filter(({ active, parameters }) => active && parameters.length > 0);
    const from = this.hearing.expect(
      stations.flatMap(({ id, parameters }) => [
        { station: id, parameter: null },
        ...parameters.map(({ parameter }) => ({ station: id, parameter })),
      ]),
      now,
    );
    return stations.map((station) => {
      this.recall(station.id, now);
      const since = station.since === null ? Number.NEGATIVE_INFINITY : startOfDate(station.since, this.site.calendar);
      const of = (parameter: string | null): Instant => Math.max(since, from.get(expectedKey(station.id, parameter)) ?? now);
      return {
        station,
        subject: this.subject(station, null),
        name: { zh: station.name, en: station.nameEn },
        cadence: Math.min(...station.parameters.map(({ cadence }) => cadence)),
        from: of(null),
        series: station.parameters.map((one) => this.series(station, one, of(one.parameter))),
      };
    });
  }

  private series(station: Station, { parameter, cadence }: StationParameter, from: Instant): Watched['series'][number] {
    const known = this.site.parameters.get(parameter);
    const name = { zh: `${station.name} ${known?.name ?? parameter}`, en: `${station.nameEn}, ${known?.nameEn ?? parameter}` };
    return { parameter, cadence, subject: this.subject(station, parameter), name, from };
  }

  private subject({ id }: Station, parameter: string | null): Subject {
    return { subject: id, station: id, parameter, rule: this.rule.id, kind: 'no-data' };
  }

  /** After a restart: when the station last came back from a silence that was told. */
  private recall(station: string, now: Instant): void {
    const last = this.alerts
      .within({ from: now - LOOK_BACK, to: now + 1 }, station, ALL)
      .filter(({ kind, parameter, resolvedAt }) => kind === 'no-data' && parameter === null && resolvedAt !== null)
      .reduce<Instant | null>((latest, { resolvedAt }) => Math.max(latest ?? resolvedAt!, resolvedAt!), null);
    if (last !== null) this.returned.set(station, last);
  }
}
