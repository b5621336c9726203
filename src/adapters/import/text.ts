/** When do two pieces of text in a table mean the same? */
import type { Cell } from './tables.js';

/** Characters of a cell that are looked at: no name, number or time is longer, and patterns take their time with very long ones. */
const LONGEST = 300;

/** A cell as one line of text: full-width forms made half-width, spaces at both ends and line breaks gone. Empty for nothing; cut, with … at its end, where it is very long. */
export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  // A date-time as a person would write it; the UTC fields of a cell are its wall clock.
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 19).replace('T', ' ');
  const text = String(cell).trim();
  // NFKC turns ( into (, 0 into 0, ＜ into <, μ (micro sign) into μ (mu), ㎎ into mg, ³ into 3.
  return (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** A name without what writers vary: case, spaces, full-width forms. */
export function nameKey(text: string): string {
  return textOf(text).replace(/\s/g, '').toLowerCase();
}

/** Does a cell say that nothing was measured? Empty, a dash or a slash, 未测. */
export function isBlank(text: string): boolean {
  return /^([-–—―/\\*]*|未测|未检测|未监测|未采样|缺测|无数据|n\/?a|null|nan|not tested)$/i.test(text);
}
