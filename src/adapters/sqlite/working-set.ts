/** Which readings are at hand, and what is the fate of a new one? */
import type { JudgedReading, Settled, Source } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import type { Held, SeriesQuery } from '../../pipeline/ports.js';
import { NEVER, type StationFacts, type WorkingSet } from '../../pipeline/stores.js';
import { ChunkStore } from './chunk-store.js';
import type { Database, Statement } from './database.js';
import { moveOldReadings, setAsideOldReadings } from './old-layout.js';

const FATES = { stored: 's', duplicate: 'd', corrected: 'c', amended: 'a', void: 'v' } as const;
const FATE_OF: Readonly<Record<string, Settled | null>> = {
  ...{ s: 'stored', d: 'duplicate', c: 'corrected', a: 'amended', v: 'void' },
  '?': null,
};

/**
 * Readings in SQLite, many to a row. `forgets` says whether old ones are pruned because an archive outside holds them;
 * where it is false, these rows are the archive.
 */
export class SqliteWorkingSet implements WorkingSet {
  /** The readings themselves; the embedded archive looks through them. */
  readonly chunks: ChunkStore;
  private readonly stations = new Map<string, { earliest: Instant; lastArrival: Instant; changed: boolean }>();
  private readonly sql: Record<
    'superseded' | 'supersede' | 'fates' | 'keepFates' | 'dropFates' | 'station' | 'putStation',
    Statement
  >;
  private low: Instant;

