/** Does the embedded broker acknowledge only what the intake has kept, and is it a broker besides? */
import { afterEach, describe, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { connect } from 'node:net';
import { EmbeddedBroker } from '../../../src/adapters/mqtt/embedded-broker.js';
import type { EmbeddedBrokerOptions } from '../../../src/adapters/mqtt/embedded-broker.js';
import type { PartState } from '../../../src/adapters/mqtt/line.js';
import type { StationStatus } from '../../../src/pipeline/ports.js';
import { eventually, pause } from '../../support/eventually.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function embedded(options: { byHand?: boolean } & Partial<EmbeddedBrokerOptions> = {}) {
  const intake = new KeptIntake(options.byHand ?? false);
  const journal = new KeptJournal();
  const states: PartState[] = [];
  const statuses: StationStatus[] = [];
  const broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    intake,
    journal,
    clock: wallClock,
    onState: (state) => states.push(state),
    onStatus: (status) => statuses.push(status),
    ...options,
  });
  await broker.start();
  cleanup.push(async () => {
    intake.taken.forEach((taken) => taken.done());
    await broker.stop();
  });
  return { broker, intake, journal, states, statuses };
}

async function device(broker: EmbeddedBroker, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0, ...options }, false);
  client.on('error', () => undefined);
  cleanup.push(async () => void client.end(true));
  return client;
}

