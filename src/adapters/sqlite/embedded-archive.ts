/** Where does raw history live when there is no InfluxDB? In the working set itself, which then forgets nothing. */
import { type JudgedReading, SOURCES } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import type { Archive, Held, ReadingKey, SeriesQuery, Step } from '../../pipeline/ports.js';
import type { Database } from './database.js';
import type { SqliteWorkingSet } from './working-set.js';

/** The archive over the working set's rows: `settle` has written every winner there before `archive` comes by. */
export class EmbeddedArchive implements Archive {
  readonly name = 'SQLite';
  constructor(
    private readonly database: Database,
    private readonly workingSet: SqliteWorkingSet,
  ) {}

  async write(): Promise<void> {}

  async find(keys: readonly ReadingKey[]): Promise<(Held | undefined)[]> {
    return keys.map(
      ({ station, parameter, source, time }) => this.workingSet.rows({ station, parameter, from: time, to: time + 1 }, source)[0],
    );
  }

  async readings(query: SeriesQuery, max: number): Promise<JudgedReading[]> {
    return this.workingSet.rows(query, undefined, max);
  }

  async count(query: SeriesQuery): Promise<number> {
    let n = 0;
    for (const source of SOURCES) this.workingSet.chunks.scan(query, source, (_, start, end) => (n += end - start) >= 0);
    return n;
  }

  async steps(query: SeriesQuery, stepMs: number, origin: Instant): Promise<Step[]> {
    const steps = new Map<number, { sum: number; min: number; max: number; valid: number; total: number }>();
    for (const source of SOURCES) {
      this.workingSet.chunks.scan(query, source, (chunk, from, end) => {
        for (let i = from; i < end; i++) {
          const at = Math.floor((chunk.timeAt(i) - origin) / stepMs);
          let step = steps.get(at);
          if (step === undefined) steps.set(at, (step = { sum: 0, min: Infinity, max: -Infinity, valid: 0, total: 0 }));
          step.total += 1;
          if (!chunk.countsAt(i)) continue;
          const value = chunk.valueAt(i);
          step.valid += 1;
          step.sum += value;
          if (value < step.min) step.min = value;
          if (value > step.max) step.max = value;
        }
        return true;
      });
    }
    return [...steps]
      .sort(([a], [b]) => a - b)
      .map(([at, { sum, min, max, valid, total }]) => {
        const figures = valid === 0 ? { mean: null, min: null, max: null } : { mean: sum / valid, min, max };
        return { start: origin + at * stepMs, ...figures, valid, total };
      });
  }

  async check(): Promise<void> {
    this.database.sqlite.exec('SELECT 1');
  }

  async close(): Promise<void> {}
}
