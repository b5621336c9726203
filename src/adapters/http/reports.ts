/** What does HTTP ask the rest of the service? Answers come ready for the wire; a question that cannot be answered throws `Refusal`. */
import type {
  AlertsAnswer,
  AlertView,
  ComplianceAnswer,
  ComplianceQuery,
  NoticeAnswer,
  NoticesAnswer,
  ReadingsAnswer,
  ReadingsQuery,
  ReadyAnswer,
  ReceiptsAnswer,
  RejectionsAnswer,
  SiteAnswer,
  StationsAnswer,
  TargetsAnswer,
} from './contract.js';

/** The read side, and the one thing a person can do yet: acknowledge. */
export interface Reports {
  site(): Omit<SiteAnswer, 'user'>;
  ready(): ReadyAnswer;
  stations(): StationsAnswer;
  readings(station: string, query: ReadingsQuery): Promise<ReadingsAnswer>;
  targets(): TargetsAnswer;
  compliance(target: string, query: ComplianceQuery): ComplianceAnswer;
  /** With `names` false, `acknowledgedBy`, `by` and `note` are null. */
  alerts(state: 'active' | 'all', names: boolean): AlertsAnswer;
  acknowledge(alert: string, by: string, note: string): AlertView;
  notices(): NoticesAnswer;
  notice(id: string): NoticeAnswer;
  receipts(date: string | undefined): Promise<ReceiptsAnswer>;
  rejections(limit: number): RejectionsAnswer;
}
