/** Which readings are at hand, and what is the fate of a new one? */
import { type Fate, type JudgedReading, QUALITY, type Quality, type Source } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import { type Held, type ReadingKey, type SeriesQuery } from '../../pipeline/ports.js';
import { NEVER, type StationFacts, type WorkingSet } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

const QUALITIES = new Map<number, Quality>(Object.entries(QUALITY).map(([name, flag]) => [flag, name as Quality]));
const FATES = { stored: 's', duplicate: 'd', corrected: 'c' } as const;
const FATE_OF: Readonly<Record<string, Fate | null>> = { s: 'stored', d: 'duplicate', c: 'corrected', '?': null };

interface Series {
  readonly id: number;
  newest: Instant;
  /** The reading at `newest`, once it has been seen. */
  last: JudgedReading | null;
  changed: boolean;
}

interface Row {
  time: number;
  value: number;
  mark: string;
  quality: number;
  checks: string;
  received: number;
  sampled: number | null;
  source: Source;
}

const reading = (row: Row, station: string, parameter: string): JudgedReading =>
  ({
    station,
    parameter,
    time: row.time,
    value: row.value,
    mark: row.mark,
    source: row.source,
    quality: QUALITIES.get(row.quality) ?? 'unknown',
    checks: row.checks === '' ? [] : row.checks.split(','),
    received: row.received,
    ...(row.sampled === null ? {} : { sampled: row.sampled }),
  }) as JudgedReading;

/**
 * Readings in SQLite. `forgets` says whether old ones are pruned because an archive outside holds them; where it is
 * false, this table is the archive.
 */
export class SqliteWorkingSet implements WorkingSet {
  private readonly series = new Map<string, Series>();
  private readonly stations = new Map<string, { earliest: Instant; lastArrival: Instant; changed: boolean }>();
  private readonly sql: Record<
    | 'addSeries'
    | 'series'
    | 'newest'
    | 'insert'
    | 'replace'
    | 'at'
    | 'superseded'
    | 'supersede'
    | 'fates'
    | 'keepFates'
    | 'dropFates'
    | 'rows'
    | 'station'
    | 'putStation'
    | 'all',
    Statement
  >;
  private low: Instant;

