/** Which rule or shape is a series' own? */
import type { Station } from '../station.js';
import type { LimitRule, LimitShape, SeriesScope } from './rules.js';

/** Does a scope hold a series: is it in each list that is there? */
export function inScope(scope: SeriesScope, station: Pick<Station, 'id' | 'medium' | 'role'>, parameter: string): boolean {
  return (
    (scope.media?.includes(station.medium) ?? true) &&
    (scope.roles?.includes(station.role) ?? true) &&
    (scope.stations?.includes(station.id) ?? true) &&
    (scope.parameters?.includes(parameter) ?? true)
  );
}

/** The first shape that holds a series; `null`: it never alarms by limit. */
export function shapeOf(rule: LimitRule | null, station: Station, parameter: string): LimitShape | null {
  return rule?.shapes.find((shape) => inScope(shape, station, parameter)) ?? null;
}
