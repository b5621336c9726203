/** Which instant does a cell of a table name? */
import { type Calendar, DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.js';
import type { Cell } from './tables.js';
import { textOf } from './text.js';

/** An instant; `dateOnly`: the cell named a day and no time of day, and the day's first instant stands for it. */
export interface Moment {
  readonly at: Instant;
  readonly dateOnly: boolean;
}

const DATE = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)$/;
const CLOCK = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?|[时点](?:(\d{1,2})分(?:(\d{1,2})秒)?)?)$/;
/** `20261123080000` or `202611230800`, as HJ 212 writes times; `20261123`, a day. */
const DIGITS = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/;
const OFFSET = / ?(Z|[+-]\d\d:?\d\d)$/i;

const RIGHT = '应如 2026-11-23 08:00';

/** Serial numbers of Excel that lie in the years 2000–2100: days since 1899-12-30. */
const FIRST_SERIAL = 36_526;
const END_SERIAL = 73_416;
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);

/**
 * The instant of a time cell, or of a date and a clock cell together, in the site's calendar unless the text carries an
 * offset of its own; else, in words, why it is none. Read are `2026-11-23 08:00[:00]`, with `/`, `.` or 年月日, 8时30分,
 * ISO 8601, the digits of HJ 212 (`20261123080000`), Excel's dates and Excel's serial numbers. A day in another order
 * (23-11-26, 11/23/2026) is refused: which number is the month cannot be known.
 */
export function readMoment(date: Cell | undefined, clock: Cell | undefined, calendar: Calendar): Moment | string {
  const day = wallOf(date);
  if (typeof day === 'string') return day;
  if (clock === undefined || textOf(clock) === '') return toInstant(day, calendar);
  if (day.clock !== null) return `日期“${textOf(date)}”已有时刻,另一列又写了“${textOf(clock)}”`;
  const time = clockOf(clock);
  if (typeof time === 'string') return time;
  return toInstant({ ...day, clock: time }, calendar);
}

interface Wall {
  /** Midnight of the wall clock as if it were UTC. */
  readonly day: number;
  /** Milliseconds after it; `null` when no time of day was named. */
  readonly clock: number | null;
  /** Minutes east of UTC, when the text says so. */
  readonly offset: number | null;
}

const toInstant = ({ day, clock, offset }: Wall, { offsetMinutes }: Calendar): Moment => ({
  at: day + (clock ?? 0) - (offset ?? offsetMinutes) * MINUTE,
  dateOnly: clock === null,
});

function wallOf(cell: Cell | undefined): Wall | string {
  if (cell instanceof Date) return fromWallClock(cell.getTime(), textOf(cell));
  const text = textOf(cell);
  if (text === '') return '没有时间';
  if (typeof cell === 'number' || /^\d{5}(\.\d+)?$/.test(text)) {
    const serial = Number(text);
    if (serial >= FIRST_SERIAL && serial < END_SERIAL) return fromWallClock(EXCEL_EPOCH + serial * DAY, text);
  }
  const digits = DIGITS.exec(text);
  if (digits) {
    const [, year, month, date, hour, minute, second] = digits;
    return assemble(text, [year, month, date], hour === undefined ? null : [hour, minute, second], null);
  }
  const offset = /\d[ T]\d/.test(text) ? OFFSET.exec(text) : null;
  const bare = offset === null ? text : text.slice(0, offset.index);
  const [first = '', ...rest] = bare
    .replace(/日\s*(?=\d)/, '日 ')
    .replace(/(\d)[Tt](?=\d)/, '$1 ')
    .split(' ');
  const date = DATE.exec(first);
  if (!date || rest.length > 1) return `时间“${text}”看不懂,${RIGHT}`;
  const [year, month, day] = date.slice(1).filter((part) => part !== undefined);
  if (rest.length === 0) return assemble(text, [year, month, day], null, null);
  const clock = clockOf(rest[0]!);
  if (typeof clock === 'string') return clock;
  const whole = assemble(text, [year, month, day], null, offset === null ? null : offsetOf(offset[1]!));
  return typeof whole === 'string' ? whole : { ...whole, clock };
}

/** Excel keeps a time as a fraction of a day: 08:00 may come back a millisecond early. */
function fromWallClock(ms: number, text: string): Wall | string {
  if (Number.isNaN(ms)) return `时间“${text}”看不懂,${RIGHT}`;
  const whole = Math.round(ms / SECOND) * SECOND;
  const day = Math.floor(whole / DAY) * DAY;
  // A cell that holds a day alone is that day at 00:00: the two cannot be told apart.
  return { day, clock: whole === day ? null : whole - day, offset: null };
}

function assemble(
  text: string,
  [year, month, day]: readonly (string | undefined)[],
  clock: readonly (string | undefined)[] | null,
  offset: number | null,
): Wall | string {
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(midnight).getUTCMonth() !== Number(month) - 1 || new Date(midnight).getUTCDate() !== Number(day)) {
    return `日历里没有“${text}”这一天`;
  }
  if (clock === null) return { day: midnight, clock: null, offset };
  const time = clockMs(text, clock);
  return typeof time === 'string' ? time : { day: midnight, clock: time, offset };
}

function clockOf(cell: Cell): number | string {
  if (cell instanceof Date) return (((Math.round(cell.getTime() / SECOND) * SECOND) % DAY) + DAY) % DAY;
  if (typeof cell === 'number' && cell >= 0 && cell <= 1) return Math.round((cell * DAY) / SECOND) * SECOND;
  const text = textOf(cell);
  const match = CLOCK.exec(text);
  if (!match) return `时刻“${text}”看不懂,应如 08:00`;
  return clockMs(text, [match[1], match[2] ?? match[4], match[3] ?? match[5]]);
}

function clockMs(text: string, [hour, minute = '0', second = '0']: readonly (string | undefined)[]): number | string {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  // 24:00 names the end of a day.
  if (m > 59 || s > 59 || h > 24 || (h === 24 && m + s > 0)) return `“${text}”不是一天中的时刻`;
  return h * HOUR + m * MINUTE + s * SECOND;
}

function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith('-') ? -minutes : minutes;
}
