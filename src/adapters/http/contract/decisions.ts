/** What do maintenance records, review decisions and the audit trail look like on the wire? */
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../../../domain/audit.js';
import { REVIEW_OUTCOMES, REVIEW_REASONS, type ReviewOutcome, type ReviewReason } from '../../../domain/quality/decision.js';
import { SOURCES } from '../../../domain/reading.js';
import { UPKEEP_TASKS } from '../../../domain/upkeep/plan.js';
import { time } from './contract.js';
import { freeText } from './text.js';

const outcome = z.enum(Object.keys(REVIEW_OUTCOMES) as [ReviewOutcome, ...ReviewOutcome[]]);
const reason = z.enum(Object.keys(REVIEW_REASONS) as [ReviewReason, ...ReviewReason[]]).describe(
  Object.entries(REVIEW_REASONS)
    .map(([code, text]) => `${code} ${text}`)
    .join(', '),
);
const source = z.enum(SOURCES);
const parameters = z.array(z.string().min(1).max(100)).max(100).nullable().describe('codes or aliases; null: all');
const note = freeText.max(1000);
const moment = z.string().min(1).max(40).describe('ISO 8601 with an offset, or a day of the site’s calendar');
const limit = z.coerce.number().int().min(1).max(1000).default(100);

/** Somebody worked at the instruments of a station: its readings do not count meanwhile, nor while they settle. */
export const maintenanceView = z.object({
  id: z.string(),
  station: z.string(),
  parameters: z.array(z.string()).nullable().describe('null: all of the station'),
  from: time,
  to: time.nullable().describe('null: the work goes on'),
  settlingMinutes: z.number(),
  tasks: z.array(z.enum(UPKEEP_TASKS)).optional().describe('what of the maintenance plan was done: 清洗, 试剂, 校准'),
  coversTo: time.nullable().describe('readings before this do not count; null: no end yet'),
  who: z.string().describe('who did the work: an account or a role'),
  note: z.string(),
  by: z.string().describe('the account that entered it'),
  enteredAt: time,
  state: z.enum(['open', 'closed', 'withdrawn']),
});
export const maintenanceAnswer = z.object({ maintenance: z.array(maintenanceView) });
export const maintenanceQuery = z.object({
  station: z.string().min(1).optional(),
  open: z.enum(['0', '1']).optional(),
  from: moment.optional(),
  to: moment.optional(),
  limit,
});

const maintenanceWords = {
  parameters: parameters.optional(),
  from: moment.optional().describe('absent: now'),
  to: moment.nullable().optional().describe('absent or null: the work goes on'),
  tasks: z.array(z.enum(UPKEEP_TASKS)).max(UPKEEP_TASKS.length).optional(),
  settlingMinutes: z.number().int().min(0).max(10_080).optional().describe('60 unless said otherwise'),
  who: freeText.min(1).max(100).optional().describe('absent: the account'),
  note: note.optional(),
};
export const maintenanceBody = z.object({ station: z.string().min(1), ...maintenanceWords });
export const maintenanceChangeBody = z.object({
  ...maintenanceWords,
  from: moment.optional(),
  to: moment.nullable().optional(),
  who: freeText.min(1).max(100).optional(),
  withdrawn: z.literal(true).optional().describe('it was entered by mistake'),
  reason: note.default('').describe('why it is changed'),
});

/** A person set readings invalid, suspect or restored. */
export const decisionView = z.object({
  id: z.string(),
  station: z.string(),
  source,
  parameters: z.array(z.string()).nullable(),
  from: time,
  to: time.describe('not in it'),
  outcome,
  outcomeText: z.string(),
  reason,
  reasonText: z.string(),
  note: z.string(),
  by: z.string(),
  decidedAt: time,
  undone: z.object({ by: z.string(), at: time, note: z.string() }).nullable(),
  attachment: z
    .object({ type: z.string(), size: z.number(), sha256: z.string(), by: z.string(), at: time })
    .nullable()
    .describe('a picture or a PDF, at /api/v1/decisions/{id}/attachment'),
});
export const decisionsAnswer = z.object({ decisions: z.array(decisionView) });
export const decisionsQuery = maintenanceQuery.omit({ open: true });
export const decisionBody = z.object({
  station: z.string().min(1),
  source: source.default('sensor'),
  parameters: parameters.optional(),
  time: moment.optional().describe('one reading; or from and to'),
  from: moment.optional(),
  to: moment.optional().describe('not in it'),
  outcome,
  reason,
  note: note.default('').describe('free text; needed for the reason other'),
});
export const undoBody = z.object({ note: note.default('') });

/** One act of one person, bound to the one before it by its hash. */
export const auditEntry = z.object({
  id: z.string(),
  at: time,
  who: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  what: z.string().describe('kind and id, e.g. maintenance/3'),
  station: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string(),
  address: z.string().nullable().describe('from where it was asked over HTTP'),
  previous: z.string(),
  hash: z.string(),
});
export const auditAnswer = z.object({
  entries: z.array(auditEntry),
  chain: z
    .object({ entries: z.number(), head: z.string(), broken: z.string().nullable().describe('the first entry that was changed') })
    .optional(),
});
export const auditQuery = z.object({
  station: z.string().min(1).optional(),
  what: z.string().min(1).optional(),
  who: z.string().min(1).optional().describe('the account'),
  action: z.enum(AUDIT_ACTIONS).optional(),
  from: moment.optional(),
  to: moment.optional().describe('not in it'),
  before: z.coerce.number().int().min(1).optional().describe('only entries older than this id'),
  verify: z.enum(['0', '1']).default('0').describe('1: computes every hash again'),
  limit,
});

export const auditFileQuery = auditQuery.pick({ station: true, what: true, who: true, action: true, from: true, to: true });

export type MaintenanceView = z.infer<typeof maintenanceView>;
export type MaintenanceAnswer = z.infer<typeof maintenanceAnswer>;
export type DecisionView = z.infer<typeof decisionView>;
export type DecisionsAnswer = z.infer<typeof decisionsAnswer>;
export type AuditAnswer = z.infer<typeof auditAnswer>;
