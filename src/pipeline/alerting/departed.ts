/** Which alerts stand over something that the config measures no more? */
import type { Alert } from '../../domain/alerting/alert.js';
import { close } from '../../domain/alerting/lifecycle.js';
import { begunAnew } from '../../domain/alerting/rules/limit-memory.js';
import type { Site } from '../../domain/site.js';
import type { Clock, Journal } from '../ports.js';
import type { AlertStore } from './alert-stores.js';
import type { Transact } from '../stores.js';

/** More alerts than can stand at one time: one per subject, parameter and rule. */
const ALL = 1_000_000;

/**
 * Closes, at start, the alerts that no value can end any more, since the operator has taken their station or parameter out
 * of the config; their history says so. Nobody is mailed: nothing was measured.
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

/** Why an alert can end no more, in words; `null`: it can. */
function departed({ kind, station: id, parameter }: Alert, site: Site): string | null {
  switch (kind) {
    // Of the town, a reach or the service itself: no station has to be there.
    case 'target':
    case 'regional':
    case 'rain':
    case 'service':
      return null;
    case 'limit':
    case 'trend':
    case 'verdict':
    case 'no-data':
    case 'sensor':
    case 'upstream': {
      if (id === null) return null;
      const station = site.stations.get(id);
      if (station === undefined) return '站点已从配置中移除 the station was taken out of the config';
      if (!station.active) return '站点已停用 the station was made inactive';
      return parameter !== null && !station.parameters.some((one) => one.parameter === parameter)
        ? '该站已不测此指标 the station measures this parameter no more'
        : null;
    }
  }
}
