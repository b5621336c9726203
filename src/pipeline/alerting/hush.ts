/** Shall an alert be silent now: has somebody said so, or is somebody at work there? */
import type { Alert, Words } from '../../domain/alerting/alert.js';
import { coverage } from '../../domain/quality/decision.js';
import { clockTime, DAY, type Instant, shortTime } from '../../domain/time.js';
import type { Calendar } from '../../domain/time.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import type { SilenceStore } from './alert-stores.js';

/** How long before now a record may have begun and still be looked for, ms: work that was never ended shows itself elsewhere. */
const BACK = 92 * DAY;

/** Why it is silent. */
export interface Hushed {
  /** `silence/3` or `maintenance/7`. */
  readonly id: string;
  /** Who said so. */
  readonly by: string;
  readonly reason: Words;
}

/** Says of an alert whether it is silent; `null`: it is told. */
export type Hush = (alert: Alert, now: Instant) => Hushed | null;

/**
 * A silence holds for what it names, all of it where it names nothing. A maintenance record holds for the station's alerts
 * of what is worked at; the office's alerts of the service, a target or a reach are no station's and go on.
 */
export function hushOf(silences: SilenceStore, records: Pick<DecisionStore, 'maintenance'>, calendar: Calendar): Hush {
  return (alert, now) => {
    const silence = silences
      .list(now)
      .find(
        ({ subject, station, parameter, rule }) =>
          (subject === null || subject === alert.subject) &&
          (station === null || station === alert.station) &&
          (parameter === null || parameter === alert.parameter) &&
          (rule === null || rule === alert.rule),
      );
    if (silence !== undefined) {
      const until = shortTime(silence.to, calendar);
      return {
        id: `silence/${silence.id}`,
        by: silence.by,
        reason: { zh: `静默至 ${until}:${silence.reason}`, en: `silent until ${until}: ${silence.reason}` },
      };
    }
    const { station, parameter } = alert;
    if (station === null || alert.kind === 'verdict') return null;
    const record = records.maintenance({ station, span: { from: now - BACK, to: now + 1 } }, 100).find((one) => {
      if (one.withdrawn || (parameter !== null && one.parameters !== null && !one.parameters.includes(parameter))) return false;
      if (parameter === null && one.parameters !== null) return false;
      const { from, to } = coverage(one);
      return from <= now && now < to;
    });
    if (record === undefined) return null;
    const since = clockTime(record.from, calendar);
    return {
      id: `maintenance/${record.id}`,
      by: record.by,
      reason: { zh: `${since} 起维护中(维护记录 ${record.id})`, en: `maintenance since ${since} (record ${record.id})` },
    };
  };
}
