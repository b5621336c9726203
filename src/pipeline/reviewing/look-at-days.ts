/** What is there to be looked at in each day that is over? Days are gone through by themselves, the newest first. */
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type DayAlert, dayFacts, type DayFacts, type DaySeries } from '../../domain/reviewing/day-facts.js';
import { factFindings, gravity, type Naming } from '../../domain/reviewing/findings.js';
import type { JudgedReading } from '../../domain/reading.js';
import { DAY, type Instant, type Span, windowAt, windowsIn } from '../../domain/time.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import { dueSince } from '../judging/due.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import type { Archive, Clock } from '../ports.js';
import { NEVER, type ReadingLog, type Transact, type WorkingSet } from '../stores.js';
import { heldReadings } from '../held-readings.js';
import { distance, type LabSamples, MOST_READINGS, type SampleValue } from './lab-samples.js';
import type { DayKey, ReviewDayStore } from './review-stores.js';

/** How much of each second may go into days that wait, ms: a year of history is gone through beside everything else. */
const SHARE = 150;
const SECOND_MS = 1000;

/** Days of one transaction. */
const DAYS = 4;

/** Values that wait to be assessed above which days are left alone: what comes in goes first. */
const BUSY = 5000;

/** Alerts of one day and station. */
const MOST_ALERTS = 200;

/** Goes through the readings of days that are over and keeps what there is to be looked at, so that a queue of a year is read in one go. */
export class LookAtDays {
  private spent = 0;
  private since = 0;
  private looked = Number.NEGATIVE_INFINITY;
  /** The day up to which days with samples were marked since the start. */
  private sampledTo = Number.NEGATIVE_INFINITY;
  /** Days that changed while they were gone through. */
  private readonly meanwhile = new Set<string>();

  constructor(
    private readonly site: Site,
    private readonly store: ReviewDayStore,
    private readonly workingSet: WorkingSet,
    private readonly archive: Pick<Archive, 'readings'>,
    private readonly alerts: Pick<AlertStore, 'within'>,
    private readonly samples: Pick<LabSamples, 'of'>,
    private readonly check: Pick<MomentaryCheck, 'hold'>,
    private readonly log: Pick<ReadingLog, 'waiting'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
  ) {}

  /** Goes through a few days; false when none waits, or this second's share is used up. Throws `ArchiveError` while old readings cannot be read. */
  async step(): Promise<boolean> {
    this.close();
    const began = performance.now();
    if (began - this.since >= SECOND_MS) [this.since, this.spent] = [began, 0];
    if (this.spent > SHARE || this.log.waiting('assess') > BUSY) return false;
    const keys = this.store.marked(DAYS);
    if (keys.length === 0) return false;
    const found: (readonly [DayKey, DayFacts | null])[] = [];
    this.meanwhile.clear();
    for (const key of keys) found.push([key, await this.facts(key)]);
    this.transact(() => {
      for (const [key, facts] of found) {
        if (facts !== null) this.store.putFacts(key, facts, gravity(factFindings(facts, this.naming)));
        if (!this.meanwhile.has(nameOf(key))) this.store.unmark(key);
      }
    });
    this.spent += performance.now() - began;
    return true;
  }

  /** The readings of a day changed, inside a transaction. */
  mark(key: DayKey): void {
    this.store.mark(key);
    this.meanwhile.add(nameOf(key));
  }

  /** Marks the days that ended since the last time, and those before a beginning that a late reading moved back. */
  close(): void {
    const now = this.clock.now();
    if (now - this.looked < SECOND_MS && now >= this.looked) return;
    this.looked = now;
    const { calendar } = this.site;
    const today = windowAt('day', now, calendar).start;
    this.closeSampled(today);
    for (const station of this.site.stations.values()) {
      if (!station.active) continue;
      const since = dueSince(this.site, station, this.workingSet);
      if (since === null) continue;
      const from = windowAt('day', since, calendar).start;
      const known = this.knownClosed(station.id, today);
      if (from >= today || (known !== undefined && known.from <= from && known.to >= today)) continue;
      const spans =
        known === undefined
          ? [{ from, to: today }]
          : [
              { from, to: Math.max(from, known.from) },
              { from: known.to, to: Math.max(known.to, today) },
            ];
      this.transact(() => {
        for (const span of spans)
          for (const { start: day } of windowsIn('day', span, calendar)) this.store.mark({ station: station.id, day });
        this.store.setClosed(station.id, { from: Math.min(from, known?.from ?? from), to: Math.max(today, known?.to ?? today) });
      });
    }
  }

