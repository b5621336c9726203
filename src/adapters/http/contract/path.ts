/** What do the answers about the alert path look like? */
import { z } from 'zod';
import { time } from './contract.js';

export const pathAnswer = z.object({
  state: z.enum(['proven', 'unproven', 'failing']),
  since: time,
  lastConfirmedAt: time.nullable(),
  words: z.object({ zh: z.string(), en: z.string() }).describe('e.g. 预警通道上次验证:2 天前'),
});
export type PathAnswer = z.infer<typeof pathAnswer>;

export const pathTestAnswer = z.object({
  sentAt: time,
  recipients: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string() })),
});
export type PathTestAnswer = z.infer<typeof pathTestAnswer>;

export const pathConfirmBody = z.object({ code: z.string().min(1).max(32).describe('the code of a test mail') });
