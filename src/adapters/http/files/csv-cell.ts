/** How does a text stand in a cell of a CSV file, so that a spreadsheet reads what was written and runs nothing? */

/** What Excel, WPS or LibreOffice take for the beginning of a formula; the wide forms too, which a Chinese system folds. */
const FORMULA = /^[\s\uFEFF]*[=+\-@＝＋－＠]|^[\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** A cell: a text that would run as a formula begins with an apostrophe, unless it is a number; `null` is empty. */
export function csvCell(found: string | number | null): string {
  const text = found === null ? '' : String(found);
  const safe = typeof found === 'string' && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of cells with its end. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
