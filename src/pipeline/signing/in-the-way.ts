/** What stands in the way of signing a month: what is still computed, not reviewed, not closed, not sampled, not judged? */
import type { Alert } from '../../domain/alerting/alert.js';
import type { Case } from '../../domain/cases/case.js';
import { type Found, type Hindrance, type HindranceItem, hindrances } from '../../domain/signing/hindrance.js';
import type { Snapshot } from '../../domain/signing/sign-off.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, localDate, type Span, windowAt, WINDOW_WORDS, type WindowKind } from '../../domain/time.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import type { CaseStore } from '../deciding/case-stores.js';
import { matterOf } from '../deciding/case-view.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import { dueSince } from '../judging/due.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import { stationsOf } from '../reporting/compliance-question.js';
import type { WorkingSet } from '../stores.js';

/** Windows that wait and are looked through; of more it is not told which month they lie in. */
const MOST_WAITING = 10_000;

/** A day of a station that is not reviewed to the end, and how far it has come. */
export interface UnreviewedDay {
  readonly station: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `first`: 初审, and not yet 复核. */
  readonly state: 'waiting' | 'first' | 'second';
  /** Its data are not what was looked at. */
  readonly changed: boolean;
}

/** Where it is looked for. */
export interface Sources {
  /** Days of these stations in the span that are not reviewed to the end. */
  readonly unreviewed: (stations: readonly string[], span: Span) => readonly UnreviewedDay[];
  /** True when everything that people decided has reached the windows it touches. */
  readonly settled: () => boolean;
  readonly cases: Pick<CaseStore, 'list'>;
  readonly alerts: Pick<AlertStore, 'find'>;
  readonly decisions: Pick<DecisionStore, 'nextRejudge'>;
  readonly verdicts: VerdictStore;
  readonly workingSet: WorkingSet;
}

/** Looks for what stands in the way. */
export class InTheWay {
  constructor(
    private readonly site: Site,
    private readonly from: Sources,
  ) {}

  /** Everything that hinders a month of a target; `live` is the month as it stands. */
  of(target: Target, span: Span, live: Snapshot, now: Instant): Hindrance[] {
    const stations = stationsOf(this.site, target);
    const ids = stations.map(({ id }) => id);
    const found: Found = {
      ended: span.to <= now,
      waiting: this.waiting(stations, live.window, span),
      items: {
        unreviewed: this.unreviewed(ids, span, live),
        'open-cases': this.openCases(target, stations, span, live),
        'missing-samples': this.missingSamples(target, stations, span),
        'not-judged': this.notJudged(target, stations, span, live),
      },
    };
    return hindrances(found);
  }

  /** Windows of the month that wait, decisions that have not reached all their readings, stations whose month is not closed. */
  private waiting(stations: readonly Station[], window: WindowKind, { from, to }: Span): number {
    const ids = new Set(stations.map(({ id }) => id));
    const { verdicts } = this.from;
    const all = verdicts.markedCount();
    const marked =
      all === 0 || all > MOST_WAITING
        ? all
        : verdicts.marked(MOST_WAITING, from).filter(({ station, start }) => ids.has(station) && start < to).length;
    const unclosed =
      window === 'sample'
        ? 0
        : stations.filter((station) => {
            const since = dueSince(this.site, station, this.from.workingSet);
            if (since === null || since >= to) return false;
            return (verdicts.closedUpTo(window, station.id)?.to ?? Number.NEGATIVE_INFINITY) < to;
          }).length;
    // Decisions wait in one line: what touches this month may stand behind what does not.
    return marked + unclosed + (this.from.decisions.nextRejudge() === undefined && this.from.settled() ? 0 : 1);
  }

  /** Of laboratory samples the days alone on which there is one. */
  private unreviewed(ids: readonly string[], span: Span, { window, windows }: Snapshot): HindranceItem[] {
    const sampled = new Set(windows.map(({ station, start }) => `${station} ${start.slice(0, 10)}`));
    return this.from
      .unreviewed(ids, span)
      .filter(({ station, date }) => window !== 'sample' || sampled.has(`${station} ${date}`))
      .map(({ station, date, state, changed }) =>
        this.item(station, date, changed ? '审核后数据有变,待重新审核' : state === 'first' ? '已初审,待复核' : '待审'),
      );
  }

