/** What does the page of the data ask beyond readings? A file to import, limits that wait, what is not done yet. */
import { z } from 'zod';
import { SOURCES } from '../../../domain/reading.js';
import { mark, time, window } from './contract.js';
import { freeText } from './text.js';

/** The largest file taken over HTTP, bytes; a larger one comes in by the command line. */
export const MOST_FILE_BYTES = 5 * 1024 * 1024;

/** Media types a browser gives a CSV or XLSX file; what it is, is told by its content. */
export const FILE_MEDIA_TYPES = [
  'text/csv',
  'text/plain',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
] as const;

export const importFileQuery = z.object({
  station: z.string().min(1).optional().describe('of all values, where the file names none'),
  source: z.enum(SOURCES).default('lab'),
  file: freeText.min(1).max(200).default('file').describe('its name, as the audit trail tells it'),
  dryRun: z.enum(['0', '1']).default('0').describe('1: only compares with what is held'),
  from: z.coerce.number().int().min(0).default(0).describe('`next` of the answer before'),
});

const standing = z.enum(['new', 'duplicate', 'different', 'unknown']);
const standings = z
  .object({ new: z.number(), duplicate: z.number(), different: z.number(), unknown: z.number() })
  .describe('beside what is held; `different` becomes a correction, `unknown` while the archive is away');
const place = {
  sheet: z.string().nullable().describe('null in a CSV file'),
  line: z.number(),
  column: z.string().nullable(),
};
const series = {
  station: z.string(),
  stationName: z.string(),
  parameter: z.string(),
  parameterName: z.string(),
  unit: z.string(),
};

export const importFileAnswer = z.object({
  format: z.string().describe('e.g. CSV, GB18030'),
  total: z.number().describe('values of the file that can be imported'),
  done: z.number().describe('of them, those that were looked at or taken up to now'),
  next: z.number().nullable().describe('`from` of the request that goes on; null when all is done'),
  taken: z.number().describe('values of this request that are durable now'),
  standings,
  repeated: z.number().describe('the same value a second time in the file'),
  blank: z.number().describe('cells that say that nothing was measured'),
  notes: z.array(z.string()),
  series: z.array(z.object({ ...series, values: z.number(), from: time, to: time, nonDetects: z.number(), standings })),
  first: z.array(z.object({ ...place, ...series, time, value: z.number(), mark, detection: z.number().nullable(), standing })),
  refused: z.array(z.object({ ...place, why: z.string() })).describe('the first 1,000'),
  refusedTotal: z.number(),
});

const listedLimit = z.object({
  standard: z.string(),
  item: z.string(),
  parameter: z.string().nullable(),
  class: z.string().nullable(),
  averaging: z.string(),
  number: z.string().describe('as printed, e.g. <= 1.0'),
  citation: z.string(),
  note: z.string().nullable(),
  file: z.string().describe('within the folder of the config'),
  path: z.string().describe('e.g. limits[3]'),
});

export const limitsAnswer = z.object({
  unconfirmed: z.array(listedLimit).describe('限值待确认: loaded, no verdicts until the office confirms it in the config'),
  placeholders: z.array(listedLimit).describe('guesses and other provinces’ rules: not loaded'),
  unmeasured: z.array(listedLimit).describe('of items that nothing here measures'),
});

export const backlogAnswer = z.object({
  asOf: time,
  log: z.array(
    z.object({
      consumer: z.enum(['settle', 'judge', 'archive', 'watch', 'assess']),
      waiting: z.number().describe('values'),
    }),
  ),
  archive: z.object({ name: z.string(), trouble: z.string().nullable() }),
  windows: z.object({
    waiting: z.number(),
    first: z.array(
      z.object({
        window,
        station: z.string(),
        start: time,
        again: z.boolean().describe('待重算: something it rests on has changed; false: it has just closed'),
      }),
    ),
  }),
});

export type ImportFileQuery = z.infer<typeof importFileQuery>;
export type ImportFileAnswer = z.infer<typeof importFileAnswer>;
export type ListedLimit = z.infer<typeof listedLimit>;
export type LimitsAnswer = z.infer<typeof limitsAnswer>;
export type BacklogAnswer = z.infer<typeof backlogAnswer>;
