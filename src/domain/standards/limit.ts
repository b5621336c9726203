/** What is a limit, and where does its number come from? */
import type { LocalDate } from '../time.js';

/**
 * How sure a limit's number is. `verified`: read in the official text or in two independent copies; makes verdicts.
 * `transcribed`: seen in one copy, or remembered; makes findings labelled 限值待确认 and at most a 预警 until the office
 * confirms it. `own`: the town's own threshold or a discharge permit. A `placeholder` is never loaded.
 */
export type Grade = 'verified' | 'transcribed' | 'own';

/** `Limit.alternative` of dissolved oxygen, class I (GB 3838-2002 table 1): 90 % saturation is as good as 7.5 mg/L. */
export const SATURATION = 'or saturation >= 90 %';

/** Decimal digits exactly as printed in the text: `1.0` is not `1`. */
export type DecimalText = string;

/** One number, or range, of a legal text, with the days between which it holds. */
export interface Limit {
  /** The text, e.g. `GB 3838-2002`. */
  readonly standard: string;
  /** Our parameter code; limits of items that nothing here measures are not bound. */
  readonly parameter: string;
  readonly class: string | null;
  readonly operator: '<=' | '>=' | 'between';
  /** Lower bound, inclusive (`>=` and `between`). */
  readonly low: DecimalText | null;
  /** Upper bound, inclusive (`<=` and `between`). */
  readonly high: DecimalText | null;
  /** What the number is compared with, in the words of `standards/` (`period mean or sample`, `daily mean`, `day`, `hour`, …). */
  readonly averaging: string;
  /** `full`: the full value is compared; `rounded`: a period mean is rounded half to even to `decimals` first (GB/T 8170-2008). */
  readonly comparison: 'full' | 'rounded';
  readonly decimals: number | null;
  /** A condition that must hold at the station, e.g. `water temperature > 12 C`; `null`: always. */
  readonly condition: string | null;
  /** Another way to meet the limit that readings can show: `SATURATION`; `null` where there is none. */
  readonly alternative: typeof SATURATION | null;
  readonly waterBody: 'river' | 'lake_reservoir' | null;
  readonly clause: string;
  readonly citation: string;
  readonly grade: Grade;
  /** Set once the office has confirmed a `transcribed` number: from then on it makes verdicts. */
  readonly confirmed: { readonly by: string; readonly on: LocalDate } | null;
  /** First and last day on which it holds; `null` is open. */
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
}
