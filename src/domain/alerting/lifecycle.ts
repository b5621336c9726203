/** What does a signal make of an alert: does it open, rise, or end? */
import { HOUR, type Instant, MINUTE } from '../time.js';
import { type Alert, type AlertEvent, type AlertState, SEVERITIES, type Severity, stands, type Subject } from './alert.js';
import type { Damping } from './rules.js';
import type { Change, Clear, Firing, Signal } from './signal.js';

/** What came of a signal: the alert to write, and what people hear of it. `null`: nothing to write, nothing to hear. */
export interface Step {
  readonly alert: Alert | null;
  readonly change: Change | null;
}

/** Nothing to write, nothing to hear. */
const STILL: Step = { alert: null, change: null };

/** Is one severity graver than the other? */
export const isGraver = (severity: Severity, than: Severity): boolean => SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(than);

const event = (
  at: Instant,
  from: AlertState | null,
  to: AlertState,
  reason: string,
  by: string | null = null,
  note: string | null = null,
): AlertEvent => ({ at, from, to, reason, by, note });

/**
 * One step of one episode. `standing`: the alert of the subject that stands; `openings`: when its latest episodes opened;
 * `told`: the gravest severity among them, `null` when that is not known.
 *
 * - No alert stands, firing: it opens. The first opening is never held back; after `damping.openings` within
 *   `damping.hours` it stands as `pending`, and nobody hears of it until it has lasted for `damping.holdMinutes`, unless
 *   it is graver than whatever was told before.
 * - Firing again: a worse value is kept, and so are the newest words; a graver severity is a rise, after which one that was
 *   acknowledged is active again, its signature kept in the history alone; a value that is no longer doubted is `confirmed`,
 *   and what only the doubt had raised comes down again, the one way in which severity falls. What had not been among the
 *   firing's `items` before has `joined`: it asks for an answer as a rise does.
 * - Clear: resolved, or `refuted` where it never was; a pending one is closed, and nobody hears of it.
 */
export function transition(
  standing: Alert | null,
  openings: readonly Instant[],
  subject: Subject,
  signal: Signal,
  damping: Damping,
  now: Instant,
  told: Severity | null = null,
): Step {
  if (signal.says === 'nothing') return STILL;
  if (standing === null) return signal.says === 'clear' ? STILL : open(openings, subject, signal, damping, now, told);
  if (signal.says === 'clear') return end(standing, signal, now);
  const next = goOn(standing, signal, now);
  if (standing.state !== 'pending') return next;
  const held = next.alert ?? standing;
  // The hold delays what was told before: what is graver than that nobody has heard yet.
  const isNews = next.change?.what === 'risen' && (told === null || isGraver(held.severity, told));
  if (isNews) return promote(held, signal.at, now, held.reason.zh);
  return promoted(held, damping, now, signal.at) ?? { alert: next.alert, change: null };
}

/** A pending alert whose hold is over, made active: `opened`. `null`: it is not pending, or has not lasted long enough. */
export function promoted(alert: Alert, damping: Damping, now: Instant, at: Instant = now): Step | null {
  if (alert.state !== 'pending') return null;
  const since = alert.history[0]?.at ?? alert.openedAt;
  if (now - since < damping.holdMinutes * MINUTE) return null;
  return promote(alert, at, now, `持续 ${damping.holdMinutes} 分钟未恢复`);
}

function promote(alert: Alert, at: Instant, now: Instant, reason: string): Step {
  const next: Alert = { ...alert, state: 'active', history: [...alert.history, event(now, 'pending', 'active', reason)] };
  return { alert: next, change: { what: 'opened', alert: next, at } };
}

function open(
  openings: readonly Instant[],
  subject: Subject,
  firing: Firing,
  damping: Damping,
  now: Instant,
  told: Severity | null,
): Step {
  const lately = openings.filter((at) => at > now - damping.hours * HOUR).length;
  const isKnown = told === null || !isGraver(firing.severity, told);
  const isHeld = lately >= damping.openings && isKnown;
  const state = isHeld ? 'pending' : 'active';
  const why = isHeld
    ? `${firing.reason.zh};${damping.hours} 小时内已发生 ${lately} 次,持续 ${damping.holdMinutes} 分钟后再通知`
    : firing.reason.zh;
  const alert: Alert = {
    subject: subject.subject,
    station: subject.station,
    parameter: subject.parameter,
    rule: subject.rule,
    kind: subject.kind,
    id: idOf(subject, firing.at, openings),
    severity: firing.severity,
    state,
    openedAt: firing.at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: firing.value,
    passed: firing.passed,
    isUnconfirmed: firing.isUnconfirmed === true,
    reason: firing.reason,
    ...(firing.items === undefined ? {} : { items: firing.items }),
    history: [event(now, null, state, why)],
  };
  return { alert, change: isHeld ? null : { what: 'opened', alert, at: firing.at } };
}

