/** How long does a login last, and what may its owner see of it? */
import type { AccountRole } from '../../../domain/account-role.js';
import { DAY, HOUR, type Instant, MINUTE } from '../../../domain/time.js';
import type { Credential } from '../../../pipeline/ports.js';

/** How long a session lasts without a request of a person, and at most, milliseconds. */
export interface SessionLimits {
  readonly idle: number;
  readonly absolute: number;
}

/** What holds where the config says nothing. */
export const SESSION_LIMITS: SessionLimits = { idle: 30 * MINUTE, absolute: 12 * HOUR };

/** A screen on a wall has nobody who could log in again; one that was dark for so long was given up. */
const SCREEN_LIMITS: SessionLimits = { idle: 90 * DAY, absolute: Infinity };

/** What holds for a login of this role, where people's logins hold to `ofPeople`. */
export const limitsOf = (role: AccountRole, ofPeople: SessionLimits): SessionLimits =>
  role === 'screen' ? SCREEN_LIMITS : ofPeople;

/** A session as its owner may see it. */
export interface Session {
  readonly id: string;
  readonly username: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly address: string;
}

/** Names a session without giving it away: its secret cannot be had from its hash, still less from a part of it. */
export const sessionId = ({ hash }: Pick<Credential, 'hash'>): string => hash.slice(0, 16);
