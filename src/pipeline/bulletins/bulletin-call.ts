/** When does each bulletin leave? By the timetable, once, under a lease, and up to two days late where the service was down. */
import { dueBulletins, type Occasion } from '../../domain/bulletins/timetable.js';
import type { Site } from '../../domain/site.js';
import { type Instant, MINUTE } from '../../domain/time.js';
import { type Clock, type Journal, Refusal } from '../ports.js';
import type { SigningStore } from '../signing/signing-store.js';
import type { BulletinDesk } from './bulletin-desk.js';
import type { BulletinStore, LeaseStore } from './bulletin-stores.js';

/** The lease, and how long a service that dies with it keeps the others waiting. */
const LEASE = 'bulletins';
const LEASE_LENGTH = 10 * MINUTE;

/** Makes what is due. Two services on one state never make the same: one holds the lease, and an occasion is met once. */
export class BulletinCall {
  /** What could not be made, so that it is told once. */
  private readonly troubled = new Set<string>();

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

  /** Makes everything that is due; false: nothing more is. */
  async step(): Promise<false> {
    const due = this.due();
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

  /** What cannot be made now (its history is away) is tried again at the next tick, and must not hold up the others. */
  private async meet({ key, kind, period }: Occasion): Promise<void> {
    if (this.store.met(key)) return;
    try {
      const { bulletin, id } = await this.desk.make({ kind, period, by: 'heqing', occasion: key, mail: true });
      this.troubled.delete(key);
      this.journal.info(`${bulletin.title} ${period}: bulletin ${id} made`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!this.troubled.has(key)) this.journal.warn(`bulletin ${key} waits: ${error.message}`);
      this.troubled.add(key);
    }
  }
}
