/** Which readings are at hand, and what is the fate of a new one? */
import type { JudgedReading, Settled, Source } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import { type Held, type ReadingKey, type SeriesQuery } from '../../pipeline/ports.js';
import { NEVER, type StationFacts, type WorkingSet } from '../../pipeline/stores.js';
import { Chunk, FULL, type SeriesName, type StoredChunk } from './chunk.js';
import type { Database, Statement } from './database.js';
import { moveOldReadings, setAsideOldReadings } from './old-layout.js';

const FATES = { stored: 's', duplicate: 'd', corrected: 'c', amended: 'a', void: 'v' } as const;
const FATE_OF: Readonly<Record<string, Settled | null>> = {
  ...{ s: 'stored', d: 'duplicate', c: 'corrected', a: 'amended', v: 'void' },
  '?': null,
};

/** A closed chunk with its row. */
interface Closed {
  readonly id: number;
  readonly chunk: Chunk;
}

/**
 * A series in memory. Its newest readings are in `open`, which is never empty once a reading came; the older ones in closed
 * chunks, of which the one looked at last is kept. Closed chunks do not overlap and end before `open` begins.
 */
interface Series extends SeriesName {
  readonly id: number;
  open: Chunk;
  closed: Closed | null;
  /** Is there any closed chunk? */
  hasClosed: boolean;
  waits: boolean;
}

/**
 * Readings in SQLite, many to a row. `forgets` says whether old ones are pruned because an archive outside holds them;
 * where it is false, these rows are the archive.
 */
