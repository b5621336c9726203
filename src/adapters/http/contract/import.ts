/** What do values look like that people bring in? Laboratory results and old data, `POST /api/v1/import`. */
import { z } from 'zod';
import { MARKS, REJECTION_REASONS, SOURCES } from '../../../domain/reading.js';
import { freeText } from './text.js';

/** Values of one request at most: they fit into a body. */
export const MOST_VALUES = 400;

const instant = z.iso
  .datetime({ offset: true, error: '应为带时区的 ISO 8601 时间,如 2026-11-23T08:00:00+08:00' })
  .describe('ISO 8601 with an offset');

export const importBody = z.strictObject({
  station: z.string().min(1),
  source: z.enum(SOURCES).default('lab'),
  file: freeText.min(1).max(200).default('HTTP').describe('where the values are from, as the audit trail names it'),
  dryRun: z.boolean().default(false).describe('true: only compares with what is held'),
  values: z
    .array(
      z.strictObject({
        parameter: z.string().min(1).describe("a parameter's code"),
        time: instant,
        value: z.number().describe("in the parameter's unit; a non-detect: half its detection limit"),
        mark: z.enum(MARKS).optional().describe('S for a laboratory, N for an instrument unless given'),
        detection: z.number().positive().optional().describe('the detection limit, only of a non-detect'),
      }),
    )
    .min(1)
    .max(MOST_VALUES),
});

export const importAnswer = z.object({
  taken: z.number().describe('values that are durable now; they end as stored, duplicate or corrected'),
  standings: z
    .array(z.enum(['new', 'duplicate', 'different', 'unknown']))
    .describe('of each value beside what is held; unknown while the archive is away'),
  refused: z.array(z.object({ index: z.number(), reason: z.enum(REJECTION_REASONS), detail: z.string() })),
});

export type ImportBody = z.infer<typeof importBody>;
export type ImportRequest = z.input<typeof importBody>;
export type ImportAnswer = z.infer<typeof importAnswer>;
