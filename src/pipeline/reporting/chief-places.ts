/** Which alerts, cases and stations are a river chief's own? Those of the reaches and villages that the config gives. */
import type { Alert } from '../../domain/alerting/alert.js';
import { standIn } from '../../domain/alerting/duty.js';
import { isAt } from '../../domain/alerting/routing.js';
import type { Case } from '../../domain/cases/case.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { localDate } from '../../domain/time.js';
import type { Clock } from '../ports.js';

/** What somebody wants to act on, or to read. */
export interface Thing {
  readonly alert?: string | undefined;
  readonly case?: string | undefined;
  readonly station?: string | undefined;
}

type AlertPlace = Pick<Alert, 'subject' | 'station'>;
type CasePlace = Pick<Case, 'alert' | 'station' | 'reach' | 'to'>;

/** The places of river chiefs, by the routes on which the config tells them of alerts: the own, and of whom they stand in for today. */
export class ChiefPlaces {
  constructor(
    private readonly site: Site,
    private readonly alerts: { find(id: string): AlertPlace | undefined },
    private readonly cases: { find(idOrNumber: string): CasePlace | undefined },
    private readonly clock: Clock,
  ) {}

  /** Is the thing within the places of this person? What does not exist is: its 404 says more than a 403. */
  holds(person: string | undefined, thing: Thing): boolean {
    const alert = thing.alert === undefined ? undefined : this.alerts.find(thing.alert);
    const found = thing.case === undefined ? undefined : this.cases.find(thing.case);
    return (
      (alert === undefined || this.holdsAlert(person, alert)) &&
      (found === undefined || this.holdsCase(person, found)) &&
      (thing.station === undefined || this.holdsStation(person, thing.station))
    );
  }

  /** An alert about one of the places, or about a reach or a target that one of them belongs to. */
  holdsAlert(person: string | undefined, { subject, station }: AlertPlace): boolean {
    const known = station === null ? null : this.site.stations.get(station);
    return known !== undefined && this.actsFor(person).some((chief) => isAt(chief, { subject }, known, this.site));
  }

  /** A case at one of the places, or given to this person, or to whom it stands in for, wherever it is. */
  holdsCase(person: string | undefined, { alert, station, reach, to }: CasePlace): boolean {
    if (this.actsFor(person).some(({ id }) => id === to)) return true;
    const of = alert === null ? undefined : this.alerts.find(alert);
    if (of !== undefined) return this.holdsAlert(person, of);
    if (station !== null) return this.holdsStation(person, station);
    return reach !== null && this.holdsAlert(person, { subject: `reach:${reach}`, station: null });
  }

  /** Ids of the active stations at the places of this person. */
  stations(person: string | undefined): string[] {
    const active = [...this.site.stations.values()].filter((station) => station.active);
    return active.map(({ id }) => id).filter((id) => this.holdsStation(person, id));
  }

  /** The person itself, and whoever is away today with this one as substitute. */
  private actsFor(person: string | undefined): Person[] {
    const { people, calendar } = this.site;
    const date = localDate(this.clock.now(), calendar);
    return people.filter((one) => one.id === person || standIn(one, date, people).id === person);
  }

  private holdsStation(person: string | undefined, id: string): boolean {
    return this.holdsAlert(person, { subject: id, station: id });
  }
}
