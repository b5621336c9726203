/** What is the verdict of each window that is due? Log and clock → verdicts. */
import { assessSample, assessWindow, type ReadingsOf } from '../domain/compliance/assess.js';
import { causeText, hasChanged, NO_CAUSE } from '../domain/compliance/change.js';
import { type Excuse, type Excused, itemsText, siteWithout } from '../domain/compliance/excuse.js';
import { assessPeriod, partOf } from '../domain/compliance/period.js';
import { assessRule } from '../domain/compliance/rule.js';
import type { Verdict } from '../domain/compliance/verdict.js';
import type { JudgedReading, Source } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import type { Station } from '../domain/station.js';
import { DAY, type Instant, type Span, type Window, windowAt, type WindowKind } from '../domain/time.js';
import { heldReadings } from './held-readings.js';
import { type DueWindows, unit } from './judging/due.js';
import type { Archive, Clock, Live } from './ports.js';
import type { JudgedAs } from './judging/judged-as.js';
import type { Due, VerdictStore } from './judging/verdict-stores.js';
import type { Transact, WorkingSet } from './stores.js';

/** Windows computed in one transaction. */
const WINDOWS = 50;

/** How long computing waits for a backlog of readings to end, ms. */
const PATIENCE = 5000;

/** Windows that are made of other windows, and so wait until none of those is in the same step. */
const MADE: ReadonlySet<WindowKind> = new Set(['month', 'quarter', 'year']);

/** Readings of a series in a day: two a second. */
const MOST_READINGS = 2 * (DAY / 1000);

/** Windows that a period can be made of: the days of a year. */
const MOST_PARTS = 366;

const NOTHING: Excused = { whole: null, items: new Map() };

/** A window that was computed. */
interface Done {
  readonly due: Due;
  readonly judged: readonly { readonly verdict: Verdict; readonly excuse: Excuse | null }[];
}

/**
 * Keeps the verdicts, and the changes of those that were given. Windows that are due are computed from what is at hand
 * and, when they are older than that, from the archive; while it is away they wait, durably (待重算).
 */
export class Assess {
  private waitingFor: string | null = null;
  private computed = Number.NEGATIVE_INFINITY;
  private reconsidered = false;

  constructor(
    private readonly site: Site,
    private readonly due: DueWindows,
    private readonly workingSet: WorkingSet,
    private readonly archive: Archive,
    private readonly verdicts: VerdictStore,
    private readonly judgedAs: JudgedAs,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
  ) {}

  /** Windows that wait for the archive, and why; `null` when none does. */
  get waiting(): string | null {
    return this.waitingFor;
  }

  /** Marks what the next chunk of readings touched, then what the clock closed, then computes; false when nothing is left. */
  async step(): Promise<boolean> {
    if (!this.reconsidered) this.due.reconsider();
    this.reconsidered = true;
    const now = this.clock.now();
    const read = this.due.read(now);
    const closed = this.due.close(now);
    // While a backlog is read its windows are marked again and again: computing them waits for its end, but not for ever.
    if (read && this.clock.now() - this.computed < PATIENCE) return true;
    this.computed = this.clock.now();
    const computed = await this.compute();
    if (read || closed || computed) return true;
    return this.transact(() => this.verdicts.reprint());
  }

