/** What can people decide about readings, and what follows? One transaction each: the record, its audit entry, the readings it touches. */
import type { AuditAction } from '../../domain/audit.js';
import {
  coverage,
  inWords,
  type MaintenanceRecord,
  REVIEW_OUTCOMES,
  REVIEW_REASONS,
  type ReviewDecision,
  type ReviewOutcome,
  type ReviewReason,
  SETTLING_MINUTES,
  touched,
} from '../../domain/quality/decision.js';
import type { Source } from '../../domain/reading.js';
import type { Site } from '../../domain/site.js';
import { DAY, type Instant, isoTime, type Span } from '../../domain/time.js';
import { UPKEEP_TASKS, type UpkeepTask } from '../../domain/upkeep/plan.js';
import { askedTime } from '../reporting/asked-time.js';
import type { Attachments } from './attachments.js';
import type { DecisionStore, WhichDecisions } from './decision-stores.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';

/** How far ahead work may be entered, ms: further is a slip of the year. */
const AHEAD = 92 * DAY;

/** What is said of a maintenance record; times as people write them, what is absent stays as it is. */
export interface MaintenanceWords {
  readonly parameters?: readonly string[] | null | undefined;
  readonly from?: string | undefined;
  /** `null`: it goes on. */
  readonly to?: string | null | undefined;
  readonly settlingMinutes?: number | undefined;
  /** What of the maintenance plan is done; an empty list: nothing. */
  readonly tasks?: readonly UpkeepTask[] | undefined;
  readonly who?: string | undefined;
  readonly note?: string | undefined;
}

/** What is said of a decision: about the reading at `time`, or about `[from, to)`. */
export interface DecisionWords {
  readonly station: string;
  readonly source: Source;
  readonly parameters?: readonly string[] | null | undefined;
  readonly time?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly outcome: ReviewOutcome;
  readonly reason: ReviewReason;
  readonly note: string;
}

/** Which records or decisions somebody asks for. */
export interface AskedDecisions {
  readonly station?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

/** Which entries of the audit trail somebody asks for. */
export interface AskedAudit {
  readonly station?: string | undefined;
  readonly what?: string | undefined;
  readonly who?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly before?: number | undefined;
  readonly verify: boolean;
  readonly limit: number;
}

/** Takes the decisions of people. Every act that cannot be done throws `Refusal`, in their words, and leaves no trace. */
export class Decisions {
  constructor(
    private readonly site: Site,
    private readonly store: DecisionStore,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Something was entered about a station, and readings wait to be looked at. */
    private readonly entered: (station: string) => void,
    /** What an act touches, told inside its transaction. */
    private readonly touches: (touched: Span & { station: string; by: string; reason: string }) => void = () => {},
    private readonly attachments: Pick<Attachments, 'view'> | null = null,
  ) {}

  /** Enters a maintenance record: from now when no beginning is named, open when no end is. */
  addMaintenance(by: string, words: MaintenanceWords & { readonly station: string }) {
    const now = this.clock.now();
    const record = this.worded(words, {
      id: 0,
      station: this.station(words.station),
      parameters: null,
      from: now,
      to: null,
      settlingMinutes: SETTLING_MINUTES,
      who: by,
      note: '',
      by,
      at: now,
      withdrawn: false,
    });
    const started = record.to === null;
    return this.keepMaintenance(null, record, by, started ? 'maintenance-started' : 'maintenance-added', record.note);
  }

  /** Ends, corrects or withdraws a record: the whole of it stays in the audit trail. */
  changeMaintenance(id: string, by: string, words: MaintenanceWords & { readonly withdrawn?: true | undefined; reason: string }) {
    const before = this.found(this.store.findMaintenance(Number(id)), `编号为 ${id} 的维护记录`);
    if (before.withdrawn) throw new Refusal('bad-request', `维护记录 ${id} 已撤回,不能再改;请另行补录`);
    const after: MaintenanceRecord = { ...this.worded(words, before), withdrawn: words.withdrawn === true };
    if (JSON.stringify(after) === JSON.stringify(before)) throw new Refusal('bad-request', `维护记录 ${id} 没有任何改动`);
    const ended = before.to === null && after.to !== null && after.from === before.from;
    const action = after.withdrawn ? 'maintenance-withdrawn' : ended ? 'maintenance-ended' : 'maintenance-corrected';
    return this.keepMaintenance(before, after, by, action, words.reason);
  }

