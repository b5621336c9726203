/** Does rain, or the air of the whole town, explain what the stations show? The rounds of `rain` and `regional`. */
import { stands, type Severity, type Subject, type Words } from '../../domain/alerting/alert.js';
import { inhibited } from '../../domain/alerting/inhibition.js';
import { passedOf } from '../../domain/alerting/passed.js';
import { median } from '../../domain/alerting/robust.js';
import type { RainRule, RegionalRule } from '../../domain/alerting/rules.js';
import { isAfterRain, rain, type Rainfall, rainfall, RISEN, type Stirred } from '../../domain/alerting/rules/rain.js';
import { regional, REMEMBERED } from '../../domain/alerting/rules/regional.js';
import { validity } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Reach, Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import type { Outlook, StandingAlerts } from './outlook.js';
import type { WorkingSet } from '../stores.js';
import type { Round, Said } from './vigil.js';

/** Near its limit: the share from which a value of the reach is still told while the alert stands. */
const NEAR = 0.8;

/** An older value says nothing of the water now: hours, and cadences. */
const OLD_HOURS = 6;
const OLD_CADENCES = 2;

/** Values of a gauge that are looked at. */
const DROPS = 50_000;

/** How much it rained is asked again after this time, or when a gauge has something new. */
const RAIN_PACE = 10 * MINUTE;

interface Place {
  readonly reach: Pick<Reach, 'id'>;
  readonly sections: readonly Station[];
  readonly gauges: readonly Station[];
  rain: Rainfall | null;
  askedAt: Instant;
  newest: Instant;
}

const seriesOf = (station: string, parameter: string): string => `${station} ${parameter}`;

/**
 * Rule `rain`, and what it holds back: while rain explains it, a 预警 or 超限 of the rule's parameters at a reach does not open
 * by itself but is gathered into the one alert of the reach. What it was asked of is kept in memory; after a restart the next
 * value asks again, and an alert that stands is judged by the newest values alone.
 */
export class RainContext implements Round {
  readonly every = 30 * SECOND;
  private readonly places: readonly Place[];
  /** Series of which a single alert was held back. */
  private readonly held = new Set<string>();

  constructor(
    private readonly site: Site,
    private readonly rule: RainRule,
    private readonly outlook: Outlook,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
    private readonly check: Pick<MomentaryCheck, 'of' | 'printed'>,
    private readonly standing: StandingAlerts,
  ) {
    const active = [...site.stations.values()].filter((station) => station.active);
    const gauges = active.filter(({ parameters }) => parameters.some(({ parameter }) => parameter === rule.gauge));
    const sections = active.filter(({ reach, medium }) => reach !== null && medium === 'surface-water');
    this.places = [...new Set(sections.map(({ reach }) => reach!))].map((name) => {
      const own = gauges.filter(({ reach }) => reach === name);
      return {
        reach: [...site.reaches.values()].find((reach) => reach.name === name) ?? { id: name },
        sections: sections.filter(({ reach }) => reach === name).sort((a, b) => a.order - b.order),
        gauges: own.length > 0 ? own : gauges,
        rain: null,
        askedAt: Number.NEGATIVE_INFINITY,
        newest: Number.NEGATIVE_INFINITY,
      };
    });
  }

  /** Does rain explain what this parameter does there now? */
  isStirred(station: Station, parameter: string, now: Instant): boolean {
    if (!this.rule.parameters.includes(parameter)) return false;
    const place = this.places.find(({ sections }) => sections.some(({ id }) => id === station.id));
    return place !== undefined && isAfterRain(this.rainAt(place, now), this.rule, now);
  }

  /**
   * Why a single alert shall not open now; `null`: it may. Remembers the series for the alert of its reach. `severity` of what
   * would open, where the caller knows it: 严重超限 always opens.
   */
  holdsBack(subject: Subject, now: Instant, severity?: Severity): Words | null {
    if (subject.kind !== 'limit' || subject.station === null || subject.parameter === null || severity === 'severe') return null;
    const station = this.site.stations.get(subject.station);
    if (station === undefined || !this.isStirred(station, subject.parameter, now)) return null;
    this.held.add(seriesOf(station.id, subject.parameter));
    return { zh: '雨后水质波动,并入河段预警', en: 'after rain; told in one alert of the reach' };
  }

  *signals(now: Instant): Generator<Said> {
    const standing = this.standing.list().filter(stands);
    for (const place of this.places) {
      const subject: Subject = {
        subject: `reach:${place.reach.id}`,
        station: null,
        parameter: null,
        rule: this.rule.id,
        kind: 'rain',
      };
      const stood = standing.some((alert) => alert.kind === 'rain' && alert.subject === subject.subject);
      const series = place.sections.flatMap((section) => section.parameters.map((p) => ({ section, ...p })));
      const gathered = series.filter(({ section, parameter }) => stood || this.held.has(seriesOf(section.id, parameter)));
      if (gathered.length === 0) continue;
      const alone = new Set(
        standing.filter(({ kind }) => kind === 'limit').map((a) => seriesOf(a.station ?? '', a.parameter ?? '')),
      );
      const stirred: Stirred[] = [];
      for (const { section, parameter, cadence } of series) {
        if (!this.rule.parameters.includes(parameter)) continue;
        const key = seriesOf(section.id, parameter);
        if (alone.has(key)) continue;
        const found = this.look(section, parameter, cadence, now);
        if (found === null) this.held.delete(key);
        else if (found.how === 'risen' || stood || this.held.has(key)) stirred.push(found);
      }
      const fallen = this.rainAt(place, now);
      if (!isAfterRain(fallen, this.rule, now))
        for (const { section, parameter } of series) this.held.delete(seriesOf(section.id, parameter));
      yield { subject, signal: rain({ rain: fallen, stirred }, this.rule, now) };
    }
  }

