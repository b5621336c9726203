/** What is on file of the laboratory beside the instruments, what is offered for comparison, and what does a rate print of it? */
import { NO_CAUSE } from '../../domain/compliance/change.js';
import { needsProof } from '../../domain/compliance/items.js';
import type { Site, Target } from '../../domain/site.js';
import { validity } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Station, StationParameter } from '../../domain/station.js';
import { DAY, type Instant, isoTime, localDate, MINUTE, windowAt } from '../../domain/time.js';
import {
  agreement,
  type ComparisonRecord,
  comparisonState,
  type ComparisonState,
  type NamedState,
  type RateComparison,
  rateComparison,
  type Tolerance,
  toleranceOf,
} from '../../domain/upkeep/comparison.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import { type Clock, Refusal } from '../ports.js';
import { askedTime } from '../reporting/asked-time.js';
import { stationsOf } from '../reporting/compliance-question.js';
import { type Audit, NEVER, type Transact, type WorkingSet } from '../stores.js';
import type { ComparisonStore, WhichComparisons } from './upkeep-stores.js';

/** Laboratory samples of one series that are looked at. */
const MOST_SAMPLES = 50;

/** Samples offered at once, the newest: older ones are seldom compared. */
const MOST_OFFERED = 100;

/** What is said of a comparison. */
export interface ComparisonWords {
  readonly station: string;
  /** Code or alias. */
  readonly parameter: string;
  readonly time: string;
  readonly laboratory: number;
  /** Left out: as the service proposes it. */
  readonly sensor?: number | undefined;
  readonly note: string;
}

/** A series that can be compared. */
interface Series {
  readonly station: Station;
  readonly parameter: StationParameter;
  readonly tolerance: Tolerance;
}

/** Enters, withdraws and tells comparisons. What cannot be done throws `Refusal`. */
export class Comparisons {
  /** A page asks for every station at one instant: series are looked up once. */
  private known: { readonly now: Instant; readonly states: Map<string, ComparisonState> } | null = null;

  constructor(
    private readonly site: Site,
    private readonly store: ComparisonStore,
    private readonly workingSet: Pick<WorkingSet, 'rows'>,
    private readonly audit: Pick<Audit, 'record'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly verdicts: Pick<VerdictStore, 'markJudged'>,
    /** Windows wait to be judged again. */
    private readonly marked: () => void,
  ) {}

  /** What is on file, newest sample first; every series with its state; and laboratory samples that were not compared. */
  list(asked: WhichComparisons & { readonly limit: number }) {
    const now = this.clock.now();
    const { limit, ...which } = asked;
    const station = which.station === undefined ? undefined : this.station(which.station).id;
    const parameter = which.parameter === undefined ? undefined : this.code(which.parameter);
    const series = this.all().filter(
      (one) =>
        (station === undefined || one.station.id === station) &&
        (parameter === undefined || one.parameter.parameter === parameter),
    );
    const states = this.states(now);
    return {
      asOf: this.iso(now),
      dueDays: this.site.comparison.dueDays,
      comparisons: this.store.list({ station, parameter }, limit).map((record) => this.view(record)),
      series: series.map((one) => ({
        ...this.named(one.station, one.parameter.parameter),
        comparison: states.get(keyOf(one))!,
        citation: one.tolerance.citation,
        grade: one.tolerance.grade,
      })),
      offered: this.offered(series, now),
    };
  }

  /** What the sensor said around a moment, and by which rule a laboratory value would be held against it. Throws `Refusal`. */
  propose(asked: { station: string; parameter: string; time: string; laboratory?: number | undefined }) {
    const series = this.series(asked.station, asked.parameter);
    const time = this.moment(asked.time);
    const around = this.around(series, time);
    const found =
      around.value === null || asked.laboratory === undefined ? null : this.agree(series, asked.laboratory, around.value);
    return {
      ...this.named(series.station, series.parameter.parameter),
      time: this.iso(time),
      sensor: around.value,
      readings: around.readings,
      from: this.iso(around.from),
      to: this.iso(around.to),
      agreement: found && { passed: found.passed, rule: found.rule, error: found.error },
      citation: series.tolerance.citation,
      grade: series.tolerance.grade,
    };
  }

  /** Enters one; whether it passed is worked out, never said. Throws `Refusal`. */
  add(by: string, words: ComparisonWords) {
    const at = this.clock.now();
    const series = this.series(words.station, words.parameter);
    const time = this.moment(words.time);
    if (time > at) throw new Refusal('bad-request', '取样时间不能晚于现在');
    const around = this.around(series, time);
    const sensor = words.sensor ?? around.value;
    if (sensor === null)
      throw new Refusal('bad-request', `${this.iso(around.from)} 至 ${this.iso(around.to)} 没有有效的在线测值,请填写在线值`);
    const { station, parameter } = { station: series.station.id, parameter: series.parameter.parameter };
    const same = this.store.list({ station, parameter }, MOST_SAMPLES).find((one) => one.time === time && one.withdrawn === null);
    if (same !== undefined) throw new Refusal('bad-request', `这份水样已登记比对(编号 ${same.id});录错了请先撤回`);
    const found = this.agree(series, words.laboratory, sensor);
    this.known = null;
    const added = this.transact(() => {
      const record = this.store.add({
        ...{ station, parameter, time, laboratory: words.laboratory, sensor },
        readings: words.sensor === undefined || words.sensor === around.value ? around.readings : null,
        ...found,
        citation: series.tolerance.citation,
        grade: series.tolerance.grade,
        note: words.note.trim(),
        by,
        at,
      });
      const view = this.view(record);
      this.record('comparison-added', record, by, null, view, record.note);
      this.judgeAgain(record, '比对登记');
      return view;
    });
    this.marked();
    return added;
  }

