/** How much comes in a year, and how much disk does it take? From the config, with what was measured on a town's year. */
import type { Site } from './site.js';
import type { WindowKind } from './time.js';

/** Bytes on disk of a reading and of a verdict with its evidence, indexes included: a year of fourteen stations, 3.5 million and 75,000 of them. */
export const READING_BYTES = 32;
export const VERDICT_BYTES = 3450;

/** A state in use holds freed pages; just after a year was filled in, so many times the compact one. */
export const FREE_PAGES = 1.7;

/** A packed backup is this part of the compact state. */
export const PACKED = 1 / 16;

const MINUTES_A_YEAR = 365 * 24 * 60;

/** Windows of a kind in a year; a dust rule's are counted by its own length, samples come as they are taken. */
const WINDOWS: Readonly<Record<Exclude<WindowKind, 'rule'>, number>> = {
  hour: 365 * 24,
  day: 365,
  month: 12,
  quarter: 4,
  year: 1,
  sample: 0,
};

/** What one year of this config comes to. Bytes are of the compact state. */
export interface Volume {
  readonly stations: number;
  readonly series: number;
  readonly readingsPerYear: number;
  readonly verdictsPerYear: number;
  readonly bytesPerYear: number;
}

/** Active stations × their parameters × their cadence, and the windows that get verdicts. */
export function yearlyVolume({ stations, judging }: Pick<Site, 'stations' | 'judging'>): Volume {
  const active = [...stations.values()].filter((station) => station.active);
  const series = active.flatMap(({ parameters }) => parameters);
  const readingsPerYear = Math.round(series.reduce((sum, { cadence }) => sum + MINUTES_A_YEAR / cadence, 0));
  const verdictsPerYear = active.reduce((sum, { medium, dustRules }) => {
    const kinds = judging.get(medium)?.windows ?? [];
    const ruled = dustRules.reduce((n, { windowMinutes }) => n + MINUTES_A_YEAR / windowMinutes, 0);
    return sum + kinds.reduce((n, kind) => n + (kind === 'rule' ? ruled : WINDOWS[kind]), 0);
  }, 0);
  return {
    stations: active.length,
    series: series.length,
    readingsPerYear,
    verdictsPerYear,
    bytesPerYear: readingsPerYear * READING_BYTES + verdictsPerYear * VERDICT_BYTES,
  };
}