  /** Newest first. */
  maintenance(asked: AskedDecisions & { readonly open?: boolean | undefined }) {
    const records = this.store
      .maintenance(this.which(asked), asked.open === true ? Number.MAX_SAFE_INTEGER : asked.limit)
      .filter((record) => asked.open !== true || (record.to === null && !record.withdrawn));
    return { maintenance: records.slice(0, asked.limit).map((record) => this.recordView(record)) };
  }

  /** Sets readings invalid, suspect or restored. */
  decide(by: string, words: DecisionWords) {
    const now = this.clock.now();
    const { station, source, outcome, reason, note } = words;
    if (reason === 'other' && note.trim() === '') throw new Refusal('bad-request', '原因为“其他”时,请在 note 中写明');
    const decision = {
      station: this.station(station),
      source,
      parameters: this.parameters(words.parameters ?? null),
      ...this.decidedSpan(words),
      outcome,
      reason,
      note: note.trim(),
      by,
      at: now,
      undone: null,
    };
    return this.act(decision.station, () => {
      const kept = this.store.addDecision(decision);
      const view = this.decisionView(kept);
      this.record('decision-set', `decision/${kept.id}`, by, kept.station, null, view, `${REVIEW_REASONS[reason]} ${kept.note}`);
      this.enqueue({ ...kept, reason: inWords(kept) });
      return view;
    });
  }

  /** Takes a decision back: what stood before it stands again. */
  undo(id: string, by: string, note: string) {
    const before = this.found(this.store.findDecision(Number(id)), `编号为 ${id} 的审核决定`);
    if (before.undone !== null) throw new Refusal('bad-request', `审核决定 ${id} 已由 ${before.undone.by} 撤销`);
    const after: ReviewDecision = { ...before, undone: { by, at: this.clock.now(), note: note.trim() } };
    return this.act(before.station, () => {
      this.store.putDecision(after);
      const view = this.decisionView(after);
      this.record('decision-undone', `decision/${id}`, by, before.station, this.decisionView(before), view, note);
      this.enqueue({ ...after, by, reason: `撤销审核 ${id}${note.trim() === '' ? '' : `:${note.trim()}`}` });
      return view;
    });
  }

  /** Newest first. */
  decisions(asked: AskedDecisions) {
    const decisions = this.store.decisions(this.which(asked), asked.limit);
    return { decisions: decisions.map((decision) => this.decisionView(decision)) };
  }

  /** The audit trail, newest first; `verify` computes every hash of it again. */
  trail({ limit, verify, from, to, ...which }: AskedAudit) {
    const span = {
      from: from === undefined ? undefined : this.time('from', from),
      to: to === undefined ? undefined : this.time('to', to),
    };
    const entries = this.audit.list({ ...which, ...span }, limit).map(({ id, at, ...rest }) => ({
      id: String(id),
      at: this.iso(at),
      ...rest,
    }));
    if (!verify) return { entries };
    const { broken, ...whole } = this.audit.verify();
    return { entries, chain: { ...whole, broken: broken === null ? null : String(broken) } };
  }

  private keepMaintenance(
    before: MaintenanceRecord | null,
    after: MaintenanceRecord,
    by: string,
    action: AuditAction,
    reason: string,
  ) {
    return this.act(after.station, () => {
      const kept = before === null ? this.store.addMaintenance(after) : after;
      if (before !== null) this.store.putMaintenance(after);
      const view = this.recordView(kept);
      const was = before && this.recordView(before);
      this.record(action, `maintenance/${kept.id}`, by, kept.station, was, view, reason.trim());
      for (const span of touched(before, kept))
        this.enqueue({ station: kept.station, ...span, by, reason: actInWords(action, kept, reason.trim()) });
      return view;
    });
  }

  private enqueue(touched: Parameters<DecisionStore['enqueue']>[0]): void {
    this.store.enqueue(touched);
    this.touches(touched);
  }

  private act<T>(station: string, work: () => T): T {
    const done = this.transact(work);
    this.entered(station);
    return done;
  }

  private record(
    action: AuditAction,
    what: string,
    who: string,
    station: string,
    before: unknown,
    after: unknown,
    reason: string,
  ): void {
    this.audit.record({ at: this.clock.now(), who, action, what, station, before, after, reason: reason.trim() });
  }

