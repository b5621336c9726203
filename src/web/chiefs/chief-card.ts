/** How does a page ask for a river chief's card, and say that the reach was walked? */
import type { CardAnswer, ChiefsAnswer, PatrolBody, PatrolView } from '../../adapters/http/contract/chiefs.js';
import { ask, send } from '../api/api.js';

/** The routes of river chiefs. Each throws `ApiError`. */
export const chiefsApi = {
  chiefs: () => ask<ChiefsAnswer>('/chiefs'),
  card: (id: string) => ask<CardAnswer>(`/chiefs/${encodeURIComponent(id)}`),
  addPatrol: (body: PatrolBody) => send<PatrolView>('POST', '/patrols', body),
};

/** Height of each bar of a small course, 0 to 1 of the highest; `null` where a day has no value. */
export function barsOf(means: readonly (number | null)[]): (number | null)[] {
  const highest = Math.max(0, ...means.map((mean) => mean ?? 0));
  return means.map((mean) => (mean === null ? null : highest === 0 ? 0 : Math.max(0, mean) / highest));
}