  /** Takes one back that was entered by mistake; it stays on file. Throws `Refusal`. */
  withdraw(id: string, by: string, reason: string) {
    const before = this.store.find(id);
    if (before === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的比对记录`);
    if (reason.trim() === '') throw new Refusal('bad-request', '请写明撤回原因');
    this.known = null;
    const after = this.transact(() => {
      const withdrawn = { by, at: this.clock.now(), reason: reason.trim() };
      if (!this.store.withdraw(id, withdrawn)) throw new Refusal('bad-request', `比对记录 ${id} 已经撤回`);
      const view = this.view({ ...before, withdrawn });
      this.record('comparison-withdrawn', before, by, this.view(before), view, reason);
      this.judgeAgain(before, '撤回比对');
      return view;
    });
    this.marked();
    return after;
  }

  /** Marks the windows from the day of the sample on, where the item counts only while it was compared. */
  private judgeAgain({ station: id, parameter, time, passed }: ComparisonRecord, act: string): void {
    const station = this.site.stations.get(id);
    if (station === undefined || !needsProof(station, parameter)) return;
    const { calendar } = this.site;
    const name = this.site.parameters.get(parameter)?.name ?? parameter;
    const why = `${act}:${name} ${localDate(time, calendar)} ${passed ? '合格' : '不合格'}`;
    const from = windowAt('day', time, calendar).start;
    this.verdicts.markJudged(id, null, { from, to: NEVER }, { ...NO_CAUSE, why });
  }

  /** What the rate of a target prints, of some of its stations or all; `null` where it is no rate of instruments. */
  ofTarget(target: Target, now: Instant, stations: readonly Station[] = stationsOf(this.site, target)): RateComparison | null {
    if (target.basis === 'sample') return null;
    return this.ofStations(stations, now);
  }

  /** What the verdicts of some stations stand on; `null` where none of their items is compared. */
  ofStations(stations: readonly Station[], now: Instant): RateComparison | null {
    const states = this.states(now);
    const several = stations.length > 1;
    const named = stations.flatMap((station) =>
      this.judged(station).map((one): NamedState => {
        const parameter = this.site.parameters.get(one.parameter.parameter)!;
        const what = several
          ? { zh: `${station.name} ${parameter.name}`, en: `${station.nameEn}, ${parameter.nameEn}` }
          : { zh: parameter.name, en: parameter.nameEn };
        return { ...states.get(keyOf(one))!, what };
      }),
    );
    return rateComparison(named);
  }

  /** Series that wait to be compared, of some stations or all. */
  waiting(stations: readonly Station[] | null, now: Instant): number {
    const states = this.states(now);
    const all = [...this.site.stations.values()].filter(({ active }) => active);
    return (stations ?? all).reduce(
      (sum, station) => sum + this.judged(station).filter((one) => states.get(keyOf(one))!.due).length,
      0,
    );
  }

  /** Every series that has a tolerance, in the order of the config. */
  private all(): Series[] {
    return [...this.site.stations.values()].flatMap((station) => (station.active ? this.comparable(station) : []));
  }

  private comparable(station: Station): Series[] {
    return station.parameters.flatMap((parameter) => {
      const tolerance = toleranceOf(this.site.comparison, parameter.parameter, station.medium);
      return tolerance === undefined ? [] : [{ station, parameter, tolerance }];
    });
  }

  /** The series of a station that make its verdicts. */
  private judged(station: Station): Series[] {
    const items = this.site.judging.get(station.medium)?.items ?? [];
    const ruled = station.dustRules.map(({ parameter }) => parameter);
    return this.comparable(station).filter(
      ({ parameter: { parameter } }) => items.includes(parameter) || ruled.includes(parameter),
    );
  }

  private states(now: Instant): Map<string, ComparisonState> {
    if (this.known?.now === now) return this.known.states;
    const { calendar, comparison } = this.site;
    const today = localDate(now, calendar);
    const newest = new Map(this.store.standing().map((record) => [`${record.station} ${record.parameter}`, record]));
    const states = new Map(
      this.all().map((one) => {
        const record = newest.get(keyOf(one));
        const entered = record && { date: localDate(record.time, calendar), passed: record.passed };
        return [keyOf(one), comparisonState(entered, one.parameter.comparisons ?? [], today, comparison.dueDays)];
      }),
    );
    this.known = { now, states };
    return states;
  }

  /** Laboratory samples of the last weeks beside which nothing stands yet, newest first, each with what the sensor said. */
  private offered(series: readonly Series[], now: Instant) {
    const from = now - this.site.comparison.dueDays * DAY;
    const samples = series.flatMap((one) => {
      const { station, parameter } = { station: one.station.id, parameter: one.parameter.parameter };
      const rows = this.workingSet.rows({ station, parameter, from, to: now + 1 }, 'lab', MOST_SAMPLES);
      if (rows.length === 0) return [];
      const done = new Set(
        this.store.list({ station, parameter }, MOST_SAMPLES).flatMap(({ time, withdrawn }) => (withdrawn ? [] : [time])),
      );
      return rows.filter((row) => isResult(row) && !done.has(row.time)).map((row) => ({ one, row }));
    });
    return samples
      .sort((a, b) => b.row.time - a.row.time)
      .slice(0, MOST_OFFERED)
      .map(({ one, row }) => {
        const around = this.around(one, row.time);
        const found = around.value === null ? null : this.agree(one, row.value, around.value);
        return {
          ...this.named(one.station, one.parameter.parameter),
          time: this.iso(row.time),
          laboratory: row.value,
          detection: row.detection ?? null,
          sensor: around.value,
          readings: around.readings,
          agreement: found && { passed: found.passed, rule: found.rule, error: found.error },
        };
      });
  }

  /** The mean of the sensor's valid readings around a moment. */
  private around({ station, parameter }: Series, time: Instant) {
    const half = Math.max(this.site.comparison.aroundMinutes, parameter.cadence / 2) * MINUTE;
    const [from, to] = [time - half, time + half];
    const rows = this.workingSet
      .rows({ station: station.id, parameter: parameter.parameter, from, to: to + 1 }, 'sensor')
      .filter((row) => validity(row) === 'counts');
    const mean = rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
    // One decimal more than is printed, as a mean of several readings carries.
    const digits = (this.site.parameters.get(parameter.parameter)?.decimals ?? 2) + 1;
    return { from, to, readings: rows.length, value: rows.length === 0 ? null : Number(mean.toFixed(digits)) };
  }

  private agree({ parameter, tolerance }: Series, laboratory: number, sensor: number) {
    return agreement(laboratory, sensor, tolerance.bands, this.site.parameters.get(parameter.parameter)!);
  }

  private series(id: string, name: string): Series {
    const station = this.station(id);
    const code = this.code(name);
    const found = this.comparable(station).find(({ parameter }) => parameter.parameter === code);
    if (found !== undefined) return found;
    const { name: item } = this.site.parameters.get(code)!;
    const isMeasured = station.parameters.some(({ parameter }) => parameter === code);
    throw new Refusal(
      'bad-request',
      isMeasured
        ? `${item} 没有比对允许误差,请在 config/upkeep.yaml 的 comparison.tolerances 中写明`
        : `${station.name} 没有在线测 ${item}`,
    );
  }

  private station(id: string): Station {
    const station = this.site.stations.get(id);
    if (!station?.active) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    return station;
  }

  private code(name: string): string {
    const code = this.site.codes.get(name);
    if (code === undefined) throw new Refusal('not-found', `没有代号为 ${name} 的指标`);
    return code;
  }

  private moment(text: string): Instant {
    return askedTime('time', text, this.site.calendar);
  }

  private named(station: Station, code: string) {
    const { name, nameEn, unit, decimals } = this.site.parameters.get(code)!;
    return {
      ...{ station: station.id, stationName: station.name, stationNameEn: station.nameEn },
      ...{ parameter: code, name, nameEn, unit, decimals },
    };
  }

  private view({ time, at, withdrawn, station, parameter, ...record }: ComparisonRecord) {
    const found = this.site.stations.get(station);
    const of = this.site.parameters.get(parameter);
    return {
      ...{ station, stationName: found?.name ?? station, stationNameEn: found?.nameEn ?? station },
      ...{ parameter, name: of?.name ?? parameter, nameEn: of?.nameEn ?? parameter },
      ...{ unit: of?.unit ?? '', decimals: of?.decimals ?? 2 },
      ...record,
      time: this.iso(time),
      at: this.iso(at),
      withdrawn: withdrawn && { ...withdrawn, at: this.iso(withdrawn.at) },
    };
  }

  private record(
    action: 'comparison-added' | 'comparison-withdrawn',
    { id, station }: ComparisonRecord,
    who: string,
    before: unknown,
    after: unknown,
    reason: string,
  ): void {
    const event = { at: this.clock.now(), who, action, what: `comparison/${id}`, station, before, after };
    this.audit.record({ ...event, reason: reason.trim() });
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

const keyOf = ({ station, parameter }: Series): string => `${station.id} ${parameter.parameter}`;

/** A laboratory's result that nobody has set aside. */
const isResult = (row: JudgedReading): boolean => validity(row) === 'counts';
