/** What is measured, and in which unit? */

/** A parameter (指标, 项目) of the config. */
export interface Parameter {
  /** Our code, e.g. `nh3n`. */
  readonly code: string;
  /** Chinese name, e.g. 氨氮. */
  readonly name: string;
  readonly nameEn: string;
  /** As printed beside a value; empty for pH. */
  readonly unit: string;
  /** Other codes that mean the same: HJ 212 factor codes, vendors' names. */
  readonly aliases: readonly string[];
  /** Decimals a value is printed with. */
  readonly decimals: number;
  /** What an instrument can plausibly report, inclusive; outside it a reading's quality is `fail` (gross range). */
  readonly range: readonly [number, number];
}