function goOn(alert: Alert, firing: Firing, now: Instant): Step {
  const isDoubted = firing.isUnconfirmed === true;
  const isRise = isGraver(firing.severity, alert.severity);
  const isConfirmed = alert.isUnconfirmed && !isDoubted;
  const known = alert.items ?? [];
  const items = [...known, ...(firing.items ?? []).filter((item) => !known.includes(item))];
  const joins = items.length > known.length;
  const { value, passed, reason } = firing;
  const isWorse = value !== null && (alert.value === null || firing.isWorse === undefined || firing.isWorse(alert.value));
  // The worst value of one item says nothing beside the limit of another: of many items the newest look speaks alone.
  const isOfMany = alert.parameter === null;
  const kept = alert.items === undefined && firing.items === undefined ? {} : { items };
  if (isRise || isConfirmed || joins) {
    const speaks = isOfMany || isRise || isWorse || isGraver(alert.severity, firing.severity);
    // Who took note of a 预警 has not answered for the 严重超限 it became.
    const isAnew = (isRise || joins) && alert.state === 'acknowledged';
    const state = isAnew ? 'active' : alert.state;
    const next: Alert = {
      ...alert,
      ...kept,
      ...(isAnew ? { state, acknowledgedAt: null, acknowledgedBy: null } : {}),
      ...(speaks ? { value, passed, reason } : {}),
      severity: firing.severity,
      isUnconfirmed: isDoubted,
      history: [...alert.history, event(now, alert.state, state, reason.zh)],
    };
    const what = isRise ? 'risen' : joins ? 'joined' : 'confirmed';
    return { alert: next, change: { what, alert: next, at: firing.at } };
  }
  // The very value it opened with has come to be doubted, before another confirmed it.
  const doubts = isDoubted && !alert.isUnconfirmed && firing.at === alert.openedAt;
  // The words of a limit are those of one value, the worst; every other rule says how things stand at each look.
  const speaks = alert.kind === 'limit' ? isWorse && firing.severity === alert.severity : reason.zh !== alert.reason.zh;
  if (!isWorse && !doubts && !speaks) return STILL;
  return {
    alert: {
      ...alert,
      ...kept,
      value: isWorse || isOfMany ? value : alert.value,
      passed: (isWorse && firing.severity === alert.severity) || isOfMany ? passed : alert.passed,
      isUnconfirmed: doubts || alert.isUnconfirmed,
      reason: speaks ? reason : alert.reason,
    },
    change: null,
  };
}

function end(alert: Alert, { at, reason, isRefuted = false }: Clear, now: Instant): Step {
  if (alert.state === 'pending') {
    const why = `${reason.zh};等待期内结束,未通知`;
    const closed: Alert = {
      ...alert,
      state: 'closed',
      resolvedAt: at,
      ended: reason,
      history: [...alert.history, event(now, 'pending', 'closed', why)],
    };
    return { alert: closed, change: null };
  }
  const resolved: Alert = {
    ...alert,
    state: 'resolved',
    resolvedAt: at,
    ended: reason,
    history: [...alert.history, event(now, alert.state, 'resolved', reason.zh)],
  };
  return { alert: resolved, change: { what: isRefuted ? 'refuted' : 'resolved', alert: resolved, at } };
}

/** Somebody has seen it. Only an active alert can be acknowledged: any other stays as it is. */
export function acknowledge(alert: Alert, by: string, note: string, now: Instant): Alert {
  if (alert.state !== 'active') return alert;
  const said = event(now, 'active', 'acknowledged', '已签收', by, note === '' ? null : note);
  return { ...alert, state: 'acknowledged', acknowledgedAt: now, acknowledgedBy: by, history: [...alert.history, said] };
}

/** It ends without having been resolved: it can end no more by itself, or a person says so. One at its end stays as it is. */
export function close(alert: Alert, reason: string, now: Instant, by: string | null = null): Alert {
  if (!stands(alert)) return alert;
  return { ...alert, state: 'closed', history: [...alert.history, event(now, alert.state, 'closed', reason, by)] };
}

/**
 * A name for an episode that a Message-ID, an address and a file can carry: `nankeng-out_nh3n_limit_20261123T000100000Z`.
 * A second one of the same instant gets a number behind it.
 */
function idOf({ subject, parameter, rule }: Subject, openedAt: Instant, openings: readonly Instant[]): string {
  const before = openings.filter((at) => at === openedAt).length;
  const time = new Date(openedAt).toISOString().replace(/[-:.]/g, '');
  const name = [subject, parameter ?? '-', rule].map(safe).join('_');
  return `${name}_${time}${before === 0 ? '' : `_${before + 1}`}`;
}

/** Letters, digits, `-` and `_` as they are, the colon of `reach:nankeng` as a dot, all else by its number: two names never become one. */
const safe = (text: string): string =>
  text.replace(/[^A-Za-z0-9_-]/gu, (c) => (c === ':' ? '.' : `~${c.codePointAt(0)!.toString(16)}~`));
