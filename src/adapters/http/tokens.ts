/** Under which names does HTTP find what stands behind it? Injection tokens and the shapes they stand for. */

/** How HTTP is reached and who may read without a login (contract §2). */
export interface HttpOptions {
  /** `HEQING_PUBLIC` is `read`. */
  readonly publicRead: boolean;
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
/** `Excusing` of `pipeline/excusing.ts` */
export const EXCUSING = Symbol('Excusing');
/** `ReachReport` of `pipeline/report-reach.ts` */
export const REACHES = Symbol('ReachReport');
/** `ReviewReport` of `pipeline/review.ts` */
export const REVIEW = Symbol('ReviewReport');
/** `Cases` of `pipeline/cases.ts` */
export const CASES = Symbol('Cases');
/** `Decisions` of `pipeline/decisions.ts` */
export const DECISIONS = Symbol('Decisions');
/** `LinkDesk` of `pipeline/link-desk.ts` */
export const LINK_DESK = Symbol('LinkDesk');
/** `PathProof` of `pipeline/path-proof.ts` */
export const PATH_PROOF = Symbol('PathProof');
