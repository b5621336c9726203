/** Where are verdicts kept, and which windows wait for one? */
import { createHash } from 'node:crypto';
import { type Cause, type Change, NO_CAUSE, type Standing } from '../../domain/compliance/change.js';
import type { RiverClass } from '../../domain/compliance/class.js';
import type { Verdict, VerdictState } from '../../domain/compliance/verdict.js';
import { type Instant, type Span, windowAt, type WindowKind, windowsIn } from '../../domain/time.js';
import type {
  DayCount,
  Due,
  Outcome,
  Print,
  PrintedVerdict,
  VerdictCount,
  VerdictStore,
} from '../../pipeline/judging/verdict-stores.js';
import { NEVER } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';
import { FindingLimits } from './finding-limits.js';
import { countsByDay, rowsWithSetAside } from './verdict-queries.js';
import { createVerdictTables } from './verdict-tables.js';

/** Rows that one step of `reprint` looks at. */
const REPRINT = 500;

interface Row {
  station: string;
  kind: WindowKind;
  start: number;
  end: number;
  verdict: VerdictState;
  class: Verdict['class'];
  reason: string | null;
  findings: string;
}

interface ChangeRow {
  kind: WindowKind;
  station: string;
  start: number;
  end: number;
  at: number;
  reason: string;
  standings: string;
}

const COLUMNS = 'station, kind, start, "end", verdict, class, reason, findings';
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const marks = (n: number): string => Array<string>(n).fill('?').join(', ');
const state = (verdict: VerdictState, excuse: string | null): VerdictCount['state'] => (excuse === null ? verdict : 'excused');

