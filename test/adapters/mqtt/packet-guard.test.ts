/** Does the guard see every packet's length, however the bytes are cut? */
import { expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import { packetGuard } from '../../../src/adapters/mqtt/packet-guard.js';

const publish = (size: number) =>
  mqttPacket.generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(size), qos: 0, dup: false, retain: false });

test.each([1, 2, 3, 7, 1000, 1_000_000])('packets in pieces of %i bytes', (piece) => {
  const stream = Buffer.concat([
    publish(0),
    publish(100),
    mqttPacket.generate({ cmd: 'pingreq' }),
    publish(200),
    publish(20_000),
    publish(1),
  ]);
  const guard = packetGuard(20_003);
  const strict = packetGuard(20_002);
  const found: number[] = [];
  for (let at = 0; at < stream.length; at += piece) {
    expect(guard(stream.subarray(at, at + piece))).toBeNull();
    const length = found.length === 0 ? strict(stream.subarray(at, at + piece)) : null;
    if (length !== null) found.push(length);
  }
  expect(found).toEqual([20_003]);
});

test('a length of more than four bytes is none', () => {
  expect(packetGuard(1000)(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(Infinity);
});
