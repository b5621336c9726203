/** How does the town report an alert to those above it? Only by a person who has checked it (核实后上报). */
import type { Alert } from '../../domain/alerting/alert.js';
import type { Hearer } from '../../domain/alerting/routing.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import type { Instant } from '../../domain/time.js';
import { type Clock, Refusal } from '../ports.js';
import type { AlertStore } from './alert-stores.js';
import type { Audit, Transact } from '../stores.js';
import type { Tell } from './tell.js';

/** How the event stands in the history of an alert. */
export const REPORTED = '核实后上报';

/** Who above the town hears of an alert (domain/alerting/routing.ts). */
export type Above = (alert: Alert, station: Station | null, site: Site, now: Instant) => Hearer[];

/** Reports alerts upward: the event, its audit entry and what will be told are kept together. */
export class ReportUpward {
  constructor(
    private readonly site: Site,
    private readonly alerts: AlertStore,
    private readonly above: Above,
    private readonly tell: Pick<Tell, 'report'>,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** The alert was added to, and something is to be written. */
    private readonly reported: (alert: Alert) => void,
  ) {}

  /**
   * Tells those above the town who are set to hear such an alert, also one that is over. `note`: what was found on site.
   * Throws `Refusal` for an unknown alert, without a note, and where nobody above is set to hear it.
   */
  report(id: string, by: string, note: string): Alert {
    const found = note.trim();
    if (found === '') throw new Refusal('bad-request', '请写明核实情况');
    const now = this.clock.now();
    const alert = this.transact(() => {
      const before = this.alerts.find(id);
      if (before === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报警`);
      const station = before.station === null ? null : (this.site.stations.get(before.station) ?? null);
      const hearers = this.above(before, station, this.site, now);
      if (hearers.length === 0) throw new Refusal('bad-request', '没有为这类报警设置上级接收人(config/people.yaml,level: above)');
      const whom = hearers.map(({ person }) => person.name).join('、');
      const { state, history } = before;
      const event = { at: now, from: state, to: state, reason: `${REPORTED}${whom}`, by, note: found };
      const after: Alert = { ...before, history: [...history, event] };
      this.alerts.put(after);
      this.tell.report(after, hearers, now);
      this.audit.record({
        at: now,
        who: by,
        action: 'alert-reported',
        what: `alert/${id}`,
        station: before.station,
        before: null,
        after: { to: hearers.map(({ person }) => person.id) },
        reason: found,
      });
      return after;
    });
    this.reported(alert);
    return alert;
  }
}
