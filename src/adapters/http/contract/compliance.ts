/** What do rates, their evidence and what was excused look like on the wire? */
import { z } from 'zod';
import { EXCUSE_REASONS } from '../../../domain/compliance/excuse.js';
import { BASES } from '../../../domain/site.js';
import { grade, limit, rateComparison, riverClass, time, verdict, window } from './contract.js';
import { freeText } from './text.js';

const basis = z.enum(BASES);
const excuseReason = z.enum(EXCUSE_REASONS);
const rateStatus = z.enum(['met', 'behind', 'missed', 'insufficient']);

/** The division of a rate. Percent, cut. */
export const division = z.object({
  rate: z.number().nullable(),
  met: z.number(),
  exceeded: z.number(),
  undetermined: z.number(),
  excused: z.number(),
  due: z.number(),
  capture: z.number().nullable(),
});

/** The division, with what it says of the goal. */
export const figure = division.extend({ status: rateStatus.nullable(), reason: z.string().nullable() });

/** The finer view beside a rate. */
export const processView = division
  .omit({ excused: true })
  .extend({ window })
  .nullable()
  .describe('the finer view beside it (过程指标,不作考核)');

/** Rate of the windows by the class of the water alone. */
const good = z
  .object({ rate: z.number().nullable(), good: z.number(), classed: z.number() })
  .nullable()
  .describe('水质优良比例: windows of class Ⅰ–Ⅲ among those that have a class, percent, cut; null where there are no classes');

/** The same period a year before, as far as it had come by the same day. */
const lastYear = z
  .object({
    period: z.string(),
    until: time,
    ...division.shape,
    good,
  })
  .nullable()
  .describe('上年同期; null when nothing was due in it');

/** A signed month (定稿) in short: newest edition, as it was signed. */
export const signedMonth = figure.extend({
  period: z.string(),
  edition: z.number().describe('2 and above: 更正定稿'),
  by: z.string().nullable().describe('the account; null for whoever has no login'),
  at: time,
  hash: z.string().describe('SHA-256 of what was fixed; the audit trail carries it too'),
  good,
  corrections: z.number().describe('windows that are not as they were signed (更正)'),
});

/** What of a rate is signed. */
export const signedView = z.object({
  months: z.array(signedMonth),
  ended: z.number().describe('months of the period that have ended and in which something was due'),
  figure: figure
    .nullable()
    .describe('the rate with signed months as they were signed; null where windows are longer than a month'),
});

const itemOfLimit = {
  station: z.string(),
  stationName: z.string(),
  parameter: z.string(),
  name: z.string(),
  unit: z.string(),
  mean: z.number().describe('so far, or of the last closed window'),
  limit,
  limitText: z.string(),
  used: z.number().nullable().describe('percent of the limit that is used up, cut; above 100 it is passed'),
};

/** What is left of the running month, and how many windows may still fail. */
export const leftView = z.object({
  mayFail: z
    .number()
    .nullable()
    .describe('windows to come that may still fail without losing the goal; null for an indicator and once it is lost'),
  month: z.string().nullable().describe('the running month, where the target counts months'),
  daysLeft: z.number().nullable().describe('its days that are not over yet'),
  items: z.array(
    z.object({
      ...itemOfLimit,
      days: z.number().describe('valid days behind the mean'),
      low: z.string().nullable().describe('the remaining days must reach this mean; null: nothing to reach'),
      high: z
        .string()
        .nullable()
        .describe('the remaining days may have this mean: (limit × all days − mean × days) ÷ daysLeft, cut, not rounded'),
      possible: z.boolean().describe('false: whatever comes, the month misses the limit'),
      reason: z.string().nullable(),
    }),
  ),
  nearest: z.object(itemOfLimit).nullable().describe('the item nearest its limit'),
});

/** One target or indicator with its rate for the running year. */
/** 人工剔除, as every rate prints it. */
const setAsideView = z
  .object({
    total: z.number(),
    over: z.number().describe('of them beyond a limit'),
    maintenance: z.number(),
    review: z.number(),
  })
  .describe('人工剔除: readings that maintenance or a review left out of the windows of the period');

export const targetView = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string(),
  kind: z.enum(['target', 'indicator']),
  goal: z.number().nullable(),
  basis,
  period: z.string(),
  window,
  ...figure.shape,
  reason: z.string().nullable().describe('why there is no rate, in Chinese, e.g. 暂无化验结果'),
  provisional: z.boolean(),
  note: z.string().nullable(),
  setAside: setAsideView.optional(),
  process: processView,
  good,
  lastYear,
  left: leftView,
  comparison: rateComparison.optional(),
  signed: signedView.optional().describe('absent while no month of the year is signed'),
});
export const targetsAnswer = z.object({ asOf: time, targets: z.array(targetView) });

