/** How do bulletins hang together: sources, desk, timetable? Put together once, for the service and for its tests. */
import type { Site } from '../../domain/site.js';
import type { Instant } from '../../domain/time.js';
import type { Outbox } from '../alerting/alert-stores.js';
import type { Clock, Journal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';
import type { Comparisons } from '../upkeep/comparisons.js';
import { BulletinCall } from './bulletin-call.js';
import { BulletinDesk } from './bulletin-desk.js';
import type { BulletinStore, LeaseStore, Press } from './bulletin-stores.js';
import type { BulletinSources } from './gather.js';

/** What bulletins remember, what they are made of, and the world around them. */
export interface BulletinParts extends Omit<BulletinSources, 'site' | 'comparisons'> {
  readonly comparisons: Pick<Comparisons, 'list'>;
  readonly store: BulletinStore;
  readonly leases: LeaseStore;
  readonly press: Press;
  readonly outbox: Pick<Outbox, 'add' | 'find'>;
  readonly audit: Audit;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Right-hand side of our Message-IDs, and `PUBLIC_URL`. */
  readonly address: { readonly domain: string; readonly publicUrl: string };
  /** This service among those on the same state. */
  readonly owner: string;
  /** When this installation first ran. */
  readonly began: (now: Instant) => Instant;
  /** Something is to be sent. */
  readonly wrote: () => void;
}

/** The parts, at rest: whoever has them steps them. */
export interface Bulletins {
  readonly desk: BulletinDesk;
  readonly call: BulletinCall;
  /** Tells the operator which templates are not fit for use. */
  readonly checkTemplates: () => void;
}

/** Puts bulletins together. */
export function bulletins(site: Site, parts: BulletinParts): Bulletins {
  const { store, press, outbox, audit, transact, clock, journal, leases, owner, began, wrote, address } = parts;
  const sources: BulletinSources = {
    ...parts,
    site,
    comparisons: (stations) =>
      parts.comparisons
        .list({ limit: 0 })
        .series.filter(({ station }) => stations.includes(station))
        .map(({ stationName, name: parameterName, comparison: { date, passed, due } }) => ({
          ...{ stationName, parameterName, date, passed, due },
        })),
  };
  const desk: BulletinDesk = new BulletinDesk(
    ...([sources, store, press, outbox, audit, transact, clock, address, wrote] as const),
    () => call.waiting,
  );
  const checkTemplates = (): void => {
    for (const { kind, template } of site.bulletins ?? []) {
      const trouble = press.templateTrouble(kind, template);
      if (trouble !== null) journal.warn(trouble);
    }
  };
  const call: BulletinCall = new BulletinCall(site, desk, store, parts.signing, leases, owner, clock, journal, began);
  return { desk, call, checkTemplates };
}
