/** How does the page of a station ask the service? */
import type { ReadingsAnswer } from '../../adapters/http/contract/contract.js';
import type { MaintenanceAnswer, MaintenanceView } from '../../adapters/http/contract/decisions.js';
import type {
  LastMessageAnswer,
  SpansAnswer,
  StationDayAnswer,
  StationDaysAnswer,
  StationLimitsAnswer,
} from '../../adapters/http/contract/station.js';
import { ask, send } from './api.js';

const of = (station: string): string => `/stations/${encodeURIComponent(station)}`;

/** What a maintenance record can say was done. */
export type UpkeepTask = NonNullable<MaintenanceView['tasks']>[number];

/** The routes of one station. Each throws `ApiError`. */
export const stationApi = {
  /** `[from, to)`, both ISO 8601 with offset; `step` `null` is each value. */
  readings: (station: string, asked: { parameter: string; from: string; to: string; step: string | null }) => {
    const { step, ...rest } = asked;
    return ask<ReadingsAnswer>(`${of(station)}/readings?${new URLSearchParams(step === null ? rest : { ...rest, step })}`);
  },
  days: (station: string, year: string) => ask<StationDaysAnswer>(`${of(station)}/days?${new URLSearchParams({ year })}`),
  day: (station: string, date: string) => ask<StationDayAnswer>(`${of(station)}/days/${encodeURIComponent(date)}`),
  limits: (station: string, from: string, to: string) =>
    ask<StationLimitsAnswer>(`${of(station)}/limits?${new URLSearchParams({ from, to })}`),
  spans: (station: string, from: string, to: string) =>
    ask<SpansAnswer>(`${of(station)}/spans?${new URLSearchParams({ from, to })}`),
  last: (station: string) => ask<LastMessageAnswer>(`${of(station)}/last`),
  maintenance: (station: string) => ask<MaintenanceAnswer>(`/maintenance?${new URLSearchParams({ station, limit: '5' })}`),
  /** `tasks`: what of the plan is done; left out where nothing was ticked. */
  startMaintenance: (station: string, note: string, tasks?: readonly UpkeepTask[]) =>
    send<MaintenanceView>('POST', '/maintenance', { station, note, ...(tasks && { tasks }) }),
  endMaintenance: (id: string, to: string, reason: string, tasks?: readonly UpkeepTask[]) =>
    send<MaintenanceView>('PATCH', `/maintenance/${encodeURIComponent(id)}`, { to, reason, ...(tasks && { tasks }) }),
};
