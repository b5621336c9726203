/** Which limits bind here, today? */
import type { Disinfectant, Station } from '../station.js';
import type { LocalDate } from '../time.js';
import type { Limit } from './limit.js';

/** NH₃-N at a sewage outlet: the strict limit above 12 ℃, the bracket limit at or under it (GB 18918-2002 table 1 note). */
export const WARM_WATER = 'water temperature > 12 C';
export const COLD_WATER = 'water temperature <= 12 C';

/** GB 5749-2022: milder numbers for small supplies, which take the place of the ordinary ones where a station claims them and the number is certain. */
export const SMALL_SUPPLY = 'small supply relaxation';

/** Averagings of limits which a single value can be held against as an alarm. A day or year limit of air is not among them. */
const MOMENTARY = new Set(['period mean or sample', 'sample', 'daily mean', 'instantaneous', 'hour', 'rule window']);

/** Residuals, each judged only where its disinfectant is used (GB 5749-2022 table 2). */
const RESIDUALS: Readonly<Record<string, Disinfectant>> = {
  cl2: 'free-chlorine',
  tcl2: 'total-chlorine',
  clo2: 'chlorine-dioxide',
  ozone: 'ozone',
};

/** The limit a dust rule sets, as a limit of grade `own`. */
function ownLimits(station: Station, parameter: string): Limit[] {
  return station.dustRules
    .filter((rule) => rule.parameter === parameter)
    .map((rule) => ({
      standard: '管理阈值',
      parameter,
      class: null,
      operator: '<=',
      low: null,
      high: rule.limit,
      averaging: 'rule window',
      comparison: 'full',
      decimals: null,
      condition: null,
      alternative: null,
      waterBody: null,
      clause: '',
      citation: rule.citation,
      grade: 'own',
      confirmed: null,
      validFrom: null,
      validTo: null,
    }));
}

/** Does a condition hold at the station? The two of water temperature are decided by the day, so both stay in. */
function conditionHolds(station: Station, condition: string | null): boolean {
  switch (condition) {
    case null:
    case WARM_WATER:
    case COLD_WATER:
      return true;
    case 'plant outlet':
      return station.role === 'plant-outlet';
    case 'tap':
      return station.role === 'tap';
    default:
      return station.binding?.conditions.includes(condition) ?? false;
  }
}

/**
 * Every limit that binds a parameter at a station on some day: of its texts, its class, its conditions and its kind of
 * water body. Empty when nothing binds: turbidity in a river, an outlet without a permit, total nitrogen in a river, the
 * residual of a disinfectant that is not used.
 */
export function limitsAt(station: Station, parameter: string, limits: readonly Limit[]): Limit[] {
  const { binding } = station;
  const disinfectant = station.medium === 'drinking-water' ? RESIDUALS[parameter] : undefined;
  if (disinfectant !== undefined && disinfectant !== station.disinfectant) return [];
  const legal = binding
    ? limits.filter(
        (limit) =>
          limit.parameter === parameter &&
          binding.texts.includes(limit.standard) &&
          (limit.class === null || limit.class === binding.class) &&
          (limit.waterBody === null || (limit.waterBody === 'river' && station.medium === 'surface-water')) &&
          conditionHolds(station, limit.condition),
      )
    : [];
  const relaxed = legal.filter((limit) => limit.condition === SMALL_SUPPLY && isCertain(limit));
  const ordinary = legal.filter(
    (limit) => limit.condition !== null || !relaxed.some((milder) => milder.operator === limit.operator),
  );
  return [...ordinary, ...ownLimits(station, parameter)];
}

/** Those in force on a day. */
export function inForce(limits: readonly Limit[], day: LocalDate): Limit[] {
  return limits.filter(
    (limit) => (limit.validFrom === null || limit.validFrom <= day) && (limit.validTo === null || day <= limit.validTo),
  );
}

/** Those a single value may be held against (an alarm, never a verdict). */
export function momentary(limits: readonly Limit[]): Limit[] {
  return limits.filter((limit) => MOMENTARY.has(limit.averaging));
}

/** Those a window's statistic is held against, by the window's averaging. */
export function averagedOver(limits: readonly Limit[], averagings: readonly string[]): Limit[] {
  return limits.filter((limit) => averagings.includes(limit.averaging));
}

/** May the limit make verdicts and 超限 alerts? A `transcribed` one only once the office has confirmed it. */
export function isCertain(limit: Limit): boolean {
  return limit.grade !== 'transcribed' || limit.confirmed !== null;
}

/** The limit as printed: `≤ 1.0`, `≥ 5`, `6–9`. */
export function limitText(limit: Limit): string {
  switch (limit.operator) {
    case '<=':
      return `≤ ${limit.high}`;
    case '>=':
      return `≥ ${limit.low}`;
    case 'between':
      return `${limit.low}–${limit.high}`;
  }
}

/** The limit as a number, or `[low, high]`. */
export function limitNumber(limit: Limit): number | [number, number] {
  switch (limit.operator) {
    case '<=':
      return Number(limit.high);
    case '>=':
      return Number(limit.low);
    case 'between':
      return [Number(limit.low), Number(limit.high)];
  }
}