  /** Of the target, its stations or a reach of theirs, about something that began before the month was over. */
  private openCases(target: Target, stations: readonly Station[], { to }: Span, live: Snapshot): HindranceItem[] {
    const isLost = live.exceeded > 0;
    return this.from.cases
      .list({ state: 'open' }, Number.MAX_SAFE_INTEGER)
      .map((given) => ({ given, alert: given.alert === null ? null : (this.from.alerts.find(given.alert) ?? null) }))
      .filter(({ given, alert }) => this.isOf(given, alert, target, stations))
      .filter(({ given, alert }) => begun(given, alert) < to || (isLost && alert !== null && tellsOfLoss(alert)))
      .map(({ given }) => given)
      .map((given) => ({
        ...this.item(given.station, null, `处置单 ${given.number} 未销号:${matterOf(given, this.site)}`),
        case: given.number,
      }));
  }

  private isOf({ station, reach }: Case, alert: Alert | null, target: Target, stations: readonly Station[]): boolean {
    if (station !== null) return stations.some(({ id }) => id === station);
    const name = reach === null ? null : (this.site.reaches.get(reach)?.name ?? null);
    return alert?.subject === `target:${target.id}` || (name !== null && stations.some((one) => one.reach === name));
  }

  /** Of every period of the plan that ends with this month, what is missing of it. */
  private missingSamples({ plan, window }: Target, stations: readonly Station[], span: Span): HindranceItem[] {
    if (plan === null || window !== 'sample') return [];
    const period = windowAt(plan.every, span.from, this.site.calendar);
    if (period.end > span.to) return [];
    const within = { from: period.start, to: period.end };
    return stations.flatMap((station): HindranceItem[] => {
      if (station.since !== null && (dueSince(this.site, station, this.from.workingSet) ?? 0) >= period.end) return [];
      const taken = this.from.verdicts.counts('sample', [station.id], within).reduce((n, count) => n + count.n, 0);
      const every = WINDOW_WORDS[plan.every];
      return taken >= plan.samples ? [] : [this.item(station.id, null, `本${every}应采 ${plan.samples} 份,已采 ${taken} 份`)];
    });
  }

  /** By the day where windows are short; else window by window. */
  private notJudged({ process }: Target, stations: readonly Station[], span: Span, live: Snapshot): HindranceItem[] {
    const isShort = (kind: WindowKind): boolean => kind === 'hour' || kind === 'day' || kind === 'rule';
    const whole = isShort(live.window)
      ? []
      : live.windows
          .filter(({ verdict, excused }) => verdict === 'undetermined' && excused === undefined)
          .map(({ station, start, reason }) =>
            this.item(station, live.window === 'sample' ? start.slice(0, 10) : null, reason ?? '未判定'),
          );
    const kinds = [...new Set([live.window, ...(process === null ? [] : [process])])].filter(isShort);
    const days = kinds.flatMap((kind) => stations.flatMap(({ id }) => this.undeterminedDays(kind, id, span)));
    const none = live.due === 0 ? [this.item(null, null, '本月没有评价时段')] : [];
    return [...none, ...whole, ...days];
  }

  private undeterminedDays(kind: WindowKind, station: string, span: Span): HindranceItem[] {
    const days = new Map<Instant, number>();
    for (const { start, state, n } of this.from.verdicts.days(kind, [station], span)) {
      if (state === 'undetermined') days.set(start, (days.get(start) ?? 0) + n);
    }
    return [...days].map(([start, n]) => {
      const text = kind === 'day' ? '当日未判定' : `${n} 个${WINDOW_WORDS[kind]}未判定`;
      return this.item(station, localDate(start, this.site.calendar), text);
    });
  }

  private item(station: string | null, date: string | null, text: string): HindranceItem {
    const subject = station === null ? '' : (this.site.stations.get(station)?.name ?? station);
    return { subject, station, date, text, case: null };
  }
}

/** When that began which a case is about. An exceeded window is told at its end, and lies before it. */
function begun({ openedAt }: Case, alert: Alert | null): Instant {
  if (alert === null) return openedAt;
  return alert.kind === 'verdict' ? alert.openedAt - 1 : alert.openedAt;
}

/** A target is lost by its exceeded months, and that is only known after them. */
const tellsOfLoss = ({ kind, severity }: Alert): boolean => kind === 'target' && severity === 'severe';
