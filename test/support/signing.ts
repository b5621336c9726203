/** How is a month signed over a test's pipeline? Signing as the service wires it, on the same state file. */
import { SqliteAlertStore } from '../../src/adapters/sqlite/alert-store.js';
import { SqliteCaseStore } from '../../src/adapters/sqlite/case-store.js';
import type { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteDecisionStore } from '../../src/adapters/sqlite/decision-store.js';
import { sha256, SqliteSignOffStore } from '../../src/adapters/sqlite/sign-off-store.js';
import type { HindranceKind } from '../../src/domain/signing/hindrance.js';
import type { Site } from '../../src/domain/site.js';
import { type Signing, signing, type SigningParts } from '../../src/pipeline/signing/signing.js';

/** What signing needs of a pipeline. */
interface Parts extends Pick<SigningParts, 'compliance' | 'verdicts' | 'workingSet' | 'audit' | 'clock'> {
  readonly database: Database;
  readonly reviewing: { readonly queue: { readonly unreviewed: SigningParts['unreviewed'] } };
}

/** A pipeline, as far as signing looks at it. */
interface Signable {
  readonly site: Site;
  readonly clock: Parts['clock'];
  readonly parts: Omit<Parts, 'clock'>;
}

/** Signing on a state; `signed` is called as often as a month was. */
export function signingOn(site: Site, { database, reviewing, ...parts }: Parts, signed = (): void => {}): Signing {
  return signing(site, {
    ...parts,
    ...{ store: new SqliteSignOffStore(database), digest: sha256 },
    cases: new SqliteCaseStore(database),
    alerts: new SqliteAlertStore(database),
    decisions: new SqliteDecisionStore(database),
    transact: (work) => database.transact(work),
    unreviewed: (stations, span) => reviewing.queue.unreviewed(stations, span),
    settled: () => true,
    signed,
  });
}

/** Signing over the parts of a pipeline as they are now. */
export function signingOf({ site, clock, parts }: Signable, signed?: () => void): Signing {
  const { database, compliance, verdicts, workingSet, audit, reviewing } = parts;
  return signingOn(site, { database, compliance, verdicts, workingSet, audit, reviewing, clock }, signed);
}

/** Signs a month with a reason for everything that is open. */
export function signMonth({ desk }: Signing, target: string, period: string, note = '') {
  const { hash, hindrances } = desk.preview(target, period);
  const despite = hindrances.map(({ kind }): { kind: HindranceKind; reason: string } => ({ kind, reason: '经办人已说明' }));
  return desk.sign(target, period, 'officer', { seen: hash, note, despite });
}
