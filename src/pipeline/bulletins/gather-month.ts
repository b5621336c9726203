/** What goes into a 月报: the signed month where there is one, its neighbours, its days and its evidence? */
import type {
  DrinkingMonthFacts,
  Head,
  MonthFacts,
  MonthRate,
  OnlineFacts,
  RateFacts,
  RiverMonthFacts,
  SectionFacts,
  SignedFacts,
  WindowFacts,
} from '../../domain/bulletins/facts.js';
import type { BulletinSettings } from '../../domain/bulletins/settings.js';
import { lastMonthOf, yearBefore } from '../../domain/bulletins/timetable.js';
import { HINDRANCE_WORDS } from '../../domain/signing/hindrance.js';
import { corrections } from '../../domain/signing/correction.js';
import type { SignedWindow, SignOff, Snapshot } from '../../domain/signing/sign-off.js';
import { type MonthTally, ofMonths, type Sampling } from '../../domain/signing/signed-year.js';
import type { Target } from '../../domain/site.js';
import { type LocalDate, localDate, parsePeriod, type Span, type WindowKind } from '../../domain/time.js';
import { Refusal } from '../ports.js';
import { samplingOf } from '../signing/sampling.js';
import { alertsOf, type BulletinSources, casesOf, dataOf, daysIn, decimalsOf, ofMedium, sameFigures } from './gather.js';

/** Windows of one page of the answer. */
const PAGE = 2000;

/** Digits of a hash that people compare. */
const FINGERPRINT = 12;

/** Gathers the months of targets: as they were signed last, or as they are answered now where nobody has signed. */
export class MonthGatherer {
  constructor(private readonly sources: BulletinSources) {}

  async river(settings: BulletinSettings, period: string, madeOn: LocalDate): Promise<RiverMonthFacts> {
    const { site, verdicts } = this.sources;
    const target = this.target(settings);
    const common = await this.common(settings, target, period, madeOn);
    const stations = [...site.stations.values()].filter(({ active, medium }) => active && medium === target.medium);
    const ids = stations.map(({ id }) => id);
    // What is signed stands as it was signed, also where it was computed again since.
    const months = (month: string): Map<string, WindowFacts> => {
      const printed = verdicts.printed('month', ids, this.span(month), null, PAGE, 0);
      const living = printed.map(({ text }) => JSON.parse(text) as WindowFacts);
      const fixed = this.sources.signing.find(target.id, month)?.snapshot;
      const signed = fixed?.window === 'month' ? fixed.windows : [];
      return new Map([...living, ...signed].map((window) => [window.station, window]));
    };
    const [now, before, yearAgo] = [months(period), months(lastMonthOf(period)), months(yearBefore(period))];
    const excused = new Map(common.rate.windows.map(({ station, excused }) => [station, excused]));
    const snapshot = this.sources.signing.find(target.id, period)?.snapshot;
    const corrected = snapshot === undefined ? new Set<string>() : this.corrected(snapshot);
    const sections = stations.map(({ id, name, role, binding }): SectionFacts => {
      const month = now.get(id) ?? null;
      return {
        ...{ name, role },
        targetClass: month?.targetClass ?? binding?.class ?? null,
        month: month && { ...month, excused: excused.get(id) },
        lastMonth: before.get(id)?.class ?? null,
        lastYear: yearAgo.get(id)?.class ?? null,
        isCorrected: corrected.has(id),
      };
    });
    const days = target.process === null ? [] : this.windows(target.id, period, target.process);
    return { ...common, sections, days, signedDays: snapshot?.process ?? null };
  }

  /** Stations of a signed month that come out otherwise by now. */
  private corrected(snapshot: Snapshot): ReadonlySet<string> {
    const { windows } = this.answer(snapshot.target, snapshot.period);
    const live = { ...snapshot, windows: windows as SignedWindow[] };
    return new Set(corrections(snapshot, live, []).map(({ station }) => station));
  }

  async drinking(settings: BulletinSettings, period: string, madeOn: LocalDate): Promise<DrinkingMonthFacts> {
    const target = this.target(settings);
    const common = await this.common(settings, target, period, madeOn);
    const indicator = this.sources.site.targets.find(
      ({ kind, medium, basis }) => kind === 'indicator' && medium === target.medium && basis === 'station-time',
    );
    return { ...common, online: indicator === undefined ? null : this.online(indicator, period) };
  }

  /** What ran on line, as the page splits it by station. */
  private online({ id, name, window, medium }: Target, period: string): OnlineFacts {
    const { compliance, breakdown, site } = this.sources;
    const hasDays = site.judging.get(medium)!.windows.includes('day');
    const { rows } = breakdown.breakdown(id, { period, by: 'station' });
    return {
      ...{ name, window, rate: compliance.compliance(id, { period, only: 'lost' }).head },
      stations: rows.map((row) => ({ name: row.name, rate: row })),
      windows: this.windows(id, period, window),
      days: hasDays ? this.windows(id, period, 'day') : [],
    };
  }

