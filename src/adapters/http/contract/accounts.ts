/** What do accounts, sessions and the public board look like on the wire? */
import { z } from 'zod';
import { ACCOUNT_ROLES } from '../../../domain/account-role.js';
import { HINDRANCES } from '../../../domain/signing/hindrance.js';
import { BASES } from '../../../domain/site.js';
import { riverClass, time, verdict, window } from './contract.js';
import { division } from './compliance.js';
import { freeText } from './text.js';

const role = z.enum(ACCOUNT_ROLES);
const username = z.string().min(1).max(64);
const person = z.string().min(1).max(64).describe('a person of the config: a chief acts for its reaches and villages');

/** Who is logged in, and what a password needs. */
export const accountAnswer = z.object({
  username: z.string(),
  role,
  person: z.string().nullable(),
  passwordLeast: z.number().describe('characters a password needs'),
  idleMinutes: z.number().describe('a session ends after so many minutes without a request of a person'),
});
export const ownPasswordBody = z.object({ present: z.string().min(1).max(1000), next: z.string().min(1).max(2000) });

export const sessionView = z.object({
  id: z.string(),
  username: z.string(),
  createdAt: time,
  expiresAt: time,
  address: z.string(),
  current: z.boolean().describe('the session that asks'),
});
export const sessionsQuery = z.object({
  all: z.enum(['0', '1']).default('0').describe('1: of every account; for administrators'),
});
export const sessionsAnswer = z.object({ sessions: z.array(sessionView) });

export const accountView = z.object({
  username: z.string(),
  role,
  person: z.string().nullable(),
  createdAt: time,
  tokens: z.array(z.object({ label: z.string(), createdAt: time })),
});
export const accountsAnswer = z.object({
  accounts: z.array(accountView),
  people: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string() })).describe('for whom a chief may act'),
});
export const addAccountBody = z.object({ username, role, person: person.optional() });
export const changeAccountBody = z.object({ role, person: person.nullish() });
export const tokenBody = z.object({ label: freeText.trim().min(1).max(100) });
/** A secret that was just made: it is shown this once and can never be asked for again. */
export const madeSecret = z.object({ username: z.string(), secret: z.string() });

/** A signed rate with its division. */
const published = division.extend({
  target: z.string(),
  targetEn: z.string(),
  basis: z.enum(BASES),
  window,
  setAside: z.object({ total: z.number(), over: z.number() }).describe('人工剔除, and of it 超限'),
});

/** The board by the river (河长公示牌): what is signed and nothing else. */
export const boardAnswer = z.object({
  name: z.string(),
  nameEn: z.string(),
  publisher: z.string(),
  approver: z.string().nullable(),
  asOf: time,
  address: z.string().nullable().optional().describe('PUBLIC_URL, for the QR code; null while it is loopback'),
  reaches: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sections: z.array(z.object({ name: z.string(), targetClass: z.string().nullable() })),
    }),
  ),
  targets: z.array(z.object({ name: z.string(), nameEn: z.string().optional(), goal: z.number().nullable() })),
  figures: z
    .array(
      published.extend({
        period: z.string(),
        edition: z.number().describe('2 and above: 更正定稿'),
        signedBy: z.string().describe('the office that approves, never an account'),
        signedOn: z.string(),
        despite: z
          .array(z.object({ kind: z.enum(HINDRANCES), count: z.number() }))
          .describe('what was open when it was signed; empty: nothing'),
        sections: z
          .array(
            z.object({
              name: z.string(),
              class: riverClass.nullable(),
              targetClass: z.string(),
              verdict,
              excused: z.boolean(),
            }),
          )
          .describe('class of the river sections over the month'),
      }),
    )
    .describe('signed (定稿) months only, newest first; empty until a month is signed'),
  years: z.array(published.extend({ year: z.string(), months: z.number() })).describe('over the signed months of a year alone'),
  notice: z.string().describe('尚无定稿数据 while there are none, else 仅公布定稿数据'),
});

export type AccountAnswer = z.infer<typeof accountAnswer>;
export type SessionsAnswer = z.infer<typeof sessionsAnswer>;
export type AccountView = z.infer<typeof accountView>;
export type AccountsAnswer = z.infer<typeof accountsAnswer>;
export type MadeSecret = z.infer<typeof madeSecret>;
export type BoardAnswer = z.infer<typeof boardAnswer>;
