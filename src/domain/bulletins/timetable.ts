/** Which bulletins are due now? */
import { type Calendar, DAY, HOUR, type Instant, localDate, MINUTE, startOfDate, windowAt } from '../time.js';
import type { BulletinKind } from './bulletin.js';
import type { BulletinSettings } from './settings.js';

/** A service that was away makes what was due while it was, but nothing that is older than this. */
export const CATCH_UP = 2 * DAY;

/** A signature, as far as it makes a bulletin due. */
export interface Signature {
  readonly target: string;
  readonly period: string;
  readonly edition: number;
  readonly at: Instant;
}

/** A bulletin that is due: made once, whoever makes it. */
export interface Occasion {
  /** E.g. `day 2026-11-22`, `river-month 2026-10 draft`, `river-month 2026-10 signed 1`. */
  readonly key: string;
  readonly kind: BulletinKind;
  readonly period: string;
  readonly due: Instant;
}

/** What came due within the catch-up, oldest first. Of a month the draft only while nobody has signed, and each signature. */
export function dueBulletins(
  settings: readonly BulletinSettings[],
  signatures: readonly Signature[],
  now: Instant,
  calendar: Calendar,
): Occasion[] {
  const inTime = ({ due }: Occasion): boolean => due <= now && now - due <= CATCH_UP;
  return settings
    .flatMap((one) => occasions(one, signatures, now, calendar))
    .filter(inTime)
    .sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1));
}

function occasions(
  { kind, at, weekday, day, target }: BulletinSettings,
  signatures: readonly Signature[],
  now: Instant,
  calendar: Calendar,
): Occasion[] {
  const clock = Number(at.slice(0, 2)) * HOUR + Number(at.slice(3)) * MINUTE;
  const lately = [3, 2, 1, 0].map((back) => localDate(now - back * DAY, calendar));
  const on = (date: string): Instant => startOfDate(date, calendar) + clock;
  const before = (date: string, days: number): string => localDate(startOfDate(date, calendar) - days * DAY, calendar);
  switch (kind) {
    case 'day':
      return lately.map((date) => ({ key: `day ${before(date, 1)}`, kind, period: before(date, 1), due: on(date) }));
    case 'week':
      return lately
        .filter((date) => weekdayOf(date) === weekday)
        .map((date) => {
          const period = weekOf(before(date, 7));
          return { key: `week ${period}`, kind, period, due: on(date) };
        });
    case 'river-month':
    case 'drinking-month': {
      const own = signatures.filter((one) => one.target === target);
      const drafts = lately
        .filter((date) => Number(date.slice(8)) === day)
        .map((date) => ({ period: monthBefore(date, calendar), due: on(date) }))
        // Once it is signed a draft would only come after what it is a draft of.
        .filter(({ period }) => !own.some((one) => one.period === period))
        .map(({ period, due }) => ({ key: `${kind} ${period} draft`, kind, period, due }));
      const signed = own.map(({ period, edition, at: due }) => ({
        key: `${kind} ${period} signed ${edition}`,
        kind,
        period,
        due,
      }));
      return [...drafts, ...signed];
    }
  }
}

/** 1 Monday … 7 Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/** The ISO week of a day: `2026-W47`. */
export function weekOf(date: string): string {
  const thursday = Date.parse(`${date}T00:00:00Z`) + (4 - weekdayOf(date)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  const first = Date.parse(`${year}-01-01T00:00:00Z`);
  return `${year}-W${String(Math.floor((thursday - first) / (7 * DAY)) + 1).padStart(2, '0')}`;
}

/** The days of an ISO week, Monday first; `null` for what is none. */
export function daysOfWeek(period: string): string[] | null {
  const match = /^(\d{4})-W(\d\d)$/.exec(period);
  if (match === null) return null;
  const fourth = `${match[1]}-01-04`;
  const monday = Date.parse(`${fourth}T00:00:00Z`) - (weekdayOf(fourth) - 1) * DAY + (Number(match[2]) - 1) * 7 * DAY;
  const days = Array.from({ length: 7 }, (_, i) => new Date(monday + i * DAY).toISOString().slice(0, 10));
  return weekOf(days[0]!) === period ? days : null;
}

function monthBefore(date: string, calendar: Calendar): string {
  const { start } = windowAt('month', startOfDate(date, calendar), calendar);
  return localDate(start - DAY, calendar).slice(0, 7);
}

/** The same month a year before, and the month before. */
export const yearBefore = (period: string): string => `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
export function lastMonthOf(period: string): string {
  const [year = 0, month = 1] = period.split('-').map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}
