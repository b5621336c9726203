/** Which windows closed or changed, and what is their verdict? Log and clock → verdicts. */
import { assessMonth, assessRule, assessSample, assessWindow, type ReadingsOf } from '../domain/compliance/assess.js';
import type { JudgedReading } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import type { Station } from '../domain/station.js';
import {
  DAY,
  type Instant,
  MINUTE,
  type Span,
  startOfDate,
  type Window,
  windowAt,
  type WindowKind,
  windowsIn,
} from '../domain/time.js';
import { type Archive, type Clock, type Live } from './ports.js';
import { type Due, NEVER, type ReadingLog, type Transact, type VerdictStore, type WorkingSet } from './stores.js';

/** Values of one transaction, and windows computed in one. */
const CHUNK = 5000;
const WINDOWS = 50;

/** Windows of one kind that one tick closes at one station: the rest follow in the next step. */
const MOST_CLOSED = 2000;

/** How long computing waits for a backlog of readings to end, ms. */
const PATIENCE = 5000;

/** How often the clock looks for windows that ended. */
const LOOK = 1000;

/** The calendar kind by which windows of a kind are closed: those of a dust rule hourly. */
const closing = (kind: WindowKind): WindowKind => (kind === 'rule' ? 'hour' : kind);

/** The calendar kind in which a window of a kind is computed: a dust rule's windows are counted by the day. */
const unit = (kind: WindowKind): WindowKind => (kind === 'rule' ? 'day' : kind);

/** The first instant from which a station's windows are due; `null` before its first reading. */
export function dueSince(site: Site, station: Station, workingSet: WorkingSet): Instant | null {
  if (station.since !== null) return startOfDate(station.since, site.calendar);
  const facts = workingSet.station(station.id);
  return facts === undefined || facts.earliest >= NEVER ? null : windowAt('day', facts.earliest, site.calendar).start;
}

/**
 * Keeps the verdicts. A reading in a window that has closed marks exactly that window (and the month above it); the
 * clock marks windows as they end, with or without data. Marked windows are computed from what is at hand and, when they
 * are older than that, from the archive; while it is away they wait, durably (待重算).
 */
