/** Where do maintenance records, review decisions and the queue of what they touch lie? */
import type { MaintenanceRecord, ReviewDecision, ReviewOutcome, ReviewReason } from '../../domain/quality/decision.js';
import type { Source } from '../../domain/reading.js';
import { type Instant, MINUTE } from '../../domain/time.js';
import type { UpkeepTask } from '../../domain/upkeep/plan.js';
import type { DecisionStore, Rejudge, WhichDecisions } from '../../pipeline/deciding/decision-stores.js';
import { NEVER } from '../../pipeline/stores.js';
import type { Database, Statement } from './database.js';

interface MaintenanceRow {
  id: number;
  station: string;
  parameters: string | null;
  from: number;
  to: number | null;
  settling: number;
  who: string;
  note: string;
  by: string;
  at: number;
  withdrawn: number;
  tasks: string | null;
}

interface DecisionRow {
  id: number;
  station: string;
  source: Source;
  parameters: string | null;
  from: number;
  to: number;
  outcome: ReviewOutcome;
  reason: ReviewReason;
  note: string;
  by: string;
  at: number;
  undone: string | null;
}

interface RejudgeRow {
  id: number;
  station: string;
  parameters: string | null;
  from: number;
  to: number;
  by: string;
  reason: string;
  parameter: string | null;
  time: number | null;
}

const listOf = (json: string | null): string[] | null => (json === null ? null : (JSON.parse(json) as string[]));
const jsonOf = (list: readonly string[] | null): string | null => (list === null ? null : JSON.stringify(list));

const recordOf = ({ parameters, settling, withdrawn, tasks, ...row }: MaintenanceRow): MaintenanceRecord => ({
  ...row,
  ...(tasks !== null && { tasks: JSON.parse(tasks) as UpkeepTask[] }),
  parameters: listOf(parameters),
  settlingMinutes: settling,
  withdrawn: withdrawn === 1,
});

const decisionOf = ({ parameters, undone, ...row }: DecisionRow): ReviewDecision => ({
  ...row,
  parameters: listOf(parameters),
  undone: undone === null ? null : (JSON.parse(undone) as ReviewDecision['undone']),
});

/** They in SQLite. Numbers are never given twice, so that the audit trail can name them. */
export class SqliteDecisionStore implements DecisionStore {
  private readonly sql: Record<
    | 'putMaintenance'
    | 'findMaintenance'
    | 'maintenance'
    | 'lastDone'
    | 'putDecision'
    | 'findDecision'
    | 'decisions'
    | 'enqueue'
    | 'next'
    | 'advance'
    | 'done',
    Statement
  >;

