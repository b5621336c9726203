/** What does the answer about a year's volume look like? */
import { z } from 'zod';

export const volumeAnswer = z.object({
  stations: z.number().describe('active ones'),
  series: z.number().describe('a parameter of a station each'),
  readingsPerYear: z.number(),
  verdictsPerYear: z.number(),
  bytesPerYear: z.number().describe('of the state, compact'),
  bytesPerReading: z.number().describe('measured, indexes included'),
  bytesPerVerdict: z.number().describe('measured, with its evidence'),
  freePages: z.number().describe('a state in use is up to so many times the compact one'),
  packed: z.number().describe('a backup is so much of the compact state'),
  keptBackups: z.number().nullable().describe('daily ones that are kept; null: none are made'),
  rawHistory: z.enum(['state', 'influxdb']),
});

export type VolumeAnswer = z.infer<typeof volumeAnswer>;
