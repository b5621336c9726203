/** What does a dust post at a building site measure? */
import { HOUR, type Instant } from '../domain/time.js';
import { between, hourOf } from './almanac.js';
import { particles } from './air.js';
import { jitter, wander, type Signal } from './noise.js';
import type { Sky } from './weather.js';

/** What work adds to the town's air on a dry day, µg/m³. */
const STIRRED_UP = { pm25: 5, pm10: 22, tsp: 55 } as const;

/** How much work goes on: mornings and afternoons, with a rest at noon. */
const work = (hour: number): number => between(hour, 7, 11.5) + between(hour, 14, 18.5);

/** The signal of a parameter at a building site, or `null` when a dust post is not simulated to measure it. */
export function dustSignal(seed: string, station: string, parameter: string, sky: Sky): Signal | null {
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  const noise = jitter(`${seed}/${station}/${parameter}`);
  const busy = wander(`${seed}/${station}/busy`, 3 * HOUR);
  switch (parameter) {
    case 'pm10':
    case 'pm25':
    case 'tsp': {
      const town = particles(seed, parameter, sky);
      // Wet ground gives no dust.
      return (t) =>
        (town(t) + STIRRED_UP[parameter] * work(hour(t)) * (1 + 0.35 * busy(t)) * Math.exp(-sky.wetness(t) / 3)) *
        (1 + 0.04 * noise(t));
    }
    case 'noise':
      return (t) => 46 + 16 * work(hour(t)) + 2 * busy(t) + 1.2 * noise(t);
    default:
      return null;
  }
}