/** Verdicts with their evidence in SQLite, one row a window; counting them reads sums by month, printing them a kept text. */
export class SqliteVerdictStore implements VerdictStore {
  private readonly sql: Record<
    | 'before'
    | 'put'
    | 'count'
    | 'last'
    | 'stale'
    | 'reprint'
    | 'record'
    | 'mark'
    | 'marked'
    | 'unmark'
    | 'markedCount'
    | 'closed'
    | 'setClosed'
    | 'dependence'
    | 'setDependence',
    Statement
  >;
  private readonly edition: number;
  /** Where `reprint` goes on; `null` when every text is of this edition. */
  private stale: number | null;
  private readonly findings: FindingLimits;
  private readonly revisions = new Map<string, number>();
  /** Marks since the start, and the last of each window that is due. */
  private marksMade = 0;
  private readonly lastMarks = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly print: Print,
  ) {
    const { edition, stale } = createVerdictTables(database, print);
    this.edition = edition;
    this.stale = stale ? 0 : null;
    const p = (sql: string): Statement => database.prepare(sql);
    this.sql = {
      before: p('SELECT verdict, class, excuse FROM verdict WHERE kind = ? AND station = ? AND start = ?'),
      put: p(`REPLACE INTO verdict (kind, station, start, "end", verdict, class, reason, excuse, computed, edition, text, findings)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      count: p(`INSERT INTO verdict_count (kind, station, month, state, class, n) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET n = n + excluded.n`),
      last: p(`SELECT ${COLUMNS} FROM verdict WHERE kind = ? AND station = ? AND start < ? ORDER BY start DESC LIMIT 1`),
      stale: p(`SELECT rowid AS id, edition, ${COLUMNS} FROM verdict WHERE rowid > ? ORDER BY rowid LIMIT ?`),
      reprint: p('UPDATE verdict SET edition = ?, text = ? WHERE rowid = ?'),
      record: p('INSERT INTO verdict_change (kind, station, start, "end", at, reason, standings) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      mark: p(`INSERT INTO due (rank, kind, station, start, late, corrected, amended, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET late = late + excluded.late, corrected = corrected + excluded.corrected,
          amended = amended + excluded.amended,
          why = CASE WHEN why IS NULL OR why = excluded.why THEN excluded.why ELSE coalesce(why || ';' || excluded.why, why) END`),
      marked: p(
        `SELECT kind, station, start, late, corrected, amended, why FROM due WHERE start >= ? ORDER BY rank, start LIMIT ?`,
      ),
      unmark: p('DELETE FROM due WHERE rank = ? AND kind = ? AND station = ? AND start = ?'),
      markedCount: p('SELECT count(*) AS n FROM due'),
      closed: p('SELECT "from", "to" FROM closed WHERE kind = ? AND station = ?'),
      setClosed: p('REPLACE INTO closed (kind, station, "from", "to") VALUES (?, ?, ?, ?)'),
      dependence: p('SELECT hash FROM dependence WHERE station = ?'),
      setDependence: p('REPLACE INTO dependence (station, hash) VALUES (?, ?)'),
    };
    this.findings = new FindingLimits(database);
  }

  put(v: Verdict, at: Instant, excuse: string | null = null): Standing | undefined {
    const before = this.sql.before.get(v.kind, v.station, v.start) as
      { verdict: VerdictState; class: RiverClass | null; excuse: string | null } | undefined;
    const month = windowAt('month', v.start, this.print.calendar).start;
    const count = (what: VerdictCount['state'], of: RiverClass | null, n: number): void => {
      this.sql.count.run(v.kind, v.station, month, what, of ?? '', n);
    };
    if (before !== undefined) count(state(before.verdict, before.excuse), before.class, -1);
    count(state(v.verdict, excuse), v.class, 1);
    this.sql.put.run(
      v.kind,
      v.station,
      v.start,
      v.end,
      v.verdict,
      v.class,
      v.reason,
      excuse,
      at,
      this.edition,
      this.print.text(v),
      this.findings.pack(v.findings),
    );
    this.revisions.set(v.station, this.revision(v.station) + 1);
    return before && { verdict: before.verdict, class: before.class, excused: before.excuse !== null };
  }

  list(...which: Parameters<VerdictStore['list']>): Verdict[] {
    return this.rows<Row>(COLUMNS, ...which).map((row) => this.verdict(row));
  }

  printed(...which: Parameters<VerdictStore['printed']>): PrintedVerdict[] {
    const rows = this.rows<PrintedVerdict & { edition: number; id: number }>(
      'rowid AS id, station, start, excuse, edition, text',
      ...which,
    );
    return rows.map(({ station, start, excuse, edition, text, id }) => ({
      station,
      start,
      excuse,
      text: edition === this.edition ? text : this.printAnew(id),
    }));
  }

  /** The rows are found in an index first: they are too wide to be sorted. */
  private rows<T>(
    columns: string,
    ...[kind, stations, span, only, limit, offset, newestFirst]: Parameters<VerdictStore['printed']>
  ): T[] {
    if (stations.length === 0) return [];
    const index = only === null || only.includes('met') ? 'verdict_tally' : 'verdict_notable';
    const notable = index === 'verdict_notable' ? `AND verdict <> 'met'` : '';
    const states = only ?? [];
    const order = newestFirst === true ? 'start DESC, station DESC' : 'start, station';
    const rows: unknown = this.database
      .prepare(
        `SELECT ${columns} FROM verdict WHERE rowid IN (
           SELECT rowid FROM verdict INDEXED BY ${index}
            WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ? ${notable}
              ${only === null ? '' : `AND verdict IN (${marks(states.length)})`}
            ORDER BY ${order} LIMIT ? OFFSET ?) ORDER BY ${order}`,
      )
      .all(kind, ...stations, span.from, span.to, ...states, limit, offset);
    return rows as T[];
  }

  reprint(): boolean {
    if (this.stale === null) return false;
    const rows = this.sql.stale.all(this.stale, REPRINT) as unknown as (Row & { id: number; edition: number })[];
    for (const { id, edition, ...row } of rows) {
      if (edition !== this.edition) this.sql.reprint.run(this.edition, this.print.text(this.verdict(row)), id);
    }
    this.stale = rows.at(-1)?.id ?? null;
    if (this.stale === null) this.database.prepare('DELETE FROM verdict_edition WHERE id <> ?').run(this.edition);
    return true;
  }

  private printAnew(id: number): string {
    const row = this.database.prepare(`SELECT ${COLUMNS} FROM verdict WHERE rowid = ?`).get(id) as unknown as Row;
    return this.print.text(this.verdict(row));
  }

  last(kind: WindowKind, station: string, before: Instant): Verdict | undefined {
    const row = this.sql.last.get(kind, station, before) as Row | undefined;
    return row && this.verdict(row);
  }

  outcomes(kind: WindowKind, station: string, { from, to }: Span): Outcome[] {
    const rows: unknown = this.database
      .prepare(
        `SELECT start, verdict, class, excuse FROM verdict INDEXED BY verdict_tally
          WHERE kind = ? AND station = ? AND start >= ? AND start < ? ORDER BY start`,
      )
      .all(kind, station, from, to);
    return rows as Outcome[];
  }

  counts(kind: WindowKind, stations: readonly string[], span: Span): VerdictCount[] {
    if (stations.length === 0) return [];
    const inAll = (text: string): string => text.replace('(?)', `(${marks(stations.length)})`);
    const months = windowsIn('month', span, this.print.calendar);
    const whole = months.filter((month) => month.start >= span.from && month.end <= span.to);
    const counts: VerdictCount[] = [];
    const add = (rows: unknown, month?: Instant): void => {
      for (const row of rows as (Omit<VerdictCount, 'class'> & { class: RiverClass | '' })[]) {
        if (row.n > 0) counts.push({ ...row, class: row.class === '' ? null : row.class, month: month ?? row.month });
      }
    };
    const [first, last] = [whole[0], whole.at(-1)];
    if (first && last) {
      const sql = `SELECT station, month, state, class, n FROM verdict_count
        WHERE kind = ? AND station IN (?) AND month >= ? AND month < ?`;
      add(this.database.prepare(inAll(sql)).all(kind, ...stations, first.start, last.end));
    }
    for (const month of months) {
      if (month.start >= span.from && month.end <= span.to) continue;
      const sql = `SELECT station, CASE WHEN excuse IS NULL THEN verdict ELSE 'excused' END AS state,
          coalesce(class, '') AS class, count(*) AS n FROM verdict INDEXED BY verdict_tally
        WHERE kind = ? AND station IN (?) AND start >= ? AND start < ? GROUP BY 1, 2, 3`;
      const [from, to] = [Math.max(month.start, span.from), Math.min(month.end, span.to)];
      add(this.database.prepare(inAll(sql)).all(kind, ...stations, from, to), month.start);
    }
    return counts;
  }

  days(...which: Parameters<VerdictStore['days']>): DayCount[] {
    return countsByDay(this.database, this.print.calendar, ...which);
  }

  withSetAside(...which: Parameters<VerdictStore['withSetAside']>): Verdict[] {
    return rowsWithSetAside<Row>(this.database, COLUMNS, ...which).map((row) => this.verdict(row));
  }

  revision(station: string): number {
    return this.revisions.get(station) ?? 0;
  }

  record({ kind, station, start, end, at, reason, from, to }: Change): void {
    this.sql.record.run(kind, station, start, end, at, reason, JSON.stringify({ from, to }));
  }

  changes(kind: WindowKind, stations: readonly string[], span: Span, limit: number, offset: number): Change[] {
    if (stations.length === 0) return [];
    const rows: unknown = this.database
      .prepare(
        `SELECT kind, station, start, "end", at, reason, standings FROM verdict_change
          WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ? ORDER BY id DESC LIMIT ? OFFSET ?`,
      )
      .all(kind, ...stations, span.from, span.to, limit, offset);
    return (rows as ChangeRow[]).map(({ standings, ...row }) => ({
      ...row,
      ...(JSON.parse(standings) as { from: Standing; to: Standing }),
    }));
  }

  mark({ kind, station, start, cause }: Due): void {
    const { late, corrected, amended, why } = cause ?? NO_CAUSE;
    this.sql.mark.run(rank(kind), kind, station, start, late, corrected, amended, why);
    this.lastMarks.set(`${kind} ${station} ${start}`, ++this.marksMade);
  }

  marks(): number {
    return this.marksMade;
  }

  markJudged(station: string, kinds: readonly WindowKind[] | null, span: Span | null, cause: Cause): void {
    const rows: unknown = this.database
      .prepare(
        `SELECT kind, start FROM verdict WHERE kind IN (${marks(kinds?.length ?? ALL_KINDS.length)}) AND station = ?
          AND start >= ? AND "end" <= ?`,
      )
      .all(...(kinds ?? ALL_KINDS), station, span?.from ?? -NEVER, span?.to ?? NEVER);
    const days = new Set<number>();
    for (const { kind, start } of rows as { kind: WindowKind; start: number }[]) {
      if (kind !== 'rule') this.mark({ kind, station, start, cause });
      else days.add(windowAt('day', start, this.print.calendar).start);
    }
    for (const start of days) this.mark({ kind: 'rule', station, start, cause });
  }

  marked(limit: number, from: Instant): Due[] {
    const rows = this.sql.marked.all(Math.max(from, -NEVER), limit) as unknown as (Omit<Due, 'cause'> & Cause)[];
    return rows.map(({ kind, station, start, late, corrected, amended, why }) => ({
      kind,
      station,
      start,
      ...(late + corrected + amended > 0 || why !== null ? { cause: { late, corrected, amended, why } } : {}),
    }));
  }

  unmark({ kind, station, start }: Due, marks: number): void {
    const name = `${kind} ${station} ${start}`;
    if ((this.lastMarks.get(name) ?? 0) > marks) return;
    this.sql.unmark.run(rank(kind), kind, station, start);
    this.lastMarks.delete(name);
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

  dependsOn(station: string, text: string): boolean | undefined {
    const kept = this.sql.dependence.get(station) as { hash: string } | undefined;
    return kept && kept.hash === hashOf(text);
  }

  setDependence(station: string, text: string): void {
    this.sql.setDependence.run(station, hashOf(text));
  }

  private verdict({ findings, ...row }: Row): Verdict {
    return { ...row, findings: this.findings.unpack(findings) };
  }
}

/** Order of computing: what a target counts first; a month after its days, of which it is made. */
export const RANKS: Readonly<Record<WindowKind, number>> = { sample: 0, day: 1, month: 2, quarter: 3, year: 4, rule: 5, hour: 6 };
const ALL_KINDS = Object.keys(RANKS) as WindowKind[];

const rank = (kind: WindowKind): number => RANKS[kind];
