/** How do refused payloads read in a file of their own? As CSV for a spreadsheet, or one JSON object a line for a program. */
import { isUtf8 } from 'node:buffer';
import { csvLine } from './csv-cell.js';
import type { RefusedRow } from '../reports.js';

/** The kinds of file, with their media types. */
export const FILE_TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const;

const COLUMNS = ['time', 'topic', 'station', 'reason', 'values', 'detail', 'payload', 'payload_base64'] as const;

/** A payload is text, or, where it is none, base64, so that every byte can be had back. */
function payloadOf(payload: Uint8Array): { payload: string | null; payload_base64: string | null } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return isUtf8(bytes)
    ? { payload: bytes.toString('utf8'), payload_base64: null }
    : { payload: null, payload_base64: bytes.toString('base64') };
}

/** The file, piece by piece, so that a full quota of payloads is never in memory at once. */
export function* rejectionsFile(rows: Iterable<RefusedRow>, format: keyof typeof FILE_TYPES): Generator<string> {
  // The mark at the beginning tells a spreadsheet that this is UTF-8.
  if (format === 'csv') yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  for (const { payload, ...row } of rows) {
    const all = { ...row, ...payloadOf(payload) };
    yield format === 'csv' ? csvLine(COLUMNS.map((column) => all[column])) : `${JSON.stringify(all)}\n`;
  }
}
