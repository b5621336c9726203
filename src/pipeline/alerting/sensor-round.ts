/** Which instruments, and which clocks, are not to be trusted? */
import type { Subject } from '../../domain/alerting/alert.js';
import { sensor, sensorClock, type Step, STEP_TOLD, stepOf } from '../../domain/alerting/rules/sensor.js';
import type { SensorRule } from '../../domain/alerting/rules.js';
import type { Parameter } from '../../domain/parameter.js';
import { coverage, type MaintenanceRecord } from '../../domain/quality/decision.js';
import type { ClockFinding } from '../../domain/quality/clock.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import type { WorkingSet } from '../stores.js';
import type { Round, Said } from './vigil.js';

/** Readings looked at in one go; a device that sends far denser than its cadence is looked at over a shorter time. */
const MOST = 300;

/** Cadences looked back at least, so that a value has its neighbours and a spike its refutation. */
const CADENCES = 5;

/** A value is judged in context a moment after it came: before that its checks say nothing yet. */
const JUDGED_AFTER = 15 * SECOND;

/** All instruments are looked at once a minute, a part of them at a time, so that no look is long. */
const PARTS = 6;

/** Maintenance records looked at of a station. */
const RECORDS = 100;

interface Instrument {
  readonly station: Station;
  readonly parameter: Parameter;
  readonly cadence: number;
  readonly subject: Subject;
  /** ms that a look reaches back. */
  reach: number;
  /** Measured times of refuted spikes within the rule's hours; `null`: not yet gathered. */
  spikes: Set<Instant> | null;
  /** The step of the newest maintenance, as far as it is known. */
  step: { readonly record: number; readonly found: Step } | null;
}

/** One alert for each instrument, whatever is wrong with it, and one for each station's clock. */
export class SensorRound implements Round {
  readonly every = MINUTE / PARTS;
  private readonly instruments: readonly Instrument[];
  private part = 0;

  constructor(
    private readonly site: Site,
    private readonly rule: SensorRule,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
    private readonly decisions: Pick<DecisionStore, 'maintenance'>,
    /** What is wrong with a station's clock (`RollCall`). */
    private readonly clockOf: (station: string) => ClockFinding | null,
  ) {
    this.instruments = [...site.stations.values()]
      .filter(({ active }) => active)
      .flatMap((station) => station.parameters.flatMap((one) => this.instrument(station, one.parameter, one.cadence)));
  }

  *signals(now: Instant): Iterable<Said> {
    const part = this.part;
    this.part = (part + 1) % PARTS;
    if (part === 0 && this.rule.clock) yield* this.clocks(now);
    const records = new Map<string, readonly MaintenanceRecord[]>();
    for (let i = part; i < this.instruments.length; i += PARTS) {
      const instrument = this.instruments[i]!;
      const { id } = instrument.station;
      let ofStation = records.get(id);
      if (ofStation === undefined) records.set(id, (ofStation = this.recordsOf(id, now)));
      const said = this.look(instrument, ofStation, now);
      if (said !== null) yield said;
    }
  }

  private *clocks(now: Instant): Iterable<Said> {
    for (const station of this.site.stations.values()) {
      if (!station.active) continue;
      const name = { zh: station.name, en: station.nameEn };
      const subject: Subject = {
        subject: station.id,
        station: station.id,
        parameter: null,
        rule: this.rule.id,
        kind: 'sensor',
      };
      yield { subject, signal: sensorClock(this.clockOf(station.id), name, this.site.calendar, now) };
    }
  }

