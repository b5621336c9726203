/** What do the roster and its hand-overs look like on the wire? */
import { z } from 'zod';
import { OPEN_KINDS } from '../../../domain/handover/handover.js';
import { time } from './contract.js';
import { freeText } from './text.js';

const words = z.object({ zh: z.string(), en: z.string() });
const date = z.string().describe('YYYY-MM-DD');

/** A role, and its telephone where the config gives one. */
const role = z.object({ id: z.string(), name: z.string(), nameEn: z.string(), phone: z.string().nullable() });

const missing = z
  .object({ turn: date, words })
  .nullable()
  .describe('未交接: a turn that began and for which nobody signed in time');

export const dutyAnswer = z.object({
  asOf: time,
  today: date,
  onDuty: z.array(role),
  handoverBy: z.string().nullable().describe('wall clock; null: 09:00'),
  missing,
  days: z
    .array(
      z.object({
        date,
        people: z.array(role.extend({ instead: role.nullable().describe('in whose place; null: in the own') })),
        isWorked: z.boolean(),
        holiday: z.string().nullable().describe('节假日'),
        isMakeUp: z.boolean().describe('调休: a weekend day that is worked'),
        isTurn: z.boolean().describe('others are on duty than the day before'),
      }),
    )
    .describe('five weeks from the Monday of this one'),
});

const item = z.object({
  kind: z.enum(OPEN_KINDS),
  words,
  link: z.string().nullable().describe('path of the page'),
  since: time.nullable(),
});
export const handoverView = z.object({
  id: z.string(),
  turn: date.describe('first day of the turn that was handed over'),
  from: role,
  to: role,
  by: z.string().describe('the account that handed over'),
  at: time,
  note: z.string(),
  items: z.array(item).describe('what was open, as it stood at that moment'),
  taken: z.object({ by: z.string(), at: time, note: z.string() }).nullable().describe('接班; another account than `by`'),
  state: z.enum(['taken', 'waiting', 'replaced']),
});
export const handoversAnswer = z.object({
  asOf: time,
  pending: z
    .object({
      date,
      from: z.array(role),
      to: z.array(role),
      state: z.enum(['taken', 'waiting', 'missing']),
      isEarly: z.boolean().describe('more than a day ahead: cannot be handed over yet'),
    })
    .nullable()
    .describe('the turn to be handed over next; null: nobody rotates'),
  people: z.array(role),
  open: z.array(item).describe('what is open now'),
  handovers: z.array(handoverView).describe('newest first'),
});
export const handoversQuery = z.object({ limit: z.coerce.number().int().min(1).max(500).default(20) });
export const handoverBody = z.object({
  turn: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD')
    .optional()
    .describe('absent: the one that waits'),
  from: z.string().min(1).max(100).optional().describe('id of the role; absent: as the roster says'),
  to: z.string().min(1).max(100).optional(),
  note: freeText.max(2000).default(''),
});
export const takeBody = z.object({ note: freeText.max(2000).default('') });

export type DutyAnswer = z.infer<typeof dutyAnswer>;
export type HandoverView = z.infer<typeof handoverView>;
export type HandoversAnswer = z.infer<typeof handoversAnswer>;
