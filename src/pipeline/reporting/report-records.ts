/** What came, what was due, what was refused, and what does a series look like? */
import { sizeOf } from '../../domain/numbering.js';
import { dueSlots } from '../../domain/quality/due-slots.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import {
  DAY,
  HOUR,
  type Instant,
  isoTime,
  localDate,
  type LocalDate,
  MINUTE,
  type Span,
  startOfDate,
} from '../../domain/time.js';
import { askedTime } from './asked-time.js';
import { dueSince } from '../judging/due.js';
import { type Archive, ArchiveError, type Clock, Refusal, type SeriesQuery, type Step } from '../ports.js';
import type { DeviceRecords } from './roll-call.js';
import type { Counts, Ledger, OneKind, WhichRefusals, WorkingSet } from '../stores.js';

/** Rows of one answer; a longer series must be asked for in steps. */
const MOST_ROWS = 50_000;

/** Bytes of a refused payload that the page shows. */
const SHOWN = 4096;

/** Refused payloads that are in memory at once while they are written out. */
const PAGE = 50;

const NOTHING: Counts = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };

const UNITS = { m: MINUTE, h: HOUR, d: DAY } as const;

/** Answers for readings, receipts and rejections. */
export class RecordsReport {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly archive: Archive,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly devices: Pick<DeviceRecords, 'find'>,
  ) {}

  /** A series, complete or in steps; from the working set with `partial` while the archive is away. Throws `Refusal`. */
  async readings(id: string, query: { parameter: string; from: string; to: string; step?: string | undefined }) {
    const station = this.station(id);
    const code = this.site.codes.get(query.parameter);
    if (code === undefined) throw new Refusal('not-found', `没有代号为 ${query.parameter} 的指标`);
    const span = { from: askedTime('from', query.from, this.site.calendar), to: askedTime('to', query.to, this.site.calendar) };
    if (span.to < span.from) throw new Refusal('bad-request', 'to 早于 from');
    const series: SeriesQuery = { station: station.id, parameter: code, ...span };
    const head = { parameter: code, unit: this.site.parameters.get(code)!.unit };
    if (query.step !== undefined) return this.steps(series, query.step, head);
    const { rows, partial } = await this.rows(series);
    return { ...head, ...(partial ? { partial } : {}), readings: rows.map((row) => this.row(row)) };
  }

  /** What was due and what came on a day of the site's calendar; today by default. Throws `Refusal`. */
  async receipts(date: string | undefined) {
    const now = this.clock.now();
    const day = date ?? localDate(now, this.site.calendar);
    const from = startOfDate(day, this.site.calendar);
    if (Number.isNaN(from) || localDate(from, this.site.calendar) !== day) throw new Refusal('bad-request', `没有 ${day} 这一天`);
    const counts = this.ledger.counts(day);
    const stations = [];
    for (const station of this.site.stations.values()) {
      if (!station.active) continue;
      const { expected, missing, valid } = await this.due(station, { from, to: Math.min(from + DAY, now) });
      stations.push({
        station: station.id,
        expected,
        ...NOTHING,
        ...counts.get(station.id),
        valid,
        missing,
        ...this.gaps(station.id, day),
      });
    }
    const service = [...counts.values()].reduce(add, NOTHING);
    return { date: day, stations, service };
  }

  /** Refused payloads, newest first, each shown to its first 4 KiB. */
  rejections(limit: number, which: OneKind = {}) {
    const decoder = new TextDecoder();
    return {
      rejections: this.ledger.rejections(limit, which).map(({ received, topic, station, reason, detail, values, payload }) => ({
        time: isoTime(received, this.site.calendar),
        topic,
        station,
        reason,
        detail,
        values,
        payload: decoder.decode(payload.subarray(0, SHOWN)),
      })),
    };
  }

  /** Which refusals a query means. Throws `Refusal`. */
  which({ since, ...query }: OneKind & { since?: string | undefined }): WhichRefusals {
    return {
      ...query,
      since: since === undefined ? undefined : askedTime('since', since, this.site.calendar),
    };
  }

  /** Refused payloads whole, oldest first, read as they are asked for. */
  *refusedPayloads(which: WhichRefusals) {
    for (let after = 0; ;) {
      const found = this.ledger.refusals(which, after, PAGE);
      if (found.length === 0) return;
      for (const { received, topic, station, reason, detail, values, payload } of found) {
        yield { time: isoTime(received, this.site.calendar), topic, station, reason, detail, values, payload };
      }
      after = found.at(-1)!.id;
    }
  }

  /** Messages that their numbers say are missing, told on the day on which that was noticed; they go when they come after all. */
  private gaps(station: string, day: LocalDate) {
    const iso = (t: Instant): string => isoTime(t, this.site.calendar);
    const holes = this.devices.find(station)?.numbering?.holes ?? [];
    const noticed = holes.filter((hole) => localDate(hole.before, this.site.calendar) === day);
    return {
      missingMessages: noticed.reduce((sum, hole) => sum + sizeOf(hole), 0),
      gaps: noticed.map((hole) => ({
        first: hole.first,
        last: hole.last,
        messages: sizeOf(hole),
        after: iso(hole.after),
        before: iso(hole.before),
      })),
    };
  }

  private station(id: string): Station {
    const station = this.site.stations.get(id);
    if (station === undefined) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    return station;
  }

  private async rows(series: SeriesQuery): Promise<{ rows: JudgedReading[]; partial: boolean }> {
    let rows: JudgedReading[];
    let partial = false;
    try {
      rows = await this.archive.readings(series, MOST_ROWS + 1);
      // What the archive has not got yet is at hand; what it holds of the same key was superseded.
      rows = overlay(rows, this.workingSet.rows(series, undefined, MOST_ROWS + 1));
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (series.to <= this.workingSet.floor())
        throw new Refusal('unavailable', `历史数据库暂不可用:${error.message};最近的数据仍可查询`);
      rows = this.workingSet.rows(series, undefined, MOST_ROWS + 1);
      partial = true;
    }
    if (rows.length > MOST_ROWS) {
      throw new Refusal('bad-request', `超过 ${MOST_ROWS} 条测值,请用 step(如 step=1h 或 step=1d)取统计值,或缩短时间段`);
    }
    return { rows, partial };
  }

  private async steps(series: SeriesQuery, step: string, head: { parameter: string; unit: string }) {
    const length = Number(step.slice(0, -1)) * UNITS[step.slice(-1) as keyof typeof UNITS];
    if ((series.to - series.from) / length > MOST_ROWS)
      throw new Refusal('bad-request', `step ${step} 太短,时间段内超过 ${MOST_ROWS} 段`);
    const origin = startOfDate('2000-01-01', this.site.calendar);
    let steps: Step[];
    try {
      steps = await this.archive.steps(series, length, origin);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      throw new Refusal('unavailable', `历史数据库暂不可用:${error.message}`);
    }
    return { ...head, readings: steps.map(({ start, ...rest }) => ({ start: isoTime(start, this.site.calendar), ...rest })) };
  }

  private row(r: JudgedReading) {
    return {
      time: isoTime(r.time, this.site.calendar),
      value: r.value,
      mark: r.mark,
      quality: r.quality,
      checks: [...r.checks],
      source: r.source,
      ...(r.ruling !== undefined && { ruling: r.ruling }),
    };
  }

  /** Values due of a station in a span, and the stretches in which none came. */
  private async due(station: Station, span: Span) {
    const since = dueSince(this.site, station, this.workingSet) ?? span.from;
    const from = Math.max(span.from, since);
    let expected = 0;
    let valid = 0;
    const missing: { parameter: string; from: string; to: string }[] = [];
    for (const { parameter, cadence } of station.parameters) {
      const length = cadence * MINUTE;
      const to = from + Math.max(0, Math.floor((span.to - from) / length)) * length;
      const series: SeriesQuery = { station: station.id, parameter, from, to };
      // What is at hand need not be asked for over the network, once per series.
      const rows = from >= this.workingSet.floor() ? this.workingSet.rows(series, 'sensor') : (await this.rows(series)).rows;
      const { due: slots, filled, valid: counting } = dueSlots(rows, series, cadence);
      expected += slots;
      valid += counting;
      for (let slot = 0; slot < slots; slot++) {
        if (filled.has(slot)) continue;
        const first = slot;
        while (slot < slots && !filled.has(slot)) slot++;
        missing.push({
          parameter,
          from: isoTime(from + first * length, this.site.calendar),
          to: isoTime(from + slot * length, this.site.calendar),
        });
      }
    }
    return { expected, missing, valid };
  }
}

/** Rows by time, those at hand laid over those of the archive. */
function overlay(far: readonly JudgedReading[], near: readonly JudgedReading[]): JudgedReading[] {
  if (near.length === 0) return [...far];
  const key = (row: JudgedReading): string => `${row.time} ${row.source}`;
  const rows = new Map(far.map((row) => [key(row), row]));
  for (const row of near) rows.set(key(row), row);
  return [...rows.values()].sort((a, b) => a.time - b.time);
}

const add = (a: Counts, b: Counts): Counts => ({
  received: a.received + b.received,
  stored: a.stored + b.stored,
  duplicate: a.duplicate + b.duplicate,
  corrected: a.corrected + b.corrected,
  rejected: a.rejected + b.rejected,
  pending: a.pending + b.pending,
});
