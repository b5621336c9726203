/** How does a virtual device reach the broker, and what happens when it cannot? */
import mqtt, { type MqttClient } from 'mqtt';
import { SECOND } from '../domain/time.js';

/** The broker cannot be reached, refuses the device, or stayed away for too long; the message says which. */
export class Unreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreachable';
  }
}

/** A device's connection. */
export interface Link {
  /** Publishes at QoS 1; resolves when the broker has acknowledged. Rejects with `Unreachable` once the link is lost. */
  publish(payload: string): Promise<void>;
  /** Says `online` or `offline` for the station, retained. */
  status(online: boolean): Promise<void>;
  /** Says `offline`, then leaves. */
  close(): Promise<void>;
  /** Rejects with `Unreachable` when the broker was away for a minute; never resolves. */
  readonly lost: Promise<never>;
}

/** How often, and how many times, a first connection is tried; and how long a lost one is waited for. */
export interface Patience {
  readonly everyMs: number;
  readonly attempts: number;
  readonly lostAfterMs: number;
}
export const PATIENCE: Patience = { everyMs: SECOND, attempts: 5, lostAfterMs: 60 * SECOND };

/** CONNACK codes for which trying again would change nothing: identifier, login and permission refused. */
const FINAL = new Set<unknown>([2, 4, 5]);

/** Without the login that a URL may carry. */
const shown = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');

function why(error: Error & { code?: string | number; errors?: unknown }): string {
  // Node bundles the attempts for each address of a name into one error without words of its own.
  const first: unknown = Array.isArray(error.errors) ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : error.message || String(error.code ?? error.name);
}

/** Connects a station's device; its last will says `offline`. Rejects with `Unreachable` after the attempts. */
export function openLink(url: string, station: string, patience: Patience = PATIENCE): Promise<Link> {
  const statusTopic = `heqing/${station}/status`;
  return new Promise((resolve, reject) => {
    let client: MqttClient;
    try {
      client = mqtt.connect(url, {
        clientId: `heqing-sim-${station}-${process.pid}`,
        clean: true,
        reconnectPeriod: patience.everyMs,
        connectTimeout: 5 * SECOND,
        will: { topic: statusTopic, payload: Buffer.from('offline'), qos: 1, retain: true },
      });
    } catch (error) {
      reject(new Unreachable(`${shown(url)}: ${(error as Error).message}`));
      return;
    }
    let last = 'no answer';
    let attempts = 0;
    let opened = false;
    let closing = false;
    let away: NodeJS.Timeout | undefined;
    const unanswered = new Set<(error: Unreachable) => void>();
    let lose: (error: Unreachable) => void = () => undefined;
    const lost = new Promise<never>((_, rejectLost) => (lose = rejectLost));
    // Whoever waits for it hears of it; nobody has to.
    lost.catch(() => undefined);
    const fail = (message: string): void => {
      closing = true;
      clearTimeout(away);
      client.end(true);
      const error = new Unreachable(message);
      lose(error);
      reject(error);
      for (const give of unanswered) give(error);
    };

    client.on('error', (error: Error & { code?: string | number }) => {
      last = why(error);
      if (!opened && FINAL.has(error.code)) fail(`the broker at ${shown(url)} refuses ${station}: ${last}`);
    });
    client.on('close', () => {
      if (closing) return;
      if (!opened && ++attempts >= patience.attempts) {
        fail(
          `no broker at ${shown(url)} after ${attempts} attempts: ${last}. Is the service running (npm start), or is --url another one?`,
        );
      } else if (opened) {
        away ??= setTimeout(
          () => fail(`the broker at ${shown(url)} went away and did not come back: ${last}`),
          patience.lostAfterMs,
        );
      }
    });
    client.on('connect', () => {
      clearTimeout(away);
      away = undefined;
      if (opened) return;
      opened = true;
      // Not a race with `lost`: every race would leave a listener on a promise that lives as long as the run.
      const send = (topic: string, payload: string, retain: boolean): Promise<void> =>
        new Promise((acknowledge, give) => {
          unanswered.add(give);
          client.publish(topic, payload, { qos: 1, retain }, (error) => {
            unanswered.delete(give);
            if (error) give(new Unreachable(`${station}: ${why(error)}`));
            else acknowledge();
          });
        });
      const status = (online: boolean): Promise<void> => send(statusTopic, online ? 'online' : 'offline', true);
      resolve({
        publish: (payload) => send(`heqing/${station}/readings`, payload, false),
        status,
        close: async () => {
          if (closing) return;
          // A broker that is away cannot be told; its own last will speaks for the device.
          if (client.connected) await status(false).catch(() => undefined);
          closing = true;
          clearTimeout(away);
          await client.endAsync(!client.connected);
        },
        lost,
      });
    });
  });
}
