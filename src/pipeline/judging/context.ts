/** What do the neighbours of readings at hand make of them? */
import { type Checks, type Judgement, judgement, PASSED } from '../../domain/quality/checks.js';
import { consistency, interference, type Relations, type ValueOf } from '../../domain/quality/consistency.js';
import type { Course } from '../../domain/quality/course.js';
import { NOTHING, type SeriesFindings } from '../../domain/quality/course.js';
import { grossRange } from '../../domain/quality/intake.js';
import { follow, type Stretch } from '../../domain/quality/stretch.js';
import { samplingTime } from '../../domain/quality/timing.js';
import type { Parameter } from '../../domain/parameter.js';
import type { JudgedReading, Reading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Instant, Span } from '../../domain/time.js';
import type { WorkingSet } from '../stores.js';

/** The nearest neighbourhood that is looked at first, ms. */
const SHORTEST = 1000;

/** A series that is judged: a configured parameter of an active station. */
export interface Place extends Relations {
  readonly station: string;
  readonly parameter: Parameter;
  readonly checks: Checks;
  /** Series of the station whose quality depends on this one at the same time. */
  readonly partners: readonly string[];
}

/** The series of a site that are judged, by station and parameter. */
export function placesOf(site: Site): Map<string, Map<string, Place>> {
  const places = new Map<string, Map<string, Place>>();
  for (const { id, active, parameters } of site.stations.values()) {
    if (!active) continue;
    const judged = parameters.flatMap(({ parameter, checks }) => (checks === undefined ? [] : [{ code: parameter, checks }]));
    const isMeasured = (code: string): boolean => judged.some((one) => one.code === code);
    places.set(
      id,
      new Map(
        judged.map(({ code, checks }) => {
          const whole = checks.partOf !== null && isMeasured(checks.partOf) ? checks.partOf : null;
          const parts = judged.filter((one) => one.checks.partOf === code).map((one) => one.code);
          const disturbed = judged.filter((one) => one.checks.interference?.by === code).map((one) => one.code);
          const partners = [...new Set([...(whole === null ? [] : [whole]), ...parts, ...disturbed])];
          return [code, { station: id, parameter: site.parameters.get(code)!, checks, whole, parts, partners }];
        }),
      ),
    );
  }
  return places;
}

/** Does a reading say something about the water, so that others may be compared with it? */
export function isComparable(reading: Reading, parameter: Parameter): boolean {
  return reading.mark === 'N' && grossRange(reading.value, reading.mark, parameter).quality !== 'fail';
}

/** Quality and checks of a reading, from what its series and the items of its time say. */
export function judge(reading: Reading, place: Place, found: SeriesFindings, valueOf: ValueOf): Judgement {
  const { value, mark, time } = reading;
  if (grossRange(value, mark, place.parameter).quality === 'fail') return judgement({ 'gross-range': 'fail' });
  if (mark !== 'N') return PASSED;
  return judgement({
    'sampling-time': samplingTime(time, reading.sampled, place.checks.sampleAge),
    spike: found.spike,
    'rate-of-change': found.rate,
    'flat-line': found.flat,
    consistency: consistency(value, place, valueOf),
    interference: interference(place.checks.interference, valueOf),
  });
}

/** Readings around a change, each with what it should be. */
export interface Surroundings {
  readonly judged: readonly { readonly reading: JudgedReading; readonly judgement: Pick<JudgedReading, 'quality' | 'checks'> }[];
  /** The series up to its newest reading, when the change reaches so far; `unknown`: it may, and cannot be told from here. */
  readonly course: Course | 'untouched' | 'unknown';
  readonly newest: JudgedReading | undefined;
  /** False: what decides about some of them, or some of them, is no longer at hand. */
  readonly isWhole: boolean;
}

/** How far before and after a change there can be readings that it depends on, or that depend on it, ms. */
export function reachOf({ gap, flatLine }: Checks): number {
  // A run that has lasted so long fails whatever came before it, or comes after.
  return 4 * gap + (flatLine === null ? 0 : Math.max(flatLine.failAfter, flatLine.measurements * gap));
}

/** The items that a series is held against. */
export function companionsOf({ whole, parts, checks }: Place): readonly string[] {
  const by = checks.interference?.by;
  return [...(whole === null ? [] : [whole]), ...parts, ...(by === undefined ? [] : [by])];
}

/** Judges what is at hand in its context. */
export class Context {
  /** How far it had to look the last time. */
  private readonly reaches = new WeakMap<Place, number>();

