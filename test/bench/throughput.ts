/** How many messages a second get through? Counted between two moments of a steady flood, never from start to end. */
import { pause } from '../support/eventually.js';
import type { Publisher } from './child.js';
import type { Parts, Taker } from './parts.js';
import type { Wishes } from './publisher.js';

/** Twenty devices with a hundred messages under way each, one reading a message. */
export const FLOOD: Omit<Wishes, 'port'> = { connections: 20, window: 100, perMessage: 1, rate: null, log: false };

/** Milliseconds before counting begins (caches, compilers, the first commits), and of counting. */
const WARM_MS = 3000;
const COUNT_MS = 6000;

/** Messages that may wait in a broker: enough that the taker is never idle, few enough that memory stays flat. */
const WAITING = 50_000;
const LOOK_EVERY_MS = 100;

/** Acknowledged messages a second at the broker on `port`, seen by the publishers. */
export async function acknowledgedPerSecond(parts: Parts, port: number, wishes = FLOOD): Promise<number> {
  const publisher = await parts.publisher({ ...wishes, port });
  publisher.go();
  await pause(WARM_MS);
  const from = await publisher.count();
  await pause(COUNT_MS);
  const to = await publisher.count();
  await publisher.finish();
  return ((to.acked - from.acked) * 1000) / (to.at - from.at);
}

/** Keeps a broker supplied without letting it overflow, until `stop`. */
export function supply(publisher: Publisher, taker: Taker): { stop(): Promise<void> } {
  let running = true;
  const loop = (async () => {
    while (running) {
      publisher.credit((await taker.count()).messages + WAITING);
      await pause(LOOK_EVERY_MS);
    }
  })();
  loop.catch(() => undefined);
  publisher.credit(WAITING);
  publisher.go();
  return {
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

/** Messages a second that `taker` takes behind the broker on `port`. */
export async function takenPerSecond(parts: Parts, port: number, taker: Taker, wishes = FLOOD, ms = COUNT_MS): Promise<number> {
  const publisher = await parts.publisher({ ...wishes, port });
  const supplying = supply(publisher, taker);
  await pause(WARM_MS);
  const from = await taker.count();
  await pause(ms);
  const to = await taker.count();
  await supplying.stop();
  return ((to.messages - from.messages) * 1000) / (to.at - from.at);
}
