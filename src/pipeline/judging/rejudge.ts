/** Which old readings does an act of a person change, or a value that came late? Queue of touched spans → amendments in the log. */
import { amend, onFile, type OnFile } from '../../domain/quality/decision.js';
import type { JudgedReading, Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { DAY, type Instant, type Span } from '../../domain/time.js';
import { amendment, type Amendments, JUDGE } from './amendments.js';
import { companionsOf, Context, type Place, placesOf, reachOf, type Surroundings } from './context.js';
import type { DecisionStore, Rejudge } from '../deciding/decision-stores.js';
import { queue, type ReviewStore } from '../deciding/review.js';
import { laidOver } from '../held-readings.js';
import type { Archive, Clock, SeriesQuery } from '../ports.js';
import type { ReadingLog, Transact, WorkingSet } from '../stores.js';

/** Readings looked at in one step. */
const CHUNK = 5000;

/** Readings of one series that may lie around a chunk: more than any device sends in the time that is looked over. */
const AROUND = 1_000_000;

/** Values that may wait for the slowest consumer while more amendments are made. */
const MOST_WAITING = 50_000;

/** What stands on file about each station, remembered: every reading that arrives asks. */
export class Rulings {
  private readonly files = new Map<string, OnFile>();

  constructor(private readonly store: DecisionStore) {}

  /** About one station. */
  of(station: string): OnFile {
    let file = this.files.get(station);
    if (file === undefined) {
      const all = Number.MAX_SAFE_INTEGER;
      file = onFile(this.store.maintenance({ station }, all), this.store.decisions({ station }, all));
      this.files.set(station, file);
    }
    return file;
  }

  /** Something was entered about the station. */
  forget(station: string): void {
    this.files.delete(station);
  }
}

/** A series in which something came at `[from, to]`, as it is queued to be judged among its neighbours in the archive. */
export const inContext = ({ station, parameter }: Place, { from, to }: Span): Omit<Rejudge, 'id' | 'reached'> => ({
  ...{ station, parameters: [parameter.code], from, to: to + 1, by: JUDGE, reason: '' },
});

/** A stretch of one series, complete up to `end`. */
interface Stretch {
  readonly readings: readonly JudgedReading[];
  readonly end: Instant;
}

/**
 * Works the queue off, a chunk of one series at a time: what the readings of a touched span should be by now is held
 * against what they are, and every difference is appended to the log as an amendment, together with how far this has
 * come. What arrives meanwhile is ruled on by whoever judges arrivals, with the same `Rulings`.
 *
 * An act changes rulings alone. What came late and was no neighbour of anything at hand is judged, with all it touches, from
 * the archive with what is at hand laid over it, as if it had come in order.
 */
export class Rejudger {
  private readonly places: ReadonlyMap<string, ReadonlyMap<string, Place>>;

  constructor(
    private readonly site: Site,
    private readonly store: DecisionStore,
    private readonly rulings: Rulings,
    private readonly log: ReadingLog,
    private readonly amendments: Amendments,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'newest' | 'floor'>,
    private readonly archive: Pick<Archive, 'readings'>,
    private readonly reviews: ReviewStore,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly appended: () => void,
  ) {
    this.places = placesOf(site);
  }

  /** Looks at the next chunk; false when none waits, or when it has to wait itself. Throws `ArchiveError` while old readings cannot be read. */
  async step(): Promise<boolean> {
    const next = this.store.nextRejudge();
    if (next === undefined || this.mustWait(next)) return false;
    // In an order of its own, so that a config with its parameters in another order goes on where this one stopped.
    const parameters = next.parameters ?? [...this.site.parameters.keys()].sort();
    const at = Math.max(0, next.reached === null ? 0 : parameters.indexOf(next.reached.parameter));
    const parameter = parameters[at]!;
    const from = next.reached?.parameter === parameter ? next.reached.time : next.from;
    const to = Math.min(next.to, this.clock.now() + DAY);
    const query = { station: next.station, parameter, from, to };
    const { readings, end } = await this.stretch(query);
    const surroundings = next.reason === '' ? await this.surroundings({ ...query, to: end }) : null;
    // Somebody else may have amended while the archive was asked.
    if (this.mustWait(next)) return true;
    const head = this.log.head();
    let found = 0;
    try {
      this.transact(() => {
        const file = this.rulings.of(next.station);
        const now = this.clock.now();
        const changed = surroundings
          ? this.judged(surroundings(), file, now)
          : readings.flatMap((reading) => amend(reading, file, now, next) ?? []);
        found = changed.length;
        this.amendments.append(changed);
        const following = parameters[at + 1];
        if (end < to) this.store.advanceRejudge(next.id, { parameter, time: end });
        else this.store.advanceRejudge(next.id, following === undefined ? null : { parameter: following, time: next.from });
      });
    } catch (error) {
      this.log.rewind(head);
      throw error;
    }
    if (found > 0) this.appended();
    return true;
  }

  /**
   * Fetches what decides about the readings of a span from the archive; what is returned judges them and all they touch, with
   * what is at hand at that moment. `null`: the series is judged no more.
   */
  private async surroundings({ station, parameter, from, to }: SeriesQuery): Promise<(() => Surroundings['judged']) | null> {
    const place = this.places.get(station)?.get(parameter);
    if (place === undefined) return null;
    const reach = reachOf(place.checks);
    const far = new Map<string, readonly JudgedReading[]>();
    for (const code of [parameter, ...companionsOf(place)])
      far.set(code, await this.archive.readings({ station, parameter: code, from: from - reach, to: to + reach }, AROUND));
    const held = {
      rows: (query: SeriesQuery, source?: Source) =>
        laidOver(within(far.get(query.parameter) ?? [], query, source), this.workingSet.rows(query, source)),
      newest: (of: string, code: string) => this.workingSet.newest(of, code),
      floor: () => Number.NEGATIVE_INFINITY,
    };
    return () => new Context(this.places, held).around(place, { from, to: to - 1 }).judged;
  }

  /** The amendments that readings need, with the queue for review brought in line. */
  private judged(all: Surroundings['judged'], file: OnFile, now: Instant): JudgedReading[] {
    return all.flatMap(({ reading, judgement }) => {
      const amended = amendment(reading, judgement, file, now);
      queue(this.reviews, amended ?? reading, now);
      return amended ?? [];
    });
  }

  /** A reading that looks right may be changed by an amendment on its way, made under what stood before this act. */
  private mustWait(next: Rejudge): boolean {
    if (!this.amendments.haveArrived || this.log.longest() > MOST_WAITING) return true;
    return (next.reason === '' || next.from < this.workingSet.floor()) && !this.amendments.haveBeenArchived;
  }

  /** At hand, or from the archive with what is at hand laid over it; cut where either has more than a chunk. */
  private async stretch(query: SeriesQuery): Promise<Stretch> {
    if (query.from >= query.to) return { readings: [], end: query.to };
    const far = query.from >= this.workingSet.floor() ? [] : await this.archive.readings(query, CHUNK);
    const near = this.workingSet.rows(query, undefined, CHUNK);
    // Two sources may share an instant, so the last one of a full chunk is left to the next.
    const endOf = (rows: readonly JudgedReading[]): Instant => (rows.length < CHUNK ? query.to : rows.at(-1)!.time);
    const end = Math.min(endOf(far), endOf(near));
    return { readings: laidOver(far, near).filter(({ time }) => time < end), end };
  }
}

/** Those in the span of a query, of one source where it names one. */
const within = (
  readings: readonly JudgedReading[],
  { from, to }: SeriesQuery,
  of: Source | undefined,
): readonly JudgedReading[] =>
  readings.filter(({ time, source }) => time >= from && time < to && (of === undefined || source === of));