export const finding = z.object({
  parameter: z.string(),
  name: z.string(),
  statistic: z.string().describe('what was computed, e.g. 日均值(时段均值的均值)'),
  value: z.number().nullable(),
  compared: z.number().nullable().describe('the value as compared: rounded where the item says so'),
  unit: z.string(),
  limit: limit.nullable(),
  limitText: z.string().nullable(),
  times: z
    .number()
    .nullable()
    .describe('multiples over the limit; null within it and where the method knows none (pH, DO, temperature)'),
  outcome: verdict,
  reason: z.string().nullable(),
  valid: z.number().describe('valid readings'),
  total: z.number().describe('readings, excluded ones too'),
  filled: z.number().describe('parts of the window that hold a valid reading'),
  due: z.number().describe('parts of the window'),
  class: riverClass.nullable(),
  citation: z.string().nullable(),
  clause: z.string().nullable(),
  grade: grade.nullable(),
  counted: z.boolean().describe('false: named in reason, does not make the verdict, e.g. 限值待确认'),
  excluded: z
    .object({
      mark: z.number().optional(),
      quality: z.number().optional(),
      maintenance: z.number().optional(),
      review: z.number().optional(),
    })
    .optional()
    .describe('readings left out, by why; absent when none was'),
  setAside: z.string().optional().describe('e.g. 人工剔除 3 条(其中超限 2 条); absent when people left none out'),
  detection: z.number().optional().describe('the highest detection limit among the non-detects in it'),
  temperature: z.number().optional().describe('mean water temperature, ℃, where the limit depends on it'),
});

export const verdictView = z.object({
  station: z.string(),
  stationName: z.string(),
  start: time,
  end: time,
  verdict,
  class: riverClass.nullable(),
  targetClass: z.string().optional().describe('the class a river section is held to'),
  reason: z.string().nullable(),
  grade: z
    .enum(['excellent', 'good', 'light', 'moderate', 'heavy'])
    .optional()
    .describe('优, 良好, 轻度污染, 中度污染, 重度污染 (环办[2011]22号); absent without a class'),
  gradeName: z.string().optional(),
  colour: z.enum(['blue', 'green', 'yellow', 'orange', 'red']).optional(),
  mainItems: z
    .array(
      z.object({
        parameter: z.string(),
        name: z.string(),
        class: riverClass,
        times: z.number().nullable().describe('over the limit of class Ⅲ'),
        text: z.string().describe('e.g. 高锰酸盐指数(1.2)'),
      }),
    )
    .optional()
    .describe('主要污染指标, worst first; absent when there are none'),
  findings: z.array(finding),
  excused: z
    .object({ id: z.string(), reason: excuseReason, reasonName: z.string(), approver: z.string(), document: z.string() })
    .optional()
    .describe('不参评: it is not in the due number'),
  changes: z
    .array(z.object({ at: time, text: z.string() }))
    .optional()
    .describe('how the verdict was changed since it was first given, newest first'),
});

/** What an office excused (不参评), without who entered it. */
export const excuseView = z.object({
  id: z.string(),
  station: z.string(),
  stationName: z.string(),
  kinds: z.array(window).nullable().describe('kinds of window; null: every kind'),
  parameters: z.array(z.string()).nullable().describe('items that windows are judged without; null: the whole window'),
  from: time,
  to: time.describe('exclusive; a window is excused when it lies in the span from beginning to end'),
  reason: excuseReason,
  reasonName: z.string().describe('断流, 水毁 or 批准剔除'),
  scope: z
    .string()
    .nullable()
    .optional()
    .describe(
      'beside a rate: to which windows and items it is limited, in words; null: to none; months signed in earlier days lack it',
    ),
  approver: z.string().describe('the office that approved it'),
  document: z.string().describe('number of its document'),
  addedAt: time,
});

const named = z.object({ id: z.string(), name: z.string(), nameEn: z.string() });

