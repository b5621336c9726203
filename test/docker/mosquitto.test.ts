/** Does the shipped broker config do what it says, on the real Mosquitto? Loss, strangers, and devices speaking for others. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { parse } from 'yaml';

const PROJECT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'mqtt-secret';
const DEVICE = 'out-logger';
const STATION = 'nankeng-out';
/** More than the 1000 that Mosquitto keeps by default. */
const COUNT = 3000;
/** Saved once a second, which Mosquitto counts in whole seconds of its clock: so old a message is on disk, ms. */
const SAVED_AFTER = 3000;
/** Messages a second that a device must be able to hand over; saving on every change took 285, and 130 with 4,000 waiting. */
const USABLE = 1000;

const isHere = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) =>
  existsSync(join(folder, 'mosquitto')),
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Mosquitto as compose.yaml starts it: the same command, config and access list, with paths and port of this test. */
class Broker {
  output = '';
  /** Of the device that was added. */
  secret = '';
  private child: ChildProcess | null = null;

  constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  private here(text: string): string {
    return text
      .replaceAll('/mosquitto/data', join(this.folder, 'data'))
      .replaceAll('/mosquitto/config', join(this.folder, 'config'))
      .replace('listener 1883', `listener ${this.port} 127.0.0.1`);
  }

  async write(): Promise<void> {
    await mkdir(join(this.folder, 'data'));
    await mkdir(join(this.folder, 'config'));
    const root = process.getuid?.() === 0 ? '\nuser root\n' : '';
    const config = await readFile(join(PROJECT, 'docker/mosquitto.conf'), 'utf8');
    await writeFile(join(this.folder, 'config/mosquitto.conf'), this.here(config) + root);
    await writeFile(join(this.folder, 'config/acl'), await readFile(join(PROJECT, 'docker/mosquitto.acl'), 'utf8'));
  }

  async start(): Promise<void> {
    const { services } = parse(await readFile(join(PROJECT, 'docker/compose.yaml'), 'utf8')) as {
      services: { mosquitto: { command: [string, ...string[]] } };
    };
    const [shell, ...args] = services.mosquitto.command.map((part) => this.here(part).replaceAll('$$', '$')) as [
      string,
      ...string[],
    ];
    const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin`, MQTT_PASSWORD: PASSWORD };
    this.child = spawn(shell, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    for (const until = Date.now() + 10_000; !(await this.answers()); await sleep(20)) {
      if (Date.now() > until || this.child.exitCode !== null) throw new Error(`Mosquitto did not start:\n${this.output}`);
    }
  }

  private answers(): Promise<boolean> {
    return new Promise((done) => {
      const socket = connectTcp(this.port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  /** Connects; rejects with the broker's reason. */
  connect(options: mqtt.IClientOptions): Promise<mqtt.MqttClient> {
    return mqtt.connectAsync(`mqtt://127.0.0.1:${this.port}`, { protocolVersion: 5, reconnectPeriod: 0, ...options }, false);
  }

  device(): Promise<mqtt.MqttClient> {
    return this.connect({ username: DEVICE, password: this.secret });
  }

  service(options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
    return this.connect({ username: 'heqing', password: PASSWORD, ...options });
  }

  /** Runs the command of compose.yaml for devices; resolves with what it printed, once the broker has heard of it. */
  async heqingDevice(...args: readonly string[]): Promise<string> {
    const { services } = parse(await readFile(join(PROJECT, 'docker/compose.yaml'), 'utf8')) as {
      services: { device: { entrypoint: [string, ...string[]] } };
    };
    const [, program, ...rest] = services.device.entrypoint.map((part) => this.here(part)) as [string, string, ...string[]];
    const { PATH = '' } = process.env;
    const env = { PATH, HEQING_DATA: join(this.folder, 'heqing'), HEQING_CONFIG: join(PROJECT, 'config') };
    const ran = await promisify(execFile)(process.execPath, [join(PROJECT, program), ...rest, ...args], {
      cwd: this.folder,
      env,
    });
    this.child?.kill('SIGHUP');
    await sleep(200);
    return ran.stdout;
  }

  async addDevice(): Promise<void> {
    const said = await this.heqingDevice('add', DEVICE, '--stations', `${STATION},nankeng-mid`);
    this.secret = /secret: ([0-9a-f]{32})/.exec(said)?.[1] ?? '';
    expect(this.secret).not.toBe('');
  }
}

