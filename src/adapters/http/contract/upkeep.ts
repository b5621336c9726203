/** What do comparisons with the laboratory and the maintenance plan look like on the wire? */
import { z } from 'zod';
import { UPKEEP_TASKS } from '../../../domain/upkeep/plan.js';
import { time } from './contract.js';
import { freeText } from './text.js';

const words = z.object({ zh: z.string(), en: z.string() });
const date = z.string().describe('YYYY-MM-DD');

/** What a series prints: 最近比对 11-05 合格, or 待比对. */
const state = {
  date: date.nullable().describe('day of the newest comparison'),
  passed: z.boolean().nullable(),
  due: z.boolean().describe('待比对: none yet, or longer ago than dueDays'),
};

const series = {
  station: z.string(),
  stationName: z.string(),
  stationNameEn: z.string(),
  parameter: z.string(),
  name: z.string(),
  nameEn: z.string(),
  unit: z.string(),
  decimals: z.number(),
};
const agreement = z.object({ passed: z.boolean(), rule: words, error: words });
const rule = {
  citation: z.string(),
  grade: z.enum(['transcribed', 'own']).describe('own: the town’s own number; transcribed: still to be read against the print'),
};

export const comparisonView = z.object({
  ...series,
  id: z.string(),
  time: time.describe('when the sample was taken'),
  laboratory: z.number(),
  sensor: z.number(),
  readings: z.number().nullable().describe('readings behind the sensor’s value; null: entered by hand'),
  passed: z.boolean().describe('worked out by the rule, never entered'),
  rule: words,
  error: words,
  ...rule,
  note: z.string(),
  by: z.string().describe('the account that entered it'),
  at: time,
  withdrawn: z.object({ by: z.string(), at: time, reason: z.string() }).nullable(),
});
export const comparisonsAnswer = z.object({
  asOf: time,
  dueDays: z.number(),
  comparisons: z.array(comparisonView).describe('newest sample first, withdrawn ones too'),
  series: z.array(z.object({ ...series, comparison: z.object(state), ...rule })).describe('every series that has a tolerance'),
  offered: z
    .array(
      z.object({
        ...series,
        time,
        laboratory: z.number(),
        detection: z.number().nullable().describe('of a non-detect'),
        sensor: z.number().nullable().describe('null: nothing valid around the sample'),
        readings: z.number(),
        agreement: agreement.nullable(),
      }),
    )
    .describe('laboratory samples that came and were not compared, newest first'),
});
export const comparisonsQuery = z.object({
  station: z.string().min(1).max(100).optional(),
  parameter: z.string().min(1).max(100).optional().describe('code or alias'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

const moment = z.string().min(1).max(40).describe('ISO 8601 with an offset');
const value = z.number().min(-1e6).max(1e9);
export const proposalQuery = z.object({
  station: z.string().min(1).max(100),
  parameter: z.string().min(1).max(100),
  time: moment,
  laboratory: z.coerce.number().min(-1e6).max(1e9).optional(),
});
export const proposalAnswer = z.object({
  ...series,
  time,
  sensor: z.number().nullable().describe('mean of the valid readings around the sample; null: there is none'),
  readings: z.number(),
  from: time,
  to: time,
  agreement: agreement.nullable(),
  ...rule,
});
export const comparisonBody = z.object({
  station: z.string().min(1).max(100),
  parameter: z.string().min(1).max(100),
  time: moment,
  laboratory: value,
  sensor: value.optional().describe('absent: as proposed'),
  note: freeText.max(1000).default(''),
});
export const withdrawBody = z.object({ reason: freeText.min(1).max(1000) });

const taskState = z.enum(['never', 'overdue', 'due', 'soon', 'later']);
export const upkeepAnswer = z.object({
  asOf: time,
  counts: z.record(taskState, z.number()),
  stations: z.array(
    z.object({
      station: z.string(),
      name: z.string(),
      nameEn: z.string(),
      village: z.string().nullable(),
      open: z.boolean().describe('somebody works there now'),
      tasks: z.array(
        z.object({
          task: z.enum(UPKEEP_TASKS),
          name: z.string(),
          nameEn: z.string(),
          everyDays: z.number(),
          last: date.nullable().describe('day of the last maintenance record of it'),
          due: date.nullable(),
          days: z.number().nullable().describe('to the due day, negative once it has passed'),
          state: taskState,
        }),
      ),
    }),
  ),
});

export type ComparisonView = z.infer<typeof comparisonView>;
export type ComparisonsAnswer = z.infer<typeof comparisonsAnswer>;
export type ComparisonsQuery = z.infer<typeof comparisonsQuery>;
export type ProposalQuery = z.infer<typeof proposalQuery>;
export type ProposalAnswer = z.infer<typeof proposalAnswer>;
export type ComparisonBody = z.infer<typeof comparisonBody>;
export type UpkeepAnswer = z.infer<typeof upkeepAnswer>;