  constructor(
    private readonly database: Database,
    private readonly forgets: boolean,
  ) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS series (
        id INTEGER PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, source TEXT NOT NULL, newest INTEGER NOT NULL,
        UNIQUE (station, parameter, source)) STRICT;
      CREATE TABLE IF NOT EXISTS reading (
        series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, mark TEXT NOT NULL, quality INTEGER NOT NULL,
        checks TEXT NOT NULL, received INTEGER NOT NULL, sampled INTEGER, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS superseded (
        series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, mark TEXT NOT NULL,
        PRIMARY KEY (series, time, value, mark)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS fate (seq INTEGER PRIMARY KEY, fates TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS station (
        id TEXT PRIMARY KEY, earliest INTEGER NOT NULL, last_arrival INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS working_set (one INTEGER PRIMARY KEY CHECK (one = 1), floor INTEGER NOT NULL) STRICT;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      addSeries: p('INSERT INTO series (station, parameter, source, newest) VALUES (?, ?, ?, ?)'),
      series: p('SELECT id, newest FROM series WHERE station = ? AND parameter = ? AND source = ?'),
      newest: p('UPDATE series SET newest = ? WHERE id = ?'),
      insert: p(
        'INSERT INTO reading (series, time, value, mark, quality, checks, received, sampled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      replace: p(
        'REPLACE INTO reading (series, time, value, mark, quality, checks, received, sampled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      at: p('SELECT value, mark FROM reading WHERE series = ? AND time = ?'),
      superseded: p('SELECT 1 FROM superseded WHERE series = ? AND time = ? AND value = ? AND mark = ?'),
      supersede: p('INSERT OR IGNORE INTO superseded (series, time, value, mark) VALUES (?, ?, ?, ?)'),
      fates: p('SELECT fates FROM fate WHERE seq = ?'),
      keepFates: p('REPLACE INTO fate (seq, fates) VALUES (?, ?)'),
      dropFates: p('DELETE FROM fate WHERE seq = ?'),
      rows: p(`SELECT r.*, s.source FROM series s JOIN reading r ON r.series = s.id
        WHERE s.station = ? AND s.parameter = ? AND s.source IN (?, ?) AND r.time >= ? AND r.time < ? ORDER BY r.time, s.source LIMIT ?`),
      station: p('SELECT earliest, last_arrival FROM station WHERE id = ?'),
      putStation: p(`INSERT INTO station (id, earliest, last_arrival) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET earliest = min(earliest, excluded.earliest), last_arrival = max(last_arrival, excluded.last_arrival)`),
      all: p('SELECT id, station, parameter, source, newest FROM series'),
    };
    const floor = database.prepare('SELECT floor FROM working_set').get() as { floor: number } | undefined;
    this.low = floor?.floor ?? Number.NEGATIVE_INFINITY;
  }

  settle(r: JudgedReading): Fate | null {
    this.touch(r);
    const series = this.seriesOf(r);
    if (series.newest < r.time) {
      series.newest = r.time;
      series.last = r;
      series.changed = true;
      this.write(this.sql.insert, series, r);
      return 'stored';
    }
    const held = this.sql.at.get(series.id, r.time) as { value: number; mark: string } | undefined;
    if (held?.value === r.value && held.mark === r.mark) return 'duplicate';
    if (this.sql.superseded.get(series.id, r.time, r.value, r.mark)) return 'duplicate';
    if (held) {
      this.sql.supersede.run(series.id, r.time, held.value, held.mark);
      this.write(this.sql.replace, series, r);
      if (r.time === series.newest) series.last = r;
      return 'corrected';
    }
    this.write(this.sql.insert, series, r);
    return r.time >= this.low ? 'stored' : null;
  }

  flush(): void {
    for (const series of this.series.values()) {
      if (!series.changed) continue;
      this.sql.newest.run(series.newest, series.id);
      series.changed = false;
    }
    for (const [id, facts] of this.stations) {
      if (!facts.changed) continue;
      this.sql.putStation.run(id, facts.earliest, facts.lastArrival);
      facts.changed = false;
    }
  }

  reset(): void {
    this.series.clear();
    this.stations.clear();
  }

  keepFates(seq: number, fates: readonly (Fate | null)[]): void {
    if (fates.every((fate) => fate === 'stored')) return;
    this.sql.keepFates.run(seq, fates.map((fate) => (fate === null ? '?' : FATES[fate])).join(''));
  }

  fatesOf(seq: number): (Fate | null)[] | undefined {
    const row = this.sql.fates.get(seq) as { fates: string } | undefined;
    return row && [...row.fates].map((letter) => FATE_OF[letter] ?? null);
  }

  forgetFates(seq: number): void {
    this.sql.dropFates.run(seq);
  }

  supersede(key: ReadingKey, older: Held, newer: Held): boolean {
    const series = this.seriesOf(key);
    const isOver = this.sql.superseded.get(series.id, key.time, newer.value, newer.mark) !== undefined;
    // Also when a later value has taken the place of both: the oldest must not come back as a correction.
    this.sql.supersede.run(series.id, key.time, older.value, older.mark);
    return !isOver;
  }

  withdraw(r: JudgedReading, instead: JudgedReading | null): void {
    const series = this.find(r.station, r.parameter, r.source);
    const held = series && (this.sql.at.get(series.id, r.time) as { value: number; mark: string } | undefined);
    if (!held || held.value !== r.value || held.mark !== r.mark) return;
    this.database.onUndo(() => this.reset());
    if (instead !== null) this.write(this.sql.replace, series, instead);
    else this.database.prepare('DELETE FROM reading WHERE series = ? AND time = ?').run(series.id, r.time);
    if (r.time !== series.newest) return;
    const newest = this.database.prepare('SELECT max(time) AS time FROM reading WHERE series = ?').get(series.id) as {
      time: number | null;
    };
    // What was forgotten may still come again: below the floor only the archive knows.
    series.newest = Math.max(newest.time ?? -NEVER, Number.isFinite(this.low) ? this.low - 1 : -NEVER);
    series.last = null;
    this.sql.newest.run(series.newest, series.id);
  }

  begin(station: string, elsewhere: Instant): void {
    const { time } = this.database
      .prepare(
        `SELECT min((SELECT min(time) FROM reading WHERE series = s.id)) AS time FROM series s WHERE s.station = ? AND s.source = 'sensor'`,
      )
      .get(station) as { time: number | null };
    this.database.onUndo(() => this.reset());
    this.database.prepare('UPDATE station SET earliest = ? WHERE id = ?').run(Math.min(time ?? NEVER, elsewhere), station);
    this.stations.delete(station);
  }

  rows(query: SeriesQuery, source?: Source, max = 1_000_000): JudgedReading[] {
    const rows = this.sql.rows.all(
      query.station,
      query.parameter,
      source ?? 'lab',
      source ?? 'sensor',
      query.from,
      query.to,
      max,
    );
    return (rows as unknown as Row[]).map((row) => reading(row, query.station, query.parameter));
  }

  newest(station: string, parameter: string): JudgedReading | undefined {
    for (const source of ['sensor', 'lab'] as const) {
      const series = this.find(station, parameter, source);
      if (series === undefined) continue;
      series.last ??= this.rows({ station, parameter, from: series.newest, to: series.newest + 1 }, source)[0] ?? null;
      if (series.last !== null) return series.last;
    }
    return undefined;
  }

  station(id: string): StationFacts | undefined {
    const cached = this.stations.get(id);
    if (cached) return cached;
    const row = this.sql.station.get(id) as { earliest: number; last_arrival: number } | undefined;
    if (row === undefined) return undefined;
    const facts = { earliest: row.earliest, lastArrival: row.last_arrival, changed: false };
    this.stations.set(id, facts);
    return facts;
  }

  floor(): Instant {
    return this.low;
  }

  prune(before: Instant): void {
    if (!this.forgets || before <= this.low) return;
    const gone = this.database.prepare('DELETE FROM reading WHERE series = ? AND time < ? AND time < ?');
    this.database.transact(() => {
      for (const { id, newest } of this.sql.all.all() as { id: number; newest: number }[]) gone.run(id, before, newest);
      this.database.prepare('REPLACE INTO working_set (one, floor) VALUES (1, ?)').run(before);
    });
    this.low = before;
  }

  private touch(r: JudgedReading): void {
    let facts = this.stations.get(r.station);
    if (facts === undefined) {
      this.station(r.station);
      facts = this.stations.get(r.station);
    }
    if (facts === undefined) {
      facts = { earliest: NEVER, lastArrival: -NEVER, changed: true };
      this.stations.set(r.station, facts);
    }
    // A laboratory's sample says nothing about the device.
    if (r.source !== 'sensor') return;
    if (r.time < facts.earliest) {
      facts.earliest = r.time;
      facts.changed = true;
    }
    if (r.received > facts.lastArrival) {
      facts.lastArrival = r.received;
      facts.changed = true;
    }
  }

  private find(station: string, parameter: string, source: Source): Series | undefined {
    const key = `${station} ${parameter} ${source}`;
    const cached = this.series.get(key);
    if (cached) return cached;
    const row = this.sql.series.get(station, parameter, source) as { id: number; newest: number } | undefined;
    if (row === undefined) return undefined;
    const series = { id: row.id, newest: row.newest, last: null, changed: false };
    this.series.set(key, series);
    return series;
  }

  /** The series of a key, made when it is new. */
  private seriesOf(key: { station: string; parameter: string; source: Source }): Series {
    const known = this.find(key.station, key.parameter, key.source);
    if (known) return known;
    const before = -NEVER;
    const { lastInsertRowid } = this.sql.addSeries.run(key.station, key.parameter, key.source, before);
    const series = { id: Number(lastInsertRowid), newest: before, last: null, changed: false };
    this.series.set(`${key.station} ${key.parameter} ${key.source}`, series);
    return series;
  }

  private write(statement: Statement, series: Series, r: JudgedReading): void {
    statement.run(series.id, r.time, r.value, r.mark, QUALITY[r.quality], r.checks.join(','), r.received, r.sampled ?? null);
  }
}
