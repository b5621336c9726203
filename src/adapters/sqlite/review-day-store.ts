/** Where does lie how far the review of each day has come, and what there is to be looked at? */
import type { DayFacts } from '../../domain/reviewing/day-facts.js';
import type { ReviewDay, ReviewEvent, ReviewState } from '../../domain/reviewing/review-day.js';
import { type Calendar, DAY, MINUTE, type Span, type WindowKind } from '../../domain/time.js';
import type { DayKey, DayWeight, LostDay, ReviewDayStore } from '../../pipeline/reviewing/review-stores.js';
import type { Database, Statement } from './database.js';
import { RANKS } from './verdict-store.js';

interface DayRow {
  station: string;
  day: number;
  state: ReviewState;
  first: string | null;
  second: string | null;
  changed: string | null;
  returned: string | null;
}

/** With the number of a day of the calendar. */
interface Dated {
  d: number;
}

/** The tables of others that are asked here alone (verdict, due, rejudge) are made by their own stores, opened before this one. */
const STATEMENTS = {
  find: 'SELECT * FROM review_day WHERE station = ? AND day = ?',
  put: 'REPLACE INTO review_day (station, day, state, first, second, changed, returned) VALUES (?, ?, ?, ?, ?, ?, ?)',
  addEvent: 'INSERT INTO review_event (station, day, act, "by", at, note) VALUES (?, ?, ?, ?, ?, ?)',
  events: 'SELECT act, "by", at, note FROM review_event WHERE station = ? AND day = ? ORDER BY id',
  days: 'SELECT * FROM review_day WHERE (?1 IS NULL OR station = ?1) AND day >= ?2 AND day < ?3',
  counts: 'SELECT station, state, count(*) AS n FROM review_day WHERE day >= ? AND day < ? GROUP BY station, state',
  changed: 'SELECT count(*) AS n FROM review_day WHERE changed IS NOT NULL AND (?1 IS NULL OR station = ?1)',
  putFacts: 'REPLACE INTO day_facts (station, day, gravity, facts) VALUES (?, ?, ?, ?)',
  weightsOfAll: 'SELECT station, day, gravity FROM day_facts WHERE day >= ? AND day < ?',
  weightsOfOne: 'SELECT station, day, gravity FROM day_facts WHERE station = ? AND day >= ? AND day < ?',
  facts: 'SELECT facts FROM day_facts WHERE station = ? AND day = ?',
  mark: 'INSERT OR IGNORE INTO day_marked (day, station) VALUES (?, ?)',
  marked: 'SELECT station, day FROM day_marked ORDER BY day DESC, station LIMIT ?',
  markedIn: 'SELECT station, day FROM day_marked WHERE day >= ?2 AND day < ?3 AND (?1 IS NULL OR station = ?1)',
  unmark: 'DELETE FROM day_marked WHERE day = ? AND station = ?',
  closed: 'SELECT "from", "to" FROM day_closed WHERE station = ?',
  setClosed: 'REPLACE INTO day_closed (station, "from", "to") VALUES (?, ?, ?)',
  lost: `SELECT station, (start + ?1) / ${DAY} AS d, sum(verdict = 'exceeded') AS exceeded,
      sum(verdict = 'undetermined') AS undetermined FROM verdict
    WHERE rowid IN (SELECT rowid FROM verdict INDEXED BY verdict_notable
      WHERE kind = ?2 AND start >= ?4 AND start < ?5 AND verdict <> 'met' AND (?3 IS NULL OR station = ?3)) AND excuse IS NULL
    GROUP BY station, d`,
  judged: `SELECT EXISTS (SELECT 1 FROM verdict WHERE kind IN ('hour', 'day', 'rule', 'sample') AND station = ?1
      AND start >= ?2 AND start < ?3 AND excuse IS NULL) AS yes`,
  sampled: ['verdict WHERE', `due WHERE rank = ${RANKS.sample} AND`]
    .map(
      (of) => `SELECT station, (start + ?1) / ${DAY} AS d FROM ${of} kind = 'sample' AND (?2 IS NULL OR station = ?2)
      AND start >= ?3 AND start < ?4`,
    )
    .join(' UNION '),
  pending: `SELECT EXISTS (SELECT 1 FROM rejudge WHERE station = ?1 AND "from" < ?3 AND "to" > ?2)
      OR EXISTS (SELECT 1 FROM due WHERE station = ?1 AND start >= ?2 AND start < ?3) AS yes`,
} as const;

const text = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
const value = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

/** They in SQLite. Events are added and never changed: the table refuses it. */
export class SqliteReviewDayStore implements ReviewDayStore {
  private readonly sql: Record<keyof typeof STATEMENTS, Statement>;
  private readonly offset: number;

