/** Which windows closed, or were touched by something that came later? */
import { type Cause, NO_CAUSE, addCause } from '../../domain/compliance/change.js';
import { dependence } from '../../domain/compliance/dependence.js';
import { partOf } from '../../domain/compliance/period.js';
import type { JudgedReading, Settled } from '../../domain/reading.js';
import type { Judging, Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import {
  type Instant,
  MINUTE,
  type Span,
  startOfDate,
  type Window,
  windowAt,
  type WindowKind,
  windowsIn,
} from '../../domain/time.js';
import { JUDGE } from './amendments.js';
import type { Clock } from '../ports.js';
import type { Due, VerdictStore } from './verdict-stores.js';
import { NEVER, type ReadingLog, type Transact, type WorkingSet } from '../stores.js';

/** Values of one transaction. */
const CHUNK = 1500;

/** Windows of one kind that one tick closes at one station: the rest follow in the next step. */
const MOST_CLOSED = 2000;

/** How often the clock looks for windows that ended. */
const LOOK = 1000;

/** The calendar kind by which windows of a kind are closed: those of a dust rule hourly. */
const closing = (kind: WindowKind): WindowKind => (kind === 'rule' ? 'hour' : kind);

/** The calendar kind in which a window of a kind is computed: a dust rule's windows are counted by the day. */
export const unit = (kind: WindowKind): WindowKind => (kind === 'rule' ? 'day' : kind);

/** Which windows one of a kind is made of; `null` where it is made of readings. */
function madeOf(kind: WindowKind, judging: Judging): WindowKind | null {
  switch (kind) {
    case 'month':
    case 'quarter':
    case 'year':
      return partOf(kind, judging);
    case 'hour':
    case 'day':
    case 'sample':
    case 'rule':
      return null;
  }
}

/** The first instant from which a station's windows are due; `null` before its first reading. */
export function dueSince(site: Site, station: Station, workingSet: Pick<WorkingSet, 'station'>): Instant | null {
  if (station.since !== null) return startOfDate(station.since, site.calendar);
  const facts = workingSet.station(station.id);
  return facts === undefined || facts.earliest >= NEVER ? null : windowAt('day', facts.earliest, site.calendar).start;
}

/** A reading and what became of it. */
interface Came {
  readonly reading: JudgedReading;
  readonly fate: Settled;
}

/**
 * Marks windows for computing, durably. The clock marks them as they end, with or without data; a reading in a window
 * that has closed marks exactly that window; a changed config those of the stations whose verdicts depend on what changed.
 */
export class DueWindows {
  /** Stations whose readings are subtracted from those of others (dust). */
  private readonly backgrounds: ReadonlyMap<string, readonly Station[]>;
  /** Stations whose readings lie in windows that may be shorter than an hour. */
  private readonly hasShort: ReadonlySet<string>;
  private looked = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly site: Site,
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Hears, inside the transaction that passes them, which readings came to days that are over. */
    private readonly past: (came: readonly Came[]) => void = () => {},
  ) {
    const backgrounds = new Map<string, Station[]>();
    for (const station of site.stations.values()) {
      for (const { background } of station.dustRules) {
        if (background !== null) backgrounds.set(background, [...(backgrounds.get(background) ?? []), station]);
      }
    }
    this.backgrounds = backgrounds;
    const rules = [...site.stations.values()].filter((station) => station.dustRules.length > 0);
    this.hasShort = new Set([...rules.map(({ id }) => id), ...backgrounds.keys()]);
  }

  /** At the start: stations that are judged by another config than the last time have all their windows computed again. */
  reconsider(): void {
    for (const station of this.site.stations.values()) {
      if (!station.active) continue;
      const text = dependence(this.site, station);
      const same = this.verdicts.dependsOn(station.id, text);
      if (same === true) continue;
      this.transact(() => {
        const why = same === undefined ? '评价方法更新' : '配置变更';
        this.verdicts.markJudged(station.id, null, null, { ...NO_CAUSE, why });
        this.verdicts.setDependence(station.id, text);
      });
    }
  }

  /** Marks the windows that the next chunk of readings touched; false when there is none. `now`: as in the `close` that follows. */
  read(now: Instant): boolean {
    const batches = this.log.read(this.log.cursor('assess'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    const due = new Map<string, Due>();
    // Nearly every reading lies in the hour that still runs, and so in no window that has ended.
    const running = windowAt('hour', now, this.site.calendar).start;
    const today = windowAt('day', now, this.site.calendar).start;
    const past: Came[] = [];
    for (const { seq, readings } of batches) {
      const fates = this.workingSet.fatesOf(seq);
      readings.forEach((reading, i) => {
        if (reading.time >= running && !this.hasShort.has(reading.station) && reading.source === 'sensor') return;
        // Nobody kept the fate of what was simply stored.
        const fate = fates === undefined ? 'stored' : (fates[i] ?? null);
        // The window of one that is left to the archive waits for it; `told` says what it did.
        this.touch(reading, fate, now, due);
        if (fate !== null && reading.time < today) past.push({ reading, fate });
      });
    }
    this.transact(() => {
      for (const window of due.values()) this.verdicts.mark(window);
      if (past.length > 0) this.past(past);
      this.log.advance('assess', batches.at(-1)!.seq);
      // The archive counts by the fates; whoever comes second has no more use for them.
      const archived = this.log.cursor('archive');
      for (const { seq } of batches) if (seq <= archived) this.workingSet.forgetFates(seq);
    });
    return true;
  }

  /** Marks the closed windows of readings whose fate was open when they were read, inside a transaction. */
  told(came: readonly Came[]): void {
    this.mark(came);
    this.passed(came);
  }

  /** Marks the closed windows of readings that were taken back, inside a transaction. */
  again(readings: readonly JudgedReading[]): void {
    this.mark(readings.map((reading) => ({ reading, fate: 'stored' })));
    this.passed(readings.map((reading) => ({ reading, fate: 'corrected' })));
  }

  private mark(came: readonly Came[]): void {
    const due = new Map<string, Due>();
    for (const { reading, fate } of came) this.touch(reading, fate, this.clock.now(), due);
    for (const window of due.values()) this.verdicts.mark(window);
  }

  private passed(came: readonly Came[]): void {
    const today = windowAt('day', this.clock.now(), this.site.calendar).start;
    const past = came.filter(({ reading }) => reading.time < today);
    if (past.length > 0) this.past(past);
  }

  /** Collects the closed windows a reading lies in, with what it did to them; `null`: nothing yet. */
  private touch(reading: JudgedReading, fate: Settled | null, now: Instant, due: Map<string, Due>): void {
    const station = this.site.stations.get(reading.station);
    if (station === undefined || !station.active || fate === 'duplicate' || fate === 'void') return;
    const add = (kind: WindowKind, of: Station, start: Instant, end: Instant): void => {
      const key = `${kind} ${of.id} ${start}`;
      const cause = addCause(due.get(key)?.cause ?? NO_CAUSE, causeOf(reading, fate, end));
      due.set(key, { kind, station: of.id, start, cause });
    };
    if (reading.source === 'lab') {
      add('sample', station, reading.time, reading.time);
      return;
    }
    for (const kind of this.site.judging.get(station.medium)!.windows) {
      if (kind === 'sample') continue;
      if (kind === 'rule') this.touchRules(station, reading.time, now, add);
      else if (madeOf(kind, this.site.judging.get(station.medium)!) === null) {
        const window = windowAt(kind, reading.time, this.site.calendar);
        if (window.end <= now) add(kind, station, window.start, window.end);
      }
    }
    for (const site of this.backgrounds.get(station.id) ?? []) this.touchRules(site, reading.time, now, add);
  }

  /** A dust rule's windows are computed by the day, so that exceedances can be counted against the allowance. */
  private touchRules(
    station: Station,
    time: Instant,
    now: Instant,
    add: (kind: WindowKind, of: Station, start: Instant, end: Instant) => void,
  ): void {
    const day = windowAt('day', time, this.site.calendar);
    for (const { windowMinutes } of station.dustRules) {
      const length = windowMinutes * MINUTE;
      const end = day.start + (Math.floor((time - day.start) / length) + 1) * length;
      if (end <= now) add('rule', station, day.start, end);
    }
  }

  /** Marks the windows that are made of one that was computed, once they are over. */
  above(due: Due, now: Instant): void {
    const station = this.site.stations.get(due.station);
    if (!station) return;
    const judging = this.site.judging.get(station.medium)!;
    for (const kind of judging.windows) {
      if (madeOf(kind, judging) !== due.kind) continue;
      const window = windowAt(kind, due.start, this.site.calendar);
      if (window.end <= now) this.verdicts.mark({ ...due, kind, start: window.start });
    }
  }

  /** Marks the windows that ended since the last time, and those before the beginning that a late reading moved back. */
  close(now: Instant): boolean {
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

  /** What is closed by now. A clock that stepped back opens again what it had closed: so nothing is missed that arrives then. */
  private knownClosed(kind: WindowKind, station: Station, now: Instant): Span | undefined {
    const known = this.verdicts.closedUpTo(kind, station.id);
    if (known === undefined || known.to <= now) return known;
    const to = windowAt(closing(kind), now, this.site.calendar).start;
    const open = { from: Math.min(known.from, to), to };
    this.transact(() => this.verdicts.setClosed(kind, station.id, open));
    return open;
  }

  private closeKind(kind: WindowKind, station: Station, since: Instant, now: Instant): boolean {
    const known = this.knownClosed(kind, station, now);
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
}

/** What a reading did to a window that ended at `end`. One that came in time and was read late did nothing new. */
function causeOf(reading: JudgedReading, fate: Settled | null, end: Instant): Cause {
  if (fate === null) return NO_CAUSE;
  if (reading.amended !== undefined) {
    // What a person did is told in words; changes of our own quality are many and each of its kind. `;` parts the words.
    const { by, reason } = reading.amended;
    return { ...NO_CAUSE, amended: 1, why: by === JUDGE ? null : reason.replaceAll(';', ',') };
  }
  if (fate === 'corrected') return { ...NO_CAUSE, corrected: 1 };
  return reading.received >= end ? { ...NO_CAUSE, late: 1 } : NO_CAUSE;
}
