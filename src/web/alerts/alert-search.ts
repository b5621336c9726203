/** Which alerts does this person want to see? The choice stands in the address; what is asked for follows from it. */
import type { AlertView } from '../../adapters/http/contract/contract.js';
import type { AlertFileAnswer, AlertSearchAnswer } from '../../adapters/http/contract/alert-file.js';
import { ask, send, type SilenceView } from '../api/api.js';

const one = (id: string): string => encodeURIComponent(id);

/** The routes of single alerts. Each throws `ApiError`. */
export const alertsApi = {
  search: (asked: URLSearchParams) => ask<AlertSearchAnswer>(`/alerts/search?${asked}`),
  file: (id: string) => ask<AlertFileAnswer>(`/alerts/${one(id)}`),
  close: (id: string, reason: string) => send<AlertView>('POST', `/alerts/${one(id)}/close`, { reason }),
  silence: (body: Pick<AlertView, 'subject' | 'station' | 'parameter' | 'rule'> & { to: string; reason: string }) =>
    send<SilenceView>('POST', '/silences', body),
  endSilence: (id: string, reason: string) => send<SilenceView>('DELETE', `/silences/${one(id)}`, { reason }),
};

/** Names of the filters in the address. */
export const ALERT_FILTERS = ['state', 'kind', 'severity', 'station', 'from', 'to', 'order'] as const;
export type AlertFilter = (typeof ALERT_FILTERS)[number];
export type AlertChoice = Record<AlertFilter, string>;

/** The filters of an address; what is not there is empty, and `state` then means those that stand. */
export function choiceOf(query: Readonly<Record<string, unknown>>): AlertChoice {
  const value = (name: AlertFilter): string => (typeof query[name] === 'string' ? query[name] : '');
  return Object.fromEntries(ALERT_FILTERS.map((name) => [name, value(name)])) as AlertChoice;
}

/** Does the choice ask for what the live list of standing alerts does not hold? */
export const needsSearch = ({ state, from, to }: AlertChoice): boolean =>
  from !== '' || to !== '' || !['', 'standing', 'active', 'acknowledged'].includes(state);

/** What is asked of the service. */
export function asked(choice: AlertChoice): URLSearchParams {
  const state = choice.state === '' ? 'standing' : choice.state;
  const rest = ALERT_FILTERS.filter((name) => name !== 'order' && name !== 'state' && choice[name] !== '');
  return new URLSearchParams([...(state === 'all' ? [] : [['state', state]]), ...rest.map((name) => [name, choice[name]])] as [
    string,
    string,
  ][]);
}

const GRAVITY: Record<AlertView['severity'], number> = { severe: 0, over: 1, warning: 2 };

/** Of these alerts the chosen ones, newest first; with `order` `worst` the gravest first. */
export function chosen(alerts: readonly AlertView[], { state, kind, severity, station, order }: AlertChoice): AlertView[] {
  const ofState = state === 'active' || state === 'acknowledged' ? state : null;
  return alerts
    .filter(
      (alert) =>
        (ofState === null || alert.state === ofState) &&
        (kind === '' || alert.kind === kind) &&
        (severity === '' || alert.severity === severity) &&
        (station === '' || alert.station === station),
    )
    .sort(
      (a, b) =>
        (order === 'worst' ? GRAVITY[a.severity] - GRAVITY[b.severity] : 0) || Date.parse(b.openedAt) - Date.parse(a.openedAt),
    );
}
