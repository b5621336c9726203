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

/** Something is wrong now: one episode of one rule for one parameter at one station. */
export interface Alert {
  readonly id: string;
  readonly station: string;
  readonly parameter: string;
  readonly rule: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Measured time of the value that opened it. */
  readonly openedAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Instant | null;
  /** The value that opened it, or the worst one since. */
  readonly value: number;
  /** The limit as its text prints it, e.g. `1.0` or `6–9`. */
  readonly limitText: string;
  /** The limit as a number, or `[low, high]`. */
  readonly limit: number | readonly [number, number];
  readonly reason: string;
  readonly history: readonly AlertEvent[];
}
