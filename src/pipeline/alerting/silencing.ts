/** What can people say shall be silent, and for how long? */
import { nameOfSubject } from '../../domain/alerting/message-words.js';
import type { Site } from '../../domain/site.js';
import { DAY, isoTime } from '../../domain/time.js';
import { askedTime } from '../reporting/asked-time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import type { Silence, SilenceStore } from './alert-stores.js';

/** Longest silence, days: what is silent for longer belongs into the config, where it is seen. */
export const LONGEST_SILENCE_DAYS = 30;

/** What is said of a silence; what is left out is silent as a whole, times as people write them. */
export interface SilenceWords {
  /** A station's id, or `reach:nankeng`, `target:river`, `region:pm10`, `service`. */
  readonly subject?: string | null | undefined;
  readonly station?: string | null | undefined;
  readonly parameter?: string | null | undefined;
  readonly rule?: string | null | undefined;
  /** Absent: now. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly reason: string;
}

/** Enters and ends silences, each with its audit entry. What cannot be done throws `Refusal`. */
export class Silencing {
  constructor(
    private readonly site: Site,
    private readonly store: SilenceStore,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** What is silent has changed. */
    private readonly changed: () => void,
  ) {}

  /** Newest first; those that ended too unless `holding`. */
  list(holding: boolean) {
    return { silences: this.store.list(holding ? this.clock.now() : null).map((silence) => this.view(silence)) };
  }

  add(by: string, words: SilenceWords) {
    const now = this.clock.now();
    const { calendar, stations, codes } = this.site;
    const subject = words.subject ?? null;
    if (subject !== null && nameOfSubject(subject, this.site) === null)
      throw new Refusal('not-found', `没有代号为 ${subject} 的报警对象`);
    const station = words.station ?? null;
    if (station !== null && !stations.has(station)) throw new Refusal('not-found', `没有代号为 ${station} 的站点`);
    const code = words.parameter ?? null;
    const parameter = code === null ? null : codes.get(code);
    if (parameter === undefined) throw new Refusal('not-found', `没有代号为 ${code} 的指标`);
    const rule = words.rule ?? null;
    if (subject === null && station === null && parameter === null && rule === null)
      throw new Refusal('bad-request', '请写明对象、站点、指标或规则;不能让全部报警静默');
    const reason = words.reason.trim();
    if (reason === '') throw new Refusal('bad-request', '请写明静默原因');
    const from = words.from === undefined ? now : Math.max(now, askedTime('from', words.from, calendar));
    const to = askedTime('to', words.to, calendar);
    if (to <= from) throw new Refusal('bad-request', `结束 ${isoTime(to, calendar)} 不晚于开始 ${isoTime(from, calendar)}`);
    if (to - from > LONGEST_SILENCE_DAYS * DAY)
      throw new Refusal('bad-request', `静默最长 ${LONGEST_SILENCE_DAYS} 天;更长请修改配置`);
    return this.act(() => {
      const kept = this.store.add({ subject, station, parameter, rule, from, to, by, reason });
      const view = this.view(kept);
      this.audit.record({
        at: now,
        who: by,
        action: 'silence-added',
        what: `silence/${kept.id}`,
        station,
        before: null,
        after: view,
        reason,
      });
      return view;
    });
  }

  /** Ends one before its time; what was silent is told again while it stands. `reason`: for the audit trail, may be empty. */
  end(id: string, by: string, reason = '') {
    const at = this.clock.now();
    return this.act(() => {
      const before = this.store.find(id);
      if (before === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的静默`);
      if (!this.store.end(id, by, at)) throw new Refusal('bad-request', `静默 ${id} 已经结束`);
      const view = this.view(this.store.find(id) ?? before);
      this.audit.record({
        at,
        who: by,
        action: 'silence-ended',
        what: `silence/${id}`,
        station: before.station,
        before: this.view(before),
        after: view,
        reason,
      });
      return view;
    });
  }

  private act<T>(work: () => T): T {
    const done = this.transact(work);
    this.changed();
    return done;
  }

  private view({ from, to, endedAt, ...rest }: Silence) {
    const { calendar } = this.site;
    const now = this.clock.now();
    const name = rest.subject === null ? null : nameOfSubject(rest.subject, this.site);
    return {
      ...rest,
      subjectName: name?.zh ?? rest.subject,
      subjectNameEn: name?.en ?? rest.subject,
      from: isoTime(from, calendar),
      to: isoTime(to, calendar),
      endedAt: endedAt === null ? null : isoTime(endedAt, calendar),
      holds: endedAt === null && from <= now && now < to,
    };
  }
}
