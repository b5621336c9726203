/** On which comparisons does a station stand? On those of its config and those that people entered. */
import { needsProof, withComparisons } from '../../domain/compliance/items.js';
import type { Station } from '../../domain/station.js';
import { type Calendar, localDate } from '../../domain/time.js';
import type { ComparisonStore } from './upkeep-stores.js';

/** The station with all of its comparisons; as it is where none of its items stands on them. */
export type Compared = (station: Station) => Station;

/** By what was entered and stands. */
export const comparedBy =
  (store: Pick<ComparisonStore, 'standingOf'>, calendar: Calendar): Compared =>
  (station) => {
    if (!station.parameters.some(({ parameter }) => needsProof(station, parameter))) return station;
    const entered = store.standingOf(station.id);
    return withComparisons(
      station,
      entered.map((record) => ({ ...record, on: localDate(record.time, calendar) })),
    );
  };
