/** What can people do with the days that wait? One transaction each: the day, its event, its audit entry. */
import type { AuditAction } from '../../domain/audit.js';
import { review, type ReviewActName, type ReviewDay, waitingDay } from '../../domain/reviewing/review-day.js';
import type { Site } from '../../domain/site.js';
import { DAY, localDate, type LocalDate, startOfDate } from '../../domain/time.js';
import { dueSince } from '../judging/due.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact, WorkingSet } from '../stores.js';
import { reviewName } from './day-changes.js';
import type { QueueDay, ReviewQueue, AskedQueue } from './review-queue.js';
import type { DayKey, ReviewDayStore } from './review-stores.js';

/** Days that one bulk act passes at most. */
const MOST_AT_ONCE = 8000;

const ACTIONS = {
  first: 'review-first',
  second: 'review-second',
  return: 'review-returned',
} as const satisfies Record<ReviewActName, AuditAction>;

/** Takes what people say of days. What cannot be done throws `Refusal`, in their words, and leaves no trace. */
export class ReviewDesk {
  constructor(
    private readonly site: Site,
    private readonly store: ReviewDayStore,
    private readonly queue: Pick<ReviewQueue, 'quiet'>,
    private readonly workingSet: WorkingSet,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Are readings of that day still being judged again because of what somebody did? */
    private readonly isPending: (key: DayKey) => boolean,
  ) {}

  /** 初审, 复核 or 退回 of one day. */
  act(station: string, date: string, what: ReviewActName, by: string, note: string): ReviewDay {
    const key = this.key(station, date);
    if (what !== 'return' && this.isPending(key))
      throw new Refusal(
        'unavailable',
        '这一天还在按刚才的决定重新计算,请稍候几秒再提交。Verdicts of that day are being computed again: wait a moment.',
      );
    return this.transact(() => this.keep(key, what, by, note));
  }

  /**
   * 一并初审 or 一并复核: every day asked for that waits for it and has nothing suspicious in it. Days that have are left, and
   * counted, and so are those whose first review was done by this account (`own`, among `left`).
   */
  bulk(asked: Pick<AskedQueue, 'station' | 'from' | 'to'>, what: BulkAct, by: string, note: string) {
    const { quiet, left, own } = this.queue.quiet({ ...asked, by }, what);
    const days = quiet.filter((key) => !this.isPending(key)).slice(0, MOST_AT_ONCE);
    this.transact(() => {
      for (const key of days) this.pass(key, what, by, note);
      if (days.length === 0) return;
      const { action } = BULK[what];
      this.audit.record({
        ...{ at: this.clock.now(), who: by, action, what: 'review', station: asked.station ?? null, before: null },
        after: { days: days.map((key) => reviewName(key, this.site).slice('review/'.length)) },
        reason: note.trim(),
      });
    });
    return { passed: days.length, left: left + quiet.length - days.length, own };
  }

  /** A day of a station that is due. Throws `Refusal`. */
  key(station: string, date: LocalDate): DayKey {
    const found = this.site.stations.get(station);
    if (!found?.active) throw new Refusal('not-found', `没有代号为 ${station} 的站点`);
    const day = startOfDate(date, this.site.calendar);
    if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(day) || localDate(day, this.site.calendar) !== date)
      throw new Refusal('bad-request', `没有 ${date} 这一天`);
    const since = dueSince(this.site, found, this.workingSet);
    const isDue = (since !== null && day + DAY > since) || this.store.sampled(station, { from: day, to: day + DAY }).length > 0;
    if (!isDue || day > this.clock.now()) throw new Refusal('not-found', `${date} 不在${found.name}的应审日期内`);
    return { station, day };
  }

  private keep(key: DayKey, what: ReviewActName, by: string, note: string): ReviewDay {
    const before = this.store.find(key) ?? waitingDay(key.station, key.day);
    const done = review(before, what, { by, at: this.clock.now(), note }, key.day + DAY);
    if ('refused' in done) throw new Refusal('bad-request', `${done.words.zh}。${sentence(done.words.en)}`);
    this.store.put(done.day, done.event);
    this.audit.record({
      ...{ at: this.clock.now(), who: by, action: ACTIONS[what], what: reviewName(key, this.site), station: key.station },
      ...{ before: { state: before.state }, after: { state: done.day.state }, reason: note.trim() },
    });
    return done.day;
  }

  /** One of many: the bulk act has an entry of its own in the trail. */
  private pass({ station, day }: QueueDay, what: BulkAct, by: string, note: string): void {
    const before = this.store.find({ station, day }) ?? waitingDay(station, day);
    const done = review(before, what, { by, at: this.clock.now(), note: note === '' ? BULK[what].note : note }, day + DAY);
    if ('refused' in done) throw new Error(`${station} ${day} was counted as one to pass: ${done.words.en}`);
    this.store.put(done.day, done.event);
  }
}

/** What can be done to many days at once. */
export type BulkAct = Exclude<ReviewActName, 'return'>;

/** How the trail calls it, and what stands as the note of a day that was passed with others. */
const BULK = {
  first: { action: 'review-bulk', note: '一并初审' },
  second: { action: 'review-bulk-second', note: '一并复核' },
} as const satisfies Record<BulkAct, { action: AuditAction; note: string }>;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
