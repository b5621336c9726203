/** How do the account page and the public board ask the service? */
import type {
  AccountAnswer,
  AccountsAnswer,
  BoardAnswer,
  MadeSecret,
  SessionsAnswer,
} from '../../adapters/http/contract/accounts.js';
import type { AuditAnswer } from '../../adapters/http/contract/decisions.js';
import { ask, send } from './api.js';

const of = (username: string): string => `/accounts/${encodeURIComponent(username)}`;

/** What is given up when an account is written: `person` only for a chief. */
export interface AccountBody {
  role: AccountAnswer['role'];
  person?: string;
}

/** The routes of accounts, sessions and the trail. Each throws `ApiError`. */
export const accountApi = {
  me: () => ask<AccountAnswer>('/account'),
  changePassword: (present: string, next: string) => send<null>('POST', '/account/password', { present, next }),
  sessions: (all: boolean) => ask<SessionsAnswer>(all ? '/sessions?all=1' : '/sessions'),
  endSession: (id: string) => send<null>('DELETE', `/sessions/${encodeURIComponent(id)}`),
  accounts: () => ask<AccountsAnswer>('/accounts'),
  add: (username: string, body: AccountBody) => send<MadeSecret>('POST', '/accounts', { username, ...body }),
  change: (username: string, body: AccountBody) => send<null>('PATCH', of(username), body),
  remove: (username: string) => send<null>('DELETE', of(username)),
  resetPassword: (username: string) => send<MadeSecret>('POST', `${of(username)}/password`),
  addToken: (username: string, label: string) => send<MadeSecret>('POST', `${of(username)}/tokens`, { label }),
  removeToken: (label: string) => send<null>('POST', '/tokens/remove', { label }),
  audit: (asked: URLSearchParams) => ask<AuditAnswer>(`/audit?${asked}`),
  board: () => ask<BoardAnswer>('/public/board'),
};
