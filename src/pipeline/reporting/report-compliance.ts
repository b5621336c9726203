/** What is the rate of a target, and what is it made of? */
import { changeText } from '../../domain/compliance/change.js';
import { nameOf } from '../../domain/compliance/items.js';
import { type Excuse, EXCUSE_NAMES, kindsWithin, scopeText } from '../../domain/compliance/excuse.js';
import type { Site, Target } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import {
  DAY,
  type Instant,
  isoTime,
  localDate,
  parsePeriod,
  type Span,
  startOfDate,
  windowAt,
  type WindowKind,
} from '../../domain/time.js';
import { officialWindow, partsOf, type Query, understand } from './compliance-question.js';
import { type Clock, Refusal } from '../ports.js';
import { type SetAside, setAside } from './set-aside.js';
import { Rates, type Summary } from './rates.js';
import { WhatIsLeft } from './report-left.js';
import type { JudgedAs } from '../judging/judged-as.js';
import type { ExcuseStore, PrintedVerdict, VerdictStore } from '../judging/verdict-stores.js';
import type { WorkingSet } from '../stores.js';
import type { Comparisons } from '../upkeep/comparisons.js';

/** Windows listed in one answer; beyond it only the exceeded and undetermined ones, or page by page. */
const MOST_WINDOWS = 2000;

/** Changes listed in one answer. */
const MOST_CHANGES = 1000;

/** A question about a rate and its windows. */
interface Asking extends Query {
  readonly all?: '0' | '1' | undefined;
  readonly page?: number | undefined;
  /** The newest windows on the first page, else the oldest. */
  readonly order?: 'newest' | undefined;
  /** Windows that were not met alone. */
  readonly only?: 'lost' | undefined;
  /** Windows that start on this day of the calendar alone. */
  readonly on?: string | undefined;
}

/** Answers for `/api/v1/targets` and `/api/v1/compliance`: every figure from stored verdicts, none recomputed. */
export class ComplianceReport {
  private readonly rates: Rates;
  private readonly left: WhatIsLeft;
  private readonly takenOut = new Map<string, { readonly edition: string; readonly found: SetAside }>();

  constructor(
    private readonly site: Site,
    workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly excuses: ExcuseStore,
    private readonly clock: Clock,
    judgedAs: JudgedAs,
    /** What the rates stand on: comparisons of the instruments with the laboratory; without it they say nothing of them. */
    private readonly comparisons: Pick<Comparisons, 'ofTarget'> | null = null,
  ) {
    this.rates = new Rates(site, workingSet, verdicts);
    this.left = new WhatIsLeft(site, verdicts, judgedAs);
  }

