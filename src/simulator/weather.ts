/** What weather do the simulated stations stand in? One sky for the whole township. */
import { DAY, HOUR, type Calendar, type Instant } from '../domain/time.js';
import { daily, dayOf, hourOf, season, startOfDay } from './almanac.js';
import { die, wander, type Signal } from './noise.js';

/** The sky over the township. */
export interface Sky {
  readonly calendar: Calendar;
  /** Rain that fell in `[from, to)`, mm. */
  rain(from: Instant, to: Instant): number;
  /** Rain still on its way through the catchment, mm: what fell, fading with a time constant of eight hours. */
  readonly wetness: Signal;
  /** ℃ */
  readonly airTemp: Signal;
  /** % */
  readonly humidity: Signal;
  /** m/s */
  readonly windSpeed: Signal;
  /** Degrees, [0, 360), where the wind comes from. */
  readonly windDir: Signal;
}

/** One fall of rain at an even rate. */
interface Rainfall {
  readonly from: Instant;
  readonly to: Instant;
  /** mm */
  readonly depth: number;
}

/** Chance of rain on a day, January to December: wet in spring and early summer, dry in autumn. */
const CHANCE = [0.3, 0.35, 0.45, 0.5, 0.5, 0.45, 0.3, 0.3, 0.25, 0.25, 0.25, 0.25] as const;

/** Deepest fall of an ordinary day, mm: the river of the calm scenario stays within its class under it. */
const ORDINARY = 15;

/** Every day's storm of the scenario `rain`: 45 mm from 13:00 to 17:00. */
const STORM = { hour: 13, hours: 4, depth: 45 } as const;

/** Time constant of the catchment. */
const FADE = 8 * HOUR;

/** Days back from which rain is still felt: after them less than a thousandth is left. */
const FELT_DAYS = 3;

/** A sky that depends on `seed` alone; `stormy` puts a storm into every afternoon. */
export function skyOf(seed: string, calendar: Calendar, stormy: boolean): Sky {
  const rains = die(`${seed}/rains`);
  const starts = die(`${seed}/rain-starts`);
  const lasts = die(`${seed}/rain-lasts`);
  const depths = die(`${seed}/rain-depth`);
  const synoptic = wander(`${seed}/synoptic`, 3 * DAY);
  const gusts = wander(`${seed}/gusts`, 2 * HOUR);
  const veering = wander(`${seed}/veering`, 8 * HOUR);
  const damp = wander(`${seed}/damp`, DAY);
  const known = new Map<number, Rainfall | null>();

  const draw = (day: number): Rainfall | null => {
    const start = startOfDay(day, calendar);
    if (stormy) {
      const from = start + STORM.hour * HOUR;
      return { from, to: from + STORM.hours * HOUR, depth: STORM.depth };
    }
    const month = new Date(day * DAY).getUTCMonth();
    if (rains(day) >= (CHANCE[month] ?? 0)) return null;
    const from = start + starts(day) * DAY;
    return { from, to: from + (1 + 6 * lasts(day)) * HOUR, depth: Math.min(ORDINARY, 0.5 - 6 * Math.log(1 - depths(day))) };
  };
  const fallOf = (day: number): Rainfall | null => {
    let fall = known.get(day);
    if (fall === undefined) known.set(day, (fall = draw(day)));
    return fall;
  };

  const wetness: Signal = (t) => {
    const today = dayOf(t, calendar);
    let mm = 0;
    for (let day = today - FELT_DAYS; day <= today; day++) {
      const fall = fallOf(day);
      if (!fall || t <= fall.from) continue;
      // The exact answer of a leaking reservoir to an even rain.
      const rate = fall.depth / (fall.to - fall.from);
      mm += rate * FADE * (Math.exp(-Math.max(0, t - fall.to) / FADE) - Math.exp(-(t - fall.from) / FADE));
    }
    return mm;
  };

  const airTemp: Signal = (t) =>
    17.5 + 11.5 * season(t) + 4.2 * daily(hourOf(t, calendar), 15) + 3 * synoptic(t) - Math.min(3, 0.2 * wetness(t));

  return {
    calendar,
    wetness,
    airTemp,
    rain: (from, to) => {
      let mm = 0;
      for (let day = dayOf(from, calendar) - 1; day <= dayOf(to, calendar); day++) {
        const fall = fallOf(day);
        if (!fall) continue;
        const shared = Math.min(to, fall.to) - Math.max(from, fall.from);
        if (shared > 0) mm += (fall.depth * shared) / (fall.to - fall.from);
      }
      return mm;
    },
    humidity: (t) =>
      Math.max(25, Math.min(99, 74 - 12 * daily(hourOf(t, calendar), 15) + 8 * damp(t) + Math.min(18, 2 * wetness(t)))),
    windSpeed: (t) => Math.max(0.1, 1.6 + 0.6 * daily(hourOf(t, calendar), 14) + 0.8 * gusts(t)),
    // Winds here are northerly in winter and southerly in summer.
    windDir: (t) => ((((season(t) > 0 ? 190 : 10) + 70 * veering(t)) % 360) + 360) % 360,
  };
}
