/** What stands on the bench? Parts of one measurement, each fresh, and gone when it is over. */
import { startInfluxd } from '../support/influxd.js';
import type { Influxd } from '../support/influxd.js';
import { startMosquitto } from '../support/mosquitto.js';
import { startService } from '../support/service.js';
import type { RunningService, Variables } from '../support/service.js';
import { TestSmtp } from '../support/smtp.js';
import { Child, Publisher } from './child.js';
import type { Wishes } from './publisher.js';
import type { Listening } from './bare-aedes.js';
import type { SubscriberAnswer, SubscriberOrder } from './bare-subscriber.js';
import type { LiveAnswer, LiveOrder } from './live-clients.js';

/** What takes messages, seen from outside. */
export interface Taker {
  readonly pid: number;
  /** Messages taken so far (for the service: durable and acknowledged), and when that was, ms. */
  count(): Promise<{ readonly messages: number; readonly at: number }>;
}

const standing = new Set<Parts>();

/** Runs a measurement and ends whatever it started, however it ends. */
export async function onParts<T>(config: string, work: (parts: Parts) => Promise<T>): Promise<T> {
  const parts = new Parts(config);
  standing.add(parts);
  try {
    return await work(parts);
  } finally {
    await parts.dispose();
    standing.delete(parts);
  }
}

/** Ends everything that stands, for a bench that is interrupted. */
export async function disposeAll(): Promise<void> {
  await Promise.all([...standing].map((parts) => parts.dispose()));
}

/** The parts of one measurement. */
export class Parts {
  private readonly undo: (() => Promise<unknown>)[] = [];

  constructor(private readonly config: string) {}

  /** The built service with the bench's township. */
  async service(env: Variables = {}): Promise<RunningService> {
    const service = await startService({ env: { HEQING_CONFIG: this.config, ...env } });
    this.undo.push(() => service.dispose());
    return service;
  }

  /** A Mosquitto that keeps everything in memory: what is measured is the way behind it, not its own disk. */
  async mosquitto(): Promise<{ readonly url: string; readonly port: number }> {
    const mosquitto = await startMosquitto(['persistence false', 'autosave_on_changes false', 'max_queued_messages 0']);
    this.undo.push(() => mosquitto.dispose());
    return mosquitto;
  }

  async influxd(): Promise<Influxd> {
    const influxd = await startInfluxd();
    this.undo.push(() => influxd.dispose());
    return influxd;
  }

  async smtp(): Promise<TestSmtp> {
    const smtp = new TestSmtp();
    await smtp.start();
    this.undo.push(() => smtp.stop());
    return smtp;
  }

  /** The devices, connected and silent. */
  async publisher(wishes: Wishes): Promise<Publisher> {
    const publisher = await Publisher.open(wishes);
    this.undo.push(() => publisher.end());
    return publisher;
  }

  /** An aedes with nothing behind it; resolves with its port. */
  async bareAedes(): Promise<number> {
    const child = new Child<Listening>('bare-aedes.ts');
    this.undo.push(() => child.end());
    return (await child.ask({}, 'listening')).port;
  }

  /** A subscriber that does nothing. */
  async bareSubscriber(url: string): Promise<Taker> {
    const child = new Child<SubscriberAnswer>('bare-subscriber.ts');
    this.undo.push(() => child.end());
    await child.ask({ kind: 'subscribe', url } satisfies SubscriberOrder, 'subscribed');
    return { pid: child.pid, count: () => child.ask({ kind: 'count' } satisfies SubscriberOrder, 'counted') };
  }

  /** So many open pages that listen to a service; `stillListen` throws unless each is connected and has heard something. */
  async livePages(service: RunningService, clients: number): Promise<{ stillListen(): Promise<void> }> {
    const child = new Child<LiveAnswer>('live-clients.ts');
    this.undo.push(() => child.end());
    await child.ask({ kind: 'open', url: `${service.baseUrl}/api/v1/live`, clients } satisfies LiveOrder, 'opened');
    return {
      async stillListen() {
        const { connected, least, bytes } = await child.ask({ kind: 'count' } satisfies LiveOrder, 'counted');
        if (connected === clients && least > bytes / clients / 2) return;
        throw new Error(`${connected} of ${clients} pages are connected, one read ${least} of ${bytes} bytes`);
      },
    };
  }

  /** Ends everything, the last first. */
  async dispose(): Promise<void> {
    for (const step of this.undo.splice(0).reverse()) await step();
  }
}

/** Where a service's embedded broker listens. */
export const portOf = (url: string): number => Number(new URL(url).port);

/** The service as a taker: what its metrics count. `values`: those the archive has (stored) instead of messages that are durable. */
export function takerOf(service: RunningService, of: 'messages' | 'stored' = 'messages'): Taker {
  const name = of === 'messages' ? 'heqing_messages_received_total' : 'heqing_values_total{outcome="stored",reason=""}';
  return {
    pid: service.pid ?? 0,
    async count() {
      const text = await (await fetch(`${service.baseUrl}/metrics`)).text();
      const at = performance.timeOrigin + performance.now();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return { messages: line === undefined ? 0 : Number(line.slice(name.length + 1)), at };
    },
  };
}
