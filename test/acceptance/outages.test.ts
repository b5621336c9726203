/** What does each outside part cost while it is away, and what comes of it afterwards? Real parts, stopped and started again. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { ReadyAnswer, ReceiptsAnswer } from '../../src/adapters/http/contract/contract.js';
import { Device } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startInfluxd } from '../support/influxd.js';
import type { Influxd } from '../support/influxd.js';
import { startMosquitto } from '../support/mosquitto.js';
import type { Mosquitto } from '../support/mosquitto.js';
import { describeWith } from '../support/real-server.js';
import { startService } from '../support/service.js';
import type { RunningService } from '../support/service.js';
import { TestSmtp } from '../support/smtp.js';
import { alerts, beijing, concerned, counted, dayAgo, health, HOUR, MINUTE, notices, recipients, SECOND, series } from './ask.js';

jest.setTimeout(180_000);

/** Longest pauses between two tries (contract §2), with a second for the try itself. */
const BROKER_CAP = 6 * SECOND;
const ARCHIVE_CAP = 11 * SECOND;

const FROM = 'heqing@example.org';
const now = Math.floor(Date.now() / SECOND) * SECOND;
const span = { from: now - HOUR, to: now + HOUR };

const inInflux = async (influxd: Influxd, station: string, parameter: string): Promise<number[]> => {
  const answer = (await influxd.query(
    `SELECT value FROM reading WHERE station = '${station}' AND parameter = '${parameter}' ORDER BY time`,
  )) as { results: { series?: { values: [number, number][] }[] }[] };
  return answer.results[0]?.series?.[0]?.values.map(([, value]) => value) ?? [];
};
const valuesOf = async (service: RunningService, station: string, parameter: string): Promise<number[]> =>
  (await series(service, station, parameter, span)).rows.map(({ value }) => value);