if (!isHere) {
  test('Mosquitto is not installed here', async () => {
    if (process.env.HEQING_NOT_TESTED) await appendFile(process.env.HEQING_NOT_TESTED, 'Mosquitto\n');
    expect(process.env.CI === 'true').toBe(false);
  });
} else {
  describe('the shipped broker config', () => {
    let broker: Broker;

    beforeAll(async () => {
      broker = new Broker(await mkdtemp(join(tmpdir(), 'heqing-mosquitto-')), await freePort());
      await broker.write();
      await broker.start();
      await broker.addDevice();
    });

    afterAll(async () => {
      await broker.stop('SIGTERM');
      await rm(broker.folder, { recursive: true, force: true });
    });

    test('is accepted without a complaint', () => {
      // Only this test runs it as root; the container does not.
      const complaints = broker.output.split('\n').filter((line) => /error|warning|unknown|deprecated|recommended/i.test(line));
      expect(complaints.filter((line) => !line.includes('should not be run as root'))).toEqual([]);
    });

    test('lets in who has an account and nobody else', async () => {
      await expect(broker.connect({})).rejects.toThrow(/not authori[sz]ed/i);
      await expect(broker.connect({ username: 'heqing', password: 'wrong' })).rejects.toThrow(/not authori[sz]ed/i);
      await (await broker.service()).endAsync();
      await (await broker.device()).endAsync();
    });

    test('lets a device speak for its own stations only, and the service only listen', async () => {
      const heard: string[] = [];
      const service = await broker.service();
      service.on('message', (topic) => heard.push(topic));
      await service.subscribeAsync('heqing/#', { qos: 1 });
      const device = await broker.device();
      await device.publishAsync(`heqing/${STATION}/readings`, '{}', { qos: 1 });
      for (const other of ['nankeng-in', DEVICE, 'other']) {
        await expect(device.publishAsync(`heqing/${other}/readings`, '{}', { qos: 1 })).rejects.toThrow(/not authorized/i);
      }
      await device.publishAsync(`heqing/${STATION}/status`, 'online', { qos: 1 });
      for (const until = Date.now() + 5000; heard.length < 2 && Date.now() < until;) await sleep(20);
      expect(heard).toEqual([`heqing/${STATION}/readings`, `heqing/${STATION}/status`]);
      await device.endAsync();
      await service.endAsync();
    });

    test('a device that is removed is let in no more; the others and the service are', async () => {
      const said = await broker.heqingDevice('add', 'second', '--stations', 'nankeng-in');
      const second = { username: 'second', password: /secret: ([0-9a-f]{32})/.exec(said)?.[1] ?? '' };
      await (await broker.connect(second)).endAsync();
      expect(await broker.heqingDevice('list')).toMatch(/second {2}nankeng-in/);
      await broker.heqingDevice('remove', 'second');
      await expect(broker.connect(second)).rejects.toThrow(/not authori[sz]ed/i);
      await (await broker.device()).endAsync();
      await (await broker.service()).endAsync();
    });

    test('takes thousands for a service that is away, and a kill -9 costs what came in the last moments only', async () => {
      const away = { clientId: 'heqing', clean: false, properties: { sessionExpiryInterval: 3600 } };
      const first = await broker.service(away);
      await first.subscribeAsync('heqing/+/readings', { qos: 1 });
      await first.endAsync();

      const device = await broker.device();
      const publish = (n: number): Promise<unknown> =>
        device.publishAsync(`heqing/${STATION}/readings`, JSON.stringify({ n }), { qos: 1 });
      const started = performance.now();
      await Promise.all(Array.from({ length: COUNT }, (_, n) => publish(n)));
      expect(COUNT / ((performance.now() - started) / 1000)).toBeGreaterThan(USABLE);

      // Then one at a time, until the broker is killed among them.
      const acknowledged = new Map<number, number>(Array.from({ length: COUNT }, (_, n) => [n, performance.now()]));
      const killAt = performance.now() + SAVED_AFTER + 1500;
      for (let n = COUNT; performance.now() < killAt; n++) {
        await publish(n);
        acknowledged.set(n, performance.now());
        await sleep(5);
      }
      await broker.stop('SIGKILL');
      const killed = performance.now();
      device.end(true);
      await broker.start();
      // Starting again makes the service's account anew and leaves the devices' as they are.
      await (await broker.device()).endAsync();

      const heard = new Set<number>();
      // Taken before the connection stands: a session's messages arrive with it.
      const second = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, {
        protocolVersion: 5,
        username: 'heqing',
        password: PASSWORD,
        ...away,
      });
      second.on('message', (_, payload) => heard.add((JSON.parse(payload.toString()) as { n: number }).n));
      const saved = [...acknowledged].filter(([, at]) => at < killed - SAVED_AFTER).map(([n]) => n);
      const missing = (): number[] => saved.filter((n) => !heard.has(n));
      for (const until = Date.now() + 15_000; missing().length > 0 && Date.now() < until;) await sleep(20);
      await second.endAsync();
      expect(saved.length).toBeGreaterThan(COUNT);
      expect(missing()).toEqual([]);
    }, 90_000);
  });
}
