/** How do the pages ask about signed months (定稿)? */
import type { SignBody, SignedMonthAnswer, SigningPreview } from '../../adapters/http/contract/signing.js';
import { ask, send } from '../api/api.js';

const of = (target: string, period: string): string => `/signed/${encodeURIComponent(target)}/${encodeURIComponent(period)}`;

/** The routes of signing. Each throws `ApiError`. */
export const signingApi = {
  preview: (target: string, period: string) => ask<SigningPreview>(`${of(target, period)}/preview`),
  /** The newest edition unless one is named. */
  month: (target: string, period: string, edition?: string) =>
    ask<SignedMonthAnswer>(`${of(target, period)}${edition === undefined ? '' : `?${new URLSearchParams({ edition })}`}`),
  sign: (target: string, period: string, body: SignBody) => send<SignedMonthAnswer>('POST', of(target, period), body),
};
