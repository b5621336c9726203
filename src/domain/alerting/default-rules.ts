/** Which alerts does a town want that has said nothing? Tuned so that a clean river at night, after rain, after a cleaning, stays silent. */
import type { LimitShape, Rules } from './rules.js';

/** Back inside by a twentieth, three times: a value that hovers at its limit opens one alert, not ten. */
const CLEAR = { values: 3, share: 0.95 } as const;
/** For scales on which a share of the limit means nothing (pH) or is less than the instrument tells apart (DO, residuals). */
const CLEAR_AT_LIMIT = { values: 3, share: 1 } as const;

/** Residuals of disinfection: free chlorine, total chlorine, chlorine dioxide. */
const RESIDUALS = ['cl2', 'tcl2', 'clo2'] as const;
/** Acid or alkaline enough to kill, whatever the water: mg/L have no say in pH. */
const PH_SEVERE = [{ below: 5.5 }, { above: 9.5 }] as const;
/** No residual at all with water running: disinfection has stopped. At most 0.01 mg/L, since an electrode does not read a clean nought. */
const RESIDUAL_GONE = [{ atMost: 0.01, minutes: 60, withFlow: true }] as const;
/** Nothing measured in a pipe that nothing flows through, minutes. */
const NO_SUPPLY = 30;

/**
 * How each kind of series is held against its limits. In none, so never an alarm by limit: turbidity, conductivity and
 * temperature of a river (mud after rain is no pollution), its total nitrogen (no limit of rivers), flow and weather, and
 * ambient air (GB 3095 has no hourly limit for particles).
 */
export const DEFAULT_SHAPES: readonly LimitShape[] = [
  {
    // Oxygen falls every night and comes back every morning: its mean of a day tells, a fish kill tells sooner.
    media: ['surface-water'],
    parameters: ['do'],
    over: { by: 'mean', hours: 24 },
    severe: [{ below: 2 }, { atMost: 3, minutes: 120 }],
    warning: { by: 'dip', fall: 1.5, days: 7 },
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: null,
  },
  {
    media: ['surface-water'],
    parameters: ['ph'],
    over: { by: 'value', values: 1 },
    severe: PH_SEVERE,
    // Algae lift pH on sunny afternoons, but not for three hours past 8.5 in a stream.
    warning: { by: 'outside', low: 6.5, high: 8.5, hours: 3 },
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: null,
  },
  {
    media: ['surface-water'],
    parameters: ['nh3n', 'tp', 'codmn'],
    over: { by: 'value', values: 1 },
    severe: [{ beyondClass: 'V' }],
    warning: { by: 'share', share: 0.8, values: 2 },
    clear: CLEAR,
    noSupplyMinutes: null,
  },
  {
    media: ['surface-water'],
    parameters: ['cod', 'bod5'],
    over: { by: 'value', values: 1 },
    severe: [{ beyondClass: 'V' }],
    warning: null,
    clear: CLEAR,
    noSupplyMinutes: null,
  },
  {
    // A net's end stands still at night, and its residual with it: only what lasts while people draw water is told at once.
    media: ['drinking-water'],
    roles: ['tap'],
    parameters: RESIDUALS,
    over: { by: 'lasting', minutes: 120, when: 'supply' },
    severe: RESIDUAL_GONE,
    warning: null,
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: NO_SUPPLY,
  },
  {
    media: ['drinking-water'],
    roles: ['plant-outlet'],
    parameters: RESIDUALS,
    over: { by: 'lasting', minutes: 30, when: 'always' },
    severe: RESIDUAL_GONE,
    warning: null,
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: NO_SUPPLY,
  },
  {
    media: ['drinking-water'],
    parameters: ['turb'],
    over: { by: 'value', values: 1 },
    // 3 NTU, the most that GB 5749-2022 grants any supply.
    severe: [{ times: 2 }],
    warning: null,
    clear: CLEAR,
    noSupplyMinutes: null,
  },
  {
    media: ['drinking-water'],
    parameters: ['ph'],
    over: { by: 'value', values: 1 },
    severe: PH_SEVERE,
    warning: null,
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: null,
  },
  {
    media: ['sewage'],
    parameters: ['ph'],
    over: { by: 'value', values: 1 },
    severe: PH_SEVERE,
    warning: null,
    clear: CLEAR_AT_LIMIT,
    noSupplyMinutes: null,
  },
  {
    media: ['sewage'],
    over: { by: 'value', values: 1 },
    severe: [{ times: 1 }],
    warning: null,
    clear: CLEAR,
    noSupplyMinutes: null,
  },
  {
    // A lorry that passes is one value: the town's threshold speaks of the mean of its window, mostly an hour.
    media: ['dust'],
    over: { by: 'mean', hours: 1 },
    severe: [{ times: 1 }],
    warning: null,
    clear: CLEAR,
    noSupplyMinutes: null,
  },
];

/** The rules that hold where the config has no entry of a kind. Ids are the kinds. */
export const DEFAULT_RULES = {
  limit: { id: 'limit', kind: 'limit', shapes: DEFAULT_SHAPES },
  trend: {
    id: 'trend',
    kind: 'trend',
    media: ['surface-water', 'sewage'],
    // Oxygen, pH and temperature follow the sun, chlorine the dosing: their slope foretells nothing.
    parameters: ['nh3n', 'tp', 'codmn', 'cod'],
    days: 7,
    measurements: 5,
    horizonHours: 12,
  },
  // Hours are told by the limit rule already, which sees no laboratory sample; quarters and years are no news.
  verdict: { id: 'verdict', kind: 'verdict', windows: ['day', 'month', 'sample'] },
  target: { id: 'target', kind: 'target', margin: 1.15 },
  noData: { id: 'no-data', kind: 'no-data', cadences: 3, atLeastMinutes: 30, overAfterHours: 24 },
  sensor: {
    id: 'sensor',
    kind: 'sensor',
    stuck: true,
    clock: true,
    outOfRangeValues: 3,
    spikes: { count: 3, hours: 24 },
    marks: ['D', 'B'],
    markMinutes: 30,
    step: { share: 0.3, values: 6 },
  },
  upstream: { id: 'upstream', kind: 'upstream', afterHours: 6 },
  // Three rising together are the air; where fewer are measured, nobody can tell it from the sites.
  regional: {
    id: 'regional',
    kind: 'regional',
    media: ['dust', 'air'],
    parameters: ['pm10', 'pm25'],
    stations: 3,
    share: 0.8,
    rise: 1.5,
    hours: 6,
  },
  // NH₃-N and pH do not come with mud: they keep their own alerts.
  rain: {
    id: 'rain',
    kind: 'rain',
    gauge: 'rain',
    mm: 10,
    hours: 6,
    afterHours: 24,
    parameters: ['turb', 'tp', 'codmn'],
  },
  service: { id: 'service', kind: 'service', archiveMinutes: 5, brokerMinutes: 2, outboxMinutes: 10, behindMinutes: 10 },
  damping: { openings: 3, hours: 24, holdMinutes: 30 },
} as const satisfies Rules;
