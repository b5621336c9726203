/**
 * What do the answers of `/api/v1` look like?
 *
 * The zod schemas are the contract of HTTP: they check what comes in, describe what goes out in OpenAPI, and give the
 * browser its types. Times are ISO 8601 with the site's offset. Rates and their evidence are in `contract-compliance.ts`.
 */
import { z } from 'zod';
import { BACKUP_STATES } from '../../../domain/backup.js';
import { REJECTION_REASONS, RULINGS } from '../../../domain/reading.js';
import { freeText } from './text.js';

export const time = z.string().describe('ISO 8601 with the offset of the site, e.g. 2026-11-23T08:00:00+08:00');
export const mark = z.enum(['N', 'F', 'M', 'S', 'D', 'C', 'T', 'B']);
export const quality = z.enum(['good', 'unknown', 'suspect', 'fail', 'missing']);
export const medium = z.enum(['surface-water', 'drinking-water', 'sewage', 'dust', 'air']);
export const verdict = z.enum(['met', 'exceeded', 'undetermined']);
export const window = z.enum(['hour', 'day', 'month', 'quarter', 'year', 'sample', 'rule']);
export const grade = z.enum(['verified', 'transcribed', 'own']);
const severity = z.enum(['warning', 'over', 'severe']);
const alertState = z.enum(['pending', 'active', 'acknowledged', 'resolved', 'closed']);
const alertKind = z.enum(['limit', 'trend', 'verdict', 'target', 'no-data', 'sensor', 'upstream', 'regional', 'rain', 'service']);
export const limit = z.union([z.number(), z.tuple([z.number(), z.number()])]);
export const riverClass = z.enum(['I', 'II', 'III', 'IV', 'V', 'worse-than-V']);

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .describe('the fields of the request that are not right'),
});

export const part = z.object({
  name: z.string(),
  state: z.enum(['up', 'degraded', 'down']),
  detail: z.string(),
});
export const liveAnswer = z.object({ status: z.literal('up') });
export const readyAnswer = z.object({ status: z.enum(['up', 'degraded', 'down']), parts: z.array(part) });

/** The last value of one configured parameter; nulls where nothing came. */
export const latest = z.object({
  parameter: z.string(),
  name: z.string(),
  nameEn: z.string().optional(),
  value: z.number().nullable(),
  unit: z.string(),
  time: time.nullable(),
  mark: mark.nullable(),
  quality: quality.nullable(),
  limit: limit.nullable(),
  limitText: z.string().nullable().describe('the limit with its digits and direction, e.g. ≤ 1.0'),
  citation: z.string().nullable(),
  grade: grade.nullable(),
  unconfirmed: z.boolean().describe('the limit waits for confirmation (限值待确认): no verdict, at most a 预警'),
  check: z.enum(['within', 'over']).nullable(),
  decimals: z.number(),
});

/** What a rate or a station prints of its comparisons with the laboratory: 最近比对 11-05 合格, or 待比对. */
export const rateComparison = z
  .object({
    date: z.string().nullable().describe('day of the newest comparison'),
    passed: z.boolean().nullable().describe('false: the newest comparison of some item failed'),
    due: z.boolean().describe('待比对: some item was never compared, or too long ago'),
    items: z.number(),
    waiting: z.number(),
    failed: z.array(z.object({ zh: z.string(), en: z.string() })),
  })
  .nullable()
  .describe('null: nothing of it is compared, e.g. a rate of laboratory samples');

export const stationView = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string(),
  medium,
  role: z.string(),
  village: z.string().nullable(),
  reach: z.string().nullable(),
  class: z.string().nullable().describe('the class the station is held to'),
  note: z.string().nullable().describe('printed beside the class, e.g. 待区局确认'),
  supply: z.string().nullable(),
  state: z.enum(['met', 'exceeded', 'undetermined', 'offline']),
  stateReason: z.string().nullable(),
  lastReadingAt: time.nullable(),
  clock: z
    .object({
      kind: z.enum(['hours', 'minutes', 'drifting', 'stuck', 'burst', 'microseconds', 'nanoseconds', 'future']),
      finding: z.string().describe('in words, e.g. 时钟快 8 小时,疑似把北京时间当作 UTC 发送'),
      findingEn: z.string().describe('the same in English'),
      since: time,
    })
    .nullable()
    .describe("what is wrong with the device's clock"),
  timeless: z.boolean().describe('the device names no time: the arrival stands for it'),
  latest: z.array(latest),
  comparison: rateComparison.optional(),
  current: z.object({
    window,
    start: time,
    end: time,
    validCount: z.number(),
    dueCount: z.number(),
    class: riverClass.nullable(),
  }),
});
export const stationsAnswer = z.object({ asOf: time, stations: z.array(stationView) });

