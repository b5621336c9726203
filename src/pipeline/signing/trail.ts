/** What does the audit trail say of a signed month, and is the month still what was signed? */
import { canonical, type SignOff, type SignOffHead } from '../../domain/signing/sign-off.js';
import type { Audit } from '../stores.js';
import type { Digest } from './signing-store.js';

/** Under what an edition stands in the audit trail. */
export const auditedAs = ({ target, period, edition }: Pick<SignOffHead, 'target' | 'period' | 'edition'>): string =>
  `sign-off/${target}/${period}/${edition}`;

/** What the audit trail keeps of it: everything but the snapshot, for which the hash stands. */
export const trace = ({ target, period, edition, by, at, note, despite, hash }: SignOffHead) => ({
  ...{ target, period, edition, by, at, note, hash },
  despite: despite.map(({ kind, count, reason }) => ({ kind, count, reason })),
});

/**
 * Is an edition as it was signed? The hash is computed again from what is kept, and both it and everything else said of the
 * signature must stand in the audit trail, whose own entries are chained (`Audit.verify`).
 */
export function isIntact(signOff: SignOff, audit: Pick<Audit, 'list'>, digest: Digest): boolean {
  const [entry] = audit.list({ what: auditedAs(signOff), action: 'month-signed' }, 1);
  return (
    entry !== undefined &&
    digest(canonical(signOff.snapshot)) === signOff.hash &&
    canonical(entry.after) === canonical(trace(signOff))
  );
}
