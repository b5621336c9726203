/** Is a reading believable beside its neighbours, and what did people decide about it? Log → amendments. */
import type { Judgement } from '../domain/quality/checks.js';
import { consistency } from '../domain/quality/consistency.js';
import type { Course } from '../domain/quality/course.js';
import { ruled } from '../domain/quality/decision.js';
import { samplingTime } from '../domain/quality/timing.js';
import type { JudgedReading } from '../domain/reading.js';
import type { Site } from '../domain/site.js';
import type { Instant, Span } from '../domain/time.js';
import type { DecisionStore } from './deciding/decision-stores.js';
import { amendment, type Amendments, JUDGE } from './judging/amendments.js';
import { Context, isComparable, judge, type Place, placesOf } from './judging/context.js';
import type { Clock, ReadingKey } from './ports.js';
import { inContext, type Rulings } from './judging/rejudge.js';
import { queue, type ReviewStore } from './deciding/review.js';
import type { ReadingLog, Transact, WorkingSet } from './stores.js';

/** Values of one transaction. */
const CHUNK = 1500;

/** Changes of a series that lie nearer than so many gaps are looked at together. */
const TOGETHER = 16;

/** What is remembered of a series so that its next reading, in order and unsuspicious, needs nothing else. */
interface Live {
  readonly course: Course;
  newest: JudgedReading;
  /** False when `newest` was found beside another and its own turn has not come. */
  isJudged: boolean;
}

interface Series {
  readonly place: Place;
  live: Live | undefined;
  /** Times at which something has to be looked at, in this step. */
  changes: Span[];
}

/** The items of a station's newest time that are held against each other. */
interface Frame {
  time: Instant;
  /** False when items of that time may have come before this began. */
  isWhole: boolean;
  values: Map<string, number>;
}

interface Watched {
  readonly series: ReadonlyMap<string, Series>;
  frame: Frame | null;
}

const keyOf = ({ station, parameter, source, time }: ReadingKey): string => `${station} ${parameter} ${source} ${time}`;

/**
 * Follows `settle`. A reading that comes in order and raises no doubt costs a look into memory; everything else (late,
 * corrected, doubtful, decided about) is judged from what is at hand with all it touches, so that the same readings in any
 * order end with the same quality; what depends on readings that are no longer at hand is queued to be judged again from the
 * archive. Whatever then differs from what is held is appended to the log as an amendment, in one
 * transaction with the queue for review and the cursor. An amendment is not judged itself. What only the archive can tell the
 * fate of is judged when it was told.
 */
export class Judge {
  private readonly stations: ReadonlyMap<string, Watched>;
  private readonly context: Context;
  /** What this step appends, by key. */
  private readonly amendments = new Map<string, JudgedReading>();
  /** Readings to which nothing but rulings apply, and amendments by others. */
  private readonly lookups: ReadingKey[] = [];
  private readonly touched = new Set<Series>();

  constructor(
    site: Site,
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly pending: Amendments,
    private readonly rulings: Rulings,
    private readonly reviews: ReviewStore,
    /** Takes what cannot be judged from what is at hand alone. */
    private readonly rejudges: Pick<DecisionStore, 'enqueue'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly appended: () => void,
  ) {
    const places = placesOf(site);
    this.context = new Context(places, workingSet);
    const watch = (place: Place): Series => ({ place, live: undefined, changes: [] });
    this.stations = new Map(
      [...places].map(([station, of]) => [
        station,
        { series: new Map([...of].map(([code, place]) => [code, watch(place)])), frame: null },
      ]),
    );
  }

  /** Judges the next chunk; false when there is none, or when amendments are still on their way to what is held. */
  step(): boolean {
    if (!this.pending.haveArrived) return false;
    const batches = this.log.read(this.log.cursor('judge'), this.log.cursor('settle'), CHUNK);
    if (batches.length === 0) return false;
    this.inOneStep(() => {
      this.log.advance('judge', batches.at(-1)!.seq);
      return batches.flatMap(({ readings }) => readings);
    });
    return true;
  }