  private async compute(): Promise<boolean> {
    const marks = this.verdicts.marks();
    const marked = this.nextMarked();
    if (marked.length === 0) {
      this.waitingFor = null;
      return false;
    }
    const now = this.clock.now();
    const done: Done[] = [];
    let failure: Error | null = null;
    for (const due of marked) {
      try {
        done.push({ due, judged: await this.judge(due, now) });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        break;
      }
    }
    if (done.length > 0) {
      this.transact(() => {
        for (const { due, judged } of done) {
          for (const { verdict, excuse } of judged) this.keep(verdict, excuse, due, now);
          this.verdicts.unmark(due, marks);
          this.due.above(due, now);
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

  /** Keeps a verdict, and the change when it differs from the one that was given before. */
  private keep(verdict: Verdict, excuse: Excuse | null, { cause }: Due, now: Instant): void {
    const before = this.verdicts.put(verdict, now, excuse?.id ?? null);
    const after = { verdict: verdict.verdict, class: verdict.class, excused: excuse !== null };
    if (before === undefined || !hasChanged(before, after)) return;
    const { kind, station, start, end } = verdict;
    const reason = causeText(cause ?? NO_CAUSE);
    this.verdicts.record({ kind, station, start, end, at: now, from: before, to: after, reason });
  }

  /**
   * The windows to compute next. What is at hand comes first: it needs no archive and must not wait behind what does.
   * A month is made of stored days, so it waits until no day is in the same step; so do quarters and years.
   */
  private nextMarked(): Due[] {
    const near = this.verdicts.marked(WINDOWS, this.workingSet.floor());
    const some = near.length > 0 ? near : this.verdicts.marked(WINDOWS, Number.NEGATIVE_INFINITY);
    const [first] = some;
    const end = some.findIndex(({ kind }) => MADE.has(kind) && kind !== first?.kind);
    return end > 0 ? some.slice(0, end) : some;
  }

  /** Judges a window as far as it is not excused. Of a dust day that still runs, the windows that closed. */
  private async judge(due: Due, now: Instant): Promise<Done['judged']> {
    const known = this.site.stations.get(due.station);
    // The config may have dropped the station since the window was marked.
    if (known === undefined || !known.active) return [];
    const { station, excusedOf } = this.judgedAs(known);
    const calendar = due.kind === 'sample' ? null : windowAt(unit(due.kind), due.start, this.site.calendar);
    const window: Window = { kind: due.kind, start: due.start, end: calendar?.end ?? due.start };
    const tested = due.kind === 'sample' ? await this.tested(station, due.start) : [];
    const sampled = due.kind === 'sample' ? itemsOfSample(this.site, station, due.start, tested) : undefined;
    // A dust day is judged whole, and each of its windows excused by itself.
    const excused = due.kind === 'rule' ? NOTHING : excusedOf(window, sampled);
    const items = excused.whole === null ? excused.items : NOTHING.items;
    const site = siteWithout(this.site, station, items);
    const isExcused = (part: Window, of?: readonly string[]): boolean => excusedOf(part, of).whole !== null;
    const left = tested.filter(({ parameter }) => !items.has(parameter));
    const verdicts = await this.verdict(site, station, due, isExcused, left);
    const words = itemsText(items, (parameter) => this.site.parameters.get(parameter)?.name ?? parameter);
    return verdicts
      .filter((verdict) => verdict.end <= now)
      .map((verdict) => ({
        verdict: words === '' ? verdict : { ...verdict, reason: verdict.reason === null ? words : `${verdict.reason};${words}` },
        excuse: due.kind === 'rule' ? excusedOf(verdict, parametersOf(verdict.findings)).whole : excused.whole,
      }));
  }

  /** The verdicts of what is due; `isExcused` tells of a window that is judged by some items, and `tested` what a sample is judged by. */
  private async verdict(
    site: Site,
    station: Station,
    due: Due,
    isExcused: (part: Window, items?: readonly string[]) => boolean,
    tested: readonly JudgedReading[],
  ): Promise<Verdict[]> {
    const { kind } = due;
    if (kind === 'sample') return tested.length === 0 ? [] : [assessSample(site, station, due.start, tested)];
    const window = windowAt(unit(kind), due.start, site.calendar);
    switch (kind) {
      case 'hour':
      case 'day':
        return [assessWindow(site, station, { ...window, kind }, await this.readings(station, window))];
      case 'month':
      case 'quarter':
      case 'year': {
        const part = partOf(kind, site.judging.get(station.medium)!);
        const parts = this.verdicts.list(part, [station.id], { from: window.start, to: window.end }, null, MOST_PARTS, 0);
        // What was excused is in no mean either: a dry river's days say nothing of its water.
        return [
          assessPeriod(
            site,
            station,
            { ...window, kind },
            parts.filter((each) => !isExcused(each)),
          ),
        ];
      }
      case 'rule': {
        const verdicts: Verdict[] = [];
        for (const rule of station.dustRules) {
          const background = rule.background === null ? undefined : site.stations.get(rule.background);
          const own = await this.readings(station, window);
          verdicts.push(
            ...assessRule(
              ...([site, station, rule, window, own, background ? await this.readings(background, window) : null] as const),
              (part) => isExcused(part, [rule.parameter]),
            ),
          );
        }
        return verdicts;
      }
    }
  }

  /** What the laboratory found in the sample of an instant. */
  private async tested(station: Station, time: Instant): Promise<JudgedReading[]> {
    const readings = await Promise.all(
      [...this.site.parameters.keys()].map((parameter) => this.series(station, parameter, { from: time, to: time + 1 }, 'lab')),
    );
    return readings.flat();
  }

  /** All sensor readings of a station in a window, by parameter. */
  private async readings(station: Station, window: Window): Promise<ReadingsOf> {
    const span = { from: window.start, to: window.end };
    const series = await Promise.all(
      station.parameters.map(
        async ({ parameter }) => [parameter, await this.series(station, parameter, span, 'sensor')] as const,
      ),
    );
    const sensor = new Map(series);
    return (parameter) => sensor.get(parameter) ?? [];
  }

  private series({ id }: Station, parameter: string, span: Span, of: Source): Promise<JudgedReading[]> {
    return heldReadings(this.workingSet, this.archive, { station: id, parameter, ...span }, of, MOST_READINGS);
  }
}

const parametersOf = (of: readonly { readonly parameter: string }[]): string[] => of.map(({ parameter }) => parameter);

/** The items that make the verdict of a sample; where none does, all that were tested. */
function itemsOfSample(site: Site, station: Station, time: Instant, tested: readonly JudgedReading[]): string[] {
  const counted = assessSample(site, station, time, tested).findings.filter((finding) => finding.counted);
  return parametersOf(counted.length > 0 ? counted : tested);
}
