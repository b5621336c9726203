/** What is the rate of a target, and what is it made of? */
import type { Finding, Verdict, VerdictState } from '../domain/compliance/verdict.js';
import { rate, type Rate, type Tally } from '../domain/compliance/rate.js';
import type { Site, Target } from '../domain/site.js';
import { limitNumber, limitText } from '../domain/standards/bind.js';
import type { Station } from '../domain/station.js';
import {
  DAY,
  HOUR,
  type Instant,
  isoTime,
  localDate,
  MINUTE,
  parsePeriod,
  type Span,
  windowAt,
  type WindowKind,
  windowsIn,
} from '../domain/time.js';
import { dueSince } from './assess.js';
import { type Clock, Refusal } from './ports.js';
import { type VerdictStore, type WorkingSet } from './stores.js';

/** Windows listed in one answer; beyond it only the exceeded and undetermined ones, or page by page. */
const MOST_WINDOWS = 2000;

const STATISTICS = {
  'hour-mean': '小时均值',
  'day-mean': '日均值',
  'month-mean': '月均值',
  'rule-mean': '时段均值',
  sample: '化验值',
} as const;

const WINDOW_WORDS: Readonly<Record<WindowKind, string>> = {
  hour: '小时',
  day: '日',
  month: '月',
  quarter: '季',
  year: '年',
  sample: '水样',
  rule: '规则时段',
};

/** A target's tally with its rate. */
type Summary = Tally & Rate & { excused: number; reason: string | null };

/** Answers for `/api/v1/targets` and `/api/v1/compliance`: every figure from stored verdicts, none recomputed. */
export class ComplianceReport {
  constructor(
    private readonly site: Site,
    private readonly workingSet: WorkingSet,
    private readonly verdicts: VerdictStore,
    private readonly clock: Clock,
  ) {}

  /** Every target and indicator for the running year. */
  targets() {
    const now = this.clock.now();
    const period = localDate(now, this.site.calendar).slice(0, 4);
    const span = parsePeriod(period, this.site.calendar)!;
    return {
      asOf: isoTime(now, this.site.calendar),
      targets: this.site.targets.map((target) => {
        const summary = this.summary(target, target.window, span, now);
        return {
          id: target.id,
          name: target.name,
          nameEn: target.nameEn,
          kind: target.kind,
          goal: target.goal,
          basis: target.basis,
          period,
          window: target.window,
          ...figures(summary),
          provisional: true,
          note: target.note,
          process: target.process === null ? null : this.process(target, target.process, span, now),
        };
      }),
    };
  }

  /** One target over a period, with its windows as evidence. Throws `Refusal`. */
  compliance(
    id: string,
    query: {
      period?: string | undefined;
      window?: WindowKind | undefined;
      all?: '0' | '1' | undefined;
      page?: number | undefined;
    },
  ) {
    const target = this.site.targets.find((candidate) => candidate.id === id);
    if (target === undefined) {
      throw new Refusal('not-found', `没有代号为 ${id} 的目标;现有:${this.site.targets.map((t) => t.id).join('、')}`);
    }
    const now = this.clock.now();
    const period = query.period ?? localDate(now, this.site.calendar).slice(0, 4);
    const span = parsePeriod(period, this.site.calendar);
    if (span === null) throw new Refusal('bad-request', `period 应为 2026、2026-Q4 或 2026-11,收到的是 ${period}`);
    const window = query.window ?? target.window;
    const known = new Set([target.window, ...this.site.judging.get(target.medium)!.windows]);
    if (!known.has(window)) {
      throw new Refusal('bad-request', `${target.name} 不按${WINDOW_WORDS[window]}评价;window 可为 ${[...known].join('、')}`);
    }
    const stations = this.stations(target).map((station) => station.id);
    const summary = this.summary(target, window, span, now);
    const total = summary.met + summary.exceeded + summary.undetermined;
    const all = total <= MOST_WINDOWS || query.all === '1';
    const offset = ((query.page ?? 1) - 1) * MOST_WINDOWS;
    const listed = this.verdicts.list(window, stations, span, all ? null : ['exceeded', 'undetermined'], MOST_WINDOWS, offset);
    return {
      target: target.id,
      name: target.name,
      kind: target.kind,
      period,
      window,
      official: window === target.window,
      goal: target.goal,
      basis: window === target.window ? target.basis : ('station-time' as const),
      ...figures(summary),
      provisional: true,
      note: target.note,
      windows: listed.map((verdict) => this.verdict(verdict)),
    };
  }

  /** A verdict ready for the wire, with its evidence. */
  verdict(v: Verdict) {
    return {
      station: v.station,
      stationName: this.site.stations.get(v.station)?.name ?? v.station,
      start: isoTime(v.start, this.site.calendar),
      end: isoTime(v.end, this.site.calendar),
      verdict: v.verdict,
      class: v.class,
      reason: v.reason,
      findings: v.findings.map((f) => this.finding(f)),
    };
  }

