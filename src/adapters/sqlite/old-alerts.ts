/** What becomes of alerts kept by a version in which each was one station's and one parameter's? They move into the new table, once. */
import type { Alert, Severity } from '../../domain/alerting/alert.js';
import type { Database } from './database.js';

interface OldAlert extends Omit<Alert, 'subject' | 'passed' | 'isUnconfirmed' | 'reason'> {
  readonly station: string;
  readonly parameter: string;
  readonly limit: number | readonly [number, number];
  readonly limitText: string;
  readonly reason: string;
}

interface OldMemory {
  readonly station: string;
  readonly parameter: string;
  readonly rule: string;
  readonly newest: number;
  readonly inside: number;
  readonly severity: Severity | null;
}

/** The old form of an alert in the new one; what was not kept then is left open. */
export function renewed({ limit, limitText, reason, ...alert }: OldAlert): Alert {
  return {
    ...alert,
    subject: alert.station,
    passed: {
      number: limit,
      text: limitText,
      name: { zh: '限值', en: 'limit' },
      isLower: limitText.startsWith('≥'),
      citation: null,
      isCertain: alert.severity !== 'warning',
      times: null,
    },
    isUnconfirmed: false,
    reason: { zh: reason, en: reason },
  };
}

const hasTable = (database: Database, name: string): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

/**
 * Gives every old alert to `keep` and what the rule remembered of each series to `remember` (JSON), and drops the old
 * tables: all of it or nothing.
 */
export function moveOldAlerts(
  database: Database,
  keep: (alert: Alert) => void,
  remember: (station: string, parameter: string, rule: string, memory: string) => void,
): void {
  if (!hasTable(database, 'alert')) return;
  database.transact(() => {
    const alerts = database.prepare('SELECT alert FROM alert').all() as { alert: string }[];
    for (const { alert } of alerts) keep(renewed(JSON.parse(alert) as OldAlert));
    const memories = database
      .prepare(
        `SELECT s.station, s.parameter, s.rule, s.newest, s.inside, a.severity FROM rule_state s
         LEFT JOIN alert a ON a.id = s.alert AND a.state NOT IN ('resolved', 'closed')`,
      )
      .all() as unknown as OldMemory[];
    for (const { station, parameter, rule, newest, inside, severity } of memories) {
      remember(station, parameter, rule, JSON.stringify({ newest, inside, raised: severity }));
    }
    database.sqlite.exec('DROP TABLE alert; DROP TABLE rule_state;');
  });
}
