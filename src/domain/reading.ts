/** What is a reading, and what is known about one? */
import type { Instant } from './time.js';

/**
 * The device's own quality mark (数据标识), HJ 212-2017 §7: `N` normal, `F` stopped, `M` maintenance, `S` entered by
 * hand, `D` fault, `C` calibrating, `T` over the measuring range, `B` link to the instrument lost.
 */
export const MARKS = ['N', 'F', 'M', 'S', 'D', 'C', 'T', 'B'] as const;
export type Mark = (typeof MARKS)[number];

/** Where a value comes from: an instrument on site, or a laboratory. */
export const SOURCES = ['sensor', 'lab'] as const;
export type Source = (typeof SOURCES)[number];

/** Our own quality flag (质量), numbered as QARTOD does: 1 good, 2 unknown, 3 suspect, 4 fail, 9 missing. */
export const QUALITY = { good: 1, unknown: 2, suspect: 3, fail: 4, missing: 9 } as const;
export type Quality = keyof typeof QUALITY;

/** One value of one parameter at one station at one time, as the device sent it. */
export interface Reading {
  readonly station: string;
  /** Parameter code, e.g. `nh3n`; never an alias. */
  readonly parameter: string;
  /** When it was measured. */
  readonly time: Instant;
  /** In the parameter's unit. Always finite. */
  readonly value: number;
  readonly mark: Mark;
  readonly source: Source;
  /** When the water was sampled, if the device says so: a repeated instant is the same measurement. */
  readonly sampled?: Instant;
  /** Set for a non-detect (未检出): the detection limit. `value` then holds half of it (HJ 91.2-2022). */
  readonly detection?: number;
}

/**
 * What people decided about a reading (design §2): `maintenance`, a maintenance record covers it and it does not count;
 * `invalid`, a review set it so and it does not count; `suspect`, a review doubts it, which stands in place of our own
 * quality; `restored`, a review lets it count whatever else left it out. `validity` says what comes of it.
 */
export const RULINGS = ['maintenance', 'invalid', 'suspect', 'restored'] as const;
export type Ruling = (typeof RULINGS)[number];

/** Why a reading came a second time through the log with the same key, value and mark. */
export interface Amendment {
  /** Account or part that changed what is said of it, e.g. `officer` or `judge`. */
  readonly by: string;
  /** In words. */
  readonly reason: string;
  readonly at: Instant;
}

/** A reading with what Heqing says about it. */
export interface JudgedReading extends Reading {
  readonly quality: Quality;
  /** The checks that were not passed, e.g. `gross-range`; empty for a good reading. */
  readonly checks: readonly string[];
  /** When it arrived. */
  readonly received: Instant;
  /** What people decided about it; absent for nearly all. */
  readonly ruling?: Ruling;
  /** Only on an amendment: same key, value and mark, another quality, checks or ruling. It is no value of promise 2. */
  readonly amended?: Amendment;
}

/** What became of one value: new, a repetition, or another value for a key that was already known. */
export type Fate = 'stored' | 'duplicate' | 'corrected';

/**
 * What became of one entry of the log: the fate of a value, or of an amendment: `amended`, it stands over its reading, or
 * `void`, the reading has another value by now or is held nowhere. Amendments are no values and are never counted.
 */
export type Settled = Fate | 'amended' | 'void';

/** Why a payload or a value was refused (contract §3; `bad-frame` and `bad-crc` are reserved for HJ 212). */
export const REJECTION_REASONS = [
  'not-json',
  'not-an-object',
  'empty',
  'too-large',
  'unknown-station',
  'unknown-parameter',
  'not-a-number',
  'bad-mark',
  'no-time-zone',
  'bad-time',
  'from-the-future',
  'too-old',
  'wrong-sender',
  'bad-frame',
  'bad-crc',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A refusal: the values it covers, why, and in words what would have been right. */
export interface Rejection {
  /** The station the topic names, if the config knows it. */
  readonly station: string | null;
  readonly reason: RejectionReason;
  /** In the words of the person who sent it: what was found and what would be right. */
  readonly detail: string;
  /** How many values it covers: 1 for a payload that cannot be decoded. */
  readonly values: number;
}
