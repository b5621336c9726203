/** What can people do about an alert? Acknowledge it, or close it where it cannot end by itself. */
import { type Alert, stands } from '../../domain/alerting/alert.js';
import { acknowledge, close } from '../../domain/alerting/lifecycle.js';
import type { AuditAction } from '../../domain/audit.js';
import type { Episodes } from './episodes.js';
import { type Clock, type Live, Refusal } from '../ports.js';
import type { AlertStore } from './alert-stores.js';
import type { Audit, Transact } from '../stores.js';

/** Acts of people on alerts: each is an event of the alert and an entry of the audit trail, kept together. */
export class AlarmDesk {
  constructor(
    private readonly alerts: AlertStore,
    private readonly episodes: Episodes,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly live: Live,
    private readonly changed: () => void,
  ) {}

  /**
   * Records who has seen an alert; one that was acknowledged before stays with whoever did. Throws `Refusal` for an
   * unknown one, one that is over, and one that nobody has been told of yet.
   */
  acknowledge(id: string, by: string, note: string): Alert {
    return this.act(id, 'alert-acknowledged', by, note, (alert, now) => {
      if (!stands(alert)) throw new Refusal('bad-request', '该报警已结束,无需签收');
      if (alert.state === 'pending') throw new Refusal('bad-request', '该报警反复出现,尚在等待期内,未通知任何人,暂不能签收');
      return acknowledge(alert, by, note, now);
    });
  }

  /** Ends an alert for the reason a person gives; those who were told of it hear that. Throws `Refusal`. */
  close(id: string, by: string, reason: string): Alert {
    const why = reason.trim();
    if (why === '') throw new Refusal('bad-request', '请写明关闭原因');
    return this.act(id, 'alert-closed', by, why, (alert, now) => {
      if (!stands(alert)) throw new Refusal('bad-request', '该报警已结束,无需关闭');
      const closed = close(alert, why, now, by);
      if (alert.state !== 'pending') this.alerts.announce({ what: 'closed', alert: closed, at: now }, now, now);
      return closed;
    });
  }

  private act(id: string, action: AuditAction, who: string, reason: string, change: (alert: Alert, now: number) => Alert): Alert {
    const now = this.clock.now();
    const [before, after] = this.transact(() => {
      const alert = this.alerts.find(id);
      if (alert === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的报警`);
      const next = change(alert, now);
      if (next === alert) return [alert, alert] as const;
      this.alerts.put(next);
      this.audit.record({
        at: now,
        who,
        action,
        what: `alert/${id}`,
        station: alert.station,
        before: { state: alert.state },
        after: { state: next.state },
        reason,
      });
      return [alert, next] as const;
    });
    if (before === after) return after;
    this.episodes.forget();
    this.live.alert(after);
    this.changed();
    return after;
  }
}
