/** What goes into a bulletin? The answers of the reports, gathered for a day, a week or a month; nothing is computed anew. */
import {
  type RateFacts,
  type AlertsFacts,
  type CaseFacts,
  type CasesFacts,
  type ComparisonFacts,
  type DataFacts,
  type Decimals,
  type ReceiptFacts,
  type ReviewedFacts,
} from '../../domain/bulletins/facts.js';
import { NONE } from '../../domain/bulletins/figures.js';
import type { Alert, AlertState } from '../../domain/alerting/alert.js';
import type { Site } from '../../domain/site.js';
import type { Medium } from '../../domain/station.js';
import { DAY, type Instant, MINUTE, localDate, type LocalDate, type Span, startOfDate } from '../../domain/time.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import { type CaseView, matterOf } from '../deciding/case-view.js';
import type { Cases } from '../deciding/cases.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { AlertsReport } from '../reporting/report-alerts.js';
import type { BreakdownReport } from '../reporting/report-breakdown.js';
import type { ComplianceReport } from '../reporting/report-compliance.js';
import type { RecordsReport } from '../reporting/report-records.js';
import type { SigningStore } from '../signing/signing-store.js';
import type { SpanRate } from './span-rates.js';
import type { TakenOut } from './taken-out.js';

/** Alerts and cases of a span that are looked through. */
const MOST = 20_000;

/** Where the facts come from: the same reports that answer the page. */
export interface BulletinSources {
  readonly site: Site;
  readonly compliance: Pick<ComplianceReport, 'compliance'>;
  readonly breakdown: Pick<BreakdownReport, 'breakdown'>;
  readonly spanRate: SpanRate;
  readonly takenOut: TakenOut;
  readonly records: Pick<RecordsReport, 'receipts'>;
  readonly alerts: Pick<AlertStore, 'within' | 'find'>;
  readonly alertView: AlertsReport['alertView'];
  readonly cases: Pick<Cases, 'openIn'>;
  readonly verdicts: Pick<VerdictStore, 'printed'>;
  readonly signing: Pick<SigningStore, 'find' | 'list'>;
  /** How much of a span was looked at (审核), of some stations. */
  readonly reviewed: (stations: readonly string[], span: Span) => ReviewedFacts;
  /** The newest comparison of every instrument; of what is not compared there is none. */
  readonly comparisons: (stations: readonly string[]) => readonly ComparisonFacts[];
}

/** Decimals of every item of the config. */
export const decimalsOf = ({ parameters }: Site): Decimals =>
  Object.fromEntries([...parameters].map(([code, { decimals }]) => [code, decimals]));

/** What came of one day, station by station, and what became of it. */
export async function receiptsOf({ site, records }: BulletinSources, date: LocalDate) {
  const { stations, service } = await records.receipts(date);
  const named = stations.map((one): ReceiptFacts & { readonly id: string } => {
    const station = site.stations.get(one.station);
    const missing = one.missing.map(({ parameter, from, to }) => {
      const cadence = station?.parameters.find((each) => each.parameter === parameter)?.cadence ?? 1;
      return {
        parameter: site.parameters.get(parameter)?.name ?? parameter,
        ...{ from, to, values: Math.round((Date.parse(to) - Date.parse(from)) / (cadence * MINUTE)) },
      };
    });
    const { expected, valid, stored, duplicate, corrected, rejected, pending } = one;
    return {
      id: one.station,
      name: station?.name ?? one.station,
      ...{ expected, valid, stored, duplicate, corrected, rejected, pending, missing },
      arrived: expected - missing.reduce((sum, { values }) => sum + values, 0),
    };
  });
  return { stations: named, service };
}

