/** Under which names does HTTP find what stands behind it? Injection tokens and the shapes they stand for. */

import type { Person } from '../../../domain/people.js';
import type { Calendar, Instant } from '../../../domain/time.js';
import type { publicBoard } from '../../../pipeline/reporting/public-board.js';
import type { SignedRates } from '../../../pipeline/signing/signed-rates.js';

/** How HTTP is reached and who may read without a login (contract §2). */
export interface HttpOptions {
  /** `HEQING_PUBLIC` is `read`. */
  readonly publicRead: boolean;
  /** `HEQING_PUBLIC` is `read`, here or beyond loopback: anybody may read what is signed. Absent: as `publicRead`. */
  readonly publicFigures?: boolean;
  /** `HTTP_TRUST_PROXY`: proxies whose word about an address is believed; `null` or absent: one on this machine, if any. */
  readonly trustProxy?: string | null;
  /** `PUBLIC_URL`. */
  readonly publicUrl: string;
  /** The service listens on loopback only. */
  readonly isLoopback: boolean;
  /** Absolute path of the built page (`dist/web`). */
  readonly webFolder: string;
}

/** The text of `/metrics`. */
export interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What accounts and the public board need to know of the site. */
export interface PublicSite {
  readonly calendar: Calendar;
  now(): Instant;
  people(): readonly Pick<Person, 'id' | 'name' | 'nameEn'>[];
  board(): ReturnType<typeof publicBoard> & ReturnType<SignedRates['published']>;
}

/** `HttpOptions` */
export const HTTP_OPTIONS = Symbol('HttpOptions');
/** `Reports` of `reports.ts` */
export const REPORTS = Symbol('Reports');
/** `MetricsText` */
export const METRICS = Symbol('MetricsText');
/** `Journal` of `pipeline/ports.ts` */
export const JOURNAL = Symbol('Journal');
/** `Accounts` of `accounts.ts` */
export const ACCOUNTS = Symbol('Accounts');
/** `LiveHub` of `live-hub.ts` */
export const LIVE_HUB = Symbol('LiveHub');
/** `Excusing` of `pipeline/deciding/excusing.ts` */
export const EXCUSING = Symbol('Excusing');
/** `ReachReport` of `pipeline/reporting/report-reach.ts` */
export const REACHES = Symbol('ReachReport');
/** `ReviewReport` of `pipeline/deciding/review.ts` */
export const REVIEW = Symbol('ReviewReport');
/** `SignOffs` of `signing.controller.ts` */
export const SIGNING = Symbol('SignOffs');
/** `Cases` of `pipeline/deciding/cases.ts` */
export const CASES = Symbol('Cases');
/** `Decisions` of `pipeline/deciding/decisions.ts` */
export const DECISIONS = Symbol('Decisions');
/** `LinkDesk` of `pipeline/alerting/link-desk.ts` */
export const LINK_DESK = Symbol('LinkDesk');
/** `PathProof` of `pipeline/alerting/path-proof.ts` */
export const PATH_PROOF = Symbol('PathProof');
/** `PublicSite` */
export const PUBLIC_SITE = Symbol('PublicSite');
/** `ChiefPlaces` of `pipeline/reporting/chief-places.ts` */
export const CHIEF_PLACES = Symbol('ChiefPlaces');