  private look(instrument: Instrument, records: readonly MaintenanceRecord[], now: Instant): Said | null {
    const { station, parameter, cadence, subject } = instrument;
    const newest = this.workingSet.newest(station.id, parameter.code);
    if (newest === undefined || newest.source !== 'sensor') return null;
    const own = records.filter(({ parameters }) => parameters === null || parameters.includes(parameter.code));
    const isCovered = ({ time }: JudgedReading): boolean =>
      own.some((record) => time >= coverage(record).from && time < coverage(record).to);
    const rows = this.recent(instrument, newest.time);
    this.count(instrument, rows, now);
    const readings = rows.filter((reading) => now - reading.received >= JUDGED_AFTER && !isCovered(reading));
    const signal = sensor(
      {
        station: { zh: station.name, en: station.nameEn },
        parameter,
        cadence,
        readings,
        spikes: instrument.spikes!.size,
        step: this.step(instrument, own, now),
      },
      this.rule,
      this.site.calendar,
      now,
    );
    return { subject, signal };
  }

  /** The newest readings of a sensor, oldest first; what is too dense is looked at over a shorter time from then on. */
  private recent(instrument: Instrument, newest: Instant): readonly JudgedReading[] {
    for (;;) {
      const rows = this.rowsOf(instrument, newest - instrument.reach, newest + 1, MOST + 1);
      if (rows.length <= MOST || instrument.reach <= SECOND) return rows;
      instrument.reach /= 4;
    }
  }

  private rowsOf({ station, parameter }: Instrument, from: Instant, to: Instant, max: number): JudgedReading[] {
    return this.workingSet.rows({ station: station.id, parameter: parameter.code, from, to }, 'sensor', max);
  }

  /** A refuted spike is seen at a look soon after it; the first look gathers those of the hours before. */
  private count(instrument: Instrument, rows: readonly JudgedReading[], now: Instant): void {
    const since = now - this.rule.spikes.hours * HOUR;
    const spikes = (instrument.spikes ??= new Set(spikesIn(this.rowsOf(instrument, since, now, MOST * CADENCES))));
    // A review or a correction may take one back.
    const from = rows[0]?.time ?? now;
    for (const time of spikes) if (time < since || time >= from) spikes.delete(time);
    for (const time of spikesIn(rows)) if (time >= since) spikes.add(time);
  }

  /** Worked out once for each maintenance, as soon as there are enough readings on both sides. */
  private step(instrument: Instrument, own: readonly MaintenanceRecord[], now: Instant): Step | null {
    const record = own.filter(({ from }) => from <= now).reduce<MaintenanceRecord | null>(later, null);
    if (record === null || record.to === null || now - record.to > STEP_TOLD) return null;
    if (instrument.step?.record === record.id && instrument.step.found.at === record.to) return instrument.step.found;
    const { values } = this.rule.step;
    const span = Math.max(2 * values * instrument.cadence * MINUTE, 2 * HOUR);
    const { from, to } = coverage(record);
    const around = [
      ...this.rowsOf(instrument, from - span, from, MOST * CADENCES),
      ...this.rowsOf(instrument, to, to + span, MOST * CADENCES),
    ];
    const found = stepOf(record, around, values);
    instrument.step = found === null ? null : { record: record.id, found };
    return found;
  }

  private recordsOf(station: string, now: Instant): readonly MaintenanceRecord[] {
    return this.decisions
      .maintenance({ station, span: { from: now - STEP_TOLD - DAY, to: now + 1 } }, RECORDS)
      .filter(({ withdrawn }) => !withdrawn);
  }

  private instrument(station: Station, code: string, cadence: number): Instrument[] {
    const parameter = this.site.parameters.get(code);
    if (parameter === undefined) return [];
    const subject: Subject = {
      subject: station.id,
      station: station.id,
      parameter: code,
      rule: this.rule.id,
      kind: 'sensor',
    };
    const back = Math.max(CADENCES, this.rule.outOfRangeValues);
    const reach = Math.max(back * cadence, this.rule.markMinutes + cadence) * MINUTE;
    return [{ station, parameter, cadence, subject, reach, spikes: null, step: null }];
  }
}

const later = (a: MaintenanceRecord | null, b: MaintenanceRecord): MaintenanceRecord => (a === null || b.from > a.from ? b : a);

const spikesIn = (rows: readonly JudgedReading[]): Instant[] =>
  rows.flatMap(({ quality, checks, time }) => (quality === 'fail' && checks.includes('spike') ? [time] : []));
