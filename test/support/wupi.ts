/** What do tests judge with? The shipped config of the town, and readings, limits and times in few words. */
import { loadConfig } from '../../src/adapters/config/load-config.js';
import type { JudgedReading } from '../../src/domain/reading.js';
import type { Site } from '../../src/domain/site.js';
import type { Limit } from '../../src/domain/standards/limit.js';
import type { Station } from '../../src/domain/station.js';
import { HOUR, type Instant, type Window, windowAt, type WindowKind } from '../../src/domain/time.js';

/** The site of `config/`. */
export const wupi: Site = loadConfig('config').site;

/** Beijing time as an instant: `at('2026-11-23 08:00')`. */
export const at = (text: string): Instant => Date.parse(`${text.replace(' ', 'T')}${text.length === 10 ? 'T00:00' : ''}+08:00`);

/** A station of the site. Throws for an unknown id. */
export function station(id: string, over: Partial<Station> = {}): Station {
  const found = wupi.stations.get(id);
  if (found === undefined) throw new Error(`config/ has no station ${id}`);
  return { ...found, ...over };
}

/** The site with some stations replaced or added. */
export const siteWith = (...stations: Station[]): Site => ({
  ...wupi,
  stations: new Map([...wupi.stations, ...stations.map((s) => [s.id, s] as const)]),
});

/** A good reading of NH₃-N at the outflow section; `over` replaces fields. */
export function reading(over: Partial<JudgedReading> = {}): JudgedReading {
  const time = over.time ?? at('2026-11-23 08:00');
  return {
    station: 'nankeng-out',
    parameter: 'nh3n',
    time,
    value: 0.42,
    mark: 'N',
    source: 'sensor',
    quality: 'good',
    checks: [],
    received: time + 1000,
    ...over,
  };
}

/** Values of one parameter, one every `every` ms from `from`; a `null` leaves its place empty. */
export function series(
  stationId: string,
  parameter: string,
  from: Instant,
  every: number,
  values: readonly (number | null)[],
  over: Partial<JudgedReading> = {},
): JudgedReading[] {
  return values.flatMap((value, i) =>
    value === null ? [] : [reading({ station: stationId, parameter, time: from + i * every, value, ...over })],
  );
}

/** `n` times the same value. */
export const times = (n: number, value: number): number[] => Array<number>(n).fill(value);

/** A river day: every named item at every four-hour slot with an ordinary value of class Ⅱ; `over` replaces a parameter's six values. */
export function riverDay(
  day: string,
  over: Readonly<Record<string, readonly (number | null)[] | undefined>> = {},
  stationId = 'nankeng-out',
): JudgedReading[] {
  const ordinary = { ph: 7.3, do: 7, codmn: 3, nh3n: 0.4, tp: 0.08 };
  return Object.entries(ordinary).flatMap(([parameter, value]) =>
    series(stationId, parameter, at(day), 4 * HOUR, over[parameter] ?? times(6, value)),
  );
}

/** Readings as the judge asks for them: by parameter. */
export const byParameter =
  (readings: readonly JudgedReading[]) =>
  (parameter: string): JudgedReading[] =>
    readings.filter((r) => r.parameter === parameter);

/** The calendar window of a kind in which a time lies. */
export const windowOf = <K extends WindowKind>(kind: K, text: string): Window & { kind: K } => ({
  ...windowAt(kind, at(text), wupi.calendar),
  kind,
});

/** NH₃-N of class Ⅲ, compared in full; `over` replaces fields. */
export const limit = (over: Partial<Limit> = {}): Limit => ({
  standard: 'GB 3838-2002',
  parameter: 'nh3n',
  class: 'III',
  operator: '<=',
  low: null,
  high: '1.0',
  averaging: 'period mean or sample',
  comparison: 'full',
  decimals: null,
  condition: null,
  alternative: null,
  waterBody: null,
  clause: '表1',
  citation: 'GB 3838-2002 表1 Ⅲ类',
  grade: 'verified',
  confirmed: null,
  validFrom: null,
  validTo: null,
  ...over,
});
