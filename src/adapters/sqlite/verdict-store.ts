/** Where are verdicts kept, and which windows wait for one? */
import type { Verdict, VerdictState } from '../../domain/compliance/verdict.js';
import type { Instant, Span, WindowKind } from '../../domain/time.js';
import { type Due, NEVER, type VerdictStore } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

interface Row {
  station: string;
  kind: WindowKind;
  start: number;
  end: number;
  verdict: VerdictState;
  class: Verdict['class'];
  reason: string | null;
  findings: string;
  computed: number;
}

const verdict = ({ findings, computed: _, ...row }: Row): Verdict => ({
  ...row,
  findings: JSON.parse(findings) as Verdict['findings'],
});
const marks = (n: number): string => Array<string>(n).fill('?').join(', ');

/** Verdicts with their evidence in SQLite, one row a window; counting them reads an index, not the evidence. */
export class SqliteVerdictStore implements VerdictStore {
  private readonly sql: Record<'put' | 'last' | 'mark' | 'marked' | 'unmark' | 'markedCount' | 'closed' | 'setClosed', Statement>;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS verdict (
        kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, verdict TEXT NOT NULL,
        class TEXT, reason TEXT, findings TEXT NOT NULL, computed INTEGER NOT NULL, PRIMARY KEY (kind, station, start)) STRICT;
      CREATE INDEX IF NOT EXISTS verdict_tally ON verdict (kind, station, start, verdict);
      CREATE TABLE IF NOT EXISTS due (
        rank INTEGER NOT NULL, kind TEXT NOT NULL, station TEXT NOT NULL, start INTEGER NOT NULL,
        PRIMARY KEY (rank, start, station, kind)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS closed (
        kind TEXT NOT NULL, station TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
        PRIMARY KEY (kind, station)) STRICT, WITHOUT ROWID;
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      put: p(
        `REPLACE INTO verdict (kind, station, start, "end", verdict, class, reason, findings, computed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      last: p('SELECT * FROM verdict WHERE kind = ? AND station = ? AND start < ? ORDER BY start DESC LIMIT 1'),
      mark: p('INSERT OR IGNORE INTO due (rank, kind, station, start) VALUES (?, ?, ?, ?)'),
      marked: p('SELECT kind, station, start FROM due WHERE start >= ? ORDER BY rank, start LIMIT ?'),
      unmark: p('DELETE FROM due WHERE rank = ? AND kind = ? AND station = ? AND start = ?'),
      markedCount: p('SELECT count(*) AS n FROM due'),
      closed: p('SELECT "from", "to" FROM closed WHERE kind = ? AND station = ?'),
      setClosed: p('REPLACE INTO closed (kind, station, "from", "to") VALUES (?, ?, ?, ?)'),
    };
  }

  put(v: Verdict, at: Instant): void {
    this.sql.put.run(v.kind, v.station, v.start, v.end, v.verdict, v.class, v.reason, JSON.stringify(v.findings), at);
  }

  list(
    kind: WindowKind,
    stations: readonly string[],
    span: Span,
    only: readonly VerdictState[] | null,
    limit: number,
    offset: number,
  ): Verdict[] {
    if (stations.length === 0) return [];
    const states = only ?? [];
    const rows = this.database
      .prepare(
        `SELECT * FROM verdict WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ?
          ${only === null ? '' : `AND verdict IN (${marks(states.length)})`} ORDER BY start, station LIMIT ? OFFSET ?`,
      )
      .all(kind, ...stations, span.from, span.to, ...states, limit, offset);
    return (rows as unknown as Row[]).map(verdict);
  }

  last(kind: WindowKind, station: string, before: Instant): Verdict | undefined {
    const row = this.sql.last.get(kind, station, before) as Row | undefined;
    return row && verdict(row);
  }

  tally(kind: WindowKind, stations: readonly string[], span: Span): Record<VerdictState, number> {
    const counts: Record<VerdictState, number> = { met: 0, exceeded: 0, undetermined: 0 };
    if (stations.length === 0) return counts;
    const rows = this.database
      .prepare(
        `SELECT verdict, count(*) AS n FROM verdict INDEXED BY verdict_tally
          WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ? GROUP BY verdict`,
      )
      .all(kind, ...stations, span.from, span.to) as { verdict: VerdictState; n: number }[];
    for (const row of rows) counts[row.verdict] = row.n;
    return counts;
  }

  mark(due: Due): void {
    this.sql.mark.run(rank(due.kind), due.kind, due.station, due.start);
  }

  marked(limit: number, from: Instant): Due[] {
    const rows: unknown = this.sql.marked.all(Math.max(from, -NEVER), limit);
    return rows as Due[];
  }

  unmark(due: Due): void {
    this.sql.unmark.run(rank(due.kind), due.kind, due.station, due.start);
  }

  markedCount(): number {
    return (this.sql.markedCount.get() as { n: number }).n;
  }

  closedUpTo(kind: WindowKind, station: string): Span | undefined {
    return this.sql.closed.get(kind, station) as Span | undefined;
  }

  setClosed(kind: WindowKind, station: string, span: Span): void {
    this.sql.setClosed.run(kind, station, span.from, span.to);
  }
}

/** Order of computing: what a target counts first; a month after its days, of which it is made. */
const RANKS: Readonly<Record<WindowKind, number>> = { sample: 0, day: 1, month: 2, quarter: 3, year: 4, rule: 5, hour: 6 };

const rank = (kind: WindowKind): number => RANKS[kind];
