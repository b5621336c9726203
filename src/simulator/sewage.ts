/** What does the outlet of a sewage works measure? */
import { DAY, HOUR, type Instant } from '../domain/time.js';
import { between, hourOf, season } from './almanac.js';
import { jitter, wander, type Signal } from './noise.js';
import type { Sky } from './weather.js';

/** Means of a works that keeps level 1B of GB 18918-2002, mg/L. */
const EFFLUENT: Readonly<Record<string, number>> = { cod: 27, codmn: 8, bod5: 6.5, nh3n: 2.4, tp: 0.42, tn: 10.5, ss: 8.5 };

/** Share of the mean inflow at an hour, as households make it, two hours late through the works. */
function load(hour: number): number {
  return 0.7 + 0.35 * between(hour, 8, 24) + 0.3 * between(hour, 9.5, 12) + 0.3 * between(hour, 20.5, 23);
}

/** The signal of a parameter at an outlet, or `null` when an outlet is not simulated to measure it. */
export function sewageSignal(seed: string, station: string, parameter: string, sky: Sky): Signal | null {
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  const noise = jitter(`${seed}/${station}/${parameter}`);
  const local = wander(`${seed}/${station}/${parameter}`, 7 * HOUR);
  const sludge = wander(`${seed}/${station}/sludge`, 4 * DAY);
  const mean = Object.hasOwn(EFFLUENT, parameter) ? EFFLUENT[parameter] : undefined;
  if (mean !== undefined) {
    // Nitrifying bacteria are slow in the cold: ammonia and total nitrogen rise in winter.
    const cold = parameter === 'nh3n' || parameter === 'tn' ? 0.22 : 0.04;
    return (t) =>
      mean *
      (1 + 0.16 * local(t) + 0.12 * sludge(t) - cold * season(t) + 0.1 * (load(hour(t)) - 1) + 0.012 * noise(t)) *
      (1 - 0.12 * (1 - Math.exp(-sky.wetness(t) / 20)));
  }
  switch (parameter) {
    case 'ph':
      return (t) => 7.05 + 0.12 * local(t) + 0.01 * noise(t);
    case 'temp':
      return (t) => 19.5 + 6 * season(t - 15 * DAY) + 0.5 * local(t) + 0.05 * noise(t);
    case 'flow':
      // Old pipes let rain in.
      return (t) => 23 * load(hour(t)) * (1 + 0.06 * local(t) + 0.01 * noise(t) + 0.02 * sky.wetness(t));
    case 'cond':
      return (t) => 620 * (1 + 0.06 * local(t)) + 2 * noise(t);
    case 'turb':
      return (t) => 4.2 * (1 + 0.2 * local(t) + 0.03 * noise(t));
    case 'do':
      return (t) => 4.6 - 0.8 * season(t) + 0.3 * local(t) + 0.03 * noise(t);
    default:
      return null;
  }
}
