/** How does a command ask the running service, which alone may write to the log? Over HTTP, with a token of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import { type Environment, isLoopback } from './adapters/config/environment.js';
import { Accounts } from './adapters/http/access/accounts.js';
import type { Problem } from './adapters/http/contract/contract.js';
import { SqliteAccountStore } from './adapters/sqlite/account-store.js';
import { Database } from './adapters/sqlite/database.js';

/** What could not be asked, or what the service answered instead, in words. `away`: no service answers. */
export class AskFault extends Error {
  constructor(
    message: string,
    readonly away = false,
  ) {
    super(message);
  }
}

/** Asks a path of the API, with JSON when there is any, and returns its answer. Throws `AskFault`. */
export type Ask = <T>(path: string, body?: object, method?: 'POST' | 'PATCH') => Promise<T>;

/**
 * Runs `work` with a way to ask the running service. It asks with a token that is made for this work alone and withdrawn
 * after it: who may open the state file may ask. `what` labels the token; `as` names the account that asks, an administrator's
 * by default. Throws `AskFault`.
 */
export async function asking<T>(environment: Environment, what: string, work: (ask: Ask) => Promise<T>, as?: string): Promise<T> {
  const file = join(environment.dataDir, STATE_FILE);
  if (!existsSync(file)) throw new AskFault(`${file} 不存在:请先启动一次服务 start the service once first`, true);
  const { host, port } = environment.http;
  const where = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const database = new Database(file);
  const label = `${what} ${process.pid} ${Date.now()}`;
  const accounts = new Accounts(new SqliteAccountStore(database), { now: Date.now }, { beyondLoopback: !isLoopback(host) });
  try {
    const account = accounts.list().find(({ username, role }) => (as === undefined ? role === 'admin' : username === as));
    if (account === undefined) {
      throw new AskFault(
        as === undefined
          ? '没有管理员账号 there is no administrator: account add NAME --admin'
          : `没有账号 ${as} there is no such account: account list`,
      );
    }
    const token = accounts.addToken(label, account.username);
    try {
      return await work((path, body, method) => ask(`http://${where}:${port}${path}`, token, body, method));
    } finally {
      accounts.removeToken(label);
    }
  } finally {
    database.close();
  }
}

async function ask<T>(url: string, token: string, body: object | undefined, method = 'POST'): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = body === undefined ? { headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(url, request).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new AskFault(
      `服务没有在 ${url} 应答:请先启动 the service does not answer, start it first (${cause?.code ?? String(error)})`,
      true,
    );
  });
  const answer = (await response.json().catch(() => ({ detail: response.statusText }))) as T & Problem;
  if (!response.ok) {
    const fields = (answer.errors ?? []).map((e) => `${e.field}: ${e.message}`);
    // The detail may already say them.
    throw new AskFault([answer.detail, ...fields.filter((one) => !answer.detail.includes(one))].join('\n'));
  }
  return answer;
}
