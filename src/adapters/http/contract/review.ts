/** What do readings that wait for review look like on the wire? */
import { z } from 'zod';
import { CHECK_NAMES } from '../../../domain/quality/checks.js';
import { SOURCES } from '../../../domain/reading.js';
import { time } from './contract.js';

/** A doubtful reading that nobody has decided about. */
export const doubtView = z.object({
  station: z.string(),
  parameter: z.string(),
  source: z.enum(SOURCES),
  time,
  value: z.number(),
  quality: z.enum(['suspect', 'fail']).describe('suspect counts, fail does not'),
  checks: z.array(z.string()).describe(`not passed: ${CHECK_NAMES.join(', ')}`),
  since: time.describe('since when it waits'),
});
export const reviewQuery = z.object({
  station: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const reviewAnswer = z.object({
  total: z.number().describe('so many wait'),
  days: z
    .object({ waiting: z.number(), changed: z.number() })
    .describe('待审: days of stations that wait for a first review, and how many of them changed after one'),
  review: z.array(doubtView).describe('newest measured first'),
});

export type ReviewAnswer = z.infer<typeof reviewAnswer>;
