/** What do reaches, the strip of a river and what came in and went out look like on the wire? */
import { z } from 'zod';
import { WATER_GRADES } from '../../../domain/compliance/river.js';
import { riverClass, time, verdict } from './contract.js';

const position = z.tuple([z.number(), z.number()]).describe('longitude and latitude, degrees');

const load = z.object({ kgPerDay: z.number(), plusMinus: z.number() }).nullable();
const waterGrade = z.enum(WATER_GRADES);
export const reachesAnswer = z.object({
  asOf: time,
  reaches: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      nameEn: z.string(),
      travelHours: z.number().nullable().describe('from the inflow to the assessed section'),
      line: z.array(position).nullable().describe('its course along the flow, as surveyed; null: not known'),
      sections: z.array(z.object({ id: z.string(), name: z.string(), role: z.string(), position: position.nullable() })),
      months: z.array(
        z.object({
          month: z.string(),
          method: z
            .enum(['mean', 'shares'])
            .nullable()
            .describe('under five sections the mean of each item, then its class; from five on the shares of classes'),
          class: riverClass.nullable(),
          grade: waterGrade.nullable(),
          gradeName: z.string().nullable().describe('优, 良好, 轻度污染, 中度污染 or 重度污染'),
          sections: z.number().describe('sections that have a class'),
          good: z.number().nullable().describe('percent of them in Ⅰ–Ⅲ, cut'),
          worst: z.number().nullable().describe('percent of them in 劣Ⅴ, cut'),
        }),
      ),
    }),
  ),
});

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is YYYY-MM-DD');
export const balanceQuery = z.object({
  period: z.string().optional(),
  from: day.optional(),
  to: day.optional().describe('exclusive'),
});
const end = z.object({ station: z.string(), name: z.string() });
export const balanceAnswer = z.object({
  reach: z.string(),
  name: z.string(),
  period: z.string().describe('2026-11, or days as asked, 2026-11-01/2026-11-08'),
  from: end,
  to: end,
  travelHours: z.number().nullable(),
  shiftDays: z.number().describe('whole days by which the outflow is compared later'),
  travel: z.string().describe('how the travel time was taken into account, in words'),
  days: z.number().describe('days with a verdict at both ends'),
  note: z.string().describe('估算,不作责任认定'),
  noLoads: z.string().nullable().describe('why there are no kg/d, in words'),
  items: z.array(
    z.object({
      parameter: z.string(),
      name: z.string(),
      unit: z.string(),
      days: z.number().describe('days with a valid mean at both ends'),
      inMean: z.number().nullable(),
      outMean: z.number().nullable(),
      difference: z.number().nullable().describe('out less in'),
      loadDays: z.number().describe('of them with a flow at both ends'),
      inflow: load.describe('kg/d; null without flow at both ends'),
      outflow: load,
      added: load.describe('out less in'),
      shareFromInflow: z.number().nullable().describe('percent of what went out that had come in, cut'),
      within: z.boolean().nullable().describe('true: what was added is no more than its uncertainty'),
      daily: z.array(
        z.object({ date: z.string(), in: z.number().nullable(), out: z.number().nullable(), difference: z.number().nullable() }),
      ),
    }),
  ),
});

const stripWindow = z.enum(['day', 'month']);
export const stripQuery = z.object({
  window: stripWindow.default('day'),
  from: day.optional().describe('30 days before `to` when it is left out'),
  to: day.optional().describe('exclusive; tomorrow when it is left out'),
});
export const stripAnswer = z.object({
  reach: z.string(),
  name: z.string(),
  window: stripWindow,
  asOf: time,
  from: time,
  to: time.describe('exclusive'),
  sections: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        nameEn: z.string(),
        role: z.string(),
        class: z.string().nullable().describe('the class the section is held to'),
        note: z.string().nullable().describe('printed beside the class, e.g. 待区局确认'),
        windows: z.array(
          z.object({
            start: time,
            end: time,
            verdict,
            class: riverClass.nullable(),
            reason: z.string().nullable(),
            mainItems: z.array(z.string()).describe('主要污染指标, worst first, e.g. 氨氮(0.2)'),
            excused: z.boolean().describe('不参评'),
          }),
        ),
      }),
    )
    .describe('in flow order, inflow first; closed windows only'),
  rain: z
    .object({
      station: z.string(),
      name: z.string(),
      nameEn: z.string(),
      unit: z.string(),
      windows: z.array(
        z.object({
          start: time,
          sum: z.number(),
          valid: z.number().describe('valid readings in the sum'),
          due: z.number().describe('readings of a whole window'),
        }),
      ),
    })
    .nullable(),
  noRain: z.string().nullable().describe('why there is no rain, in words'),
});
export const evidenceQuery = z.object({
  section: z.string().min(1),
  window: stripWindow.default('day'),
  start: day.describe('the day, or any day of the month'),
});

export type ReachesAnswer = z.infer<typeof reachesAnswer>;
export type BalanceAnswer = z.infer<typeof balanceAnswer>;
export type StripAnswer = z.infer<typeof stripAnswer>;
