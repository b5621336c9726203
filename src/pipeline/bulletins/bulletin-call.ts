/** When does each bulletin leave? By the timetable, once, under a lease, and up to two days late where the service was down. */
import { dueBulletins, type Occasion } from '../../domain/bulletins/timetable.js';
import type { Site } from '../../domain/site.js';
import { type Instant, MINUTE } from '../../domain/time.js';
import type { Clock, Journal } from '../ports.js';
import type { SigningStore } from '../signing/signing-store.js';
import type { BulletinDesk } from './bulletin-desk.js';
import type { BulletinStore, LeaseStore, Waiting } from './bulletin-stores.js';

/** The lease, and how long a service that dies with it keeps the others waiting. */
const LEASE = 'bulletins';
const LEASE_LENGTH = 10 * MINUTE;

/** Makes what is due. Two services on one state never make the same: one holds the lease, and an occasion is met once. */
export class BulletinCall {
  private readonly troubles = new Map<string, Waiting>();

  constructor(
    private readonly site: Site,
    private readonly desk: Pick<BulletinDesk, 'make'>,
    private readonly store: Pick<BulletinStore, 'met'>,
    private readonly signing: Pick<SigningStore, 'list'>,
    private readonly leases: LeaseStore,
    /** This service among those on the same state. */
    private readonly owner: string,
    private readonly clock: Clock,
    private readonly journal: Journal,
    /** When this installation first ran: of what was due before there is nothing to tell. */
    private readonly began: (now: Instant) => Instant,
  ) {}

  /** What is due and could not be made, oldest first; it is tried again every minute, for two days. */
  get waiting(): readonly Waiting[] {
    return [...this.troubles.values()];
  }

  /** Makes everything that is due; false: nothing more is. */
  async step(): Promise<false> {
    const due = this.due();
    // What was too late by now is made no more, so it waits no more.
    for (const key of this.troubles.keys()) if (!due.some((one) => one.key === key)) this.troubles.delete(key);
    if (due.length === 0) return false;
    if (!this.leases.take(LEASE, this.owner, this.clock.now(), LEASE_LENGTH)) return false;
    try {
      for (const occasion of due) await this.meet(occasion);
    } finally {
      this.leases.release(LEASE, this.owner);
    }
    return false;
  }

  private due(): Occasion[] {
    const { bulletins = [], calendar } = this.site;
    if (bulletins.length === 0) return [];
    const now = this.clock.now();
    const began = this.began(now);
    return dueBulletins(bulletins, this.signing.list(), now, calendar).filter(
      ({ key, due }) => due >= began && !this.store.met(key),
    );
  }

  /** What cannot be made now, because its history is away or for any other reason, must not hold up the others. */
  private async meet({ key, kind, period }: Occasion): Promise<void> {
    if (this.store.met(key)) return;
    try {
      const { bulletin, id } = await this.desk.make({ kind, period, by: 'heqing', occasion: key, mail: true });
      this.troubles.delete(key);
      this.journal.info(`${bulletin.title} ${period}: bulletin ${id} made`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.troubles.get(key)?.why !== why) this.journal.warn(`bulletin ${key} waits: ${why}`);
      this.troubles.set(key, { kind, period, why });
    }
  }
}
