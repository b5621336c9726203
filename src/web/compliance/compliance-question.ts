/** What does the address of the compliance page ask for? Read from the URL and written back to it, so that a link shows the same to a colleague. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { BreakdownAnswer, CalendarAnswer } from '../../adapters/http/contract/breakdown.js';
import type { ComplianceAnswer } from '../../adapters/http/contract/compliance.js';
import { ask } from '../api/api.js';

/** By which names the address tells what is asked. */
export const ASKABLE = ['period', 'window', 'village', 'reach', 'chief', 'station', 'by', 'show', 'page', 'day'] as const;
export type Askable = (typeof ASKABLE)[number];

/** What is asked; what is not there stands at its default. */
export type Question = Readonly<Partial<Record<Askable, string>>>;

/** Ways in which a rate is split. */
export const SPLITS = ['month', 'quarter', 'station', 'village', 'reach', 'chief'] as const;

/** Reads an address. What it does not know is left out. */
export function questionOf(query: LocationQuery): Question {
  const found: Partial<Record<Askable, string>> = {};
  for (const name of ASKABLE) {
    const value = query[name];
    if (typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}

/** The address with some of it changed; an empty value takes a name away. */
export function changed(question: Question, change: Partial<Record<Askable, string | null>>): LocationQueryRaw {
  const all: Partial<Record<Askable, string | null>> = { ...question, ...change };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== ''));
}

const pick = (question: Question, names: readonly Askable[]): URLSearchParams =>
  new URLSearchParams(names.flatMap((name) => (question[name] === undefined ? [] : [[name, question[name]]])));

const RATE = ['period', 'window', 'village', 'reach', 'chief', 'station'] as const;
const SCOPE = ['period', 'village', 'reach', 'chief', 'station'] as const;

const one = (id: string): string => encodeURIComponent(id);

/** Windows of one page of the list, as the service cuts it. */
export const LIST_PAGE = 2000;

/** What the rate is asked with, and which of its windows. */
export function rateQuery(question: Question): URLSearchParams {
  const query = pick(question, RATE);
  if (question.show !== 'all') query.set('only', 'lost');
  return query;
}

/** One page of the list, the newest windows on the first. */
function listQuery(question: Question): URLSearchParams {
  const query = rateQuery(question);
  query.set('order', 'newest');
  if (question.show === 'all') query.set('all', '1');
  if (question.page !== undefined) query.set('page', question.page);
  return query;
}

/** How the rate is split when the address does not say. */
export const splitOf = (question: Question): string =>
  question.by ??
  (question.period !== undefined && question.period.length > 4 && !question.period.includes('Q') ? 'station' : 'month');

/** The routes of the page. Each throws `ApiError`. */
export const complianceApi = {
  rate: (target: string, question: Question) => ask<ComplianceAnswer>(`/compliance/${one(target)}?${listQuery(question)}`),
  split: (target: string, question: Question) => {
    const query = pick(question, RATE);
    query.set('by', splitOf(question));
    return ask<BreakdownAnswer>(`/compliance/${one(target)}/breakdown?${query}`);
  },
  calendar: (target: string, question: Question) =>
    ask<CalendarAnswer>(`/compliance/${one(target)}/calendar?${pick(question, SCOPE)}`),
  /** The windows of one day. */
  day: (target: string, question: Question, window: string, on: string) => {
    const query = pick(question, SCOPE);
    query.set('window', window);
    query.set('on', on);
    return ask<ComplianceAnswer>(`/compliance/${one(target)}?${query}`);
  },
};

/** Where exactly what is shown can be downloaded. */
export function fileAddress(target: string, question: Question, format: 'csv' | 'xlsx'): string {
  const query = rateQuery(question);
  query.set('by', splitOf(question));
  query.set('format', format);
  return `/api/v1/compliance/${one(target)}/export?${query}`;
}

/** What a period is: a year, a quarter or a month. */
export type SpanKind = 'year' | 'quarter' | 'month';
export const spanOf = (period: string): SpanKind => (period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month');

/** The period `by` steps later, of the same kind. */
export function stepped(period: string, by: number): string {
  const year = Number(period.slice(0, 4));
  if (period.length === 4) return String(year + by);
  const per = period.includes('Q') ? 4 : 12;
  const index = year * per + Number(period.slice(period.includes('Q') ? 6 : 5)) - 1 + by;
  const [y, n] = [Math.floor(index / per), (index % per) + 1];
  return per === 4 ? `${y}-Q${n}` : `${y}-${String(n).padStart(2, '0')}`;
}

/** The period of another kind that holds the end of this one, but none that begins after `today` (`YYYY-MM-DD`). */
export function spanned(period: string, kind: SpanKind, today: string): string {
  const year = period.slice(0, 4);
  if (kind === 'year') return year;
  const from = spanOf(period);
  const last = from === 'year' ? 12 : from === 'quarter' ? Number(period.slice(6)) * 3 : Number(period.slice(5));
  const month = year === today.slice(0, 4) ? Math.min(last, Number(today.slice(5, 7))) : last;
  return kind === 'quarter' ? `${year}-Q${Math.ceil(month / 3)}` : `${year}-${String(month).padStart(2, '0')}`;
}

/** Months of a period, `YYYY-MM`. */
export function monthsOf(period: string): string[] {
  const year = period.slice(0, 4);
  const kind = spanOf(period);
  if (kind === 'month') return [period];
  const first = kind === 'year' ? 1 : Number(period.slice(6)) * 3 - 2;
  return Array.from({ length: kind === 'year' ? 12 : 3 }, (_, i) => `${year}-${String(first + i).padStart(2, '0')}`);
}
