/**
 * Which story does a run tell, and at which station?
 *
 * An incident comes every local day at the same hours, so that a demonstration needs no waiting and a value depends on
 * nothing but seed, scenario, station, parameter and time.
 */
import type { Site } from '../domain/site.js';
import type { Station } from '../domain/station.js';

/** The stories of `npm run simulate -- --scenario …` (contract §1). */
export const SCENARIOS = ['calm', 'exceedance', 'stuck', 'outage', 'plume', 'rain'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** What each story does, as `--help` prints it. */
export const STORIES: Readonly<Record<Scenario, string>> = {
  calm: 'day and night, seasons and ordinary rain; the river stays within class III',
  exceedance:
    'NH3-N at the outflow over 1.0 mg/L from 06:30 to 13:30, disinfectant at a tap too low from 05:00 to 09:00, an hour of dust over its threshold from 10:00',
  stuck: 'the oxygen probe of a section repeats one value from 06:00 to 02:00',
  outage: 'a tap sends nothing from 08:00 to 20:00',
  plume: 'a spill passes the inflow at 01:00 and each section below it three hours after the one above',
  rain: 'a storm of 45 mm from 13:00 to 17:00: turbidity, phosphorus, CODMn and level rise',
};

/** A signal of a station. */
export interface Place {
  readonly station: string;
  readonly parameter: string;
}

/** Where a story's incidents happen; `null` where the story has none, or the config no station for it. */
export interface Incidents {
  readonly ammonia: Place | null;
  readonly disinfectant: Place | null;
  /** The dust rule that is broken: its limit, and the town's own dust that will be subtracted. */
  readonly dust: (Place & { readonly limit: number; readonly background: boolean }) | null;
  readonly stuck: Place | null;
  /** The station that falls silent. */
  readonly silent: string | null;
  readonly plume: boolean;
  readonly storm: boolean;
}

const NONE: Incidents = { ammonia: null, disinfectant: null, dust: null, stuck: null, silent: null, plume: false, storm: false };

/** The parameters that show what a disinfectant leaves in the water. */
const RESIDUALS = ['cl2', 'tcl2', 'clo2', 'ozone'] as const;

/** The stations that send: the active ones, in the order of the config. */
export function sending(site: Site): Station[] {
  return [...site.stations.values()].filter((station) => station.active);
}

const measures = (station: Station, parameter: string): boolean => station.parameters.some((p) => p.parameter === parameter);

const place = (station: Station | undefined, parameter: string | undefined): Place | null =>
  station && parameter !== undefined ? { station: station.id, parameter } : null;

/** The places of a scenario in a site. */
export function incidentsOf(scenario: Scenario, site: Site): Incidents {
  const stations = sending(site);
  const sections = stations.filter((s) => s.medium === 'surface-water');
  const taps = stations.filter((s) => s.role === 'tap');
  switch (scenario) {
    case 'calm':
      return NONE;
    case 'exceedance': {
      const outflow =
        sections.findLast((s) => s.role === 'assessed' && measures(s, 'nh3n')) ?? sections.findLast((s) => measures(s, 'nh3n'));
      const residual = (s: Station): string | undefined => RESIDUALS.find((code) => measures(s, code));
      const tap = taps.find((s) => residual(s) !== undefined);
      const site_ = stations.find((s) => s.dustRules.length > 0);
      const rule = site_?.dustRules[0];
      return {
        ...NONE,
        ammonia: place(outflow, 'nh3n'),
        disinfectant: place(tap, tap && residual(tap)),
        dust:
          site_ && rule
            ? { station: site_.id, parameter: rule.parameter, limit: Number(rule.limit), background: rule.background !== null }
            : null,
      };
    }
    case 'stuck': {
      const probes = sections.filter((s) => measures(s, 'do'));
      const probe = probes.find((s) => s.role === 'control') ?? probes[0] ?? stations[0];
      return { ...NONE, stuck: place(probe, probe && (measures(probe, 'do') ? 'do' : probe.parameters[0]?.parameter)) };
    }
    case 'outage':
      return { ...NONE, silent: (taps.at(-1) ?? stations.at(-1))?.id ?? null };
    case 'plume':
      return { ...NONE, plume: true };
    case 'rain':
      return { ...NONE, storm: true };
  }
}
