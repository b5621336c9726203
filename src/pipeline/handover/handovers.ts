/** Who is on duty in the coming weeks, who hands over to whom, and who signed for it? */
import { isWorkingDay, onDuty, roster, standIn } from '../../domain/alerting/duty.js';
import type { Words } from '../../domain/alerting/alert.js';
import {
  dayAfter,
  type Handover,
  lastTurn,
  nextTurn,
  type OpenItem,
  standingOf,
  stateOf,
  type Turn,
  turnOn,
} from '../../domain/handover/handover.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime, localDate, type LocalDate } from '../../domain/time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';

/** Weeks that the roster shows, beginning with the Monday of this one. */
const WEEKS = 5;

/** Hand-overs that are looked at to say how a turn stands. */
const RECENT = 100;

/** Keeps hand-overs. Nothing that was signed is changed. */
export interface HandoverStore {
  /** Inside a transaction. */
  add(handover: Omit<Handover, 'id' | 'taken'>): Handover;
  /** Inside a transaction; false where somebody has taken it. */
  take(id: string, taken: NonNullable<Handover['taken']>): boolean;
  find(id: string): Handover | undefined;
  /** Newest first. */
  list(limit: number): Handover[];
}

/** What is said when duty is handed over; what is left out is as the roster says. */
export interface HandoverWords {
  readonly turn?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly note: string;
}

/** The roster and its hand-overs. What cannot be done throws `Refusal`. */
export class Handovers {
  constructor(
    private readonly site: Site,
    private readonly store: HandoverStore,
    private readonly open: (now: Instant) => readonly OpenItem[],
    private readonly audit: Pick<Audit, 'record'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** When this installation first ran: a turn before it asks for nothing. */
    private readonly began: (now: Instant) => Instant,
  ) {}

  /** Who is on duty now, as every page shows it. */
  now() {
    return onDuty(this.today(), this.site.duty, this.site.people).map(contact);
  }

  /** The roster of the coming weeks, day by day, with holidays and make-up days by name. */
  duty() {
    const { duty } = this.site;
    const today = this.today();
    const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
    const monday = dayAfter(today, -weekday);
    return {
      asOf: this.iso(this.clock.now()),
      today,
      onDuty: this.now(),
      handoverBy: duty.handoverBy ?? null,
      missing: this.missing(),
      days: Array.from({ length: WEEKS * 7 }, (_, i) => this.day(dayAfter(monday, i))),
    };
  }

  /** Hand-overs, newest first, with the turn that is to be handed over and what is open now. */
  list(limit: number) {
    const recent = this.store.list(Math.max(limit, RECENT));
    const now = this.clock.now();
    const turn = this.pending(recent);
    return {
      asOf: this.iso(now),
      pending: turn && {
        date: turn.date,
        from: this.acting(turn.from, dayAfter(turn.date, -1)).map(contact),
        to: this.acting(turn.to, turn.date).map(contact),
        state: this.standing(turn, recent, now),
        isEarly: this.isEarly(turn.date),
      },
      people: this.site.people.filter(({ level }) => level === 'town').map(contact),
      open: this.open(now).map((item) => this.itemView(item)),
      handovers: recent.slice(0, limit).map((one) => this.view(one, recent)),
    };
  }

  /** The turn that began and nobody signed for, in words; `null`: none. */
  missing(): { readonly turn: LocalDate; readonly words: Words } | null {
    const now = this.clock.now();
    const turn = lastTurn(this.today(), this.site.duty);
    if (turn === null || this.standing(turn, this.store.list(RECENT), now) !== 'missing') return null;
    const from = this.acting(turn.from, dayAfter(turn.date, -1));
    const to = this.acting(turn.to, turn.date);
    return {
      turn: turn.date,
      words: {
        zh: `未交接:${turn.date.slice(5)} ${from.map(({ name }) => name).join('、')} → ${to.map(({ name }) => name).join('、')}`,
        en: `not handed over: ${turn.date.slice(5)} ${from.map(({ nameEn }) => nameEn).join(', ')} → ${to.map(({ nameEn }) => nameEn).join(', ')}`,
      },
    };
  }

  /** Hands duty over: what is open is written down as it stands. Throws `Refusal`. */
  give(by: string, words: HandoverWords) {
    const now = this.clock.now();
    return this.transact(() => {
      const recent = this.store.list(RECENT);
      const turn = this.turnMeant(words.turn, recent);
      const date = turn?.date ?? this.today();
      if (this.isEarly(date)) throw new Refusal('bad-request', `${date} 的班还早,换班前一天起才能交班`);
      const from = this.person(words.from, turn && this.acting(turn.from, dayAfter(date, -1)));
      const to = this.person(words.to, turn && this.acting(turn.to, date));
      if (from.id === to.id) throw new Refusal('bad-request', '交班与接班不能是同一岗位');
      if (recent.some((one) => one.turn === date && one.taken !== null))
        throw new Refusal('bad-request', `${date} 的班已经交接,不能重复交班`);
      const items = [...this.open(now)];
      const kept = this.store.add({ turn: date, from: from.id, to: to.id, by, at: now, note: words.note.trim(), items });
      const view = this.view(kept, [kept, ...recent]);
      this.record('handover-given', kept, by, null, view, kept.note);
      return view;
    });
  }

