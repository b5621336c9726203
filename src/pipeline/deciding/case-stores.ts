/** What does the service remember of cases (处置单) and of the photos that belong to them? */
import type { Case, CaseState } from '../../domain/cases/case.js';
import type { PhotoType } from '../../domain/cases/photo.js';
import type { Instant, Span } from '../../domain/time.js';

/** Which cases: every field that is there must fit. `open`: all that are not closed. */
export interface WhichCases {
  readonly village?: string | undefined;
  readonly reach?: string | undefined;
  readonly state?: CaseState | 'open' | undefined;
  readonly to?: string | undefined;
  readonly alert?: string | undefined;
  /** Opened within. */
  readonly opened?: Span | undefined;
  /** Not closed, with a time limit before this instant. */
  readonly overdueAt?: Instant | undefined;
}

/** A photo as it was sent, without its bytes. */
export interface Photo {
  /** Its number within the case, from 1. */
  readonly n: number;
  readonly type: PhotoType;
  readonly size: number;
  /** SHA-256 of its bytes, hexadecimal: the audit trail names it. */
  readonly sha256: string;
  readonly by: string;
  readonly at: Instant;
}

/** Cases and photos. All changes are made inside the transaction of an act; nothing is ever forgotten. */
export interface CaseStore {
  /** Gives the case its id and the next number of the year, without a gap. */
  add(year: string, given: Omit<Case, 'id' | 'number'>): Case;
  /** Replaces the case of that id. */
  put(given: Case): void;
  /** By id or by number. */
  find(idOrNumber: string): Case | undefined;
  /** Newest first. */
  list(which: WhichCases, limit: number): Case[];
  addPhoto(caseId: string, photo: Pick<Photo, 'type' | 'by' | 'at'>, bytes: Uint8Array): Photo;
  /** By number. */
  photos(caseId: string): Photo[];
  photo(caseId: string, n: number): { readonly type: PhotoType; readonly bytes: Uint8Array } | undefined;
}