/** The same over days, of some stations. */
export async function dataOf(
  sources: BulletinSources,
  days: readonly LocalDate[],
  only: (id: string) => boolean,
): Promise<DataFacts[]> {
  const sums = new Map<string, { name: string; expected: number; arrived: number; valid: number }>();
  for (const day of days) {
    for (const { id, name, expected, arrived, valid } of (await receiptsOf(sources, day)).stations) {
      if (!only(id)) continue;
      const before = sums.get(id) ?? { name, expected: 0, arrived: 0, valid: 0 };
      sums.set(id, {
        name,
        expected: before.expected + expected,
        arrived: before.arrived + arrived,
        valid: before.valid + (valid ?? 0),
      });
    }
    // A month is thirty times all readings of a day: who waits for an answer meanwhile comes between.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return [...sums.values()];
}

/** The days of a span. */
export function daysIn(span: Span, site: Site): LocalDate[] {
  const days: LocalDate[] = [];
  for (let t = span.from; t < span.to; t += DAY) days.push(localDate(t, site.calendar));
  return days;
}

/** A day, or the days from one to another, as a span. */
export const spanOf = (from: LocalDate, to: LocalDate, site: Site): Span => ({
  from: startOfDate(from, site.calendar),
  to: startOfDate(to, site.calendar) + DAY,
});

/** What an alert or a case is about, as far as it makes it the business of a paper. */
export type Mine = (about: { readonly station: string | null; readonly subject: string | null }) => boolean;

/** The business of a medium: its stations, its targets, and the reaches that its stations lie on. */
export function ofMedium({ targets, reaches, stations }: Site, medium: Medium): Mine {
  const names = new Set([...stations.values()].filter((one) => one.medium === medium).map(({ reach }) => reach));
  const subjects = new Set([
    ...targets.filter((one) => one.medium === medium).map(({ id }) => `target:${id}`),
    ...[...reaches.values()].filter(({ name }) => names.has(name)).map(({ id }) => `reach:${id}`),
  ]);
  return ({ station, subject }) =>
    station === null ? subject !== null && subjects.has(subject) : stations.get(station)?.medium === medium;
}

/** Where alerts and cases are kept, and how they are seen. */
type Episodes = Pick<BulletinSources, 'site' | 'alerts' | 'alertView' | 'cases'>;

/** Alerts that opened in the span, those about no single station too; how many stand at its end. Their states are those at its end. */
export function alertsOf(sources: Episodes, span: Span, isMine: Mine): AlertsFacts {
  const all = sources.alerts
    .within(span, null, MOST)
    .filter(isMine)
    .map((alert) => ({ ...sources.alertView(alert, false), ...alertAt(alert, span.to) }));
  const opened = all.filter(({ openedAt }) => Date.parse(openedAt) >= span.from && Date.parse(openedAt) < span.to);
  return {
    opened: opened.map(({ openedAt, subjectName, parameterName, severity, state, reason }) => ({
      ...{ openedAt, subjectName, parameterName, severity, state, reason },
    })),
    standing: all.filter(({ ended }) => !ended).length,
  };
}

/** How an alert stood at an instant: what became of it afterwards belongs to another paper. */
function alertAt({ resolvedAt, history, state }: Alert, end: Instant): { readonly state: AlertState; readonly ended: boolean } {
  const over = resolvedAt ?? history.find(({ to }) => to === 'closed')?.at ?? null;
  if (over !== null && over < end) return { state, ended: true };
  const standing = history.filter(({ to }) => to !== 'resolved' && to !== 'closed');
  // What was measured before the end may have been heard after it.
  const last = standing.findLast(({ at }) => at < end) ?? standing[0];
  return { state: last?.to ?? 'active', ended: false };
}

/** Cases that were open in the span, as they stood at its end. */
export function casesOf(sources: Episodes, span: Span, isMine: Mine): CasesFacts {
  const within = (iso: string | null): boolean => iso !== null && Date.parse(iso) >= span.from && Date.parse(iso) < span.to;
  const found = sources.cases
    .openIn(span)
    .map((one) => ({ ...one, alert: one.alert === null ? undefined : sources.alerts.find(one.alert) }))
    .filter(({ station, reach, alert }) =>
      isMine({ station, subject: alert?.subject ?? (reach === null ? null : `reach:${reach}`) }),
    );
  const cases = found.map(
    ({ number, stationName, reachName, alert, what, parameter, openedAt, closedAt, history }): CaseFacts => {
      const before = history.filter(({ at }) => Date.parse(at) < span.to);
      const last = <K extends keyof CaseView['history'][number]>(key: K) =>
        before.findLast((event) => event[key] !== null)?.[key];
      const [state, until] = [last('to') ?? 'dispatched', last('until') ?? openedAt];
      return {
        ...{
          number,
          what: matterOf({ what, parameter }, sources.site),
          openedAt,
          until,
          state,
          toName: last('personName') ?? NONE,
        },
        subjectName: stationName ?? (alert === undefined ? reachName : sources.alertView(alert, false).subjectName),
        closedAt: state === 'closed' ? closedAt : null,
        overdue: state !== 'closed' && Date.parse(until) < span.to,
      };
    },
  );
  return {
    cases,
    opened: cases.filter(({ openedAt }) => within(openedAt)).length,
    closed: cases.filter(({ closedAt }) => within(closedAt)).length,
    overdue: cases.filter(({ overdue }) => overdue).length,
  };
}

/** Two divisions that say the same. */
export const sameFigures = (a: RateFacts, b: RateFacts): boolean =>
  (['rate', 'met', 'exceeded', 'undetermined', 'excused', 'due'] as const).every((key) => a[key] === b[key]);
