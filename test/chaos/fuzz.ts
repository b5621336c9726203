/** What if devices send rubbish? Broken payloads in proper packets, and packets that are none. */
import { connect } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { Stream } from '../support/device.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';
import { accountOf, mustBeWhole, receipts, settled } from '../support/witness.js';
import { beginning } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

const IN_FLIGHT = 200;
/** Lines that send rubbish at the same time, and packets of one line at most. */
const LINES = 16;
const PACKETS_OF_A_LINE = 50;
/** A line that is still open after its last packet is hung up on. */
const PATIENCE_MS = 200;

const TOPIC = 'heqing/nankeng-out/readings';
const random = (n: number): number => Math.floor(Math.random() * n);

/** Proper payloads, each a start for something broken. */
const SEEDS = [
  '{"time":"2026-11-22T08:00:00+08:00","seq":1234,"values":{"ph":7.31,"nh3n":0.42,"codmn":3.1},"marks":{"codmn":"M"}}',
  '[{"time":1764000000000,"values":{"tp":0.1}},{"time":1764000001000,"values":{"tp":0.11},"source":"lab"}]',
  '{"time":1764000000,"values":{"w21003":0.4},"sampled":{"w21003":"2026-11-22T04:00:00+08:00"}}',
  '{"values":{"do":7.8}}',
].map((text) => Buffer.from(text));

/** What programs trip over. */
const CURSES = [
  'NaN',
  '1e999',
  '-0',
  '"__proto__"',
  '\u0000',
  '\ufeff',
  '[[[[',
  '{}',
  'null',
  '1e-400',
  '"\\ud800"',
  '9'.repeat(400),
].map((text) => Buffer.from(text));

/** Changes, cuts, doubles, or replaces parts of some bytes. */
function spoil(seed: Buffer): Buffer {
  let bytes = Buffer.from(seed);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(bytes.length + 1);
    switch (random(5)) {
      case 0:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 1:
        bytes = bytes.subarray(0, at);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), CURSES[random(CURSES.length)]!, bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1))]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), CURSES[random(CURSES.length)]!, bytes.subarray(at + random(10))]);
    }
  }
  return bytes;
}

/** Publishes spoiled payloads at QoS 1 over one connection; resolves when all are acknowledged. */
function publishSpoiled(service: RunningService, n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.mqttUrl).port), '127.0.0.1');
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    let [sent, acknowledged] = [0, 0];
    const more = (): void => {
      const packets: Buffer[] = [];
      for (; sent < n && sent - acknowledged < IN_FLIGHT; sent++) {
        packets.push(
          mqttPacket.generate({
            ...{ cmd: 'publish', qos: 1, dup: false, retain: false, messageId: 1 + (sent % 65_535) },
            ...{ topic: TOPIC, payload: spoil(SEEDS[random(SEEDS.length)]!) },
          }),
        );
      }
      if (packets.length > 0) socket.write(Buffer.concat(packets));
    };
    parser.on('packet', ({ cmd }) => {
      if (cmd === 'puback') acknowledged += 1;
      if (acknowledged < n) return more();
      socket.destroy();
      resolve();
    });
    socket.on('data', (chunk) => parser.parse(chunk));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`hung up after ${acknowledged} of ${n} spoiled payloads`)));
    socket.write(
      mqttPacket.generate({
        ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 600, clientId: 'fuzz' },
      }),
    );
  });
}

/** One connection that speaks properly at first, or not even that. Resolves with the packets it got rid of. */
function speakRubbish(port: number, n: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let sent = 0;
    const timer = { patience: setTimeout(() => socket.destroy(), 30_000) };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer.patience);
      resolve(sent);
    });
    socket.resume();
    const hello = mqttPacket.generate({
      ...{
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        clientId: `rubbish-${random(1e9)}`,
      },
    });
    socket.write(random(10) === 0 ? spoil(hello) : hello);
    const proper = [
      mqttPacket.generate({ ...{ cmd: 'publish', qos: 1, messageId: 7, dup: false, retain: false, topic: 'x/y', payload: 'z' } }),
      mqttPacket.generate({ ...{ cmd: 'publish', qos: 2, messageId: 8, dup: false, retain: true, topic: 'x/z', payload: 'z' } }),
      mqttPacket.generate({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic: 'x/#', qos: 1 }] }),
      mqttPacket.generate({ cmd: 'unsubscribe', messageId: 10, unsubscriptions: ['x/#'] }),
      mqttPacket.generate({ cmd: 'pubrel', messageId: 8 }),
      mqttPacket.generate({ cmd: 'pingreq' }),
    ];
    const next = (): void => {
      if (socket.destroyed) return;
      if (sent >= n) {
        clearTimeout(timer.patience);
        timer.patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
        socket.end();
        return;
      }
      const packet = proper[random(proper.length)]!;
      sent += 1;
      // Most are proper: the rubbish is to meet a broker in the middle of things.
      socket.write(random(3) === 0 ? spoil(packet) : packet, () => setImmediate(next));
    };
    socket.on('connect', next);
  });
}

async function amongRubbish(
  chaos: Parameters<Ordeal['run']>[0],
  rubbish: (service: RunningService, n: number) => Promise<string>,
): Promise<string> {
  const service = await startService();
  chaos.finally(() => service.dispose());
  const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', beginning());
  chaos.finally(() => stream.end());
  stream.start();
  const said = await rubbish(service, Math.ceil(chaos.fuzz / 2));
  await stream.finish(60_000);
  await settled(service);
  const found = await accountOf(service, stream);
  mustBeWhole('the archive', found);
  const live = await fetch(`${service.baseUrl}/health/ready`);
  if (live.status !== 200) throw new Error(`afterwards /health/ready answers ${live.status}`);
  return `${said}; of ${found.acknowledged} good messages meanwhile lost 0, doubled 0, wrong 0`;
}

/** All of them. */
export const FUZZ: readonly Ordeal[] = [
  {
    name: 'fuzzed payloads',
    needs: [],
    run: (chaos) =>
      amongRubbish(chaos, async (service, n) => {
        await publishSpoiled(service, n);
        const { rejected, received } = await receipts(service);
        if (received < n) throw new Error(`${n} payloads were acknowledged and ${received} values accounted for`);
        return `${n} payloads, ${rejected} values rejected, every payload acknowledged`;
      }),
  },
  {
    name: 'fuzzed MQTT packets',
    needs: [],
    run: (chaos) =>
      amongRubbish(chaos, async (service, n) => {
        const port = Number(new URL(service.mqttUrl).port);
        let [sent, lines] = [0, 0];
        const line = async (): Promise<void> => {
          while (sent < n) {
            lines += 1;
            sent += await speakRubbish(port, Math.min(PACKETS_OF_A_LINE, n - sent));
          }
        };
        await Promise.all(Array.from({ length: LINES }, line));
        return `${sent} packets over ${lines} connections`;
      }),
  },
];
