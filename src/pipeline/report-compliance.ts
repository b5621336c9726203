/** What is the rate of a target, and what is it made of? */
import { changeText } from '../domain/compliance/change.js';
import { type Excuse, EXCUSE_NAMES } from '../domain/compliance/excuse.js';
import type { Site, Target } from '../domain/site.js';
import {
  type Instant,
  isoTime,
  localDate,
  parsePeriod,
  type Span,
  startOfDate,
  windowAt,
  type WindowKind,
} from '../domain/time.js';
import { type Clock, Refusal } from './ports.js';
import { Rates, type Summary } from './rates.js';
import { WhatIsLeft } from './report-left.js';
import type { ExcuseStore, PrintedVerdict, VerdictStore, WorkingSet } from './stores.js';

/** Windows listed in one answer; beyond it only the exceeded and undetermined ones, or page by page. */
const MOST_WINDOWS = 2000;

/** Changes listed in one answer. */
const MOST_CHANGES = 1000;

/** Windows as people call them. */
export const WINDOW_WORDS: Readonly<Record<WindowKind, string>> = {
  hour: '小时',
  day: '日',
  month: '月',
  quarter: '季',
  year: '年',
  sample: '水样',
  rule: '规则时段',
};

/** A question about one target. */
interface Query {
  period?: string | undefined;
  window?: WindowKind | undefined;
}

/** A question, understood. */
interface Asked {
  readonly target: Target;
  readonly period: string;
  readonly span: Span;
  readonly window: WindowKind;
  readonly official: boolean;
}

/** Answers for `/api/v1/targets` and `/api/v1/compliance`: every figure from stored verdicts, none recomputed. */
export class ComplianceReport {
  private readonly rates: Rates;
  private readonly left: WhatIsLeft;

  constructor(
    private readonly site: Site,
    workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly excuses: ExcuseStore,
    private readonly clock: Clock,
  ) {
    this.rates = new Rates(site, workingSet, verdicts);
    this.left = new WhatIsLeft(site, verdicts);
  }

  /** Every target and indicator for the running year. */
  targets() {
    const now = this.clock.now();
    const period = localDate(now, this.site.calendar).slice(0, 4);
    const span = parsePeriod(period, this.site.calendar)!;
    return {
      asOf: isoTime(now, this.site.calendar),
      targets: this.site.targets.map((target) => {
        const window = this.officialWindow(target, period);
        const summary = this.rates.summary(target, window, span, now);
        return {
          id: target.id,
          name: target.name,
          nameEn: target.nameEn,
          kind: target.kind,
          goal: target.goal,
          basis: target.basis,
          period,
          window,
          ...figures(summary),
          provisional: true,
          note: target.note,
          process: target.process === null ? null : this.process(target, target.process, span, now),
          lastYear: this.lastYear(target, window, period, span, now),
          left: this.whatIsLeft(target, window, summary, now),
        };
      }),
    };
  }

  /**
   * One target over a period, with its windows as evidence: `windows` are JSON texts, each of one window, as they are
   * kept, since to read and write them again would cost more than all the rest. Throws `Refusal`.
   */
  compliance(id: string, query: Query & { all?: '0' | '1' | undefined; page?: number | undefined }) {
    const { target, period, span, window, official } = this.asked(id, query);
    const now = this.clock.now();
    const stations = this.rates.stations(target).map((station) => station.id);
    const summary = this.rates.summary(target, window, span, now);
    const total = summary.met + summary.exceeded + summary.undetermined + summary.excused;
    const all = total <= MOST_WINDOWS || query.all === '1';
    const offset = ((query.page ?? 1) - 1) * MOST_WINDOWS;
    const only = all ? null : (['exceeded', 'undetermined'] as const);
    const listed = this.verdicts.printed(window, stations, span, only, MOST_WINDOWS, offset);
    const excuses = this.excuses.list(stations);
    const running = span.from <= now && now < span.to;
    return {
      head: {
        target: target.id,
        name: target.name,
        kind: target.kind,
        period,
        window,
        official,
        goal: target.goal,
        basis: official ? target.basis : ('station-time' as const),
        ...figures(summary),
        provisional: true,
        note: target.note,
        lastYear: this.lastYear(target, window, period, span, now),
        left: running ? this.whatIsLeft(target, window, summary, now) : null,
        excuses: excuses.filter((excuse) => stands(excuse, window, span)).map((excuse) => this.excuseView(excuse)),
      },
      windows: this.withRemarks(listed, window, excuses),
    };
  }

  /** How verdicts of a target's windows in a period were changed, newest first. Throws `Refusal`. */
  changes(id: string, query: Query & { page?: number | undefined }) {
    const { target, period, span, window } = this.asked(id, query);
    const stations = this.rates.stations(target).map((station) => station.id);
    const changes = this.verdicts.changes(window, stations, span, MOST_CHANGES, ((query.page ?? 1) - 1) * MOST_CHANGES);
    return {
      target: target.id,
      period,
      window,
      changes: changes.map((change) => ({
        station: change.station,
        stationName: this.site.stations.get(change.station)?.name ?? change.station,
        start: isoTime(change.start, this.site.calendar),
        end: isoTime(change.end, this.site.calendar),
        at: isoTime(change.at, this.site.calendar),
        from: change.from,
        to: change.to,
        reason: change.reason,
        text: changeText(change, this.site.calendar),
      })),
    };
  }

