/** Are the bench's ready-made packets what devices would send? */
import { describe, expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import type { IPublishPacket } from 'mqtt-packet';
import { median, quantile } from './figure.js';
import { Block, deviceTime, PARAMETERS } from './township.js';

interface Message {
  readonly time: string;
  readonly seq: number;
  readonly values: Record<string, number>;
}

/** The packets in a buffer, with their payloads read. */
function read(bytes: Buffer): { packet: IPublishPacket; message: Message }[] {
  const found: { packet: IPublishPacket; message: Message }[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => {
    const publish = packet as IPublishPacket;
    found.push({ packet: publish, message: JSON.parse(publish.payload.toString()) as Message });
  });
  expect(parser.parse(bytes)).toBe(0);
  return found;
}

const AT = Date.parse('2026-11-23T08:00:00.123+08:00');

describe('a block of packets', () => {
  test('one reading a message: every series once, ids in a row and around the end, about 125 bytes', () => {
    const block = new Block(['bench-01', 'bench-20'], 1);
    const packets = read(block.all(AT, 65_530));
    expect(packets).toHaveLength(2 * PARAMETERS.length);
    expect(packets.map(({ packet }) => packet.messageId).slice(4, 8)).toEqual([65_534, 65_535, 1, 2]);
    expect(packets.map(({ packet }) => packet.topic)).toEqual([
      ...PARAMETERS.map(() => 'heqing/bench-01/readings'),
      ...PARAMETERS.map(() => 'heqing/bench-20/readings'),
    ]);
    expect(packets.flatMap(({ message }) => Object.keys(message.values))).toEqual([...PARAMETERS, ...PARAMETERS]);
    for (const { packet, message } of packets) {
      expect(Date.parse(message.time)).toBe(AT);
      expect(packet.qos).toBe(1);
      expect(Math.abs(packet.payload.length - 125)).toBeLessThan(12);
    }
  });

  test('ten readings a message: every station once, with all its parameters', () => {
    const packets = read(new Block(['bench-01', 'bench-02'], 10).all(AT, 1));
    expect(packets.map(({ message }) => Object.keys(message.values))).toEqual([PARAMETERS, PARAMETERS]);
  });

  test.each([1, 10] as const)('%i a message: each station numbers its messages without a gap, and values vary', (perMessage) => {
    const block = new Block(['bench-01'], perMessage);
    const rounds = [0, 1, 2].flatMap((round) => read(block.all(AT + round, 1)));
    const numbers = rounds.map(({ message }) => message.seq);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    expect(new Set(rounds.map(({ message }) => message.values.ph ?? 0).filter(Boolean)).size).toBe(3);
  });

  test('message by message it is the same as all at once', () => {
    const [whole, single] = [new Block(['bench-01'], 1), new Block(['bench-01'], 1)];
    const singles = Buffer.concat(PARAMETERS.map((_, i) => single.one(i, AT, 7 + i)));
    expect(singles).toEqual(whole.all(AT, 7));
  });
});

test('a device writes Beijing time', () => expect(deviceTime(AT)).toBe('2026-11-23T08:00:00.123+08:00'));

test('medians and quantiles', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([7], 0.99), quantile([], 0.5)]).toEqual([50, 99, 7, NaN]);
});
