/** How does the audit trail read in a spreadsheet? One act a line, what was before and after as JSON. */
import type { AuditAnswer } from '../contract/decisions.js';
import { csvLine } from './csv-cell.js';

type Entry = AuditAnswer['entries'][number];

const COLUMNS = [
  'id',
  'at',
  'who',
  'address',
  'action',
  'what',
  'station',
  'reason',
  'before',
  'after',
  'previous',
  'hash',
] as const;

/** Entries read at a time: a trail of years is never in memory at once. */
const PAGE = 1000;

/** What was before and after stands as JSON. */
const cellOf = (found: unknown): string | null =>
  found === null || found === undefined ? null : typeof found === 'string' ? found : JSON.stringify(found);

/** The file, piece by piece; `page` reads entries older than an id, newest first. */
export function* auditFile(page: (before: number | undefined, limit: number) => readonly Entry[]): Generator<string> {
  // The mark at the beginning tells a spreadsheet that this is UTF-8.
  yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  for (let before: number | undefined; ;) {
    const entries = page(before, PAGE);
    yield entries.map((entry) => csvLine(COLUMNS.map((column) => cellOf(entry[column])))).join('');
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return;
    before = Number(last.id);
  }
}
