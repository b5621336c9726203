/** What is in the town's air, and what does the weather station beside it say? */
import { DAY, HOUR, MINUTE, type Instant } from '../domain/time.js';
import { between, daily, hourOf, season } from './almanac.js';
import { jitter, wander, type Signal } from './noise.js';
import type { Sky } from './weather.js';

/** Particles in the town's air without any site's dust, µg/m³: more in still winter nights, less after rain. */
export function particles(seed: string, parameter: 'pm10' | 'pm25' | 'tsp', sky: Sky): Signal {
  const mean = { pm25: 24, pm10: 42, tsp: 70 }[parameter];
  const stagnant = wander(`${seed}/stagnant`, 2 * DAY);
  const passing = wander(`${seed}/${parameter}/passing`, 5 * HOUR);
  return (t) =>
    mean *
    (1 - 0.3 * season(t) + 0.25 * stagnant(t) + 0.1 * passing(t) + 0.08 * daily(hourOf(t, sky.calendar), 21)) *
    (0.55 + 0.45 * Math.exp(-sky.wetness(t) / 6));
}

/** The signal of weather that every station with such a sensor measures; `cadence` in minutes, for the rain gauge. */
export function weatherSignal(seed: string, station: string, parameter: string, cadence: number, sky: Sky): Signal | null {
  const noise = jitter(`${seed}/${station}/${parameter}`);
  switch (parameter) {
    case 'airtemp':
      return (t) => sky.airTemp(t) + 0.1 * noise(t);
    case 'humidity':
      return (t) => Math.min(100, sky.humidity(t) + 0.5 * noise(t));
    case 'windspeed':
      return (t) => Math.max(0, sky.windSpeed(t) + 0.15 * noise(t));
    case 'winddir':
      return (t) => (sky.windDir(t) + 6 * noise(t) + 360) % 360;
    case 'rain':
      // A gauge gives what fell since its last value.
      return (t) => sky.rain(t - cadence * MINUTE, t);
    default:
      return null;
  }
}

/** The signal of a parameter at an ambient air station, or `null` when such a station is not simulated to measure it. */
export function airSignal(seed: string, station: string, parameter: string, sky: Sky): Signal | null {
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  const noise = jitter(`${seed}/${station}/${parameter}`);
  const local = wander(`${seed}/${station}/${parameter}`, 6 * HOUR);
  const gas = (mean: number, winter: number, daytime: number): Signal => {
    return (t) => mean * (1 - winter * season(t) + daytime * daily(hour(t), 15) + 0.15 * local(t) + 0.02 * noise(t));
  };
  switch (parameter) {
    case 'pm10':
    case 'pm25':
    case 'tsp': {
      const town = particles(seed, parameter, sky);
      return (t) => town(t) * (1 + 0.03 * noise(t));
    }
    case 'so2':
      return gas(8, 0.2, 0.1);
    case 'no2':
      return gas(18, 0.3, -0.25);
    case 'o3':
      return gas(68, -0.3, 0.45);
    case 'co':
      return gas(0.6, 0.2, -0.1);
    case 'noise':
      return (t) => 45 + 9 * between(hour(t), 6.5, 21.5) + 1.5 * local(t) + 0.8 * noise(t);
    default:
      return null;
  }
}
