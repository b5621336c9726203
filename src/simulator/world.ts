/** What would each sensor of the township show at a given time? */
import { HOUR, type Instant } from '../domain/time.js';
import type { Site } from '../domain/site.js';
import type { Station } from '../domain/station.js';
import { airSignal, particles, weatherSignal } from './air.js';
import { between, hourOf } from './almanac.js';
import { dustSignal } from './dust.js';
import type { Signal } from './noise.js';
import { riverSignal, type Section } from './river.js';
import { incidentsOf, sending, type Incidents, type Place, type Scenario } from './scenario.js';
import { sewageSignal } from './sewage.js';
import { waterworksSignal } from './waterworks.js';
import { skyOf, type Sky } from './weather.js';

/** A simulated township. Every answer is a function of seed, scenario, station, parameter and time, and of nothing else. */
export interface World {
  /**
   * What the sensor sends, in the parameter's unit and with its decimals, within its range; `null` when no sensor of this
   * parameter is simulated for such a station.
   */
  value(station: string, parameter: string, t: Instant): number | null;
  /** Does the station send at `t`? */
  speaks(station: string, t: Instant): boolean;
  /** Parameters of the config that are not simulated, as `station/parameter`. */
  readonly unknown: readonly string[];
  readonly incidents: Incidents;
}

/** When a stuck probe stops moving, and for how long it repeats itself. */
const STUCK_FROM = 6;
const STUCK_HOURS = 20;

/** The township of a site's config. */
export function createWorld(site: Site, seed: string, scenario: Scenario): World {
  const incidents = incidentsOf(scenario, site);
  const { calendar } = site;
  const sky = skyOf(seed, calendar, incidents.storm);
  const sections = sectionsOf(site);
  const signals = new Map<string, Map<string, Signal>>();
  const unknown: string[] = [];
  for (const station of sending(site)) {
    const own = new Map<string, Signal>();
    for (const { parameter, cadence } of station.parameters) {
      const natural = signalOf(seed, station, sections.get(station.id), parameter, cadence, sky, incidents.plume);
      const definition = site.parameters.get(parameter);
      if (!natural || !definition) {
        unknown.push(`${station.id}/${parameter}`);
        continue;
      }
      const told = disturbed(natural, seed, { station: station.id, parameter }, incidents, sky);
      const [lowest, highest] = definition.range;
      const step = 10 ** definition.decimals;
      own.set(parameter, (t) => Math.round(Math.max(lowest, Math.min(highest, told(t))) * step) / step);
    }
    signals.set(station.id, own);
  }
  return {
    value: (station, parameter, t) => signals.get(station)?.get(parameter)?.(t) ?? null,
    speaks: (station, t) => !(station === incidents.silent && hourOf(t, calendar) >= 8 && hourOf(t, calendar) < 20),
    unknown,
    incidents,
  };
}

/** Where each section lies in its reach, inflow first. */
function sectionsOf(site: Site): ReadonlyMap<string, Section> {
  const rivers = sending(site).filter((station) => station.medium === 'surface-water');
  const sections = new Map<string, Section>();
  for (const station of rivers) {
    const reach = station.reach ?? station.id;
    const index = rivers.filter((other) => (other.reach ?? other.id) === reach && other.order < station.order).length;
    sections.set(station.id, { station: station.id, reach, index });
  }
  return sections;
}

function signalOf(
  seed: string,
  station: Station,
  section: Section | undefined,
  parameter: string,
  cadence: number,
  sky: Sky,
  plumes: boolean,
): Signal | null {
  const weather = weatherSignal(seed, station.id, parameter, cadence, sky);
  if (weather) return weather;
  switch (station.medium) {
    case 'surface-water':
      return section ? riverSignal(seed, section, parameter, sky, plumes) : null;
    case 'drinking-water':
      return waterworksSignal(seed, station.id, station.role === 'tap', parameter, sky);
    case 'sewage':
      return sewageSignal(seed, station.id, parameter, sky);
    case 'dust':
      return dustSignal(seed, station.id, parameter, sky);
    case 'air':
      return airSignal(seed, station.id, parameter, sky);
  }
}

/** The signal with the scenario's incident on it, if one happens here. */
function disturbed(natural: Signal, seed: string, here: Place, incidents: Incidents, sky: Sky): Signal {
  const at = (place: Place | null): boolean => place?.station === here.station && place.parameter === here.parameter;
  const hour = (t: Instant): number => hourOf(t, sky.calendar);
  if (at(incidents.ammonia)) {
    // Highest at 10:00; the natural value stays in it, so that no plateau gives it away as made.
    return (t) => natural(t) + between(hour(t), 6.5, 13.5) * (0.75 + 0.12 * Math.cos((Math.PI * (hour(t) - 10)) / 7));
  }
  if (at(incidents.disinfectant)) return (t) => natural(t) * (1 - 0.95 * between(hour(t), 5, 9));
  const { dust } = incidents;
  if (dust && at(dust)) {
    const town = isParticle(dust.parameter) && dust.background ? particles(seed, dust.parameter, sky) : () => 0;
    return (t) => {
      const h = hour(t);
      // Without ramps: the hours before and after it are not touched.
      return h >= 10 && h < 11 ? Math.max(natural(t), dust.limit * 1.5 + town(t) * 1.2) : natural(t);
    };
  }
  if (at(incidents.stuck)) {
    return (t) => {
      const since = (hour(t) - STUCK_FROM + 24) % 24;
      return natural(since < STUCK_HOURS ? Math.round(t - since * HOUR) : t);
    };
  }
  return natural;
}

const isParticle = (parameter: string): parameter is 'pm10' | 'pm25' | 'tsp' => ['pm10', 'pm25', 'tsp'].includes(parameter);
