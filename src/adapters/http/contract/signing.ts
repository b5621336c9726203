/** What do signed months (定稿) look like on the wire, and what is asked of who signs one? */
import { z } from 'zod';
import { HINDRANCES } from '../../../domain/signing/hindrance.js';
import { BASES } from '../../../domain/site.js';
import { riverClass, time, verdict, window } from './contract.js';
import { excuseView, figure, processView, signedMonth, verdictView } from './compliance.js';
import { freeText } from './text.js';

const words = z.object({ zh: z.string(), en: z.string() });
const hindranceKind = z.enum(HINDRANCES);

/** What a signature fixes besides the windows. */
const fixed = figure.extend({
  target: z.string(),
  name: z.string(),
  nameEn: z.string(),
  kind: z.enum(['target', 'indicator']),
  period: z.string(),
  window,
  basis: z.enum(BASES),
  goal: z.number().nullable(),
  minCapture: z.number(),
  note: z.string().nullable(),
  good: z.object({ rate: z.number().nullable(), good: z.number(), classed: z.number() }).nullable(),
  setAside: z.object({ total: z.number(), over: z.number(), maintenance: z.number(), review: z.number() }),
  process: processView,
  excuses: z.array(excuseView),
  wholeEvidence: z.boolean().describe('false: of more than 2,000 windows those that were not met alone'),
});
const signedWindow = verdictView.omit({ changes: true });

const signature = z.object({
  edition: z.number(),
  by: z.string(),
  at: time,
  note: z.string(),
  hash: z.string().describe('SHA-256 of the canonical JSON of `snapshot`: keys in order, no space'),
  despite: z
    .array(z.object({ kind: hindranceKind, count: z.number(), reason: z.string(), words }))
    .describe('what was open, and why it was signed all the same'),
});

const standing = z.object({ verdict, class: riverClass.nullable(), excused: z.boolean() }).nullable();
const itemStanding = z.object({ value: z.number().nullable(), outcome: verdict }).nullable();
const correction = z.object({
  station: z.string(),
  stationName: z.string(),
  start: time,
  end: time,
  from: standing.describe('null: there was no such window'),
  to: standing.describe('null: there is no such window any more'),
  items: z.array(
    z.object({
      parameter: z.string(),
      name: z.string(),
      statistic: z.string(),
      unit: z.string(),
      limitText: z.string().nullable(),
      from: itemStanding,
      to: itemStanding,
    }),
  ),
  at: time.nullable().describe('when its verdict changed; null where only means moved'),
  reason: z.string().nullable().describe('e.g. 补传 14 条测值'),
});

const year = z.string().regex(/^\d{4}$/);
export const signedQuery = z.object({
  target: z.string().min(1).optional(),
  year: year.optional(),
  verify: z.enum(['0', '1']).optional().describe('1: every hash of every edition is computed again'),
});
export const signedAnswer = z.object({
  signed: z.array(signedMonth.extend({ target: z.string(), name: z.string() })).describe('newest edition of every signed month'),
  verified: z
    .object({
      editions: z.number(),
      broken: z.array(z.string()).describe('editions that are not as they were signed, or are gone'),
    })
    .nullable(),
});
export const signedMonthQuery = z.object({ edition: z.coerce.number().int().min(1).optional() });
export const signedMonthAnswer = signature.extend({
  target: z.string(),
  period: z.string(),
  intact: z.boolean().describe('hash and trail still fit what is kept'),
  editions: z.array(signature),
  snapshot: fixed.extend({ windows: z.array(signedWindow) }),
  live: figure.nullable().describe('as it comes out now; null for a target that the config no longer has'),
  corrections: z.array(correction).describe('更正: what is not as it was signed'),
});
export const signingPreview = z.object({
  target: z.string(),
  name: z.string(),
  nameEn: z.string(),
  period: z.string(),
  edition: z.number().describe('which it would be'),
  hash: z.string().describe('name it as `seen` when you sign'),
  figure: fixed,
  windows: z.array(signedWindow),
  hindrances: z.array(
    z.object({
      kind: hindranceKind,
      absolute: z.boolean().describe('nobody can sign while it stands'),
      count: z.number(),
      words,
      items: z.array(
        z.object({
          subject: z.string(),
          station: z.string().nullable(),
          date: z.string().nullable(),
          text: z.string(),
          case: z.string().nullable(),
        }),
      ),
    }),
  ),
  signed: signature.nullable(),
  corrections: z.array(correction),
  refused: z.string().nullable().describe('why it cannot be signed now; null: it can'),
});
export const signBody = z.object({
  seen: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('`hash` of the preview'),
  note: freeText.max(2000).default('').describe('required for a further edition'),
  despite: z
    .array(z.object({ kind: hindranceKind, reason: freeText.trim().min(1).max(2000) }))
    .max(HINDRANCES.length)
    .default([]),
});

export type SignedMonthAnswer = z.infer<typeof signedMonthAnswer>;
export type SigningPreview = z.infer<typeof signingPreview>;
export type SignBody = z.input<typeof signBody>;
export type CorrectionView = z.infer<typeof correction>;
