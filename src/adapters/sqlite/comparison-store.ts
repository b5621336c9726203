/** Where do comparisons with the laboratory lie, and which due dates were told? */
import type { Instant, LocalDate } from '../../domain/time.js';
import type { ComparisonRecord, Tolerance } from '../../domain/upkeep/comparison.js';
import type { UpkeepTask } from '../../domain/upkeep/plan.js';
import type { ComparisonStore, ToldStore, WhichComparisons } from '../../pipeline/upkeep/upkeep-stores.js';
import type { Database, Statement } from './database.js';

interface Row {
  id: number;
  station: string;
  parameter: string;
  time: number;
  laboratory: number;
  sensor: number;
  readings: number | null;
  passed: number;
  rule: string;
  error: string;
  citation: string;
  grade: Tolerance['grade'];
  note: string;
  by: string;
  at: number;
  withdrawn_by: string | null;
  withdrawn_at: number;
  withdrawn_reason: string;
}

const recordOf = ({ withdrawn_by: by, withdrawn_at: at, withdrawn_reason: reason, ...row }: Row): ComparisonRecord => ({
  ...row,
  id: String(row.id),
  passed: row.passed === 1,
  rule: JSON.parse(row.rule) as ComparisonRecord['rule'],
  error: JSON.parse(row.error) as ComparisonRecord['error'],
  withdrawn: by === null ? null : { by, at, reason },
});

/** Comparisons in SQLite; both tables refuse changes. */
export class SqliteComparisonStore implements ComparisonStore {
  private readonly sql: Record<'add' | 'withdraw' | 'find' | 'list' | 'standing' | 'standingOf', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS comparison (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, parameter TEXT NOT NULL, time INTEGER NOT NULL,
        laboratory REAL NOT NULL, sensor REAL NOT NULL, readings INTEGER, passed INTEGER NOT NULL, rule TEXT NOT NULL,
        error TEXT NOT NULL, citation TEXT NOT NULL, grade TEXT NOT NULL, note TEXT NOT NULL, "by" TEXT NOT NULL,
        at INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS comparison_series ON comparison (station, parameter, time);
      CREATE TABLE IF NOT EXISTS comparison_withdrawal (
        comparison INTEGER PRIMARY KEY REFERENCES comparison (id), "by" TEXT NOT NULL, at INTEGER NOT NULL,
        reason TEXT NOT NULL) STRICT;
      ${['comparison', 'comparison_withdrawal']
        .flatMap((table) =>
          ['UPDATE', 'DELETE'].map(
            (act) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act} BEFORE ${act} ON ${table}
              BEGIN SELECT raise(ABORT, 'a comparison that was entered stays'); END;`,
          ),
        )
        .join('\n')}
    `);
    const p = (sql: string): Statement => database.prepare(sql);
    const all = `SELECT c.*, w."by" AS withdrawn_by, w.at AS withdrawn_at, w.reason AS withdrawn_reason
      FROM comparison c LEFT JOIN comparison_withdrawal w ON w.comparison = c.id`;
    this.sql = {
      add: p(`INSERT INTO comparison (station, parameter, time, laboratory, sensor, readings, passed, rule, error, citation,
        grade, note, "by", at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      withdraw: p('INSERT OR IGNORE INTO comparison_withdrawal (comparison, "by", at, reason) VALUES (?, ?, ?, ?)'),
      find: p(`${all} WHERE c.id = ?`),
      list: p(`${all} WHERE (?1 IS NULL OR station = ?1) AND (?2 IS NULL OR parameter = ?2)
        ORDER BY c.time DESC, c.id DESC LIMIT ?3`),
      standing: p(`SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY station, parameter ORDER BY time DESC, id DESC) AS n
        FROM (${all}) WHERE withdrawn_by IS NULL) WHERE n = 1`),
      standingOf: p(`${all} WHERE c.station = ? AND w.comparison IS NULL ORDER BY c.time DESC, c.id DESC`),
    };
  }

  add(record: Omit<ComparisonRecord, 'id' | 'withdrawn'>): ComparisonRecord {
    const { station, parameter, time, laboratory, sensor, readings, citation, grade, note, by, at } = record;
    const { lastInsertRowid } = this.sql.add.run(
      ...([station, parameter, time, laboratory, sensor, readings, record.passed ? 1 : 0] as const),
      ...[JSON.stringify(record.rule), JSON.stringify(record.error), citation, grade, note, by],
      at,
    );
    return { ...record, id: String(lastInsertRowid), withdrawn: null };
  }

  withdraw(id: string, { by, at, reason }: NonNullable<ComparisonRecord['withdrawn']>): boolean {
    return this.sql.withdraw.run(Number(id), by, at, reason).changes === 1;
  }

  find(id: string): ComparisonRecord | undefined {
    const row = this.sql.find.get(Number(id)) as Row | undefined;
    return row && recordOf(row);
  }

  list({ station, parameter }: WhichComparisons, limit: number): ComparisonRecord[] {
    return (this.sql.list.all(station ?? null, parameter ?? null, limit) as unknown as Row[]).map(recordOf);
  }

  standing(): ComparisonRecord[] {
    return (this.sql.standing.all() as unknown as (Row & { n: number })[]).map(({ n: _, ...row }) => recordOf(row));
  }

  standingOf(station: string): ComparisonRecord[] {
    return (this.sql.standingOf.all(station) as unknown as Row[]).map(recordOf);
  }
}

/** Told due dates in SQLite. */
export class SqliteToldStore implements ToldStore {
  private readonly sql: Record<'was' | 'tell', Statement>;

  constructor(database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS upkeep_told (
        person TEXT NOT NULL, station TEXT NOT NULL, task TEXT NOT NULL, due TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (person, station, task, due)) STRICT, WITHOUT ROWID;
    `);
    this.sql = {
      was: database.prepare('SELECT 1 FROM upkeep_told WHERE person = ? AND station = ? AND task = ? AND due = ?'),
      tell: database.prepare('INSERT OR IGNORE INTO upkeep_told (person, station, task, due, at) VALUES (?, ?, ?, ?, ?)'),
    };
  }

  wasTold(person: string, station: string, task: UpkeepTask, due: LocalDate): boolean {
    return this.sql.was.get(person, station, task, due) !== undefined;
  }

  tell(person: string, station: string, task: UpkeepTask, due: LocalDate, at: Instant): void {
    this.sql.tell.run(person, station, task, due, at);
  }
}
