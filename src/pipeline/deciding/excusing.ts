/** How does an office excuse windows (不参评), and what follows? One transaction: the excuse, its audit entry, the windows it touches. */
import type { AuditAction } from '../../domain/audit.js';
import { NO_CAUSE } from '../../domain/compliance/change.js';
import { type Excuse, EXCUSE_NAMES, type ExcuseReason, excuseText } from '../../domain/compliance/excuse.js';
import type { Site } from '../../domain/site.js';
import { isoTime, type WindowKind } from '../../domain/time.js';
import { askedTime } from '../reporting/asked-time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import type { ExcuseStore, VerdictStore } from '../judging/verdict-stores.js';

/** What is said of an excuse; times as people write them, `to` exclusive. */
export interface ExcuseWords {
  readonly station: string;
  readonly kinds?: readonly WindowKind[] | null | undefined;
  readonly parameters?: readonly string[] | null | undefined;
  readonly from: string;
  readonly to: string;
  readonly reason: ExcuseReason;
  readonly approver: string;
  readonly document: string;
  readonly note?: string | undefined;
}

/** Enters and withdraws excuses. What cannot be done throws `Refusal`, in the words of who asked, and leaves no trace. */
export class Excusing {
  constructor(
    private readonly site: Site,
    private readonly excuses: ExcuseStore,
    private readonly verdicts: VerdictStore,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Windows wait to be judged again. */
    private readonly touched: () => void,
  ) {}

  /** Enters one; `by` is the account, which is not who approved it. */
  add(by: string, words: ExcuseWords) {
    const station = this.site.stations.get(words.station);
    if (station === undefined) {
      throw new Refusal('not-found', `没有代号为 ${words.station} 的站点;现有:${[...this.site.stations.keys()].join('、')}`);
    }
    const from = askedTime('from', words.from, this.site.calendar);
    const to = askedTime('to', words.to, this.site.calendar);
    if (to <= from) throw new Refusal('bad-request', `to 应晚于 from(to 当刻不含在内),收到的是 ${words.from} 至 ${words.to}`);
    const [approver, document] = [this.said('approver', words.approver), this.said('document', words.document)];
    const unknown = (words.parameters ?? []).filter((parameter) => !this.site.parameters.has(parameter));
    if (unknown.length > 0) throw new Refusal('bad-request', `没有代号为 ${unknown.join('、')} 的指标`);
    const { windows } = this.site.judging.get(station.medium)!;
    const strange = (words.kinds ?? []).filter((kind) => kind !== 'sample' && !windows.includes(kind));
    if (strange.length > 0) {
      throw new Refusal(
        'bad-request',
        `${station.name} 不按 ${strange.join('、')} 评价;kinds 可为 ${windows.join('、')}、sample`,
      );
    }
    const excuse = this.transact(() => {
      const kept = this.excuses.add({
        station: station.id,
        kinds: listed(words.kinds),
        parameters: listed(words.parameters),
        from,
        to,
        reason: words.reason,
        approver,
        document,
        note: (words.note ?? '').trim(),
        addedBy: by,
        addedAt: this.clock.now(),
      });
      this.follow('excuse-added', kept, by, kept.note, `不参评:${excuseText(kept)}`);
      return kept;
    });
    this.touched();
    return this.view(excuse);
  }

  /** Withdraws one; it stays in the list, with who withdrew it and why. */
  remove(id: string, by: string, reason: string) {
    const why = this.said('reason', reason);
    const before = this.excuses.find(id);
    if (before === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的不参评记录`);
    const after = this.transact(() => {
      if (!this.excuses.remove(id, by, this.clock.now(), why)) throw new Refusal('bad-request', `不参评记录 ${id} 已撤回`);
      const kept = this.excuses.find(id)!;
      this.follow('excuse-removed', kept, by, why, `撤回不参评:${kept.document}`);
      return kept;
    });
    this.touched();
    return this.view(after);
  }

  /** Newest first, withdrawn ones too. */
  list(station?: string) {
    if (station !== undefined && !this.site.stations.has(station)) throw new Refusal('not-found', `没有代号为 ${station} 的站点`);
    const excuses = this.excuses.list(station === undefined ? undefined : [station]);
    return { excuses: excuses.reverse().map((excuse) => this.view(excuse)) };
  }

  /** What an act leaves: its entry in the audit trail, and the windows within its span, to be judged again. */
  private follow(action: AuditAction & `excuse-${string}`, excuse: Excuse, by: string, reason: string, why: string): void {
    const view = this.view(excuse);
    const [before, after] = action === 'excuse-added' ? [null, view] : [{ ...view, removed: null }, view];
    this.audit.record({
      at: this.clock.now(),
      who: by,
      action,
      what: `excuse/${excuse.id}`,
      station: excuse.station,
      before,
      after,
      reason,
    });
    this.verdicts.markJudged(excuse.station, excuse.kinds, excuse, { ...NO_CAUSE, why });
  }

  private said(field: string, text: string): string {
    const words = text.trim();
    if (words === '') throw new Refusal('bad-request', `${field} 不能为空:不参评须写明批准单位、文号和理由`);
    return words;
  }

  private view({ kinds, parameters, from, to, addedAt, removed, ...rest }: Excuse) {
    const { calendar } = this.site;
    return {
      ...rest,
      stationName: this.site.stations.get(rest.station)?.name ?? rest.station,
      kinds: kinds && [...kinds],
      parameters: parameters && [...parameters],
      from: isoTime(from, calendar),
      to: isoTime(to, calendar),
      reasonName: EXCUSE_NAMES[rest.reason],
      addedAt: isoTime(addedAt, calendar),
      removed: removed && { ...removed, at: isoTime(removed.at, calendar) },
    };
  }
}

/** An empty list names nothing, and so everything. */
function listed<T>(list: readonly T[] | null | undefined): readonly T[] | null {
  return list === null || list === undefined || list.length === 0 ? null : [...new Set(list)];
}
