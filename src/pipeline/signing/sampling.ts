/** What does the sampling plan of a target ask for, and of which stations? */
import type { Sampling } from '../../domain/signing/signed-year.js';
import type { Site, Target } from '../../domain/site.js';
import { startOfDate } from '../../domain/time.js';
import { stationsOf } from '../reporting/compliance-question.js';

/** The plan with the stations it is for, as the config has them now; `null` for a target without one. */
export function samplingOf(site: Site, target: Target): Sampling | null {
  const { plan, window } = target;
  if (plan === null || window !== 'sample') return null;
  const { calendar } = site;
  const stations = stationsOf(site, target).map(({ id, since }) => ({
    id,
    since: since === null ? null : startOfDate(since, calendar),
  }));
  return { plan, stations, calendar };
}