// The embedded broker, so that a PUBACK is the service's own word.
describeWith(['influxd'], 'InfluxDB and SMTP away', () => {
  let influxd: Influxd;
  let smtp: TestSmtp;
  let service: RunningService;
  let device: Device;

  beforeAll(async () => {
    influxd = await startInfluxd();
    smtp = new TestSmtp();
    await smtp.start();
    service = await startService({ env: { INFLUX_URL: influxd.url, SMTP_URL: smtp.url, MAIL_FROM: FROM } });
    device = await Device.connect(service.mqttUrl);
  });
  afterAll(async () => {
    await device?.end();
    await service?.dispose();
    await smtp?.stop();
    await influxd?.dispose();
  });

  test('InfluxDB away: readings are acknowledged and shown, alerts are mailed, all of it is archived when it is back', async () => {
    await device.publish('nankeng-in', { time: beijing(now - 10 * MINUTE), values: { cond: 300 } });
    await eventually('the first value', async () => (await inInflux(influxd, 'nankeng-in', 'cond')).length === 1);
    await eventually('its fate', async () => (await counted(service)).service.stored === 1);
    await influxd.stop();

    for (let i = 1; i <= 20; i++) {
      await device.publish('nankeng-in', { time: beijing(now - 10 * MINUTE + i * SECOND), values: { cond: 300 + i } });
    }
    await device.publish('nankeng-out', { time: beijing(now - 5 * MINUTE), values: { nh3n: 1.37 } });
    const people = concerned('nankeng-out');
    await eventually('the mails', () => smtp.mails.length >= people.length);
    expect(recipients(smtp.mails)).toEqual(people);

    const state = await eventually('degraded', async () => {
      const found = await health(service);
      return found.status === 'degraded' && found;
    });
    expect(state).toMatchObject({ code: 200, parts: { intake: 'up', broker: 'up', archive: 'degraded', mail: 'up' } });
    const { rows, partial } = await series(service, 'nankeng-in', 'cond', span);
    expect({ values: rows.map(({ value }) => value), partial }).toEqual({
      values: Array.from({ length: 21 }, (_, i) => 300 + i),
      partial: true,
    });
    expect((await counted(service)).service).toMatchObject({ received: 22, stored: 1, pending: 21 });

    await influxd.start();
    const back = Date.now();
    await eventually('nothing is pending', async () => (await counted(service)).service.pending === 0, ARCHIVE_CAP);
    console.log(`InfluxDB back: drained after ${Date.now() - back} ms`);
    expect(await inInflux(influxd, 'nankeng-in', 'cond')).toEqual(Array.from({ length: 21 }, (_, i) => 300 + i));
    expect(await inInflux(influxd, 'nankeng-out', 'nh3n')).toEqual([1.37]);
    expect((await counted(service)).service).toMatchObject({ received: 22, stored: 22 });
    expect((await series(service, 'nankeng-in', 'cond', span)).partial).toBe(false);
    await eventually('all is well', async () => (await health(service)).status === 'up', ARCHIVE_CAP);
    expect(smtp.mails).toHaveLength(people.length);
  });

  test('InfluxDB away over a kill -9: what was pending is archived once it is back', async () => {
    const before = (await counted(service)).service;
    await influxd.stop();
    for (let i = 0; i < 10; i++)
      await device.publish('nankeng-mid', { time: beijing(now - 9 * MINUTE + i * SECOND), values: { turb: i } });
    // One of them again: its fate is known at once, and is counted with the rest.
    await device.publish('nankeng-mid', { time: beijing(now - 9 * MINUTE), values: { turb: 0 } });
    await service.kill9();
    await service.start();
    expect(await health(service)).toMatchObject({ code: 200 });
    expect((await counted(service)).service).toMatchObject({ pending: 11 });
    await influxd.start();
    const { service: counts } = await eventually(
      'nothing is pending',
      async () => {
        const found = await counted(service);
        return found.service.pending === 0 && found;
      },
      ARCHIVE_CAP,
    );
    expect(counts).toMatchObject({ received: before.received + 11, stored: before.stored + 10, duplicate: 1 });
    expect(await inInflux(influxd, 'nankeng-mid', 'turb')).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });

  test('SMTP away: the reading is kept, the mail goes out once it is back, exactly once', async () => {
    const people = concerned('nankeng-mid');
    const before = smtp.mails.length;
    await smtp.stop();
    await device.publish('nankeng-mid', { time: beijing(now - 4 * MINUTE), values: { nh3n: 1.5 } });
    await eventually('a try that failed', async () =>
      (await notices(service)).some(({ state, attempts }) => state === 'waiting' && attempts > 0),
    );
    expect(await valuesOf(service, 'nankeng-mid', 'nh3n')).toEqual([1.5]);
    expect(await health(service)).toMatchObject({ code: 200, status: 'degraded', parts: { mail: 'degraded', archive: 'up' } });

    await smtp.start();
    const back = Date.now();
    await eventually('the mails', () => smtp.mails.length >= before + people.length, 15 * SECOND);
    console.log(`SMTP back: mailed after ${Date.now() - back} ms`);
    await eventually('every notice is recorded as sent', async () =>
      (await notices(service)).every(({ state }) => state === 'sent'),
    );
    await pause(2 * SECOND);
    const mails = smtp.mails.slice(before);
    expect(recipients(mails)).toEqual(people);
    expect(mails.map(({ to }) => to.join()).sort()).toEqual(people);
    await eventually('all is well', async () => (await health(service)).status === 'up', 15 * SECOND);
  });

  test('a restart tries a waiting mail at once', async () => {
    const people = concerned('nankeng-in');
    const before = smtp.mails.length;
    await smtp.stop();
    await device.publish('nankeng-in', { time: beijing(now - 4 * MINUTE), values: { nh3n: 1.6 } });
    await eventually('a try that failed', async () =>
      (await notices(service)).some(({ state, attempts }) => state === 'waiting' && attempts > 0),
    );
    // By then the server is asked only every few seconds whether it is there.
    await pause(8 * SECOND);
    await service.kill9();
    await smtp.start();
    await service.start();
    await eventually('the mails', () => smtp.mails.length >= before + people.length, 2 * SECOND);
    await pause(SECOND);
    expect(recipients(smtp.mails.slice(before))).toEqual(people);
  });

  test('killed between "accepted" and "recorded": at most one double, with the same Message-ID', async () => {
    const people = concerned('nankeng-out');
    const before = { mails: smtp.mails.length, offered: smtp.offered };
    smtp.dawdle(1500);
    await device.publish('nankeng-out', { time: beijing(now - 3 * MINUTE), values: { tp: 0.3 } });
    await eventually('a mail is on its way', () => smtp.offered > before.offered);
    await service.kill9();
    await pause(2 * SECOND);
    smtp.dawdle(0);
    const accepted = smtp.mails.length - before.mails;
    expect(accepted).toBeGreaterThan(0);
    await service.start();
    await eventually(
      'every notice is recorded as sent',
      async () => (await notices(service)).every(({ state }) => state === 'sent'),
      10 * SECOND,
    );
    await pause(SECOND);

    const mails = smtp.mails.slice(before.mails);
    expect(mails).toHaveLength(accepted + people.length);
    expect([...new Set(recipients(mails))]).toEqual(people);
    for (const person of people) {
      const own = mails.filter(({ headers }) => headers.get('to') === person);
      expect(own.length).toBeLessThanOrEqual(2);
      expect(new Set(own.map(({ headers }) => headers.get('message-id'))).size).toBe(1);
    }
    expect((await alerts(service)).filter(({ parameter }) => parameter === 'tp')).toHaveLength(1);
  });
});

