/** How does the duty page ask the service? */
import type { DutyAnswer, HandoversAnswer, HandoverView } from '../../adapters/http/contract/handover.js';
import { ask, send } from '../api/api.js';

/** The roster and its hand-overs. Each throws `ApiError`. */
export const dutyApi = {
  roster: () => ask<DutyAnswer>('/duty'),
  handovers: () => ask<HandoversAnswer>('/handovers'),
  give: (body: { from?: string; to?: string; note: string }) => send<HandoverView>('POST', '/handovers', body),
  take: (id: string, note: string) => send<HandoverView>('POST', `/handovers/${encodeURIComponent(id)}/take`, { note }),
};
