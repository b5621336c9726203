/** How does an operator have refused payloads taken again? `npm run heqing -- replay`: asks the running service. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import { type Environment, isLoopback } from './adapters/config/environment.js';
import { Accounts } from './adapters/http/accounts.js';
import type { Problem, ReplayAnswer } from './adapters/http/contract.js';
import { SqliteAccountStore } from './adapters/sqlite/account-store.js';
import { Database } from './adapters/sqlite/database.js';

/** What `--help` says of it. */
export const REPLAY_HELP = `  replay [--reason R] [--since DATE]
                                 修好配置并重启服务后,重新接收被拒收的数据(服务须在运行);wrong-sender 须用 --reason 指明
                                 takes refused payloads again under the mended config; the service must be running
`;

/** A replay that could not be made, in words. */
export class ReplayFault extends Error {}

/**
 * Asks the running service, which alone may write to the log, with a token that is made for this one question: who may open
 * the state file may ask. Throws `ReplayFault` when no service runs, or with what it answered.
 */
export async function replay(
  environment: Environment,
  which: { readonly reason: string | undefined; readonly since: string | undefined },
): Promise<void> {
  const file = join(environment.dataDir, STATE_FILE);
  if (!existsSync(file)) throw new ReplayFault(`${file} 不存在:请先启动一次服务 start the service once first`);
  const { host, port } = environment.http;
  const where = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const database = new Database(file);
  const label = `replay ${process.pid} ${Date.now()}`;
  const accounts = new Accounts(new SqliteAccountStore(database), { now: Date.now }, { beyondLoopback: !isLoopback(host) });
  const admin = accounts.list().find(({ role }) => role === 'admin');
  try {
    if (admin === undefined) throw new ReplayFault('没有管理员账号 there is no administrator: account add NAME --admin');
    const token = accounts.addToken(label, admin.username);
    try {
      report(await ask(`http://${where}:${port}/api/v1/rejections/replay`, token, which));
    } finally {
      accounts.removeToken(label);
    }
  } finally {
    database.close();
  }
}

async function ask(url: string, token: string, which: object): Promise<ReplayAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(which),
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new ReplayFault(
      `服务没有在 ${url} 应答:请先启动 the service does not answer, start it first (${cause?.code ?? String(error)})`,
    );
  });
  const body = (await response.json().catch(() => ({ detail: response.statusText }))) as ReplayAnswer & Problem;
  if (!response.ok)
    throw new ReplayFault([body.detail, ...(body.errors ?? []).map((e) => `${e.field}: ${e.message}`)].join('\n'));
  return body;
}

function report({ messages, taken, values, refused, skipped }: ReplayAnswer): void {
  console.log(`查看 looked at ${messages} 条消息,重新接收 taken ${taken} 条,共 ${values} 个测值 values`);
  for (const [reason, n] of Object.entries(refused)) console.log(`  仍被拒收 still refused:${reason} ${n}`);
  if (skipped > 0) console.log(`  不能重新接收 cannot be taken again:${skipped}(已截断、旧版本留下的,或未指明的 wrong-sender)`);
}