  /** Takes duty over (接班). Throws `Refusal` to whoever handed it over. */
  take(id: string, by: string, note: string) {
    return this.transact(() => {
      const recent = this.store.list(RECENT);
      const before = this.store.find(id);
      if (before === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的交接班`);
      if (before.taken !== null) throw new Refusal('bad-request', `已由 ${before.taken.by} 接班`);
      if (before.by === by) throw new Refusal('bad-request', '交班人不能自己接班,请接班人用自己的账号签字');
      if (stateOf(before, recent) === 'replaced') throw new Refusal('bad-request', '同一班已另行交班,请签较新的一份');
      const taken = { by, at: this.clock.now(), note: note.trim() };
      if (!this.store.take(id, taken)) throw new Refusal('bad-request', '已有人接班');
      const after = { ...before, taken };
      const view = this.view(after, recent);
      this.record('handover-taken', after, by, this.view(before, recent), view, note);
      return view;
    });
  }

  /** The turn that waits: the newest that began and is not taken, else the next one. */
  private pending(recent: readonly Handover[]): Turn | null {
    const { duty } = this.site;
    const last = lastTurn(this.today(), duty);
    const isOpen = last !== null && this.standing(last, recent, this.clock.now()) !== 'taken';
    return isOpen ? last : nextTurn(this.today(), duty);
  }

  /** The turn that is meant by its day, or the one that waits. Throws `Refusal` for a day on which none begins. */
  private turnMeant(date: string | undefined, recent: readonly Handover[]): Turn | null {
    if (date === undefined) return this.pending(recent);
    const turn = turnOn(date, this.site.duty);
    const { duty } = this.site;
    const near = [lastTurn(this.today(), duty), nextTurn(this.today(), duty)].map((one) => one?.date);
    if (turn === null || !near.includes(date)) throw new Refusal('bad-request', `${date} 没有换班,只能交接最近一班或下一班`);
    return turn;
  }

  /** What is open a week before is not what will be: duty is handed over from the day before on. */
  private isEarly(date: LocalDate): boolean {
    return date > dayAfter(this.today(), 1);
  }

  private standing(turn: Turn, recent: readonly Handover[], now: Instant) {
    return standingOf(turn, recent, now, this.began(now), this.site.duty, this.site.calendar);
  }

  private person(id: string | undefined, named: readonly Person[] | null): Person {
    const found = id === undefined ? named?.[0] : this.site.people.find((one) => one.id === id);
    if (found !== undefined) return found;
    throw id === undefined
      ? new Refusal('bad-request', '配置中没有轮班,请写明交班与接班岗位')
      : new Refusal('not-found', `没有代号为 ${id} 的人员`);
  }

  private acting(ids: readonly string[], date: LocalDate): Person[] {
    const { people } = this.site;
    const named = ids.flatMap((id) => people.find((person) => person.id === id) ?? []);
    return [...new Set(named.map((person) => standIn(person, date, people)))];
  }

  private day(date: LocalDate) {
    const { duty, people } = this.site;
    const named = roster(date, duty).flatMap((id) => people.find((person) => person.id === id) ?? []);
    return {
      date,
      people: named.map((person) => {
        const acts = standIn(person, date, people);
        return { ...contact(acts), instead: acts === person ? null : contact(person) };
      }),
      isWorked: isWorkingDay(date, duty),
      holiday: duty.holidays.find(({ from, to }) => from <= date && date <= to)?.name ?? null,
      isMakeUp: duty.makeUpDays.includes(date),
      isTurn: turnOn(date, duty) !== null,
    };
  }

  private view({ at, items, taken, from, to, ...one }: Handover, all: readonly Handover[]) {
    return {
      ...one,
      from: this.role(from),
      to: this.role(to),
      at: this.iso(at),
      items: items.map((item) => this.itemView(item)),
      taken: taken && { ...taken, at: this.iso(taken.at) },
      state: stateOf({ ...one, at, items, taken, from, to }, all),
    };
  }

  /** A role of former days stays known by its id. */
  private role(id: string) {
    const person = this.site.people.find((one) => one.id === id);
    return person === undefined ? { id, name: id, nameEn: id, phone: null } : contact(person);
  }

  private itemView({ since, words, ...item }: OpenItem) {
    return { ...item, words: { ...words }, since: since === null ? null : this.iso(since) };
  }

  private record(
    action: 'handover-given' | 'handover-taken',
    { id }: Handover,
    who: string,
    before: unknown,
    after: unknown,
    reason: string,
  ): void {
    const event = { at: this.clock.now(), who, action, what: `handover/${id}`, station: null, before, after };
    this.audit.record({ ...event, reason: reason.trim() });
  }

  private today(): LocalDate {
    return localDate(this.clock.now(), this.site.calendar);
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

const contact = ({ id, name, nameEn, phone }: Person) => ({ id, name, nameEn, phone });
