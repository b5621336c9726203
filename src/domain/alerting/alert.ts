/** What is an alert? */
import type { Instant } from '../time.js';

export const SEVERITIES = ['warning', 'over', 'severe'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ALERT_KINDS = [
  'limit',
  'trend',
  'verdict',
  'target',
  'no-data',
  'sensor',
  'upstream',
  'regional',
  'rain',
  'service',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_STATES = ['pending', 'active', 'acknowledged', 'resolved', 'closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** The same in both languages, without a full stop. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** One change in an alert's life. */
export interface AlertEvent {
  readonly at: Instant;
  readonly from: AlertState | null;
  readonly to: AlertState;
  /** In words, e.g. 单次测值 1.37 mg/L 超过限值 1.0. */
  readonly reason: string;
  /** Who did it; `null` for the service itself. */
  readonly by: string | null;
  readonly note: string | null;
}

/** What an alert is about: one rule at one subject, for one parameter or for none. At most one alert of it stands (promise 8). */
export interface Subject {
  /** A station's id, or `reach:nankeng`, `target:river`, `region:pm10`, `service`. */
  readonly subject: string;
  /** The station, where it is about one. */
  readonly station: string | null;
  readonly parameter: string | null;
  /** Id of the rule in the config. */
  readonly rule: string;
  readonly kind: AlertKind;
}

/** The limit or threshold that was passed, as it was when the alert opened or rose. */
export interface Passed {
  /** As a number, or `[low, high]`. */
  readonly number: number | readonly [number, number];
  /** As its text prints it, e.g. `≤ 1.0` or `6–9`. */
  readonly text: string;
  /** What it is, e.g. Ⅲ类限值, 管理阈值, 严重超限阈值; English beside it. */
  readonly name: Words;
  /** Is too little what is wrong (DO, disinfectant residuals)? */
  readonly isLower: boolean;
  /** Text, clause, class; `null` for a number of our own. */
  readonly citation: string | null;
  /** `false`: waits for confirmation (限值待确认). */
  readonly isCertain: boolean;
  /** Multiples over the limit, cut to two decimals, e.g. `0.37`; `null` where the method knows none. */
  readonly times: string | null;
  /** What was held against it, e.g. 24 小时均值, in words; left out: a single value (单次测值). */
  readonly statistic?: Words;
  /** Of a 预警 near the limit: the share of it that was reached, e.g. 0.8; left out: the number itself was passed. */
  readonly share?: number;
}

/** Something is wrong now: one episode of one rule. */
export interface Alert extends Subject {
  readonly id: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Measured time of what opened it. */
  readonly openedAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Instant | null;
  /** The value that opened it, or the worst one since; `null` where no value is. */
  readonly value: number | null;
  readonly passed: Passed | null;
  /** What is, or was, over in it, e.g. `nankeng-out tp`, where one alert gathers several (rain); left out elsewhere. */
  readonly items?: readonly string[];
  /** The value waits for the next one to confirm it (待复核): a spike that may yet be refuted (突跳). */
  readonly isUnconfirmed: boolean;
  /** Why it stands: of a limit as its worst value has it, of every other rule as of its last look. */
  readonly reason: Words;
  /** How it ended, in the words of its rule; left out while it stands, where a person closed it, and of old ones. */
  readonly ended?: Words;
  readonly history: readonly AlertEvent[];
}

/** Does it stand: neither resolved nor closed? */
export const stands = (alert: Alert): boolean => alert.state !== 'resolved' && alert.state !== 'closed';

/** Whose business is an alert: the devices' (运维), or the office's? A sensor alert never counts as pollution. */
export const isMaintenance = (kind: AlertKind): boolean => kind === 'sensor' || kind === 'no-data' || kind === 'service';
