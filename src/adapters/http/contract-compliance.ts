/** What do rates, their evidence and what was excused look like on the wire? */
import { z } from 'zod';
import { BASES } from '../../domain/site.js';
import { grade, limit, riverClass, time, verdict, window } from './contract.js';

const basis = z.enum(BASES);
const rateStatus = z.enum(['met', 'behind', 'missed', 'insufficient']);

/** One target or indicator with its rate for the running year. */
export const targetView = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string(),
  kind: z.enum(['target', 'indicator']),
  goal: z.number().nullable(),
  basis,
  period: z.string(),
  window,
  rate: z.number().nullable(),
  met: z.number(),
  exceeded: z.number(),
  undetermined: z.number(),
  excused: z.number(),
  due: z.number(),
  capture: z.number().nullable(),
  status: rateStatus.nullable(),
  reason: z.string().nullable().describe('why there is no rate, in Chinese, e.g. 暂无化验结果'),
  provisional: z.boolean(),
  note: z.string().nullable(),
  process: z
    .object({
      window,
      rate: z.number().nullable(),
      met: z.number(),
      exceeded: z.number(),
      undetermined: z.number(),
      due: z.number(),
      capture: z.number().nullable(),
    })
    .nullable()
    .describe('the finer view beside it (过程指标,不作考核)'),
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
});

export const verdictView = z.object({
  station: z.string(),
  stationName: z.string(),
  start: time,
  end: time,
  verdict,
  class: riverClass.nullable(),
  reason: z.string().nullable(),
  findings: z.array(finding),
});

export const complianceQuery = z.object({
  period: z.string().optional(),
  window: window.optional(),
  all: z.enum(['0', '1']).optional(),
  page: z.coerce.number().int().min(1).optional(),
});
export const complianceAnswer = z.object({
  target: z.string(),
  name: z.string(),
  kind: z.enum(['target', 'indicator']),
  period: z.string(),
  window,
  official: z.boolean(),
  goal: z.number().nullable(),
  basis,
  rate: z.number().nullable(),
  met: z.number(),
  exceeded: z.number(),
  undetermined: z.number(),
  excused: z.number(),
  due: z.number(),
  capture: z.number().nullable(),
  status: rateStatus.nullable(),
  reason: z.string().nullable(),
  provisional: z.boolean(),
  note: z.string().nullable(),
  windows: z.array(verdictView),
});

export type TargetView = z.infer<typeof targetView>;
export type TargetsAnswer = z.infer<typeof targetsAnswer>;
export type FindingView = z.infer<typeof finding>;
export type VerdictView = z.infer<typeof verdictView>;
export type ComplianceQuery = z.infer<typeof complianceQuery>;
export type ComplianceAnswer = z.infer<typeof complianceAnswer>;
