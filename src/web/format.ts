/**
 * How is a number, a time, a limit or a rate printed?
 *
 * Times come from the service as ISO 8601 with the site's offset and are printed as they stand there: the browser's own
 * zone never matters. Rates come cut to two decimals and are never rounded up.
 */
import type { FindingView, TargetView, VerdictView } from '../adapters/http/contract/compliance.js';
import { language, type Language } from './preferences.js';

/** A time as the service sends it, e.g. `2026-11-23T08:00:00+08:00`. */
export type IsoTime = string;

/** A limit as the service sends it: one bound, or `[low, high]`. */
export type LimitValue = number | readonly [number, number] | null;

const MINUTE = 60_000;

/** Minutes east of UTC that an ISO time carries; 480 (Beijing) when it carries none, 0 for `Z`. */
export function offsetMinutes(iso: IsoTime): number {
  if (iso.endsWith('Z')) return 0;
  const match = /([+-])(\d\d):?(\d\d)$/.exec(iso.slice(10));
  if (!match) return 480;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** An instant (ms) as ISO 8601 with the given offset, whole seconds. */
export function isoAt(instant: number, offset: number): IsoTime {
  const wall = new Date(instant + offset * MINUTE).toISOString().slice(0, 19);
  const two = (n: number): string => String(n).padStart(2, '0');
  const size = Math.abs(offset);
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The wall clock of an ISO time read as if it were UTC, in ms: charts drawn "in UTC" then show the site's own hours. */
export function wallClock(iso: IsoTime): number {
  return Date.parse(iso) + offsetMinutes(iso) * MINUTE;
}

/** `YYYY-MM-DD`. */
export const dateOf = (iso: IsoTime): string => iso.slice(0, 10);

/** The date after a date, both `YYYY-MM-DD`. */
export const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 1440 * MINUTE).toISOString().slice(0, 10);

/** `HH:mm`. */
export const clock = (iso: IsoTime): string => iso.slice(11, 16);

/** `HH:mm:ss`. */
export const clockSeconds = (iso: IsoTime): string => iso.slice(11, 19);

/** The shortest time that cannot be misread beside `now`: `10:30` today, `11-22 10:30` this year, else with the year. */
export function when(iso: IsoTime, now: IsoTime): string {
  if (dateOf(iso) === dateOf(now)) return clock(iso);
  if (iso.slice(0, 4) === now.slice(0, 4)) return `${iso.slice(5, 10)} ${clock(iso)}`;
  return `${dateOf(iso)} ${clock(iso)}`;
}

/** A sentence of the service with the ISO times in it printed as everywhere else on the page. */
export function readable(sentence: string, now: IsoTime): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)/g, (iso) => when(iso, now));
}

/** A window by its own length: `2026`, `2026-Q4`, `2026-11`, `11-21`, `11-21 08:00–09:00`, a sample by its instant. */
export function windowLabel(kind: TargetView['window'], start: IsoTime, end: IsoTime, now: IsoTime): string {
  const day = start.slice(0, 4) === now.slice(0, 4) ? start.slice(5, 10) : dateOf(start);
  switch (kind) {
    case 'year':
      return start.slice(0, 4);
    case 'quarter':
      return `${start.slice(0, 4)}-Q${Math.ceil(Number(start.slice(5, 7)) / 3)}`;
    case 'month':
      return start.slice(0, 7);
    case 'day':
      return day;
    case 'hour':
    case 'rule':
      return `${day} ${clock(start)}–${clock(end)}`;
    case 'sample':
      return `${day} ${clock(start)}`;
  }
}

/** A number in plain decimal digits, cut (not rounded) to at most `decimals`; no trailing zeros. */
export function cut(value: number, decimals: number): string {
  const text = Math.abs(value) < 1e-6 ? '0' : String(value);
  const point = text.indexOf('.');
  if (point < 0) return text;
  const kept = text.slice(0, point + 1 + decimals).replace(/\.?0*$/, '');
  return kept === '-0' || kept === '' ? '0' : kept;
}

