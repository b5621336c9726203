/** Which days wait for whom, the worst first, and why? Read from what was found in each day, never from readings. */
import type { VerdictState } from '../../domain/compliance/verdict.js';
import { percent } from '../../domain/compliance/rate.js';
import { factFindings, gravity, heaviest, type ReviewFinding, standingFindings } from '../../domain/reviewing/findings.js';
import { type ReviewDay, type ReviewState, waitingDay } from '../../domain/reviewing/review-day.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, localDate, type Span, windowAt, type WindowKind } from '../../domain/time.js';
import { dueSince } from '../judging/due.js';
import { type Clock, Refusal } from '../ports.js';
import { askedTime } from '../reporting/asked-time.js';
import { NEVER, type WorkingSet } from '../stores.js';
import type { LookAtDays } from './look-at-days.js';
import type { DayKey, LostDay, ReviewDayStore } from './review-stores.js';

/** Which days somebody asks for. */
export interface AskedQueue {
  readonly station?: string | undefined;
  readonly from?: string | undefined;
  /** Not in it. */
  readonly to?: string | undefined;
  /** `open`: all that are not through; `changed`: those that wait because something changed. */
  readonly state?: ReviewState | 'open' | 'changed' | 'all' | undefined;
  readonly suspicious?: boolean | undefined;
  /** Who asks, for what this account could pass. */
  readonly by?: string | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
}

/** One day with what weighs on it; what was found is read and put in words for the few that are shown. */
export interface QueueDay extends DayKey {
  readonly review: ReviewDay;
  readonly verdict: { readonly state: VerdictState; readonly n: number } | null;
  /** False: its readings have not been gone through since they last changed. */
  readonly isLooked: boolean;
  readonly gravity: number;
}

/** How many days of a station and a span are how far. */
export interface ReviewShare {
  readonly due: number;
  readonly first: number;
  readonly second: number;
  /** 复核 ÷ due, percent, cut; `null` where none is due. */
  readonly percent: number | null;
}

/** Answers which days wait. A year of twenty stations costs a row a day, and no reading. */
export class ReviewQueue {
  constructor(
    private readonly site: Site,
    private readonly store: ReviewDayStore,
    private readonly look: Pick<LookAtDays, 'naming'>,
    private readonly workingSet: WorkingSet,
    private readonly clock: Clock,
  ) {}

  /** The days asked for, the worst first. Throws `Refusal`. */
  list(asked: AskedQueue) {
    const all = this.days(asked);
    const state = asked.state ?? 'open';
    const inState = all.filter(({ review }) => isIn(review, state));
    const chosen = asked.suspicious === false ? inState : inState.filter(isSuspicious);
    const sorted = chosen.sort((a, b) => b.gravity - a.gravity || b.day - a.day || (a.station < b.station ? -1 : 1));
    const offset = asked.offset ?? 0;
    const n = (of: ReviewState): number => all.reduce((sum, { review }) => (review.state === of ? sum + 1 : sum), 0);
    return {
      asOf: isoTime(this.clock.now(), this.site.calendar),
      total: sorted.length,
      counts: {
        ...{ due: all.length, waiting: n('waiting'), first: n('first'), second: n('second') },
        changed: all.filter(({ review }) => review.changed !== null).length,
        suspicious: inState.filter(isSuspicious).length,
        quiet: inState.filter((day) => isQuiet(day) && day.review.state === 'waiting').length,
        quietSecond: inState.filter((day) => isQuiet(day) && day.review.state === 'first' && !isOwn(day, asked.by)).length,
        unlooked: all.filter(({ isLooked }) => !isLooked).length,
      },
      days: sorted.slice(offset, offset + asked.limit).map((day) => this.view(day)),
    };
  }

  /**
   * Days that wait for this act and have nothing suspicious in them, how many others wait for it, and how many of these
   * the account that asks looked at first, so that somebody else must look second. Throws `Refusal`.
   */
  quiet({ by, ...asked }: Pick<AskedQueue, 'station' | 'from' | 'to' | 'by'>, act: 'first' | 'second') {
    const due = this.days(asked).filter(({ review }) => review.state === (act === 'first' ? 'waiting' : 'first'));
    const others = act === 'first' ? due : due.filter((day) => !isOwn(day, by));
    const quiet = others.filter(isQuiet);
    return { quiet, left: due.length - quiet.length, own: due.length - others.length };
  }

