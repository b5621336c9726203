/** What stands in the audit trail about logins and accounts? Every act, and failed logins up to a measure. */
import type { AuditAction } from '../../../domain/audit.js';
import { MINUTE } from '../../../domain/time.js';
import type { Account, Clock } from '../../../pipeline/ports.js';
import type { Audit, Transact } from '../../../pipeline/stores.js';

/** Who acts where nobody is logged in: the service at its start, or whoever may open its state file. */
export const SYSTEM = '(system)';

/** Failed logins that are recorded within a minute; a stranger must not be able to fill the disk with them. */
const FAILURES_RECORDED = 30;

/** Where acts on accounts are recorded, in one transaction with the act. */
export interface Trail {
  readonly audit: Pick<Audit, 'record'>;
  readonly transact: Transact;
}

/** Acts on accounts with their entries; without a `trail` nothing is recorded. */
export class AccountTrail {
  private failures = { minute: 0, recorded: 0, unrecorded: 0 };

  constructor(
    private readonly clock: Clock,
    private readonly trail: Trail | undefined,
  ) {}

  /** Does `work` and records it, both or neither. */
  act<T>(who: string, action: AuditAction, what: string, before: unknown, after: unknown, work: () => T): T {
    if (!this.trail) return work();
    const { audit, transact } = this.trail;
    return transact(() => {
      const done = work();
      audit.record({ at: this.clock.now(), who, action, what, station: null, before, after, reason: '' });
      return done;
    });
  }

  /** A failed login; a name that is nobody's is not written down: it may be a password typed into the wrong field. */
  failed(account: Account | undefined): void {
    const minute = Math.floor(this.clock.now() / MINUTE);
    const { recorded, unrecorded } = this.failures.minute === minute ? this.failures : { ...this.failures, recorded: 0 };
    if (recorded >= FAILURES_RECORDED) {
      this.failures = { minute, recorded, unrecorded: unrecorded + 1 };
      return;
    }
    this.failures = { minute, recorded: recorded + 1, unrecorded: 0 };
    const who = account?.username ?? '(unknown)';
    this.act(who, 'login-failed', `account/${who}`, null, unrecorded > 0 ? { unrecorded } : null, () => undefined);
  }
}