  /**
   * Judges values that came to be at hand after they were passed: `keep` brings them there and returns them, in the same
   * transaction. False, and nothing done, when amendments are still on their way to what is held.
   */
  judgeLate(keep: () => readonly JudgedReading[]): boolean {
    if (!this.pending.haveArrived) return false;
    this.inOneStep(keep);
    return true;
  }

  private inOneStep(take: () => readonly JudgedReading[]): void {
    const head = this.log.head();
    let count = 0;
    try {
      this.transact(() => {
        for (const reading of take()) this.look(reading);
        for (const series of this.touched) this.settle(series);
        for (const key of this.lookups) this.lookUp(key);
        for (const amendment of this.amendments.values()) queue(this.reviews, amendment, this.clock.now());
        count = this.amendments.size;
        this.pending.append([...this.amendments.values()]);
      });
    } catch (error) {
      this.log.rewind(head);
      this.forget();
      throw error;
    } finally {
      for (const series of this.touched) series.changes = [];
      this.touched.clear();
      this.lookups.length = 0;
      this.amendments.clear();
    }
    if (count > 0) this.appended();
  }

  /** Memory of a step that failed is no memory. */
  private forget(): void {
    for (const station of this.stations.values()) {
      station.frame = null;
      for (const series of station.series.values()) series.live = undefined;
    }
  }

  /** One reading of the log: nothing to say in a look, or something to be looked at when all of the chunk are known. */
  private look(reading: JudgedReading): void {
    const { station, parameter, time } = reading;
    const watched = this.stations.get(station);
    const series = watched?.series.get(parameter);
    if (reading.amended !== undefined) {
      // Ours have queued what they say; those of people decide what waits for them.
      if (reading.amended.by !== JUDGE) this.lookups.push(reading);
      return;
    }
    const file = this.rulings.of(station);
    const isRuled = time < file.until && ruled(reading, file) !== null;
    if (watched === undefined || series === undefined || reading.source !== 'sensor') {
      if (isRuled || reading.quality === 'fail') this.lookups.push(reading);
      return;
    }
    const { live, place } = series;
    if (live === undefined || time <= live.newest.time) {
      if (live?.newest.time === time && live.isJudged && isSame(live.newest, reading)) return;
      this.change(series, time, time);
      this.changeOthers(watched, place, time);
      return;
    }
    live.newest = reading;
    live.isJudged = true;
    if (isRuled) this.change(series, time, time);
    if (!isComparable(reading, place.parameter)) {
      if (reading.quality === 'fail') queue(this.reviews, reading, this.clock.now());
      return;
    }
    if (place.partners.length > 0 || place.checks.interference !== null) this.compare(watched, series, reading);
    const where = live.course.add(reading);
    if (where === 'before') this.change(series, live.course.previous!.time, time);
    else if (where === 'newest') this.object(series, reading);
    else if (samplingTime(time, reading.sampled, place.checks.sampleAge) !== 'pass') this.object(series, reading);
  }

  /** A doubt about the newest reading that its own series or time raises: nothing else has to be looked at. */
  private object(series: Series, reading: JudgedReading): void {
    const { changes, place, live } = series;
    if (changes.some(({ from, to }) => reading.time >= from && reading.time <= to)) return;
    this.amend(
      reading,
      judge(reading, place, live!.course.found, () => undefined),
    );
  }

