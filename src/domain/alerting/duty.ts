/** Who is on duty, which days are worked, and when is the night? */
import type { Duty, NoticeSettings, Person } from '../people.js';
import type { Site } from '../site.js';
import { type Calendar, clockTime, DAY, type Instant, localDate, type LocalDate, startOfDate } from '../time.js';
import type { Severity } from './alert.js';
import type { Contact } from './facts.js';

/** A day as a number, so that days can be counted. */
const dayNumber = (date: LocalDate): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);

/** Is the day worked: a weekday that is no holiday (节假日), or a weekend day that makes up for one (调休)? */
export function isWorkingDay(date: LocalDate, duty: Duty): boolean {
  if (duty.makeUpDays.includes(date)) return true;
  if (duty.holidays.some(({ from, to }) => from <= date && date <= to)) return false;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/**
 * Ids of those the roster has on duty on a day, before anybody stands in: those named for the very day, on a day off those
 * named for such, else whose turn it is. Turns are counted from the rotation's first day, backwards too, so that somebody always is.
 */
export function roster(date: LocalDate, duty: Duty): readonly string[] {
  const named = duty.days?.[date];
  if (named !== undefined) return named;
  if (duty.onDaysOff.length > 0 && !isWorkingDay(date, duty)) return duty.onDaysOff;
  if (duty.rotation === null || duty.rotation.people.length === 0) return [];
  const { people, from, days } = duty.rotation;
  const turn = Math.floor((dayNumber(date) - dayNumber(from)) / days);
  return [people[((turn % people.length) + people.length) % people.length]!];
}

/**
 * Who acts for a person on a day: itself, or whoever stands in while it is away, or stands in for that one. Where that leads
 * back to somebody who is away, the person itself: better told on leave than nobody.
 */
export function standIn(person: Person, date: LocalDate, people: readonly Person[]): Person {
  const passed = new Set([person.id]);
  let acting = person;
  for (;;) {
    const away = acting.away.find(({ from, to }) => from <= date && date <= to);
    if (away === undefined) return acting;
    const next = people.find(({ id }) => id === away.substitute);
    if (next === undefined || passed.has(next.id)) return person;
    passed.add(next.id);
    acting = next;
  }
}

/** Who is on duty on a day, substitutes in place of those away, each once; empty where no roster says so. */
export function onDuty(date: LocalDate, duty: Duty, people: readonly Person[]): Person[] {
  const named = roster(date, duty).flatMap((id) => people.find((person) => person.id === id) ?? []);
  return [...new Set(named.map((person) => standIn(person, date, people)))];
}

/** Whom to ring at a moment: all who are on duty on its day. */
export const callable = (now: Instant, { calendar, duty, people }: Pick<Site, 'calendar' | 'duty' | 'people'>): Contact[] =>
  onDuty(localDate(now, calendar), duty, people).map(({ name, nameEn, phone }) => ({ name: { zh: name, en: nameEn }, phone }));

/** Minutes of a wall clock `HH:mm`. */
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * Until when an alert of that severity waits for the night's end; `null`: it is told now. Only 预警 waits. The hours may span
 * midnight; their first minute is quiet, their last is not.
 */
export function quietUntil(now: Instant, severity: Severity, settings: NoticeSettings, calendar: Calendar): Instant | null {
  if (severity !== 'warning' || settings.quietHours === null) return null;
  const [from, to] = [minutesOf(settings.quietHours.from), minutesOf(settings.quietHours.to)];
  const clock = minutesOf(clockTime(now, calendar));
  const isQuiet = from <= to ? from <= clock && clock < to : clock >= from || clock < to;
  if (!isQuiet) return null;
  const today = startOfDate(localDate(now, calendar), calendar) + to * 60_000;
  return today > now ? today : today + DAY;
}
