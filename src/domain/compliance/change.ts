/** What changed a verdict that had been given, and how is that told? */
import { type Calendar, type Instant, isoTime, localDate, type WindowKind } from '../time.js';
import { CLASS_NAMES, type RiverClass } from './class.js';
import type { VerdictState } from './verdict.js';

/** Why a closed window is computed again. Readings are counted; `why` is said in words and need not be there. */
export interface Cause {
  /** Readings that arrived after the window had closed. */
  readonly late: number;
  /** Readings that took the place of another value or mark. */
  readonly corrected: number;
  /** Readings of which our quality or a person's decision changed. */
  readonly amended: number;
  /** What else, e.g. 配置变更; `null` when nothing. */
  readonly why: string | null;
}

/** A window that closes by the clock has none. */
export const NO_CAUSE: Cause = { late: 0, corrected: 0, amended: 0, why: null };

/** 达标, 超标, 未判定, as people read them. */
export const STATE_NAMES: Readonly<Record<VerdictState, string>> = { met: '达标', exceeded: '超标', undetermined: '未判定' };

/** A verdict in short, as it stands in the history; `excused`: the window is 不参评. */
export interface Standing {
  readonly verdict: VerdictState;
  readonly class: RiverClass | null;
  readonly excused: boolean;
}

/** One change of one window's verdict. It is never rewritten: a month that is signed can stand beside its later changes. */
export interface Change {
  readonly kind: WindowKind;
  readonly station: string;
  readonly start: Instant;
  readonly end: Instant;
  /** When it was computed again. */
  readonly at: Instant;
  readonly from: Standing;
  readonly to: Standing;
  /** In words, e.g. 补传 14 条测值. */
  readonly reason: string;
}

/** Two causes of one window taken together. */
export function addCause(a: Cause, b: Cause): Cause {
  const counts = { late: a.late + b.late, corrected: a.corrected + b.corrected, amended: a.amended + b.amended };
  // Every late reading passes here: hardly any has words.
  if (a.why === null || b.why === null || a.why === b.why) return { ...counts, why: a.why ?? b.why };
  return { ...counts, why: [...new Set([...a.why.split(';'), ...b.why.split(';')])].join(';') };
}

/** A cause in words: 补传 14 条测值, 更正 2 条测值, 改判 3 条测值, 配置变更; 重新计算 when nothing is known. */
export function causeText(cause: Cause): string {
  const words = [
    cause.late > 0 ? `补传 ${cause.late} 条测值` : null,
    cause.corrected > 0 ? `更正 ${cause.corrected} 条测值` : null,
    cause.amended > 0 ? `改判 ${cause.amended} 条测值` : null,
    cause.why?.replaceAll(';', ',') ?? null,
  ].filter((word) => word !== null);
  return words.length === 0 ? '重新计算' : words.join(',');
}

/** Did anything change that people were told? A mean that moved and left verdict and class as they were did not. */
export function hasChanged(from: Standing, to: Standing): boolean {
  return from.verdict !== to.verdict || from.class !== to.class || from.excused !== to.excused;
}

function standingText(standing: Standing, withClass: boolean): string {
  const state = standing.excused ? '不参评' : STATE_NAMES[standing.verdict];
  return withClass ? `${state}(${standing.class === null ? '未定类' : CLASS_NAMES[standing.class]})` : state;
}

/** The name of a window: `2026-11-03`, `2026-11`, `2026-Q4`, `2026`, `2026-11-03 08:00`. */
export function windowName(kind: WindowKind, start: Instant, calendar: Calendar): string {
  const day = localDate(start, calendar);
  switch (kind) {
    case 'day':
      return day;
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case 'year':
      return day.slice(0, 4);
    case 'hour':
    case 'sample':
    case 'rule':
      return isoTime(start, calendar).slice(0, 16).replace('T', ' ');
  }
}

/** The change as people read it: `2026-11-03 由 达标 改为 超标,原因:补传 14 条测值`; with the classes where only they changed. */
export function changeText(change: Change, calendar: Calendar): string {
  const { from, to } = change;
  const classes = from.verdict === to.verdict && from.excused === to.excused;
  const [before, after] = [standingText(from, classes), standingText(to, classes)];
  return `${windowName(change.kind, change.start, calendar)} 由 ${before} 改为 ${after},原因:${change.reason}`;
}
