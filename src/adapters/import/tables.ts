/** What rows does a file hold? CSV in the usual encodings, and XLSX; nothing is interpreted yet. */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { type CellValue, type ReadOptions, readXlsx, type Workbook } from 'hucre';
import { unpackedBytes } from './unpacked.js';

/** The largest file taken, bytes. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** What a workbook may become in memory: bytes, and cells of the frames of its sheets. More is a slip of the hand, or was made to kill us. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;
const MAX_CELLS = 4_000_000;
/** Bytes that all its sheets together may need to be read. */
const MAX_WORK_BYTES = 8 * MAX_UNPACKED_BYTES;

/** A cell: text, a number, a wall-clock time whose UTC fields read as local ones (Excel knows no zones), or nothing. */
export type Cell = string | number | Date | null;

/** A row with the number it has in the file, counted from 1 as an editor or a spreadsheet shows it. */
export interface Line {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** One sheet of a workbook, or a CSV file (`name` is then `null`). */
export interface Table {
  readonly name: string | null;
  readonly lines: readonly Line[];
}

/** What was read, and as what. */
export interface ReadFile {
  /** E.g. `CSV, GB18030`. */
  readonly format: string;
  readonly tables: readonly Table[];
}

/** A file that is none of the kinds that can be read; the message says what would be right. */
export class UnreadableFile extends Error {}

const startsWith = (bytes: Uint8Array, ...head: readonly number[]): boolean => head.every((byte, i) => bytes[i] === byte);

/**
 * The rows of a file, told by its content, never by its name: XLSX (also with merged cells, whose value then stands in
 * each of them), or CSV with comma, semicolon or tab in UTF-8, UTF-16 with a mark, or GB 18030 (which includes GBK and
 * GB 2312). Throws `UnreadableFile`.
 */
export async function readTables(bytes: Uint8Array): Promise<ReadFile> {
  if (bytes.byteLength === 0) throw new UnreadableFile('文件是空的 the file is empty');
  if (bytes.byteLength > MAX_FILE_BYTES) {
    throw new UnreadableFile(`文件超过 ${MAX_FILE_BYTES / 1024 / 1024} MiB,请拆分 the file is too large, split it`);
  }
  if (startsWith(bytes, 0x50, 0x4b)) return { format: 'XLSX', tables: await sheets(bytes) };
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new UnreadableFile('旧版 .xls 或加密的工作簿:请另存为不加密的 .xlsx an old or encrypted workbook: save it as .xlsx');
  }
  const { text, encoding } = decode(bytes);
  return { format: `CSV, ${encoding}`, tables: [{ name: null, lines: csv(text) }] };
}

async function sheets(bytes: Uint8Array): Promise<Table[]> {
  const unpacked = unpackedBytes(bytes);
  if (unpacked > MAX_UNPACKED_BYTES) throw tooLarge();
  const shown: number[] = [];
  await workbook(bytes, ({ hidden, veryHidden }, index) => {
    if (hidden !== true && veryHidden !== true) shown.push(index);
    return false;
  });
  // The texts of all sheets are read anew for each.
  if (unpacked * shown.length > MAX_WORK_BYTES) throw tooLarge();
  const tables: Table[] = [];
  let room = MAX_CELLS;
  // One at a time: a cell in a far corner makes a sheet of a few bytes large, and a workbook may have hundreds of those.
  for (const index of shown) {
    const [sheet] = (await workbook(bytes, [index])).sheets;
    if (sheet === undefined) continue;
    const { name, rows, merges } = sheet;
    const width = Math.max(0, ...rows.slice(0, 1).map((row) => row.length));
    room -= rows.length * width;
    const filled = room < 0 ? [] : rows.map((row) => row.map(cellOf));
    for (const { startRow, startCol, endRow, endCol } of merges ?? []) {
      const value = filled[startRow]?.[startCol] ?? null;
      const [rowEnd, colEnd] = [Math.min(endRow, filled.length - 1), Math.min(endCol, width - 1)];
      room -= Math.max(0, rowEnd - startRow + 1) * Math.max(0, colEnd - startCol + 1);
      if (room < 0) break;
      for (let r = startRow; r <= rowEnd; r++) for (let c = startCol; c <= colEnd; c++) filled[r]![c] = value;
    }
    if (room < 0) throw tooLarge();
    tables.push({ name, lines: filled.map((cells, i) => ({ line: i + 1, cells })) });
  }
  return tables;
}

const tooLarge = (): UnreadableFile =>
  new UnreadableFile(
    `工作簿太大(解压后至多 ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB、${MAX_CELLS / 10_000} 万格):删去数据以外的行和列,或拆分 the workbook is too large: delete rows and columns beyond the data, or split it`,
  );

async function workbook(bytes: Uint8Array, which: NonNullable<ReadOptions['sheets']>): Promise<Workbook> {
  try {
    return await readXlsx(bytes, { sheets: which });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableFile(`不是能读取的 Excel 工作簿 not a readable workbook: ${why}`);
  }
}

/** A computed 0.1 + 0.2 is 0.3 in Excel's eyes, which shows and compares 15 digits; the file holds 0.30000000000000004. */
const cellOf = (cell: CellValue): Cell =>
  typeof cell === 'number' ? Number(cell.toPrecision(15)) : typeof cell === 'boolean' ? String(cell) : cell;

function decode(bytes: Uint8Array): { text: string; encoding: string } {
  if (startsWith(bytes, 0xff, 0xfe)) return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  if (startsWith(bytes, 0xfe, 0xff)) return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' };
  if (isUtf8(bytes)) return { text: new TextDecoder('utf-8').decode(bytes), encoding: 'UTF-8' };
  try {
    return { text: new TextDecoder('gb18030', { fatal: true }).decode(bytes), encoding: 'GB18030' };
  } catch {
    throw new UnreadableFile(
      '编码既不是 UTF-8 也不是 GBK/GB18030,也不是 Excel 文件 neither UTF-8 nor GB 18030 text, nor an Excel file',
    );
  }
}

const DELIMITERS = [',', '\t', ';'] as const;

function csv(text: string): Line[] {
  // Chinese commas and the other two occur inside cells too: the one that cuts the first rows most often is it.
  const head = text.split(/\r\n|\r|\n/, 20).join('\n');
  const [delimiter] = [...DELIMITERS].sort((a, b) => head.split(b).length - head.split(a).length);
  try {
    const records = parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    // A record that fills several lines is named by its last one.
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnreadableFile(`不是能读取的 CSV not readable as CSV: ${why}`);
  }
}
