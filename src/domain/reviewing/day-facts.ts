/** What is there to be looked at in one day of a station: what failed a check, what was over a limit, what did not come? */
import { CHECK_NAMES, type CheckName } from '../quality/checks.js';
import { isSetAside, validity } from '../quality/intake.js';
import type { JudgedReading } from '../reading.js';
import { HOUR, type Instant, MINUTE, type Span } from '../time.js';

/** One series of a day, as it is held. */
export interface DaySeries {
  readonly parameter: string;
  /** Minutes between two due values; `null`: the laboratory's, of which none is due. */
  readonly cadence: number | null;
  /** Of the sensor, or of the laboratory, in order of time. */
  readonly readings: readonly JudgedReading[];
  /** How far a single value is beyond its limit, whatever was decided about it; `null`: it is not. */
  readonly beyond: (reading: JudgedReading) => number | null;
}

/** An alert about an instrument, or of no data, that reached into the day. */
export interface DayAlert {
  readonly kind: 'sensor' | 'no-data';
  readonly parameter: string | null;
  readonly zh: string;
  readonly en: string;
}

/** What was found in one series. */
export interface SeriesFacts {
  readonly parameter: string;
  /** Of laboratory samples (化验); absent: of the sensor. */
  readonly isLab?: true;
  readonly total: number;
  /** Readings that count and are over a limit. */
  readonly over: number;
  /** The value farthest beyond it; `null`: none is. */
  readonly worst: number | null;
  /** Doubtful readings that nobody has decided about, by check. */
  readonly doubts: Readonly<Partial<Record<CheckName, number>>>;
  /** Of them so many do not count. */
  readonly failed: number;
  /** Readings that people took out (人工剔除), and how many of them are over a limit. */
  readonly setAside: number;
  readonly setAsideOver: number;
  /** Due values that did not come. */
  readonly missing: number;
  /** The longest stretch without a value, ms; 0 where none is long. */
  readonly gap: number;
}

/** What was found in a day; only what there is something to say of. */
export interface DayFacts {
  /** Readings of all series. */
  readonly total: number;
  readonly series: readonly SeriesFacts[];
  readonly alerts: readonly DayAlert[];
}

/** A silence is told from so many cadences, and from an hour. */
const CADENCES = 3;

/** The facts of a day. Series that never gave a value should not be among them. */
export function dayFacts(series: readonly DaySeries[], day: Span, alerts: readonly DayAlert[]): DayFacts {
  const found = series.map((one) => seriesFacts(one, day));
  return {
    total: found.reduce((sum, { total }) => sum + total, 0),
    series: found.filter(
      ({ over, doubts, setAside, gap }) => over > 0 || setAside > 0 || gap > 0 || Object.keys(doubts).length > 0,
    ),
    alerts,
  };
}

function seriesFacts({ parameter, cadence, readings, beyond }: DaySeries, day: Span): SeriesFacts {
  const doubts: Partial<Record<CheckName, number>> = {};
  let [over, failed, setAside, setAsideOver] = [0, 0, 0, 0];
  let worst: number | null = null;
  let farthest = -1;
  for (const reading of readings) {
    const found = validity(reading);
    const by = beyond(reading);
    if (isSetAside(found)) {
      setAside++;
      if (by !== null) setAsideOver++;
    } else if ((found === 'counts' || found === 'upper') && by !== null) {
      over++;
      if (by > farthest) [farthest, worst] = [by, reading.value];
    }
    if (reading.ruling !== undefined || (reading.quality !== 'suspect' && reading.quality !== 'fail')) continue;
    if (reading.quality === 'fail') failed++;
    for (const check of reading.checks) if (isCheck(check)) doubts[check] = (doubts[check] ?? 0) + 1;
  }
  return {
    ...{ parameter, total: readings.length, over, worst, doubts, failed, setAside, setAsideOver },
    ...(cadence === null ? { isLab: true, missing: 0, gap: 0 } : silence(cadence * MINUTE, readings, day)),
  };
}

/** What did not come of values that are due every `length` ms. */
function silence(length: number, readings: readonly JudgedReading[], day: Span): Pick<SeriesFacts, 'missing' | 'gap'> {
  const due = Math.floor((day.to - day.from) / length);
  const gap = longestGap(readings, day);
  const isLong = gap >= Math.max(CADENCES * length, HOUR);
  return { missing: isLong ? Math.max(0, due - readings.length) : 0, gap: isLong ? gap : 0 };
}

/** The longest stretch of the day without a value, ms; the whole day where none came. */
function longestGap(readings: readonly JudgedReading[], day: Span): number {
  let [longest, last]: [number, Instant] = [0, day.from];
  for (const { time } of readings) {
    longest = Math.max(longest, time - last);
    last = time;
  }
  return Math.max(longest, day.to - last);
}

const isCheck = (name: string): name is CheckName => (CHECK_NAMES as readonly string[]).includes(name);
