/** Which cell of the strip stands where, and what does it say? Days are `YYYY-MM-DD` of the site's calendar; `to` is exclusive. */
import type { StationView } from '../adapters/http/contract/contract.js';
import type { StripAnswer } from '../adapters/http/contract/river.js';
import { dateOf } from './format.js';

const DAY = 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** A window that runs still, as the stations tell of it. */
export type OpenWindow = Pick<StationView['current'], 'start' | 'class' | 'validCount' | 'dueCount'>;

/** The kind of window a strip is made of. */
export type StripWindow = StripAnswer['window'];

/** One column: its first day, and the first day after it. */
export interface Column {
  readonly start: string;
  readonly end: string;
  /** What stands at its head: the day of the month, or the month of the year. */
  readonly label: string;
}

/** Columns under one month (of days) or one year (of months). */
export interface ColumnGroup {
  readonly name: string;
  readonly count: number;
}

/** `open`: the window runs still. `excused`: 不参评. `none`: nothing was due. */
export type CellKind = 'met' | 'exceeded' | 'undetermined' | 'excused' | 'open' | 'none';

/** One section in one window. */
export interface Cell {
  readonly kind: CellKind;
  readonly class: string | null;
  readonly reason: string | null;
  readonly mainItems: readonly string[];
  /** Filled parts of an open window, and parts of the whole. */
  readonly filled: number | null;
  readonly due: number | null;
}

const NOTHING: Cell = { kind: 'none', class: null, reason: null, mainItems: [], filled: null, due: null };

/** A day so many days later. */
export const daysLater = (date: string, n: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);

/** Whole days from one day to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Is this text, e.g. out of an address, a day of the calendar? */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !day.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 30 February is read as a day of March, or as none.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function nextMonth(date: string): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}

/** The columns of `[from, to)`: every day, or every month that a day of it is in. */
export function columnsOf(window: StripWindow, from: string, to: string): Column[] {
  const columns: Column[] = [];
  let start = window === 'day' ? from : `${from.slice(0, 7)}-01`;
  while (start < to) {
    const end = window === 'day' ? daysLater(start, 1) : nextMonth(start);
    columns.push({ start, end, label: String(Number(window === 'day' ? start.slice(8) : start.slice(5, 7))) });
    start = end;
  }
  return columns;
}

/** The row above the columns: `2026-11` over its days, `2026` over its months. */
export function groupsOf(window: StripWindow, columns: readonly Column[]): ColumnGroup[] {
  const groups: { name: string; count: number }[] = [];
  for (const { start } of columns) {
    const name = start.slice(0, window === 'day' ? 7 : 4);
    const last = groups.at(-1);
    if (last?.name === name) last.count++;
    else groups.push({ name, count: 1 });
  }
  return groups;
}

/** The cells of one section, one a column. `open`: its windows that run still. */
export function cellsOf(section: StripAnswer['sections'][number], columns: readonly Column[], open: OpenWindow | null): Cell[] {
  const closed = new Map(section.windows.map((window) => [dateOf(window.start), window]));
  return columns.map(({ start }): Cell => {
    const found = closed.get(start);
    if (found) {
      const { verdict, class: name, reason, mainItems, excused } = found;
      return { kind: excused ? 'excused' : verdict, class: name, reason, mainItems, filled: null, due: null };
    }
    if (open === null || dateOf(open.start) !== start) return NOTHING;
    return { ...NOTHING, kind: 'open', class: open.class, filled: open.validCount, due: open.dueCount };
  });
}

/** The letters of a class in a cell. */
export function classLetter(code: string | null): string {
  const letters: Record<string, string> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ', V: 'Ⅴ', 'worse-than-V': '劣Ⅴ' };
  return code === null ? '' : (letters[code] ?? code);
}

/** 1 (Ⅰ) to 6 (劣Ⅴ); 0 for none. */
export const classRank = (code: string | null): number =>
  code === null ? 0 : ['I', 'II', 'III', 'IV', 'V', 'worse-than-V'].indexOf(code) + 1;

/** Names without what all begin with (南坑河入境断面 → 入境断面); as they are where that would leave one empty, or there is only one. */
export function shortNames(names: readonly string[]): string[] {
  const [first = ''] = names;
  if (names.length < 2) return [...names];
  let shared = 0;
  while (shared < first.length && names.every((name) => name[shared] === first[shared])) shared++;
  // A word of letters is not cut in its middle.
  while (shared > 0 && /[A-Za-z]/.test(first[shared - 1] ?? '') && names.some((name) => /[A-Za-z]/.test(name[shared] ?? '')))
    shared--;
  const rest = names.map((name) => name.slice(shared).trim());
  return rest.some((name) => name === '') ? [...names] : rest;
}

/** The length of a step with which a chart of so many days stays quick: all values of a week, four hours for two months, then days. */
export function stepFor(days: number): { readonly step: string; readonly ms: number } {
  if (days <= 8) return { step: '1h', ms: DAY / 24 };
  return days <= 62 ? { step: '4h', ms: DAY / 6 } : { step: '1d', ms: DAY };
}
