/** How does an operator have refused payloads taken again? `npm run heqing -- replay`: asks the running service. */
import type { Environment } from './adapters/config/environment.js';
import type { ReplayAnswer } from './adapters/http/contract/contract.js';
import { asking } from './heqing-ask.js';

/** What `--help` says of it. */
export const REPLAY_HELP = `  replay [--reason R] [--since DATE]
                                 修好配置并重启服务后,重新接收被拒收的数据(服务须在运行);wrong-sender 须用 --reason 指明
                                 takes refused payloads again under the mended config; the service must be running
`;

/** Asks the running service and prints what it did. Throws `AskFault` when no service runs, or with what it answered. */
export async function replay(
  environment: Environment,
  which: { readonly reason: string | undefined; readonly since: string | undefined },
): Promise<void> {
  report(await asking(environment, 'replay', (ask) => ask<ReplayAnswer>('/api/v1/rejections/replay', which)));
}

function report({ messages, taken, values, refused, skipped }: ReplayAnswer): void {
  console.log(`查看 looked at ${messages} 条消息,重新接收 taken ${taken} 条,共 ${values} 个测值 values`);
  for (const [reason, n] of Object.entries(refused)) console.log(`  仍被拒收 still refused:${reason} ${n}`);
  if (skipped > 0) console.log(`  不能重新接收 cannot be taken again:${skipped}(已截断、旧版本留下的,或未指明的 wrong-sender)`);
}
