/** What do ordinary devices do? The same messages as `publisher.ts`, from MQTT.js clients in one process of their own. */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { Answer, Order, Wishes } from './publisher.js';
import { deviceTime, PARAMETERS, payload, STATIONS } from './township.js';

const answer = (words: Answer): void => void process.send?.(words);
const clock = (): number => performance.timeOrigin + performance.now();

let wishes: Wishes;
let clients: MqttClient[] = [];
let sent = 0;
let acked = 0;
let running = false;
let round = 0;
let started = 0;

const SERIES = STATIONS.length * PARAMETERS.length;
let time = '';

/** One value a message, the parameters in turn; a round of all series has one time. */
function publish(client: MqttClient, n: number): void {
  if (!running) return;
  const turn = round++;
  if (turn % SERIES === 0) time = deviceTime(started + turn / SERIES);
  const parameter = PARAMETERS[Math.floor(turn / STATIONS.length) % PARAMETERS.length]!;
  const message = payload([parameter], time, String(1_000_000_000 + turn), String(turn % 1000).padStart(3, '0'));
  sent += 1;
  client.publish(`heqing/${STATIONS[n % STATIONS.length]!}/readings`, message, { qos: 1 }, (error) => {
    if (error) return fail(error.message);
    acked += 1;
    publish(client, n);
  });
}

async function open(asked: Wishes): Promise<void> {
  wishes = asked;
  clients = await Promise.all(
    Array.from(
      { length: asked.connections },
      (_, n) =>
        new Promise<MqttClient>((resolve, reject) => {
          const clientId = `bench-device-${process.pid}-${n}`;
          // Its own log would be a cost of the measurement.
          const options = { clientId, protocolVersion: 4, reconnectPeriod: 0, keepalive: 0, log: () => undefined } as const;
          const client = mqtt.connect(`mqtt://127.0.0.1:${asked.port}`, options);
          client.once('connect', () => resolve(client));
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
  await Promise.all(clients.map((client) => client.endAsync()));
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
      clients.forEach((client, n) => {
        for (let i = 0; i < wishes.window; i++) publish(client, n);
      });
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
