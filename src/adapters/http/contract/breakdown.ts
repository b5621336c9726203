/** What does a rate that comes apart look like on the wire: by time, by place, day by day? */
import { z } from 'zod';
import { SPLITS } from '../../../pipeline/reporting/report-breakdown.js';
import { riverClass, time, window } from './contract.js';
import { complianceAnswer, complianceQuery, scopeQuery } from './compliance.js';

export const breakdownQuery = complianceQuery
  .omit({ all: true, page: true, only: true, on: true, order: true })
  .extend({ by: z.enum(SPLITS).describe('month, quarter, station, village, reach or chief') });
export const breakdownAnswer = z.object({
  target: z.string(),
  period: z.string(),
  window,
  by: z.enum(SPLITS),
  part: z.string().nullable(),
  rows: z.array(
    complianceAnswer
      .pick({
        period: true,
        window: true,
        rate: true,
        met: true,
        exceeded: true,
        undetermined: true,
        excused: true,
        due: true,
        capture: true,
        status: true,
        reason: true,
        good: true,
      })
      .extend({
        key: z.string().describe('as the query names it: a period, or an id'),
        name: z.string(),
        nameEn: z.string(),
        setAside: z
          .object({ total: z.number(), over: z.number().describe('of them beyond a limit') })
          .optional()
          .describe('人工剔除: readings that people took out of the windows of the part'),
        running: z.boolean().describe('进行中: the period is not over'),
      }),
  ),
});

export const calendarQuery = scopeQuery.extend({ period: z.string().optional() });
export const calendarAnswer = z.object({
  target: z.string(),
  period: z.string(),
  window: window.describe('what fills a square: days where the medium is judged by them'),
  part: z.string().nullable(),
  asOf: time,
  days: z
    .array(
      z.object({
        date: z.string(),
        met: z.number(),
        exceeded: z.number(),
        undetermined: z.number(),
        excused: z.number(),
        class: riverClass.nullable().describe('the worst of the day'),
      }),
    )
    .describe('days that have a verdict'),
  open: z
    .array(
      z.object({
        station: z.string(),
        stationName: z.string(),
        start: time,
        end: time,
        upTo: time.nullable().describe('the newest value in it'),
        class: riverClass.nullable().describe('of the statistics so far'),
        items: z.array(
          z.object({
            parameter: z.string(),
            name: z.string(),
            unit: z.string(),
            value: z.number().nullable().describe('the statistic so far'),
            filled: z.number(),
            due: z.number(),
          }),
        ),
      }),
    )
    .describe('today, which has no verdict (进行中)'),
});

export const complianceFileQuery = complianceQuery
  .omit({ all: true, page: true, order: true })
  .extend({ format: z.enum(['csv', 'xlsx']), by: z.enum(SPLITS).optional().describe('adds the rate split by it') });

export type BreakdownQuery = z.infer<typeof breakdownQuery>;
export type BreakdownAnswer = z.infer<typeof breakdownAnswer>;
export type CalendarQuery = z.infer<typeof calendarQuery>;
export type CalendarAnswer = z.infer<typeof calendarAnswer>;
export type ComplianceFileQuery = z.infer<typeof complianceFileQuery>;
