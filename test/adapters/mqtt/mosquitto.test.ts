/** Do readings arrive over a real Mosquitto, also after it was killed? */
import { afterEach, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { BrokerClient } from '../../../src/adapters/mqtt/broker-client.js';
import { brokerAt } from '../../support/addresses.js';
import { eventually, pause } from '../../support/eventually.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { describeWith } from '../../support/real-server.js';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function mosquitto() {
  const broker = await startMosquitto();
  cleanup.push(() => broker.dispose());
  return broker;
}

function reader(url: string, byHand = false) {
  const intake = new KeptIntake(byHand);
  const client = new BrokerClient({ broker: brokerAt(url), intake, journal: new KeptJournal(), clock: wallClock });
  cleanup.push(async () => {
    intake.taken.forEach((taken) => taken.done());
    await client.stop();
  });
  return { intake, client };
}

async function publish(url: string, from: number, to: number): Promise<void> {
  const sensor = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  await Promise.all(
    Array.from({ length: to - from }, (_, i) => sensor.publishAsync('heqing/s1/readings', `${from + i}`, { qos: 1 })),
  );
  await sensor.endAsync();
}

const numbers = (to: number, from = 0) => Array.from({ length: to - from }, (_, i) => `${from + i}`);

describeWith(['mosquitto'], 'over Mosquitto', () => {
  test('what was published while we were away is there when we come', async () => {
    const broker = await mosquitto();
    const first = reader(broker.url);
    await first.client.start();
    expect(first.client.state()).toMatchObject({ state: 'up', detail: expect.stringContaining('MQTT 5') });
    await publish(broker.url, 0, 100);
    await eventually('the first hundred', () => first.intake.taken.length === 100);
    await first.client.stop();

    await publish(broker.url, 100, 2100);
    const second = reader(broker.url);
    await second.client.start();
    await eventually('all of the rest', () => second.intake.taken.length >= 2000);
    await pause(50);
    expect(second.intake.texts).toEqual(numbers(2100, 100));
  });

  test('what was not done when the service died is delivered to the next one', async () => {
    const broker = await mosquitto();
    const first = reader(broker.url, true);
    await first.client.start();
    await publish(broker.url, 0, 20);
    await eventually('taken', () => first.intake.taken.length === 20);
    first.intake.taken.slice(0, 5).forEach((taken) => taken.done());
    await pause(50);
    first.intake.taken.slice(5).forEach((taken) => taken.done(new Error('died')));
    await first.client.stop();

    const second = reader(broker.url);
    await second.client.start();
    await eventually('the unfinished', () => second.intake.taken.length >= 15);
    expect(second.intake.texts).toEqual(numbers(20, 5));
  });

  test('kill -9 of Mosquitto: degraded, and back within 5 s of its return; nothing acknowledged is lost', async () => {
    const broker = await mosquitto();
    const { intake, client } = reader(broker.url);
    await client.start();
    await publish(broker.url, 0, 50);
    await eventually('the first', () => intake.taken.length === 50);
    await broker.kill();
    await eventually('degraded', () => client.state().state === 'degraded');
    await pause(1500);
    await broker.start();
    const returned = Date.now();
    await eventually('up again', () => client.state().state === 'up', 20_000);
    expect(Date.now() - returned).toBeLessThan(5000);
    await publish(broker.url, 50, 100);
    await eventually('the rest', () => new Set(intake.texts).size === 100);
  });

  test('a broker that comes only later', async () => {
    const broker = await mosquitto();
    await broker.stop();
    const { intake, client } = reader(broker.url);
    await client.start();
    expect(client.state().state).toBe('degraded');
    await broker.start();
    await eventually('up', () => client.state().state === 'up', 20_000);
    await publish(broker.url, 0, 1);
    await eventually('the reading', () => intake.taken.length === 1);
  });
});