/** Which of a target's stations; without any: all. */
export const scopeQuery = z.object({
  village: z.string().min(1).optional(),
  reach: z.string().min(1).optional().describe('id of a reach'),
  chief: z.string().min(1).optional().describe('id of a river chief'),
  station: z.string().min(1).optional(),
});
export const complianceQuery = scopeQuery.extend({
  period: z.string().optional(),
  window: window.optional(),
  only: z.literal('lost').optional().describe('list what was exceeded or undetermined alone; the figures stay whole'),
  on: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional()
    .describe('list the windows that start on this day alone; the figures stay those of the period'),
  all: z.enum(['0', '1']).optional(),
  page: z.coerce.number().int().min(1).optional(),
  order: z.literal('newest').optional().describe('list the newest windows first, so that page 1 holds them; else the oldest'),
});
export const complianceAnswer = z.object({
  target: z.string(),
  name: z.string(),
  nameEn: z.string(),
  kind: z.enum(['target', 'indicator']),
  period: z.string(),
  window,
  official: z.boolean(),
  goal: z.number().nullable(),
  basis,
  ...figure.shape,
  provisional: z.boolean(),
  note: z.string().nullable(),
  part: z.string().nullable().describe('部分站点: which, in words; null: every station of the target'),
  parts: z
    .object({ villages: z.array(z.string()), reaches: z.array(named), chiefs: z.array(named), stations: z.array(named) })
    .describe('by what the target can be asked for'),
  windowsOf: z.array(window).describe('by which windows it can be asked for, the one that counts first'),
  minCapture: z.number(),
  setAside: setAsideView,
  good,
  lastYear,
  left: leftView.nullable().describe('while the period runs'),
  comparison: rateComparison.optional(),
  signed: signedView.optional().describe('absent where nothing is signed, for some stations alone, and in the process view'),
  excuses: z
    .array(excuseView)
    .describe('不参评: what stands in the period, for its windows or what they are made of, with approver and document'),
  windows: z.array(verdictView),
});

/** A verdict in short, as the history keeps it. */
const standing = z.object({ verdict, class: riverClass.nullable(), excused: z.boolean() });
export const changesQuery = complianceQuery.omit({ all: true, only: true, on: true, order: true });
export const changesAnswer = z.object({
  target: z.string(),
  period: z.string(),
  window,
  changes: z.array(
    z.object({
      station: z.string(),
      stationName: z.string(),
      start: time,
      end: time,
      at: time.describe('when it was computed again'),
      from: standing,
      to: standing,
      reason: z.string().describe('e.g. 补传 14 条测值'),
      text: z.string().describe('e.g. 2026-11-03 由 达标 改为 超标,原因:补传 14 条测值'),
    }),
  ),
});

export const excusesQuery = z.object({ station: z.string().optional() });
const name = freeText.trim().min(1).max(200);
export const excuseBody = z.object({
  station: z.string().min(1),
  kinds: z.array(window).nullish().describe('left out: every kind of window'),
  parameters: z.array(z.string()).nullish().describe('left out: the whole window'),
  from: z.string().min(1).describe('ISO 8601 with an offset, or a day'),
  to: z.string().min(1).describe('exclusive: for 3 November alone, 2026-11-03 and 2026-11-04'),
  reason: excuseReason,
  approver: name.describe('the office that approved it'),
  document: name.describe('number of its document'),
  note: freeText.max(2000).optional(),
});
export const removeExcuseBody = z.object({ reason: freeText.trim().min(1).max(2000) });
/** An excuse with who entered and withdrew it. */
export const excuseEntry = excuseView.extend({
  note: z.string(),
  addedBy: z.string().describe('the account that entered it'),
  removed: z.object({ by: z.string(), at: time, reason: z.string() }).nullable(),
});
export const excusesAnswer = z.object({ excuses: z.array(excuseEntry) });

/** The open windows of a station, of every kind it is judged by, and what became of the last ones. */
export const windowsAnswer = z.object({
  station: z.string(),
  asOf: time,
  windows: z.array(
    z.object({
      window,
      state: z.literal('进行中').describe('a window that is open has no verdict'),
      start: time,
      end: time,
      validCount: z
        .number()
        .describe('filled parts of all judged items: slots or hours of a day, valid days of a month, months of a year'),
      dueCount: z.number().describe('parts of the whole window'),
      class: riverClass.nullable().describe('of the means so far'),
      last: z
        .object({ start: time, end: time, verdict, class: riverClass.nullable(), reason: z.string().nullable() })
        .nullable()
        .describe('the last closed window of the kind'),
    }),
  ),
});

export type SignedView = z.infer<typeof signedView>;
export type SignedMonthView = z.infer<typeof signedMonth>;
export type WindowsAnswer = z.infer<typeof windowsAnswer>;
export type ExcuseView = z.infer<typeof excuseView>;
export type ExcuseEntry = z.infer<typeof excuseEntry>;
export type ExcusesAnswer = z.infer<typeof excusesAnswer>;
export type TargetView = z.infer<typeof targetView>;
export type TargetsAnswer = z.infer<typeof targetsAnswer>;
export type FindingView = z.infer<typeof finding>;
export type VerdictView = z.infer<typeof verdictView>;
export type ComplianceQuery = z.infer<typeof complianceQuery>;
export type ChangesQuery = z.infer<typeof changesQuery>;
export type ChangesAnswer = z.infer<typeof changesAnswer>;
export type ComplianceAnswer = z.infer<typeof complianceAnswer>;
