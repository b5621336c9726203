/** How does a bulletin become a workbook? A sheet for what it says, then a sheet for each table; figures are numbers. */
import { type Cell, type CellStyle, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import { type Bulletin, type Column, type Section, SIGNERS } from '../../domain/bulletins/bulletin.js';
import { entriesOf, sameZip } from './same-zip.js';
import type { Picture } from './docx.js';

type Value = string | number | null;

const SONG = '宋体';
const EDGE = { style: 'thin', color: { rgb: '333333' } } as const;
const GRID = { top: EDGE, right: EDGE, bottom: EDGE, left: EDGE } as const;
const TITLE: CellStyle = { font: { name: SONG, size: 16, bold: true }, alignment: { horizontal: 'center' } };
const STATE: CellStyle = {
  font: { name: '黑体', size: 11, bold: true, color: { rgb: 'B03A2E' } },
  alignment: { horizontal: 'center' },
};
const PLAIN: CellStyle = { font: { name: SONG, size: 11 }, alignment: { wrapText: true, vertical: 'top' } };
const HEAD: CellStyle = {
  font: { name: SONG, size: 10, bold: true },
  border: GRID,
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'EDF1EE' } },
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
};
const BODY: CellStyle = { font: { name: SONG, size: 10 }, border: GRID, alignment: { vertical: 'center', wrapText: true } };

/** Signs of a column of width 1. */
const SIGNS = 8;

/** Signs of a line of the first sheet; a sentence that is longer takes more rows of height. */
const LINE = 84;
const ROW_POINTS = 18;

/** Space between two pictures of a sheet, in rows. */
const PICTURE_ROWS = 14;
const PICTURE_HIGH = 11;

/** The workbook; the same bulletin gives the same bytes. */
export async function workbook(bulletin: Bulletin, pictures: readonly Picture[]): Promise<Uint8Array> {
  const made = new Date(`${bulletin.madeOn}T00:00:00Z`);
  let drawn = 0;
  const sheets = bulletin.sections.flatMap((section) => {
    const own = section.courses.map(({ caption }) => ({ caption, picture: pictures[drawn++]! }));
    return section.columns.length === 0 ? [] : [tableSheet(bulletin, section, own)];
  });
  const bytes = await writeXlsx({
    sheets: [headSheet(bulletin), ...sheets],
    properties: { title: `${bulletin.title} ${bulletin.periodText}`, creator: bulletin.office, created: made, modified: made },
    defaultFont: { name: SONG, size: 11 },
  });
  return sameZip(entriesOf(bytes));
}

/** Title, state, all sentences, notes, and the lines to sign. */
function headSheet(bulletin: Bulletin): WriteSheet {
  const lines: (readonly [text: string, style: CellStyle])[] = [
    [`${bulletin.title}`, TITLE],
    [
      `${bulletin.periodText}    ${bulletin.office}    制表日期 ${bulletin.madeOn}`,
      { ...PLAIN, alignment: { horizontal: 'center' } },
    ],
    [bulletin.stateText, STATE],
    ['', PLAIN],
    ...bulletin.sections.flatMap(({ heading, lines }) => [
      [heading, { ...PLAIN, font: { name: '黑体', size: 12 } }] as const,
      ...lines.map((text) => [text, PLAIN] as const),
    ]),
    ['', PLAIN],
    ...bulletin.footnotes.map((text, i) => [`注${i + 1}:${text}`, PLAIN] as const),
    ['', PLAIN],
    [SIGNERS.map((who) => `${who}:______________`).join('      '), PLAIN],
  ];
  return {
    name: '报表',
    columns: [{ width: 80 }],
    rows: lines.map(([text]) => [text]),
    cells: styled(lines.map(([text, style]) => [[text, style]])),
    rowDefs: new Map(
      lines.map(([text, style], i) => [
        i,
        { height: (style === TITLE ? 28 : ROW_POINTS) * Math.max(1, Math.ceil(wideOf(text) / LINE)) },
      ]),
    ),
    ...paper('portrait', bulletin),
  };
}

function tableSheet(
  bulletin: Bulletin,
  { name, heading, columns, rows }: Section,
  pictures: readonly { caption: string; picture: Picture }[],
): WriteSheet {
  const caption = `${bulletin.title} ${bulletin.periodText} ${heading}${bulletin.watermark === '' ? '' : `(${bulletin.watermark})`}`;
  const table: (readonly [Value, CellStyle])[][] = [
    [[caption, { ...PLAIN, font: { name: '黑体', size: 11 }, alignment: { wrapText: false } }]],
    columns.map(({ title }) => [title, HEAD] as const),
    ...rows.map((row) => columns.map((column, i) => cellOf(row[i] ?? '', column))),
  ];
  const first = table.length + 1;
  pictures.forEach(({ caption: text }, i) => {
    const at = first + i * PICTURE_ROWS;
    while (table.length < at) table.push([]);
    table.push([[text, { ...PLAIN, alignment: { wrapText: false } }]]);
  });
  return {
    name,
    columns: columns.map((column) => ({ width: signsOf(column) })),
    // A program that opens it keeps the height of one line, however many the headings of a row take.
    rowDefs: new Map([[1, { height: ROW_POINTS * Math.max(...columns.map(headLines)) }]]),
    rows: table.map((cells) => cells.map(([value]) => value)),
    cells: styled(table),
    ...(pictures.length > 0 && {
      images: pictures.map(({ picture, caption: altText }, i) => {
        const row = first + i * PICTURE_ROWS + 1;
        const anchor = { from: { row, col: 0 }, to: { row: row + PICTURE_HIGH, col: columns.length } };
        return { data: picture.png, type: 'png' as const, altText, anchor };
      }),
    }),
    ...paper('landscape', bulletin),
  };
}

const signsOf = ({ width }: Column): number => Math.round(width * SIGNS);

/** Lines that a heading takes in its column, whose edges and bold letters take two signs. */
const headLines = (column: Column): number => Math.ceil(wideOf(column.title) / (signsOf(column) - 2));

/** Texts stay texts, so that none is taken for a formula; a figure keeps the decimals it was printed with. */
function cellOf(text: string, { figure }: Column): readonly [Value, CellStyle] {
  const match = figure === true ? /^-?\d+(?:\.(\d+))?$/.exec(text) : null;
  if (match === null) return [text, BODY];
  const decimals = match[1]?.length ?? 0;
  return [
    Number(text),
    {
      ...BODY,
      alignment: { ...BODY.alignment, horizontal: 'right' },
      numFmt: decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`,
    },
  ];
}

function styled(table: readonly (readonly (readonly [Value, CellStyle])[])[]): Map<string, Partial<Cell>> {
  const cells = new Map<string, Partial<Cell>>();
  table.forEach((row, r) =>
    row.forEach(([value, style], c) =>
      cells.set(`${r},${c}`, { value, type: typeof value === 'number' ? 'number' : 'string', style }),
    ),
  );
  return cells;
}

/** Chinese signs are twice as wide as figures. */
const wideOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > '\u00ff' ? 2 : 1), 0);

/** A4, one page wide; a draft says so at the head of every page. */
const paper = (orientation: 'portrait' | 'landscape', { watermark }: Bulletin) => ({
  pageSetup: { paperSize: 'a4' as const, orientation, fitToPage: true, fitToWidth: 1, fitToHeight: 0, horizontalCentered: true },
  headerFooter: { ...(watermark !== '' && { oddHeader: `&C${watermark}` }), oddFooter: '&C第 &P 页 共 &N 页' },
});
