/** How many messages does a broker really keep for a subscriber that is slow? Tried out, on a connection of its own. */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { Target, Version } from './connection.js';
import { connectionOptions } from './connection.js';

/** What came of it. `dropped` counts what the broker says it has dropped since it started; `null`: it does not tell us. */
export type QueueTest = { readonly software: string | null; readonly dropped: number | null } & (
  | { readonly outcome: 'kept' | 'dropped'; readonly sent: number; readonly delivered: number }
  | { readonly outcome: 'untested'; readonly why: string }
);

/** Mosquitto and EMQX keep 1000 by default; with MQTT 3.1.1 the window, up to 1000 as we advise, comes on top. */
const SENT = { 5: 1200, 4: 2400 } as const;

/** A window that the queue soon stands behind. */
const WINDOW = 10;

/** How long `$SYS` may take to send what it retains, and how long nothing may come before nothing more is expected, ms. */
const PATIENCE = 500;

/** The whole test, ms. */
const WITHIN = 20_000;

const SOFTWARE = '$SYS/broker/version';
/** Where Mosquitto and others tell how many messages they have dropped since they started. */
export const DROPPED = '$SYS/broker/publish/messages/dropped';

/**
 * Publishes to `heqing-check/{client id}`, where nobody but itself listens, without acknowledging what comes back, then
 * acknowledges and counts. It leaves nothing behind and never throws: where we may not publish, it says so.
 */
export async function testQueue(target: Target, version: Version): Promise<QueueTest> {
  const about: { software: string | null; dropped: number | null } = { software: null, dropped: null };
  const clientId = `${target.clientId}-check`;
  const client = mqtt.connect({
    ...connectionOptions({ ...target, clientId }, version),
    clean: true,
    properties: version === 5 ? { receiveMaximum: WINDOW, sessionExpiryInterval: 0 } : {},
  });
  const untested = (why: string): QueueTest => ({ ...about, outcome: 'untested', why });
  let timer: NodeJS.Timeout | undefined;
  try {
    const over = new Promise<QueueTest>((resolve) => {
      timer = setTimeout(() => resolve(untested('代理太慢 too slow')), WITHIN);
      client.on('error', (error) => resolve(untested(error.message)));
      client.on('close', () => resolve(untested('代理断开 the broker hung up')));
    });
    return await Promise.race([over, run(client, `heqing-check/${clientId}`, SENT[version], about)]);
  } catch (error) {
    return untested(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    client.end(true);
  }
}

async function run(
  client: MqttClient,
  topic: string,
  count: number,
  about: { software: string | null; dropped: number | null },
): Promise<QueueTest> {
  const seen = new Set<string>();
  const owed: number[] = [];
  let slow = true;
  let last = performance.now();
  const acknowledge = (ids: readonly number[]): void => {
    if (ids.length > 0) client.stream.write(Buffer.from(ids.flatMap((id) => [0x40, 2, id >> 8, id & 255])));
  };
  client.handleMessage = (packet, callback) => {
    const text = packet.payload.toString();
    if (packet.topic === SOFTWARE) about.software = text;
    if (packet.topic === DROPPED && /^\d+$/.test(text)) about.dropped = Number(text);
    if (packet.topic !== topic || packet.qos !== 1 || packet.messageId === undefined) return callback();
    seen.add(text);
    last = performance.now();
    if (slow) owed.push(packet.messageId);
    else acknowledge([packet.messageId]);
    // As in Connection: an error sends no PUBACK and lets the pump go on.
    callback(new Error('deferred'));
  };
  const connected = new Promise<void>((resolve) => client.once('connect', () => resolve()));
  client.connect();
  await connected;
  // Brokers differ in who may read these: no answer is an answer.
  await client.subscribeAsync([SOFTWARE, DROPPED], { qos: 0 }).catch(() => undefined);
  await sleep(PATIENCE);
  const [granted] = await client.subscribeAsync(topic, { qos: 1 });
  const untested = (why: string): QueueTest => ({ ...about, outcome: 'untested', why });
  if (granted === undefined || granted.qos !== 1) return untested(`不许订阅 may not subscribe to ${topic}`);
  try {
    // The first alone: where it is refused, the others need not be sent.
    await client.publishAsync(topic, '0', { qos: 1 });
    await Promise.all(Array.from({ length: count - 1 }, (_, n) => client.publishAsync(topic, String(n + 1), { qos: 1 })));
  } catch {
    return untested(`不许发布 may not publish to ${topic}`);
  }
  slow = false;
  last = performance.now();
  acknowledge(owed.splice(0));
  while (seen.size < count && performance.now() - last < PATIENCE) await sleep(20);
  // With MQTT 3.1.1 a broker that refuses a message acknowledges it all the same.
  if (seen.size === 0) return untested(`不许发布 may not publish to ${topic}`);
  return { ...about, outcome: seen.size === count ? 'kept' : 'dropped', sent: count, delivered: seen.size };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
