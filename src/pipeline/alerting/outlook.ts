/** What has each series done lately, in few numbers? The recent course of series, for the rules that the clock drives. */
import type { Alert } from '../../domain/alerting/alert.js';
import { type Measurement, median } from '../../domain/alerting/robust.js';
import { validity } from '../../domain/quality/intake.js';
import type { JudgedReading } from '../../domain/reading.js';
import { DAY, HOUR, type Instant, MINUTE } from '../../domain/time.js';
import type { WorkingSet } from '../stores.js';

/** The alerts that stand; `Episodes` keeps them in memory. */
export interface StandingAlerts {
  list(): readonly Alert[];
}

/** Values that are read at once; a stretch with more is dense, and is read in samples. */
const AT_ONCE = 3000;

/** Samples of an hour of a dense series, and values of each. */
const SAMPLES = 4;
const OF_A_SAMPLE = 15;

/** A dense series is looked at again after this time, however much came. */
const DENSE_PACE = 10 * MINUTE;

/** Readings may be late or amended: the last hours are read again with every new value, all of it once an hour. */
const AGAIN = 2 * HOUR;
const WHOLE_PACE = HOUR;

/** Of what is read whole in one round: a plain series costs one, a dense one more. The rest waits for the next round. */
const BUDGET = 8;
const DENSE_COST = 6;

interface Kept {
  course: readonly Measurement[];
  newest: JudgedReading;
  isDense: boolean;
  readAt: Instant;
  wholeAt: Instant;
}

/**
 * The recent course of series from the working set: valid measurements, a repeated sampling instant once, unconfirmed spikes
 * left out, and of several in one hour their median. Kept in memory: a series without anything new costs a look.
 */
export class Outlook {
  private readonly kept = new Map<string, Kept>();
  private left = BUDGET;

  constructor(
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest'>,
    private readonly days: number,
  ) {}

  /** A round begins: so much may be read whole in it. */
  begin(): void {
    this.left = BUDGET;
  }

  /**
   * The course of the last days, oldest first; the same array as before when nothing changed. `null`: nothing is there, or it
   * was not read yet.
   */
  course(station: string, parameter: string, now: Instant): readonly Measurement[] | null {
    const newest = this.workingSet.newest(station, parameter);
    if (newest === undefined) return null;
    const key = `${station} ${parameter}`;
    const kept = this.kept.get(key);
    if (kept === undefined) return this.whole(key, newest, now);
    const isSame =
      kept.newest.time === newest.time && kept.newest.value === newest.value && kept.newest.quality === newest.quality;
    if (kept.isDense) {
      if (isSame || now - kept.readAt < DENSE_PACE) return kept.course;
    } else {
      if (now - kept.wholeAt >= WHOLE_PACE) return this.whole(key, newest, now) ?? kept.course;
      if (isSame) return kept.course;
    }
    const from = Math.floor((Math.min(kept.newest.time, newest.time) - AGAIN) / HOUR) * HOUR;
    const fresh = hourly(this.read(station, parameter, from, newest.time + 1, kept.isDense).rows);
    const oldest = now - this.days * DAY;
    kept.course = [...kept.course.filter(({ time }) => time < from && time >= oldest), ...fresh];
    kept.newest = newest;
    kept.readAt = now;
    return kept.course;
  }

  /** Mean of the valid values of a stretch, of a dense one in samples; `null` when there is none. */
  mean(station: string, parameter: string, from: Instant, to: Instant): number | null {
    const values = this.read(station, parameter, from, to, false).rows.filter(isTelling);
    return values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / values.length;
  }

  private whole(key: string, newest: JudgedReading, now: Instant): readonly Measurement[] | null {
    if (this.left <= 0) return null;
    const { station, parameter } = newest;
    const read = this.read(station, parameter, now - this.days * DAY, newest.time + 1, false);
    this.left -= read.isDense ? DENSE_COST : 1;
    const before = this.kept.get(key)?.course;
    // What is the same stays the same array: nobody works on it twice.
    const found = hourly(read.rows);
    const course = before !== undefined && isSameCourse(before, found) ? before : found;
    this.kept.set(key, { course, newest, isDense: read.isDense, readAt: now, wholeAt: now });
    return course;
  }

  /** The readings of a stretch, of a dense one samples. */
  private read(station: string, parameter: string, from: Instant, to: Instant, isDense: boolean): Rows {
    if (!isDense) {
      const rows = this.workingSet.rows({ station, parameter, from, to }, 'sensor', AT_ONCE + 1);
      if (rows.length <= AT_ONCE) return { rows, isDense: false };
    }
    const rows: JudgedReading[] = [];
    const step = HOUR / SAMPLES;
    for (let t = from; t < to; t += step)
      rows.push(...this.workingSet.rows({ station, parameter, from: t, to: Math.min(t + step, to) }, 'sensor', OF_A_SAMPLE));
    return { rows, isDense: true };
  }
}

interface Rows {
  readonly rows: readonly JudgedReading[];
  readonly isDense: boolean;
}

const isSameCourse = (a: readonly Measurement[], b: readonly Measurement[]): boolean =>
  a.length === b.length && a.every(({ time, value }, i) => time === b[i]!.time && value === b[i]!.value);

/** Does a reading say how the water is: valid, and no spike that waits for the next value? */
export const isTelling = (r: JudgedReading): boolean =>
  validity(r) === 'counts' && !(r.quality === 'suspect' && r.checks.includes('spike'));

/** The distinct measurements of readings in order of time; of several in one hour the median, in their middle. */
export function hourly(rows: readonly JudgedReading[]): Measurement[] {
  const course: Measurement[] = [];
  let hour = Number.NaN;
  let group: Measurement[] = [];
  let sampled: Instant | undefined;
  const close = (): void => {
    if (group.length === 1) course.push(group[0]!);
    else if (group.length > 1)
      course.push({
        time: Math.round((group[0]!.time + group.at(-1)!.time) / 2),
        value: median(group.map(({ value }) => value)),
      });
    group = [];
  };
  for (const row of rows) {
    if (!isTelling(row) || (row.sampled !== undefined && row.sampled === sampled)) continue;
    sampled = row.sampled;
    const time = row.sampled ?? row.time;
    const at = Math.floor(time / HOUR);
    if (at !== hour) close();
    hour = at;
    group.push({ time, value: row.value });
  }
  close();
  return course;
}