describeWith(['mosquitto'], 'the broker away', () => {
  let mosquitto: Mosquitto;
  let service: RunningService;
  let device: Device;

  beforeAll(async () => {
    mosquitto = await startMosquitto();
    service = await startService({ env: { MQTT_URL: mosquitto.url } });
    device = await Device.connect(mosquitto.url, 5);
  });
  afterAll(async () => {
    await device?.end();
    await service?.dispose();
    await mosquitto?.dispose();
  });

  test('killed and back: subscribed again within 5 s, and what is published after is taken', async () => {
    await device.publish('nankeng-in', { time: beijing(now - 10 * MINUTE), values: { cond: 1 } });
    await eventually('the first value', async () => (await valuesOf(service, 'nankeng-in', 'cond')).length === 1);
    await mosquitto.kill();
    const away = await eventually('not ready', async () => {
      const found = await health(service);
      return found.code === 503 && found;
    });
    expect(away).toMatchObject({ status: 'down', parts: { intake: 'up', broker: 'down' } });
    // Long enough for the pauses between tries to have grown to their cap.
    await pause(8 * SECOND);
    await mosquitto.start();
    const back = Date.now();
    await eventually('ready again', async () => (await health(service)).code === 200, BROKER_CAP);
    console.log(`Mosquitto back: subscribed after ${Date.now() - back} ms`);
    expect(Date.now() - back).toBeLessThan(BROKER_CAP);
    await device.publish('nankeng-in', { time: beijing(now - 9 * MINUTE), values: { cond: 2 } });
    await eventually('the second value', async () => (await valuesOf(service, 'nankeng-in', 'cond')).join() === '1,2');
    expect(await health(service)).toMatchObject({ code: 200, status: 'up' });
  });

  test('the service stopped: the broker keeps what comes meanwhile, and it is taken at the next start', async () => {
    await service.stop();
    for (let i = 3; i <= 12; i++)
      await device.publish('nankeng-in', { time: beijing(now - 9 * MINUTE + i * SECOND), values: { cond: i } });
    await service.start();
    const all = Array.from({ length: 12 }, (_, i) => i + 1).join();
    await eventually('what the broker kept', async () => (await valuesOf(service, 'nankeng-in', 'cond')).join() === all);
    expect((await counted(service)).service).toMatchObject({ stored: 12 });
  });
});