  /** Every target and indicator for the running year. */
  targets() {
    const now = this.clock.now();
    const period = localDate(now, this.site.calendar).slice(0, 4);
    const span = parsePeriod(period, this.site.calendar)!;
    return {
      asOf: isoTime(now, this.site.calendar),
      targets: this.site.targets.map((target) => {
        const window = officialWindow(this.site, target, period);
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
          setAside: this.setAsideOf(target, window, span),
          ...(this.comparisons && { comparison: this.comparisons.ofTarget(target, now) }),
        };
      }),
    };
  }

  /**
   * One target over a period, with its windows as evidence: `windows` are JSON texts, each of one window, as they are
   * kept, since to read and write them again would cost more than all the rest. Throws `Refusal`.
   */
  compliance(id: string, query: Asking) {
    const now = this.clock.now();
    const { target, period, span, window, official, stations, part } = understand(this.site, id, query, now);
    const ids = stations.map((station) => station.id);
    const summary = this.rates.summary(target, window, span, now, stations);
    const total = summary.met + summary.exceeded + summary.undetermined + summary.excused;
    const listedIn = query.on === undefined ? span : this.dayIn(span, query.on);
    const all = query.only === undefined && (total <= MOST_WINDOWS || query.all === '1' || query.on !== undefined);
    const offset = ((query.page ?? 1) - 1) * MOST_WINDOWS;
    const only = all ? null : (['exceeded', 'undetermined'] as const);
    const listed = this.verdicts.printed(window, ids, listedIn, only, MOST_WINDOWS, offset, query.order === 'newest');
    const excuses = this.excuses.list(ids);
    const running = span.from <= now && now < span.to;
    return {
      head: {
        target: target.id,
        name: target.name,
        nameEn: target.nameEn,
        kind: target.kind,
        period,
        window,
        official,
        goal: target.goal,
        basis: basisBy(this.site, target, period, window),
        ...figures(summary),
        provisional: true,
        note: target.note,
        part,
        parts: partsOf(this.site, target),
        windowsOf: this.windowsOf(target, period),
        minCapture: target.minCapture,
        setAside: setAside(this.verdicts.withSetAside(window, ids, span)),
        lastYear: this.lastYear(target, window, period, span, now, stations),
        left: running ? this.whatIsLeft(target, window, summary, now, stations) : null,
        excuses: excuses.filter((excuse) => stands(excuse, window, span)).map((excuse) => this.excuseView(excuse)),
        ...(this.comparisons && { comparison: this.comparisons.ofTarget(target, now, stations) }),
      },
      windows: this.withRemarks(listed, window, excuses),
    };
  }

  /** How verdicts of a target's windows in a period were changed, newest first. Throws `Refusal`. */
  changes(id: string, query: Query & { page?: number | undefined }) {
    const { target, period, span, window, stations } = understand(this.site, id, query, this.clock.now());
    const ids = stations.map((station) => station.id);
    const changes = this.verdicts.changes(window, ids, span, MOST_CHANGES, ((query.page ?? 1) - 1) * MOST_CHANGES);
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

  /** What people left out of a target's running year; it stands as long as no verdict of its stations changes. */
  private setAsideOf(target: Target, window: WindowKind, span: Span): SetAside {
    const ids = this.rates.stations(target).map(({ id }) => id);
    const edition = `${window} ${span.from} ${ids.map((id) => this.verdicts.revision(id)).join(' ')}`;
    const known = this.takenOut.get(target.id);
    if (known?.edition === edition) return known.found;
    const found = setAside(this.verdicts.withSetAside(window, ids, span));
    this.takenOut.set(target.id, { edition, found });
    return found;
  }

  /** The windows a target can be asked for by, the one that counts first. */
  private windowsOf(target: Target, period: string): WindowKind[] {
    const own = officialWindow(this.site, target, period);
    // Samples are another basis: what runs on line is never shown as a finer view of them.
    const others = own === 'sample' ? [] : this.site.judging.get(target.medium)!.windows;
    return [...new Set([own, ...others])];
  }

  /** The part of a period that is a day of the site's calendar. Throws `Refusal`. */
  private dayIn(span: Span, date: string): Span {
    const from = startOfDate(date, this.site.calendar);
    if (Number.isNaN(from) || localDate(from, this.site.calendar) !== date)
      throw new Refusal('bad-request', `没有 ${date} 这一天`);
    return { from: Math.max(span.from, from), to: Math.min(span.to, from + DAY) };
  }

  private process(target: Target, window: WindowKind, span: Span, now: Instant) {
    const { met, exceeded, undetermined, due, rate, capture } = this.rates.summary(target, window, span, now);
    return { window, rate, met, exceeded, undetermined, due, capture };
  }

  /** The same period a year before, as far as it had come by the same day; `null` when nothing was due in it. */
  private lastYear(
    target: Target,
    window: WindowKind,
    period: string,
    span: Span,
    now: Instant,
    stations: readonly Station[] = this.rates.stations(target),
  ) {
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
      stations,
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

  private whatIsLeft(
    target: Target,
    window: WindowKind,
    { mayFail }: Summary,
    now: Instant,
    stations: readonly Station[] = this.rates.stations(target),
  ) {
    const left = this.left.of(stations, window, now);
    return { mayFail, ...left, items: [...left.items] };
  }

  /** What is excused, and how a verdict was changed, is printed beside the window. */
  private withRemarks(listed: readonly PrintedVerdict[], window: WindowKind, excuses: readonly Excuse[]): string[] {
    if (listed.length === 0) return [];
    const starts = listed.map(({ start }) => start);
    const span = { from: Math.min(...starts), to: Math.max(...starts) + 1 };
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
      scope: scopeText(excuse, (parameter) => nameOf(this.site, parameter)),
      approver,
      document,
      addedAt: isoTime(addedAt, this.site.calendar),
    };
  }
}

/** Does an excuse concern windows of a kind in a span, or what they are made of? */
function stands({ removed, kinds, from, to }: Excuse, window: WindowKind, span: Span): boolean {
  const concerns = kinds === null || kindsWithin(window).some((kind) => kinds.includes(kind));
  return removed === null && concerns && from < span.to && to > span.from;
}

/** A part is told on the basis of the whole, as long as it is counted by the same window. */
function basisBy(site: Site, target: Target, period: string, window: WindowKind) {
  return window === officialWindow(site, target, period) ? target.basis : ('station-time' as const);
}

function figures(s: Summary) {
  const { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good } = s;
  return { rate, met, exceeded, undetermined, excused, due, capture, status, reason, good };
}
