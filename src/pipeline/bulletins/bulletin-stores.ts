/** What do bulletins need of the world: a place to be kept, a lease, and somebody who makes files of them? */
import type { Bulletin, BulletinKind, DayCourse } from '../../domain/bulletins/bulletin.js';
import type { Instant } from '../../domain/time.js';

/** The files of a bulletin. */
export const BULLETIN_FORMATS = ['docx', 'xlsx'] as const;
export type BulletinFormat = (typeof BULLETIN_FORMATS)[number];

/** A file, by what can be told of it without reading it. */
export interface FileHead {
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** A bulletin that was made. It is never changed; made anew it is a further issue. */
export interface MadeBulletin {
  readonly id: string;
  /** From 1, within its kind and period. */
  readonly issue: number;
  /** What made it due; `null`: a person asked for it. An occasion is met once. */
  readonly occasion: string | null;
  readonly bulletin: Bulletin;
  /** Account, or `heqing` for the timetable. */
  readonly by: string;
  readonly at: Instant;
  /** Ids of people to whom it went. */
  readonly to: readonly string[];
  readonly files: Readonly<Record<BulletinFormat, FileHead>>;
  /** Why the office's own template could not be used, in words; `null`: it was, or there is none. */
  readonly templateTrouble: string | null;
}

/** A bulletin that is due and could not be made. */
export interface Waiting {
  readonly kind: BulletinKind;
  readonly period: string;
  /** In words. */
  readonly why: string;
}

/** Which bulletins. */
export interface WhichBulletins {
  readonly kind?: BulletinKind | undefined;
  readonly period?: string | undefined;
}

/** Bulletins that were made, with their files. */
export interface BulletinStore {
  /** Keeps it inside a transaction, under a new id and the next issue; the oldest files go where too many are kept. */
  add(made: Omit<MadeBulletin, 'id' | 'issue'>, files: Readonly<Record<BulletinFormat, Uint8Array>>): MadeBulletin;
  find(id: string): MadeBulletin | undefined;
  /** Newest first. */
  list(which: WhichBulletins, limit: number): MadeBulletin[];
  /** Was it met already? */
  met(occasion: string): boolean;
  /** A file as it was sent; `undefined`: there is none, or it is kept no more. */
  file(id: string, format: BulletinFormat): Uint8Array | undefined;
}

/** A right to do alone what must be done once, until it ends; durable when a call returns. */
export interface LeaseStore {
  /** Takes or renews it; false while another owner holds it. */
  take(name: string, owner: string, now: Instant, length: number): boolean;
  /** Lets go, if it is the owner's. */
  release(name: string, owner: string): void;
}

/** Files made of a bulletin. */
export interface Rendered {
  readonly files: Readonly<Record<BulletinFormat, Uint8Array>>;
  readonly heads: Readonly<Record<BulletinFormat, FileHead>>;
  readonly templateTrouble: string | null;
}

/** Makes files of bulletins: the same bulletin and template, the same bytes. */
export interface Press {
  render(bulletin: Bulletin, template: string | null): Promise<Rendered>;
  /** PNG, figures only. */
  picture(course: DayCourse): Uint8Array;
  /** What is wrong with the template of a kind, in words; `null`: nothing. */
  templateTrouble(kind: BulletinKind, template: string | null): string | null;
}
