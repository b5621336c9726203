/** How is an alert said in one line: its state mark, its place, its value? */
import type { AlertView } from '../../adapters/http/contract.js';
import type { StateKind } from '../components/state-mark.vue';
import { number, timesOver } from '../format.js';
import { stationById } from '../page-state.js';
import { language, nameOf, words } from '../preferences.js';

const rank: Record<AlertView['severity'], number> = { severe: 0, over: 1, warning: 2 };

/** The worst first, then the newest. */
export function worstFirst(alerts: readonly AlertView[]): AlertView[] {
  return [...alerts].sort((a, b) => rank[a.severity] - rank[b.severity] || Date.parse(b.openedAt) - Date.parse(a.openedAt));
}

/** Shape and word of an alert. */
export function markOf(alert: AlertView): { kind: StateKind; word: string } {
  const { severity, alertKind } = words.value;
  if (alert.kind === 'no-data') return { kind: 'undetermined', word: alertKind['no-data'] };
  const word = alert.kind === 'limit' ? severity[alert.severity] : alertKind[alert.kind];
  return { kind: alert.severity === 'warning' ? 'warning' : 'exceeded', word };
}

/**
 * Place, parameter, value with unit and times over; each `null` where the alert has none. What is about no single parameter
 * (a sample, a silent station, the service) says its reason instead: a number without its item would say nothing.
 */
export function partsOf(alert: AlertView): {
  place: string;
  parameter: string | null;
  value: string | null;
  times: string | null;
  reason: string | null;
} {
  const station = stationById.value.get(alert.station ?? '');
  const latest = station?.latest.find((l) => l.parameter === alert.parameter);
  const value = alert.parameter === null ? null : alert.value;
  return {
    place: nameOf({ name: alert.subjectName, nameEn: alert.subjectNameEn }),
    parameter:
      alert.parameterName === null ? null : nameOf({ name: alert.parameterName, nameEn: alert.parameterNameEn ?? undefined }),
    value: value === null ? null : `${number(value, latest?.decimals ?? 2, alert.limit)}${alert.unit && ` ${alert.unit}`}`,
    times: value === null ? null : timesOver(value, alert.limit, alert.limitText),
    reason: alert.parameter !== null ? null : language.value === 'en' ? alert.reasonEn : alert.reason,
  };
}
