/** What does upkeep remember: comparisons with the laboratory, and what was told of due work? */
import type { LocalDate, Instant } from '../../domain/time.js';
import type { ComparisonRecord } from '../../domain/upkeep/comparison.js';
import type { UpkeepTask } from '../../domain/upkeep/plan.js';

/** Which comparisons somebody asks for. */
export interface WhichComparisons {
  readonly station?: string | undefined;
  readonly parameter?: string | undefined;
}

/** Keeps comparisons. Nothing that was entered is changed; a withdrawal is an entry of its own. */
export interface ComparisonStore {
  /** Inside a transaction. */
  add(record: Omit<ComparisonRecord, 'id' | 'withdrawn'>): ComparisonRecord;
  /** Inside a transaction; false where it was withdrawn before. */
  withdraw(id: string, withdrawn: NonNullable<ComparisonRecord['withdrawn']>): boolean;
  find(id: string): ComparisonRecord | undefined;
  /** Newest sample first, withdrawn ones too. */
  list(which: WhichComparisons, limit: number): ComparisonRecord[];
  /** The newest of each series that stands. */
  standing(): ComparisonRecord[];
  /** All of a station that stand, newest sample first. */
  standingOf(station: string): ComparisonRecord[];
}

/** Remembers which due dates were told by mail. */
export interface ToldStore {
  wasTold(person: string, station: string, task: UpkeepTask, due: LocalDate): boolean;
  /** Inside a transaction. */
  tell(person: string, station: string, task: UpkeepTask, due: LocalDate, at: Instant): void;
}
