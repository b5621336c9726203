/** May whoever is logged in do this? The service says which routes a role may ask, so no button ends in a refusal. */
import { page } from './page-state.js';

/**
 * True when the login may ask `METHOD /path`, written as the service lists it, e.g. `POST /api/v1/cases/:id/close`. `station`:
 * where it would act, which for a river chief must be an own one; `null`: at no station; absent: asked elsewhere.
 */
export function may(route: string, station?: string | null): boolean {
  const user = page.site.data?.user;
  if (!user?.may.includes(route)) return false;
  return user.stations === null || station === undefined || (station !== null && user.stations.includes(station));
}
