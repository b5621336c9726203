/** What goes into a 日报 and a 周报? */
import type { DayFacts, WeekFacts, WindowFacts } from '../../domain/bulletins/facts.js';
import type { BulletinSettings } from '../../domain/bulletins/settings.js';
import { daysOfWeek } from '../../domain/bulletins/timetable.js';
import type { LocalDate } from '../../domain/time.js';
import { Refusal } from '../ports.js';
import { alertsOf, type BulletinSources, casesOf, dataOf, decimalsOf, receiptsOf, spanOf } from './gather.js';

const everywhere = (): boolean => true;

/** A day of the calendar. Throws `Refusal`. */
export async function gatherDay(
  sources: BulletinSources,
  { title }: BulletinSettings,
  period: LocalDate,
  madeOn: LocalDate,
): Promise<DayFacts> {
  const { stations, service } = await receiptsOf(sources, period);
  const span = spanOf(period, period, sources.site);
  return {
    ...{ kind: 'day', period, title, office: sources.site.office, madeOn, stations },
    service: { received: service.received, stored: service.stored, rejected: service.rejected },
    alerts: alertsOf(sources, span, everywhere),
    cases: casesOf(sources, span, everywhere),
  };
}

/** An ISO week. Of each rate the windows that start in it: the days of a river, the hours of a tap. Throws `Refusal`. */
export async function gatherWeek(
  sources: BulletinSources,
  { title }: BulletinSettings,
  period: string,
  madeOn: LocalDate,
): Promise<WeekFacts> {
  const { site, compliance } = sources;
  const days = daysOfWeek(period);
  if (days === null) throw new Refusal('bad-request', `周应写作 2026-W47,收到的是 ${period}`);
  const [from, to] = [days[0]!, days.at(-1)!];
  const span = spanOf(from, to, site);
  const rates = site.targets.map((target) => {
    const { id, name, window: own, process } = target;
    const window = process ?? own;
    const windows = days.flatMap((on) =>
      compliance.compliance(id, { period: on.slice(0, 7), window, on }).windows.map((text) => JSON.parse(text) as WindowFacts),
    );
    return { name, window, rate: sources.spanRate(target, window, span), windows };
  });
  return {
    ...{ kind: 'week', period, title, office: site.office, madeOn, from, to, rates, decimals: decimalsOf(site) },
    data: await dataOf(sources, days, everywhere),
    alerts: alertsOf(sources, span, everywhere),
    cases: casesOf(sources, span, everywhere),
  };
}
