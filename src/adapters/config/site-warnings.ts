/** What of a config without faults should an operator know before its figures and alerts are relied on? */
import { nameOf, unproven } from '../../domain/compliance/items.js';
import type { Site } from '../../domain/site.js';
import type { LocalDate } from '../../domain/time.js';
import { alertWarnings } from './alert-warnings.js';

/**
 * One line for every instrument that does not count on `today`, because no comparison has proven its method, for a maintenance
 * plan that nobody is told of, and for whatever is not watched or not told. `variables` is the environment, where channels have their addresses; left out, it is not looked at.
 */
export function siteWarnings(
  site: Site,
  today: LocalDate,
  variables: Readonly<Record<string, string | undefined>> | null = null,
): string[] {
  const instruments = [...site.stations.values()].flatMap((station) =>
    (station.active ? station.parameters : []).flatMap(({ parameter }) => {
      const why = unproven(station, parameter, today);
      return why === null ? [] : [`${station.name} ${nameOf(site, parameter)}:${why},不计入评价 does not count`];
    }),
  );
  const plans = [...site.stations.values()].filter(
    ({ active, medium, upkeep }) => active && (upkeep ?? site.upkeep.get(medium) ?? []).length > 0,
  );
  const unminded =
    plans.length > 0 && !site.people.some(({ upkeep }) => upkeep === true)
      ? ['运维计划到期无人收到邮件:people 中没有 upkeep: true nobody is told of work that becomes due']
      : [];
  return [...instruments, ...unminded, ...alertWarnings(site, today, variables)];
}
