/**
 * Which instant is it, and which window of the site's calendar does it lie in?
 *
 * Instants are milliseconds since 1970-01-01T00:00:00Z. The site's calendar is a fixed offset from UTC:
 * China keeps one zone without summer time, so an offset is exact and needs no table of zones.
 */

/** Milliseconds since the Unix epoch. */
export type Instant = number;

/** A day of the site's calendar, `YYYY-MM-DD`. */
export type LocalDate = string;

/** The site's calendar: minutes east of UTC (Beijing time: 480). */
export interface Calendar {
  readonly offsetMinutes: number;
}

/** The lengths a window can have. `rule` is the own window of a dust rule, `sample` one laboratory sample. */
export const WINDOW_KINDS = ['hour', 'day', 'month', 'quarter', 'year', 'sample', 'rule'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Windows as people call them. */
export const WINDOW_WORDS: Readonly<Record<WindowKind, string>> = {
  hour: '小时',
  day: '日',
  month: '月',
  quarter: '季',
  year: '年',
  sample: '水样',
  rule: '规则时段',
};

/** A window of the calendar, half-open: `start` belongs to it, `end` does not. */
export interface Window {
  readonly kind: WindowKind;
  readonly start: Instant;
  readonly end: Instant;
}

/** Half-open stretch of time. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** The calendar's wall clock at an instant, as a Date whose UTC fields read as local ones. */
const wall = (t: Instant, calendar: Calendar): Date => new Date(t + calendar.offsetMinutes * MINUTE);

const fromWall = (calendar: Calendar, year: number, month: number, day = 1): Instant =>
  Date.UTC(year, month, day) - calendar.offsetMinutes * MINUTE;

/** The calendar day on which `t` lies. */
export function localDate(t: Instant, calendar: Calendar): LocalDate {
  return wall(t, calendar).toISOString().slice(0, 10);
}

/** `localDate` for instants that mostly lie on the same day as the one before: the day is worked out when it changes. */
export function datesOf(calendar: Calendar): (t: Instant) => LocalDate {
  let from = 0;
  let to = 0;
  let date = '';
  return (t) => {
    if (t < from || t >= to) {
      date = localDate(t, calendar);
      from = startOfDate(date, calendar);
      to = from + DAY;
    }
    return date;
  };
}

/** The first instant of a calendar day. `date` must be `YYYY-MM-DD`. */
export function startOfDate(date: LocalDate, calendar: Calendar): Instant {
  return Date.parse(`${date}T00:00:00Z`) - calendar.offsetMinutes * MINUTE;
}

/** ISO 8601 with the calendar's offset, e.g. `2026-11-23T08:00:00+08:00`; milliseconds only when there are any. */
export function isoTime(t: Instant, calendar: Calendar): string {
  const { offsetMinutes: o } = calendar;
  const text = wall(t, calendar).toISOString();
  const clock = text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23);
  return `${clock}${o < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(o) / 60))}:${pad(Math.abs(o) % 60)}`;
}

/** `HH:mm` of the calendar's wall clock. */
export function clockTime(t: Instant, calendar: Calendar): string {
  return wall(t, calendar).toISOString().slice(11, 16);
}

/** `MM-DD HH:mm` of the calendar's wall clock, as mails and alerts print it. */
export function shortTime(t: Instant, calendar: Calendar): string {
  return wall(t, calendar).toISOString().slice(5, 16).replace('T', ' ');
}

/** The calendar window of a kind in which `t` lies. A `sample` is an instant and a `rule` is its station's own: both throw. */
export function windowAt(kind: WindowKind, t: Instant, calendar: Calendar): Window {
  const w = wall(t, calendar);
  const year = w.getUTCFullYear();
  const month = w.getUTCMonth();
  switch (kind) {
    case 'hour':
    case 'day': {
      const length = kind === 'hour' ? HOUR : DAY;
      const shift = calendar.offsetMinutes * MINUTE;
      const start = Math.floor((t + shift) / length) * length - shift;
      return { kind, start, end: start + length };
    }
    case 'month':
      return { kind, start: fromWall(calendar, year, month), end: fromWall(calendar, year, month + 1) };
    case 'quarter': {
      const first = month - (month % 3);
      return { kind, start: fromWall(calendar, year, first), end: fromWall(calendar, year, first + 3) };
    }
    case 'year':
      return { kind, start: fromWall(calendar, year, 0), end: fromWall(calendar, year + 1, 0) };
    case 'sample':
    case 'rule':
      throw new RangeError(`a window of kind ${kind} is not a stretch of the calendar`);
  }
}

/** Every calendar window of a kind that overlaps `span`, in order. */
export function windowsIn(kind: WindowKind, span: Span, calendar: Calendar): Window[] {
  const windows: Window[] = [];
  for (let t = span.from; t < span.to;) {
    const window = windowAt(kind, t, calendar);
    windows.push(window);
    t = window.end;
  }
  return windows;
}

/**
 * A named period: `2026`, `2026-Q4` or `2026-11`, as a span of the calendar; `null` when the text is none of them.
 */
export function parsePeriod(text: string, calendar: Calendar): Span | null {
  const match = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  const [first, count] = match[2] ? [(Number(match[2]) - 1) * 3, 3] : match[3] ? [Number(match[3]) - 1, 1] : [0, 12];
  return { from: fromWall(calendar, year, first), to: fromWall(calendar, year, first + count) };
}