  /** Holds a reading against the other items of its time; whatever does not fit is looked at. */
  private compare(watched: Watched, series: Series, reading: JudgedReading): void {
    const { time, value } = reading;
    const { place } = series;
    watched.frame ??= this.frameOf(watched);
    const { frame } = watched;
    if (time > frame.time) {
      frame.time = time;
      frame.isWhole = true;
      frame.values.clear();
    }
    if (time === frame.time) frame.values.set(place.parameter.code, value);
    const valueOf = (code: string): number | undefined => frame.values.get(code);
    const isFine =
      time === frame.time &&
      frame.isWhole &&
      consistency(value, place, valueOf) === 'pass' &&
      !this.disturbs(watched, place.parameter.code, valueOf);
    if (isFine) return;
    this.change(series, time, time);
    this.changeOthers(watched, place, time);
  }

  /** Does a value of the frame disturb another, one of them being that of `code`? */
  private disturbs({ series }: Watched, code: string, valueOf: (code: string) => number | undefined): boolean {
    const isDisturbed = (of: string): boolean => {
      const check = series.get(of)?.place.checks.interference ?? null;
      return check !== null && valueOf(of) !== undefined && (valueOf(check.by) ?? Number.NEGATIVE_INFINITY) > check.above;
    };
    return isDisturbed(code) || series.get(code)!.place.partners.some(isDisturbed);
  }

  /** What the items of a station were compared at before this began. */
  private frameOf({ series }: Watched): Frame {
    const times = [...series.values()].map(({ place }) => this.workingSet.newest(place.station, place.parameter.code)?.time);
    return { time: times.reduce<number>((a, b) => Math.max(a, b ?? a), 0), isWhole: false, values: new Map() };
  }

  private change(series: Series, from: Instant, to: Instant): void {
    series.changes.push({ from, to });
    this.touched.add(series);
  }

  private changeOthers({ series }: Watched, { partners }: Place, time: Instant): void {
    for (const code of partners) this.change(series.get(code)!, time, time);
  }

  /** Judges all that the changes of a series touch. */
  private settle(series: Series): void {
    const { place, changes } = series;
    const { gap } = place.checks;
    const sorted = changes.toSorted((a, b) => a.from - b.from);
    for (let i = 0; i < sorted.length;) {
      const { from } = sorted[i]!;
      let { to } = sorted[i]!;
      for (i++; i < sorted.length && sorted[i]!.from - to <= TOGETHER * gap; i++) to = Math.max(to, sorted[i]!.to);
      const { judged, course, newest, isWhole } = this.context.around(place, { from, to });
      if (!isWhole) this.rejudges.enqueue(inContext(place, { from, to }));
      for (const { reading, judgement } of judged) {
        this.amend(reading, judgement);
        // A correction may have ended a doubt, or begun one, without an amendment.
        const isChanged = reading.time >= from && reading.time <= to;
        if (isChanged && !this.amendments.has(keyOf(reading))) queue(this.reviews, reading, this.clock.now());
      }
      if (course === 'unknown') series.live = undefined;
      else if (course !== 'untouched') {
        series.live = newest && { course, newest, isJudged: judged.at(-1)?.reading === newest };
      }
    }
  }

  /** A reading that is judged by rulings alone, or was amended by a person. */
  private lookUp({ station, parameter, source, time }: ReadingKey): void {
    const reading = this.workingSet.rows({ station, parameter, from: time, to: time + 1 }, source)[0];
    if (reading === undefined || this.amendments.has(keyOf(reading))) return;
    this.amend(reading, reading);
    if (!this.amendments.has(keyOf(reading))) queue(this.reviews, reading, this.clock.now());
  }

  /** Notes the amendment that makes a reading what it should be; none when it is right as it is held. */
  private amend(reading: JudgedReading, judgement: Pick<Judgement, 'quality'> & { readonly checks: readonly string[] }): void {
    const key = keyOf(reading);
    const amended = amendment(reading, judgement, this.rulings.of(reading.station), this.clock.now());
    if (amended === null) this.amendments.delete(key);
    else this.amendments.set(key, amended);
  }
}

const isSame = (a: JudgedReading, b: JudgedReading): boolean =>
  a.value === b.value && a.mark === b.mark && a.sampled === b.sampled;
