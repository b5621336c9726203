/** Is a value within its limit? The one comparison behind the page, the alert and the verdict (promise 7). */
import Big from 'big.js';
import { COLD_WATER, isCertain, WARM_WATER } from '../standards/bind.js';
import { type Limit, SATURATION } from '../standards/limit.js';

/** Half to even, the rounding of GB/T 8170-2008. */
export const HALF_EVEN = 2;

/** What came of holding a value against a limit. */
export interface Evaluation {
  readonly outcome: 'within' | 'over';
  /** The value as compared: rounded where the item says so. */
  readonly compared: Big;
  /** (value − limit) ÷ limit for an upper limit that is passed; `null` within it, and for ranges and lower limits, where the method knows none. */
  readonly times: Big | null;
}

/** Oxygen at saturation, mg/L, at normal pressure: 468 ÷ (31.6 + T) (HJ 2.3); 90 % of it is 421.2 ÷ (31.6 + T). */
const saturated = (oxygen: Big, temperature: Big): boolean => oxygen.times(temperature.plus('31.6')).gte('421.2');

/** No river here is warmer, ℃: oxygen that is not 90 % of saturation even at this temperature is so at none. */
const HOTTEST = new Big(40);

/** Is the other way to meet the limit taken: 90 % saturation with oxygen? `unknown` without the water's temperature. */
function alternative(value: Big, limit: Limit, temperature: Big | null): 'met' | 'not-met' | 'unknown' {
  if (limit.alternative !== SATURATION) return 'not-met';
  if (temperature === null) return saturated(value, HOTTEST) ? 'unknown' : 'not-met';
  return saturated(value, temperature) ? 'met' : 'not-met';
}

/** Over by its number, while the water's temperature, which nobody knows, might say that it is not (DO class I). */
export function isOpen(value: Big, limit: Limit, temperature: Big | null): boolean {
  return alternative(value, limit, temperature) === 'unknown';
}

/**
 * Holds a value against a limit. Limits are inclusive. A `mean` of an item compared as `rounded` is rounded half to even
 * to the item's decimals first; a single `value` always compares in full (GB/T 8170-2008 4.3; design §5). Oxygen
 * under the number of class I is within it at 90 % saturation, which needs the water's `temperature` (℃).
 */
export function evaluate(value: Big, limit: Limit, as: 'value' | 'mean', temperature: Big | null = null): Evaluation {
  const rounds = as === 'mean' && limit.comparison === 'rounded' && limit.decimals !== null;
  const compared = rounds ? value.round(limit.decimals, HALF_EVEN) : value;
  const beyond = (limit.low !== null && compared.lt(limit.low)) || (limit.high !== null && compared.gt(limit.high));
  const over = beyond && alternative(value, limit, temperature) !== 'met';
  const { high } = limit;
  const multiple = over && limit.operator === '<=' && high !== null && Number(high) !== 0;
  return { outcome: over ? 'over' : 'within', compared, times: multiple ? compared.minus(high).div(high) : null };
}

/** Does what a limit says depend on the water's temperature: NH₃-N of sewage, oxygen of class I? */
export function needsTemperature(limit: Limit): boolean {
  return limit.condition === WARM_WATER || limit.condition === COLD_WATER || limit.alternative === SATURATION;
}

/**
 * Is a single value beyond a limit's number? The full value against the limit's number, both as the nearest doubles of their
 * decimals, which compares as `evaluate` does in decimals; without its cost, because every reading passes here.
 */
export function isBeyond(value: number, limit: Limit): boolean {
  return (limit.low !== null && value < Number(limit.low)) || (limit.high !== null && value > Number(limit.high));
}

/** What a single value says. */
export interface Moment {
  readonly check: 'within' | 'over';
  /** The limit it is over, or the one to print beside it. */
  readonly limit: Limit;
  readonly times: Big | null;
  /** False: only limits that wait for confirmation are passed, so it makes at most a 预警. */
  readonly certain: boolean;
}

/**
 * Holds a single value against all limits that bind it; `null` without a limit. The worst answer stands: over a certain
 * limit, over one that waits for confirmation, within. `temperature` (℃) chooses between the limits of warm and cold
 * water; without it only the milder one can be passed (design §5).
 */
export function checkMoment(value: number, limits: readonly Limit[], temperature: number | null): Moment | null {
  let worst: Moment | null = null;
  for (const limit of limits) {
    if (limit.condition === WARM_WATER && (temperature === null || temperature <= 12)) continue;
    if (limit.condition === COLD_WATER && temperature !== null && temperature > 12) continue;
    const { outcome, times } = isBeyond(value, limit) ? beyond(new Big(value), limit, temperature) : WITHIN;
    const moment = { check: outcome, limit, times, certain: isCertain(limit) } satisfies Moment;
    if (worst === null || rank(moment) > rank(worst)) worst = moment;
  }
  return worst;
}

function beyond(value: Big, limit: Limit, temperature: number | null): Pick<Evaluation, 'outcome' | 'times'> {
  const t = temperature === null ? null : new Big(temperature);
  // Without temperature nothing alarms that might be within (design §5).
  return isOpen(value, limit, t) ? WITHIN : evaluate(value, limit, 'value', t);
}

const WITHIN = { outcome: 'within', times: null } as const;

/** Of two alike the lower limit is told: a residual that is too low is what goes wrong with chlorine. */
const rank = (m: Moment): number => (m.check === 'over' ? 4 : 0) + (m.certain ? 2 : 0) + (m.limit.operator === '>=' ? 1 : 0);
