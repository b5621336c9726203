/** What do the checks say about a series, measurement after measurement, in measured time? */
import type { Instant } from '../time.js';
import type { Checks, Finding } from './checks.js';
import { flatLine, FlatRun } from './flat-line.js';
import { rateOfChange } from './rate-of-change.js';
import { type Measurement, spike } from './spike.js';
import { isGap } from './timing.js';

/** What the checks of one series find at one measurement. `spike` changes once more, when the next measurement comes. */
export interface SeriesFindings {
  readonly spike: Finding;
  readonly rate: Finding;
  readonly flat: Finding;
}

/** Nothing found. */
export const NOTHING: SeriesFindings = { spike: 'pass', rate: 'pass', flat: 'pass' };

/** A reading as a series needs it. */
export interface Point extends Measurement {
  readonly sampled?: Instant;
}

/** A measurement with what is found at it. */
interface Step extends Measurement {
  readonly sampled: Instant | undefined;
  found: SeriesFindings;
}

/** Where a new point makes a difference: `newest`, something is found at it; `before`, also the measurement before it has changed. */
export type Where = 'nowhere' | 'newest' | 'before';

/** So many measurements in a row are enough to know all that the next one is compared with. */
const WARM = 5;

/**
 * Follows one series in measured time. Points must be given in order of time, and only those that say something about the
 * water (mark N, within the gross range). Points that repeat the `sampled` of the one before are one measurement: it has
 * the time and value of the first of them. O(1) a point on average.
 */
export class Course {
  private earlier: Step | null = null;
  private before: Step | null = null;
  private latest: Step | null = null;
  private readonly run: FlatRun | null;
  /** Measurements since the last gap, and the time of the first of them. */
  private chain = 0;
  private chainSince = Number.NaN;
  private hasGap = false;

  constructor(private readonly checks: Checks) {
    this.run = checks.flatLine === null ? null : new FlatRun(checks.flatLine.tolerance);
  }

  /** Takes the next point, and says where something is found, or is found no longer. */
  add({ time, value, sampled }: Point): Where {
    const { latest, checks, run } = this;
    if (latest !== null && sampled !== undefined && sampled === latest.sampled)
      return latest.found === NOTHING ? 'nowhere' : 'newest';
    if (latest !== null && isGap(latest.time, time, checks.gap)) this.breakOff();
    if (this.chain++ === 0) this.chainSince = time;
    const it: Step = { time, value, sampled, found: NOTHING };
    [this.earlier, this.before, this.latest] = [this.before, this.latest, it];
    run?.add(time, value);
    const { earlier, before } = this;
    let isBeforeChanged = false;
    if (before !== null && checks.spike !== null) {
      const last = before.found.spike;
      const found = earlier === null ? 'pass' : spike({ earlier: null, before: earlier, it: before, after: it }, checks.spike);
      if (found !== last) {
        before.found =
          found === 'pass' && before.found.rate === 'pass' && before.found.flat === 'pass'
            ? NOTHING
            : { ...before.found, spike: found };
        isBeforeChanged = true;
      }
    }
    it.found = this.findingsAt(it);
    if (isBeforeChanged) return 'before';
    return it.found === NOTHING ? 'nowhere' : 'newest';
  }

  /** What is found at the newest measurement. */
  get found(): SeriesFindings {
    return this.latest?.found ?? NOTHING;
  }

  /** The measurement before the newest, as far as no gap lies between; `null`: none. */
  get previous(): (Measurement & { readonly found: SeriesFindings }) | null {
    return this.before;
  }

  /** Time of the newest measurement, that is of its first point; NaN before any. */
  get time(): Instant {
    return this.latest?.time ?? Number.NaN;
  }

  /** True when what came before the first point given cannot change what is found from the newest one on. */
  get isWarm(): boolean {
    return this.hasGap || (this.chain >= WARM && (this.run === null || this.run.since > this.chainSince));
  }

  /** Time of the first measurement that stands as still as the newest one; of the newest itself without a flat-line check. */
  get stillSince(): Instant {
    return this.run?.since ?? this.time;
  }

  private breakOff(): void {
    this.earlier = this.before = this.latest = null;
    this.run?.clear();
    this.chain = 0;
    this.hasGap = true;
  }

  private findingsAt(it: Step): SeriesFindings {
    const { earlier, before, checks, run } = this;
    const around = { earlier, before, it, after: null };
    const flat = run === null ? 'pass' : flatLine(run, it.time, checks.flatLine!);
    const isSpike = checks.spike === null ? 'pass' : spike(around, checks.spike);
    const rate = checks.rate === null ? 'pass' : rateOfChange(around, checks.rate, checks.spike);
    return flat === 'pass' && isSpike === 'pass' && rate === 'pass' ? NOTHING : { spike: isSpike, rate, flat };
  }
}
