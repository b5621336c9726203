/** How is an alert said in one line: its state mark, its place, its value? */
import type { AlertView } from '../../adapters/http/contract/contract.js';
import type { StateKind } from '../components/state-mark.vue';
import { number, readable, timesOver } from '../format.js';
import { nowIso, stationById } from '../page-state.js';
import { nameOf, words } from '../preferences.js';

const rank: Record<AlertView['severity'], number> = { severe: 0, over: 1, warning: 2 };

/** The worst first, then the newest. */
export function worstFirst(alerts: readonly AlertView[]): AlertView[] {
  return [...alerts].sort((a, b) => rank[a.severity] - rank[b.severity] || Date.parse(b.openedAt) - Date.parse(a.openedAt));
}

/** Shape and word of an alert; silence of a device is never drawn as pollution. */
export function markOf(alert: AlertView): { kind: StateKind; word: string } {
  const { severity, alertKind } = words.value;
  if (alert.kind === 'no-data') return { kind: 'undetermined', word: alertKind['no-data'] };
  const word = alert.kind === 'limit' ? severity[alert.severity] : alertKind[alert.kind];
  return { kind: alert.severity === 'warning' ? 'warning' : 'exceeded', word };
}

/** A sentence beside the name that stands before it already. */
const beside = (sentence: string, name: string): string =>
  sentence.startsWith(name) ? sentence.slice(name.length).replace(/^[\s,:]+/, '') : sentence;

/**
 * Place, parameter, value, its unit, times over and the reason; `null` where the alert has none. An alert about no single
 * parameter (a sample, a silent station, the service) has no value here either: a number without its item says nothing, and
 * its reason says all.
 */
export function partsOf(alert: AlertView): {
  place: string;
  parameter: string | null;
  value: string | null;
  unit: string;
  times: string | null;
  /** What was passed, by name: `Ⅲ类限值 ≤ 1.0`; `null`: no number was. */
  limit: string | null;
  reason: string;
} {
  const place = nameOf({ name: alert.subjectName, nameEn: alert.subjectNameEn });
  const station = stationById.value.get(alert.station ?? '');
  const latest = station?.latest.find((l) => l.parameter === alert.parameter);
  const value = alert.parameter === null ? null : alert.value;
  const times = value === null ? null : timesOver(value, alert.limit, alert.limitText);
  return {
    place,
    parameter:
      alert.parameterName === null ? null : nameOf({ name: alert.parameterName, nameEn: alert.parameterNameEn ?? undefined }),
    value: value === null ? null : number(value, latest?.decimals ?? 2, alert.limit),
    unit: alert.unit && ` ${alert.unit}`,
    // As the reason beside it says it: of a single value 0.30, of a window 0.3.
    times: alert.kind === 'limit' ? times : (times?.replace(/\.?0+$/, '') ?? null),
    limit:
      alert.limitText === null || alert.limitName === null
        ? null
        : `${nameOf({ name: alert.limitName, nameEn: alert.limitNameEn ?? undefined })} ${alert.limitText}`,
    reason: readable(beside(nameOf({ name: alert.reason, nameEn: alert.reasonEn }), place), nowIso.value),
  };
}
