/** Which stretch of time do the charts of a page show, how is it written in the address, and in which steps is it asked for? */
import { isoAt, offsetMinutes, type IsoTime } from '../format.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time, ms: `[from, to)`. `last`: it ends now and moves on; `null`: it stays where a person put it. */
export interface ChartPeriod {
  readonly from: number;
  readonly to: number;
  readonly last: LastName | null;
}

/** The stretches one can choose that end now, and how often their end moves on, ms. */
export const LAST = {
  '24h': { length: DAY, every: MINUTE },
  '7d': { length: 7 * DAY, every: 10 * MINUTE },
  '30d': { length: 30 * DAY, every: HOUR },
  '1y': { length: 365 * DAY, every: DAY },
} as const;
export type LastName = keyof typeof LAST;
export const LAST_NAMES = Object.keys(LAST) as LastName[];

const SHORTEST = HOUR;
const LONGEST = 30 * 365 * DAY;

const isLast = (text: string): text is LastName => Object.hasOwn(LAST, text);

/** The stretch that ends with the present. */
export function lastPeriod(last: LastName, now: number): ChartPeriod {
  const { length, every } = LAST[last];
  const to = Math.ceil((now + 1) / every) * every;
  return { from: to - length, to, last };
}

/** A wall-clock time of the address (`2026-11-23T08:00`) as an instant in the zone of `now`; `null` when it is none. */
function instantOf(text: unknown, now: IsoTime): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text)) return null;
  const wall = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}:00Z`);
  return Number.isNaN(wall) ? null : wall - offsetMinutes(now) * MINUTE;
}

/** What an address says; the last 24 hours where it says nothing that can be shown. */
export function periodOf(query: { last?: unknown; from?: unknown; to?: unknown }, now: IsoTime): ChartPeriod {
  const [from, to] = [instantOf(query.from, now), instantOf(query.to, now)];
  if (from !== null && to !== null && to - from >= SHORTEST && to - from <= LONGEST) return { from, to, last: null };
  const last = typeof query.last === 'string' && isLast(query.last) ? query.last : '24h';
  return lastPeriod(last, Date.parse(now));
}

/** The same for the address. */
export function queryOf({ from, to, last }: ChartPeriod, now: IsoTime): Record<string, string> {
  if (last !== null) return { last };
  const wall = (t: number): string => isoAt(t, offsetMinutes(now)).slice(0, 16);
  return { from: wall(from), to: wall(to) };
}

/** A stretch that a person drew, to whole minutes, neither shorter than an hour nor longer than can be shown. */
export function drawnPeriod(from: number, to: number): ChartPeriod {
  const length = Math.min(LONGEST, Math.max(SHORTEST, Math.round((to - from) / MINUTE) * MINUTE));
  const start = Math.round(from / MINUTE) * MINUTE;
  return { from: start, to: start + length, last: null };
}

/** Moved by parts of its own length, and made longer or shorter about its middle. */
export function moved({ from, to }: ChartPeriod, by: number, factor = 1): ChartPeriod {
  const [middle, half] = [(from + to) / 2 + (to - from) * by, ((to - from) * factor) / 2];
  return drawnPeriod(middle - half, middle + half);
}

/** The step a stretch is asked for in: each value under three days, then hours, days, weeks; `null` is each value. */
export function stepFor(length: number): '1h' | '1d' | '7d' | null {
  if (length <= 3 * DAY) return null;
  if (length <= 62 * DAY) return '1h';
  return length <= 6 * 365 * DAY ? '1d' : '7d';
}
