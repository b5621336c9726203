/** Who must hear of an alert? */
import type { Person, Site } from '../site.js';
import type { Station } from '../station.js';
import type { Alert } from './alert.js';

/** The people one of whose `hears` entries matches the alert's station and severity. An absent list matches all. */
export function recipients(alert: Alert, station: Station, site: Site): Person[] {
  return site.people.filter((person) =>
    person.hears.some(
      (entry) =>
        (entry.media?.includes(station.medium) ?? true) &&
        (entry.villages === undefined || (station.village !== null && entry.villages.includes(station.village))) &&
        (entry.stations?.includes(station.id) ?? true) &&
        (entry.severities?.includes(alert.severity) ?? true),
    ),
  );
}
