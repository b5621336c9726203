/** How does the river page ask the service? */
import type { ReadingsAnswer } from '../../adapters/http/contract/contract.js';
import type { VerdictView, WindowsAnswer } from '../../adapters/http/contract/compliance.js';
import type { BalanceAnswer, ReachesAnswer, StripAnswer } from '../../adapters/http/contract/river.js';
import { ask } from './api.js';

const one = (id: string): string => encodeURIComponent(id);

/** The routes of the river. Each throws `ApiError`. Days are `YYYY-MM-DD`, `to` exclusive. */
export const riverApi = {
  reaches: () => ask<ReachesAnswer>('/reaches'),
  strip: (reach: string, window: StripAnswer['window'], from: string, to: string) =>
    ask<StripAnswer>(`/reaches/${one(reach)}/strip?${new URLSearchParams({ window, from, to })}`),
  evidence: (reach: string, section: string, window: StripAnswer['window'], start: string) =>
    ask<VerdictView>(`/reaches/${one(reach)}/evidence?${new URLSearchParams({ section, window, start })}`),
  windows: (station: string) => ask<WindowsAnswer>(`/stations/${one(station)}/windows`),
  balance: (reach: string, from: string, to: string) =>
    ask<BalanceAnswer>(`/reaches/${one(reach)}/balance?${new URLSearchParams({ from, to })}`),
  steps: (station: string, parameter: string, from: string, to: string, step: string) =>
    ask<ReadingsAnswer>(`/stations/${one(station)}/readings?${new URLSearchParams({ parameter, from, to, step })}`),
};
