/** What does the 晨报 know of the night and the day ahead? The five things of the river chief's card. */
import type { RateStatus } from '../compliance/rate.js';
import type { Basis } from '../site.js';
import type { RateComparison } from '../upkeep/comparison.js';
import type { Instant } from '../time.js';
import type { AlertKind, Severity, Words } from './alert.js';
import type { Occasion } from './facts.js';

/** 1 The assessed section now. */
export interface SectionNow {
  /** Its id. */
  readonly station: string;
  readonly name: Words;
  /** Class of the newest judged window, e.g. `III` or `worse-than-V`; `null`: none. */
  readonly class: string | null;
  /** The class it is held to. */
  readonly target: string | null;
  /** The item nearest its limit, the newest value of it; `null`: no value. */
  readonly nearest: {
    readonly name: Words;
    readonly value: number;
    readonly unit: string;
    readonly decimals: number;
    readonly time: Instant;
    /** As its text prints it, e.g. `≤ 1.0`. */
    readonly limit: string;
    /** What is left to the limit, in the unit; negative: beyond it; `null`: not to be told (pH). */
    readonly left: number | null;
  } | null;
}

/** 2 The running month of the item nearest its limit. */
export interface MonthSoFar {
  readonly item: Words;
  readonly unit: string;
  /** As printed. */
  readonly mean: string;
  readonly daysLeft: number;
  /** What the mean of the days that remain may be at most, at least; `null`: no such side, or it cannot be failed any more. */
  readonly high: string | null;
  readonly low: string | null;
  /** `false`: whatever they bring, the month misses the limit. */
  readonly possible: boolean;
}

/** 3 The running year of a target. */
export interface YearSoFar {
  readonly target: Words;
  readonly basis: Basis;
  readonly met: number;
  readonly exceeded: number;
  /** Percent, cut; `null`: not to be told yet. */
  readonly rate: number | null;
  readonly goal: number | null;
  readonly status: RateStatus | null;
  /** Readings that people took out (人工剔除), and how many of them were over a limit; absent: not told. */
  readonly setAside?: { readonly total: number; readonly over: number } | undefined;
  /** Comparisons of its instruments with the laboratory; absent or `null`: not told. */
  readonly comparison?: RateComparison | null;
}

/** 4 What comes and goes: one item along the sections, in flow order, and the rain. */
export interface AlongRiver {
  /** Its code. */
  readonly parameter: string;
  readonly item: Words;
  readonly unit: string;
  readonly decimals: number;
  readonly sections: readonly { readonly station: string; readonly name: Words; readonly value: number | null }[];
  /** mm of the last 24 hours; `null`: no gauge, or no data. */
  readonly rain24: number | null;
}

/** An alert that stands. */
export interface Standing {
  /** Its id. */
  readonly alert: string;
  /** Station or subject, and parameter. */
  readonly what: Words;
  readonly reason: Words;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly since: Instant;
  readonly isAcknowledged: boolean;
}

/** Everything the 晨报 tells. `null` parts are left out; lists may be empty. */
export interface Morning extends Occasion {
  readonly river: Words | null;
  readonly sections: readonly SectionNow[];
  readonly months: readonly (MonthSoFar & { readonly section: Words })[];
  readonly years: readonly YearSoFar[];
  readonly along: AlongRiver | null;
  /** 5 What is mine: cases that are not closed (未销号), overdue, days of the oldest; and patrols of the week. */
  readonly cases: { readonly open: number; readonly overdue: number; readonly oldestDays: number | null } | null;
  readonly patrols: { readonly due: number; readonly done: number } | null;
  readonly data: {
    readonly online: number;
    readonly stations: number;
    /** 有效率: valid of the values due since yesterday began, percent, cut; `null`: none came. */
    readonly valid: number | null;
    /** Days of stations that wait for review (待审); `null`: not known. */
    readonly toReview: number | null;
  };
  /** Work at the instruments (运维计划): tasks overdue, due today and never recorded, and items that wait for a comparison. */
  readonly upkeep?: {
    readonly overdue: number;
    readonly due: number;
    readonly never: number;
    readonly waiting: number;
  } | null;
  /** The turn of duty that nobody signed for (未交接); `null` or absent: none. */
  readonly unhanded?: Words | null;
  readonly standing: readonly Standing[];
  /** What the nights since the last 晨报 brought that was left for the morning, a sentence each (night lows of a residual). */
  readonly night: readonly Words[];
  /** The last confirmation of the alert path; `null`: not proven yet. */
  readonly proven: Instant | null;
}