  private finding(f: Finding) {
    const parameter = this.site.parameters.get(f.parameter);
    return {
      parameter: f.parameter,
      name: parameter?.name ?? f.parameter,
      statistic: `${f.atLeast ? '≥ ' : ''}${STATISTICS[f.statistic]}`,
      value: f.mean === null ? null : Number(f.mean),
      compared: f.compared === null ? null : Number(f.compared),
      unit: parameter?.unit ?? '',
      limit: f.limit === null ? null : limitNumber(f.limit),
      limitText: f.limit === null ? null : limitText(f.limit),
      times: f.times === null ? null : Number(f.times),
      outcome: f.outcome,
      reason: f.counted ? f.reason : (f.reason ?? '限值待确认'),
      valid: f.valid,
      total: f.total,
      filled: f.filled,
      due: f.due,
      class: f.class,
      citation: f.limit?.citation ?? null,
      clause: f.limit?.clause ?? null,
      grade: f.limit?.grade ?? null,
      counted: f.counted,
    };
  }

  /** The active stations a target covers. */
  private stations(target: Target): Station[] {
    return [...this.site.stations.values()].filter(
      (station) =>
        station.active && station.medium === target.medium && (target.roles.length === 0 || target.roles.includes(station.role)),
    );
  }

  private process(target: Target, window: WindowKind, span: Span, now: Instant) {
    const { met, exceeded, undetermined, due, rate, capture } = this.summary(target, window, span, now);
    return { window, rate, met, exceeded, undetermined, due, capture };
  }

  private summary(target: Target, window: WindowKind, span: Span, now: Instant): Summary {
    const stations = this.stations(target);
    const counts: Record<VerdictState, number> = { met: 0, exceeded: 0, undetermined: 0 };
    let due = 0;
    let wholePeriod = 0;
    let first: Instant | null = null;
    const unjudged: Station[] = [];
    for (const station of stations) {
      const own = this.verdicts.tally(window, [station.id], this.dueSpan(station, window, span));
      for (const state of ['met', 'exceeded', 'undetermined'] as const) counts[state] += own[state];
      if (own.met + own.exceeded === 0 && own.undetermined > 0) unjudged.push(station);
      const since = dueSince(this.site, station, this.workingSet);
      if (since !== null && (first === null || since < first)) first = since;
      if (window !== 'sample') {
        due += this.countWindows(station, window, span, now);
        wholePeriod += this.countWindows(station, window, span, span.to);
      }
    }
    const planless = window === 'sample';
    const judged = counts.met + counts.exceeded;
    if (planless) due = wholePeriod = judged + counts.undetermined;
    const tally: Tally = {
      met: counts.met,
      exceeded: counts.exceeded,
      // A window that ended a moment ago may not have its verdict yet: it is due and undetermined.
      undetermined: Math.max(0, due - judged),
      due,
      wholePeriod,
      emptyMonth:
        !planless &&
        first !== null &&
        this.hasEmptyMonth(window, stations, { from: Math.max(first, span.from), to: Math.min(now, span.to) }),
    };
    const result = rate(tally, { goal: target.goal, minCapture: target.minCapture, planless });
    return {
      ...tally,
      ...result,
      excused: 0,
      reason: this.reason(target, tally, result, planless, first, this.blame(unjudged, window, now)),
    };
  }

  /** Why there is no rate, or why it does not yet count. */
  private reason(
    target: Target,
    tally: Tally,
    result: Rate,
    planless: boolean,
    first: Instant | null,
    blame: string,
  ): string | null {
    if (result.status !== 'insufficient' && result.rate !== null) return null;
    const waiting = this.verdicts.markedCount();
    if (waiting > 0 && tally.undetermined > 0) return `未判定:待重算,还有 ${waiting} 个评价时段正在计算`;
    if (planless && tally.met + tally.exceeded === 0) return tally.undetermined === 0 ? '暂无化验结果' : '化验结果均未能判定';
    if (first === null) return '未判定:尚无数据';
    if (tally.due === 0) return '未判定:首个评价时段尚未结束';
    if (tally.met + tally.exceeded === 0) return `未判定:有效数据不足${blame}`;
    if (tally.emptyMonth) return '未判定:有整月没有可判定的评价时段';
    return `未判定:有效评价比例 ${result.capture ?? 0} %,不足 ${target.minCapture} %${blame}`;
  }

  /** The stations that have no judged window at all, with the reason their last one gives. */
  private blame(stations: readonly Station[], window: WindowKind, now: Instant): string {
    if (stations.length === 0) return '';
    const words = stations.map(
      (station) => `${station.name}:${this.verdicts.last(window, station.id, now)?.reason ?? '无有效评价'}`,
    );
    return `(${words.join(';')})`;
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

  /** Is there a whole month in the span in which nothing was judged? */
  private hasEmptyMonth(window: WindowKind, stations: readonly Station[], span: Span): boolean {
    const ids = stations.map((station) => station.id);
    return windowsIn('month', span, this.site.calendar)
      .filter((month) => month.start >= span.from && month.end <= span.to)
      .some((month) => {
        const { met, exceeded } = this.verdicts.tally(window, ids, { from: month.start, to: month.end });
        return met + exceeded === 0;
      });
  }
}

function figures(s: Summary) {
  const { rate, met, exceeded, undetermined, excused, due, capture, status, reason } = s;
  return { rate, met, exceeded, undetermined, excused, due, capture, status, reason };
}
