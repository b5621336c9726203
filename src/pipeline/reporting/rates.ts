/** How many windows of a target came out how, and what rate is that? */
import { rate, type Rate, type Tally } from '../../domain/compliance/rate.js';
import { mayFail } from '../../domain/compliance/left.js';
import { dueSamples } from '../../domain/compliance/sampling-plan.js';
import { percent } from '../../domain/compliance/rate.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { DAY, HOUR, type Instant, MINUTE, type Span, windowAt, type WindowKind, windowsIn } from '../../domain/time.js';
import { stationsOf } from './compliance-question.js';
import { dueSince } from '../judging/due.js';
import type { VerdictCount, VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';

/** A share of windows by the class of the water alone (水质优良比例): those in Ⅰ–Ⅲ, of those that have a class. Percent, cut. */
export interface GoodShare {
  readonly rate: number | null;
  readonly good: number;
  readonly classed: number;
}

/** A target's tally with its rate. */
export interface Summary extends Tally, Rate {
  readonly excused: number;
  /** Why there is no rate, or why it does not yet count. */
  readonly reason: string | null;
  /** `null` where the medium knows no classes. */
  readonly good: GoodShare | null;
  /** Windows to come that may still fail; `null` for an indicator and once the goal is lost. */
  readonly mayFail: number | null;
}

/** What the stations of a target have come to in a span. */
interface Counted {
  readonly met: number;
  readonly exceeded: number;
  readonly undetermined: number;
  readonly excused: number;
  readonly counts: readonly VerdictCount[];
}

/** Rates from counted verdicts. A year costs as many rows as it has stations, months and outcomes, whatever its windows. */
export class Rates {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
  ) {}

  /** The active stations a target covers. */
  stations(target: Target): Station[] {
    return stationsOf(this.site, target);
  }

  /** A target, or some of its stations, over the windows of a kind that start in the span and ended before `now`. */
  summary(
    target: Target,
    window: WindowKind,
    span: Span,
    now: Instant,
    stations: readonly Station[] = this.stations(target),
  ): Summary {
    const { counts, ...n } = this.count(stations, window, span);
    const since = stations.flatMap((station) => dueSince(this.site, station, this.workingSet) ?? []);
    const first = since.length === 0 ? null : Math.min(...since);
    const planless = window === 'sample' && target.plan === null;
    const judged = n.met + n.exceeded;
    let due = 0;
    let wholePeriod = 0;
    if (planless) due = wholePeriod = judged + n.undetermined;
    else if (window === 'sample') {
      due = this.planned(target, stations, counts, span, now);
      wholePeriod = this.planned(target, stations, counts, span, span.to);
    } else {
      for (const station of stations) {
        due += this.countWindows(station, window, span, now);
        wholePeriod += this.countWindows(station, window, span, span.to);
      }
      due = Math.max(0, due - n.excused);
      wholePeriod = Math.max(0, wholePeriod - n.excused);
    }
    due = Math.max(due, judged);
    const tally: Tally = {
      met: n.met,
      exceeded: n.exceeded,
      // A window that ended a moment ago may not have its verdict yet: it is due and undetermined.
      undetermined: Math.max(0, due - judged),
      due,
      wholePeriod: Math.max(due, wholePeriod),
      emptyMonth:
        window !== 'sample' &&
        first !== null &&
        this.hasEmptyMonth(counts, { from: Math.max(first, span.from), to: Math.min(now, span.to) }),
    };
    const result = rate(tally, { goal: target.goal, minCapture: target.minCapture, planless });
    const whole = tally.wholePeriod - tally.undetermined;
    return {
      ...tally,
      ...result,
      excused: n.excused,
      reason: this.reason(target, { ...tally, excused: n.excused }, result, window, first === null ? null : first < span.to, () =>
        this.blame(stations, counts, window, now),
      ),
      good: target.medium === 'surface-water' ? goodShare(counts) : null,
      mayFail: result.status === 'missed' || planless ? null : mayFail(target.goal, whole, n.exceeded),
    };
  }

  /** Stations whose windows are not due from the beginning of the span are counted by themselves. */
  private count(stations: readonly Station[], window: WindowKind, span: Span): Counted {
    const whole = stations.filter((station) => station.since === null || this.dueSpan(station, window, span).from === span.from);
    const part = stations.filter((station) => !whole.includes(station));
    const ids = whole.map((station) => station.id);
    const counts = [
      ...this.verdicts.counts(window, ids, span),
      ...part.flatMap((station) => this.verdicts.counts(window, [station.id], this.dueSpan(station, window, span))),
    ];
    const sum = (state: VerdictCount['state']): number => counts.reduce((all, c) => (c.state === state ? all + c.n : all), 0);
    return { met: sum('met'), exceeded: sum('exceeded'), undetermined: sum('undetermined'), excused: sum('excused'), counts };
  }

  private reason(
    target: Target,
    tally: Tally & { readonly excused: number },
    result: Rate,
    window: WindowKind,
    begun: boolean | null,
    blame: () => string,
  ): string | null {
    if (result.status !== 'insufficient' && result.rate !== null) return null;
    const waiting = this.verdicts.markedCount();
    if (waiting > 0 && tally.undetermined > 0) return `未判定:待重算,还有 ${waiting} 个评价时段正在计算`;
    const judged = tally.met + tally.exceeded;
    if (judged === 0 && tally.due === 0 && tally.excused > 0) return '未判定:评价时段均不参评';
    if (window === 'sample' && judged === 0)
      return tally.undetermined === 0 || target.plan ? '暂无化验结果' : '化验结果均未能判定';
    if (begun === null && window !== 'sample') return '未判定:尚无数据';
    if (begun === false && tally.due === 0) return '未判定:尚未开始监测';
    if (tally.due === 0) return '未判定:首个评价时段尚未结束';
    if (judged === 0) return `未判定:有效数据不足${blame()}`;
    if (tally.emptyMonth) return '未判定:有整月没有可判定的评价时段';
    return `未判定:有效评价比例 ${result.capture ?? 0} %,不足 ${target.minCapture} %${blame()}`;
  }

  /** The stations that have no judged window at all, with the reason their last one gives. */
  private blame(stations: readonly Station[], counts: readonly VerdictCount[], window: WindowKind, now: Instant): string {
    const judged = new Set(counts.filter(({ state }) => state === 'met' || state === 'exceeded').map(({ station }) => station));
    const known = new Set(counts.filter(({ state }) => state === 'undetermined').map(({ station }) => station));
    const words = stations
      .filter(({ id }) => known.has(id) && !judged.has(id))
      .map(({ id, name }) => `${name}:${this.verdicts.last(window, id, now)?.reason ?? '无有效评价'}`);
    return words.length === 0 ? '' : `(${words.join(';')})`;
  }

  /** Windows of a station that belong to the period and are due: from the one its first reading lies in. */
  private dueSpan(station: Station, window: WindowKind, span: Span): Span {
    if (window === 'sample') return span;
    const since = dueSince(this.site, station, this.workingSet);
    if (since === null) return { from: span.from, to: span.from };
    const from = window === 'rule' ? since : windowAt(window, since, this.site.calendar).start;
    return { from: Math.max(from, span.from), to: span.to };
  }

  /** How many windows of a station, due in the period, had ended by `now`. */
  private countWindows(station: Station, window: WindowKind, span: Span, now: Instant): number {
    const { from, to } = this.dueSpan(station, window, span);
    const end = Math.min(to, now);
    if (end <= from) return 0;
    switch (window) {
      case 'hour':
        return Math.floor((end - from) / HOUR);
      case 'day':
        return Math.floor((end - from) / DAY);
      case 'rule':
        return station.dustRules.reduce((n, rule) => n + Math.floor((end - from) / (rule.windowMinutes * MINUTE)), 0);
      case 'month':
      case 'quarter':
      case 'year':
        return windowsIn(window, { from, to: end }, this.site.calendar).filter((w) => w.end <= end).length;
      case 'sample':
        return 0;
    }
  }

  /** Samples that were due by `now`, each station's by itself, from its `since` on where it has one. */
  private planned(
    { plan }: Target,
    stations: readonly Station[],
    counts: readonly VerdictCount[],
    span: Span,
    now: Instant,
  ): number {
    if (plan === null) return 0;
    return stations.reduce((n, station) => {
      const since = station.since === null ? span.from : (dueSince(this.site, station, this.workingSet) ?? span.from);
      const from = Math.max(span.from, windowAt(plan.every, since, this.site.calendar).start);
      const taken = counts
        .filter((count) => count.station === station.id)
        .map((count) => ({ at: count.month, n: count.n, excused: count.state === 'excused' }));
      return n + dueSamples(plan, { from, to: span.to }, taken, now, this.site.calendar);
    }, 0);
  }

  /** Is there a whole month in the span in which nothing was judged, and not because it was excused? */
  private hasEmptyMonth(counts: readonly VerdictCount[], span: Span): boolean {
    const judged = new Set<Instant>();
    const excused = new Set<Instant>();
    const missed = new Set<Instant>();
    for (const { month, state } of counts)
      (state === 'excused' ? excused : state === 'undetermined' ? missed : judged).add(month);
    return windowsIn('month', span, this.site.calendar)
      .filter((month) => month.start >= span.from && month.end <= span.to)
      .some(({ start }) => !judged.has(start) && (missed.has(start) || !excused.has(start)));
  }
}

function goodShare(counts: readonly VerdictCount[]): GoodShare {
  const classed = counts.filter((count) => count.state !== 'excused' && count.class !== null);
  const sum = (list: readonly VerdictCount[]): number => list.reduce((all, { n }) => all + n, 0);
  const good = sum(classed.filter(({ class: name }) => name === 'I' || name === 'II' || name === 'III'));
  return { rate: percent(good, sum(classed)), good, classed: sum(classed) };
}