  private async common(settings: BulletinSettings, target: Target, period: string, madeOn: LocalDate): Promise<MonthFacts> {
    const { sources } = this;
    const { site } = sources;
    const span = this.span(period);
    const signOff = sources.signing.find(target.id, period);
    const live = this.answer(target.id, period);
    const month = signOff === undefined ? live : rateOf(signOff);
    const isOwn = (id: string): boolean => site.stations.get(id)?.medium === target.medium;
    const ids = [...site.stations.values()].filter(({ active, id }) => active && isOwn(id)).map(({ id }) => id);
    const isMine = ofMedium(site, target.medium);
    return {
      ...this.head(settings, period, madeOn),
      rate: month,
      signed: signOff === undefined ? null : this.signed(signOff),
      live: signOff === undefined || sameFigures(signOff.snapshot, live) ? null : live,
      lastMonth: this.monthRate(target.id, lastMonthOf(period)),
      lastYear: this.monthRate(target.id, yearBefore(period)),
      ...this.yearUntil(target, period),
      decimals: decimalsOf(site),
      reviewed: sources.reviewed(ids, span),
      data: await dataOf(sources, daysIn(span, site), isOwn),
      takenOut: await sources.takenOut(ids, span),
      alerts: alertsOf(sources, span, isMine),
      cases: casesOf(sources, span, isMine),
      comparisons: sources.comparisons(ids),
    };
  }

  private head({ kind, title }: BulletinSettings, period: string, madeOn: LocalDate): Head {
    return { kind, period, title, office: this.sources.site.office, madeOn };
  }

  private target({ target: id, kind }: BulletinSettings): Target {
    const target = this.sources.site.targets.find((one) => one.id === id);
    if (target === undefined) throw new Refusal('not-found', `配置里的 ${kind} 没有可用的 target`);
    return target;
  }

  private span(period: string): Span {
    return parsePeriod(period, this.sources.site.calendar)!;
  }

  private signed({ edition, by, at, hash, despite }: SignOff): SignedFacts {
    return {
      ...{ edition, by, on: localDate(at, this.sources.site.calendar), hash: hash.slice(0, FINGERPRINT) },
      despite: despite.map(({ kind, count, reason }) => `${HINDRANCE_WORDS[kind].zh} ${count}(${reason})`),
    };
  }

  /** As it is answered now, with its windows. */
  private answer(target: string, period: string): MonthRate {
    const { head } = this.sources.compliance.compliance(target, { period });
    return { ...head, windows: this.windows(target, period, head.window) };
  }

  /** A month that is signed as it was signed, else as it is answered; `null`: nothing was due in it. */
  private monthRate(target: string, period: string): MonthRate | null {
    const signOff = this.sources.signing.find(target, period);
    if (signOff !== undefined) return rateOf(signOff);
    const { head } = this.sources.compliance.compliance(target, { period, only: 'lost' });
    return head.due + head.excused === 0 ? null : { ...head, windows: [] };
  }

  /** Every window, however many pages they fill. */
  private windows(target: string, period: string, window: WindowKind): WindowFacts[] {
    const all: WindowFacts[] = [];
    for (let page = 1; ; page++) {
      const { windows } = this.sources.compliance.compliance(target, { period, window, all: '1', page });
      for (const text of windows) all.push(JSON.parse(text) as WindowFacts);
      if (windows.length < PAGE) return all;
    }
  }

  /** From January to this month: the divisions of the months added up, signed ones as they were signed. */
  private yearUntil(target: Target, period: string): Pick<MonthFacts, 'soFar' | 'months' | 'signedMonths'> {
    const { site, signing, breakdown } = this.sources;
    const signed = new Set(signing.list(target.id).map((head) => head.period));
    const sampling = samplingOf(site, target);
    const all = breakdown
      .breakdown(target.id, { period: period.slice(0, 4), by: 'month' })
      .rows.filter(({ key }) => key <= period)
      .map((row) => {
        const signOff = signing.find(target.id, row.key);
        // Only a plan asks which samples there were.
        const windows = sampling === null ? [] : this.windows(target.id, row.key, target.window);
        return signOff === undefined ? { ...row, period: row.key, windows } : rateOf(signOff);
      });
    const months = all.filter(({ due, excused }) => due + excused > 0).map((month) => month.period);
    const signedMonths = [...months, lastMonthOf(period), yearBefore(period)].filter((month) => signed.has(month));
    return { soFar: added(target, all, sampling), months, signedMonths };
  }
}

/** The divisions of months added up; `null` where nothing was due in them. */
function added(target: Target, months: readonly (RateFacts & MonthTally)[], sampling: Sampling | null): RateFacts | null {
  const planless = target.window === 'sample' && target.plan === null;
  const figure = ofMonths(months, { goal: target.goal, minCapture: target.minCapture, planless }, sampling);
  if (figure.due + figure.excused === 0) return null;
  const sum = (of: (one: RateFacts) => number): number => months.reduce((all, one) => all + of(one), 0);
  const classed = sum((one) => one.good?.classed ?? 0);
  const setAside = { total: sum((one) => one.setAside.total), over: sum((one) => one.setAside.over) };
  const good = classed === 0 ? null : { rate: null, good: sum((one) => one.good?.good ?? 0), classed };
  return { ...figure, good, setAside };
}

/** A signed month as facts. */
const rateOf = ({ snapshot }: SignOff): SignOff['snapshot'] => snapshot;
