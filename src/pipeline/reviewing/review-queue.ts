/** Which days wait for whom, the worst first, and why? Read from what was found in each day, never from readings. */
import { percent } from '../../domain/compliance/rate.js';
import {
  factFindings,
  gravity,
  heaviest,
  type Lost,
  type ReviewFinding,
  standingFindings,
} from '../../domain/reviewing/findings.js';
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
  /** Of its windows, and of its laboratory samples: the worst; `null` where all were met, or none is judged yet. */
  readonly windows: Lost | null;
  readonly samples: Lost | null;
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
      const rows = byDay(this.store.days(id, span)).get(id);
      return this.due([station], id, span)
        .get(id)!
        .flatMap((day) => {
          const { state, changed } = rows?.get(day) ?? waitingDay(id, day);
          if (state === 'second') return [];
          return [{ station: id, date: localDate(day, this.site.calendar), state, changed: changed !== null }];
        });
    });
  }

  /** How much of the span was looked at. */
  share(stations: readonly string[], span: Span): ReviewShare {
    const own = new Set(stations);
    const active = [...own].flatMap((id) => this.site.stations.get(id) ?? []).filter((station) => station.active);
    const due = [...this.due(active, null, span).values()].reduce((sum, days) => sum + days.length, 0);
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
  view({ station, day, review, windows, samples, isLooked }: QueueDay, facts = this.store.facts({ station, day })) {
    const { calendar } = this.site;
    const found = this.site.stations.get(station);
    const act = (one: ReviewDay['first']) => one && { by: one.by, at: isoTime(one.at, calendar), note: one.note };
    const findings = [
      ...standingFindings(review, windows, samples),
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
      verdict: [windows, samples].some((lost) => lost?.state === 'exceeded')
        ? ('exceeded' as const)
        : ((windows ?? samples)?.state ?? null),
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
    const kinds = new Set(stations.map((station) => this.kind(station)));
    const lost = new Map([...kinds, 'sample' as const].map((kind) => [kind, byDay(this.store.lost(kind, only, span))]));
    const due = this.due(stations, only, span);
    return stations.flatMap((station) => {
      const { id } = station;
      return due.get(id)!.map((day) => {
        const weight = weights.get(id)?.get(day)?.gravity;
        const review = rows.get(id)?.get(day) ?? waitingDay(id, day);
        const lostIn = (kind: WindowKind): Lost | null => worst(lost.get(kind)?.get(id)?.get(day));
        const [windows, samples] = [lostIn(this.kind(station)), lostIn('sample')];
        return {
          ...{ station: id, day, review, windows, samples },
          isLooked: weight !== undefined && marked.get(id)?.has(day) !== true,
          gravity: gravity(standingFindings(review, windows, samples)) + (weight ?? 0),
        };
      });
    });
  }

  /** The windows a day is held to beside its samples: its own, or the shorter ones where there is none. */
  private kind(station: Station): WindowKind {
    const { windows } = this.site.judging.get(station.medium)!;
    return windows.includes('day') ? 'day' : windows[0]!;
  }

  /**
   * The whole days of a span that are due and over, by station: all since it began, and of those before the ones with a
   * laboratory sample, since samples count in a rate whenever they were taken.
   */
  private due(stations: readonly Station[], only: string | null, { from, to }: Span): ReadonlyMap<string, readonly Instant[]> {
    const { calendar } = this.site;
    const today = windowAt('day', this.clock.now(), calendar).start;
    const span = { from: windowAt('day', from, calendar).start, to: Math.min(to, today) };
    const sampled = byDay(this.store.sampled(only, span));
    return new Map(
      stations.map((station) => {
        const since = dueSince(this.site, station, this.workingSet) ?? today;
        const first = Math.max(span.from, windowAt('day', since, calendar).start);
        const before = [...(sampled.get(station.id)?.keys() ?? [])].filter((day) => day < first).sort((a, b) => a - b);
        return [station.id, [...before, ...starts({ from: first, to: span.to })]];
      }),
    );
  }
}

/** The calendar keeps one offset, so its days are all as long. */
const starts = ({ from, to }: Span): Instant[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / DAY)) }, (_, i) => from + i * DAY);

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
function worst(lost: LostDay | undefined): Lost | null {
  if (lost === undefined) return null;
  if (lost.exceeded > 0) return { state: 'exceeded', n: lost.exceeded };
  return lost.undetermined > 0 ? { state: 'undetermined', n: lost.undetermined } : null;
}
