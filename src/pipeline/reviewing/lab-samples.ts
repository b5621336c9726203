/** What did the laboratory find in the samples of a span, and which of it is over a limit? */
import { assessSample } from '../../domain/compliance/assess.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import type { Limit } from '../../domain/standards/limit.js';
import type { Station } from '../../domain/station.js';
import type { Instant, Span } from '../../domain/time.js';
import type { Archive } from '../ports.js';
import type { WorkingSet } from '../stores.js';
import { heldReadings } from '../held-readings.js';
import type { ReviewDayStore } from './review-stores.js';

/** Readings of one series that are read in one go. */
export const MOST_READINGS = 20_000;

/** One value of a sample, held as its sample's verdict holds it. */
export interface SampleValue {
  readonly reading: JudgedReading;
  /** Empty where it has none. */
  readonly limits: readonly Limit[];
  /** How far it is beyond one of them, whatever was decided about it; `null`: it is not. */
  readonly beyond: number | null;
}

/** Looks up the laboratory's values of stations. */
export class LabSamples {
  constructor(
    private readonly site: Site,
    private readonly store: Pick<ReviewDayStore, 'sampled'>,
    private readonly workingSet: Pick<WorkingSet, 'rows' | 'floor'>,
    private readonly archive: Pick<Archive, 'readings'>,
  ) {}

  /** In order of time, then as the site lists its parameters. Throws `ArchiveError` while old ones cannot be read. */
  async of(station: Station, span: Span): Promise<SampleValue[]> {
    // A laboratory tests more than the station measures, so all parameters are asked for, where there is a sample at all.
    if (this.store.sampled(station.id, span).length === 0) return [];
    const series = await Promise.all(
      [...this.site.parameters.keys()].map((parameter) =>
        heldReadings(this.workingSet, this.archive, { station: station.id, parameter, ...span }, 'lab', MOST_READINGS),
      ),
    );
    const all = series.flat();
    const times = [...new Set(all.map(({ time }) => time))].sort((a, b) => a - b);
    return times.flatMap((at) =>
      this.held(
        station,
        at,
        all.filter(({ time }) => time === at),
      ),
    );
  }

  private held(station: Station, time: Instant, readings: readonly JudgedReading[]): SampleValue[] {
    // As if nothing had been left out: what was taken out over a limit must be told too.
    const whole = readings.map((one) => ({ ...one, ruling: 'restored' as const }));
    const { findings } = assessSample(this.site, station, time, whole);
    return readings.map((reading) => {
      const own = findings.filter(({ parameter }) => parameter === reading.parameter);
      const over = own.flatMap(({ outcome, limit }) => (outcome === 'exceeded' && limit !== null ? [limit] : []));
      return {
        reading,
        limits: own.flatMap(({ limit }) => limit ?? []),
        beyond: over.length === 0 ? null : Math.max(...over.map((limit) => distance(reading.value, limit))),
      };
    });
  }
}

/** How far a value is beyond a limit, in its unit; 0 within it. */
export const distance = (value: number, { low, high }: Limit): number =>
  Math.max(high === null ? 0 : value - Number(high), low === null ? 0 : Number(low) - value, 0);