  constructor(
    private readonly database: Database,
    private readonly forgets: boolean,
  ) {
    const old = setAsideOldReadings(database);
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS superseded (
        series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, mark TEXT NOT NULL,
        PRIMARY KEY (series, time, value, mark)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS fate (seq INTEGER PRIMARY KEY, fates TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS station (
        id TEXT PRIMARY KEY, earliest INTEGER NOT NULL, last_arrival INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS working_set (one INTEGER PRIMARY KEY CHECK (one = 1), floor INTEGER NOT NULL) STRICT;
    `);
    this.chunks = new ChunkStore(database, () => this.reset());
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      superseded: p('SELECT 1 FROM superseded WHERE series = ? AND time = ? AND value = ? AND mark = ?'),
      supersede: p('INSERT OR IGNORE INTO superseded (series, time, value, mark) VALUES (?, ?, ?, ?)'),
      fates: p('SELECT fates FROM fate WHERE seq = ?'),
      keepFates: p('REPLACE INTO fate (seq, fates) VALUES (?, ?)'),
      dropFates: p('DELETE FROM fate WHERE seq = ?'),
      station: p('SELECT earliest, last_arrival FROM station WHERE id = ?'),
      putStation: p(`INSERT INTO station (id, earliest, last_arrival) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET earliest = min(earliest, excluded.earliest), last_arrival = max(last_arrival, excluded.last_arrival)`),
    };
    const floor = database.prepare('SELECT floor FROM working_set').get() as { floor: number } | undefined;
    this.low = floor?.floor ?? Number.NEGATIVE_INFINITY;
    if (!old) return;
    const append = (r: JudgedReading): void => this.chunks.append(this.chunks.seriesOf(r), r);
    moveOldReadings(database, append, () => this.flush());
  }

  settle(r: JudgedReading): Settled | null {
    if (r.amended !== undefined) return this.amend(r);
    this.touch(r);
    const series = this.chunks.seriesOf(r);
    // Of an empty series everything is new from the floor on; below it only the archive knows.
    if (series.open.size === 0 ? r.time >= this.low : r.time > series.open.last) {
      this.chunks.append(series, r);
      return 'stored';
    }
    const chunk = this.chunks.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held >= 0 && chunk.valueAt(held) === r.value && chunk.markAt(held) === r.mark) return 'duplicate';
    if (this.sql.superseded.get(series.id, r.time, r.value, r.mark)) return 'duplicate';
    if (held < 0 && r.time < this.low) return null;
    if (held >= 0) this.sql.supersede.run(series.id, r.time, chunk.valueAt(held), chunk.markAt(held));
    this.chunks.put(series, chunk, r);
    return held >= 0 ? 'corrected' : 'stored';
  }

  settleOld(readings: readonly JudgedReading[], archived: readonly (Held | undefined)[]): Settled[] {
    this.database.onUndo(() => this.reset());
    const told = new Map<string, Held>();
    const fates = readings.map((r, i) => {
      const key = `${r.station} ${r.parameter} ${r.source} ${r.time}`;
      const fate = this.recall(r, told.get(key) ?? archived[i]);
      if (fate === 'stored' || fate === 'corrected') told.set(key, r);
      return fate;
    });
    this.flush();
    return fates;
  }

  flush(): void {
    this.chunks.flush();
    for (const [id, facts] of this.stations) {
      if (!facts.changed) continue;
      this.sql.putStation.run(id, facts.earliest, facts.lastArrival);
      facts.changed = false;
    }
  }

  reset(): void {
    this.chunks.reset();
    this.stations.clear();
  }

  keepFates(seq: number, fates: readonly (Settled | null)[]): void {
    if (fates.every((fate) => fate === 'stored')) this.sql.dropFates.run(seq);
    else this.sql.keepFates.run(seq, fates.map((fate) => (fate === null ? '?' : FATES[fate])).join(''));
  }

  fatesOf(seq: number): (Settled | null)[] | undefined {
    const row = this.sql.fates.get(seq) as { fates: string } | undefined;
    return row && [...row.fates].map((letter) => FATE_OF[letter] ?? null);
  }

  forgetFates(seq: number): void {
    this.sql.dropFates.run(seq);
  }

  withdraw(r: JudgedReading, instead: JudgedReading | null): void {
    const series = this.chunks.find(r.station, r.parameter, r.source);
    if (series === undefined || series.open.size === 0 || r.time > series.open.last) return;
    const chunk = this.chunks.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held < 0 || chunk.valueAt(held) !== r.value || chunk.markAt(held) !== r.mark) return;
    this.database.onUndo(() => this.reset());
    if (instead !== null) this.chunks.put(series, chunk, instead);
    else this.chunks.take(series, chunk, held);
    this.flush();
  }

  begin(station: string, elsewhere: Instant): void {
    let earliest = elsewhere;
    for (const name of this.chunks.names()) {
      if (name.station !== station || name.source !== 'sensor') continue;
      const series = this.chunks.find(station, name.parameter, 'sensor')!;
      if (series.open.size > 0) earliest = Math.min(earliest, this.chunks.first(series));
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

  newest(station: string, parameter: string): JudgedReading | undefined {
    for (const source of ['sensor', 'lab'] as const) {
      const series = this.chunks.find(station, parameter, source);
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
      for (const { station, parameter, source } of this.chunks.names()) {
        this.chunks.prune(this.chunks.find(station, parameter, source)!, before);
      }
      this.flush();
      this.database.prepare('REPLACE INTO working_set (one, floor) VALUES (1, ?)').run(before);
    });
    this.low = before;
  }

  /** The fate of a reading that came after `before`. What is at hand already may have come later still: then that stands. */
  private recall(r: JudgedReading, before: Held | undefined): Settled {
    const series = this.chunks.seriesOf(r);
    const isNewest = series.open.size === 0 || r.time > series.open.last;
    const chunk = isNewest ? series.open : this.chunks.chunkAt(series, r.time);
    const at = isNewest ? -1 : chunk.at(r.time);
    const atHand = at < 0 ? undefined : { value: chunk.valueAt(at), mark: chunk.markAt(at) };
    const keep = (): void => (isNewest ? this.chunks.append(series, r) : this.chunks.put(series, chunk, r));
    if (r.amended !== undefined) {
      if (!isSame(atHand ?? before, r)) return 'void';
      keep();
      return 'amended';
    }
    if (isSame(before, r) || this.sql.superseded.get(series.id, r.time, r.value, r.mark)) return 'duplicate';
    if (before !== undefined) this.sql.supersede.run(series.id, r.time, before.value, before.mark);
    if (atHand === undefined || isSame(before, atHand)) keep();
    else if (!isSame(atHand, r)) this.sql.supersede.run(series.id, r.time, r.value, r.mark);
    return before === undefined ? 'stored' : 'corrected';
  }

  /** Writes over a reading that still has the amendment's value and mark; one that is not at hand is left to the archive. */
  private amend(r: JudgedReading): Settled | null {
    const series = this.chunks.find(r.station, r.parameter, r.source);
    const gone = r.time < this.low ? null : 'void';
    if (series === undefined || series.open.size === 0 || r.time > series.open.last) return gone;
    const chunk = this.chunks.chunkAt(series, r.time);
    const held = chunk.at(r.time);
    if (held < 0) return gone;
    if (chunk.valueAt(held) !== r.value || chunk.markAt(held) !== r.mark) return 'void';
    this.chunks.put(series, chunk, r);
    return 'amended';
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
    this.chunks.scan(query, source, (chunk, start, end) => {
      for (let i = start; i < end && rows.length < max; i++) rows.push(chunk.reading(i, name));
      return rows.length < max;
    });
    return rows;
  }
}

const isSame = (held: Held | undefined, r: Held): boolean => held !== undefined && held.value === r.value && held.mark === r.mark;