export const readingsQuery = z.object({
  parameter: z.string().min(1),
  from: z.string().min(1),
  to: z.string().min(1),
  step: z
    .string()
    .regex(/^[1-9]\d*[mhd]$/, 'a step is a whole number of m, h or d, e.g. 1h')
    .optional(),
});
export const readingsAnswer = z.object({
  parameter: z.string(),
  unit: z.string(),
  partial: z.boolean().optional(),
  readings: z.union([
    z.array(
      z.object({
        time,
        value: z.number(),
        mark,
        quality,
        checks: z.array(z.string()),
        source: z.enum(['sensor', 'lab']),
        ruling: z.enum(RULINGS).optional().describe('what people decided about it; absent for nearly all'),
      }),
    ),
    z.array(
      z.object({
        start: time,
        mean: z.number().nullable(),
        min: z.number().nullable(),
        max: z.number().nullable(),
        valid: z.number(),
        total: z.number(),
      }),
    ),
  ]),
});

export const alertsQuery = z.object({ state: z.enum(['active', 'all']).default('active') });
export const alertView = z.object({
  id: z.string(),
  subject: z.string().describe('A station, or `reach:nankeng`, `target:river`, `region:pm10`, `service`'),
  subjectName: z.string(),
  subjectNameEn: z.string(),
  station: z.string().nullable().describe('null: about no single station'),
  stationName: z.string().nullable(),
  parameter: z.string().nullable(),
  parameterName: z.string().nullable(),
  parameterNameEn: z.string().nullable(),
  unit: z.string(),
  rule: z.string(),
  kind: alertKind,
  severity,
  state: alertState,
  unconfirmed: z.boolean().describe('待复核: a spike that the next value confirms or refutes'),
  openedAt: time,
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: time.nullable(),
  value: z.number().nullable(),
  limit: limit.nullable(),
  limitText: z.string().nullable(),
  limitName: z.string().nullable().describe('what was passed: Ⅲ类限值, 管理阈值, 严重超限阈值, 预警范围'),
  limitNameEn: z.string().nullable(),
  citation: z.string().nullable(),
  reason: z.string(),
  reasonEn: z.string(),
  history: z.array(
    z.object({
      at: time,
      from: alertState.nullable(),
      to: alertState,
      reason: z.string(),
      by: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
});
export const alertsAnswer = z.object({ asOf: time, alerts: z.array(alertView) });
export const acknowledgeBody = z.object({ note: freeText.max(2000).default('') });

export const noticeView = z.object({
  id: z.string(),
  alerts: z.array(z.string()),
  recipient: z.string(),
  subject: z.string(),
  reason: z.string(),
  state: z.enum(['waiting', 'sent', 'failed']),
  attempts: z.number(),
  createdAt: time,
  sentAt: time.nullable(),
  error: z.string().nullable(),
});
export const noticesAnswer = z.object({ notices: z.array(noticeView) });
export const noticeAnswer = noticeView.extend({ text: z.string() });

const counts = {
  received: z.number(),
  stored: z.number(),
  duplicate: z.number(),
  corrected: z.number(),
  rejected: z.number(),
  pending: z.number(),
};
export const receiptsQuery = z.object({
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD')
    .optional(),
});
export const receiptsAnswer = z.object({
  date: z.string(),
  stations: z.array(
    z.object({
      station: z.string(),
      expected: z.number(),
      ...counts,
      valid: z
        .number()
        .describe('due values that came and count: 有效率 is valid ÷ expected, 获取率 what is not missing ÷ expected'),
      missing: z.array(z.object({ parameter: z.string(), from: time, to: time })),
      missingMessages: z.number().describe('messages missing by their numbers (seq), noticed that day and not come since'),
      gaps: z.array(
        z.object({
          first: z.number().describe('first missing number'),
          last: z.number(),
          messages: z.number(),
          after: time.describe('arrival of the message before'),
          before: time.describe('arrival of the message after, by which it was noticed'),
        }),
      ),
    }),
  ),
  service: z.object(counts),
});

export const rejectionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  reason: z.enum(REJECTION_REASONS).optional(),
  station: z.string().min(1).optional().describe("the station that the payload's topic names"),
});
export const rejectionsAnswer = z.object({
  rejections: z.array(
    z.object({
      time,
      topic: z.string(),
      station: z.string().nullable(),
      reason: z.string(),
      detail: z.string(),
      values: z.number(),
      payload: z.string().describe('the first 4 KiB, as text'),
    }),
  ),
});

const whichRejections = {
  reason: z.enum(REJECTION_REASONS).optional(),
  station: rejectionsQuery.shape.station,
  since: z
    .string()
    .optional()
    .describe('a day, or ISO 8601 with an offset: what was refused of messages that arrived then or later'),
};
export const rejectionsFileQuery = z.object({ format: z.enum(['csv', 'jsonl']).default('csv'), ...whichRejections });
export const replayBody = z.object(whichRejections);
export const replayAnswer = z.object({
  messages: z.number().describe('looked at'),
  taken: z.number().describe('messages of which something was taken'),
  values: z.number().describe('values taken; they have left the rejections'),
  refused: z.record(z.string(), z.number()).describe('messages refused still, by reason'),
  skipped: z
    .number()
    .describe('messages that cannot be taken again: cut, or kept by an older version, or wrong-sender not asked for by name'),
});

export const sessionBody = z.object({ username: z.string().min(1).max(100), password: z.string().min(1).max(1000) });
export const sessionAnswer = z.object({ username: z.string(), role: z.string() });

/** What the browser needs to know before its first request. */
export const siteAnswer = z.object({
  name: z.string(),
  nameEn: z.string(),
  office: z.string(),
  officePhone: z.string().nullable(),
  english: z.record(z.string(), z.string()).optional().describe('of names without an English one of their own'),
  notice: z.string().describe('自动监测原始数据,未经审核,仅供内部工作参考'),
  address: z.string().nullable().optional().describe('PUBLIC_URL, for QR codes; null while it is loopback'),
  user: sessionAnswer
    .extend({
      may: z.array(z.string()).describe('routes this role may ask, e.g. POST /api/v1/cases'),
      stations: z.array(z.string()).nullable().describe('where a river chief may act; null: everywhere'),
      person: z.string().nullable().optional().describe('of the config: a river chief has a card of its own'),
    })
    .nullable(),
  onDuty: z
    .array(z.object({ id: z.string(), name: z.string(), nameEn: z.string(), phone: z.string().nullable() }))
    .nullable()
    .optional()
    .describe('值班: who is on duty today; null without a login'),
  /** 预警通道 */
  mail: z.object({ waiting: z.number(), lastSentAt: time.nullable(), failing: z.boolean() }),
  /** 接收暂停: readings are left with devices and broker, because here is no room for them. */
  paused: z.object({ reason: z.string(), since: time }).nullable(),
  /** 备份: how it stands, and when the last good one was made. */
  backup: z.object({ state: z.enum(BACKUP_STATES), lastGoodAt: time.nullable() }).optional(),
});

/** Event `reading` of `/api/v1/live`: the newest value of each series that changed since the last one. */
export const liveReading = z.object({
  station: z.string(),
  parameter: z.string(),
  time,
  value: z.number(),
  mark,
  quality,
  check: z.enum(['within', 'over']).nullable(),
});

/** Event `compliance` of `/api/v1/live`: verdicts or rates have changed; ask for them. Event `alert` is an `alertView`. */
export const liveCompliance = z.object({ asOf: time });

export type Problem = z.infer<typeof problem>;
export type LiveAnswer = z.infer<typeof liveAnswer>;
export type ReadyAnswer = z.infer<typeof readyAnswer>;
export type StationView = z.infer<typeof stationView>;
export type StationsAnswer = z.infer<typeof stationsAnswer>;
export type ReadingsQuery = z.infer<typeof readingsQuery>;
export type ReadingsAnswer = z.infer<typeof readingsAnswer>;
export type AlertView = z.infer<typeof alertView>;
export type AlertsAnswer = z.infer<typeof alertsAnswer>;
export type NoticeView = z.infer<typeof noticeView>;
export type NoticesAnswer = z.infer<typeof noticesAnswer>;
export type NoticeAnswer = z.infer<typeof noticeAnswer>;
export type ReceiptsAnswer = z.infer<typeof receiptsAnswer>;
export type RejectionsQuery = z.infer<typeof rejectionsQuery>;
export type RejectionsAnswer = z.infer<typeof rejectionsAnswer>;
export type WhichRejections = z.infer<typeof replayBody>;
export type ReplayAnswer = z.infer<typeof replayAnswer>;
export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type SiteAnswer = z.infer<typeof siteAnswer>;
export type RateComparisonView = z.infer<typeof rateComparison>;
export type LiveReading = z.infer<typeof liveReading>;
export type LiveCompliance = z.infer<typeof liveCompliance>;
