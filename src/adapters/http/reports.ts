/** What does HTTP ask the rest of the service? Answers come ready for the wire; a question that cannot be answered throws `Refusal`. */
import type {
  AlertsAnswer,
  AlertView,
  NoticeAnswer,
  NoticesAnswer,
  ReadingsAnswer,
  ReadingsQuery,
  ReadyAnswer,
  ReceiptsAnswer,
  RejectionsAnswer,
  RejectionsQuery,
  ReplayAnswer,
  SiteAnswer,
  StationsAnswer,
  WhichRejections,
} from './contract/contract.js';
import type { BreakdownAnswer, BreakdownQuery, CalendarAnswer, CalendarQuery } from './contract/breakdown.js';
import type { ImportAnswer, ImportBody } from './contract/import.js';
import type {
  ChangesAnswer,
  ChangesQuery,
  ComplianceAnswer,
  ComplianceQuery,
  TargetsAnswer,
  WindowsAnswer,
} from './contract/compliance.js';

/** A `ComplianceAnswer` whose windows are printed already. */
export interface PrintedCompliance {
  readonly head: Omit<ComplianceAnswer, 'windows'>;
  readonly windows: readonly string[];
}

/** A refused payload as it is written into a file. */
export interface RefusedRow {
  readonly time: string;
  readonly topic: string;
  readonly station: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly values: number;
  readonly payload: Uint8Array;
}

/** The read side, and what a person can do: acknowledge, and have refused payloads taken again. */
export interface Reports {
  site(): Omit<SiteAnswer, 'user' | 'address'>;
  ready(): ReadyAnswer;
  stations(): StationsAnswer;
  readings(station: string, query: ReadingsQuery): Promise<ReadingsAnswer>;
  /** The open windows of a station. Throws `Refusal`. */
  windows(station: string): WindowsAnswer;
  targets(): TargetsAnswer;
  /** The answer in two parts: `windows` are JSON texts, each of one `verdictView`. Throws `Refusal`. */
  compliance(target: string, query: ComplianceQuery): PrintedCompliance;
  /** A rate split into parts. Throws `Refusal`. */
  breakdown(target: string, query: BreakdownQuery): BreakdownAnswer;
  /** Every day of a period. Throws `Refusal`. */
  calendar(target: string, query: CalendarQuery): CalendarAnswer;
  /** How verdicts of the windows were changed. Throws `Refusal`. */
  changes(target: string, query: ChangesQuery): ChangesAnswer;
  /** With `names` false, `acknowledgedBy`, `by` and `note` are null. */
  alerts(state: 'active' | 'all', names: boolean): AlertsAnswer;
  acknowledge(alert: string, by: string, note: string): AlertView;
  /** Ends an alert for the reason a person gives. Throws `Refusal`. */
  close(alert: string, by: string, reason: string): AlertView;
  notices(): NoticesAnswer;
  notice(id: string): NoticeAnswer;
  receipts(date: string | undefined): Promise<ReceiptsAnswer>;
  rejections(limit: number, which: Omit<RejectionsQuery, 'limit'>): RejectionsAnswer;
  /** Refused payloads whole, oldest first. Throws `Refusal` before the first. */
  refusedPayloads(which: WhichRejections): Iterable<RefusedRow>;
  /** Compares values that an account brings with what is held, and takes them. Throws `Refusal`. */
  importValues(body: ImportBody, by: string): Promise<ImportAnswer>;
  /** Takes what was refused again. Throws `Refusal`. */
  replay(which: WhichRejections, by: string): Promise<ReplayAnswer>;
}
