/** Are the rows of a file read as they stand, whatever its kind and encoding? */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { writeXlsx } from 'hucre';
import PizZip from 'pizzip';
import { readTables, UnreadableFile } from '../../../src/adapters/import/tables.js';

const rowsOf = async (bytes: Uint8Array) => (await readTables(bytes)).tables[0]!.lines.map(({ line, cells }) => [line, cells]);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const RIGHT = [
  [1, ['站点', '氨氮']],
  [2, ['x', '0.42']],
];
const utf16 = (content: string): Uint8Array => new Uint8Array(Buffer.from(`\uFEFF${content}`, 'utf16le'));

describe('CSV', () => {
  test.each([
    ['UTF-8', text('站点,氨氮\nx,0.42\n'), 'CSV, UTF-8'],
    ['UTF-8 with a mark and CRLF', text('\uFEFF站点,氨氮\r\nx,0.42\r\n'), 'CSV, UTF-8'],
    [
      'GBK',
      Uint8Array.from([0xd5, 0xbe, 0xb5, 0xe3, 0x2c, 0xb0, 0xb1, 0xb5, 0xaa, 0x0a, 0x78, 0x2c, 0x30, 0x2e, 0x34, 0x32]),
      'CSV, GB18030',
    ],
    ['UTF-16, as Excel saves Unicode text', utf16('站点\t氨氮\r\nx\t0.42\r\n'), 'CSV, UTF-16'],
    ['semicolons', text('站点;氨氮\nx;0.42'), 'CSV, UTF-8'],
    ['old Mac line ends', text('站点,氨氮\rx,0.42\r'), 'CSV, UTF-8'],
  ])('%s', async (_, bytes, format) => {
    expect(await rowsOf(bytes)).toEqual(RIGHT);
    expect((await readTables(bytes)).format).toBe(format);
  });

  test('lines keep their numbers behind empty lines and cells of several lines', async () => {
    expect(await rowsOf(text('a,b\n\n"x\ny",2\n3,4\n'))).toEqual([
      [1, ['a', 'b']],
      [2, ['']],
      [4, ['x\ny', '2']],
      [5, ['3', '4']],
    ]);
  });
});

describe('XLSX', () => {
  test('numbers, dates and texts; a merged cell stands in each of its places; hidden sheets are passed over', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: '水样',
          rows: [
            ['采样时间', '断面', '氨氮(mg/L)'],
            [new Date(Date.UTC(2026, 10, 3, 8, 30)), '南坑河出境断面', 0.1],
            [null, null, '<0.05'],
          ],
          merges: [
            { startRow: 1, startCol: 0, endRow: 2, endCol: 0 },
            { startRow: 1, startCol: 1, endRow: 2, endCol: 1 },
          ],
        },
        { name: '底稿', hidden: true, rows: [['secret']] },
      ],
    });
    const { format, tables } = await readTables(bytes);
    expect(format).toBe('XLSX');
    expect(tables.map(({ name }) => name)).toEqual(['水样']);
    const at = new Date('2026-11-03T08:30:00Z');
    expect(tables[0]!.lines.slice(1)).toEqual([
      { line: 2, cells: [at, '南坑河出境断面', 0.1] },
      { line: 3, cells: [at, '南坑河出境断面', '<0.05'] },
    ]);
  });
});

describe('a workbook made to fill the memory, or by a slip of the hand', () => {
  const SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
  /** Of one sheet with a value in each of these cells. */
  const made = async (cells: readonly string[], merged = ''): Promise<Uint8Array> => {
    const zip = new PizZip(await writeXlsx({ sheets: [{ name: 'S', rows: [['a']] }] }));
    const rows = cells.map((at) => `<row r="${at.replace(/\D/g, '')}"><c r="${at}"><v>1</v></c></row>`).join('');
    const merges = merged === '' ? '' : `<mergeCells count="1"><mergeCell ref="${merged}"/></mergeCells>`;
    zip.file('xl/worksheets/sheet1.xml', `${SHEET}${rows}</sheetData>${merges}</worksheet>`);
    return zip.generate({ type: 'uint8array', compression: 'DEFLATE' });
  };

  test('a merge of whole rows fills the table and nothing beside it', async () => {
    expect(await rowsOf(await made(['A1', 'B3'], 'A1:XFD1048576'))).toEqual([1, 2, 3].map((line) => [line, [1, 1]]));
  });

  test('a cell in a far corner', async () => {
    await expect(readTables(await made(['A1', 'E1048576']))).rejects.toThrow('太大');
  });

  test('an archive that unpacks to very much, or does not say to how much', async () => {
    const bytes = await made(['A1']);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const directory = view.getUint32(bytes.byteLength - 6, true);
    for (const size of [200 * 1024 * 1024, 0xffffffff, 0]) {
      view.setUint32(directory + 24, size, true);
      await expect(readTables(bytes)).rejects.toThrow('太大');
    }
  });
});

test.each([
  ['an empty file', new Uint8Array(), '空的'],
  ['bytes that are no text', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x80, 0x80]), '编码'],
  ['an old workbook', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), '.xlsx'],
  ['a zip that is no workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), 'Excel'],
  ['a quote that never closes', text('a,b\n"1,2\n3,4\n'), 'CSV'],
])('%s is refused in words', async (_, bytes, why) => {
  await expect(readTables(bytes)).rejects.toThrow(UnreadableFile);
  await expect(readTables(bytes)).rejects.toThrow(why);
});

test('the example files are what they are called', async () => {
  const format = async (name: string) => (await readTables(readFileSync(`test/fixtures/import/${name}`))).format;
  expect(await format('long-gbk.csv')).toBe('CSV, GB18030');
  expect(await format('wide-utf8-bom.csv')).toBe('CSV, UTF-8');
});
