/** What do bulletins (报表) look like on the wire? */
import { z } from 'zod';
import { BULLETIN_KINDS } from '../../../domain/bulletins/bulletin.js';
import { time } from './contract.js';

const kind = z.enum(BULLETIN_KINDS).describe('day 数据到报日报, week 周报, river-month 断面水质月报, drinking-month 饮用水月报');
const period = z.string().min(1).max(12);
const trouble = z.string().nullable().describe('why the office’s own template could not be used; null: it was, or there is none');
const fileHead = z.object({ bytes: z.number().int(), hash: z.string().describe('SHA-256 of the file') });

/** A bulletin without what it says. */
export const bulletinHead = z.object({
  id: z.string(),
  issue: z.number().int().describe('from 1, within its kind and period'),
  kind,
  period: z.string().describe('2026-11-22, 2026-W47 or 2026-10'),
  title: z.string(),
  periodText: z.string(),
  state: z.enum(['draft', 'signed']).describe('signed: made of a month that was signed (定稿)'),
  stateText: z.string(),
  headline: z.string(),
  by: z.string().describe('the account; heqing for the timetable'),
  at: time,
  scheduled: z.boolean(),
  templateTrouble: trouble,
  files: z.object({ docx: fileHead, xlsx: fileHead }),
  mails: z
    .array(
      z.object({
        recipient: z.string(),
        state: z.enum(['waiting', 'sent', 'failed']),
        sentAt: time.nullable(),
        error: z.string().nullable(),
      }),
    )
    .describe('who got it'),
});

export const bulletinsQuery = z.object({ kind: kind.optional(), period: period.optional() });
export const bulletinsAnswer = z.object({
  asOf: time,
  waiting: z
    .array(z.object({ kind, period: z.string(), why: z.string() }))
    .describe('due and not made; tried again every minute, for two days'),
  kinds: z
    .array(
      z.object({
        kind,
        title: z.string(),
        at: z.string().describe('wall clock at which it leaves'),
        weekday: z.number().int().nullable().describe('of a week: 1 Monday … 7 Sunday'),
        day: z
          .number()
          .int()
          .nullable()
          .describe('of a month: the day of the next one on which an unsigned month leaves as a draft'),
        to: z.array(z.string()),
        template: z.string().nullable(),
        templateTrouble: trouble,
      }),
    )
    .describe('what the config asks for'),
  bulletins: z.array(bulletinHead).describe('newest first'),
  more: z.boolean(),
});

/** What it says: the same parts in the file, on the page and in the workbook. */
export const bulletinAnswer = bulletinHead.extend({
  bulletin: z.object({
    kind,
    period: z.string(),
    title: z.string(),
    periodText: z.string(),
    office: z.string(),
    state: z.enum(['draft', 'signed']),
    stateText: z.string(),
    watermark: z.string(),
    headline: z.string(),
    madeOn: z.string(),
    sections: z.array(
      z.object({
        name: z.string(),
        heading: z.string(),
        lines: z.array(z.string()),
        columns: z.array(z.object({ tag: z.string(), title: z.string(), figure: z.boolean().optional(), width: z.number() })),
        rows: z.array(z.array(z.string())).describe('cells as printed; percentages with one decimal, half to even (GB/T 8170)'),
        courses: z.array(
          z.object({
            caption: z.string(),
            values: z.array(z.number().nullable()),
            limit: z.number().nullable(),
            isLower: z.boolean().optional().describe('a day below the limit is what is wrong; absent: above'),
            decimals: z.number().int(),
            firstDay: z.number().int(),
          }),
        ),
      }),
    ),
    footnotes: z.array(z.string()),
  }),
});

export const bulletinBody = z.object({
  kind,
  period,
  mail: z.boolean().default(false).describe('send it to the people of the config too'),
});

export type BulletinHead = z.infer<typeof bulletinHead>;
export type BulletinsQuery = z.infer<typeof bulletinsQuery>;
export type BulletinsAnswer = z.infer<typeof bulletinsAnswer>;
export type BulletinAnswer = z.infer<typeof bulletinAnswer>;