  /** The newest value of a series, if it is over or near its limit or, without one, far above its day. */
  private look(section: Station, code: string, cadence: number, now: Instant): Stirred | null {
    const newest = this.workingSet.newest(section.id, code);
    const parameter = this.site.parameters.get(code);
    const old = Math.max(OLD_HOURS * HOUR, OLD_CADENCES * cadence * MINUTE);
    if (newest === undefined || parameter === undefined || newest.time < now - old || validity(newest) !== 'counts') return null;
    const seen = { section, parameter, time: newest.time, value: newest.value };
    const moment = this.check.of(newest);
    if (moment?.check === 'over')
      return { ...seen, how: 'over', passed: passedOf(moment.limit, moment.times?.round(2, 0).toString() ?? null) };
    const limit = this.check.printed(section, code, newest.time);
    if (limit !== null) {
      const isNear = limit.operator === '<=' && newest.value > NEAR * Number(limit.high);
      return isNear ? { ...seen, how: 'warning', passed: passedOf(limit) } : null;
    }
    const day = (this.outlook.course(section.id, code, now) ?? []).filter(({ time }) => time > newest.time - DAY);
    const hasRisen = day.length > 3 && newest.value >= RISEN * median(day.map(({ value }) => value));
    return hasRisen ? { ...seen, how: 'risen', passed: null } : null;
  }

  private rainAt(place: Place, now: Instant): Rainfall | null {
    const { gauge } = this.rule;
    const newest = Math.max(...place.gauges.map(({ id }) => this.workingSet.newest(id, gauge)?.time ?? 0));
    if (newest === place.newest && now >= place.askedAt && now - place.askedAt < RAIN_PACE) return place.rain;
    place.newest = newest;
    place.askedAt = now;
    const from = now - (this.rule.hours + this.rule.afterHours) * HOUR;
    let most = null as Rainfall | null;
    for (const { id } of place.gauges) {
      const rows = this.workingSet.rows({ station: id, parameter: gauge, from, to: now + 1 }, 'sensor', DROPS);
      const found = rainfall(rows.filter(falls), this.rule);
      if (found === null) continue;
      most = { last: Math.max(most?.last ?? 0, found.last), mm: Math.max(most?.mm ?? 0, found.mm) };
    }
    place.rain = most;
    return place.rain;
  }
}

const falls = (r: JudgedReading): boolean => validity(r) === 'counts' && r.value > 0;

/** A station whose newest value is older does not say how the air is now. */
const STILL_HEARD = 2 * HOUR;

/** Rule `regional`: the air of the town, one alert a parameter. */
export class RegionalRound implements Round {
  readonly every = 5 * MINUTE;

  constructor(
    private readonly site: Site,
    private readonly rule: RegionalRule,
    private readonly outlook: Outlook,
    private readonly workingSet: Pick<WorkingSet, 'newest'>,
    private readonly standing: StandingAlerts,
  ) {}

  *signals(now: Instant): Generator<Said> {
    for (const code of this.rule.parameters) {
      const parameter = this.site.parameters.get(code);
      const stations = [...this.site.stations.values()].filter(
        (s) => s.active && this.rule.media.includes(s.medium) && s.parameters.some((p) => p.parameter === code),
      );
      if (parameter === undefined || stations.length < this.rule.stations) continue;
      const subject: Subject = {
        subject: `region:${code}`,
        station: null,
        parameter: code,
        rule: this.rule.id,
        kind: 'regional',
      };
      const alert = this.standing.list().find((a) => a.kind === 'regional' && a.subject === subject.subject);
      // Held against what was before the rise, so that high air does not become the ordinary one.
      const rose = alert === undefined ? now : Math.max(alert.openedAt, now - REMEMBERED);
      let at = 0;
      const heard = stations.map(({ id, name, nameEn }) => {
        const newest = this.workingSet.newest(id, code)?.time ?? 0;
        if (newest < now - STILL_HEARD) return { name, nameEn, hour: null, before: null };
        at = Math.max(at, newest);
        const until = Math.min(rose, newest) - HOUR + 1;
        return {
          name,
          nameEn,
          hour: this.outlook.mean(id, code, newest - HOUR + 1, newest + 1),
          before: this.outlook.mean(id, code, until - this.rule.hours * HOUR, until),
        };
      });
      if (at > 0) yield { subject, signal: regional({ parameter, stations: heard, at }, this.rule) };
    }
  }
}

/** Why an alert that a reading would open shall not: after rain, or because the whole region rises. What `Watch` asks. */
export class Suppression {
  /** `rain`: `null` where the rule is off. */
  constructor(
    private readonly site: Site,
    private readonly standing: StandingAlerts,
    private readonly rain: RainContext | null,
  ) {}

  /** In Chinese; `null`: it may open. `severity` of what would open, where it is known. */
  suppressed(subject: Subject, now: Instant, severity?: Severity): string | null {
    const medium = this.site.stations.get(subject.station ?? '')?.medium;
    const why = this.rain?.holdsBack(subject, now, severity) ?? inhibited(subject, this.standing.list(), { severity, medium });
    return why === null ? null : why.zh;
  }
}
