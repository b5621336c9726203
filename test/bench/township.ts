/** Who publishes in the bench? Twenty river stations of ten parameters each, 200 series, all of them inside their limits. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqttPacket from 'mqtt-packet';
import { parse, stringify } from 'yaml';
import { PROJECT } from '../support/service.js';

/** Parameters of every station: the beginning of their values; three more digits follow and vary from round to round. */
const VALUES = {
  ...{ temp: '18.2', ph: '7.21', do: '7.81', cond: '312.', turb: '12.2' },
  ...{ codmn: '3.12', nh3n: '0.41', tp: '0.08', tn: '0.81', flow: '41.2' },
} as const;

/** Codes of the contract. */
export type Parameter = keyof typeof VALUES;

/** All ten. */
export const PARAMETERS = Object.keys(VALUES) as Parameter[];

/** Those of `PARAMETERS` that count for a river's class, and a value so far beyond each one’s limit that it is told at once (严重超限). */
export const BEYOND = { nh3n: 2.37, codmn: 17.1, tp: 0.51, do: 1.6, ph: 9.9 } as const;

/** Ids of the stations. */
export const STATIONS: readonly string[] = Array.from({ length: 20 }, (_, i) => `bench-${String(i + 1).padStart(2, '0')}`);

/** Writes the shipped config with this township in place of its own stations, and one person who hears everything. */
export async function writeTownship(folder: string): Promise<string> {
  const config = join(folder, 'config');
  await cp(join(PROJECT, 'config'), config, { recursive: true });
  await rm(join(config, 'stations'), { recursive: true });
  await mkdir(join(config, 'stations'));
  const stations = STATIONS.map((id, i) => ({
    ...{ id, name: `断面 ${i + 1}`, nameEn: `Section ${i + 1}`, medium: 'surface-water', role: 'assessed' },
    ...{ village: '长潭村', reach: '南坑河五陂段', order: i + 1, binding: { texts: ['GB 3838-2002'], class: 'III' } },
    parameters: PARAMETERS.map((parameter) => ({ parameter, cadence: 240 })),
  }));
  await writeFile(join(config, 'stations', 'bench.yaml'), stringify({ stations }));
  // The targets of media that this township does not have would be faults.
  const { targets } = parse(await readFile(join(config, 'targets.yaml'), 'utf8')) as { targets: { medium: string }[] };
  await writeFile(
    join(config, 'targets.yaml'),
    stringify({ targets: targets.filter(({ medium }) => medium === 'surface-water') }),
  );
  // Who else gets what from the office has no place here.
  await rm(join(config, 'bulletins.yaml'), { force: true });
  const person = { id: 'office', name: '镇环保办', nameEn: 'Office', email: 'office@example.org', hears: [{}] };
  await writeFile(join(config, 'people.yaml'), stringify({ people: [person] }));
  return config;
}

const TIME_AT_REST = '2026-01-01T00:00:00.000+08:00';
const SEQ_AT_REST = '1000000000';
const DIGITS_AT_REST = '000';
const BEIJING_MS = 8 * 3_600_000;

/** An instant as the devices write it: Beijing time with milliseconds, 29 characters. */
export const deviceTime = (ms: number): string => `${new Date(ms + BEIJING_MS).toISOString().slice(0, 23)}+08:00`;

interface Places {
  readonly start: number;
  readonly id: number;
  readonly time: number;
  readonly seq: number;
  /** Where the varying digits of each value stand. */
  readonly digits: readonly number[];
}

/**
 * Ready-made PUBLISH packets of QoS 1 for some stations, one after the other in one buffer; only id, time, seq and the
 * last digits change. `perMessage` 1: a message of about 125 bytes for every series; 10: one for every station.
 */
export class Block {
  readonly count: number;
  private readonly bytes: Buffer;
  private readonly places: Places[] = [];
  private round = 0;
  private readonly perStation: number;

  constructor(stations: readonly string[], perMessage: 1 | 10) {
    this.perStation = PARAMETERS.length / perMessage;
    const packets: Buffer[] = [];
    let start = 0;
    for (const station of stations) {
      const groups = perMessage === 10 ? [PARAMETERS] : PARAMETERS.map((parameter) => [parameter]);
      for (const group of groups) {
        const packet = publish(station, payload(group, TIME_AT_REST, SEQ_AT_REST, DIGITS_AT_REST));
        const text = packet.toString('latin1');
        const digits: number[] = [];
        for (const parameter of group)
          digits.push(text.indexOf(`"${parameter}":`) + parameter.length + 3 + VALUES[parameter].length);
        const id = 1 + lengthBytes(packet) + 2 + topicOf(station).length;
        this.places.push({ start, id, time: text.indexOf(TIME_AT_REST), seq: text.indexOf(SEQ_AT_REST), digits });
        packets.push(packet);
        start += packet.length;
      }
    }
    this.bytes = Buffer.concat(packets);
    this.count = this.places.length;
  }

  /** Bytes of the payload of the first message. */
  get payloadBytes(): number {
    return (this.places[1]?.start ?? this.bytes.length) - (this.places[0]?.id ?? 0) - 2;
  }

  /** The whole block for one round, measured at `ms`; ids count up from `firstId` and wrap after 65,535. */
  all(ms: number, firstId: number): Buffer {
    this.round += 1;
    const time = deviceTime(ms);
    for (let i = 0; i < this.count; i++) this.patch(i, time, ((firstId - 1 + i) % 65_535) + 1);
    return Buffer.from(this.bytes);
  }

  /** One message of the block; a new round begins with message 0. */
  one(i: number, ms: number, id: number): Buffer {
    if (i === 0) this.round += 1;
    this.patch(i, deviceTime(ms), id);
    return Buffer.from(this.bytes.subarray(this.places[i]!.start, this.places[i + 1]?.start));
  }

  private patch(i: number, time: string, id: number): void {
    const { start, id: idAt, time: timeAt, seq, digits } = this.places[i]!;
    const { bytes, round } = this;
    bytes.writeUInt16BE(id, start + idAt);
    bytes.write(time, start + timeAt, 'latin1');
    // Each station numbers its own messages.
    const per = this.perStation;
    bytes.write(String(1_000_000_000 + round * per + (i % per)), start + seq, 'latin1');
    const varying = String(round % 1000).padStart(3, '0');
    for (const at of digits) bytes.write(varying, start + at, 'latin1');
  }
}

const topicOf = (station: string): string => `heqing/${station}/readings`;

/** A message of about 125 bytes for one parameter; `digits` are the last three of each value. */
export function payload(group: readonly Parameter[], time: string, seq: string, digits: string): string {
  const values = group.map((parameter) => `"${parameter}":${VALUES[parameter]}${digits}`).join();
  const more = group.length === 1 ? `,"marks":{"${group[0]!}":"N"},"source":"sensor"` : '';
  return `{"time":"${time}","seq":${seq},"values":{${values}}${more}}`;
}

function publish(station: string, text: string): Buffer {
  return mqttPacket.generate({
    ...{ cmd: 'publish', qos: 1, dup: false, retain: false, messageId: 1 },
    ...{ topic: topicOf(station), payload: text },
  });
}

/** How many bytes a packet's remaining length takes. */
function lengthBytes(packet: Buffer): number {
  let n = 1;
  while ((packet[n]! & 0x80) !== 0) n += 1;
  return n;
}
