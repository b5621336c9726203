/** Does a PUBACK mean the disk? Each acknowledged batch lies between its reading and its PUBACKs on the disk, by one fdatasync. */
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { eventually, pause } from '../support/eventually.js';
import { startMosquitto } from '../support/mosquitto.js';
import { startService } from '../support/service.js';
import type { RunningService } from '../support/service.js';
import { receipts } from '../support/witness.js';
import { beginning } from './ordeal.js';
import type { Chaos, Ordeal } from './ordeal.js';
import { type SystemCall, watchCalls } from './system-calls.js';

const GROUPS = 100;
const LARGEST_GROUP = 40;
const PATIENCE_MS = 10_000;

/** Share of the batches that may wait for a second sync. */
const HOUSEKEEPING = 0.1;

/** A device that sends groups of messages in one write, and the next group when all of one are acknowledged. */
async function publishGroups(chaos: Chaos, port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  chaos.finally(async () => socket.destroy());
  await once(socket, 'connect');
  const acknowledged = new Set<number>();
  const parser = mqttPacket.parser();
  let accepted = false;
  parser.on('packet', (packet: Packet) => {
    if (packet.cmd === 'connack') accepted = true;
    if (packet.cmd === 'puback') acknowledged.add(packet.messageId!);
  });
  socket.on('data', (chunk) => parser.parse(chunk));
  write(socket, [{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId: 'groups', clean: true, keepalive: 0 }]);
  await eventually('CONNACK', () => accepted);
  const from = beginning();
  let sent = 0;
  for (let group = 0; group < GROUPS; group++) {
    const size = group % 3 === 0 ? 1 : 1 + Math.floor(Math.random() * LARGEST_GROUP);
    const packets = Array.from({ length: size }, (): Packet => {
      const messageId = (sent += 1);
      const payload = JSON.stringify({ time: from + messageId * 1000, values: { cond: messageId } });
      return { cmd: 'publish', topic: 'heqing/nankeng-in/readings', payload, qos: 1, messageId, dup: false, retain: false };
    });
    write(socket, packets);
    await eventually(`group ${group} is acknowledged`, () => acknowledged.size === sent, PATIENCE_MS);
  }
  return sent;
}

const write = (socket: Socket, packets: readonly Packet[]): void =>
  void socket.write(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))));

/** A message as the system calls show it: read with the call that ended at `read`, acknowledged by the one that began at `acked`. */
interface Acknowledged {
  readonly read: number;
  readonly acked: number;
}

/** The QoS 1 messages that came in over connections at a port, and their PUBACKs. Throws at a PUBACK for what was never read. */
export function acknowledgedOn(calls: readonly SystemCall[], port: number, version: 4 | 5): Acknowledged[] {
  const found: Acknowledged[] = [];
  const begin = () => ({ take: packets(version), say: packets(version), open: new Map<number, number | null>() });
  const lines = new Map<string, ReturnType<typeof begin>>();
  for (const { name, on, bytes, result, from, to } of calls) {
    if (!on.startsWith('TCP') || !on.includes(`:${port}`) || result <= 0) continue;
    const line = lines.get(on) ?? begin();
    lines.set(on, line);
    if (name.startsWith('re')) {
      for (const packet of line.take(bytes)) {
        if (packet.cmd === 'publish' && packet.qos === 1)
          line.open.set(packet.messageId!, packet.topic.startsWith('heqing/') ? to : null);
      }
    } else {
      for (const packet of line.say(bytes.subarray(0, result))) {
        if (packet.cmd !== 'puback') continue;
        const read = line.open.get(packet.messageId!);
        if (read === undefined) throw new Error(`a PUBACK for ${packet.messageId}, which was not read`);
        line.open.delete(packet.messageId!);
        // What is no reading (a test of the broker's queue) needs no disk.
        if (read !== null) found.push({ read, acked: from });
      }
    }
  }
  return found;
}

