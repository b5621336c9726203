/** What does a person read when the service would not, or did not answer? */
import { ApiError } from './api/api.js';
import { words } from './preferences.js';

/** What was entered is at fault: wrong, or about something that is not there. */
export const isSlip = (status: number): boolean => status === 400 || status === 404;

const isRefusal = (status: number): boolean => status >= 400 && status < 500;

/**
 * A lost login in words; the service's own words where `tells` the status, any refusal unless said otherwise; else `failed`.
 */
export function problemOf(error: unknown, failed: string, tells: (status: number) => boolean = isRefusal): string {
  if (!(error instanceof ApiError)) return failed;
  if (error.status === 401) return words.value.session.ended;
  return tells(error.status) ? error.detail : failed;
}