  constructor(
    private readonly places: ReadonlyMap<string, ReadonlyMap<string, Place>>,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest' | 'floor'>,
  ) {}

  /** Everything of a series that can depend on what changed in `[from, to]`, both included. */
  around(place: Place, { from, to }: Span): Surroundings {
    const { rows, points, stretch, isEnd, isCut } = this.load(place, { from, to });
    const start = points[stretch.first]?.time ?? from;
    // Past the change nothing depends on it; the newest measurement of a stretch that goes on still waits for the next one.
    const past = points[stretch.past]?.time ?? (isEnd ? Number.POSITIVE_INFINITY : stretch.course.time);
    const end = Number.isNaN(past) ? to + 1 : past;
    const affected = rows.filter(({ time }) => (time >= start && time < end) || (time >= from && time <= to));
    const at = new Map(points.map((point, i) => [point.time, stretch.found[i]!]));
    // What its neighbours said is gone where they are no longer at hand: what was made of it then stays.
    const known = isCut ? (points[stretch.warm]?.time ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
    const valuesOf = this.others(place, affected);
    const isWhole = !isCut || (from >= this.workingSet.floor() && stretch.first > 0 && stretch.warm <= stretch.first);
    return {
      judged: affected.map((reading) => ({
        reading,
        judgement:
          reading.time < known ? reading : judge(reading, place, at.get(reading.time) ?? NOTHING, valuesOf(reading.time)),
      })),
      course: isEnd ? (isWhole ? stretch.course : 'unknown') : stretch.past < points.length ? 'untouched' : 'unknown',
      newest: rows.at(-1),
      isWhole,
    };
  }

  /** As much of the series as it takes for the findings around the change to depend on nothing else. */
  private load(
    place: Place,
    { from, to }: Span,
  ): {
    rows: readonly JudgedReading[];
    points: readonly JudgedReading[];
    stretch: Stretch;
    isEnd: boolean;
    isCut: boolean;
  } {
    const { station, parameter, checks } = place;
    const last = this.workingSet.newest(station, parameter.code);
    const near = 4 * checks.gap;
    const far = reachOf(checks);
    // A device may send far denser than its cadence: look as far as the last time needed, and no farther than it takes.
    const begin = Math.min(near, Math.max(SHORTEST, (this.reaches.get(place) ?? near) / 4));
    for (let [back, ahead] = [begin, begin]; ;) {
      const query = { station, parameter: parameter.code, from: from - back, to: to + ahead + 1 };
      const floor = this.workingSet.floor();
      const isCut = query.from < floor;
      const held = this.workingSet.rows(query, 'sensor');
      // Below it some may still be at hand, without those between them.
      const rows = isCut ? held.filter(({ time }) => time >= floor) : held;
      const points = rows.filter((reading) => isComparable(reading, parameter));
      const stretch = follow(points, checks, from, to);
      const isEnd = last === undefined || last.source !== 'sensor' || last.time < query.to;
      // Before a beginning that is too near there may be the measurement that the change is compared with.
      const isTooNear = back < near && stretch.first === 0;
      const needsBack = back < far && (isTooNear || stretch.warm > stretch.first);
      const needsAhead = ahead < far && stretch.past === points.length && !isEnd;
      if (!(needsBack && !isCut) && !needsAhead) {
        this.reaches.set(place, Math.max(back, ahead));
        return { rows, points, stretch, isEnd, isCut };
      }
      if (needsBack) back = Math.min(4 * back, far);
      if (needsAhead) ahead = Math.min(4 * ahead, far);
    }
  }

  /** The comparable values of the items that a series is held against, by time. */
  private others(place: Place, readings: readonly JudgedReading[]): (time: Instant) => ValueOf {
    const { station } = place;
    const codes = companionsOf(place);
    const [first, last] = [readings[0], readings.at(-1)];
    if (codes.length === 0 || first === undefined || last === undefined) return () => () => undefined;
    const values = new Map<string, Map<Instant, number>>();
    for (const code of codes) {
      const other = this.places.get(station)?.get(code);
      if (other === undefined) continue;
      const rows = this.workingSet.rows({ station, parameter: code, from: first.time, to: last.time + 1 }, 'sensor');
      const comparable = rows.filter((reading) => isComparable(reading, other.parameter));
      values.set(code, new Map(comparable.map(({ time, value }) => [time, value])));
    }
    return (time) => (code) => values.get(code)?.get(time);
  }
}