  /** Days of these stations in the span, over by now, that are not through (复核): what a month still lacks before it is signed. */
  unreviewed(stations: readonly string[], span: Span) {
    return stations.flatMap((id) => {
      const station = this.site.stations.get(id);
      if (!station?.active) return [];
      const due = this.dueSpan(station, span);
      const rows = new Map(this.store.days(id, due).map((day) => [day.day, day]));
      return this.starts(due).flatMap((day) => {
        const { state, changed } = rows.get(day) ?? waitingDay(id, day);
        if (state === 'second') return [];
        return [{ station: id, date: localDate(day, this.site.calendar), state, changed: changed !== null }];
      });
    });
  }

  /** How much of the span was looked at. */
  share(stations: readonly string[], span: Span): ReviewShare {
    const own = new Set(stations);
    let due = 0;
    for (const id of own) {
      const station = this.site.stations.get(id);
      if (station?.active) due += daysIn(this.dueSpan(station, span));
    }
    const counts = this.store.counts(span).filter(({ station }) => own.has(station));
    const n = (of: ReviewState): number => counts.reduce((sum, row) => (row.state === of ? sum + row.n : sum), 0);
    const second = n('second');
    return { due, first: n('first'), second, percent: percent(second, due) };
  }

  /** How many days wait for a first look (待审), of all stations or one. */
  waiting(station: string | null): number {
    const stations = [...this.site.stations.values()].filter(({ active, id }) => active && (station === null || id === station));
    const { due, first, second } = this.share(
      stations.map(({ id }) => id),
      { from: -NEVER, to: this.clock.now() },
    );
    return Math.max(0, due - first - second);
  }

  /** The same beside those that fell back because something changed. */
  tally(station: string | null): { waiting: number; changed: number } {
    return { waiting: this.waiting(station), changed: this.store.changed(station) };
  }

  /** One day as the queue has it; `undefined` where it is not due. */
  dayOf({ station, day }: DayKey): QueueDay | undefined {
    const span = { from: day, to: day + DAY };
    const found = this.site.stations.get(station);
    return found && this.between([found], found.id, span)[0];
  }

  /** A day for the wire, with its findings in words: of what was found when it was last gone through, or of newer facts. */
  view({ station, day, review, verdict, isLooked }: QueueDay, facts = this.store.facts({ station, day })) {
    const { calendar } = this.site;
    const found = this.site.stations.get(station);
    const act = (one: ReviewDay['first']) => one && { by: one.by, at: isoTime(one.at, calendar), note: one.note };
    const findings = [
      ...standingFindings(review, verdict),
      ...(facts === undefined ? [] : factFindings(facts, this.look.naming)),
    ];
    const { changed } = review;
    return {
      station,
      stationName: found?.name ?? station,
      stationNameEn: found?.nameEn ?? station,
      date: localDate(day, calendar),
      state: review.state,
      first: act(review.first),
      second: act(review.second),
      returned: act(review.returned),
      changed: changed && { ...act(changed)!, was: changed.was },
      verdict: verdict?.state ?? null,
      looked: isLooked,
      findings: findings.sort(heaviest).map(findingView),
    };
  }

  private days({ station: id, from, to }: Pick<AskedQueue, 'station' | 'from' | 'to'>): QueueDay[] {
    const stations = [...this.site.stations.values()].filter(({ active }) => active);
    const chosen = id === undefined ? stations : stations.filter((one) => one.id === id);
    if (chosen.length === 0) throw new Refusal('not-found', `没有代号为 ${id} 的站点`);
    const span = {
      from: from === undefined ? -NEVER : askedTime('from', from, this.site.calendar),
      to: to === undefined ? this.clock.now() : askedTime('to', to, this.site.calendar),
    };
    if (span.to < span.from) throw new Refusal('bad-request', 'to 早于 from');
    return this.between(chosen, id ?? null, span);
  }

