/** How does a test make bulletins? The real desk, store and press on one state, over reports that answer the same thing every day. */
import { FilePress } from '../../src/adapters/bulletin/press.js';
import { DAYS_HEIGHT, DAYS_WIDTH, drawDays } from '../../src/adapters/picture/days.js';
import { SqliteAudit } from '../../src/adapters/sqlite/audit-store.js';
import { SqliteBulletinStore } from '../../src/adapters/sqlite/bulletin-store.js';
import type { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteLeaseStore } from '../../src/adapters/sqlite/lease-store.js';
import { SqliteOutbox } from '../../src/adapters/sqlite/outbox.js';
import type { Site } from '../../src/domain/site.js';
import { type BulletinParts, bulletins } from '../../src/pipeline/bulletins/bulletins.js';
import type { Clock } from '../../src/pipeline/ports.js';

const NONE = { received: 0, stored: 0, duplicate: 0, corrected: 0, rejected: 0, pending: 0 };

/** What a quiet site answers: one station, of whose 288 due values 280 came. */
const QUIET = {
  records: {
    receipts: (date: string | undefined) =>
      Promise.resolve({
        date: date ?? '',
        stations: [
          {
            ...{ station: 'changtan-tap', expected: 288, ...NONE, stored: 280, received: 280, valid: 279 },
            missing: [{ parameter: 'cl2', from: `${date}T02:00:00+08:00`, to: `${date}T04:00:00+08:00` }],
            ...{ missingMessages: 0, gaps: [] },
          },
        ],
        service: { ...NONE, received: 280, stored: 280 },
      }),
  },
  takenOut: () => Promise.resolve([]),
  alerts: { within: () => [], find: () => undefined },
  alertView: () => {
    throw new Error('there is no alert to be seen');
  },
  cases: { openIn: () => [] },
  reviewed: () => ({ due: 62, first: 1, second: 31 }),
  comparisons: { list: () => ({ asOf: '', dueDays: 60, comparisons: [], series: [], offered: [] }) },
} satisfies Partial<BulletinParts>;

const unasked = (): never => {
  throw new Error('a day asks for no rate');
};

/** Bulletins on a state; `over` replaces parts. The templates are those of the shipped config. */
export function bulletinsOn(database: Database, site: Site, clock: Clock, over: Partial<BulletinParts> = {}) {
  const outbox = new SqliteOutbox(database);
  const store = new SqliteBulletinStore(database);
  const leases = new SqliteLeaseStore(database);
  const press = new FilePress('config', { width: DAYS_WIDTH, height: DAYS_HEIGHT, draw: drawDays });
  const journal: string[] = [];
  const log = (text: string): void => void journal.push(text);
  const made = bulletins(site, {
    ...QUIET,
    ...{
      compliance: { compliance: unasked },
      breakdown: { breakdown: unasked },
      spanRate: unasked,
      verdicts: { printed: unasked },
    },
    signing: { find: () => undefined, list: () => [] },
    ...{ store, leases, press, outbox, clock, audit: new SqliteAudit(database) },
    transact: (work) => database.transact(work),
    journal: { info: log, warn: log, error: log },
    address: { domain: 'example.org', publicUrl: 'https://heqing.example.org' },
    owner: 'one',
    began: () => 0,
    wrote: () => {},
    ...over,
  });
  return { ...made, outbox, store, leases, press, journal };
}
