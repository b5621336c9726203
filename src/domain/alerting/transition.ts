/** What does a value change: does an alert open, rise or end? */
import type { Moment } from '../compliance/evaluate.js';
import { limitNumber, limitText } from '../standards/bind.js';
import type { LimitRule } from '../site.js';
import { HOUR, type Instant, MINUTE } from '../time.js';
import type { Alert, AlertEvent, Severity } from './alert.js';

/** A value older than this (and than two cadences) changes verdicts but opens nothing. */
const STALE = 6 * HOUR;

/** What the rule remembers of one series. */
export interface LimitState {
  /** Measured time of the newest value judged; an older or equal one changes nothing here. */
  readonly newest: Instant;
  /** Values over the limit in a row. */
  readonly over: number;
  /** Values back inside in a row, while an alert stands. */
  readonly inside: number;
  /** The alert that stands, or `null`. */
  readonly alert: Alert | null;
}

/** Before the first value. */
export const QUIET: LimitState = { newest: Number.NEGATIVE_INFINITY, over: 0, inside: 0, alert: null };

/** A valid value of a series, held against its limits. */
export interface Observation {
  readonly station: string;
  readonly parameter: string;
  readonly time: Instant;
  readonly value: number;
  readonly moment: Moment;
  /** Minutes between two due values. */
  readonly cadence: number;
}

/** What changed, for those who must hear it. `null`: nothing to tell. */
export type Change = { readonly what: 'opened' | 'risen' | 'resolved'; readonly alert: Alert };

const severityOf = (moment: Moment): Severity => (moment.certain ? 'over' : 'warning');

const event = (at: Instant, from: AlertEvent['from'], to: AlertEvent['to'], reason: string): AlertEvent => ({
  at,
  from,
  to,
  reason,
  by: null,
  note: null,
});

/** Is `value` further beyond the limit than `than`? */
function isWorse(value: number, than: number, limit: Alert['limit'], lower: boolean): boolean {
  if (typeof limit !== 'number') {
    const beyond = (x: number): number => Math.max(limit[0] - x, x - limit[1]);
    return beyond(value) > beyond(than);
  }
  return lower ? value < than : value > than;
}

/**
 * The rule "over the limit": one active alert per station, parameter and rule. It opens at the `rule.open`-th value over
 * the limit in a row, rises within itself, and is resolved by `rule.clear` values back inside in a row. `now` decides
 * only whether a value is too old to open anything.
 */
export function transition(
  state: LimitState,
  seen: Observation,
  rule: LimitRule,
  now: Instant,
): { state: LimitState; change: Change | null } {
  if (seen.time <= state.newest) return { state, change: null };
  const { alert } = state;
  const newest = seen.time;
  if (seen.moment.check === 'over') {
    if (alert !== null) return worsen(state, alert, seen);
    if (now - seen.time > Math.max(STALE, 2 * seen.cadence * MINUTE))
      return { state: { ...state, newest, over: 0 }, change: null };
    const over = state.over + 1;
    if (over < rule.open) return { state: { ...state, newest, over }, change: null };
    const opened = open(seen, rule, now);
    return { state: { newest, over, inside: 0, alert: opened }, change: { what: 'opened', alert: opened } };
  }
  if (alert === null) return { state: { ...state, newest, over: 0 }, change: null };
  const inside = state.inside + 1;
  if (inside < rule.clear) return { state: { ...state, newest, over: 0, inside }, change: null };
  const resolved: Alert = {
    ...alert,
    state: 'resolved',
    resolvedAt: seen.time,
    history: [...alert.history, event(now, alert.state, 'resolved', `连续 ${inside} 次测值回到限值以内`)],
  };
  return { state: { newest, over: 0, inside: 0, alert: null }, change: { what: 'resolved', alert: resolved } };
}

function open(seen: Observation, rule: LimitRule, now: Instant): Alert {
  const { limit } = seen.moment;
  const reason = `单次测值 ${seen.value} 超出限值 ${limitText(limit)}`;
  return {
    id: `${seen.station}_${seen.parameter}_${rule.id}_${new Date(seen.time).toISOString().replace(/[-:.]/g, '')}`,
    station: seen.station,
    parameter: seen.parameter,
    rule: rule.id,
    kind: 'limit',
    severity: severityOf(seen.moment),
    state: 'active',
    openedAt: seen.time,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: seen.value,
    limit: limitNumber(limit),
    limitText: limitText(limit),
    reason,
    history: [event(now, null, 'active', reason)],
  };
}

function worsen(state: LimitState, alert: Alert, seen: Observation): { state: LimitState; change: Change | null } {
  const risen = severityOf(seen.moment) === 'over' && alert.severity === 'warning';
  // A series may pass now one limit, now another (chlorine): only values beyond the alert's own are compared.
  const worse =
    limitText(seen.moment.limit) === alert.limitText &&
    isWorse(seen.value, alert.value, alert.limit, seen.moment.limit.operator === '>=');
  if (!worse && !risen) return { state: { newest: seen.time, over: state.over + 1, inside: 0, alert }, change: null };
  const next: Alert = {
    ...alert,
    value: seen.value,
    ...(risen
      ? {
          severity: 'over' as const,
          limit: limitNumber(seen.moment.limit),
          limitText: limitText(seen.moment.limit),
          history: [
            ...alert.history,
            event(seen.time, alert.state, alert.state, `升级为超限:${seen.value},限值 ${limitText(seen.moment.limit)}`),
          ],
        }
      : {}),
  };
  return {
    state: { newest: seen.time, over: state.over + 1, inside: 0, alert: next },
    change: risen ? { what: 'risen', alert: next } : null,
  };
}

/** Somebody has seen it. An alert that is not active, or was acknowledged before, stays as it is. */
export function acknowledge(alert: Alert, by: string, note: string, now: Instant): Alert {
  if (alert.state !== 'active') return alert;
  return {
    ...alert,
    state: 'acknowledged',
    acknowledgedAt: now,
    acknowledgedBy: by,
    history: [
      ...alert.history,
      { at: now, from: 'active', to: 'acknowledged', reason: '已签收', by, note: note === '' ? null : note },
    ],
  };
}

/** It can neither be resolved nor get worse any more, for the reason given. One that is at its end stays as it is. */
export function close(alert: Alert, reason: string, now: Instant): Alert {
  if (alert.state === 'resolved' || alert.state === 'closed') return alert;
  return { ...alert, state: 'closed', history: [...alert.history, event(now, alert.state, 'closed', reason)] };
}