describe('acknowledging', () => {
  test('no PUBACK before the intake is done', async () => {
    const { broker, intake } = await embedded({ byHand: true });
    const client = await device(broker);
    let acknowledged = false;
    const published = client.publishAsync('heqing/s1/readings', '{"values":{"ph":7}}', { qos: 1 }).then(() => {
      acknowledged = true;
    });
    await eventually('taken', () => intake.taken.length === 1);
    await pause(50);
    expect(acknowledged).toBe(false);
    expect(intake.taken[0]).toMatchObject({ topic: 'heqing/s1/readings', text: '{"values":{"ph":7}}' });
    expect(intake.taken[0]?.delivery.maySpeakFor).toBeNull();
    intake.taken[0]?.done();
    await published;
    expect(acknowledged).toBe(true);
  });

  test('a topic with a slip of the pen is told, once; topics of others are not', async () => {
    const { broker, intake, journal } = await embedded();
    const client = await device(broker);
    const slips = ['heqing/s1/reading', 'heqing/s1', '/heqing/s1/readings', 'Heqing/s1/readings', 's1/readings'];
    for (const topic of [...slips, ...slips, 'weather/today', 'heqing/s1/status'])
      await client.publishAsync(topic, '{"values":{"ph":7}}', { qos: 1 });
    expect(intake.taken).toHaveLength(0);
    expect(journal.lines).toEqual(slips.map((topic) => expect.stringContaining(`"${topic}" is not kept`)));
  });

  test('what others write a hundred topics of is told of no longer', async () => {
    const { broker, journal } = await embedded();
    const client = await device(broker);
    await Promise.all(Array.from({ length: 120 }, (_, i) => client.publishAsync(`heqing/s1/x${i}`, '', { qos: 1 })));
    expect(journal.lines).toHaveLength(100);
  });

  test('many messages in one write are taken at once, so that one commit can serve them', async () => {
    const { broker, intake } = await embedded({ byHand: true });
    const client = await device(broker);
    const all = Promise.all(Array.from({ length: 50 }, (_, i) => client.publishAsync('heqing/s1/readings', `${i}`, { qos: 1 })));
    await eventually('all taken, none done', () => intake.taken.length === 50);
    intake.taken.forEach((taken) => taken.done());
    await all;
    expect(intake.texts).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  test('what cannot be kept closes the connection without a PUBACK; the device sends it again', async () => {
    const { broker, intake, states } = await embedded();
    intake.failing = new Error('disk full');
    const client = await device(broker, { reconnectPeriod: 20, clientId: 'device-1', clean: false });
    let acknowledged = false;
    const published = client.publishAsync('heqing/s1/readings', 'a', { qos: 1 }).then(() => {
      acknowledged = true;
    });
    await eventually('sent again', () => intake.taken.length >= 3);
    expect(acknowledged).toBe(false);
    expect(broker.state()).toEqual({ state: 'down', detail: 'readings cannot be kept: disk full' });
    expect(broker.taking()).toBe(false);
    intake.failing = null;
    await published;
    expect(broker.state().state).toBe('up');
    expect(states.map(({ state }) => state)).toEqual(['up', 'down', 'up']);
  });

  test('an absurd packet closes the connection at its header; one above the decoder limit goes to the decoder', async () => {
    const { broker, intake, journal } = await embedded();
    const client = await device(broker);
    await client.publishAsync('heqing/s1/readings', Buffer.alloc(300 * 1024, 0x20), { qos: 1 });
    expect(intake.taken[0]?.delivery.payload.byteLength).toBe(300 * 1024);

    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    // PUBLISH, remaining length 0x40_0000; nothing of it follows.
    client.stream.write(Buffer.from([0x32, 0x80, 0x80, 0x80, 0x02]));
    await closed;
    await eventually('told', () => journal.lines.some((line) => line.includes('4194304 bytes')));
    expect(intake.taken.length).toBe(1);
  });

  test('stop finishes and acknowledges what was taken, and takes nothing more', async () => {
    const { broker, intake } = await embedded({ byHand: true });
    const { port } = broker;
    const client = await device(broker);
    const first = client.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
    await eventually('taken', () => intake.taken.length === 1);
    const stopped = broker.stop();
    await expect(
      new Promise((resolve, reject) => connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    ).rejects.toThrow('ECONNREFUSED');
    client.publish('heqing/s1/readings', 'too late', { qos: 1 });
    await pause(50);
    intake.taken[0]?.done();
    await stopped;
    await first;
    expect(intake.texts).toEqual(['a']);
    expect(broker.state()).toEqual({ state: 'down', detail: 'stopped' });
  });

  test('a device without a keep-alive is served, as 3.1.1 allows', async () => {
    const { broker, intake } = await embedded();
    const client = await device(broker, { keepalive: 0 });
    await client.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
    expect(intake.texts).toEqual(['a']);
  });

  test('starts again on the same port after stop', async () => {
    const first = await embedded();
    const { port } = first.broker;
    const client = await device(first.broker);
    await client.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
    await first.broker.stop();
    const { broker, intake } = await embedded({ port });
    await (await device(broker)).publishAsync('heqing/s1/readings', 'b', { qos: 1 });
    expect(intake.texts).toEqual(['b']);
  });
});

describe('a broker besides', () => {
  test('subscribers get readings, retained status and last wills; statuses are passed on', async () => {
    const { broker, intake, statuses } = await embedded();
    const sensor = await device(broker, {
      clientId: 'sensor',
      will: { topic: 'heqing/s1/status', payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    await sensor.publishAsync('heqing/s1/status', 'online', { qos: 1, retain: true });

    const reader = await device(broker);
    const seen: string[] = [];
    reader.on('message', (topic, payload) => seen.push(`${topic} ${payload.toString()}`));
    await reader.subscribeAsync('heqing/#', { qos: 1 });
    await sensor.publishAsync('heqing/s1/readings', 'r', { qos: 1 });
    await eventually('the reading', () => seen.includes('heqing/s1/readings r'));
    sensor.stream.destroy();
    await eventually('the will', () => seen.includes('heqing/s1/status offline'));
    expect(seen[0]).toBe('heqing/s1/status online');
    expect(statuses).toMatchObject([
      { station: 's1', online: true },
      { station: 's1', online: false },
    ]);
    expect(intake.texts).toEqual(['r']);
  });

  test('stopping the broker calls no device offline', async () => {
    const { broker, statuses } = await embedded();
    await device(broker, { will: { topic: 'heqing/s1/status', payload: Buffer.from('offline'), qos: 1, retain: true } });
    await broker.stop();
    expect(statuses).toEqual([]);
  });

  test('other topics pass by the intake; $SYS is reserved', async () => {
    const { broker, intake } = await embedded();
    const client = await device(broker);
    await client.publishAsync('heqing/s1/readings/more', 'a', { qos: 1 });
    await client.publishAsync('elsewhere', 'b', { qos: 1 });
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish('$SYS/broker/x', 'c', { qos: 1 });
    await closed;
    expect(intake.taken).toEqual([]);
  });
});

test('a taken port is told in words', async () => {
  const { broker } = await embedded();
  await expect(embedded({ port: broker.port })).rejects.toThrow('set MQTT_PORT to a free port');
});
