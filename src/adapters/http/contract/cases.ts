/** What do cases (处置单), their steps and their photos look like on the wire? */
import { z } from 'zod';
import { CASE_ACTS, CASE_STATES, FINDINGS, LEVELS } from '../../../domain/cases/case.js';
import { PHOTO_TYPES, PHOTOS_A_STEP } from '../../../domain/cases/photo.js';
import { time } from './contract.js';
import { freeText } from './text.js';

const state = z.enum(CASE_STATES).describe('dispatched 待核实, verified 已核实, mending 整改中, checked 核查通过, closed 已销号');
const finding = z.enum(FINDINGS).describe('real 属实, fault 设备故障, rain 雨后, upstream 上游来水, false-alarm 误报');
const level = z.enum(LEVELS).describe('with whom it lies: village 村, town 镇, district 区');
const note = freeText.max(2000);
const moment = z
  .string()
  .min(1)
  .max(40)
  .describe('ISO 8601 with an offset, or a day of the site’s calendar, which means its end');
const id = z.string().min(1).max(100);

/** Where somebody stood: as the device said, or in words. */
export const casePlace = z.union([
  z.object({
    kind: z.enum(['point']),
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    accuracyMetres: z.number().min(0).nullable(),
  }),
  z.object({ kind: z.enum(['text']), text: freeText.min(1).max(200) }),
]);

/** A photo without its bytes. */
export const casePhoto = z.object({
  n: z.number().int().describe('its number within the case'),
  type: z.enum(PHOTO_TYPES),
  size: z.number().int().describe('bytes'),
  sha256: z.string(),
  by: z.string(),
  at: time,
});

/** One step. */
export const caseEvent = z.object({
  at: time,
  by: z.string().describe('the account'),
  act: z.enum(CASE_ACTS),
  from: state.nullable(),
  to: state,
  note: z.string(),
  finding: finding.nullable(),
  person: z.string().nullable().describe('to whom it was given'),
  personName: z.string().nullable(),
  personNameEn: z.string().nullable(),
  until: time.nullable().describe('the time limit that was set'),
  place: casePlace.nullable(),
  photos: z.array(z.number().int()),
});

export const caseView = z.object({
  id: z.string(),
  number: z.string().describe('编号, e.g. 2026-0012; kept for life'),
  alert: z.string().nullable(),
  station: z.string().nullable(),
  stationName: z.string().nullable(),
  stationNameEn: z.string().nullable(),
  village: z.string().nullable(),
  reach: z.string().nullable(),
  reachName: z.string().nullable(),
  reachNameEn: z.string().nullable(),
  parameter: z.string().nullable(),
  parameterName: z.string().nullable(),
  parameterNameEn: z.string().nullable(),
  what: z.string(),
  openedAt: time,
  by: z.string().describe('the account that opened it'),
  to: z.string().describe('id of the person who has it'),
  toName: z.string(),
  toNameEn: z.string(),
  level,
  until: time,
  state,
  finding: finding.nullable(),
  overdue: z.boolean().describe('past its time limit and not closed'),
  late: z.boolean().describe('is, or was when it was closed, past its time limit'),
  closedAt: time.nullable(),
  hours: z.number().int().describe('whole hours from opening to closing, or until now'),
  photos: z.array(casePhoto),
  history: z.array(caseEvent),
});

export const casesAnswer = z.object({
  cases: z.array(caseView),
  summary: z.object({
    open: z.number().int().describe('未销号'),
    overdue: z.number().int(),
    oldestDays: z.number().int().nullable(),
  }),
  people: z
    .array(z.object({ id: z.string(), name: z.string(), nameEn: z.string(), level }))
    .describe('to whom a case can be given'),
});
export const casesQuery = z.object({
  village: id.optional(),
  reach: id.optional().describe('id or name'),
  state: z
    .enum([...CASE_STATES, 'open'])
    .optional()
    .describe('open: all that are not closed'),
  overdue: z.enum(['0', '1']).optional(),
  to: id.optional(),
  alert: id.optional(),
  period: z.string().min(1).max(10).optional().describe('opened within, e.g. 2026-11'),
});

export const caseBody = z.object({
  alert: id.optional().describe('an alert, or a station'),
  station: id.optional(),
  to: id.describe('id of a person'),
  until: moment,
  note: note.default('').describe('what it is about, where no alert says it'),
});
const evidence = {
  place: casePlace.optional(),
  photos: z.array(z.number().int().min(1)).max(PHOTOS_A_STEP).default([]).describe('numbers of photos sent before'),
};
export const verifyBody = z.object({ finding: finding.optional(), note: note.default(''), ...evidence });
export const mendBody = z.object({ note: note.default(''), ...evidence });
export const checkBody = z.object({
  passed: z.boolean().default(true).describe('false: it goes back'),
  note: note.default(''),
  ...evidence,
});
export const closeBody = z.object({ note: note.default('') });
export const handOverBody = z.object({ to: id, note: note.default('') });
export const extendBody = z.object({ until: moment, note: note.default('') });

export type CaseView = z.infer<typeof caseView>;
export type CaseEventView = z.infer<typeof caseEvent>;
export type CasePhoto = z.infer<typeof casePhoto>;
export type CasePlace = z.infer<typeof casePlace>;
export type CasesAnswer = z.infer<typeof casesAnswer>;