  constructor(private readonly database: Database) {
    database.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS maintenance (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, parameters TEXT, "from" INTEGER NOT NULL, "to" INTEGER,
        settling INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL, "by" TEXT NOT NULL, at INTEGER NOT NULL,
        withdrawn INTEGER NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS maintenance_station ON maintenance (station);
      CREATE TABLE IF NOT EXISTS decision (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, source TEXT NOT NULL, parameters TEXT,
        "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
        "by" TEXT NOT NULL, at INTEGER NOT NULL, undone TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS decision_station ON decision (station);
      CREATE TABLE IF NOT EXISTS rejudge (
        id INTEGER PRIMARY KEY AUTOINCREMENT, station TEXT NOT NULL, parameters TEXT, "from" INTEGER NOT NULL,
        "to" INTEGER NOT NULL, "by" TEXT NOT NULL, reason TEXT NOT NULL, parameter TEXT, time INTEGER) STRICT;
    `);
    if (!database.hasColumn('maintenance', 'tasks')) database.sqlite.exec('ALTER TABLE maintenance ADD COLUMN tasks TEXT');
    const p = (sql: string): Statement => database.prepare(sql);
    const reaching = `(?1 IS NULL OR station = ?1) AND "from" < ?2 AND`;
    this.sql = {
      putMaintenance:
        p(`REPLACE INTO maintenance (id, station, parameters, "from", "to", settling, who, note, "by", at, withdrawn, tasks)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      findMaintenance: p('SELECT * FROM maintenance WHERE id = ?'),
      maintenance: p(`SELECT * FROM maintenance WHERE ${reaching} ("to" IS NULL OR "to" + settling * ${MINUTE} > ?3)
        ORDER BY id DESC LIMIT ?4`),
      lastDone: p(`SELECT station, json_each.value AS task, max("to") AS at FROM maintenance, json_each(maintenance.tasks)
        WHERE withdrawn = 0 AND "to" <= ? GROUP BY station, json_each.value`),
      putDecision:
        p(`REPLACE INTO decision (id, station, source, parameters, "from", "to", outcome, reason, note, "by", at, undone)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      findDecision: p('SELECT * FROM decision WHERE id = ?'),
      decisions: p(`SELECT * FROM decision WHERE ${reaching} "to" > ?3 ORDER BY id DESC LIMIT ?4`),
      enqueue: p('INSERT INTO rejudge (station, parameters, "from", "to", "by", reason) VALUES (?, ?, ?, ?, ?, ?)'),
      next: p(`SELECT * FROM rejudge ORDER BY reason = '', id LIMIT 1`),
      advance: p('UPDATE rejudge SET parameter = ?, time = ? WHERE id = ?'),
      done: p('DELETE FROM rejudge WHERE id = ?'),
    };
  }

  addMaintenance(record: Omit<MaintenanceRecord, 'id'>): MaintenanceRecord {
    return { ...record, id: this.writeMaintenance(null, record) };
  }

  putMaintenance(record: MaintenanceRecord): void {
    this.writeMaintenance(record.id, record);
  }

  findMaintenance(id: number): MaintenanceRecord | undefined {
    const row = this.sql.findMaintenance.get(id) as MaintenanceRow | undefined;
    return row && recordOf(row);
  }

  maintenance(which: WhichDecisions, limit: number): MaintenanceRecord[] {
    const rows: unknown = this.sql.maintenance.all(...reach(which), limit);
    return (rows as MaintenanceRow[]).map(recordOf);
  }

  lastDone(now: Instant): { station: string; task: UpkeepTask; at: Instant }[] {
    const rows: unknown = this.sql.lastDone.all(now);
    return rows as { station: string; task: UpkeepTask; at: Instant }[];
  }

  addDecision(decision: Omit<ReviewDecision, 'id'>): ReviewDecision {
    return { ...decision, id: this.writeDecision(null, decision) };
  }

  putDecision(decision: ReviewDecision): void {
    this.writeDecision(decision.id, decision);
  }

  findDecision(id: number): ReviewDecision | undefined {
    const row = this.sql.findDecision.get(id) as DecisionRow | undefined;
    return row && decisionOf(row);
  }

  decisions(which: WhichDecisions, limit: number): ReviewDecision[] {
    const rows: unknown = this.sql.decisions.all(...reach(which), limit);
    return (rows as DecisionRow[]).map(decisionOf);
  }

  enqueue({ station, parameters, from, to, by, reason }: Omit<Rejudge, 'id' | 'reached'>): void {
    this.sql.enqueue.run(station, jsonOf(parameters), from, Math.min(to, NEVER), by, reason);
  }

  nextRejudge(): Rejudge | undefined {
    const row = this.sql.next.get() as RejudgeRow | undefined;
    if (row === undefined) return undefined;
    const { parameters, parameter, time, ...rest } = row;
    return { ...rest, parameters: listOf(parameters), reached: parameter === null ? null : { parameter, time: time! } };
  }

  advanceRejudge(id: number, reached: Rejudge['reached']): void {
    if (reached === null) this.sql.done.run(id);
    else this.sql.advance.run(reached.parameter, reached.time, id);
  }

  private writeMaintenance(id: number | null, r: Omit<MaintenanceRecord, 'id'>): number {
    const { station, from, to, settlingMinutes, who, note, by, at } = r;
    const withdrawn = r.withdrawn ? 1 : 0;
    const tasks = jsonOf(r.tasks ?? null);
    const { lastInsertRowid } = this.database.transact(() =>
      this.sql.putMaintenance.run(
        id,
        station,
        jsonOf(r.parameters),
        from,
        to,
        settlingMinutes,
        who,
        note,
        by,
        at,
        withdrawn,
        tasks,
      ),
    );
    return Number(lastInsertRowid);
  }

  private writeDecision(id: number | null, d: Omit<ReviewDecision, 'id'>): number {
    const { station, source, from, to, outcome, reason, note, by, at } = d;
    const undone = d.undone === null ? null : JSON.stringify(d.undone);
    const { lastInsertRowid } = this.database.transact(() =>
      this.sql.putDecision.run(id, station, source, jsonOf(d.parameters), from, to, outcome, reason, note, by, at, undone),
    );
    return Number(lastInsertRowid);
  }
}

/** The first three places of a statement that lists what reaches into a span of a station. */
function reach({ station, span }: WhichDecisions): [string | null, number, number] {
  return [station ?? null, span?.to ?? NEVER, span?.from ?? -NEVER];
}
