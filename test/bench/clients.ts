/** What do ordinary devices do? The same messages as `publisher.ts`, from MQTT.js clients in one process of their own. */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { Answer, Order, Wishes } from './publisher.js';
import { deviceTime, PARAMETERS, payload, STATIONS } from './township.js';

const answer = (words: Answer): void => void process.send?.(words);
const clock = (): number => performance.timeOrigin + performance.now();

let wishes: Wishes;
let devices: Device[] = [];
let sent = 0;
let acked = 0;
let running = false;
let started = 0;

/** A device with its own station, counter and clock: a value a message, the parameters in turn, a round of them at one time. */
interface Device {
  readonly client: MqttClient;
  readonly topic: string;
  count: number;
  time: string;
}

function publish(device: Device): void {
  if (!running) return;
  const { count } = device;
  const at = count % PARAMETERS.length;
  const round = (count - at) / PARAMETERS.length;
  if (at === 0) device.time = deviceTime(started + round);
  device.count += 1;
  const message = payload([PARAMETERS[at]!], device.time, String(1_000_000_000 + count), String(round % 1000).padStart(3, '0'));
  sent += 1;
  device.client.publish(device.topic, message, { qos: 1 }, (error) => {
    if (error) return fail(error.message);
    acked += 1;
    publish(device);
  });
}

async function open(asked: Wishes): Promise<void> {
  wishes = asked;
  if (asked.connections > STATIONS.length) throw new Error(`at most ${STATIONS.length} devices`);
  devices = await Promise.all(
    Array.from(
      { length: asked.connections },
      (_, n) =>
        new Promise<Device>((resolve, reject) => {
          const clientId = `bench-device-${process.pid}-${n}`;
          // Its own log would be a cost of the measurement.
          const options = { clientId, protocolVersion: 4, reconnectPeriod: 0, keepalive: 0, log: () => undefined } as const;
          const client = mqtt.connect(`mqtt://127.0.0.1:${asked.port}`, options);
          const device = { client, topic: `heqing/${STATIONS[n]!}/readings`, count: 0, time: '' };
          client.once('connect', () => resolve(device));
          client.once('error', reject);
        }),
    ),
  );
  answer({ kind: 'opened', payloadBytes: payload(['ph'], deviceTime(0), '1000000000', '000').length });
}

async function finish(): Promise<void> {
  running = false;
  const until = Date.now() + 20_000;
  while (acked < sent && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all(devices.map(({ client }) => client.endAsync()));
  process.send?.({ kind: 'finished', sent, acked, log: [] } satisfies Answer, () => process.exit(0));
}

function fail(why: string): void {
  running = false;
  process.send?.({ kind: 'failed', why } satisfies Answer, () => process.exit(1));
}

process.on('message', (order: Order) => {
  switch (order.kind) {
    case 'open':
      return void open(order.wishes).catch((error: Error) => fail(error.message));
    case 'go':
      running = true;
      started = Math.floor(clock());
      for (const device of devices) for (let i = 0; i < wishes.window; i++) publish(device);
      return;
    case 'credit':
      return;
    case 'count':
      return answer({ kind: 'counted', sent, acked, at: clock() });
    case 'finish':
      return void finish();
  }
});
process.on('uncaughtException', (error) => fail(String(error.stack)));
// Without its bench it has nothing to do.
process.on('disconnect', () => process.exit(0));
