/** Does the air of the whole town rise, or one site alone? */
import type { Parameter } from '../../parameter.js';
import { HOUR, type Instant } from '../../time.js';
import { shown } from '../passed.js';
import { median } from '../robust.js';
import type { RegionalRule } from '../rules.js';
import { NOTHING, type Signal } from '../signal.js';

/** One station that measures the parameter. */
export interface AirStation {
  readonly name: string;
  readonly nameEn: string;
  /** Mean of the last hour; `null` without enough values. */
  readonly hour: number | null;
  /** Mean of the hours before: before the rise where the alert stands, so that high air does not become the ordinary one. */
  readonly before: number | null;
}

/** What the rule looks at, for one parameter of the region. */
export interface RegionalInput {
  readonly parameter: Parameter;
  readonly stations: readonly AirStation[];
  /** Measured time of the newest value. */
  readonly at: Instant;
}

/** Where an alert stands, it ends when less than this share of the rise is left. */
const LEFT = 0.5;

/** How long what was before the rise is what the air is held against; then the last hours are. */
export const REMEMBERED = 24 * HOUR;

/**
 * The rule "regional" (预警): of the stations that have data, at least `rule.stations` and a share of `rule.share` have a last
 * hour `rule.rise` times the hours before: the air, not a site. It is one alert, and single ones of dust and air wait behind
 * it. Ends when fewer than the share are still over half of the rise. Too few stations with data: nothing new.
 */
export function regional(input: RegionalInput, rule: RegionalRule): Signal {
  const heard = input.stations.filter(
    (station): station is AirStation & { hour: number; before: number } =>
      station.hour !== null && station.before !== null && station.before > 0,
  );
  if (heard.length < rule.stations) return NOTHING;
  const needed = Math.max(rule.stations, Math.ceil(rule.share * heard.length));
  const rising = heard.filter(({ hour, before }) => hour >= rule.rise * before);
  if (rising.length < needed) {
    const held = heard.filter(({ hour, before }) => hour >= (1 + LEFT * (rule.rise - 1)) * before);
    if (held.length >= needed) return NOTHING;
    return { says: 'clear', at: input.at, reason: { zh: '各站已回落', en: 'the stations are back' } };
  }
  const { parameter } = input;
  const middle = (values: readonly number[]): number => Number(median(values).toFixed(parameter.decimals));
  const hour = middle(rising.map((station) => station.hour));
  const before = middle(rising.map((station) => station.before));
  const [lower, upper] = [shown(before, parameter, false), shown(hour, parameter)];
  return {
    says: 'firing',
    at: input.at,
    severity: 'warning',
    value: hour,
    passed: null,
    isWorse: (than) => hour > than,
    reason: {
      zh: `${parameter.name} 区域性升高:${heard.length} 个站中 ${rising.length} 个同时升高,小时均值中位 ${lower} → ${upper}`,
      en: `${parameter.nameEn} rises over the region: ${rising.length} of ${heard.length} stations together, median hourly mean ${lower} → ${upper}`,
    },
  };
}
