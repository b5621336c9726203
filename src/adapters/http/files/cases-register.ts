/** How does the register of cases (处置台账) look as a workbook? */
import { writeXlsx } from 'hucre/xlsx';
import { type CaseRow, REGISTER_HEADINGS } from '../../../pipeline/deciding/case-view.js';

/** Media type of a workbook. */
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Widths of the columns, in characters. */
const WIDTHS: Readonly<Record<(typeof REGISTER_HEADINGS)[number], number>> = {
  编号: 12,
  站点: 20,
  村: 10,
  河段: 14,
  事由: 40,
  派发人: 12,
  承办: 18,
  期限: 17,
  状态: 10,
  核实结论: 10,
  核实说明: 30,
  整改: 30,
  核查人: 12,
  销号时间: 17,
  用时: 12,
  是否逾期: 10,
};

/** One sheet; every cell is text, so that no number and no note is taken for a formula. */
export async function caseRegister(rows: readonly CaseRow[]): Promise<Uint8Array> {
  return writeXlsx({
    sheets: [
      {
        name: '处置台账',
        columns: REGISTER_HEADINGS.map((heading) => ({ width: WIDTHS[heading] })),
        rows: [[...REGISTER_HEADINGS], ...rows.map((row) => REGISTER_HEADINGS.map((heading) => row[heading]))],
        freezePane: { rows: 1 },
      },
    ],
  });
}
