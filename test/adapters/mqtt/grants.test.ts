/** Is what a broker grants said in words, with a warning where it may drop? */
import { describe, expect, test } from '@jest/globals';
import type { Granted } from '../../../src/adapters/mqtt/connection.js';
import { readGranted, readQueueTest } from '../../../src/adapters/mqtt/grants.js';

const GOOD: Granted = { version: 5, resumed: true, properties: { receiveMaximum: 1000 }, qos: 1 };

describe('CONNACK and SUBACK', () => {
  test.each<{ name: string; granted: Granted; words: RegExp; warnings: RegExp[] }>([
    { name: 'our own Mosquitto', granted: GOOD, words: /MQTT 5.*session resumed.*QoS 1.*window 1000.*as asked/, warnings: [] },
    { name: 'a new session', granted: { ...GOOD, resumed: false }, words: /new session/, warnings: [] },
    { name: 'nothing named is no limit', granted: { ...GOOD, properties: undefined }, words: /window 65535/, warnings: [] },
    {
      name: 'the default window of Mosquitto',
      granted: { ...GOOD, properties: { receiveMaximum: 20 } },
      words: /window 20\b/,
      warnings: [/只有 20 条.*max_inflight_messages 1000/],
    },
    { name: 'just wide enough', granted: { ...GOOD, properties: { receiveMaximum: 100 } }, words: /window 100\b/, warnings: [] },
    { name: 'just too narrow', granted: { ...GOOD, properties: { receiveMaximum: 99 } }, words: /window 99\b/, warnings: [/99/] },
    {
      name: 'a session that is not kept',
      granted: { ...GOOD, properties: { sessionExpiryInterval: 0 } },
      words: /kept 0 s/,
      warnings: [/只保留会话 0 s/],
    },
    {
      name: 'a session of an hour',
      granted: { ...GOOD, properties: { sessionExpiryInterval: 3600 } },
      words: /kept 3600 s/,
      warnings: [/3600 s only/],
    },
    { name: 'a week', granted: { ...GOOD, properties: { sessionExpiryInterval: 604_800 } }, words: /kept 7 d/, warnings: [] },
    { name: 'QoS 0 by CONNACK', granted: { ...GOOD, properties: { maximumQoS: 0 } }, words: /MQTT 5/, warnings: [/QoS 0 only/] },
    { name: 'QoS 0 by SUBACK', granted: { ...GOOD, qos: 0 }, words: /MQTT 5/, warnings: [/QoS 0 only/] },
    {
      name: 'small packets',
      granted: { ...GOOD, properties: { maximumPacketSize: 131_072 } },
      words: /packet ≤ 128 KiB/,
      warnings: [/128 KiB.*max_packet_size/],
    },
    {
      name: 'packets of 1 MiB, nothing retained',
      granted: { ...GOOD, properties: { maximumPacketSize: 1_048_576, retainAvailable: false } },
      words: /packet ≤ 1024 KiB.*no retained messages/,
      warnings: [],
    },
    {
      name: 'MQTT 3.1.1',
      granted: { version: 4, resumed: false, properties: undefined, qos: 1 },
      words: /^MQTT 3\.1\.1, 新会话/,
      warnings: [/Mosquitto 默认窗口 20.*MQTT 5/],
    },
  ])('$name', ({ granted, words, warnings }) => {
    const found = readGranted(granted);
    expect(found.words).toMatch(words);
    expect(found.warnings).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
  });
});

test.each([
  [{ software: 'mosquitto 2', dropped: 0, outcome: 'kept', sent: 1200, delivered: 1200 }, /mosquitto 2.*1200\/1200/, []],
  [{ software: null, dropped: null, outcome: 'dropped', sent: 1200, delivered: 1010 }, /1010\/1200/, [/只留了 1010.*max_queued/]],
  [{ software: null, dropped: 7, outcome: 'untested', why: '不许发布' }, /not tested.*不许发布/, [/已丢弃 7 条/]],
] as const)('the test of the queue: %j', (result, words, warnings) => {
  const found = readQueueTest(result);
  expect(found.words).toMatch(words);
  expect(found.warnings).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
});
