/** What do the days of one station, what lay over its readings, and its newest message look like on the wire? */
import { z } from 'zod';
import { REJECTION_REASONS } from '../../../domain/reading.js';
import { alertView, mark, quality, riverClass, time, window } from './contract.js';
import { verdictView } from './compliance.js';
import { maintenanceView } from './decisions.js';

export const stationDaysQuery = z.object({
  year: z
    .string()
    .regex(/^\d{4}$/, 'a year has four digits')
    .optional()
    .describe('the running one when left out'),
});

/** A year of a station, a day at a time. */
export const stationDaysAnswer = z.object({
  station: z.string(),
  asOf: time,
  year: z.string(),
  window: window.describe('what the days are told by: day, or a shorter one where days get no verdict'),
  today: z.string().nullable().describe('the day that is open; null when it is of another year'),
  days: z.array(
    z.object({
      date: z.string(),
      state: z.enum(['met', 'exceeded', 'undetermined', 'excused']).describe('of the worst window of the day; excused is 不参评'),
      class: riverClass.nullable(),
      met: z.number().describe('windows of the day'),
      exceeded: z.number(),
      undetermined: z.number(),
    }),
  ),
});

/** The windows of one day with their evidence. */
export const stationDayAnswer = z.object({
  station: z.string(),
  date: z.string(),
  window,
  windows: z.array(verdictView),
});

export const spansQuery = z.object({ from: z.string().min(1).max(40), to: z.string().min(1).max(40) });

/** The limits of a station's series, each over the days of the asked stretch on which it held. */
export const stationLimitsAnswer = z.object({
  station: z.string(),
  limits: z.array(
    z.object({
      parameter: z.string(),
      from: time,
      to: time.describe('exclusive'),
      limit: z.union([z.number(), z.tuple([z.number(), z.number()])]),
      text: z.string(),
      citation: z.string(),
      condition: z.string().nullable().describe('e.g. water temperature > 12 C'),
      daily: z.boolean().describe('binds the mean of a day, not a single value'),
      otherClass: riverClass.nullable().describe('a line between classes that does not bind here; null: it binds'),
      unconfirmed: z.boolean().describe('限值待确认'),
    }),
  ),
});

/** What lay over the readings of a station: work at its instruments, and alerts. */
export const spansAnswer = z.object({
  station: z.string(),
  maintenance: z.array(maintenanceView),
  alerts: z.array(
    alertView
      .pick({ id: true, parameter: true, kind: true, severity: true, reason: true, reasonEn: true })
      .extend({ from: time, to: time.nullable().describe('null: it stands') }),
  ),
});

const sent = { parameter: z.string(), time, value: z.number(), mark };

/** The newest message of a station, and what became of it. */
export const lastMessageAnswer = z.object({
  station: z.string(),
  asOf: time,
  message: z
    .object({
      received: time,
      topic: z.string(),
      bytes: z.number(),
      payload: z.string().describe('the first 4 KiB, as text'),
      seq: z.number().nullable().describe("the message's own number"),
      timeless: z.boolean().describe('it named no time: the arrival stands for it'),
      more: z.number().describe('values and refusals of it beyond those listed'),
      values: z.array(
        z.object({
          ...sent,
          fate: z
            .enum(['kept', 'replaced', 'pending'])
            .describe('kept: it stands; replaced: another value came for the same moment; pending: not settled yet'),
          quality: quality.nullable(),
          checks: z.array(z.string()),
        }),
      ),
      refused: z.array(z.object({ reason: z.enum(REJECTION_REASONS), detail: z.string(), values: z.number() })),
    })
    .nullable()
    .describe('null: none came since the service started'),
  newest: z.array(z.object({ ...sent, received: time, quality, checks: z.array(z.string()) })),
  rejections: z
    .array(
      z.object({
        time,
        topic: z.string(),
        reason: z.enum(REJECTION_REASONS),
        detail: z.string(),
        values: z.number(),
        payload: z.string(),
      }),
    )
    .describe("the station's newest refusals"),
});

export type StationDaysAnswer = z.infer<typeof stationDaysAnswer>;
export type StationDayAnswer = z.infer<typeof stationDayAnswer>;
export type StationLimitsAnswer = z.infer<typeof stationLimitsAnswer>;
export type SpansAnswer = z.infer<typeof spansAnswer>;
export type LastMessageAnswer = z.infer<typeof lastMessageAnswer>;
