/** As what is a station judged: on which comparisons does it stand, and what of its windows is excused? */
import { type Excused, excusedIn, siteWithout } from '../../domain/compliance/excuse.js';
import { namedItems } from '../../domain/compliance/items.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import type { Window } from '../../domain/time.js';
import type { Compared } from '../upkeep/compared.js';
import type { ExcuseStore } from './verdict-stores.js';

/** A station as its windows are judged. */
export interface Judged {
  /** With the comparisons that people entered. */
  readonly station: Station;
  /** What of a window is excused (不参评) that is judged by `items`; by default the station's named items, of a sample none. */
  readonly excusedOf: (window: Window, items?: readonly string[]) => Excused;
  /** The site as a window of the station that is still open is seen in it: without what is excused, item by item or as a whole. */
  readonly siteIn: (window: Window) => Site;
  /** Changes with what is excused and with the comparisons: what was worked out from both stands as long as it does. */
  readonly edition: string;
}

/** The station as it is judged now, by whatever people have entered about it. */
export type JudgedAs = (station: Station) => Judged;

/** By the excuses and the comparisons that are kept. */
export const judgedBy =
  (site: Site, excuses: Pick<ExcuseStore, 'list'>, compared: Compared): JudgedAs =>
  (known) => {
    const station = compared(known);
    const standing = excuses.list([station.id]).filter(({ removed }) => removed === null);
    const named = namedItems(station, site.judging.get(station.medium)!);
    const excusedOf: Judged['excusedOf'] = (window, items = window.kind === 'sample' ? [] : named) =>
      excusedIn(station.id, window, standing, items);
    return {
      station,
      excusedOf,
      siteIn: (window) => {
        const { whole, items } = excusedOf(window);
        return siteWithout(site, station, whole === null ? items : new Map(named.map((parameter) => [parameter, whole])));
      },
      edition: JSON.stringify([standing.map(({ id }) => id), station.parameters.map(({ comparisons }) => comparisons ?? [])]),
    };
  };
