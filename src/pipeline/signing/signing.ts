/** Of what is signing (定稿) put together? */
import type { Site } from '../../domain/site.js';
import type { Clock } from '../ports.js';
import type { ComplianceReport } from '../reporting/report-compliance.js';
import type { Audit, Transact } from '../stores.js';
import { InTheWay, type Sources } from './in-the-way.js';
import { LiveMonths } from './live-month.js';
import { SignedMonths } from './signed-months.js';
import { SigningDesk } from './signing-desk.js';
import type { Digest, SigningStore } from './signing-store.js';
import { SignedRates } from './signed-rates.js';

/** What signing rests on. */
export interface SigningParts extends Sources {
  readonly store: SigningStore;
  readonly compliance: Pick<ComplianceReport, 'compliance'>;
  readonly audit: Audit;
  readonly transact: Transact;
  readonly digest: Digest;
  readonly clock: Clock;
  /** A month was signed, and it is on disk. */
  readonly signed: () => void;
}

/** Signing and what is signed. */
export interface Signing {
  readonly desk: SigningDesk;
  readonly months: SignedMonths;
  readonly rates: SignedRates;
}

/** Puts signing together. */
export function signing(site: Site, parts: SigningParts): Signing {
  const { store, compliance, audit, transact, digest, clock, verdicts, workingSet, signed } = parts;
  const live = new LiveMonths(site, workingSet, verdicts, compliance, clock);
  const months = new SignedMonths(site, store, live, workingSet, verdicts, audit, digest, clock);
  const obstacles = new InTheWay(site, parts);
  const desk = new SigningDesk(site, store, live, obstacles, months, audit, transact, digest, clock, signed);
  return { desk, months, rates: new SignedRates(site, months) };
}
