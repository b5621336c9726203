/** How does the upkeep page ask the service? */
import type {
  ComparisonBody,
  ComparisonsAnswer,
  ComparisonView,
  ProposalAnswer,
  UpkeepAnswer,
} from '../../adapters/http/contract/upkeep.js';
import { ask, send } from '../api/api.js';

/** Comparisons and the maintenance plan. Each throws `ApiError`. */
export const upkeepApi = {
  plan: () => ask<UpkeepAnswer>('/upkeep'),
  comparisons: (station: string) =>
    ask<ComparisonsAnswer>(`/comparisons?${new URLSearchParams(station === '' ? { limit: '200' } : { station, limit: '200' })}`),
  proposal: (asked: { station: string; parameter: string; time: string; laboratory?: string }) =>
    ask<ProposalAnswer>(`/comparisons/proposal?${new URLSearchParams(asked)}`),
  add: (body: Omit<ComparisonBody, 'note'> & { note?: string }) => send<ComparisonView>('POST', '/comparisons', body),
  withdraw: (id: string, reason: string) =>
    send<ComparisonView>('POST', `/comparisons/${encodeURIComponent(id)}/withdraw`, { reason }),
};
