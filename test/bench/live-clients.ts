/** Who watches while the devices speak? Pages that are open, in a process of its own: each holds the event stream and reads what comes. */
import { Agent, get } from 'node:http';

/** Open so many at that address, or tell how they fare. */
export type LiveOrder = { readonly kind: 'open'; readonly url: string; readonly clients: number } | { readonly kind: 'count' };

/** All are connected; or how many still are, how many bytes the one that heard least has read, and all of them together. */
export type LiveAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'counted'; readonly connected: number; readonly least: number; readonly bytes: number };

const answer = (words: LiveAnswer | { readonly kind: 'failed'; readonly why: string }): void => void process.send?.(words);
const heard: number[] = [];
let connected = 0;

/** Resolves once the stream has begun. */
function open(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { accept: 'text/event-stream' } }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the stream answered ${response.statusCode ?? ''}`));
      const own = heard.push(0) - 1;
      connected += 1;
      response.on('data', (chunk: Buffer) => (heard[own]! += chunk.length));
      response.once('close', () => (connected -= 1));
      resolve();
    });
    request.once('error', reject);
  });
}

process.on('message', (order: LiveOrder) => {
  if (order.kind === 'count') {
    const bytes = heard.reduce((sum, own) => sum + own, 0);
    return answer({ kind: 'counted', connected, least: Math.min(...heard), bytes });
  }
  const agent = new Agent({ keepAlive: true, maxSockets: order.clients });
  Promise.all(Array.from({ length: order.clients }, () => open(order.url, agent))).then(
    () => answer({ kind: 'opened' }),
    (error: unknown) => answer({ kind: 'failed', why: String(error) }),
  );
});
// Without its bench it has nothing to do.
process.on('disconnect', () => process.exit(0));
