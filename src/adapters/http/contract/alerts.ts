/** What do silences, reports upward and addresses that refuse look like on the wire? */
import { z } from 'zod';
import { noticeView, time } from './contract.js';
import { freeText } from './text.js';

const moment = z.string().min(1).max(40).describe('ISO 8601 with an offset, or a day of the site’s calendar');
const name = z.string().min(1).max(100).nullable();

/** Somebody said that alerts shall be silent; they stand and are shown, and nobody is mailed. */
export const silenceView = z.object({
  id: z.string(),
  subject: z.string().nullable().describe('a station, or `reach:nankeng`, `target:river`, `region:pm10`, `service`; null: any'),
  subjectName: z.string().nullable(),
  subjectNameEn: z.string().nullable(),
  station: z.string().nullable(),
  parameter: z.string().nullable(),
  rule: z.string().nullable(),
  from: time,
  to: time,
  by: z.string(),
  reason: z.string(),
  endedAt: time.nullable().describe('when somebody ended it before its time'),
  endedBy: z.string().nullable(),
  holds: z.boolean(),
});
export const silencesAnswer = z.object({ silences: z.array(silenceView) });
export const silencesQuery = z.object({ holding: z.enum(['0', '1']).optional() });
export const silenceBody = z.object({
  subject: name.optional().describe('as alerts name it: a station, `reach:…`, `target:…`, `region:…` or `service`'),
  station: name.optional(),
  parameter: name.optional().describe('code or alias'),
  rule: name.optional().describe('id of a rule of the config'),
  from: moment.optional().describe('absent: now'),
  to: moment.describe('at most 30 days after it begins'),
  reason: freeText.min(1).max(1000),
});

export const silenceEndBody = z
  .object({ reason: freeText.trim().max(1000).default('').describe('why it ends before its time, for the audit trail') })
  .strict()
  .default({ reason: '' });

export const closeBody = z.object({ reason: freeText.trim().min(1).max(2000).describe('why it cannot end by itself') });

export const reportBody = z.object({ note: freeText.min(1).max(2000).describe('what was found on site') });

/** Notices, and the people whom nothing reaches. */
export const toldAnswer = z.object({
  notices: z.array(
    noticeView.extend({
      channel: z.string().describe('mail, or the id of a channel of the config'),
      mergedInto: z.string().nullable().describe('the digest that told it in its place'),
    }),
  ),
  bounced: z.array(
    z.object({
      recipient: z.string().describe('the role; of a channel all who read it'),
      email: z.string().nullable().describe('null: a channel'),
      channel: z.string().describe('mail, or the id of a channel of the config'),
      since: time,
      error: z.string(),
    }),
  ),
});

export type SilencesAnswer = z.infer<typeof silencesAnswer>;
export type SilenceEntry = z.infer<typeof silenceView>;
