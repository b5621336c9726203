/** Does a spreadsheet run nothing that somebody wrote into a name, a note or a payload? */
import { expect, test } from '@jest/globals';
import { readXlsx } from 'hucre';
import { caseRegister } from '../../../src/adapters/http/files/cases-register.js';
import { csvCell, csvLine } from '../../../src/adapters/http/files/csv-cell.js';
import { type CaseRow, REGISTER_HEADINGS } from '../../../src/pipeline/deciding/case-view.js';

test.each<[string | number | null, string]>([
  ['=1+1', "'=1+1"],
  ['+86 123', "'+86 123"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1+1', "' =1+1"],
  ['\uFF1Dcmd', "'\uFF1Dcmd"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['=HYPERLINK("http://x.example.org","a")', '"\'=HYPERLINK(""http://x.example.org"",""a"")"'],
  ['-0.35', '-0.35'],
  ['+0.02', '+0.02'],
  [-0.35, '-0.35'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['南坑河, "出境"', '"南坑河, ""出境"""'],
  [null, ''],
])('%j stands in a cell as %s', (found, cell) => expect(csvCell(found)).toBe(cell));

test('a line keeps its cells apart, whatever is in them', () => {
  expect(csvLine(['=a,b', 'c\r\nd', 1])).toBe('"\'=a,b","c\r\nd",1\r\n');
});

test('in the register of cases every cell is a text, none a formula', async () => {
  const bad = ['=1+1', '+1+1', '-2+3', '@SUM(A1)', '<img src=x onerror=alert(1)>'];
  const rows = bad.map((text) => Object.fromEntries(REGISTER_HEADINGS.map((heading) => [heading, text])) as CaseRow);
  const book = await readXlsx(await caseRegister(rows));
  const [sheet] = book.sheets;
  expect(sheet!.rows.slice(1).map((row) => [...new Set(row)])).toEqual(bad.map((text) => [text]));
  expect(sheet!.cells ? [...sheet!.cells.values()].filter(({ formula }) => formula) : []).toEqual([]);
});
