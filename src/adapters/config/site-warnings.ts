/** What of a config without faults should an operator know before its figures are used? */
import { nameOf, unproven } from '../../domain/compliance/items.js';
import type { Site } from '../../domain/site.js';
import type { LocalDate } from '../../domain/time.js';

/** One line for every instrument that does not count on `today`, because no comparison has proven its method. */
export function siteWarnings(site: Site, today: LocalDate): string[] {
  return [...site.stations.values()].flatMap((station) =>
    (station.active ? station.parameters : []).flatMap(({ parameter }) => {
      const why = unproven(station, parameter, today);
      return why === null ? [] : [`${station.name} ${nameOf(site, parameter)}:${why},不计入评价 does not count`];
    }),
  );
}
