/** What does one alert look like with all that is known of it, and how are alerts looked for? */
import { z } from 'zod';
import { ALERT_KINDS, ALERT_STATES, SEVERITIES } from '../../../domain/alerting/alert.js';
import { alertView, time } from './contract.js';

const moment = z.string().min(1).max(40).describe('ISO 8601 with an offset, or a day of the site’s calendar');

/** Which alerts; what is left out is any. */
export const alertSearch = z.object({
  state: z
    .enum([...ALERT_STATES, 'standing', 'over'])
    .optional()
    .describe('`standing`: neither resolved nor closed; `over`: one of these'),
  kind: z.enum(ALERT_KINDS).optional(),
  severity: z.enum(SEVERITIES).optional(),
  station: z.string().min(1).max(100).optional(),
  from: moment.optional().describe('absent: 400 days ago'),
  to: moment.optional().describe('a day is meant with all its hours; absent: now'),
});
export const alertSearchAnswer = z.object({
  asOf: time,
  alerts: z.array(alertView).describe('newest first'),
  more: z.boolean().describe('there are older ones that are not listed'),
});

/** Somebody who was told, or is about to be. */
const toldView = z.object({
  person: z.string(),
  name: z.string().describe('the role'),
  nameEn: z.string(),
  step: z.number().int().nullable().describe('of the ladder; null: beside it'),
  why: z.string().describe('beside the name; empty where it adds nothing'),
  whyEn: z.string(),
  state: z.enum(['waiting', 'sent', 'failed']),
  at: time.nullable().describe('when the mail was accepted, or else written; null: it is not written yet'),
});
export const alertFileAnswer = z.object({
  asOf: time,
  alert: alertView,
  told: z.array(toldView),
  next: z
    .object({
      at: time,
      step: z.number().int(),
      people: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string() })),
    })
    .nullable()
    .describe('who hears it when nobody acknowledges it until then; null: it climbs no further'),
  hushedBy: z.string().nullable().describe('what holds it back, e.g. silence/3'),
  notices: z.array(
    z.object({
      id: z.string(),
      recipient: z.string(),
      recipientEn: z.string(),
      channel: z.string(),
      subject: z.string(),
      reason: z.string(),
      state: z.enum(['waiting', 'sent', 'failed']),
      attempts: z.number(),
      error: z.string().nullable(),
      mergedInto: z.string().nullable(),
      createdAt: time,
      sentAt: time.nullable(),
    }),
  ),
});

export type AlertSearch = z.infer<typeof alertSearch>;
export type AlertSearchAnswer = z.infer<typeof alertSearchAnswer>;
export type AlertFileAnswer = z.infer<typeof alertFileAnswer>;
