/** Who comes into the embedded broker, for which stations, over which wire, and how fast? */
import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { connect, Socket } from 'node:net';
import { Devices } from '../../../src/adapters/mqtt/devices.js';
import { EmbeddedBroker } from '../../../src/adapters/mqtt/embedded-broker.js';
import type { EmbeddedBrokerOptions } from '../../../src/adapters/mqtt/embedded-broker.js';
import { Lobby } from '../../../src/adapters/mqtt/lobby.js';
import type { StationStatus } from '../../../src/pipeline/ports.js';
import { eventually, pause } from '../../support/eventually.js';
import { KeptIntake, KeptJournal, wallClock } from '../../support/pipeline-ends.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { TemporaryFolder } from '../../support/temporary-folder.js';
import { deviceOf, KeptDevices, loginOf, makeCertificates } from './device-fixtures.js';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function embedded(store: KeptDevices, options: Partial<EmbeddedBrokerOptions> = {}) {
  const intake = new KeptIntake();
  const journal = new KeptJournal();
  const statuses: StationStatus[] = [];
  const broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    intake,
    journal,
    clock: wallClock,
    onStatus: (status) => statuses.push(status),
    devices: new Devices(store),
    ...options,
  });
  await broker.start();
  cleanup.push(() => broker.stop());
  return { broker, intake, journal, statuses };
}

async function client(broker: EmbeddedBroker, options: IClientOptions = {}): Promise<MqttClient> {
  const url = `${broker.address.split(':')[0] ?? ''}://127.0.0.1:${broker.port}`;
  const connected = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options }, false);
  connected.on('error', () => undefined);
  cleanup.push(async () => void connected.end(true));
  return connected;
}

const closing = (one: MqttClient): Promise<void> => new Promise((resolve) => one.once('close', () => resolve()));

describe('credentials', () => {
  test('beyond loopback nothing starts before a device has some, and says why', async () => {
    await expect(embedded(new KeptDevices(), { host: '0.0.0.0' })).rejects.toThrow('set MQTT_HOST to 127.0.0.1');
    await expect(embedded(new KeptDevices(), { host: '0.0.0.0', devices: undefined })).rejects.toThrow('device add');
    const store = new KeptDevices(deviceOf('logger', 's1'));
    const { broker } = await embedded(store, { host: '0.0.0.0' });
    await expect(client(broker)).rejects.toThrow(/not authorized/i);
    // The last one removed opens nothing.
    store.remove('logger');
    await pause(600);
    await expect(client(broker)).rejects.toThrow(/not authorized/i);
    await expect(client(broker, loginOf('logger'))).rejects.toThrow(/not authorized/i);
  });

  test('while none has any, loopback is open to everybody; with the first one strangers have to leave, unacknowledged', async () => {
    const store = new KeptDevices();
    const { broker, intake } = await embedded(store);
    const stranger = await client(broker, { username: 'whoever', password: 'whatever' });
    await stranger.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
    expect(intake.taken[0]?.delivery.maySpeakFor).toBeNull();

    store.add(deviceOf('logger', 's1'));
    const logger = await client(broker, loginOf('logger'));
    await logger.publishAsync('heqing/s1/readings', 'b', { qos: 1 });
    const closed = closing(stranger);
    let acknowledged = false;
    stranger.publish('heqing/s1/readings', 'c', { qos: 1 }, (error) => (acknowledged = !error));
    await closed;
    expect([intake.texts, acknowledged]).toEqual([['a', 'b'], false]);
    await expect(client(broker)).rejects.toThrow(/not authorized/i);
  });

  test('a wrong secret is refused and told once, whatever its name is made of', async () => {
    const { broker, journal } = await embedded(new KeptDevices(deviceOf('logger', 's1')));
    for (const username of ['logger\\nERROR forged line', 'logger', 'logger']) {
      await expect(client(broker, { username, password: 'wrong' })).rejects.toThrow(/not authorized/i);
    }
    const told = journal.lines.filter((line) => line.includes('refused'));
    expect(told).toEqual([expect.stringContaining('"logger\\\\nERROR forged line" was refused')]);
  });

  test('a removed device is cut off with its next message, which is not acknowledged', async () => {
    const store = new KeptDevices(deviceOf('logger', 's1'), deviceOf('other', 's2'));
    const { broker, intake } = await embedded(store);
    const logger = await client(broker, loginOf('logger'));
    await logger.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
    store.remove('logger');
    await pause(600);
    const closed = closing(logger);
    logger.publish('heqing/s1/readings', 'b', { qos: 1 });
    await closed;
    expect(intake.texts).toEqual(['a']);
  });
});