/** Reads packets out of a stream of bytes that may begin in the middle of a conversation, yet between two packets. */
function packets(version: 4 | 5): (bytes: Buffer) => Packet[] {
  const parser = mqttPacket.parser({ protocolVersion: version });
  const parsed: Packet[] = [];
  parser.on('packet', (packet: Packet) => parsed.push(packet));
  parser.on('error', (error: Error) => {
    throw error;
  });
  return (bytes) => {
    parser.parse(bytes);
    return parsed.splice(0);
  };
}

/** What the calls prove. */
export interface Proof {
  readonly messages: number;
  /** Reads that ended with a message. */
  readonly reads: number;
  /** Messages that one sync of the log has covered, the first after their reading, are a batch. */
  readonly batches: number;
  /** Syncs of the log that lay between the reading and the PUBACK of some message. */
  readonly syncs: number;
  /** All syncs of the log meanwhile: those above and the housekeeping's. */
  readonly all: number;
}

/** Throws, in words, where a PUBACK began before a sync of the log that began after its message was read had ended. */
export function proof(calls: readonly SystemCall[], port: number, version: 4 | 5): Proof {
  const messages = acknowledgedOn(calls, port, version);
  const log = calls.filter(({ name, on, result }) => /^f(data)?sync$/.test(name) && on.endsWith('.db-wal') && result === 0);
  const [firsts, waitedFor] = [new Set<SystemCall>(), new Set<SystemCall>()];
  for (const { read, acked } of messages) {
    const between = log.filter(({ from, to }) => from > read && to < acked);
    const [first] = between;
    if (first === undefined) throw new Error('a PUBACK left without a completed fdatasync of the log since its message was read');
    firsts.add(first);
    for (const sync of between) waitedFor.add(sync);
  }
  const reads = new Set(messages.map(({ read }) => read)).size;
  return { messages: messages.length, reads, batches: firsts.size, syncs: waitedFor.size, all: log.length };
}

async function underWatch(chaos: Chaos, service: RunningService, port: number, version: 4 | 5): Promise<string> {
  if (service.pid === null) throw new Error('the service does not run');
  const watch = await watchCalls(chaos, service.pid);
  const sent = await publishGroups(chaos, port);
  await eventually('all is taken', async () => (await receipts(service)).received === sent, PATIENCE_MS);
  await pause(100);
  const { messages, reads, batches, syncs, all } = proof(await watch.end(), port, version);
  if (messages !== sent) throw new Error(`${sent} messages were acknowledged, the calls show ${messages}`);
  // What comes in one read is one batch at most; the log syncs once more where it begins anew, and for the housekeeping.
  if (batches > reads || syncs > batches * (1 + HOUSEKEEPING)) {
    throw new Error(`${reads} reads, ${batches} batches, but ${syncs} syncs of the log between reading and PUBACK`);
  }
  return (
    `${messages} messages in ${GROUPS} groups came in ${reads} reads and were acknowledged in ${batches} batches, each after its own fdatasync of the log; ` +
    `${syncs} syncs lay between a reading and its PUBACK, ${all} in all`
  );
}

/** All of them. */
export const FDATASYNC: readonly Ordeal[] = [
  {
    name: 'one fdatasync before the PUBACKs of each batch, embedded broker',
    needs: [],
    async run(chaos) {
      const service = await startService();
      chaos.finally(() => service.dispose());
      return underWatch(chaos, service, Number(new URL(service.mqttUrl).port), 4);
    },
  },
  {
    name: 'one fdatasync before the PUBACKs of each batch, behind Mosquitto',
    needs: ['mosquitto'],
    async run(chaos) {
      const mosquitto = await startMosquitto();
      chaos.finally(() => mosquitto.dispose());
      const service = await startService({ env: { MQTT_URL: mosquitto.url } });
      chaos.finally(() => service.dispose());
      return underWatch(chaos, service, mosquitto.port, 5);
    },
  },
];
