/** Where are the readings of each series? In chunks, the newest of which is open; many readings to a row. */
import type { JudgedReading, Source } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import type { SeriesQuery } from '../../pipeline/ports.js';
import { NEVER } from '../../pipeline/stores.js';
import { Chunk, FULL, type SeriesName, type StoredChunk } from './chunk.js';
import type { Database, Statement } from './database.js';

/** A closed chunk with its row. */
interface Closed {
  readonly id: number;
  readonly chunk: Chunk;
}

/**
 * A series in memory. Its newest readings are in `open`, which is never empty once a reading came; the older ones in closed
 * chunks, of which the one looked at last is kept. Closed chunks do not overlap and end before `open` begins.
 */
export interface Series extends SeriesName {
  readonly id: number;
  open: Chunk;
  closed: Closed | null;
  /** Is there any closed chunk? */
  hasClosed: boolean;
  waits: boolean;
}

/** The chunks of all series. What changes stays in memory until `flush`, which belongs into the same transaction. */
export class ChunkStore {
  /** Station → parameter and source → series. */
  private readonly series = new Map<string, Map<string, Series>>();
  private readonly waiting: Series[] = [];
  private readonly sql: Record<
    | 'addSeries'
    | 'series'
    | 'all'
    | 'open'
    | 'putOpen'
    | 'close'
    | 'anyClosed'
    | 'firstClosed'
    | 'closedAt'
    | 'closedIn'
    | 'putClosed'
    | 'dropClosed',
    Statement
  >;

  /** `undone`: a series that was made in a transaction is gone with it, and whoever remembers anything of it must forget it. */
  constructor(
    private readonly database: Database,
    private readonly undone: () => void,
  ) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS series (
        id INTEGER PRIMARY KEY, station TEXT NOT NULL, parameter TEXT NOT NULL, source TEXT NOT NULL,
        UNIQUE (station, parameter, source)) STRICT;
      CREATE TABLE IF NOT EXISTS open_chunk (series INTEGER PRIMARY KEY, data BLOB NOT NULL, rest TEXT) STRICT;
      CREATE TABLE IF NOT EXISTS chunk (
        id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL,
        rest TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS chunk_of_series ON chunk (series, first);
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
      // The chunk that a time lies in or after; before all of them, the first.
      closedAt: p(`SELECT id, data, rest FROM chunk WHERE series = ?1 AND first >= coalesce(
        (SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2) ORDER BY first LIMIT 1`),
      closedIn: p(`SELECT id, data, rest FROM chunk WHERE series = ?1 AND first >= coalesce(
        (SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2) AND first < ?3 ORDER BY first`),
      putClosed: p('UPDATE chunk SET first = ?, last = ?, data = ?, rest = ? WHERE id = ?'),
      dropClosed: p('DELETE FROM chunk WHERE id = ?'),
      all: p('SELECT station, parameter, source FROM series'),
    };
  }

  /** Every series there is. */
  names(): SeriesName[] {
    return this.sql.all.all() as { station: string; parameter: string; source: Source }[];
  }

  /** A series, if it has ever had a reading. */
  find(station: string, parameter: string, source: Source): Series | undefined {
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
  seriesOf({ station, parameter, source }: SeriesName): Series {
    const known = this.find(station, parameter, source);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.sql.addSeries.run(station, parameter, source);
    // Taken back with the transaction, it must not be remembered.
    this.database.onUndo(this.undone);
    const key = source === 'sensor' ? parameter : `${parameter} ${source}`;
    return this.remember(key, { id: Number(lastInsertRowid), station, parameter, source, hasClosed: false }, new Chunk());
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

  /** Takes the reading at a position away. */
  take(series: Series, chunk: Chunk, position: number): void {
    chunk.remove(position, position + 1);
    if (series.open.size === 0 && series.hasClosed) this.reopen(series);
    this.wait(series);
  }

  /** Measured time of the earliest reading; `NaN` when there is none. */
  first(series: Series): Instant {
    return (this.sql.firstClosed.get(series.id) as { first: number | null }).first ?? series.open.first;
  }

  /** Writes what has changed. */
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
  }

  /** Forgets what is in memory. */
  reset(): void {
    this.series.clear();
    this.waiting.length = 0;
  }

  /** Forgets what was measured before `before`, but for the newest. */
  prune(series: Series, before: Instant): void {
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

  /** The chunk that a time not after the newest belongs to. */
  chunkAt(series: Series, time: Instant): Chunk {
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

  /** Puts a reading into one of its series' chunks. */
  put(series: Series, chunk: Chunk, r: JudgedReading): void {
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
  append(series: Series, r: JudgedReading): void {
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
