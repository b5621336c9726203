/** How are many verdicts looked through at once? By an index that holds all that is asked, or none but what is looked for. */
import type { RiverClass } from '../../domain/compliance/class.js';
import { type Calendar, DAY, MINUTE, type Span, type WindowKind } from '../../domain/time.js';
import type { DayCount } from '../../pipeline/judging/verdict-stores.js';
import type { Database } from './database.js';

const marks = (n: number): string => Array<string>(n).fill('?').join(', ');

/** Windows of a kind with `start` in the span by day and outcome; a year of hours is counted without reading a verdict. */
export function countsByDay(
  database: Database,
  { offsetMinutes }: Calendar,
  kind: WindowKind,
  stations: readonly string[],
  { from, to }: Span,
): DayCount[] {
  if (stations.length === 0) return [];
  const offset = offsetMinutes * MINUTE;
  const rows: unknown = database
    .prepare(
      `SELECT (start + ?) / ${DAY} AS day, CASE WHEN excuse IS NULL THEN verdict ELSE 'excused' END AS state,
          coalesce(class, '') AS class, count(*) AS n FROM verdict INDEXED BY verdict_tally
        WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ? GROUP BY 1, 2, 3 ORDER BY 1`,
    )
    .all(offset, kind, ...stations, from, to);
  return (rows as { day: number; state: DayCount['state']; class: RiverClass | ''; n: number }[]).map((row) => ({
    start: row.day * DAY - offset,
    state: row.state,
    class: row.class === '' ? null : row.class,
    n: row.n,
  }));
}

/** Rows of windows with `start` in the span whose evidence tells of readings that people left out. */
export function rowsWithSetAside<T>(
  database: Database,
  columns: string,
  kind: WindowKind,
  stations: readonly string[],
  { from, to }: Span,
): T[] {
  if (stations.length === 0) return [];
  const rows: unknown = database
    .prepare(
      `SELECT ${columns} FROM verdict INDEXED BY verdict_set_aside
        WHERE kind = ? AND station IN (${marks(stations.length)}) AND start >= ? AND start < ? AND (${TELLS_SET_ASIDE})`,
    )
    .all(kind, ...stations, from, to);
  return rows as T[];
}

/** What the index `verdict_set_aside` holds; the query must say the same, word for word. */
export const TELLS_SET_ASIDE = `instr(findings, '"maintenance":') > 0 OR instr(findings, '"review":') > 0`;