/** A whole number with its thousands apart: `12 345`. */
export const count = (n: number): string => n.toLocaleString('en-US').replaceAll(',', ' ');

/** A rate or a capture in percent without its sign: `100` only when it is 100, `99.99` as it is. */
export const percent = (rate: number): string => cut(rate, 2);

/** Which side of a limit a value is on: -1 below the range or limit, 0 equal or inside, 1 above. */
function side(value: number, limit: LimitValue): number {
  if (limit === null) return 0;
  const [low, high] = typeof limit === 'number' ? [limit, limit] : limit;
  return value < low ? -1 : value > high ? 1 : 0;
}

/**
 * A value with its parameter's decimals. Where rounding would move it across its limit (1.004 beside 1.0), it is printed
 * with as many more as it takes to tell, at most six.
 */
export function number(value: number, decimals: number, limit: LimitValue = null): string {
  const truth = side(value, limit);
  for (let digits = decimals; digits < 6; digits++) {
    const text = value.toFixed(digits);
    if (side(Number(text), limit) === truth) return text.replace(/^-(0(\.0*)?)$/, '$1');
  }
  return value.toFixed(6).replace(/0+$/, '');
}

/** How far a value is over an upper limit, in multiples cut to two decimals (`0.37`, `0.30`), as the mail says it; `null` within it, where it would be cut to nought, and for any other kind of limit. */
export function timesOver(value: number, limit: LimitValue, limitText: string | null): string | null {
  if (typeof limit !== 'number' || limit <= 0 || value <= limit || limitText?.includes('≥')) return null;
  // 1.37 / 1 - 1 is 0.37000000000000010 or 0.3699…: twelve digits hold what was measured and drop what was not.
  const times = Number((value / limit - 1).toPrecision(12));
  return times < 0.01 ? null : Number(cut(times, 2)).toFixed(2);
}

const ROMAN: Readonly<Record<string, string>> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ', V: 'Ⅴ', 'worse-than-V': '劣Ⅴ' };

/** A class in the words of its text: `III` is Ⅲ类 or class Ⅲ, `1B` 一级B or grade 1B, `level 2` 二级; anything else as it is. */
export function className(code: string, said: Language = language.value): string {
  if (said === 'en') {
    if (code === 'worse-than-V') return 'worse than Ⅴ';
    return code in ROMAN
      ? `class ${ROMAN[code]}`
      : /^(level )?[123][AB]?$/.test(code)
        ? `grade ${code.replace(/^level /, '')}`
        : code;
  }
  const level: Record<string, string> = { '1': '一级', '2': '二级', '3': '三级', '1A': '一级A', '1B': '一级B' };
  const river = ROMAN[code];
  if (river) return `${river}类`;
  return level[code.replace(/^level /, '')] ?? code;
}

/** Does a reading count in a verdict? Mark N, S from a laboratory, T as "at least"; and not refused by its quality. */
export function counts(mark: string, quality: string, source: 'sensor' | 'lab' = 'sensor'): boolean {
  if (mark === 'T') return true;
  if (quality === 'fail' || quality === 'missing') return false;
  return mark === 'N' || (mark === 'S' && source === 'lab');
}

/** The findings that made a window what it is: those of its own outcome first, then other named ones; met ones are left out. */
export function tellingFindings(window: VerdictView): FindingView[] {
  const rank = (f: FindingView): number => (f.outcome === window.verdict ? 0 : 1) + (f.counted ? 0 : 2);
  return window.findings.filter((f) => f.outcome !== 'met' || !f.counted).sort((a, b) => rank(a) - rank(b));
}

/** Text and clause that a limit stands in; most citations name their clause already. `''` without a limit. */
export function sourceOf({ citation, clause }: Pick<FindingView, 'citation' | 'clause'>): string {
  if (citation === null) return clause ?? '';
  return clause === null || citation.split(' ').includes(clause) ? citation : `${citation} ${clause}`;
}
