/** Does the guard see every packet's length and where the next one begins, however the bytes are cut? */
import { describe, expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import { PacketGuard } from '../../../src/adapters/mqtt/packet-guard.js';

const publish = (size: number) =>
  mqttPacket.generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(size), qos: 0, dup: false, retain: false });
const ping = mqttPacket.generate({ cmd: 'pingreq' });
const puback = mqttPacket.generate({ cmd: 'puback', messageId: 7 });

describe('lengths', () => {
  test.each([1, 2, 3, 7, 1000, 1_000_000])('packets in pieces of %i bytes', (piece) => {
    const stream = Buffer.concat([publish(0), publish(100), ping, publish(200), publish(20_000), publish(1)]);
    const guard = new PacketGuard(20_003);
    const strict = new PacketGuard(20_002);
    const found: (number | null)[] = [];
    for (let at = 0; at < stream.length; at += piece) {
      const chunk = stream.subarray(at, at + piece);
      expect(guard.pass(chunk)).toMatchObject({ bytes: chunk.length, tooLong: null });
      const { tooLong } = found.length === 0 ? strict.pass(chunk) : { tooLong: null };
      if (tooLong !== null) found.push(tooLong);
    }
    expect(guard.between).toBe(true);
    expect(found).toEqual([20_003]);
  });

  test('a length of more than four bytes is none', () => {
    expect(new PacketGuard(1000).pass(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])).tooLong).toBe(Infinity);
  });
});

describe('budget', () => {
  test.each([1, 2, 3, 7, 50, 1_000_000])('in pieces of %i bytes two packets pass, whole, and nothing of the third', (piece) => {
    const two = Buffer.concat([publish(30), puback, publish(40)]);
    const stream = Buffer.concat([two, publish(50)]);
    const guard = new PacketGuard(1000);
    let [passed, spent] = [0, 0];
    for (let at = 0; at < stream.length; at += piece) {
      const chunk = stream.subarray(at, at + piece);
      const { bytes, requests } = guard.pass(chunk, 2 - spent);
      passed += bytes;
      spent += requests;
      if (bytes < chunk.length) break;
    }
    expect([passed, spent, guard.between]).toEqual([two.length, 2, true]);
    expect(guard.pass(stream.subarray(passed), 1)).toEqual({ bytes: stream.length - passed, requests: 1, tooLong: null });
  });

  test('answers cost nothing, and a large packet as much as the pieces of 4 KiB it is made of', () => {
    const cost = (packet: Uint8Array): number => new PacketGuard(1_000_000).pass(packet).requests;
    expect([
      cost(puback),
      cost(ping),
      cost(publish(100)),
      cost(publish(4093)),
      cost(publish(4094)),
      cost(publish(256 * 1024)),
    ]).toEqual([0, 1, 1, 1, 2, 65]);
  });
});
