/** Is a station on line? */
import type { Station } from '../../domain/station.js';
import { type Instant, MINUTE } from '../../domain/time.js';
import { NEVER } from '../stores.js';

/** A station is offline after so many cadences without an arrival. */
const CADENCES = 3;

/** `never`: no sensor's reading ever came; `silent`: none for three cadences of its fastest parameter. */
export type Line = 'online' | 'silent' | 'never';

/** How a station stands by the last arrival of a sensor's reading; `null` where nothing is known of it. */
export function lineOf({ parameters }: Pick<Station, 'parameters'>, lastArrival: Instant | null, now: Instant): Line {
  if (lastArrival === null || lastArrival <= -NEVER) return 'never';
  const cadence = Math.min(...parameters.map((p) => p.cadence));
  return now - lastArrival > CADENCES * cadence * MINUTE ? 'silent' : 'online';
}
