/** What is an ordeal? Something terrible that happens to the service, and how one sees that it came through. */
import type { ServerName } from '../support/server-process.js';

/** What an ordeal is given. */
export interface Chaos {
  /** Kills with SIGKILL of the service. */
  readonly rounds: number;
  /** Fuzzed payloads and packets, both together. */
  readonly fuzz: number;
  /** Ends a part when the ordeal is over, however it ends; the last first. */
  readonly finally: (end: () => Promise<unknown>) => void;
}

/** One of them. */
export interface Ordeal {
  readonly name: string;
  /** Without these it is not tested. */
  readonly needs: readonly ServerName[];
  /** Resolves with what was seen, in words. Throws when anything acknowledged is lost, doubled or wrong; `NotHere` when it cannot be done here. */
  readonly run: (chaos: Chaos) => Promise<string>;
}

/** This machine does not allow the ordeal. */
export class NotHere extends Error {}

/** A stream's number 0 was measured so long before now: room for a value a second, all of them in the past. */
const BACK_MS = 20 * 24 * 3_600_000;

/** Where a stream of this run begins, ms. */
export const beginning = (): number => Math.floor(Date.now() / 1000) * 1000 - BACK_MS;
