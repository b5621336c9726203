/** What does a river chief's card look like on the wire, and what is said of a patrol? */
import { z } from 'zod';
import { ALERT_KINDS, SEVERITIES } from '../../../domain/alerting/alert.js';
import { rateComparison, time, window } from './contract.js';
import { freeText } from './text.js';

const words = z.object({ zh: z.string(), en: z.string() });
const place = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  accuracy: z.number().min(0).nullable().describe('metres'),
});

const chief = {
  id: z.string(),
  name: z.string().describe('the role'),
  nameEn: z.string(),
  step: z.number().int().nullable().describe('1 of a village, 4 of the town'),
  villages: z.array(z.string()).describe('empty: the whole town'),
};
const section = z.object({
  station: z.string(),
  name: words,
  class: z.string().nullable().describe('of the newest judged day'),
  current: z
    .object({ window, class: z.string().nullable() })
    .describe('the open window and its class so far, as /stations says it'),
  target: z.string().nullable(),
  nearest: z
    .object({
      name: words,
      value: z.number(),
      unit: z.string(),
      decimals: z.number(),
      time,
      limit: z.string(),
      left: z.number().nullable().describe('to the limit, in the unit; negative: beyond it'),
    })
    .nullable(),
});
const cases = z.object({ open: z.number(), overdue: z.number(), oldestDays: z.number().nullable() }).nullable();

export const chiefsAnswer = z.object({
  asOf: time,
  chiefs: z.array(
    z.object({
      ...chief,
      patrols: z.object({ due: z.number(), done: z.number() }).nullable(),
      cases,
      standing: z.number().describe('alerts that stand and are this chief’s to hear'),
      section: section.nullable(),
    }),
  ),
});

export const patrolView = z.object({
  id: z.string(),
  person: z.string(),
  at: time,
  by: z.string().describe('the account that entered it'),
  place: place.nullable(),
  note: z.string(),
});
export const patrolsAnswer = z.object({
  person: z.string(),
  from: time.describe('Monday 00:00 of the site’s calendar'),
  to: time,
  due: z.number().nullable().describe('null: the config sets none'),
  patrols: z.array(patrolView).describe('newest first'),
});
export const patrolsQuery = z.object({ person: z.string().min(1).max(100) });
export const patrolBody = z.object({
  person: z.string().min(1).max(100).describe('id of the river chief'),
  place: place.nullable().optional(),
  note: freeText.max(500).default(''),
});

export const cardAnswer = z.object({
  asOf: time,
  chief: z.object(chief),
  river: words.nullable(),
  sections: z.array(section),
  months: z.array(
    z.object({
      section: words,
      item: words,
      unit: z.string(),
      mean: z.string(),
      daysLeft: z.number(),
      high: z.string().nullable(),
      low: z.string().nullable(),
      possible: z.boolean(),
    }),
  ),
  years: z.array(
    z.object({
      target: words,
      basis: z.string(),
      met: z.number(),
      exceeded: z.number(),
      rate: z.number().nullable(),
      goal: z.number().nullable(),
      status: z.string().nullable(),
      setAside: z.object({ total: z.number(), over: z.number() }).optional().describe('人工剔除'),
      comparison: rateComparison.optional(),
    }),
  ),
  along: z
    .object({
      parameter: z.string(),
      item: words,
      unit: z.string(),
      decimals: z.number(),
      sections: z.array(z.object({ name: words, value: z.number().nullable() })),
      travel: z.string().nullable().describe('how long the water takes along them, as the river page says it'),
      rain24: z.number().nullable().describe('mm of the last 24 hours'),
      course: z.array(z.object({ date: z.string(), mean: z.number().nullable() })).describe('day means at the last section'),
    })
    .nullable(),
  cases,
  patrols: patrolsAnswer,
  data: z.object({
    online: z.number(),
    stations: z.number(),
    valid: z.number().nullable().describe('有效率: valid ÷ due since yesterday began, percent, cut; null: nothing came'),
    toReview: z.number().nullable(),
  }),
  standing: z.array(
    z.object({
      alert: z.string(),
      what: words,
      reason: words,
      kind: z.enum(ALERT_KINDS),
      severity: z.enum(SEVERITIES),
      since: time,
      isAcknowledged: z.boolean(),
    }),
  ),
  proven: time.nullable().describe('the last confirmation of the alert path'),
});

export type ChiefsAnswer = z.infer<typeof chiefsAnswer>;
export type CardAnswer = z.infer<typeof cardAnswer>;
export type PatrolView = z.infer<typeof patrolView>;
export type PatrolsAnswer = z.infer<typeof patrolsAnswer>;
export type PatrolsQuery = z.infer<typeof patrolsQuery>;
export type PatrolBody = z.infer<typeof patrolBody>;
