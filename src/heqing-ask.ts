/** How does a command ask the running service, which alone may write to the log? Over HTTP, with a token of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import { type Environment, isLoopback } from './adapters/config/environment.js';
import { Accounts } from './adapters/http/accounts.js';
import type { Problem } from './adapters/http/contract.js';
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

/** Posts JSON to a path of the API and returns its answer. Throws `AskFault`. */
export type Ask = <T>(path: string, body: object) => Promise<T>;

/**
 * Runs `work` with a way to ask the running service. It asks with a token that is made for this work alone and withdrawn
 * after it: who may open the state file may ask. `what` labels the token. Throws `AskFault`.
 */
export async function asking<T>(environment: Environment, what: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const file = join(environment.dataDir, STATE_FILE);
  if (!existsSync(file)) throw new AskFault(`${file} 不存在:请先启动一次服务 start the service once first`, true);
  const { host, port } = environment.http;
  const where = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const database = new Database(file);
  const label = `${what} ${process.pid} ${Date.now()}`;
  const accounts = new Accounts(new SqliteAccountStore(database), { now: Date.now }, { beyondLoopback: !isLoopback(host) });
  try {
    const admin = accounts.list().find(({ role }) => role === 'admin');
    if (admin === undefined) throw new AskFault('没有管理员账号 there is no administrator: account add NAME --admin');
    const token = accounts.addToken(label, admin.username);
    try {
      return await work((path, body) => post(`http://${where}:${port}${path}`, token, body));
    } finally {
      accounts.removeToken(label);
    }
  } finally {
    database.close();
  }
}

async function post<T>(url: string, token: string, body: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new AskFault(
      `服务没有在 ${url} 应答:请先启动 the service does not answer, start it first (${cause?.code ?? String(error)})`,
      true,
    );
  });
  const answer = (await response.json().catch(() => ({ detail: response.statusText }))) as T & Problem;
  if (!response.ok) {
    throw new AskFault([answer.detail, ...(answer.errors ?? []).map((e) => `${e.field}: ${e.message}`)].join('\n'));
  }
  return answer;
}
