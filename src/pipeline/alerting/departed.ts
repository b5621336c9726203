/** Which alerts stand over something that the config measures, or asks for, no more? */
import type { Alert } from '../../domain/alerting/alert.js';
import { close } from '../../domain/alerting/lifecycle.js';
import { begunAnew } from '../../domain/alerting/rules/limit-memory.js';
import { inScope, shapeOf } from '../../domain/alerting/scope.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import type { Clock, Journal } from '../ports.js';
import type { AlertStore } from './alert-stores.js';
import type { Transact } from '../stores.js';

/** More alerts than can stand at one time: one per subject, parameter and rule. */
const ALL = 1_000_000;

/**
 * Closes, at start, the alerts that no value can end any more, since the operator has taken their station, parameter, rule,
 * shape, target or reach out of the config; their history says which. Nobody is mailed: nothing was measured.
 */
export function closeDeparted(site: Site, alerts: AlertStore, transact: Transact, clock: Clock, journal: Journal): void {
  const now = clock.now();
  transact(() => {
    for (const alert of alerts.list('active', ALL)) {
      const reason = departed(alert, site);
      if (reason === null) continue;
      alerts.put(close(alert, reason, now));
      const { kind, subject, parameter, rule } = alert;
      const memory = kind === 'limit' ? alerts.memory(subject, parameter, rule) : undefined;
      // A station that comes back may be over its limit again.
      if (memory !== undefined) alerts.putMemory(subject, parameter, rule, begunAnew(memory));
      journal.info(`alert ${alert.id} closed: ${reason}`);
    }
  });
}

const NO_RULE = '规则已从配置中移除、停用或改名 the rule was taken out of the config, switched off or renamed';
const NOT_HELD = '规则已不含此项 the rule looks at this no more';
const NO_TARGET = '目标已从配置中移除 the target was taken out of the config';
const NO_REACH = '河段已无在用断面 the reach has no active section any more';

/** Why an alert can end no more, in words; `null`: it can. */
function departed(alert: Alert, site: Site): string | null {
  const { kind, station: id, parameter } = alert;
  const station = id === null ? undefined : site.stations.get(id);
  return (
    (id === null ? null : ofStation(station, parameter)) ?? ofRule(alert, station, site) ?? ofTown(kind, alert.subject, site)
  );
}

function ofStation(station: Station | undefined, parameter: string | null): string | null {
  if (station === undefined) return '站点已从配置中移除 the station was taken out of the config';
  if (!station.active) return '站点已停用 the station was made inactive';
  return parameter !== null && !station.parameters.some((one) => one.parameter === parameter)
    ? '该站已不测此指标 the station measures this parameter no more'
    : null;
}

/** The rule that opened it is off or has another name, or holds what it is about no more. */
function ofRule({ kind, rule: id, parameter }: Alert, station: Station | undefined, { rules }: Site): string | null {
  const isOf = (parameters: readonly string[] | undefined): boolean => parameters?.includes(parameter ?? '') ?? true;
  const answer = (rule: { readonly id: string } | null, holds: boolean): string | null =>
    rule?.id !== id ? NO_RULE : holds ? null : NOT_HELD;
  switch (kind) {
    case 'limit':
      return answer(rules.limit, station !== undefined && shapeOf(rules.limit, station, parameter ?? '') !== null);
    case 'trend':
      return answer(rules.trend, station !== undefined && rules.trend !== null && inScope(rules.trend, station, parameter ?? ''));
    case 'verdict': {
      const { verdict } = rules;
      if (verdict === null || !id.startsWith(`${verdict.id}-`)) return NO_RULE;
      const isWatched = verdict.windows.some((window) => id === `${verdict.id}-${window}`);
      return isWatched && station !== undefined && (verdict.media?.includes(station.medium) ?? true) ? null : NOT_HELD;
    }
    case 'service':
      return rules.service !== null && id.startsWith(`${rules.service.id}-`) ? null : NO_RULE;
    case 'upstream':
      return answer(rules.upstream, isOf(rules.upstream?.parameters));
    case 'regional':
      return answer(rules.regional, isOf(rules.regional?.parameters));
    case 'target':
      return answer(rules.target, true);
    case 'no-data':
      return answer(rules.noData, true);
    case 'sensor':
      return answer(rules.sensor, true);
    case 'rain':
      return answer(rules.rain, true);
  }
}

/** What is of no station: is the target, or the reach, still there? */
function ofTown(kind: Alert['kind'], subject: string, { targets, reaches, stations }: Site): string | null {
  const id = subject.slice(subject.indexOf(':') + 1);
  if (kind === 'target') return targets.some((one) => one.id === id && one.goal !== null) ? null : NO_TARGET;
  if (kind !== 'rain') return null;
  const name = reaches.get(id)?.name ?? id;
  return [...stations.values()].some(({ active, reach }) => active && reach === name) ? null : NO_REACH;
}