describeWith(['mosquitto'], 'a broker that forgets everything while the service is stopped', () => {
  test('health and journal say that the session is lost, and the receipts name the messages that are missing', async () => {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const mosquitto = await startMosquitto(['persistence false']);
      undo.push(() => mosquitto.dispose());
      const service = await startService({ env: { MQTT_URL: mosquitto.url } });
      undo.push(() => service.dispose());
      const device = await Device.connect(mosquitto.url, 5);
      undo.push(() => device.end());
      const publish = (seq: number): Promise<void> =>
        device.publish('nankeng-in', { time: beijing(now - HOUR + seq * SECOND), seq, values: { cond: seq } });
      for (const seq of [1, 2, 3]) await publish(seq);
      await eventually('the first three', async () => (await counted(service)).service.stored === 3);
      await service.stop();
      // The broker acknowledges these to the device, and then they are gone.
      for (const seq of [4, 5, 6, 7]) await publish(seq);
      await mosquitto.kill();
      await mosquitto.start();
      const before = service.output.length;
      await service.start();
      const told = await service.api<ReadyAnswer>('/health/ready');
      expect(told.parts.find(({ name }) => name === 'broker')).toMatchObject({
        state: 'up',
        detail: expect.stringContaining('the broker has lost our session'),
      });
      expect(service.output.slice(before)).toContain('the broker has lost our session');
      await publish(8);
      const receipt = await eventually('the gap is named', async () => {
        const { stations } = await service.api<ReceiptsAnswer>(`/api/v1/receipts?date=${dayAgo(0)}`);
        const found = stations.find(({ station }) => station === 'nankeng-in');
        return found !== undefined && found.missingMessages > 0 && found;
      });
      expect(receipt).toMatchObject({ missingMessages: 4, gaps: [{ first: 4, last: 7, messages: 4 }] });
    } finally {
      for (const step of undo.reverse()) await step();
    }
  });
});

describeWith(['mosquitto', 'influxd'], 'everything away at the start', () => {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  test('is degraded and never an exit; ready as soon as the broker is there', async () => {
    const mosquitto = await startMosquitto();
    undo.push(() => mosquitto.dispose());
    const influxd = await startInfluxd();
    undo.push(() => influxd.dispose());
    const smtp = new TestSmtp();
    await smtp.start();
    undo.push(() => smtp.stop());
    const [broker, archive, mail] = [mosquitto.url, influxd.url, smtp.url];
    await Promise.all([mosquitto.stop(), influxd.stop(), smtp.stop()]);

    const service = await startService({ env: { MQTT_URL: broker, INFLUX_URL: archive, SMTP_URL: mail, MAIL_FROM: FROM } });
    undo.push(() => service.dispose());
    expect(await health(service)).toMatchObject({ code: 503, status: 'down', parts: { broker: 'down', intake: 'up' } });
    const known = await eventually('every part that is away is known to be', async () => {
      const { parts } = await health(service);
      return parts.archive === 'degraded' && parts.mail === 'degraded' && parts;
    });
    expect(known).toMatchObject({ broker: 'down' });

    await mosquitto.start();
    await eventually('ready', async () => (await health(service)).code === 200, BROKER_CAP);
    const device = await Device.connect(broker, 5);
    undo.push(() => device.end());
    await device.publish('nankeng-out', { time: beijing(now - 5 * MINUTE), values: { nh3n: 1.37 } });
    await eventually('the value', async () => (await series(service, 'nankeng-out', 'nh3n', span)).partial);
    expect(await health(service)).toMatchObject({ code: 200, status: 'degraded' });

    await Promise.all([influxd.start(), smtp.start()]);
    const people = concerned('nankeng-out');
    await eventually('the mails', () => smtp.mails.length >= people.length, 15 * SECOND);
    await eventually('the archive', async () => (await inInflux(influxd, 'nankeng-out', 'nh3n')).join() === '1.37', ARCHIVE_CAP);
    await eventually('all is well', async () => (await health(service)).status === 'up', 15 * SECOND);
    expect(recipients(smtp.mails)).toEqual(people);
  });
});
