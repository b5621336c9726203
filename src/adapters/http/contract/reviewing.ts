/** What do the days that wait for review look like on the wire? */
import { z } from 'zod';
import { REVIEW_OUTCOMES, type ReviewOutcome } from '../../../domain/quality/decision.js';
import { QUALITY, type Quality, RULINGS, SOURCES } from '../../../domain/reading.js';
import { REVIEW_STATES, type ReviewState } from '../../../domain/reviewing/review-day.js';
import { time } from './contract.js';
import { decisionView, maintenanceView } from './decisions.js';
import { freeText } from './text.js';

const states = Object.keys(REVIEW_STATES) as [ReviewState, ...ReviewState[]];
const state = z.enum(states).describe('waiting 待审, first 初审, second 复核');
const note = freeText.max(1000);
const moment = z.string().min(1).max(40).describe('ISO 8601 with an offset, or a day of the site’s calendar');
const count = z.number().int();

const actView = z.object({ by: z.string(), at: time, note: z.string() });

export const findingView = z.object({
  kind: z.string().describe('changed, returned, verdict, over, sensor, no-data, gap, set-aside, or the name of a check'),
  parameter: z.string().nullable(),
  n: count.describe('so many readings or windows; 0 where it is not about a number of them'),
  text: z.string(),
  textEn: z.string(),
});

/** One day of a station (站日). */
export const reviewDayView = z.object({
  station: z.string(),
  stationName: z.string(),
  stationNameEn: z.string(),
  date: z.string(),
  state,
  first: actView.nullable(),
  second: actView.nullable(),
  returned: actView.nullable().describe('退回: sent back, and nobody looked again'),
  changed: actView
    .extend({ was: z.enum(['first', 'second']) })
    .nullable()
    .describe('changed after somebody had looked at it'),
  verdict: z.enum(['met', 'exceeded', 'undetermined']).nullable().describe('the worst window that was not met; null: none'),
  looked: z.boolean().describe('false: its readings are still to be gone through'),
  findings: z.array(findingView).describe('why a person should look, the heaviest first'),
});

export const queueQuery = z.object({
  station: z.string().min(1).optional(),
  from: moment.optional(),
  to: moment.optional().describe('not in it'),
  state: z
    .enum([...states, 'open', 'changed', 'all'])
    .default('open')
    .describe('open: all that had no second review'),
  only: z.enum(['suspicious', 'all']).default('suspicious'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});
export const queueAnswer = z.object({
  asOf: time,
  total: count.describe('so many days fit the question'),
  counts: z
    .object({
      due: count,
      waiting: count,
      first: count,
      second: count,
      changed: count,
      suspicious: count,
      quiet: count.describe('waiting days with nothing suspicious in them: what a bulk act would pass'),
      quietSecond: count.describe(
        'first-reviewed days with nothing suspicious, by another account: what a second bulk act would pass',
      ),
      unlooked: count,
    })
    .describe('of the station and the span; suspicious, quiet and quietSecond of the state asked for'),
  days: z.array(reviewDayView).describe('the worst first'),
});

export const reviewEventView = actView.extend({ act: z.enum(['first', 'second', 'returned', 'changed']) });
export const reviewDayAnswer = reviewDayView.extend({
  from: time,
  to: time,
  verdict: z.enum(['met', 'exceeded', 'undetermined']).nullable().describe('the worst window of the day; null: none is judged'),
  pending: z.boolean().describe('true while readings or verdicts of the day are being worked out again'),
  partial: z
    .boolean()
    .describe(
      'true, after an act: the archive did not answer; findings are those last seen, and doubts and samples are left out',
    ),
  events: z.array(reviewEventView).describe('oldest first'),
  decisions: z.array(decisionView).describe('newest first, undone ones too'),
  maintenance: z.array(maintenanceView),
  doubts: z
    .array(
      z.object({
        parameter: z.string(),
        time,
        value: z.number(),
        quality: z.string(),
        checks: z.array(z.string()),
      }),
    )
    .describe('doubtful readings that nobody has decided about, in order of time'),
  samples: z
    .array(
      z.object({
        parameter: z.string(),
        name: z.string(),
        nameEn: z.string(),
        unit: z.string(),
        decimals: count,
        time,
        value: z.number().describe('a non-detect: half its detection limit'),
        detection: z.number().nullable().describe('the detection limit of a non-detect'),
        quality: z.enum(Object.keys(QUALITY) as [Quality, ...Quality[]]),
        limitText: z.string().nullable(),
        over: z.boolean().describe('over a limit, whatever was decided about it'),
        ruling: z.enum(RULINGS).nullable().describe('what was decided about it'),
      }),
    )
    .describe('values of laboratory samples, in order of time; of a partial answer none'),
});

export const reviewActBody = z.object({ note: note.default('') });
export const bulkBody = z.object({
  act: z.enum(['first', 'second']).default('first').describe('初审, or 复核 of what another account looked at first'),
  station: z.string().min(1).optional().describe('absent: every station'),
  from: moment,
  to: moment.describe('not in it'),
  note: note.default(''),
});
export const bulkAnswer = z.object({
  passed: count,
  left: count.describe('days of the span that wait on: there is something to look at in them, or they are own'),
  own: count.describe('of them first-reviewed by this account: another must do the second review'),
});

export const previewQuery = z.object({
  station: z.string().min(1),
  source: z.enum(SOURCES).default('sensor'),
  parameters: z.string().min(1).optional().describe('codes, separated by commas; absent: all of the station'),
  from: moment,
  to: moment.describe('not in it'),
  outcome: z.enum(Object.keys(REVIEW_OUTCOMES) as [ReviewOutcome, ...ReviewOutcome[]]),
});
export const previewAnswer = z.object({
  asOf: time,
  readings: count.describe('readings in the span'),
  over: count.describe('of them over a limit'),
  counted: count.describe('of them counting now'),
  changed: count.describe('readings that would be taken out, or would count again'),
  changedOver: count.describe('of these over a limit'),
});

export const attachmentAnswer = z.object({
  type: z.string(),
  size: count,
  sha256: z.string(),
  by: z.string(),
  at: time,
});

export type ReviewFindingView = z.infer<typeof findingView>;
export type ReviewDayView = z.infer<typeof reviewDayView>;
export type ReviewSampleView = ReviewDayAnswer['samples'][number];
export type QueueAnswer = z.infer<typeof queueAnswer>;
export type ReviewDayAnswer = z.infer<typeof reviewDayAnswer>;
export type BulkAnswer = z.infer<typeof bulkAnswer>;
export type PreviewAnswer = z.infer<typeof previewAnswer>;
export type AttachmentAnswer = z.infer<typeof attachmentAnswer>;
