/** Which alerts does this town want? The rules as the config states them; a rule left out is off. */
import type { Mark } from '../reading.js';
import type { Medium, Role } from '../station.js';
import type { WindowKind } from '../time.js';

/** Which series: each list that is there must hold it, an absent one holds all. */
export interface SeriesScope {
  readonly media?: readonly Medium[] | undefined;
  readonly roles?: readonly Role[] | undefined;
  /** Station ids, where one is held otherwise than its like. */
  readonly stations?: readonly string[] | undefined;
  readonly parameters?: readonly string[] | undefined;
}

/** When 超限: `values` in a row beyond the limit; the mean of the last `hours`; every value for `minutes` on end; or never. */
export type OverWhen =
  | { readonly by: 'value'; readonly values: number }
  | { readonly by: 'mean'; readonly hours: number }
  /** `supply`: only while water flows or, where no flow is measured, by day (06–22); what is low at night is told in the morning. */
  | { readonly by: 'lasting'; readonly minutes: number; readonly when: 'always' | 'supply' }
  | { readonly by: 'never' };

/** When 严重超限: any one is enough. With `minutes`, every value on end for as long; else one value. */
export type SevereWhen =
  | { readonly below: number; readonly minutes?: number | undefined }
  | { readonly above: number; readonly minutes?: number | undefined }
  /** `atMost`: that or less; `withFlow`: only while water flows. */
  | { readonly atMost: number; readonly minutes?: number | undefined; readonly withFlow?: boolean | undefined }
  /** Beyond the limit of that class of the station's own text, e.g. `V`: 劣Ⅴ. */
  | { readonly beyondClass: string }
  /** So many times over the limit, or more. */
  | { readonly times: number };

/** When 预警: `values` in a row beyond a share of the limit; outside a band for `hours`; a daily minimum that falls. */
export type WarningWhen =
  | { readonly by: 'share'; readonly share: number; readonly values: number }
  | { readonly by: 'outside'; readonly low: number; readonly high: number; readonly hours: number }
  /** The minimum of the last day is `fall` under the median of the minima at the same hours of the last `days`. */
  | { readonly by: 'dip'; readonly fall: number; readonly days: number };

/** How one kind of series is held against its limits. */
export interface LimitShape extends SeriesScope {
  readonly over: OverWhen;
  readonly severe: readonly SevereWhen[];
  readonly warning: WarningWhen | null;
  /** Values in a row back inside `share` of the limit (of a lower limit: above limit ÷ share) that resolve it. */
  readonly clear: { readonly values: number; readonly share: number };
  /** A residual of nothing with a flow of nothing for so many minutes is 停水, not a limit passed; `null`: not looked at. */
  readonly noSupplyMinutes: number | null;
}

interface Rule {
  readonly id: string;
}

/** Over the limit now. The first shape whose scope holds a series is its own; a series in none never alarms by limit. */
export interface LimitRule extends Rule {
  readonly kind: 'limit';
  readonly shapes: readonly LimitShape[];
}

/** Will cross its limit soon. */
export interface TrendRule extends Rule, SeriesScope {
  readonly kind: 'trend';
  /** Days whose same hours are the ordinary course. */
  readonly days: number;
  /** Distinct measurements the trend is taken from; five or more. */
  readonly measurements: number;
  /** Hours ahead; never less than one sampling interval. */
  readonly horizonHours: number;
}

/** A closed window is 超标. */
export interface VerdictRule extends Rule {
  readonly kind: 'verdict';
  readonly media?: readonly Medium[] | undefined;
  readonly windows: readonly WindowKind[];
}

/** A target is lost, can no longer be met, or only just. */
export interface TargetRule extends Rule {
  readonly kind: 'target';
  /** Only just: what the remaining days may have is less than so many times the mean so far. */
  readonly margin: number;
}

/** Silence. */
export interface NoDataRule extends Rule {
  readonly kind: 'no-data';
  /** Cadences without an arrival, and minutes at least. */
  readonly cadences: number;
  readonly atLeastMinutes: number;
  /** Hours after which 无数据 rises from 预警 to 超限 in weight: the target's evidence is going. */
  readonly overAfterHours: number;
}

/** The instrument, not the water. */
export interface SensorRule extends Rule {
  readonly kind: 'sensor';
  readonly stuck: boolean;
  readonly clock: boolean;
  /** Values in a row out of the measuring range. */
  readonly outOfRangeValues: number;
  readonly spikes: { readonly count: number; readonly hours: number };
  /** Marks that name a fault, standing for so many minutes. */
  readonly marks: readonly Mark[];
  readonly markMinutes: number;
  /** A step after cleaning (校正量): the means before and after differ by more than this share of the mean before. */
  readonly step: { readonly share: number; readonly values: number };
}

/** What comes in is over, so those downstream are told. */
export interface UpstreamRule extends Rule {
  readonly kind: 'upstream';
  readonly parameters?: readonly string[] | undefined;
  /** Hours it stays after the water has had its travel time. */
  readonly afterHours: number;
}

/** All rise together: the air, not a site. */
export interface RegionalRule extends Rule {
  readonly kind: 'regional';
  readonly media: readonly Medium[];
  readonly parameters: readonly string[];
  /** Stations at least, and share of those that have data. */
  readonly stations: number;
  readonly share: number;
  /** The last hour's mean over the mean of the `hours` before. */
  readonly rise: number;
  readonly hours: number;
}

/** After rain. */
export interface RainRule extends Rule {
  readonly kind: 'rain';
  /** Parameter code of the rain gauge, mm a value. */
  readonly gauge: string;
  readonly mm: number;
  readonly hours: number;
  /** Hours after the rain during which the parameters below are one alert. */
  readonly afterHours: number;
  readonly parameters: readonly string[];
}

/** The service itself. Minutes for which each must last. */
export interface ServiceRule extends Rule {
  readonly kind: 'service';
  readonly archiveMinutes: number;
  readonly brokerMinutes: number;
  readonly outboxMinutes: number;
  readonly behindMinutes: number;
}

/** Delays re-opening, never the first: after `openings` within `hours`, a re-opening stands as pending for `holdMinutes`. */
export interface Damping {
  readonly openings: number;
  readonly hours: number;
  readonly holdMinutes: number;
}

/** All rules of a site; `null`: off. */
export interface Rules {
  readonly limit: LimitRule | null;
  readonly trend: TrendRule | null;
  readonly verdict: VerdictRule | null;
  readonly target: TargetRule | null;
  readonly noData: NoDataRule | null;
  readonly sensor: SensorRule | null;
  readonly upstream: UpstreamRule | null;
  readonly regional: RegionalRule | null;
  readonly rain: RainRule | null;
  readonly service: ServiceRule | null;
  readonly damping: Damping;
}
