/** Does the client of an outside broker acknowledge exactly what is on disk, and come back whatever happens? A scripted broker pins MQTT.js. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import type { PartState } from '../../../src/adapters/mqtt/line.js';
import type { StationStatus } from '../../../src/pipeline/ports.js';
import { brokerAt } from '../../support/addresses.js';
import { eventually, pause } from '../../support/eventually.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { accommodating, message, ScriptedBroker } from '../../support/scripted-broker.js';
import type { Script } from '../../support/scripted-broker.js';
import { freePort } from '../../support/free-port.js';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function scripted(script: Script, options: { byHand?: boolean; unackedLimitBytes?: number } = {}) {
  const broker = new ScriptedBroker(script);
  await broker.start();
  cleanup.push(() => broker.stop());
  const intake = new KeptIntake(options.byHand ?? true);
  const journal = new KeptJournal();
  const states: PartState[] = [];
  const statuses: StationStatus[] = [];
  const client = new BrokerClient({
    broker: brokerAt(broker.url),
    intake,
    journal,
    clock: wallClock,
    onState: (state) => states.push(state),
    onStatus: (status) => statuses.push(status),
    ...(options.unackedLimitBytes !== undefined && { unackedLimitBytes: options.unackedLimitBytes }),
  });
  cleanup.push(async () => {
    intake.taken.forEach((taken) => taken.done());
    await client.stop();
  });
  return { broker, intake, journal, states, statuses, client };
}

describe('acknowledging', () => {
  test('no PUBACK before done; PUBACKs in order of arrival, whatever the order of done', async () => {
    const { broker, intake, client } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    peer.send(message(7, 'a'), message(3, 'b'), message(9, 'c'));
    await eventually('three taken', () => intake.taken.length === 3);
    await pause(50);
    expect(peer.pubacks).toEqual([]);

    intake.taken[2]?.done();
    intake.taken[1]?.done();
    await pause(50);
    expect(peer.pubacks).toEqual([]);

    intake.taken[0]?.done();
    await eventually('three PUBACKs', () => peer.pubacks.length === 3);
    expect(peer.pubacks).toEqual([7, 3, 9]);
  });

  test('a PUBACK of an old connection never leaves on a new one', async () => {
    const { broker, intake, client } = await scripted(accommodating({ resumed: true }));
    await client.start();
    const first = await broker.peer(0);
    first.send(message(1, 'old'));
    await eventually('the first', () => intake.taken.length === 1);
    first.cut();
    const second = await broker.peer(1);
    await eventually('subscribed again', () => second.subscribed);
    second.send(message(1, 'another with the same id'));
    await eventually('the second', () => intake.taken.length === 2);

    intake.taken[0]?.done();
    await pause(100);
    expect(second.pubacks).toEqual([]);
    intake.taken[1]?.done();
    await eventually('its PUBACK', () => second.pubacks.length === 1);
    expect(second.pubacks).toEqual([1]);
  });

  test('messages delivered again in the same breath as CONNACK are taken', async () => {
    const greeting = [message(11, 'x', true), message(12, 'y', true)];
    const { broker, intake, client } = await scripted(accommodating({ resumed: true, greeting }));
    await client.start();
    const peer = await broker.peer(0);
    expect(intake.texts).toEqual(['x', 'y']);
    expect(peer.pubacks).toEqual([]);
    intake.taken.forEach((taken) => taken.done());
    await eventually('two PUBACKs', () => peer.pubacks.length === 2);
    expect(peer.pubacks).toEqual([11, 12]);
  });

  test('what could not be kept is not acknowledged: the connection is cut, the message comes again', async () => {
    const { broker, intake, client, states } = await scripted(accommodating({ greeting: [message(1, 'a'), message(2, 'b')] }));
    await client.start();
    const first = await broker.peer(0);
    await eventually('both taken', () => intake.taken.length === 2);
    intake.taken[0]?.done(new Error('disk full'));
    intake.taken[1]?.done();
    await eventually('cut', () => first.closed);
    expect(first.pubacks).toEqual([]);
    expect(states.some(({ state, detail }) => state === 'down' && detail.includes('disk full'))).toBe(true);

    const second = await broker.peer(1);
    await eventually('both again', () => intake.taken.length === 4);
    intake.taken[2]?.done();
    intake.taken[3]?.done();
    await eventually('acknowledged now', () => second.pubacks.length === 2);
    expect(client.state().state).toBe('up');
  });

  test('too much unacknowledged: nothing more is read until some is done', async () => {
    const { broker, intake, client } = await scripted(accommodating(), { unackedLimitBytes: 30_000 });
    await client.start();
    const peer = await broker.peer(0);
    for (let id = 1; id <= 60; id += 1) peer.send(message(id, 'x'.repeat(1000)));
    await eventually('some taken', () => intake.taken.length >= 5);
    await pause(100);
    expect(intake.taken.length).toBeLessThan(10);
    for (let i = 0; i < 60; i += 1) {
      await eventually(`message ${i}`, () => intake.taken.length > i);
      intake.taken[i]?.done();
    }
    await eventually('all PUBACKs', () => peer.pubacks.length === 60);
    expect(peer.pubacks).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  test('a leftover of another subscription is acknowledged and forgotten', async () => {
    const { broker, intake, client } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    peer.send({ cmd: 'publish', topic: 'other/topic', payload: 'z', qos: 1, messageId: 5, dup: false, retain: false });
    await eventually('its PUBACK', () => peer.pubacks.length === 1);
    expect(intake.taken).toEqual([]);
  });

  test('stop acknowledges what was taken, takes nothing more, and keeps the session', async () => {
    const { broker, intake, client } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    peer.send(message(1, 'a'));
    await eventually('taken', () => intake.taken.length === 1);
    const stopped = client.stop();
    peer.send(message(2, 'too late'));
    await pause(50);
    intake.taken[0]?.done();
    await stopped;
    await eventually('gone', () => peer.closed);
    expect(peer.pubacks).toEqual([1]);
    expect(intake.texts).toEqual(['a']);
    expect(peer.received.at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0 });
    expect(client.state()).toEqual({ state: 'down', detail: 'stopped' });
  });
});

describe('connecting', () => {
  test('asks for MQTT 5, a kept session under a fixed name and a wide window; subscribes at QoS 1', async () => {
    const { broker, client } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    expect(peer.connect).toMatchObject({ clientId: 'heqing', clean: false, protocolVersion: 5 });
    expect(peer.connect?.properties?.receiveMaximum).toBeGreaterThanOrEqual(1000);
    expect(peer.connect?.properties?.sessionExpiryInterval).toBeGreaterThan(24 * 3600);
    expect(peer.received.find(({ cmd }) => cmd === 'subscribe')).toMatchObject({
      subscriptions: [
        { topic: 'heqing/+/readings', qos: 1 },
        { topic: 'heqing/+/status', qos: 1 },
      ],
    });
    expect(client.state().state).toBe('up');
    expect(client.taking()).toBe(true);
  });

  const refusals: [string, Script][] = [
    ['in the words of 3.1.1', (_packet, peer) => peer.sendBytes(0x20, 2, 0, 1)],
    ['in the words of 5', (_packet, peer) => peer.sendBytes(0x20, 3, 0, 132, 0)],
    ['by hanging up', (_packet, peer) => peer.cut()],
  ];
  test.each(refusals)('a broker that refuses MQTT 5 %s gets 3.1.1', async (_how, refuse) => {
    const { broker, client, intake } = await scripted((packet, peer, number) => {
      if (packet.cmd === 'connect' && packet.protocolVersion === 5) refuse(packet, peer, number);
      else accommodating()(packet, peer, number);
    });
    await client.start();
    await eventually('up', () => client.state().state === 'up');
    expect(client.state().detail).toContain('3.1.1');
    const peer = broker.peers.at(-1);
    expect(peer?.connect).toMatchObject({ protocolVersion: 4, clean: false, clientId: 'heqing' });
    peer?.send(message(1, 'a'));
    await eventually('taken', () => intake.taken.length === 1);
    intake.taken[0]?.done();
    await eventually('acknowledged', () => peer?.pubacks.length === 1);
  });

  test('a wrong password is told in words, without the password', async () => {
    const broker = new ScriptedBroker((packet, peer) => {
      if (packet.cmd === 'connect') peer.sendBytes(0x20, 3, 0, 134, 0);
    });
    await broker.start();
    cleanup.push(() => broker.stop());
    const journal = new KeptJournal();
    const client = new BrokerClient({
      broker: brokerAt(broker.url.replace('mqtt://', 'mqtt://town:s%40cret@')),
      intake: new KeptIntake(),
      journal,
      clock: wallClock,
    });
    cleanup.push(() => client.stop());
    await client.start();
    expect(client.state()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('refuses the user town') });
    expect(broker.peers[0]?.connect).toMatchObject({ username: 'town', password: Buffer.from('s@cret') });
    expect(journal.lines.join() + client.address).not.toMatch(/cret/);
  });

  test('a refused subscription is down, and says what to mend', async () => {
    const { client } = await scripted((packet, peer, number) => {
      if (packet.cmd === 'subscribe') peer.send({ cmd: 'suback', messageId: packet.messageId, granted: [135, 135] });
      else accommodating()(packet, peer, number);
    });
    await client.start();
    expect(client.state()).toMatchObject({ state: 'down', detail: expect.stringContaining('let our user read heqing/#') });
    expect(client.taking()).toBe(false);
  });

  test('a session taken over by another client is named', async () => {
    const { broker, client, states } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    peer.send({ cmd: 'disconnect', reasonCode: 142 });
    peer.cut();
    await eventually('told', () => states.some(({ detail }) => detail.includes('same client id')));
  });

  test('a broker away at start is degraded, and tried until it is there', async () => {
    const port = await freePort();
    const client = new BrokerClient({
      broker: brokerAt(`mqtt://127.0.0.1:${port}`),
      intake: new KeptIntake(),
      journal: new KeptJournal(),
      clock: wallClock,
    });
    cleanup.push(() => client.stop());
    await client.start();
    expect(client.state()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('nobody listens') });
    expect(client.taking()).toBe(false);
  });

  test('statuses are passed on', async () => {
    const { broker, client, statuses } = await scripted(accommodating());
    await client.start();
    const peer = await broker.peer(0);
    const status = (payload: string, messageId: number) =>
      ({ cmd: 'publish', topic: 'heqing/s1/status', payload, qos: 1, messageId, dup: false, retain: true }) as const;
    peer.send(status('online', 1), status('offline', 2), status('???', 3));
    await eventually('three PUBACKs', () => peer.pubacks.length === 3);
    expect(statuses).toMatchObject([
      { station: 's1', online: true },
      { station: 's1', online: false },
    ]);
  });
});