  /** A record with what was said laid over it. */
  private worded(words: MaintenanceWords, over: MaintenanceRecord): MaintenanceRecord {
    const { parameters, from, to, settlingMinutes, tasks, who, note } = words;
    const record: MaintenanceRecord = {
      ...over,
      parameters: parameters === undefined ? over.parameters : this.parameters(parameters),
      from: from === undefined ? over.from : this.time('from', from),
      to: to === undefined ? over.to : to === null ? null : this.time('to', to),
      settlingMinutes: settlingMinutes ?? over.settlingMinutes,
      ...(tasks !== undefined && { tasks: UPKEEP_TASKS.filter((task) => tasks.includes(task)) }),
      who: who?.trim() || over.who,
      note: note?.trim() ?? over.note,
    };
    if (record.to !== null && record.to <= record.from)
      throw new Refusal('bad-request', `结束 ${this.iso(record.to)} 不晚于开始 ${this.iso(record.from)}`);
    if (Math.max(record.from, record.to ?? record.from) > this.clock.now() + AHEAD)
      throw new Refusal('bad-request', '维护时间在三个月以后,请检查年份');
    return record;
  }

  private decidedSpan({ time, from, to }: DecisionWords): Span {
    if (time !== undefined && from === undefined && to === undefined) {
      const at = this.time('time', time);
      return { from: at, to: at + 1 };
    }
    if (time !== undefined || from === undefined || to === undefined)
      throw new Refusal('bad-request', '请给出 time(一条测值),或 from 与 to(一段时间,含 from 不含 to)');
    const span = { from: this.time('from', from), to: this.time('to', to) };
    if (span.to <= span.from) throw new Refusal('bad-request', 'to 不晚于 from');
    return span;
  }

  private which({ station, from, to }: AskedDecisions): WhichDecisions {
    const span = {
      from: from === undefined ? Number.NEGATIVE_INFINITY : this.time('from', from),
      to: to === undefined ? Number.POSITIVE_INFINITY : this.time('to', to),
    };
    return { station, span: from === undefined && to === undefined ? undefined : span };
  }

  private station(id: string): string {
    return this.found(this.site.stations.get(id), `代号为 ${id} 的站点`).id;
  }

  /** Codes of parameters that were named by code or alias. */
  private parameters(names: readonly string[] | null): string[] | null {
    if (names === null) return null;
    if (names.length === 0) throw new Refusal('bad-request', 'parameters 为空;全部指标请不写或写 null');
    const codes = names.map((name) => this.found(this.site.codes.get(name), `代号为 ${name} 的指标`));
    return [...new Set(codes)].sort();
  }

  private found<T>(one: T | undefined, name: string): T {
    if (one === undefined) throw new Refusal('not-found', `没有${name}`);
    return one;
  }

  private time(name: string, text: string): Instant {
    return askedTime(name, text, this.site.calendar);
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }

  private recordView(record: MaintenanceRecord) {
    const { id, from, to, at, withdrawn, ...rest } = record;
    const end = coverage(record).to;
    return {
      id: String(id),
      ...rest,
      parameters: rest.parameters === null ? null : [...rest.parameters],
      tasks: [...(rest.tasks ?? [])],
      from: this.iso(from),
      to: to === null ? null : this.iso(to),
      coversTo: Number.isFinite(end) ? this.iso(end) : null,
      enteredAt: this.iso(at),
      state: withdrawn ? ('withdrawn' as const) : to === null ? ('open' as const) : ('closed' as const),
    };
  }

  private decisionView({ id, from, to, at, undone, ...rest }: ReviewDecision) {
    return {
      id: String(id),
      ...rest,
      parameters: rest.parameters === null ? null : [...rest.parameters],
      from: this.iso(from),
      to: this.iso(to),
      outcomeText: REVIEW_OUTCOMES[rest.outcome],
      reasonText: REVIEW_REASONS[rest.reason],
      decidedAt: this.iso(at),
      undone: undone && { ...undone, at: this.iso(undone.at) },
      attachment: this.attachments?.view(id) ?? null,
    };
  }
}

/** What an amendment says of an act on a maintenance record: 维护:更换试剂(维护记录 3). */
function actInWords(action: AuditAction, { id, note }: MaintenanceRecord, reason: string): string {
  const words: Partial<Record<AuditAction, string>> = {
    'maintenance-ended': '维护结束',
    'maintenance-corrected': '维护记录更正',
    'maintenance-withdrawn': '维护记录撤回',
  };
  const why = words[action] === undefined ? note : reason;
  return `${words[action] ?? '维护'}${why === '' ? '' : `:${why}`}(维护记录 ${id})`;
}
