/** For which alerts, cases and stations may a river chief act? Those of the reaches and villages that the config gives. */
import type { Alert } from '../../domain/alerting/alert.js';
import type { Case } from '../../domain/cases/case.js';
import type { Site } from '../../domain/site.js';

/** What somebody wants to act on. */
export interface Thing {
  readonly alert?: string | undefined;
  readonly case?: string | undefined;
  readonly station?: string | undefined;
}

/** The places of river chiefs, by the routes on which the config tells them of alerts. */
export class ChiefPlaces {
  constructor(
    private readonly site: Pick<Site, 'people' | 'stations' | 'reaches'>,
    private readonly alerts: { find(id: string): Pick<Alert, 'station'> | undefined },
    private readonly cases: { find(idOrNumber: string): Pick<Case, 'station'> | undefined },
  ) {}

  /** Is the thing within the places of this person? What does not exist is: its 404 says more than a 403. */
  holds(person: string | undefined, thing: Thing): boolean {
    const ids = this.stationsOf(thing);
    return ids.every((id) => id !== null && this.holdsStation(person, id));
  }

  private stationsOf(thing: Thing): (string | null)[] {
    const alert = thing.alert === undefined ? undefined : this.alerts.find(thing.alert);
    const found = thing.case === undefined ? undefined : this.cases.find(thing.case);
    return [...(alert ? [alert.station] : []), ...(found ? [found.station] : []), ...(thing.station ? [thing.station] : [])];
  }

  private holdsStation(person: string | undefined, id: string): boolean {
    const chief = this.site.people.find((one) => one.id === person);
    const station = this.site.stations.get(id);
    if (!chief || !station) return false;
    const reach = [...this.site.reaches.values()].find(({ name }) => name === station.reach)?.id;
    return chief.hears.some(
      ({ media, villages, reaches, stations }) =>
        (media?.includes(station.medium) ?? true) &&
        (villages === undefined || (station.village !== null && villages.includes(station.village))) &&
        (reaches === undefined || (reach !== undefined && reaches.includes(reach))) &&
        (stations?.includes(id) ?? true),
    );
  }
}
