/** Do the items that were measured at the same time fit together? */
import type { Checks, Finding } from './checks.js';

/** Value of an item at the same time at the same station; `undefined`: not measured, or not to be believed. */
export type ValueOf = (parameter: string) => number | undefined;

/** An item with what it is a part of, and what is a part of it. */
export interface Relations {
  /** The item that contains this one; `null`: none. */
  readonly whole: string | null;
  /** The items that this one contains. */
  readonly parts: readonly string[];
}

/**
 * Consistency (issue 4): a part cannot be more than the whole (NH₃-N or TP above TN, CODMn above COD). Nobody knows which
 * of the two is wrong, so both are `suspect`, and neither ever `fail`.
 */
export function consistency(value: number, { whole, parts }: Relations, valueOf: ValueOf): Finding {
  const total = whole === null ? undefined : valueOf(whole);
  if (total !== undefined && value > total) return 'suspect';
  return parts.some((part) => (valueOf(part) ?? value) > value) ? 'suspect' : 'pass';
}

/** Interference: `suspect` while the disturbing item of the same time is above the setting; the value still counts. */
export function interference(check: Checks['interference'], valueOf: ValueOf): Finding {
  if (check === null) return 'pass';
  const disturbing = valueOf(check.by);
  return disturbing !== undefined && disturbing > check.above ? 'suspect' : 'pass';
}
