/** How does the page of the review ask the service? */
import type { DecisionView } from '../../adapters/http/contract/decisions.js';
import type {
  AttachmentAnswer,
  BulkAnswer,
  PreviewAnswer,
  QueueAnswer,
  ReviewDayAnswer,
} from '../../adapters/http/contract/reviewing.js';
import { ask, send } from '../api/api.js';

/** A scan over a weak line. */
const FILE_PATIENCE_MS = 120_000;

/** What somebody is about to decide. */
export interface DecisionAsked {
  readonly station: string;
  readonly source: DecisionView['source'];
  /** `null`: all of the station. */
  readonly parameters: readonly string[] | null;
  readonly from: string;
  readonly to: string;
  readonly outcome: DecisionView['outcome'];
}

/** Which days are passed together; the end is not in it. */
export interface BulkAsked {
  readonly act: 'first' | 'second';
  readonly station?: string;
  readonly from: string;
  readonly to: string;
}

const of = (station: string, date: string): string => `/review/days/${encodeURIComponent(station)}/${encodeURIComponent(date)}`;

/** The routes of the review. Each throws `ApiError`. */
export const reviewApi = {
  queue: (asked: URLSearchParams) => ask<QueueAnswer>(`/review/queue?${asked}`),
  day: (station: string, date: string) => ask<ReviewDayAnswer>(of(station, date)),
  act: (station: string, date: string, act: 'first' | 'second' | 'return', note: string) =>
    send<ReviewDayAnswer>('POST', `${of(station, date)}/${act}`, { note }),
  bulk: (body: BulkAsked) => send<BulkAnswer>('POST', '/review/bulk', body),
  preview: ({ parameters, ...asked }: DecisionAsked) =>
    ask<PreviewAnswer>(
      `/review/preview?${new URLSearchParams({ ...asked, ...(parameters !== null && { parameters: parameters.join(',') }) })}`,
    ),
  decide: (body: DecisionAsked & { reason: DecisionView['reason']; note: string }) =>
    send<DecisionView>('POST', '/decisions', body),
  undo: (id: string, note: string) => send<DecisionView>('POST', `/decisions/${encodeURIComponent(id)}/undo`, { note }),
  attach: (id: string, file: File) =>
    ask<AttachmentAnswer>(
      `/decisions/${encodeURIComponent(id)}/attachment`,
      { method: 'POST', headers: { 'content-type': file.type }, body: file },
      FILE_PATIENCE_MS,
    ),
};
