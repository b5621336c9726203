/** Which readings wait for a person to look at them? */
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime } from '../../domain/time.js';
import { type ReadingKey, Refusal } from '../ports.js';

/** A reading that waits for review. */
export interface Doubt extends ReadingKey {
  readonly value: number;
  readonly quality: 'suspect' | 'fail';
  readonly checks: readonly string[];
  /** Since when it waits. */
  readonly since: Instant;
}

/** Readings that wait for review, one entry a key. All changes are made inside the judge's transaction. */
export interface ReviewStore {
  /** Adds, or renews value, quality and checks of the one that waits. */
  put(doubt: Doubt): void;
  remove(key: ReadingKey): void;
  /** Newest measured first, of all stations or one. */
  list(station: string | null, limit: number): Doubt[];
  /** How many wait, of all stations or one. */
  count(station: string | null): number;
}

/** Brings the store in line with what a reading is by now: it waits while it is suspect or failed and nobody has decided. */
export function queue(store: ReviewStore, reading: JudgedReading, now: Instant): void {
  const { station, parameter, source, time, value, quality, checks, ruling } = reading;
  const key = { station, parameter, source, time };
  if (ruling === undefined && (quality === 'suspect' || quality === 'fail'))
    store.put({ ...key, value, quality, checks, since: now });
  else store.remove(key);
}

/** Answers which readings wait. */
export class ReviewReport {
  constructor(
    private readonly site: Site,
    private readonly store: Pick<ReviewStore, 'list' | 'count'>,
    /** How many days of stations wait for a first review. */
    private readonly days: (station: string | null) => { waiting: number; changed: number } = () => ({ waiting: 0, changed: 0 }),
  ) {}

  /** Newest measured first, of all stations or one. Throws `Refusal` for a station that is not in the config. */
  review({ station = null, limit }: { readonly station?: string | null | undefined; readonly limit: number }) {
    if (station !== null && !this.site.stations.has(station)) throw new Refusal('not-found', `没有编号为 ${station} 的站点`);
    const iso = (t: Instant): string => isoTime(t, this.site.calendar);
    return {
      total: this.store.count(station),
      days: this.days(station),
      review: this.store.list(station, limit).map(({ time, since, checks, ...doubt }) => ({
        ...doubt,
        time: iso(time),
        checks: [...checks],
        since: iso(since),
      })),
    };
  }
}