  private between(stations: readonly Station[], only: string | null, span: Span): QueueDay[] {
    const rows = byDay(this.store.days(only, span));
    const weights = byDay(this.store.weights(only, span));
    const marked = byDay(this.store.markedIn(only, span));
    const kinds = new Set(stations.flatMap((station) => this.kinds(station)));
    const lost = new Map([...kinds].map((kind) => [kind, byDay(this.store.lost(kind, only, span))]));
    return stations.flatMap((station) => {
      const { id } = station;
      const held = this.kinds(station).flatMap((kind) => lost.get(kind)?.get(id) ?? []);
      return this.starts(this.dueSpan(station, span)).map((day) => {
        const weight = weights.get(id)?.get(day)?.gravity;
        const review = rows.get(id)?.get(day) ?? waitingDay(id, day);
        const verdict = worst(held.flatMap((of) => of.get(day) ?? []));
        return {
          ...{ station: id, day, review, verdict },
          isLooked: weight !== undefined && marked.get(id)?.has(day) !== true,
          gravity: gravity(standingFindings(review, verdict)) + (weight ?? 0),
        };
      });
    });
  }

  /** The windows a day is held to: its own, or the shorter ones where there is none, and its samples. */
  private kinds(station: Station): WindowKind[] {
    const { windows } = this.site.judging.get(station.medium)!;
    const own = windows.includes('day') ? 'day' : windows[0]!;
    return windows.includes('sample') && own !== 'sample' ? [own, 'sample'] : [own];
  }

  /** The whole days of a span that are due and over. */
  private dueSpan(station: Station, { from, to }: Span): Span {
    const since = dueSince(this.site, station, this.workingSet);
    const today = windowAt('day', this.clock.now(), this.site.calendar).start;
    if (since === null) return { from: today, to: today };
    const first = windowAt('day', since, this.site.calendar).start;
    const low = from <= first ? first : windowAt('day', from, this.site.calendar).start;
    return { from: low, to: Math.min(to, today) };
  }

  /** The calendar keeps one offset, so its days are all as long. */
  private starts({ from, to }: Span): Instant[] {
    return Array.from({ length: daysIn({ from, to }) }, (_, i) => from + i * DAY);
  }
}

/** By station, then by day. */
function byDay<T extends DayKey>(days: readonly T[]): ReadonlyMap<string, ReadonlyMap<Instant, T>> {
  const stations = new Map<string, Map<Instant, T>>();
  for (const one of days) {
    const own = stations.get(one.station);
    if (own === undefined) stations.set(one.station, new Map([[one.day, one]]));
    else own.set(one.day, one);
  }
  return stations;
}

const daysIn = ({ from, to }: Span): number => Math.max(0, Math.ceil((to - from) / DAY));

const findingView = ({ kind, parameter, n, text }: ReviewFinding) => ({ kind, parameter, n, text: text.zh, textEn: text.en });

const isSuspicious = ({ gravity: weight }: QueueDay): boolean => weight > 0;

/** Gone through, with nothing found: not even what people took out, which a second pair of eyes should see. */
const isQuiet = (day: QueueDay): boolean => day.isLooked && !isSuspicious(day);

/** Did this account do the first review? */
const isOwn = ({ review }: QueueDay, by: string | undefined): boolean => review.first !== null && review.first.by === by;

function isIn({ state, changed }: ReviewDay, asked: NonNullable<AskedQueue['state']>): boolean {
  switch (asked) {
    case 'all':
      return true;
    case 'open':
      return state !== 'second';
    case 'changed':
      return changed !== null;
    default:
      return state === asked;
  }
}

/** Exceeded wins over undetermined; `null` where every window was met, or none is judged yet. */
function worst(lost: readonly LostDay[]): QueueDay['verdict'] {
  const sum = (of: 'exceeded' | 'undetermined'): number => lost.reduce((all, one) => all + one[of], 0);
  if (sum('exceeded') > 0) return { state: 'exceeded', n: sum('exceeded') };
  return sum('undetermined') > 0 ? { state: 'undetermined', n: sum('undetermined') } : null;
}
