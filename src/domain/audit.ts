/** What did a person do to what is judged, or to who may, and why? */
import type { Instant } from './time.js';

/** What can be done that an auditor will ask about. Later parts add their own names and rename none. */
export const AUDIT_ACTIONS = [
  'maintenance-started',
  'maintenance-added',
  'maintenance-ended',
  'maintenance-corrected',
  'maintenance-withdrawn',
  'decision-set',
  'decision-undone',
  'decision-attached',
  'review-first',
  'review-second',
  'review-returned',
  'review-bulk',
  'review-bulk-second',
  'review-reopened',
  'excuse-added',
  'excuse-removed',
  'values-imported',
  'case-opened',
  'case-verified',
  'case-mended',
  'case-checked',
  'case-returned',
  'case-closed',
  'case-handed-over',
  'case-extended',
  'case-photo-added',
  'alert-acknowledged',
  'alert-closed',
  'alert-reported',
  'silence-added',
  'silence-ended',
  'patrol-entered',
  'comparison-added',
  'comparison-withdrawn',
  'handover-given',
  'handover-taken',
  'path-confirmed',
  'path-tested',
  'values-replayed',
  'bulletin-made',
  'backup-asked',
  'state-restored',
  'month-signed',
  'login',
  'login-failed',
  'logout',
  'session-ended',
  'account-added',
  'account-changed',
  'account-removed',
  'password-changed',
  'token-added',
  'token-removed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One act of one person. `before` and `after` are plain JSON, `null` where there was nothing. */
export interface AuditEvent {
  readonly at: Instant;
  /** The account. */
  readonly who: string;
  readonly action: AuditAction;
  /** What it was done to: kind and id, e.g. `maintenance/3`. */
  readonly what: string;
  /** The station it concerns; `null` when it concerns none or several. */
  readonly station: string | null;
  readonly before: unknown;
  readonly after: unknown;
  /** Why, in the words of the person; empty when none were given. */
  readonly reason: string;
}

/** An event as it stands in the trail: numbered without gaps, and bound to the one before it. */
export interface AuditEntry extends AuditEvent {
  readonly id: number;
  /** Hash of the entry before; of the first one, 64 zeros. */
  readonly previous: string;
  /** From which address it was asked over HTTP; `null` where it was not, and in entries older than this field. */
  readonly address: string | null;
  /** SHA-256 over `previous` and every field, hexadecimal: whoever knows the last one can prove all. */
  readonly hash: string;
}
