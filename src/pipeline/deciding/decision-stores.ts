/** What does the service remember of people's decisions, and of the readings they touch? */
import type { MaintenanceRecord, ReviewDecision } from '../../domain/quality/decision.js';
import type { Instant, Span } from '../../domain/time.js';
import type { UpkeepTask } from '../../domain/upkeep/plan.js';

/** Which records or decisions: all, or those of a station, and those that reach into a span. */
export interface WhichDecisions {
  readonly station?: string | undefined;
  readonly span?: Span | undefined;
}

/** Readings that have to be looked at again because of an act, or because what came late may speak against them. */
export interface Rejudge {
  readonly id: number;
  readonly station: string;
  /** `null`: all. */
  readonly parameters: readonly string[] | null;
  readonly from: Instant;
  /** `NEVER` for a span without an end. */
  readonly to: Instant;
  /** The act: who, and in words; without words it is no act, and their neighbours decide. */
  readonly by: string;
  readonly reason: string;
  /** How far it has come: everything before this parameter, and of it everything before this instant; `null` at the beginning. */
  readonly reached: { readonly parameter: string; readonly time: Instant } | null;
}

/** Maintenance records, review decisions, and the queue of what they touch. All changes are made inside the transaction of an act. */
export interface DecisionStore {
  /** Gives it the next number. */
  addMaintenance(record: Omit<MaintenanceRecord, 'id'>): MaintenanceRecord;
  /** Replaces the record of that number. */
  putMaintenance(record: MaintenanceRecord): void;
  findMaintenance(id: number): MaintenanceRecord | undefined;
  /** Newest first, withdrawn ones too. */
  maintenance(which: WhichDecisions, limit: number): MaintenanceRecord[];
  /** When each task of the plan was last ended at each station, up to and with `now`; withdrawn records say nothing. */
  lastDone(now: Instant): { readonly station: string; readonly task: UpkeepTask; readonly at: Instant }[];
  addDecision(decision: Omit<ReviewDecision, 'id'>): ReviewDecision;
  /** Replaces the decision of that number: it was undone. */
  putDecision(decision: ReviewDecision): void;
  findDecision(id: number): ReviewDecision | undefined;
  /** Newest first, undone ones too. */
  decisions(which: WhichDecisions, limit: number): ReviewDecision[];
  enqueue(rejudge: Omit<Rejudge, 'id' | 'reached'>): void;
  /** What waits longest: acts first, since somebody waits for what they change. */
  nextRejudge(): Rejudge | undefined;
  /** Remembers how far it has come; `null`: it is done. */
  advanceRejudge(id: number, reached: Rejudge['reached']): void;
}
