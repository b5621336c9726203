/** Held, does each line leave the messages with their senders, say so, and take them once it is released? */
import { afterEach, describe, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import { EmbeddedBroker } from '../../../src/adapters/mqtt/embedded-broker.js';
import { brokerAt } from '../../support/addresses.js';
import { eventually, pause } from '../../support/eventually.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { describeWith } from '../../support/real-server.js';
import { accommodating, message, ScriptedBroker } from '../../support/scripted-broker.js';

const WHY = '数据盘将满';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

function ends(byHand = false) {
  return { intake: new KeptIntake(byHand), journal: new KeptJournal(), clock: wallClock };
}

describe('the embedded broker', () => {
  test('hangs up on a device that publishes, without a PUBACK; released, it takes what the device sends again', async () => {
    const { intake, ...rest } = ends();
    const broker = new EmbeddedBroker({ intake, ...rest, host: '127.0.0.1', port: 0 });
    await broker.start();
    cleanup.push(() => broker.stop());
    const device = await mqtt.connectAsync(broker.address, { clientId: 'd', clean: false, reconnectPeriod: 50 });
    cleanup.push(() => device.endAsync(true));
    await device.publishAsync('heqing/s1/readings', 'before', { qos: 1 });

    broker.hold(WHY);
    expect(broker.state()).toEqual({ state: 'down', detail: expect.stringContaining(WHY) });
    expect(broker.taking()).toBe(false);
    let closed = 0;
    device.on('close', () => closed++);
    let acknowledged = false;
    device.publish('heqing/s1/readings', 'kept by the device', { qos: 1 }, () => {
      acknowledged = true;
    });
    await eventually('hung up on, twice', () => closed >= 2);
    expect(acknowledged).toBe(false);
    expect(intake.texts).toEqual(['before']);

    broker.release();
    expect(broker.state().state).toBe('up');
    await eventually('acknowledged', () => acknowledged);
    expect(intake.texts).toEqual(['before', 'kept by the device']);
  });

  test('held before it starts, it listens and takes nothing', async () => {
    const { intake, ...rest } = ends();
    const broker = new EmbeddedBroker({ intake, ...rest, host: '127.0.0.1', port: 0 });
    broker.hold(WHY);
    await broker.start();
    cleanup.push(() => broker.stop());
    expect(broker.state()).toEqual({ state: 'down', detail: expect.stringContaining(WHY) });
    const device = await mqtt.connectAsync(broker.address, { reconnectPeriod: 0 });
    cleanup.push(() => device.endAsync(true));
    const gone = new Promise<void>((resolve) => device.once('close', () => resolve()));
    device.publish('heqing/s1/readings', '1', { qos: 1 });
    await gone;
    expect(intake.taken).toEqual([]);
  });
});

describe('the client of an outside broker', () => {
  async function scripted(byHand = false) {
    const broker = new ScriptedBroker(accommodating());
    await broker.start();
    cleanup.push(() => broker.stop());
    const { intake, ...rest } = ends(byHand);
    const client = new BrokerClient({ broker: brokerAt(broker.url), intake, ...rest });
    cleanup.push(async () => {
      intake.taken.forEach((taken) => taken.done());
      await client.stop();
    });
    return { broker, intake, client };
  }

  test('acknowledges what it has taken, says goodbye, keeps its session and stays away until released', async () => {
    const { broker, intake, client } = await scripted(true);
    await client.start();
    const peer = await broker.peer(0);
    peer.send(message(1, 'a'), message(2, 'b'));
    await eventually('taken', () => intake.taken.length === 2);
    client.hold(WHY);
    expect(client.state()).toEqual({ state: 'down', detail: expect.stringContaining(WHY) });
    peer.send(message(3, 'c'));
    intake.taken.forEach((taken) => taken.done());
    await eventually('the goodbye', () => peer.closed);
    expect(peer.pubacks).toEqual([1, 2]);
    expect(intake.texts).toEqual(['a', 'b']);
    const goodbye = peer.received.find(({ cmd }) => cmd === 'disconnect') as { properties?: object } | undefined;
    // A session expiry of 0 here would end the session with all that waits in it.
    expect(goodbye).toMatchObject({ cmd: 'disconnect' });
    expect(goodbye?.properties ?? {}).not.toHaveProperty('sessionExpiryInterval');
    await pause(1000);
    expect(broker.peers).toHaveLength(1);
    expect(client.state()).toEqual({ state: 'down', detail: expect.stringContaining(WHY) });

    client.release();
    const second = await broker.peer(1);
    await eventually('up', () => client.taking());
    expect(second.connect).toMatchObject({ clean: false });
    second.send(message(1, 'c'));
    await eventually('the third', () => intake.taken.length === 3);
  });

  test('held before it starts, it connects only when released', async () => {
    const { broker, client } = await scripted();
    client.hold(WHY);
    await client.start();
    await pause(100);
    expect(broker.peers).toHaveLength(0);
    expect(client.state()).toEqual({ state: 'down', detail: expect.stringContaining(WHY) });
    client.release();
    await eventually('up', () => client.taking());
  });

  test('held and released at once, it ends up connected', async () => {
    const { client } = await scripted();
    await client.start();
    client.hold(WHY);
    client.release();
    await eventually('up', () => client.taking());
    await pause(700);
    await eventually('still up', () => client.taking());
  });

  test('a failure that a probe has shown to be over is over, without a message', async () => {
    const { broker, intake, client } = await scripted();
    await client.start();
    intake.failing = new Error('disk full');
    (await broker.peer(0)).send(message(1, 'a'));
    await eventually('down', () => client.state().state === 'down');
    const again = await broker.peer(1);
    await eventually('subscribed again', () => again.subscribed);
    await pause(50);
    expect(client.state().state).toBe('down');
    client.release();
    expect(client.state().state).toBe('up');
  });
});

describeWith(['mosquitto'], 'over Mosquitto', () => {
  test('three thousand messages published while it is held are all there after it', async () => {
    const broker = await startMosquitto();
    cleanup.push(() => broker.dispose());
    const { intake, ...rest } = ends();
    const client = new BrokerClient({ broker: brokerAt(broker.url), intake, ...rest });
    cleanup.push(() => client.stop());
    await client.start();
    client.hold(WHY);
    const device = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanup.push(() => device.endAsync(true));
    const all = Array.from({ length: 3000 }, (_, n) => String(n));
    await Promise.all(all.map((text) => device.publishAsync('heqing/s1/readings', text, { qos: 1 })));
    expect(intake.taken).toEqual([]);
    client.release();
    await eventually('all of them', () => intake.taken.length >= 3000, 15_000);
    expect(intake.texts).toEqual(all);
  }, 60_000);
});
