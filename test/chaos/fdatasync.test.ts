/** Would the proof by system calls notice a PUBACK that did not wait for the disk? */
import { describe, expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { proof } from './fdatasync.js';
import { readCalls } from './system-calls.js';

const PORT = 1883;
const DEVICE = 'TCP:[127.0.0.1:1883->127.0.0.1:4000]';
const WAL = '/data/heqing.db-wal';

const hex = (bytes: Buffer): string => [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const bytesOf = (...packets: Packet[]): Buffer => Buffer.concat(packets.map((packet) => mqttPacket.generate(packet)));
const publish = (messageId: number, topic = 'heqing/s1/readings'): Packet => ({
  cmd: 'publish',
  topic,
  payload: '{}',
  qos: 1,
  messageId,
  dup: false,
  retain: false,
});
const puback = (messageId: number): Packet => ({ cmd: 'puback', messageId });

const read = (bytes: Buffer, thread = 7): string => `${thread} read(25<${DEVICE}>, "${hex(bytes)}", 65536) = ${bytes.length}`;
const write = (bytes: Buffer): string => `7 write(25<${DEVICE}>, "${hex(bytes)}", ${bytes.length}) = ${bytes.length}`;
const sync = (on = WAL, result = 0): string => `7 fdatasync(9<${hex(Buffer.from(on))}>) = ${result}`;
const proven = (...lines: string[]) => proof(readCalls(lines.join('\n')), PORT, 4);

describe('a batch', () => {
  test('of two messages with its sync, and one with a second sync', () => {
    expect(
      proven(
        sync(),
        read(bytesOf(publish(1), publish(2))),
        sync(),
        write(bytesOf(puback(1), puback(2))),
        read(bytesOf(publish(3))),
        sync(),
        sync(),
        write(bytesOf(puback(3))),
      ),
    ).toEqual({ messages: 3, reads: 2, batches: 2, syncs: 3, all: 4 });
  });

  test('in pieces: half a packet, PUBACKs of several buffers, calls that another thread interrupts', () => {
    const bytes = bytesOf(publish(1), publish(2));
    const [one, two] = [bytesOf(puback(1)), bytesOf(puback(2))];
    expect(
      proven(
        read(bytes.subarray(0, 9)),
        `7 read(25<${DEVICE}>, <unfinished ...>`,
        '8 fsync(3</data/other>) = 0',
        `7 <... read resumed>"${hex(bytes.subarray(9))}", 65536) = ${bytes.length - 9}`,
        `7 fsync(9<${WAL}> <unfinished ...>`,
        '8 read(3</data/other>, "\\x41", 1) = 1',
        '7 <... fsync resumed>) = 0',
        `7 writev(25<${DEVICE}>, [{iov_base="${hex(one)}", iov_len=4}, {iov_base="${hex(two)}", iov_len=4}], 2) = 8`,
      ),
    ).toEqual({ messages: 2, reads: 1, batches: 1, syncs: 1, all: 1 });
  });

  test('a message that is no reading needs no disk', () => {
    expect(proven(read(bytesOf(publish(1, 'heqing-check/x'))), write(bytesOf(puback(1))))).toMatchObject({ messages: 0 });
  });
});

describe('noticed:', () => {
  const [message, answer] = [read(bytesOf(publish(1))), write(bytesOf(puback(1)))];
  test.each([
    ['no sync', [message, answer]],
    ['a sync before the message', [sync(), message, answer]],
    ['a sync after the PUBACK', [message, answer, sync()]],
    ['a sync that failed', [message, sync(WAL, -1), answer]],
    ['a sync of another file', [message, sync('/data/heqing.db'), answer]],
    ['a sync that has not ended', [message, `8 fdatasync(9<${WAL}> <unfinished ...>`, answer, '8 <... fdatasync resumed>) = 0']],
    ['a sync that began before', [`8 fdatasync(9<${WAL}> <unfinished ...>`, message, '8 <... fdatasync resumed>) = 0', answer]],
  ])('%s', (_, lines) => {
    expect(() => proven(...lines)).toThrow('without a completed fdatasync');
  });

  test('a PUBACK for nothing', () => {
    expect(() => proven(message, sync(), write(bytesOf(puback(2))))).toThrow('was not read');
  });
});
