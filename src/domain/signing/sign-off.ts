/** What is a signed month (定稿), and what is fixed with it? */
import type { RiverClass } from '../compliance/class.js';
import type { ExcuseReason } from '../compliance/excuse.js';
import type { RateStatus } from '../compliance/rate.js';
import type { VerdictState } from '../compliance/verdict.js';
import type { Basis } from '../site.js';
import type { Instant, WindowKind } from '../time.js';
import type { HindranceKind } from './hindrance.js';

/** The evidence of one item, as the answer of the rate prints it. */
export interface SignedFinding {
  readonly parameter: string;
  readonly name: string;
  readonly statistic: string;
  readonly value: number | null;
  readonly compared: number | null;
  readonly unit: string;
  readonly limit: number | readonly [number, number] | null;
  readonly limitText: string | null;
  readonly times: number | null;
  readonly outcome: VerdictState;
  readonly reason: string | null;
  readonly valid: number;
  readonly total: number;
  readonly filled: number;
  readonly due: number;
  readonly class: RiverClass | null;
  readonly citation: string | null;
  readonly clause: string | null;
  /** False: it does not make the verdict. */
  readonly counted: boolean;
}

/** One window of the month, as the answer of the rate prints it; times are ISO 8601 with the site's offset. */
export interface SignedWindow {
  readonly station: string;
  readonly stationName: string;
  readonly start: string;
  readonly end: string;
  readonly verdict: VerdictState;
  readonly class: RiverClass | null;
  /** The class a river section is held to. */
  readonly targetClass?: string;
  readonly reason: string | null;
  /** 优, 良好, 轻度污染 … in words; absent without a class. */
  readonly gradeName?: string;
  /** 主要污染指标, worst first; absent when there are none. */
  readonly mainItems?: readonly {
    readonly parameter: string;
    readonly name: string;
    readonly class: RiverClass;
    readonly times: number | null;
    readonly text: string;
  }[];
  readonly findings: readonly SignedFinding[];
  /** 不参评. */
  readonly excused?: {
    readonly id: string;
    readonly reason: ExcuseReason;
    readonly reasonName: string;
    readonly approver: string;
    readonly document: string;
  };
}

/** What is excused in the month, with who approved it; times are ISO 8601. */
export interface SignedExcuse {
  readonly id: string;
  readonly station: string;
  readonly stationName: string;
  readonly kinds: readonly WindowKind[] | null;
  readonly parameters: readonly string[] | null;
  readonly from: string;
  readonly to: string;
  readonly reason: ExcuseReason;
  readonly reasonName: string;
  /** To what it is limited, in words. Signatures of earlier days lack it. */
  readonly scope?: string | null;
  readonly approver: string;
  readonly document: string;
  readonly addedAt: string;
}

/** The division of a rate. Percent, cut to two decimals. */
export interface Figure {
  readonly rate: number | null;
  readonly met: number;
  readonly exceeded: number;
  readonly undetermined: number;
  readonly excused: number;
  readonly due: number;
  readonly capture: number | null;
  readonly status: RateStatus | null;
  /** Why there is no rate, or why it does not yet count. */
  readonly reason: string | null;
}

/** What a signature fixes: the answer of the rate for that month, as it was printed when it was signed. */
export interface Snapshot extends Figure {
  readonly target: string;
  readonly name: string;
  readonly nameEn: string;
  readonly kind: 'target' | 'indicator';
  /** `2026-10` */
  readonly period: string;
  readonly window: WindowKind;
  readonly basis: Basis;
  readonly goal: number | null;
  readonly minCapture: number;
  /** Printed under the rate, e.g. 5 项自动监测(非 21 项全评价). */
  readonly note: string | null;
  /** 水质优良比例; `null` where the medium knows no classes. */
  readonly good: { readonly rate: number | null; readonly good: number; readonly classed: number } | null;
  /** 人工剔除. */
  readonly setAside: { readonly total: number; readonly over: number; readonly maintenance: number; readonly review: number };
  /** The finer view beside it (过程指标,不作考核); `null` where there is none. */
  readonly process:
    (Pick<Figure, 'rate' | 'met' | 'exceeded' | 'undetermined' | 'due' | 'capture'> & { readonly window: WindowKind }) | null;
  readonly excuses: readonly SignedExcuse[];
  /** All windows of the month; of more than 2,000 those that were not met alone. */
  readonly windows: readonly SignedWindow[];
  readonly wholeEvidence: boolean;
}

/** A reservation: what stood in the way, and why it was signed all the same. */
export interface Reservation {
  readonly kind: HindranceKind;
  /** How many there were when it was signed. */
  readonly count: number;
  readonly reason: string;
}

/** A month of a target, fixed by name and date. It is added and never changed; a corrected month is a further edition (更正定稿). */
export interface SignOff {
  readonly id: string;
  readonly target: string;
  /** `2026-10` */
  readonly period: string;
  /** From 1. */
  readonly edition: number;
  /** The account. */
  readonly by: string;
  readonly at: Instant;
  /** In the words of who signed; of a further edition why it was needed. */
  readonly note: string;
  readonly despite: readonly Reservation[];
  /** SHA-256 of `canonical(snapshot)`, hexadecimal; the audit trail carries it too. */
  readonly hash: string;
  readonly snapshot: Snapshot;
}

/** A sign-off without what it fixed. */
export type SignOffHead = Omit<SignOff, 'snapshot'>;

/** JSON in one way only: keys in order, no space, nothing undefined; so that whoever has the data can compute its hash again. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Is this the name of a month, `2026-10`? */
export const isMonth = (period: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(period);