  /** Marks days with laboratory samples that were never gone through: no sensor tells that they are over. */
  private closeSampled(today: Instant): void {
    if (this.sampledTo === today) return;
    this.sampledTo = today;
    const unseen = this.store
      .sampled(null, { from: -NEVER, to: today })
      .filter((key) => this.site.stations.get(key.station)?.active === true && this.store.facts(key) === undefined);
    this.transact(() => {
      for (const key of unseen) this.store.mark(key);
    });
  }

  /** Which days are over by now. A clock that stepped back opens again what it had closed: so nothing is missed that arrives then. */
  private knownClosed(station: string, today: Instant): Span | undefined {
    const known = this.store.closed(station);
    if (known === undefined || known.to <= today) return known;
    const open = { from: Math.min(known.from, today), to: today };
    this.transact(() => this.store.setClosed(station, open));
    return open;
  }

  /** What there is in a day by now; `null` for a station that is no longer in the config. */
  async facts({ station: id, day }: DayKey): Promise<DayFacts | null> {
    const station = this.site.stations.get(id);
    if (station === undefined) return null;
    const span = { from: day, to: day + DAY };
    const series = [...(await this.measured(station, span)), ...bySeries(await this.samples.of(station, span))];
    return dayFacts(series, span, this.alertsOf(id, day));
  }

  /** The sensors' series of a day; none of one before the station began. */
  private async measured(station: Station, span: Span): Promise<DaySeries[]> {
    const since = dueSince(this.site, station, this.workingSet);
    if (since === null || span.to <= since) return [];
    const series: DaySeries[] = [];
    for (const { parameter, cadence } of station.parameters) {
      // An item that never gave a value is not there yet, and is not missing.
      if (this.workingSet.newest(station.id, parameter)?.source !== 'sensor') continue;
      const readings = await this.readings(station.id, parameter, span);
      series.push({ parameter, cadence, readings, beyond: (reading) => this.beyond(station, reading) });
    }
    return series;
  }

  /** How far a sensor's value is beyond its limit, whatever was decided about it; `null`: it is not. */
  beyond(station: Station, { parameter, value, time }: JudgedReading): number | null {
    const moment = this.check.hold(station, parameter, value, time);
    return moment?.check === 'over' ? distance(value, moment.limit) : null;
  }

  /** The readings of a sensor's series in a span. Throws `ArchiveError` while old ones cannot be read. */
  readings(station: string, parameter: string, span: Span): Promise<JudgedReading[]> {
    return heldReadings(this.workingSet, this.archive, { station, parameter, ...span }, 'sensor', MOST_READINGS);
  }

  /** How findings are worded. */
  readonly naming: Naming = (code) => {
    const { name = code, nameEn = code, decimals = 2, unit = '' } = this.site.parameters.get(code) ?? {};
    return { name, nameEn, value: (of) => `${of.toFixed(decimals)}${unit === '' ? '' : ` ${unit}`}` };
  };

  private alertsOf(station: string, day: Instant): DayAlert[] {
    return this.alerts
      .within({ from: day, to: day + DAY }, station, MOST_ALERTS)
      .flatMap(({ kind, parameter, reason }) =>
        kind === 'sensor' || kind === 'no-data' ? [{ kind, parameter, zh: reason.zh, en: reason.en }] : [],
      );
  }
}

/** The values of samples by parameter. */
function bySeries(values: readonly SampleValue[]): DaySeries[] {
  const beyond = new Map(values.map((one) => [one.reading, one.beyond]));
  return [...new Set(values.map(({ reading }) => reading.parameter))].map((parameter) => ({
    ...{ parameter, cadence: null, beyond: (reading) => beyond.get(reading) ?? null },
    readings: values.flatMap(({ reading }) => (reading.parameter === parameter ? [reading] : [])),
  }));
}

const nameOf = ({ station, day }: DayKey): string => `${station} ${day}`;
