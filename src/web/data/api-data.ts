/** What does the page of the data ask the service beyond what every page asks? */
import type { ReadyAnswer, RejectionsAnswer, ReplayAnswer } from '../../adapters/http/contract/contract.js';
import type { BacklogAnswer, ImportFileAnswer, LimitsAnswer } from '../../adapters/http/contract/data.js';
import { isUnattended } from '../attended.js';
import { ApiError, ask, send } from '../api/api.js';

/** A file of some megabytes over a weak line, and its comparison. */
const FILE_PATIENCE_MS = 120_000;

/** What a person says of a file. */
export interface FileChoice {
  readonly file: File;
  /** Empty: as the file says. */
  readonly station: string;
  readonly source: 'lab' | 'sensor';
}

/** The routes of this page. Each throws `ApiError`. */
export const dataApi = {
  rejections: (limit: number, reason: string, station: string) =>
    ask<RejectionsAnswer>(`/rejections?${query({ limit: String(limit), reason, station })}`),
  replay: (reason: string, station: string) =>
    send<ReplayAnswer>('POST', '/rejections/replay', {
      ...(reason !== '' && { reason }),
      ...(station !== '' && { station }),
    }),
  limits: () => ask<LimitsAnswer>('/limits'),
  backlog: () => ask<BacklogAnswer>('/backlog'),
  /** The state of each part; a 503 is an answer too. */
  async ready(): Promise<ReadyAnswer> {
    try {
      const response = await fetch('/health/ready', {
        ...(isUnattended() && { headers: { 'heqing-unattended': '1' } }),
        signal: AbortSignal.timeout(10_000),
      });
      return (await response.json()) as ReadyAnswer;
    } catch (error) {
      throw new ApiError(0, error instanceof Error ? error.message : String(error));
    }
  },
  /** What a file would do. */
  lookAtFile: (choice: FileChoice) => sendFile(choice, { dryRun: '1' }),
  /** Takes the values of a file from the `from`th on; `next` says where to go on. */
  takeFile: (choice: FileChoice, from: number) => sendFile(choice, { from: String(from) }),
};

function sendFile({ file, station, source }: FileChoice, more: Record<string, string>): Promise<ImportFileAnswer> {
  // A browser without a spreadsheet program names no type; the service looks at the bytes anyway.
  const headers = { 'content-type': /\.csv$/i.test(file.name) ? 'text/csv' : 'application/octet-stream' };
  const asked = query({ station, source, file: file.name.slice(-200), ...more });
  return ask<ImportFileAnswer>(`/import/file?${asked}`, { method: 'POST', headers, body: file }, FILE_PATIENCE_MS);
}

/** A query without what was not chosen. */
const query = (given: Record<string, string>): URLSearchParams =>
  new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