export class Assess {
  private readonly backgrounds: ReadonlyMap<string, readonly Station[]>;
  private waitingFor: string | null = null;
  private looked = Number.NEGATIVE_INFINITY;
  private computed = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly site: Site,
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly archive: Archive,
    private readonly verdicts: VerdictStore,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
  ) {
    const backgrounds = new Map<string, Station[]>();
    for (const station of site.stations.values()) {
      for (const { background } of station.dustRules) {
        if (background !== null) backgrounds.set(background, [...(backgrounds.get(background) ?? []), station]);
      }
    }
    this.backgrounds = backgrounds;
  }

  /** Windows that wait for the archive, and why; `null` when none does. */
  get waiting(): string | null {
    return this.waitingFor;
  }

  /** Marks what the next chunk of readings touched, then what the clock closed, then computes; false when nothing is left. */
  async step(): Promise<boolean> {
    const read = this.read();
    const closed = this.close();
    // While a backlog is read its windows are marked again and again: computing them waits for its end, but not for ever.
    if (read && this.clock.now() - this.computed < PATIENCE) return true;
    this.computed = this.clock.now();
    const computed = await this.compute();
    return read || closed || computed;
  }

  /** Marks the closed windows of readings that were taken back, inside a transaction. */
  again(readings: readonly JudgedReading[]): void {
    const due = new Map<string, Due>();
    for (const reading of readings) this.touch(reading, this.clock.now(), due);
    for (const window of due.values()) this.verdicts.mark(window);
  }

  private read(): boolean {
    const batches = this.log.read(this.log.cursor('assess'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    const now = this.clock.now();
    const due = new Map<string, Due>();
    for (const batch of batches) for (const reading of batch.readings) this.touch(reading, now, due);
    this.transact(() => {
      for (const window of due.values()) this.verdicts.mark(window);
      this.log.advance('assess', batches.at(-1)!.seq);
    });
    return true;
  }

  /** Collects the closed windows a reading lies in. */
  private touch(reading: JudgedReading, now: Instant, due: Map<string, Due>): void {
    const station = this.site.stations.get(reading.station);
    if (station === undefined || !station.active) return;
    const add = (kind: WindowKind, of: Station, start: Instant): void => {
      due.set(`${kind} ${of.id} ${start}`, { kind, station: of.id, start });
    };
    if (reading.source === 'lab') {
      add('sample', station, reading.time);
      return;
    }
    for (const kind of this.site.judging.get(station.medium)!.windows) {
      if (kind === 'sample') continue;
      if (kind === 'rule') this.touchRules(station, reading.time, now, add);
      else {
        const window = windowAt(kind, reading.time, this.site.calendar);
        if (window.end <= now) add(kind, station, window.start);
      }
    }
    for (const site of this.backgrounds.get(station.id) ?? []) this.touchRules(site, reading.time, now, add);
  }

  /** A dust rule's windows are computed by the day, so that exceedances can be counted against the allowance. */
  private touchRules(
    station: Station,
    time: Instant,
    now: Instant,
    add: (kind: WindowKind, of: Station, start: Instant) => void,
  ): void {
    const day = windowAt('day', time, this.site.calendar);
    const ended = station.dustRules.some(({ windowMinutes }) => {
      const length = windowMinutes * MINUTE;
      return day.start + (Math.floor((time - day.start) / length) + 1) * length <= now;
    });
    if (ended) add('rule', station, day.start);
  }

  /** Marks the windows that ended since the last time, and those before the beginning that a late reading moved back. */
  private close(): boolean {
    const now = this.clock.now();
    if (now - this.looked < LOOK && now >= this.looked) return false;
    this.looked = now;
    let more = false;
    for (const station of this.site.stations.values()) {
      if (!station.active) continue;
      const since = dueSince(this.site, station, this.workingSet);
      if (since === null) continue;
      for (const kind of this.site.judging.get(station.medium)!.windows) {
        if (kind !== 'sample' && this.closeKind(kind, station, since, now)) more = true;
      }
    }
    if (more) this.looked = Number.NEGATIVE_INFINITY;
    return more;
  }

  private closeKind(kind: WindowKind, station: Station, since: Instant, now: Instant): boolean {
    const known = this.verdicts.closedUpTo(kind, station.id);
    const from = windowAt(closing(kind), since, this.site.calendar).start;
    if (known !== undefined && known.from <= from && windowAt(closing(kind), known.to, this.site.calendar).end > now)
      return false;
    const ended = (span: Span): Window[] =>
      windowsIn(closing(kind), span, this.site.calendar).filter((window) => window.end <= now);
    // What is closed stays one stretch: backwards from its beginning, forwards from its end.
    const before = known === undefined ? [] : ended({ from, to: known.from }).slice(-MOST_CLOSED);
    const after = ended({ from: known?.to ?? from, to: now }).slice(0, MOST_CLOSED);
    const low = before[0]?.start ?? known?.from ?? after[0]?.start;
    const high = after.at(-1)?.end ?? known?.to;
    if (before.length + after.length === 0 || low === undefined || high === undefined) return false;
    this.transact(() => {
      for (const window of [...before, ...after]) {
        this.verdicts.mark({ kind, station: station.id, start: windowAt(unit(kind), window.start, this.site.calendar).start });
      }
      this.verdicts.setClosed(kind, station.id, { from: low, to: high });
    });
    return true;
  }

  private async compute(): Promise<boolean> {
    const marked = this.nextMarked();
    if (marked.length === 0) {
      this.waitingFor = null;
      return false;
    }
    const now = this.clock.now();
    const done: { due: Due; verdicts: ReturnType<typeof assessRule> }[] = [];
    let failure: Error | null = null;
    for (const due of marked) {
      try {
        const verdicts = await this.verdict(due);
        // A dust day that still runs has its closed windows judged; the open one has no verdict.
        done.push({ due, verdicts: verdicts.filter((verdict) => verdict.end <= now) });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        break;
      }
    }
    if (done.length > 0) {
      this.transact(() => {
        for (const { due, verdicts } of done) {
          for (const verdict of verdicts) this.verdicts.put(verdict, now);
          this.verdicts.unmark(due);
          this.markAbove(due, now);
        }
      });
      this.live.compliance();
    }
    if (failure !== null) {
      this.waitingFor = failure.message;
      throw failure;
    }
    return true;
  }

  /**
   * The windows to compute next. What is at hand comes first: it needs no archive and must not wait behind what does.
   * A month is made of stored days, so it waits until no day is in the same step.
   */
  private nextMarked(): Due[] {
    const near = this.verdicts.marked(WINDOWS, this.workingSet.floor());
    const some = near.length > 0 ? near : this.verdicts.marked(WINDOWS, Number.NEGATIVE_INFINITY);
    const months = some.findIndex((due) => due.kind === 'month');
    return months > 0 ? some.slice(0, months) : some;
  }

  /** A month is made of its days: a day that changed marks its month once that is over. */
  private markAbove(due: Due, now: Instant): void {
    if (due.kind !== 'day') return;
    const station = this.site.stations.get(due.station);
    if (!station || !this.site.judging.get(station.medium)!.windows.includes('month')) return;
    const month = windowAt('month', due.start, this.site.calendar);
    if (month.end <= now) this.verdicts.mark({ kind: 'month', station: due.station, start: month.start });
  }

  private async verdict(due: Due): Promise<ReturnType<typeof assessRule>> {
    const station = this.site.stations.get(due.station);
    // The config may have dropped the station since the window was marked.
    if (station === undefined || !station.active) return [];
    const { kind } = due;
    if (kind === 'sample') return this.sample(station, due.start);
    const window = windowAt(unit(kind), due.start, this.site.calendar);
    switch (kind) {
      case 'hour':
      case 'day':
        return [assessWindow(this.site, station, { ...window, kind }, await this.readings(station, window))];
      case 'month': {
        const days = this.verdicts.list('day', [station.id], { from: window.start, to: window.end }, null, 31, 0);
        return [assessMonth(this.site, station, { ...window, kind: 'month' }, days)];
      }
      case 'rule': {
        const verdicts: ReturnType<typeof assessRule> = [];
        for (const rule of station.dustRules) {
          const background = rule.background === null ? undefined : this.site.stations.get(rule.background);
          const own = await this.readings(station, window);
          verdicts.push(
            ...assessRule(this.site, station, rule, window, own, background ? await this.readings(background, window) : null),
          );
        }
        return verdicts;
      }
      case 'quarter':
      case 'year':
        throw new RangeError(`windows of kind ${kind} are not computed yet`);
    }
  }

  private async sample(station: Station, time: Instant): Promise<ReturnType<typeof assessRule>> {
    const readings = await Promise.all(
      [...this.site.parameters.keys()].map((parameter) => this.series(station, parameter, { from: time, to: time + 1 })),
    );
    const tested = readings.flat().filter((reading) => reading.source === 'lab');
    return tested.length === 0 ? [] : [assessSample(this.site, station, time, tested)];
  }

  /** All sensor readings of a station in a window, by parameter. */
  private async readings(station: Station, window: Window): Promise<ReadingsOf> {
    const span = { from: window.start, to: window.end };
    const series = await Promise.all(
      station.parameters.map(async ({ parameter }) => [parameter, await this.series(station, parameter, span)] as const),
    );
    const sensor = new Map(series.map(([parameter, readings]) => [parameter, readings.filter((r) => r.source === 'sensor')]));
    return (parameter) => sensor.get(parameter) ?? [];
  }

  /** A stretch of a series: at hand, or from the archive with what is at hand laid over it. */
  private async series(station: Station, parameter: string, span: { from: Instant; to: Instant }): Promise<JudgedReading[]> {
    const query = { station: station.id, parameter, ...span };
    const near = this.workingSet.rows(query);
    if (span.from >= this.workingSet.floor()) return near;
    const far = await this.archive.readings(query, 2 * (DAY / 1000));
    const over = new Map(far.map((reading) => [`${reading.time} ${reading.source}`, reading]));
    for (const reading of near) over.set(`${reading.time} ${reading.source}`, reading);
    return [...over.values()].sort((a, b) => a.time - b.time);
  }
}
