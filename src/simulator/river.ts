/**
 * What do the sections of a river reach measure?
 *
 * A plug-flow reach: what passes the inflow section passes the next one a travel time later, a little decayed, with what
 * villages and fields add on the way. Sun and night work on the spot (temperature, oxygen, pH), rain on the whole catchment.
 */
import { DAY, HOUR, MINUTE, type Instant } from '../domain/time.js';
import { daily, dayOf, hourOf, season, startOfDay } from './almanac.js';
import { jitter, wander, type Signal } from './noise.js';
import type { Sky } from './weather.js';

/** Water takes this long from one section to the next. */
export const TRAVEL = 3 * HOUR;

/** Where a section lies. */
export interface Section {
  readonly station: string;
  readonly reach: string;
  /** Sections above it: 0 is the inflow. */
  readonly index: number;
}

/** A solute: what the inflow brings, what each stretch adds, and how it answers rain and a spill. */
interface Solute {
  readonly inflow: number;
  readonly added: number;
  /** Share of the inflow's content that a stretch removes. */
  readonly decay: number;
  /** Per mm² of wetness: runoff carries more the more there is of it. */
  readonly runoff: number;
  /** Amplitude of its slow wandering, share of its content. */
  readonly wanders: number;
  /** Peak that the plume of the scenario brings to the inflow. */
  readonly plume: number;
}

/** In the parameter's unit. Calm weather stays within class III (GB 3838-2002), as a river that keeps its target does. */
const SOLUTES: Readonly<Record<string, Solute>> = {
  codmn: { inflow: 2.5, added: 0.4, decay: 0.03, runoff: 0.0024, wanders: 0.12, plume: 5 },
  nh3n: { inflow: 0.28, added: 0.13, decay: 0.08, runoff: 0.00008, wanders: 0.16, plume: 1.5 },
  tp: { inflow: 0.055, added: 0.022, decay: 0.03, runoff: 0.00018, wanders: 0.12, plume: 0.14 },
  tn: { inflow: 1.15, added: 0.25, decay: 0.04, runoff: 0.0006, wanders: 0.1, plume: 2.2 },
  cod: { inflow: 9, added: 1.2, decay: 0.03, runoff: 0.008, wanders: 0.1, plume: 16 },
  bod5: { inflow: 1.5, added: 0.25, decay: 0.08, runoff: 0.0008, wanders: 0.12, plume: 3 },
};

/** Oxygen in equilibrium with air, mg/L, at a water temperature in ℃. */
const saturation = (celsius: number): number => 14.62 - 0.3898 * celsius + 0.006969 * celsius ** 2 - 5.897e-5 * celsius ** 3;

/** When the daily plume passes the inflow section: its middle, hours after local midnight. */
const PLUME_HOUR = 1;

/**
 * The plume of the scenario at a section, 0 to 1: a spill above the inflow, every day, whose middle passes the inflow at
 * 01:00 and each further section a travel time later, lower and longer.
 */
export function plumeAt(index: number, sky: Sky): Signal {
  const width = 70 * MINUTE * (1 + 0.15 * index);
  const height = 1 / (1 + 0.15 * index);
  return (t) => {
    const today = dayOf(t, sky.calendar);
    let sum = 0;
    for (const day of [today - 1, today, today + 1]) {
      const middle = startOfDay(day, sky.calendar) + PLUME_HOUR * HOUR + index * TRAVEL;
      sum += height * Math.exp(-0.5 * ((t - middle) / width) ** 2);
    }
    return sum;
  };
}

/** The signal of a parameter at a section, or `null` when a river section is not simulated to measure it. */
export function riverSignal(seed: string, section: Section, parameter: string, sky: Sky, plumes: boolean): Signal | null {
  const { station, reach, index } = section;
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  const noise = jitter(`${seed}/${station}/${parameter}`);
  const local = wander(`${seed}/${station}/${parameter}`, 9 * HOUR);
  const plume: Signal = plumes ? plumeAt(index, sky) : () => 0;
  // Runoff gathers: the lower the section, the later its crest.
  const runoff: Signal = (t) => sky.wetness(t - HOUR - index * 30 * MINUTE);
  const slow = wander(`${seed}/${reach}/temp`, 4 * DAY);
  const temp: Signal = (t) =>
    Math.max(4, 17 + 9.5 * season(t - 12 * DAY) + daily(hour(t), 17) + 1.2 * slow(t - index * TRAVEL) + 0.2 * index);

  const solute = Object.hasOwn(SOLUTES, parameter) ? SOLUTES[parameter] : undefined;
  if (solute) {
    const carried = wander(`${seed}/${reach}/${parameter}`, 14 * HOUR);
    return (t) => {
      const departed = t - index * TRAVEL;
      const brought = solute.inflow * (1 - solute.decay) ** index * (1 + solute.wanders * carried(departed));
      const added = solute.added * index * (1 + solute.wanders * local(t)) * (1 + 0.1 * daily(hour(t), 20));
      return (brought + added + solute.runoff * runoff(t) ** 2 + solute.plume * plume(t)) * (1 + 0.012 * noise(t));
    };
  }
  switch (parameter) {
    case 'temp':
      return (t) => temp(t) + 0.05 * noise(t);
    case 'do':
      // Plants breathe all night: the least is there before dawn, the most in the afternoon.
      return (t) =>
        saturation(temp(t)) * (0.93 - 0.02 * index) +
        (0.75 + 0.2 * season(t)) * daily(hour(t), 16.5) +
        0.15 * local(t) -
        0.012 * runoff(t) -
        2.4 * plume(t) +
        0.03 * noise(t);
    case 'ph':
      return (t) => 7.45 + 0.16 * daily(hour(t), 16.5) + 0.06 * local(t) - 0.006 * runoff(t) + 0.01 * noise(t);
    case 'cond':
      return (t) =>
        (240 + 22 * index) * (1 + 0.05 * local(t)) * (1 - 0.25 * (1 - Math.exp(-runoff(t) / 25))) + 190 * plume(t) + noise(t);
    case 'turb':
      return (t) => (8 + 1.5 * index) * (1 + 0.2 * local(t) + 0.03 * noise(t)) + 1.3 * runoff(t) ** 1.35 + 6 * plume(t);
    case 'ss':
      return (t) => (9 + 2 * index) * (1 + 0.2 * local(t) + 0.03 * noise(t)) + 1.6 * runoff(t) ** 1.35;
    case 'level':
      return (t) => 0.62 + 0.05 * index + 0.04 * local(t) + 0.022 * runoff(t) + 0.002 * noise(t);
    case 'flow':
      return (t) => (900 + 260 * index) * (1 + 0.08 * local(t) + 0.09 * runoff(t) + 0.01 * noise(t));
    default:
      return null;
  }
}
