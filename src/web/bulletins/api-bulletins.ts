/** How do the bulletin pages ask the service? */
import type { BulletinAnswer, BulletinHead, BulletinsAnswer } from '../../adapters/http/contract/bulletins.js';
import { ask } from '../api/api.js';

const one = (id: string): string => encodeURIComponent(id);

/** Writing a month is thirty days of receipts. */
export const MAKING_PATIENCE_MS = 120_000;

/** Bulletins. Each throws `ApiError`. */
export const bulletinsApi = {
  list: (kind: string) => ask<BulletinsAnswer>(`/bulletins${kind === '' ? '' : `?${new URLSearchParams({ kind })}`}`),
  find: (id: string) => ask<BulletinAnswer>(`/bulletins/${one(id)}`),
  make: (kind: BulletinHead['kind'], period: string, mail: boolean) =>
    ask<BulletinAnswer>(
      '/bulletins',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind, period, mail }) },
      MAKING_PATIENCE_MS,
    ),
};

/** Where a file of a bulletin is. */
export const bulletinFile = (id: string, format: 'docx' | 'xlsx'): string => `/api/v1/bulletins/${one(id)}/${format}`;

/** Where the picture of a course is; `n` from 1. */
export const bulletinPicture = (id: string, n: number): string => `/api/v1/bulletins/${one(id)}/pictures/${n}`;
