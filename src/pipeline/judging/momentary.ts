/** Is a single value within the limits that bind it? The one answer of the page and of the alert. */
import { checkMoment, type Moment, needsTemperature } from '../../domain/compliance/evaluate.js';
import { validity } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { inForce, isCertain, limitsAt, momentary } from '../../domain/standards/bind.js';
import type { Limit } from '../../domain/standards/limit.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, localDate, startOfDate } from '../../domain/time.js';
import type { WorkingSet } from '../stores.js';

/** The limits of one series on one day. */
interface OfDay {
  readonly from: Instant;
  readonly to: Instant;
  readonly limits: readonly Limit[];
}

/** Which limits a single value of a series is held against on its day. */
class MomentaryLimits {
  private readonly cache = new Map<string, Map<string, OfDay>>();
  private readonly ofClasses = new Map<string, OfDay>();

  constructor(private readonly site: Site) {}

  /** In force on the day of `time`; empty where nothing binds. */
  of(station: Station, parameter: string, time: Instant): readonly Limit[] {
    let ofStation = this.cache.get(station.id);
    if (ofStation === undefined) this.cache.set(station.id, (ofStation = new Map<string, OfDay>()));
    const cached = ofStation.get(parameter);
    if (cached !== undefined && time >= cached.from && time < cached.to) return cached.limits;
    const found = this.find(station, parameter, time);
    ofStation.set(parameter, found);
    return found.limits;
  }

  /** The same, were the station held to another class of its own texts. */
  ofClass(station: Station, parameter: string, time: Instant, as: string): readonly Limit[] {
    if (station.binding === null) return [];
    const key = `${station.id} ${parameter} ${as}`;
    const cached = this.ofClasses.get(key);
    if (cached !== undefined && time >= cached.from && time < cached.to) return cached.limits;
    const found = this.find({ ...station, binding: { ...station.binding, class: as }, dustRules: [] }, parameter, time);
    this.ofClasses.set(key, found);
    return found.limits;
  }

  private find(station: Station, parameter: string, time: Instant): OfDay {
    const day = localDate(time, this.site.calendar);
    const from = startOfDate(day, this.site.calendar);
    return { from, to: from + DAY, limits: momentary(inForce(limitsAt(station, parameter, this.site.limits), day)) };
  }
}

/** Holds a single reading against the limits that bind it; `null` without a limit or where it does not count. */
export class MomentaryCheck {
  private readonly limits: MomentaryLimits;

  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
  ) {
    this.limits = new MomentaryLimits(site);
  }

  /** The answer of the page and of the alert. */
  of(reading: JudgedReading): Moment | null {
    const station = this.site.stations.get(reading.station);
    if (station === undefined || !station.active) return null;
    const bound = this.limits.of(station, reading.parameter, reading.time);
    if (bound.length === 0) return null;
    const counts = validity(reading);
    if (counts !== 'counts' && counts !== 'upper') return null;
    const fitting = counts === 'upper' ? bound.filter((limit) => limit.operator === '<=') : bound;
    return checkMoment(reading.value, fitting, fitting.some(needsTemperature) ? this.temperature(reading) : null);
  }

  /** The same of another number of a series than a single value, e.g. the mean of its last hours. */
  hold(station: Station, parameter: string, value: number, time: Instant): Moment | null {
    return this.against(this.limits.of(station, parameter, time), station, value, time);
  }

  /** The same, were the station held to another class of its own texts; `null` where that class has no limit. */
  holdClass(station: Station, parameter: string, value: number, time: Instant, as: string): Moment | null {
    return this.against(this.limits.ofClass(station, parameter, time, as), station, value, time);
  }

  private against(limits: readonly Limit[], station: Station, value: number, time: Instant): Moment | null {
    const temperature = limits.some(needsTemperature) ? this.temperature({ station: station.id, time }) : null;
    return limits.length === 0 ? null : checkMoment(value, limits, temperature);
  }

  /** Water temperature when the reading was taken: the last valid one of the day before it. */
  private temperature({ station, time }: Pick<JudgedReading, 'station' | 'time'>): number | null {
    const newest = this.workingSet.newest(station, 'temp');
    // Nearly always the newest is the one; only a late reading has to look.
    if (newest && newest.time <= time && newest.time > time - DAY && validity(newest) === 'counts') return newest.value;
    const day = this.workingSet.rows({ station, parameter: 'temp', from: time - DAY, to: time + 1 }, 'sensor');
    return day.filter((r) => validity(r) === 'counts').at(-1)?.value ?? null;
  }

  /** The limit to print beside a series where no value is. */
  printed(station: Station, parameter: string, time: Instant): Limit | null {
    const bound = this.limits.of(station, parameter, time);
    return bound.find(isCertain) ?? bound.find((limit) => limit.operator === '>=') ?? bound[0] ?? null;
  }
}
