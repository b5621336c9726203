/** How does the page ask the service? */
import type {
  AlertsAnswer,
  AlertView,
  NoticeAnswer,
  NoticesAnswer,
  ReadingsAnswer,
  ReceiptsAnswer,
  RejectionsAnswer,
  SessionAnswer,
  SiteAnswer,
  StationsAnswer,
} from '../../adapters/http/contract/contract.js';
import type { CasePhoto, CasePlace, CasesAnswer, CaseView } from '../../adapters/http/contract/cases.js';
import type { ReviewAnswer } from '../../adapters/http/contract/review.js';
import type { PathAnswer } from '../../adapters/http/contract/path.js';
import type { ComplianceAnswer, TargetsAnswer, TargetView } from '../../adapters/http/contract/compliance.js';
import { isUnattended } from '../attended.js';

/** An answer that is not 2xx (`status`), or none at all (`status` 0). `retryAfter`: seconds, from 429. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly retryAfter: string | null = null,
  ) {
    super(`${status} ${detail}`);
    this.name = 'ApiError';
  }
}

const PATIENCE_MS = 20_000;

/** A photo over a weak line. */
const PHOTO_PATIENCE_MS = 120_000;

/** Something that shall be silent. */
export interface SilenceView {
  readonly id: string;
  readonly subjectName: string | null;
  readonly subjectNameEn: string | null;
  readonly station: string | null;
  readonly parameter: string | null;
  readonly rule: string | null;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly reason: string;
}

/** An address that takes no mail, or a channel that takes nothing. */
export interface BouncedView {
  /** The role; of a channel all who read it. */
  readonly recipient: string;
  /** `null`: a channel. */
  readonly email: string | null;
  readonly channel: string;
  readonly since: string;
  readonly error: string;
}

/** What is said of a step of a case. */
export interface StepBody {
  note: string;
  finding?: CaseView['finding'];
  passed?: boolean;
  to?: string;
  until?: string;
  place?: CasePlace;
  photos?: number[];
}

/** One question under `/api/v1`; a page with routes of its own asks through it. Throws `ApiError`. */
export async function ask<T>(path: string, init: RequestInit = {}, patienceMs = PATIENCE_MS): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      ...init,
      headers: { accept: 'application/json', ...(isUnattended() && { 'heqing-unattended': '1' }), ...init.headers },
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (error) {
    throw new ApiError(0, error instanceof Error ? error.message : String(error));
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const detail = body && typeof body === 'object' && 'detail' in body ? String(body.detail) : response.statusText;
    throw new ApiError(response.status, detail, response.headers.get('retry-after'));
  }
  return body as T;
}

/** One act under `/api/v1`. Throws `ApiError`. */
export const send = <T>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> =>
  ask<T>(
    path,
    body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );

const one = (id: string): string => encodeURIComponent(id);

/** The routes the page uses. Each throws `ApiError`. */
export const api = {
  site: () => ask<SiteAnswer>('/site'),
  path: () => ask<PathAnswer>('/path'),
  stations: () => ask<StationsAnswer>('/stations'),
  targets: () => ask<TargetsAnswer>('/targets'),
  alerts: () => ask<AlertsAnswer>('/alerts?state=active'),
  compliance: (target: string, period: string, window: TargetView['window']) =>
    ask<ComplianceAnswer>(`/compliance/${one(target)}?${new URLSearchParams({ period, window })}`),
  /** `[from, to)`, both ISO 8601 with offset. */
  readings: (station: string, parameter: string, from: string, to: string) =>
    ask<ReadingsAnswer>(`/stations/${one(station)}/readings?${new URLSearchParams({ parameter, from, to })}`),
  acknowledge: (alert: string, note: string) => send<AlertView>('POST', `/alerts/${one(alert)}/acknowledge`, { note }),
  report: (alert: string, note: string) => send<AlertView>('POST', `/alerts/${one(alert)}/report`, { note }),
  cases: (asked: URLSearchParams) => ask<CasesAnswer>(`/cases?${asked}`),
  openCase: (body: { alert: string; to: string; until: string; note: string }) => send<CaseView>('POST', '/cases', body),
  caseStep: (id: string, act: string, body: StepBody) => send<CaseView>('POST', `/cases/${one(id)}/${act}`, body),
  addPhoto: (id: string, file: File) =>
    ask<CasePhoto>(
      `/cases/${one(id)}/photos`,
      { method: 'POST', headers: { 'content-type': file.type }, body: file },
      PHOTO_PATIENCE_MS,
    ),
  /** How many readings wait for review, and the newest of them. */
  review: (limit = 1) => ask<ReviewAnswer>(`/review?limit=${limit}`),
  silences: () => ask<{ silences: SilenceView[] }>('/silences?holding=1'),
  notices: () => ask<NoticesAnswer & { readonly bounced?: readonly BouncedView[] }>('/notices'),
  notice: (id: string) => ask<NoticeAnswer>(`/notices/${one(id)}`),
  rejections: () => ask<RejectionsAnswer>('/rejections?limit=50'),
  receipts: (date: string) => ask<ReceiptsAnswer>(`/receipts?${new URLSearchParams({ date })}`),
  login: (username: string, password: string) => send<SessionAnswer>('POST', '/session', { username, password }),
  logout: () => send<null>('DELETE', '/session'),
};