describe('rights', () => {
  test('for another station: readings go to the intake as those of a wrong sender, are acknowledged, and nobody hears them', async () => {
    const { broker, intake, statuses, journal } = await embedded(
      new KeptDevices(deviceOf('logger', 's1'), deviceOf('reader', 's1', 's2')),
    );
    const heard: string[] = [];
    const reader = await client(broker, loginOf('reader'));
    reader.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await reader.subscribeAsync(['heqing/s1/#', 'heqing/s2/#'], { qos: 1 });

    const logger = await client(broker, {
      ...loginOf('logger'),
      will: { topic: 'heqing/s2/status', payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    await logger.publishAsync('heqing/s2/readings', 'forged', { qos: 1, retain: true });
    await logger.publishAsync('heqing/s2/status', 'offline', { qos: 1, retain: true });
    await logger.publishAsync('elsewhere', 'x', { qos: 1, retain: true });
    await logger.publishAsync('heqing/s1/readings', 'own', { qos: 1 });
    await logger.publishAsync('heqing/s1/status', 'online', { qos: 1 });
    logger.stream.destroy();
    await eventually('what is its own', () => heard.length === 2);
    await pause(50);
    expect(heard).toEqual(['heqing/s1/readings own', 'heqing/s1/status online']);
    expect(statuses).toMatchObject([{ station: 's1', online: true }]);
    expect(intake.texts).toEqual(['forged', 'own']);
    expect(intake.taken.map(({ delivery }) => delivery.maySpeakFor?.(delivery.topic.split('/')[1] ?? ''))).toEqual([false, true]);
    expect(journal.lines.filter((line) => line.includes('may not publish'))).toHaveLength(1);
  });

  test('a device hears what is said of its own stations only', async () => {
    const { broker } = await embedded(new KeptDevices(deviceOf('logger', 's1')));
    const logger = await client(broker, loginOf('logger'));
    const granted = (
      await logger
        .subscribeAsync(['heqing/s1/status', 'heqing/s1/#', 'heqing/s2/#', 'heqing/+/readings', '#', '$SYS/#'], { qos: 1 })
        .catch((error: Error & { packet?: { granted: number[] } }) => error.packet?.granted.map((qos) => ({ qos })) ?? [])
    ).map(({ qos }) => qos);
    expect(granted).toEqual([1, 1, 128, 128, 128, 128]);
  });

  test('a topic of more than 16 levels closes the connection', async () => {
    const { broker, intake } = await embedded(new KeptDevices(deviceOf('logger', 's1')));
    const logger = await client(broker, loginOf('logger'));
    await logger.publishAsync(`heqing/s1/${Array(14).fill('x').join('/')}`, 'fits', { qos: 1 });
    const closed = closing(logger);
    logger.publish(`heqing/s1/${Array(15).fill('x').join('/')}`, 'does not', { qos: 1 });
    await closed;
    expect(intake.taken).toEqual([]);
  });

  test('of more than 16 connections of one device the oldest gives way; others stay', async () => {
    const { broker } = await embedded(new KeptDevices(deviceOf('logger', 's1'), deviceOf('other', 's2')));
    const other = await client(broker, loginOf('other'));
    const all: MqttClient[] = [];
    for (let i = 0; i < 16; i++) all.push(await client(broker, loginOf('logger')));
    const closed = closing(all[0]!);
    const last = await client(broker, loginOf('logger'));
    await closed;
    expect([...all.slice(1), last, other].every(({ connected }) => connected)).toBe(true);
  });
});

describe('room', () => {
  test('who comes when it is full is hung up on, and let in when somebody has left', async () => {
    const { broker, journal } = await embedded(new KeptDevices(deviceOf('logger', 's1')), { mostConnections: 2 });
    const [first, second] = [await client(broker, loginOf('logger')), await client(broker, loginOf('logger'))];
    await expect(client(broker, loginOf('logger'))).rejects.toThrow();
    expect(journal.lines).toEqual([expect.stringContaining('more than 2 connections')]);
    await first.endAsync();
    await eventually('room', () => client(broker, loginOf('logger')));
    expect(second.connected).toBe(true);
  });

  test('strangers who never say who they are make room for one another, not for devices', () => {
    const lobby = new Lobby();
    const stranger = (port: number): Socket =>
      Object.defineProperties(new Socket(), { remoteAddress: { value: '10.0.0.1' }, remotePort: { value: port } });
    const device = stranger(1);
    lobby.enter(device);
    lobby.welcome(device, 'logger');
    const strangers = Array.from({ length: 1001 }, (_, i) => stranger(i + 2));
    for (const one of strangers) lobby.enter(one);
    expect([device, strangers[0], strangers[1], strangers[1000]].map((one) => one?.destroyed)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('pace', () => {
  /** CONNECT and `count` QoS 0 readings in one go, as a device that waits for nothing. */
  const outpour = (name: string, count: number, bytes = 20): Buffer => {
    const hello = { cmd: 'connect', clientId: name, keepalive: 60, clean: true, protocolId: 'MQTT', protocolVersion: 4 } as const;
    const { username, password } = loginOf(name);
    const packets = [mqttPacket.generate({ ...hello, username, password: Buffer.from(password) })];
    for (let i = 0; i < count; i++) {
      const payload = `${i}`.padEnd(bytes);
      packets.push(
        mqttPacket.generate({ cmd: 'publish', topic: 'heqing/s1/readings', payload, qos: 0, dup: false, retain: false }),
      );
    }
    return Buffer.concat(packets);
  };

  function pour(broker: EmbeddedBroker, bytes: Buffer, end = false): Socket {
    const socket = connect(broker.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    cleanup.push(async () => void socket.destroy());
    if (end) socket.end(bytes);
    else socket.write(bytes);
    return socket;
  }

  test('a length that MQTT cannot express is told in words', async () => {
    const { broker, journal } = await embedded(new KeptDevices(deviceOf('flood', 's1')));
    pour(broker, Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]));
    await eventually('it is told', () => journal.lines.length > 0);
    expect(journal.lines).toEqual([
      expect.stringMatching(/was closed: announced a packet of a length that MQTT cannot express$/),
    ]);
  });

  test('a flood comes in at the pace of its device and is neither cut off nor cut short, not even by its own goodbye', async () => {
    const { broker, intake, journal } = await embedded(new KeptDevices(deviceOf('flood', 's1')));
    const started = performance.now();
    pour(broker, outpour('flood', 2500), true);
    await eventually('all of it', () => intake.taken.length === 2500, 20_000);
    const seconds = (performance.now() - started) / 1000;
    // A quarter of a second's worth was saved up: 2250 at 1000/s.
    expect(seconds).toBeGreaterThan(2.2);
    // As fast as 200/s would be slower than any machine's noise.
    expect(seconds).toBeLessThan(11);
    expect(intake.texts.map(Number)).toEqual(Array.from({ length: 2500 }, (_, i) => i));
    expect(journal.lines).toEqual([]);
  });

  test('two connections of one device share its pace, and large messages count as many', async () => {
    const { broker, intake } = await embedded(new KeptDevices(deviceOf('flood', 's1')), { devicePace: 400 });
    const started = performance.now();
    pour(broker, outpour('flood', 80, 60 * 1024));
    const second = await client(broker, loginOf('flood'));
    await pause(1000);
    // 80 messages of 16 pieces each: 100 pieces were saved up, 400 more a second; those of the second wait behind them.
    const passed = intake.taken.length;
    expect(passed).toBeGreaterThan(10);
    expect(passed * 16).toBeLessThan(100 + (400 * (performance.now() - started)) / 1000 + 100);
    await second.publishAsync('heqing/s1/readings', 'mine', { qos: 1 });
    await eventually('all of both', () => intake.taken.length === 81, 15_000);
    expect((performance.now() - started) / 1000).toBeGreaterThan((80 * 16 - 200) / 400);
  });

  test('a flood does not starve the others, and anonymous ones on loopback have no limit', async () => {
    const { broker, intake } = await embedded(new KeptDevices(deviceOf('flood', 's1'), deviceOf('modest', 's2')));
    const modest = await client(broker, loginOf('modest'));
    const flood = pour(broker, outpour('flood', 50_000));
    await eventually('the flood runs', () => intake.taken.length > 250);
    const [taken, started] = [intake.taken.length, performance.now()];
    const waits: number[] = [];
    for (let i = 0; i < 100; i++) {
      const sent = performance.now();
      await modest.publishAsync('heqing/s2/readings', 'modest', { qos: 1 });
      waits.push(performance.now() - sent);
      await pause(10);
    }
    const seconds = (performance.now() - started) / 1000;
    waits.sort((a, b) => a - b);
    // Behind what the flood may send in a minute they would wait for seconds.
    expect(waits[98]).toBeLessThan(2000);
    expect(waits[50]).toBeLessThan(250);
    const flooded = intake.texts.slice(taken).filter((text) => text !== 'modest').length;
    expect(flooded / seconds).toBeGreaterThan(100);
    expect(flooded / seconds).toBeLessThan(1300);
    expect(flood.destroyed).toBe(false);

    const free = await embedded(new KeptDevices());
    const poured = performance.now();
    pour(free.broker, outpour('flood', 5000));
    // At a device's pace it would be five seconds.
    await eventually('all of it', () => free.intake.taken.length === 5000, 10_000);
    expect(performance.now() - poured).toBeLessThan(4700);
  });
});

describe('TLS', () => {
  let folder: TemporaryFolder;
  let pem: Record<'ca' | 'broker' | 'key', string>;
  let shown: Record<'logger' | 'named' | 'other', { ca: string; cert: string; key: string }>;

  beforeAll(async () => {
    folder = await temporaryFolder('certificates');
    const read = await makeCertificates(folder.path);
    pem = {
      ca: await read('ca.pem'),
      broker: await read('broker.pem'),
      key: await read('broker.key'),
    };
    const of = async (name: string) => ({ ca: pem.ca, cert: await read(`${name}.pem`), key: await read(`${name}.key`) });
    shown = { logger: await of('logger'), named: await of('named'), other: await of('other') };
  });
  afterAll(() => folder.remove());

  const logger = () => new KeptDevices(deviceOf('logger', 's1'));

  test('readings come in over TLS; plain text and a device that trusts another authority do not', async () => {
    const { broker, intake, journal } = await embedded(logger(), { tls: { cert: pem.broker, key: pem.key, ca: null } });
    expect(broker.address).toBe(`mqtts://127.0.0.1:${broker.port}`);
    const one = await client(broker, { ...loginOf('logger'), ca: pem.ca });
    await one.publishAsync('heqing/s1/readings', 'a'.repeat(100_000), { qos: 1 });
    await expect(client(broker, { ...loginOf('logger') })).rejects.toThrow();
    await expect(
      mqtt.connectAsync(
        `mqtt://127.0.0.1:${broker.port}`,
        { ...loginOf('logger'), reconnectPeriod: 0, connectTimeout: 1000 },
        false,
      ),
    ).rejects.toThrow();
    expect(intake.texts.map(({ length }) => length)).toEqual([100_000]);
    expect(journal.lines.filter((line) => line.includes('no TLS with a device'))).toHaveLength(1);
  });

  describe('with an authority of devices', () => {
    const mutual = (devices = logger()) => embedded(devices, { tls: { cert: pem.broker, key: pem.key, ca: pem.ca } });
    const { username, password } = loginOf('logger');

    test.each([
      ['its common name, nothing said', 'logger', {}],
      ['its common name, the same said', 'logger', { username }],
      ['its common name, and its secret', 'logger', { username, password }],
      ['a DNS name, nothing said', 'named', {}],
      ['a DNS name, the same said', 'named', { username }],
    ] as const)('a certificate is a device’s credential: %s', async (_, name, login) => {
      const { broker, intake } = await mutual();
      const one = await client(broker, { ...shown[name], ...login });
      await one.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
      await one.publishAsync('heqing/s2/readings', 'b', { qos: 1 });
      expect(intake.taken.map(({ delivery }) => ['s1', 's2'].map((station) => delivery.maySpeakFor?.(station)))).toEqual([
        [true, false],
        [true, false],
      ]);
    });

    test.each([
      ['none', null, { username, password }, /./],
      ['of somebody else', 'other', {}, /not authorized/i],
      ['of somebody else, with name and secret of the device', 'other', { username, password }, /not authorized/i],
      ['its own, with a wrong secret', 'logger', { username, password: 'wrong' }, /not authorized/i],
      ['its own, with another name', 'logger', { username: 'second' }, /not authorized/i],
    ] as const)('refused, a certificate: %s', async (_, name, login, why) => {
      const { broker, intake, journal } = await mutual(new KeptDevices(deviceOf('logger', 's1'), deviceOf('second', 's2')));
      const tls = name === null ? { ca: pem.ca } : shown[name];
      await expect(client(broker, { ...tls, ...login })).rejects.toThrow(why);
      expect(intake.texts).toEqual([]);
      expect(journal.lines.join()).toMatch(/refused|no TLS/);
    });

    test('a device that is removed is cut off, whatever its certificate says', async () => {
      const devices = logger();
      const { broker, intake } = await mutual(devices);
      const one = await client(broker, { ...shown.logger });
      await one.publishAsync('heqing/s1/readings', 'a', { qos: 1 });
      const gone = new Promise<void>((resolve) => one.once('close', () => resolve()));
      devices.remove('logger');
      devices.add(deviceOf('second', 's2'));
      await pause(600);
      one.publish('heqing/s1/readings', 'b', { qos: 1 });
      await gone;
      expect(intake.texts).toEqual(['a']);
      await expect(client(broker, { ...shown.logger })).rejects.toThrow(/not authorized/i);
    });
  });

  test('stops at once although a handshake never ends', async () => {
    const { broker } = await embedded(logger(), { tls: { cert: pem.broker, key: pem.key, ca: null } });
    const silent = connect(broker.port, '127.0.0.1');
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
    await pause(50);
    const started = performance.now();
    await broker.stop();
    expect(performance.now() - started).toBeLessThan(2000);
    silent.destroy();
  });
});
