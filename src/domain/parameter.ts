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
  /** Other names that reports print, e.g. 浑浊度 for 浊度; an import knows it by them too. */
  readonly names?: readonly string[];
  /** Words of a laboratory that mean 0 of it: 未检出 of coliforms, 无 of visible matter. */
  readonly absent?: readonly string[];
  /** The lowest value that the usual laboratory method tells from nothing: of 未检出 without a limit beside it. */
  readonly detection?: { readonly limit: number; readonly citation: string };
  /** Decimals a value is printed with. */
  readonly decimals: number;
  /** What an instrument can plausibly report, inclusive; outside it a reading's quality is `fail` (gross range). */
  readonly range: readonly [number, number];
}
