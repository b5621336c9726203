/** What does the service remember of signed months (定稿)? */
import type { SignOff, SignOffHead } from '../../domain/signing/sign-off.js';

/** Signed months. They are added, never changed and never taken away. */
export interface SigningStore {
  /** Keeps it under a new id, inside the transaction of the act; the edition must be the next of its month. */
  add(signOff: Omit<SignOff, 'id'>): SignOff;
  /** The newest edition, or the one named. */
  find(target: string, period: string, edition?: number): SignOff | undefined;
  /** Every edition of every signed month, of all targets or one, by month then edition, without what it fixed. */
  list(target?: string): SignOffHead[];
}

/** SHA-256 of a text in UTF-8, hexadecimal. */
export type Digest = (text: string) => string;
