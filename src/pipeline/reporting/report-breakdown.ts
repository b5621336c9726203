/** How does a rate come apart: by time, by place, by who answers for it, and day by day? */
import { assessWindow } from '../../domain/compliance/assess.js';
import { worstClass } from '../../domain/compliance/class.js';
import { nameOf } from '../../domain/compliance/items.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, type Instant, isoTime, localDate, type Span, windowAt, type WindowKind, windowsIn } from '../../domain/time.js';
import {
  type Asked,
  officialWindow,
  partsOf,
  type Query,
  type ScopeQuery,
  stationsMeant,
  understand,
} from './compliance-question.js';
import type { Clock } from '../ports.js';
import { Rates } from './rates.js';
import { setAside } from './set-aside.js';
import type { JudgedAs } from '../judging/judged-as.js';
import type { DayCount, VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';

/** What a rate is split by. */
export const SPLITS = ['month', 'quarter', 'station', 'village', 'reach', 'chief'] as const;
export type Split = (typeof SPLITS)[number];

/** One part: how it is asked for, and its name. */
interface Part {
  readonly key: string;
  readonly name: string;
  readonly nameEn: string;
  readonly query: Query;
}

/** Answers for `/api/v1/compliance/{target}/breakdown` and `/calendar`: counted from stored verdicts, none averaged. */
export class BreakdownReport {
  private readonly rates: Rates;

  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly clock: Clock,
    private readonly judgedAs: JudgedAs,
  ) {
    this.rates = new Rates(site, workingSet, verdicts);
  }

  /** A rate split into parts, each with its own division. Parts of time that have not begun are left out. Throws `Refusal`. */
  breakdown(id: string, query: Query & { by: Split }) {
    const now = this.clock.now();
    const { by, ...whole } = query;
    const asked = understand(this.site, id, whole, now);
    const parts = this.parts(asked, by, whole, now);
    return {
      target: asked.target.id,
      period: asked.period,
      window: asked.window,
      by,
      part: asked.part,
      rows: parts.map(({ key, name, nameEn, query: own }) => {
        const { target, period, span, window, stations } = understand(this.site, id, own, now);
        const { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good } = this.rates.summary(
          target,
          window,
          span,
          now,
          stations,
        );
        const figures = { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good };
        const ids = stations.map((station) => station.id);
        const { total, over } = setAside(this.verdicts.withSetAside(window, ids, span));
        return {
          key,
          name,
          nameEn,
          period,
          window,
          setAside: { total, over },
          running: span.from <= now && now < span.to,
          ...figures,
        };
      }),
    };
  }

  /** Every day of a period, counted, and the windows that are open now. Throws `Refusal`. */
  calendar(id: string, query: ScopeQuery & { period?: string | undefined }) {
    const now = this.clock.now();
    const asked = understand(this.site, id, query, now);
    const { target, period, span, stations } = asked;
    const window = this.dayWindow(target);
    const ids = stations.map((station) => station.id);
    const days = new Map<Instant, DayCount[]>();
    for (const count of this.verdicts.days(window, ids, span)) days.set(count.start, [...(days.get(count.start) ?? []), count]);
    const open = window === 'day' && span.from <= now && now < span.to ? stations.map((one) => this.openDay(one, now)) : [];
    return {
      target: target.id,
      period,
      window,
      part: asked.part,
      asOf: this.iso(now),
      days: [...days].map(([start, counts]) => ({
        date: localDate(start, this.site.calendar),
        met: sum(counts, 'met'),
        exceeded: sum(counts, 'exceeded'),
        undetermined: sum(counts, 'undetermined'),
        excused: sum(counts, 'excused'),
        class: worstClass(counts.flatMap((count) => (count.state === 'excused' ? [] : (count.class ?? [])))),
      })),
      open,
    };
  }

  /** Windows that fill a square: days where the medium is judged by them, else the shortest that it has. */
  private dayWindow(target: Target): WindowKind {
    if (target.window === 'sample') return 'sample';
    const { windows } = this.site.judging.get(target.medium)!;
    return windows.includes('day') ? 'day' : (target.process ?? target.window);
  }

  private parts({ target, period, span, window, stations }: Asked, by: Split, query: Query, now: Instant): Part[] {
    const here = { period, window: query.window, village: query.village, reach: query.reach, chief: query.chief };
    if (by === 'month' || by === 'quarter') return this.partsOfTime(target, by, span, query, window, now);
    if (by === 'station') {
      return stations.map(({ id, name, nameEn }) => ({ key: id, name, nameEn, query: { ...here, station: id } }));
    }
    const parts = partsOf(this.site, target);
    const named =
      by === 'village'
        ? parts.villages.map((name) => ({ id: name, name, nameEn: name }))
        : by === 'reach'
          ? parts.reaches
          : parts.chiefs;
    return named
      .filter(({ id }) => query[by] === undefined || query[by] === id)
      .map(({ id, name, nameEn }) => ({ key: id, name, nameEn, query: { ...here, station: query.station, [by]: id } }))
      .filter((part) => this.has(target, part.query));
  }

  private partsOfTime(
    target: Target,
    by: 'month' | 'quarter',
    span: Span,
    query: Query,
    window: WindowKind,
    now: Instant,
  ): Part[] {
    return windowsIn(by, span, this.site.calendar)
      .filter(({ start, end }) => start < now && start >= span.from && end <= span.to)
      .map(({ start }) => {
        const date = localDate(start, this.site.calendar);
        const key = by === 'month' ? date.slice(0, 7) : `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
        // By its own window, as long as what was asked for is the one that counts.
        const own = window === officialWindow(this.site, target, query.period ?? key.slice(0, 4)) ? undefined : window;
        return { key, name: key, nameEn: key, query: { ...query, window: own, period: key } };
      });
  }

  /** Is there a station in the part? A village and a reach need not meet. */
  private has(target: Target, query: Query): boolean {
    return stationsMeant(this.site, target, query).length > 0;
  }

  /** What there is of today: no verdict (进行中), the statistic so far, up to which value. */
  private openDay(known: Station, now: Instant) {
    const { station, siteIn } = this.judgedAs(known);
    const window = { ...windowAt('day', now, this.site.calendar), kind: 'day' as const };
    const { start, end } = window;
    let newest = start;
    const { findings } = assessWindow(siteIn(window), station, window, (parameter) => {
      const rows = this.workingSet.rows({ station: station.id, parameter, from: start, to: Math.min(end, now + DAY) }, 'sensor');
      newest = Math.max(newest, rows.at(-1)?.time ?? start);
      return rows;
    });
    const items = findings.filter((f) => f.counted);
    return {
      station: station.id,
      stationName: station.name,
      start: this.iso(start),
      end: this.iso(end),
      upTo: newest === start ? null : this.iso(newest),
      class: worstClass(items.flatMap((f) => f.class ?? [])),
      items: items.map((f) => ({
        parameter: f.parameter,
        name: nameOf(this.site, f.parameter),
        unit: this.site.parameters.get(f.parameter)?.unit ?? '',
        value: f.mean === null ? null : Number(f.mean),
        filled: f.filled,
        due: f.due,
      })),
    };
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}

const sum = (counts: readonly DayCount[], state: DayCount['state']): number =>
  counts.reduce((n, count) => (count.state === state ? n + count.n : n), 0);
