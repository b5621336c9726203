/** When does duty pass from one to another, was it handed over (交接班), and what was still open? */
import { roster } from '../alerting/duty.js';
import type { Words } from '../alerting/alert.js';
import type { Duty } from '../people.js';
import { type Calendar, clockTime, DAY, type Instant, localDate, type LocalDate } from '../time.js';

/** What can be open when duty passes on. */
export const OPEN_KINDS = ['alert', 'case', 'silence', 'maintenance', 'upkeep', 'path', 'review'] as const;
export type OpenKind = (typeof OPEN_KINDS)[number];

/** One thing that is open. */
export interface OpenItem {
  readonly kind: OpenKind;
  readonly words: Words;
  /** Where it stands on the page, e.g. `/alerts/a1`; `null`: nowhere of its own. */
  readonly link: string | null;
  readonly since: Instant | null;
}

/** Duty that was handed over. Neither it nor what was open is ever changed; taking it is an entry of its own. */
export interface Handover {
  readonly id: string;
  /** The first day of the turn that it hands over. */
  readonly turn: LocalDate;
  /** Ids of the roles. */
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly at: Instant;
  readonly note: string;
  /** As it stood at that moment. */
  readonly items: readonly OpenItem[];
  /** 接班: another account signed for it; `null`: nobody yet. */
  readonly taken: { readonly by: string; readonly at: Instant; readonly note: string } | null;
}

/** A day on which others are on duty than the day before. */
export interface Turn {
  readonly date: LocalDate;
  /** Ids, before anybody stands in. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Days that are looked over for a change of turn: longer than any rotation of two. */
const REACH = 62;

/** When a hand-over counts as missing where the config says nothing. */
const BY = '09:00';

/** The day so many days after another. */
export const dayAfter = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The turn that begins on a day; `null`: the same are on duty as the day before, or nobody is on one of the two. */
export function turnOn(date: LocalDate, duty: Duty): Turn | null {
  const [from, to] = [roster(dayAfter(date, -1), duty), roster(date, duty)];
  const isSame = from.length === to.length && from.every((id) => to.includes(id));
  return isSame || from.length === 0 || to.length === 0 ? null : { date, from, to };
}

/** The newest turn that has begun by a day, the day included. */
export function lastTurn(date: LocalDate, duty: Duty): Turn | null {
  for (let i = 0; i < REACH; i++) {
    const turn = turnOn(dayAfter(date, -i), duty);
    if (turn !== null) return turn;
  }
  return null;
}

/** The first turn that begins after a day. */
export function nextTurn(date: LocalDate, duty: Duty): Turn | null {
  for (let i = 1; i <= REACH; i++) {
    const turn = turnOn(dayAfter(date, i), duty);
    if (turn !== null) return turn;
  }
  return null;
}

/** `taken`; `waiting` to be taken; `replaced` by a newer one of the same turn. */
export type HandoverState = 'taken' | 'waiting' | 'replaced';

/** How one of several hand-overs stands; `all` in any order. */
export function stateOf(one: Handover, all: readonly Handover[]): HandoverState {
  if (one.taken !== null) return 'taken';
  return all.some((other) => other.turn === one.turn && Number(other.id) > Number(one.id)) ? 'replaced' : 'waiting';
}

/**
 * How duty stands at `now`: `taken` over; `waiting` to be taken, or still to be handed over, while there is time; `missing`
 * (未交接) once its hour has passed without a signature. A turn before `began` asks nothing of a service that was not there.
 */
export function standingOf(
  turn: Turn,
  handovers: readonly Handover[],
  now: Instant,
  began: Instant,
  duty: Duty,
  calendar: Calendar,
): 'taken' | 'waiting' | 'missing' {
  if (handovers.some((one) => one.turn === turn.date && one.taken !== null)) return 'taken';
  const [today, clock] = [localDate(now, calendar), clockTime(now, calendar)];
  const by = duty.handoverBy ?? BY;
  const isPast = turn.date < today || (turn.date === today && clock >= by);
  if (!isPast) return 'waiting';
  const since = localDate(began, calendar);
  const isOlder = turn.date < since || (turn.date === since && clockTime(began, calendar) >= by);
  return isOlder ? 'taken' : 'missing';
}