export class SqliteWorkingSet implements WorkingSet {
  /** Station → parameter and source → series. */
  private series = new Map<string, Map<string, Series>>();
  private readonly waiting: Series[] = [];
  private readonly stations = new Map<string, { earliest: Instant; lastArrival: Instant; changed: boolean }>();
  private readonly sql: Record<
    | 'addSeries'
    | 'series'
    | 'open'
    | 'putOpen'
    | 'close'
    | 'anyClosed'
    | 'firstClosed'
    | 'sensors'
    | 'closedAt'
    | 'closedIn'
    | 'putClosed'
    | 'dropClosed'
    | 'superseded'
    | 'supersede'
    | 'fates'
    | 'keepFates'
    | 'dropFates'
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
    const old = setAsideOldReadings(database);
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS series (
        id INTEGER PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, source TEXT NOT NULL,
        UNIQUE (station, parameter, source)) STRICT;
      CREATE TABLE IF NOT EXISTS open_chunk (series INTEGER PRIMARY KEY, data BLOB NOT NULL, rest TEXT) STRICT;
      CREATE TABLE IF NOT EXISTS chunk (
        id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL,
        rest TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS chunk_of_series ON chunk (series, first);
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
      addSeries: p('INSERT INTO series (station, parameter, source) VALUES (?, ?, ?)'),
      series: p('SELECT id FROM series WHERE station = ? AND parameter = ? AND source = ?'),
      open: p('SELECT data, rest FROM open_chunk WHERE series = ?'),
      putOpen: p('REPLACE INTO open_chunk (series, data, rest) VALUES (?, ?, ?)'),
      close: p('INSERT INTO chunk (series, first, last, data, rest) VALUES (?, ?, ?, ?, ?)'),
      anyClosed: p('SELECT 1 FROM chunk WHERE series = ? LIMIT 1'),
      firstClosed: p('SELECT min(first) AS first FROM chunk WHERE series = ?'),
      sensors: p("SELECT parameter FROM series WHERE station = ? AND source = 'sensor'"),
      // The chunk that a time lies in or after; before all of them, the first.
      closedAt: p(`SELECT id, data, rest FROM chunk WHERE series = ?1 AND first >= coalesce(
        (SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2) ORDER BY first LIMIT 1`),
      closedIn: p(`SELECT id, data, rest FROM chunk WHERE series = ?1 AND first >= coalesce(
        (SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2) AND first < ?3 ORDER BY first`),
      putClosed: p('UPDATE chunk SET first = ?, last = ?, data = ?, rest = ? WHERE id = ?'),
      dropClosed: p('DELETE FROM chunk WHERE id = ?'),
      superseded: p('SELECT 1 FROM superseded WHERE series = ? AND time = ? AND value = ? AND mark = ?'),
      supersede: p('INSERT OR IGNORE INTO superseded (series, time, value, mark) VALUES (?, ?, ?, ?)'),
      fates: p('SELECT fates FROM fate WHERE seq = ?'),
      keepFates: p('REPLACE INTO fate (seq, fates) VALUES (?, ?)'),
      dropFates: p('DELETE FROM fate WHERE seq = ?'),
      station: p('SELECT earliest, last_arrival FROM station WHERE id = ?'),
      putStation: p(`INSERT INTO station (id, earliest, last_arrival) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET earliest = min(earliest, excluded.earliest), last_arrival = max(last_arrival, excluded.last_arrival)`),
      all: p('SELECT station, parameter, source FROM series'),
    };
    const floor = database.prepare('SELECT floor FROM working_set').get() as { floor: number } | undefined;
    this.low = floor?.floor ?? Number.NEGATIVE_INFINITY;
    if (!old) return;
    const append = (r: JudgedReading): void => this.append(this.seriesOf(r), r);
    moveOldReadings(database, append, () => this.flush());
  }

  settle(r: JudgedReading): Settled | null {
    if (r.amended !== undefined) return this.amend(r);
    this.touch(r);
    const series = this.seriesOf(r);
    // Of an empty series everything is new from the floor on; below it only the archive knows.
    if (series.open.size === 0 ? r.time >= this.low : r.time > series.open.last) {
      this.append(series, r);
      return 'stored';
    }
    const chunk = this.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held >= 0 && chunk.valueAt(held) === r.value && chunk.markAt(held) === r.mark) return 'duplicate';
    if (this.sql.superseded.get(series.id, r.time, r.value, r.mark)) return 'duplicate';
    if (held >= 0) this.sql.supersede.run(series.id, r.time, chunk.valueAt(held), chunk.markAt(held));
    this.put(series, chunk, r);
    if (held >= 0) return 'corrected';
    return r.time >= this.low ? 'stored' : null;
  }

  flush(): void {
    for (const series of this.waiting) {
      this.writeClosed(series);
      if (series.open.changed) {
        const { data, rest } = series.open.store();
        this.sql.putOpen.run(series.id, data, rest);
        series.open.changed = false;
      }
      series.waits = false;
    }
    this.waiting.length = 0;
    for (const [id, facts] of this.stations) {
      if (!facts.changed) continue;
      this.sql.putStation.run(id, facts.earliest, facts.lastArrival);
      facts.changed = false;
    }
  }

  reset(): void {
    this.series.clear();
    this.waiting.length = 0;
    this.stations.clear();
  }

  keepFates(seq: number, fates: readonly (Settled | null)[]): void {
    if (fates.every((fate) => fate === 'stored')) return;
    this.sql.keepFates.run(seq, fates.map((fate) => (fate === null ? '?' : FATES[fate])).join(''));
  }

  fatesOf(seq: number): (Settled | null)[] | undefined {
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
    if (series === undefined || series.open.size === 0 || r.time > series.open.last) return;
    const chunk = this.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held < 0 || chunk.valueAt(held) !== r.value || chunk.markAt(held) !== r.mark) return;
    this.database.onUndo(() => this.reset());
    if (instead !== null) chunk.put(instead);
    else chunk.remove(held, held + 1);
    if (series.open.size === 0 && series.hasClosed) this.reopen(series);
    this.wait(series);
    this.flush();
  }

  begin(station: string, elsewhere: Instant): void {
    let earliest = elsewhere;
    for (const { parameter } of this.sql.sensors.all(station) as { parameter: string }[]) {
      const series = this.find(station, parameter, 'sensor')!;
      if (series.open.size === 0) continue;
      const { first } = this.sql.firstClosed.get(series.id) as { first: number | null };
      earliest = Math.min(earliest, first ?? series.open.first);
    }
    this.database.onUndo(() => this.reset());
    this.database.prepare('UPDATE station SET earliest = ? WHERE id = ?').run(earliest, station);
    this.stations.delete(station);
  }

  rows(query: SeriesQuery, source?: Source, max = 1_000_000): JudgedReading[] {
    if (source !== undefined) return this.rowsOf(query, source, max);
    const lab = this.rowsOf(query, 'lab', max);
    const sensor = this.rowsOf(query, 'sensor', max);
    return lab.length === 0 ? sensor : [...lab, ...sensor].sort((a, b) => a.time - b.time).slice(0, max);
  }

  /**
   * Calls `visit` for every stretch of a series in `[from, to)`, in order: positions from `start` until before `end` of a
   * chunk. Ends early when it answers false.
   */
  scan(query: SeriesQuery, source: Source, visit: (chunk: Chunk, start: number, end: number) => boolean): void {
    const series = this.find(query.station, query.parameter, source);
    if (series === undefined) return;
    const show = (chunk: Chunk): boolean => {
      const [start, end] = [chunk.from(query.from), chunk.from(query.to)];
      return end <= start || visit(chunk, start, end);
    };
    if (series.hasClosed && (series.open.size === 0 || query.from < series.open.first)) {
      for (const row of this.sql.closedIn.iterate(series.id, query.from, query.to) as Iterable<StoredChunk & { id: number }>) {
        // What is in memory may be newer than its row.
        if (!show(series.closed?.id === row.id ? series.closed.chunk : Chunk.load(row))) return;
      }
    }
    show(series.open);
  }

  newest(station: string, parameter: string): JudgedReading | undefined {
    for (const source of ['sensor', 'lab'] as const) {
      const series = this.find(station, parameter, source);
      if (series !== undefined && series.open.size > 0) return series.open.reading(series.open.size - 1, series);
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
    this.database.transact(() => {
      for (const { station, parameter, source } of this.sql.all.all() as unknown as SeriesName[]) {
        this.pruneSeries(this.find(station, parameter, source)!, before);
      }
      this.flush();
      this.database.prepare('REPLACE INTO working_set (one, floor) VALUES (1, ?)').run(before);
    });
    this.low = before;
  }

  /** Writes over a reading that still has the amendment's value and mark; one that is not at hand is left to the archive. */
  private amend(r: JudgedReading): Settled | null {
    const series = this.find(r.station, r.parameter, r.source);
    const gone = r.time < this.low ? null : 'void';
    if (series === undefined || series.open.size === 0 || r.time > series.open.last) return gone;
    const chunk = this.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held < 0) return gone;
    if (chunk.valueAt(held) !== r.value || chunk.markAt(held) !== r.mark) return 'void';
    this.put(series, chunk, r);
    return 'amended';
  }

  private pruneSeries(series: Series, before: Instant): void {
    const rows = this.sql.closedIn.all(series.id, Number.NEGATIVE_INFINITY, before) as unknown as (StoredChunk & {
      id: number;
    })[];
    for (const { id } of rows) {
      const chunk = this.load(series, id, rows);
      chunk.remove(0, chunk.from(before));
      this.wait(series);
      this.writeClosed(series);
    }
    series.hasClosed = this.sql.anyClosed.get(series.id) !== undefined;
    const { open } = series;
    if (open.size === 0 || open.first >= before) return;
    // The newest stays, however old.
    open.remove(0, Math.min(open.from(before), open.size - 1));
    this.wait(series);
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

  private rowsOf(query: SeriesQuery, source: Source, max: number): JudgedReading[] {
    const name = { station: query.station, parameter: query.parameter, source };
    const rows: JudgedReading[] = [];
    this.scan(query, source, (chunk, start, end) => {
      for (let i = start; i < end && rows.length < max; i++) rows.push(chunk.reading(i, name));
      return rows.length < max;
    });
    return rows;
  }

  private find(station: string, parameter: string, source: Source): Series | undefined {
    const key = source === 'sensor' ? parameter : `${parameter} ${source}`;
    const known = this.series.get(station)?.get(key);
    if (known !== undefined) return known;
    const row = this.sql.series.get(station, parameter, source) as { id: number } | undefined;
    if (row === undefined) return undefined;
    const open = this.sql.open.get(row.id) as StoredChunk | undefined;
    const hasClosed = this.sql.anyClosed.get(row.id) !== undefined;
    return this.remember(key, { id: row.id, station, parameter, source, hasClosed }, open ? Chunk.load(open) : new Chunk());
  }

  private remember(key: string, series: SeriesName & { id: number; hasClosed: boolean }, open: Chunk): Series {
    let ofStation = this.series.get(series.station);
    if (ofStation === undefined) {
      ofStation = new Map();
      this.series.set(series.station, ofStation);
    }
    const remembered = { ...series, open, closed: null, waits: false };
    ofStation.set(key, remembered);
    return remembered;
  }

  /** The series of a key, made when it is new. */
  private seriesOf({ station, parameter, source }: SeriesName): Series {
    const known = this.find(station, parameter, source);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.sql.addSeries.run(station, parameter, source);
    // Taken back with the transaction, it must not be remembered.
    this.database.onUndo(() => this.reset());
    const key = source === 'sensor' ? parameter : `${parameter} ${source}`;
    return this.remember(key, { id: Number(lastInsertRowid), station, parameter, source, hasClosed: false }, new Chunk());
  }

  /** The chunk that a time not after the newest belongs to. */
  private chunkAt(series: Series, time: Instant): Chunk {
    const { open, closed } = series;
    if (!series.hasClosed || time >= open.first) return open;
    if (closed !== null && time >= closed.chunk.first && time <= closed.chunk.last) return closed.chunk;
    const row = this.sql.closedAt.get(series.id, time) as unknown as StoredChunk & { id: number };
    return this.load(series, row.id, [row]);
  }

  /** Makes a closed chunk the one that is kept in memory. */
  private load(series: Series, id: number, rows: readonly (StoredChunk & { id: number })[]): Chunk {
    if (series.closed?.id !== id) {
      this.writeClosed(series);
      series.closed = { id, chunk: Chunk.load(rows.find((row) => row.id === id)!) };
    }
    return series.closed.chunk;
  }

  private put(series: Series, chunk: Chunk, r: JudgedReading): void {
    chunk.put(r);
    this.wait(series);
    if (chunk.size <= 2 * FULL) return;
    // Late readings have filled it up: two of half the size.
    if (chunk === series.open) {
      series.open = chunk.cut(FULL);
      this.insert(series, chunk);
    } else {
      this.insert(series, chunk.cut(FULL));
    }
  }

  /** The newest closed chunk takes the place of an open one that was emptied. */
  private reopen(series: Series): void {
    const row = this.sql.closedAt.get(series.id, NEVER) as unknown as StoredChunk & { id: number };
    series.open = this.load(series, row.id, [row]);
    series.open.changed = true;
    series.closed = null;
    this.sql.dropClosed.run(row.id);
    series.hasClosed = this.sql.anyClosed.get(series.id) !== undefined;
  }

  private wait(series: Series): void {
    if (series.waits) return;
    series.waits = true;
    this.waiting.push(series);
  }

  /** Adds a reading newer than all of its series. */
  private append(series: Series, r: JudgedReading): void {
    if (series.open.size >= FULL) {
      this.insert(series, series.open);
      series.open = new Chunk();
    }
    this.put(series, series.open, r);
  }

  private insert(series: Series, chunk: Chunk): void {
    const { data, rest } = chunk.store();
    this.sql.close.run(series.id, chunk.first, chunk.last, data, rest);
    series.hasClosed = true;
  }

  private writeClosed(series: Series): void {
    const { closed } = series;
    if (closed === null || !closed.chunk.changed) return;
    const { id, chunk } = closed;
    chunk.changed = false;
    if (chunk.size === 0) {
      this.sql.dropClosed.run(id);
      series.closed = null;
      return;
    }
    const { data, rest } = chunk.store();
    this.sql.putClosed.run(chunk.first, chunk.last, data, rest, id);
  }
}
