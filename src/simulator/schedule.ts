/** When is which value of a station due, and which number does its message carry? */
import { MINUTE, type Calendar, type Instant } from '../domain/time.js';
import type { StationParameter } from '../domain/station.js';

/** A station's timetable. Values are due at whole multiples of their cadence since local midnight of 1970. */
export interface Timetable {
  /** Parameters due at an instant, in the order of the config; empty between the instants. */
  due(t: Instant): readonly string[];
  /** The first instant after `t` at which something is due. */
  next(t: Instant): Instant;
  /** The last instant not after `t` at which even the slowest parameters have all reported. */
  complete(t: Instant): Instant;
  /** How many values are due in `(from, to]`. */
  values(from: Instant, to: Instant): number;
  /** How many instants have passed since 1970, the one at `t` included: rises by one from message to message. */
  number(t: Instant): number;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const lcm = (a: number, b: number): number => (a / gcd(a, b)) * b;

/** The timetable of the parameters that a station sends, at least one. */
export function timetableOf(parameters: readonly StationParameter[], calendar: Calendar): Timetable {
  const shift = calendar.offsetMinutes;
  const minuteOf = (t: Instant): number => Math.floor(t / MINUTE) + shift;
  const instantOf = (minute: number): Instant => (minute - shift) * MINUTE;
  const cadences = [...new Set(parameters.map((p) => p.cadence))];
  const slowest = Math.max(...cadences);
  // Every instant of a fast cadence that a slow one shares is counted once: inclusion and exclusion over sets of cadences.
  const terms = new Map<number, number>();
  for (const cadence of cadences) {
    const joined = [...terms].map(([period, sign]) => [lcm(period, cadence), -sign] as const);
    for (const [period, sign] of [[cadence, 1] as const, ...joined]) terms.set(period, (terms.get(period) ?? 0) + sign);
  }

  return {
    due: (t) => {
      if (t % MINUTE !== 0) return [];
      const minute = minuteOf(t);
      return parameters.filter((p) => minute % p.cadence === 0).map((p) => p.parameter);
    },
    next: (t) => {
      const minute = minuteOf(t);
      return instantOf(Math.min(...cadences.map((cadence) => (Math.floor(minute / cadence) + 1) * cadence)));
    },
    complete: (t) => instantOf(Math.floor(minuteOf(t) / slowest) * slowest),
    values: (from, to) =>
      parameters.reduce((sum, { cadence }) => sum + Math.floor(minuteOf(to) / cadence) - Math.floor(minuteOf(from) / cadence), 0),
    number: (t) => {
      let count = 0;
      for (const [period, sign] of terms) count += sign * Math.floor(minuteOf(t) / period);
      return count;
    },
  };
}
