/** What do the instruments of a village waterworks measure, at its outlet and at the taps? */
import { DAY, HOUR, type Instant } from '../domain/time.js';
import { between, daily, hourOf, season } from './almanac.js';
import { jitter, wander, type Signal } from './noise.js';
import type { Sky } from './weather.js';

/** What the works doses so that the outlet holds it, mg/L, by the parameter that shows it. */
const DOSED: Readonly<Record<string, number>> = { cl2: 0.62, tcl2: 0.95, clo2: 0.32, ozone: 0.12 };

/** Share of the disinfectant that is left when the water reaches a tap. */
const LEFT_AT_TAP = 0.42;

/** Where people get up, cook and wash: 0.3 at night to about 1.5 of the mean draw. */
function draw(hour: number): number {
  return (
    0.3 +
    0.6 * between(hour, 6, 22) +
    0.55 * between(hour, 6.5, 8) +
    0.25 * between(hour, 11.5, 12.5) +
    0.55 * between(hour, 18, 20.5)
  );
}

/** The signal of a parameter at a plant outlet or tap, or `null` when such a point is not simulated to measure it. */
export function waterworksSignal(seed: string, station: string, tap: boolean, parameter: string, sky: Sky): Signal | null {
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  const noise = jitter(`${seed}/${station}/${parameter}`);
  const local = wander(`${seed}/${station}/${parameter}`, 11 * HOUR);
  const slow = wander(`${seed}/${station}/${parameter}/slow`, 3 * DAY);
  const dosed = Object.hasOwn(DOSED, parameter) ? DOSED[parameter] : undefined;
  if (dosed !== undefined) {
    const level = tap ? dosed * LEFT_AT_TAP : dosed;
    // Water that stands in the pipes overnight loses more, and warm water loses more than cold.
    const stands = (t: Instant): number => (tap ? 0.14 * daily(hour(t), 4) : 0.03 * daily(hour(t), 4)) + 0.06 * season(t);
    return (t) => level * (1 - stands(t) + 0.08 * local(t) + 0.05 * slow(t) + 0.015 * noise(t));
  }
  switch (parameter) {
    case 'turb':
      return (t) => (tap ? 0.34 : 0.27) * (1 + 0.15 * local(t) + 0.03 * noise(t)) + 0.006 * sky.wetness(t - 4 * HOUR);
    case 'ph':
      return (t) => 7.32 + 0.08 * local(t) + 0.01 * noise(t);
    case 'temp':
      return (t) => 17.5 + 6.5 * season(t - 20 * DAY) + (tap ? 0.6 : 0.2) * daily(hour(t), 17) + 0.4 * slow(t) + 0.05 * noise(t);
    case 'cond':
      return (t) => 185 * (1 + 0.04 * slow(t)) + noise(t);
    case 'codmn':
      return (t) => 1.3 * (1 + 0.12 * local(t) + 0.02 * noise(t)) + 0.01 * sky.wetness(t - 4 * HOUR);
    case 'nh3n':
      return (t) => 0.07 * (1 + 0.25 * local(t) + 0.03 * noise(t));
    case 'do':
      return (t) => 8.3 - 1.2 * season(t) + 0.2 * local(t) + 0.03 * noise(t);
    case 'flow':
      return (t) => (tap ? 0.4 : 6.5) * draw(hour(t)) * (1 + 0.08 * local(t) + 0.02 * noise(t));
    case 'level':
      // The clear-water tank fills at night and is drawn down by the evening.
      return (t) => 2.6 + 0.5 * daily(hour(t), 5) + 0.1 * local(t) + 0.005 * noise(t);
    default:
      return null;
  }
}