  private asked(id: string, query: Query): Asked {
    const target = this.site.targets.find((candidate) => candidate.id === id);
    if (target === undefined) {
      throw new Refusal('not-found', `没有代号为 ${id} 的目标;现有:${this.site.targets.map((t) => t.id).join('、')}`);
    }
    const period = query.period ?? localDate(this.clock.now(), this.site.calendar).slice(0, 4);
    const span = parsePeriod(period, this.site.calendar);
    if (span === null) throw new Refusal('bad-request', `period 应为 2026、2026-Q4 或 2026-11,收到的是 ${period}`);
    const own = this.officialWindow(target, period);
    const window = query.window ?? own;
    const known = new Set([own, target.window, ...this.site.judging.get(target.medium)!.windows]);
    if (!known.has(window)) {
      throw new Refusal('bad-request', `${target.name} 不按${WINDOW_WORDS[window]}评价;window 可为 ${[...known].join('、')}`);
    }
    return { target, period, span, window, official: window === own };
  }

  /** The window a target counts by. By `section` every section counts once: by its verdict over the very period, where there is one. */
  private officialWindow(target: Target, period: string): WindowKind {
    if (target.basis !== 'section') return target.window;
    const own: WindowKind = period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month';
    return this.site.judging.get(target.medium)!.windows.includes(own) ? own : target.window;
  }

  private process(target: Target, window: WindowKind, span: Span, now: Instant) {
    const { met, exceeded, undetermined, due, rate, capture } = this.rates.summary(target, window, span, now);
    return { window, rate, met, exceeded, undetermined, due, capture };
  }

  /** The same period a year before, as far as it had come by the same day; `null` when nothing was due in it. */
  private lastYear(target: Target, window: WindowKind, period: string, span: Span, now: Instant) {
    const earlier = `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
    const before = parsePeriod(earlier, this.site.calendar);
    if (before === null) return null;
    const running = now < span.to;
    const until = running ? this.aYearBefore(now) : before.to;
    // Windows that were still open on that day had no verdict then, and are not of the same period.
    const to = !running
      ? before.to
      : window === 'sample' || window === 'rule'
        ? until
        : windowAt(window, until, this.site.calendar).start;
    if (to <= before.from) return null;
    const { met, exceeded, undetermined, excused, due, rate, capture, good } = this.rates.summary(
      target,
      window,
      { from: before.from, to },
      to,
    );
    if (due === 0) return null;
    return {
      period: earlier,
      until: isoTime(Math.min(to, before.to), this.site.calendar),
      rate,
      met,
      exceeded,
      undetermined,
      excused,
      due,
      capture,
      good,
    };
  }

  /** The same day a year before, at the same time; of a 29 February the day after. */
  private aYearBefore(t: Instant): Instant {
    const date = localDate(t, this.site.calendar);
    const same = startOfDate(`${Number(date.slice(0, 4)) - 1}${date.slice(4)}`, this.site.calendar);
    const day = Number.isNaN(same) ? startOfDate(`${Number(date.slice(0, 4)) - 1}-03-01`, this.site.calendar) : same;
    return day + (t - startOfDate(date, this.site.calendar));
  }

  private whatIsLeft(target: Target, window: WindowKind, { mayFail }: Summary, now: Instant) {
    const left = this.left.of(this.rates.stations(target), window, now);
    return { mayFail, ...left, items: [...left.items] };
  }

  /** What is excused, and how a verdict was changed, is printed beside the window. */
  private withRemarks(listed: readonly PrintedVerdict[], window: WindowKind, excuses: readonly Excuse[]): string[] {
    const [first] = listed;
    if (first === undefined) return [];
    const span = { from: first.start, to: listed.at(-1)!.start + 1 };
    const changes = new Map<string, unknown[]>();
    const ids = [...new Set(listed.map(({ station }) => station))];
    for (const change of this.verdicts.changes(window, ids, span, MOST_CHANGES, 0)) {
      const key = `${change.station} ${change.start}`;
      const view = { at: isoTime(change.at, this.site.calendar), text: changeText(change, this.site.calendar) };
      changes.set(key, [...(changes.get(key) ?? []), view]);
    }
    return listed.map(({ station, start, excuse, text }) => {
      const by = excuse === null ? undefined : excuses.find(({ id }) => id === excuse);
      const remarks = {
        ...(by && {
          excused: {
            id: by.id,
            reason: by.reason,
            reasonName: EXCUSE_NAMES[by.reason],
            approver: by.approver,
            document: by.document,
          },
        }),
        ...(changes.has(`${station} ${start}`) && { changes: changes.get(`${station} ${start}`) }),
      };
      const more = JSON.stringify(remarks);
      return more === '{}' ? text : `${text.slice(0, -1)},${more.slice(1)}`;
    });
  }

  private excuseView(excuse: Excuse) {
    const { id, station, kinds, parameters, from, to, reason, approver, document, addedAt } = excuse;
    return {
      id,
      station,
      stationName: this.site.stations.get(station)?.name ?? station,
      kinds: kinds && [...kinds],
      parameters: parameters && [...parameters],
      from: isoTime(from, this.site.calendar),
      to: isoTime(to, this.site.calendar),
      reason,
      reasonName: EXCUSE_NAMES[reason],
      approver,
      document,
      addedAt: isoTime(addedAt, this.site.calendar),
    };
  }
}

/** Does an excuse concern windows of a kind in a span? */
function stands({ removed, kinds, from, to }: Excuse, window: WindowKind, span: Span): boolean {
  return removed === null && (kinds?.includes(window) ?? true) && from < span.to && to > span.from;
}

function figures(s: Summary) {
  const { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good } = s;
  return { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good };
}
