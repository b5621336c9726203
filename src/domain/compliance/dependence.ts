/** On what of the config do the verdicts of a station depend? */
import type { Site } from '../site.js';
import { limitsAt } from '../standards/bind.js';
import type { Station } from '../station.js';

/** Raise it when the way of judging changes: at the next start every window is computed again. */
const METHOD = 1;

/** What of a station is only told of it, or says which windows are due, and changes no verdict that is there. */
const ASIDE = new Set([
  'name',
  'nameEn',
  'village',
  'reach',
  'order',
  'active',
  'inactiveReason',
  'since',
  'deviceOffsetMinutes',
  'supply',
]);

/**
 * Everything of the config that the verdicts of a station are made by, as text: its parameters and methods, how its medium
 * is judged, the limits that bind it and, in a river, those of all classes. Two texts differ when a verdict could.
 */
export function dependence(site: Site, station: Station): string {
  const { windows: _, note: __, ...judging } = site.judging.get(station.medium)!;
  const parameters = [...new Set([...judging.items, ...station.parameters.map(({ parameter }) => parameter)])].sort();
  const own = Object.entries(station).filter(([key]) => !ASIDE.has(key));
  const bound = parameters.map((parameter) => limitsAt(station, parameter, site.limits));
  const classes =
    station.medium === 'surface-water'
      ? site.limits.filter(
          (limit) => judging.items.includes(limit.parameter) && (station.binding?.texts.includes(limit.standard) ?? false),
        )
      : [];
  const behind = station.dustRules.map(({ background }) => site.stations.get(background ?? '')?.parameters ?? null);
  // A note is printed and changes no verdict.
  return JSON.stringify([METHOD, own, judging, bound, classes, behind], (key, value: unknown) =>
    key === 'note' ? undefined : value,
  );
}
