/** Where does raw history live when there is no InfluxDB? In the working set itself, which then forgets nothing. */
import type { JudgedReading } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import type { Archive, Held, ReadingKey, SeriesQuery, Step } from '../../pipeline/ports.js';
import type { Database, Statement } from './database.js';
import type { SqliteWorkingSet } from './working-set.js';

const OF_SERIES = `FROM series s JOIN reading r ON r.series = s.id WHERE s.station = ? AND s.parameter = ? AND r.time >= ? AND r.time < ?`;
const COUNTS = `CASE WHEN r.quality <> 4 AND r.mark IN ('N', 'S', 'T') THEN 1 END`;
const VALUE = `CASE WHEN r.quality <> 4 AND r.mark IN ('N', 'S', 'T') THEN r.value END`;

/** The archive over the working set's table: `settle` has written every winner there before `archive` comes by. */
export class EmbeddedArchive implements Archive {
  readonly name = 'SQLite';
  private readonly counted: Statement;
  private readonly stepped: Statement;

  constructor(
    private readonly database: Database,
    private readonly workingSet: SqliteWorkingSet,
  ) {
    this.counted = database.prepare(`SELECT count(*) AS n ${OF_SERIES}`);
    // The driver binds large integers as reals, and real division would make every reading a step of its own.
    this.stepped =
      database.prepare(`SELECT (r.time - CAST(? AS INTEGER)) / CAST(? AS INTEGER) AS step, avg(${VALUE}) AS mean, min(${VALUE}) AS min, max(${VALUE}) AS max,
      count(${COUNTS}) AS valid, count(*) AS total ${OF_SERIES} GROUP BY step ORDER BY step`);
  }

  async write(): Promise<void> {}

  async find(keys: readonly ReadingKey[]): Promise<(Held | undefined)[]> {
    return keys.map(
      ({ station, parameter, source, time }) => this.workingSet.rows({ station, parameter, from: time, to: time + 1 }, source)[0],
    );
  }

  async readings(query: SeriesQuery, max: number): Promise<JudgedReading[]> {
    return this.workingSet.rows(query, undefined, max);
  }

  async count({ station, parameter, from, to }: SeriesQuery): Promise<number> {
    return (this.counted.get(station, parameter, from, to) as { n: number }).n;
  }

  async steps({ station, parameter, from, to }: SeriesQuery, stepMs: number, origin: Instant): Promise<Step[]> {
    const rows = this.stepped.all(origin, stepMs, station, parameter, from, to) as unknown as (Omit<Step, 'start'> & {
      step: number;
    })[];
    return rows.map(({ step, ...rest }) => ({ start: origin + step * stepMs, ...rest }));
  }

  async check(): Promise<void> {
    this.database.sqlite.exec('SELECT 1');
  }

  async close(): Promise<void> {}
}