  constructor(
    private readonly database: Database,
    { offsetMinutes }: Calendar,
  ) {
    this.offset = offsetMinutes * MINUTE;
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS review_day (
        station TEXT NOT NULL, day INTEGER NOT NULL, state TEXT NOT NULL, first TEXT, second TEXT, changed TEXT, returned TEXT,
        PRIMARY KEY (station, day)) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS review_day_state ON review_day (day, station, state);
      CREATE TABLE IF NOT EXISTS review_event (
        id INTEGER PRIMARY KEY, station TEXT NOT NULL, day INTEGER NOT NULL, act TEXT NOT NULL, "by" TEXT NOT NULL,
        at INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS review_event_day ON review_event (station, day);
      CREATE TABLE IF NOT EXISTS day_facts (
        station TEXT NOT NULL, day INTEGER NOT NULL, gravity REAL NOT NULL, facts TEXT,
        PRIMARY KEY (station, day)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS day_marked (
        day INTEGER NOT NULL, station TEXT NOT NULL, PRIMARY KEY (day, station)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS day_closed (
        station TEXT PRIMARY KEY, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      ${['UPDATE', 'DELETE']
        .map(
          (act) => `CREATE TRIGGER IF NOT EXISTS review_event_no_${act} BEFORE ${act} ON review_event
            BEGIN SELECT raise(ABORT, 'what was done to a day stays'); END;`,
        )
        .join('\n')}
    `);
    this.sql = Object.fromEntries(Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)])) as Record<
      keyof typeof STATEMENTS,
      Statement
    >;
  }

  find({ station, day }: DayKey): ReviewDay | undefined {
    const row = this.sql.find.get(station, day) as DayRow | undefined;
    return row && dayOf(row);
  }

  put({ station, day, state, first, second, changed, returned }: ReviewDay, { act, by, at, note }: ReviewEvent): void {
    this.database.transact(() => {
      this.sql.put.run(station, day, state, text(first), text(second), text(changed), text(returned));
      this.sql.addEvent.run(station, day, act, by, at, note);
    });
  }

  events({ station, day }: DayKey): ReviewEvent[] {
    const rows: unknown = this.sql.events.all(station, day);
    return rows as ReviewEvent[];
  }

  days(station: string | null, { from, to }: Span): ReviewDay[] {
    return (this.sql.days.all(station, from, to) as unknown as DayRow[]).map(dayOf);
  }

  counts({ from, to }: Span): { station: string; state: ReviewState; n: number }[] {
    const rows: unknown = this.sql.counts.all(from, to);
    return rows as ReturnType<ReviewDayStore['counts']>;
  }

  changed(station: string | null): number {
    return (this.sql.changed.get(station) as { n: number }).n;
  }

  putFacts({ station, day }: DayKey, facts: DayFacts, gravity: number): void {
    this.sql.putFacts.run(station, day, gravity, gravity > 0 ? JSON.stringify(facts) : null);
  }

  weights(station: string | null, { from, to }: Span): DayWeight[] {
    const rows: unknown = station === null ? this.sql.weightsOfAll.all(from, to) : this.sql.weightsOfOne.all(station, from, to);
    return rows as DayWeight[];
  }

  facts({ station, day }: DayKey): DayFacts | undefined {
    const row = this.sql.facts.get(station, day) as { facts: string | null } | undefined;
    return row && (value<DayFacts>(row.facts) ?? { total: 0, series: [], alerts: [] });
  }

  mark({ station, day }: DayKey): void {
    this.sql.mark.run(day, station);
  }

  marked(limit: number): DayKey[] {
    const rows: unknown = this.sql.marked.all(limit);
    return rows as DayKey[];
  }

  markedIn(station: string | null, { from, to }: Span): DayKey[] {
    const rows: unknown = this.sql.markedIn.all(station, from, to);
    return rows as DayKey[];
  }

  unmark({ station, day }: DayKey): void {
    this.sql.unmark.run(day, station);
  }

  closed(station: string): Span | undefined {
    return this.sql.closed.get(station) as Span | undefined;
  }

  setClosed(station: string, { from, to }: Span): void {
    this.sql.setClosed.run(station, from, to);
  }

  lost(kind: WindowKind, station: string | null, { from, to }: Span): LostDay[] {
    const rows: unknown = this.sql.lost.all(this.offset, kind, station, from, to);
    return (rows as (Omit<LostDay, 'day'> & Dated)[]).map((row) => this.dated(row));
  }

  sampled(station: string | null, { from, to }: Span): DayKey[] {
    const rows: unknown = this.sql.sampled.all(this.offset, station, from, to);
    return (rows as (Omit<DayKey, 'day'> & Dated)[]).map((row) => this.dated(row));
  }

  isJudged({ station, day }: DayKey): boolean {
    return (this.sql.judged.get(station, day, day + DAY) as { yes: number }).yes === 1;
  }

  isPending({ station, day }: DayKey): boolean {
    return (this.sql.pending.get(station, day, day + DAY) as { yes: number }).yes === 1;
  }

  private dated<T extends Dated>({ d, ...row }: T): Omit<T, 'd'> & { day: number } {
    return { ...row, day: d * DAY - this.offset };
  }
}

const dayOf = ({ first, second, changed, returned, ...row }: DayRow): ReviewDay => ({
  ...row,
  first: value(first),
  second: value(second),
  changed: value(changed),
  returned: value(returned),
});
