/** Does `heqing device` give credentials that a running service honours, and Mosquitto's files beside them? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.js';
import { PROJECT, runToItsEnd, startService } from './support/service.js';
import { temporaryFolder } from './support/temporary-folder.js';
import type { TemporaryFolder } from './support/temporary-folder.js';

let folder: TemporaryFolder;
const cleanup: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder('device-command');
});
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
  await folder.remove();
});

/** Runs the command on a data folder. */
function heqing(data: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const { PATH = '' } = process.env;
  const env = { PATH, HEQING_DATA: data, HEQING_CONFIG: join(PROJECT, 'config') };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(PROJECT, 'dist', 'heqing.js'), ...args],
      { env, cwd: folder.path },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    );
  });
}

const secretIn = (output: string): string => /secret: ([0-9a-f]{32})/.exec(output)?.[1] ?? '';

test('add shows the secret once, list never, remove takes it back; Mosquitto gets its files', async () => {
  const data = join(folder.path, 'data');
  const files = join(folder.path, 'mosquitto');
  const added = await heqing(data, 'device', 'add', 'logger', '--stations', 'nankeng-out, nankeng-in', '--mosquitto', files);
  const secret = secretIn(added.output);
  expect(added).toMatchObject({ code: 0, output: expect.stringContaining('mosquitto_passwd') });
  expect(secret).not.toBe('');
  expect(await readFile(join(files, 'passwords'), 'utf8')).toMatch(/^logger:\$7\$101\$/m);
  expect(await readFile(join(files, 'acl'), 'utf8')).toContain('user logger\ntopic readwrite heqing/nankeng-out/#\n');
  const listed = await heqing(data, 'device', 'list');
  expect(listed).toMatchObject({ code: 0, output: expect.stringContaining('logger  nankeng-out, nankeng-in') });
  expect(listed.output).not.toContain(secret);
  expect(await heqing(data, 'device', 'add', 'logger', '--stations', 'nankeng-in')).toMatchObject({ code: 1 });
  expect(await heqing(data, 'device', 'remove', 'logger', '--mosquitto', files)).toMatchObject({ code: 0 });
  expect(await readFile(join(files, 'passwords'), 'utf8')).not.toContain('logger');
  expect(await heqing(data, 'device', 'remove', 'logger')).toMatchObject({ code: 1 });
}, 60_000);

test('what cannot be meant is refused in words, before anything is made', async () => {
  const data = join(folder.path, 'data');
  for (const [args, words] of [
    [['add', 'logger', '--stations', 'nowhere,nankeng-out'], 'no station nowhere'],
    [['add', 'logger'], '--stations'],
    [['add', 'heqing', '--stations', 'nankeng-out'], 'not heqing'],
    [['add', 'a:b', '--stations', 'nankeng-out'], "A device's name"],
    [['move'], 'device add NAME'],
  ] as const) {
    const { code, output } = await heqing(data, 'device', ...args);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(words) });
    expect(output).not.toContain('    at ');
  }
  expect(existsSync(data)).toBe(false);
}, 60_000);

test('a running service honours a device added beside it, for its station only, and drops a removed one', async () => {
  const service = await startService();
  cleanup.push(() => service.dispose());
  const connect = async (login: { username?: string; password?: string }) => {
    const client = await mqtt.connectAsync(service.mqttUrl, { reconnectPeriod: 0, ...login }, false);
    client.on('error', () => undefined);
    cleanup.push(() => client.endAsync(true));
    return client;
  };
  const added = await heqing(service.dataDir, 'device', 'add', 'logger', '--stations', 'nankeng-out');
  const logger = await connect({ username: 'logger', password: secretIn(added.output) });
  await expect(connect({ username: 'logger', password: 'wrong' })).rejects.toThrow(/not authorized/i);
  await eventually('nobody comes in without', async () => {
    const error = await connect({}).then(
      () => null,
      (refused: Error) => refused,
    );
    return /not authorized/i.test(error?.message ?? '');
  });
  await logger.publishAsync('heqing/nankeng-in/readings', '{"values":{"ph":7.1,"nh3n":0.2}}', { qos: 1 });
  await logger.publishAsync('heqing/nankeng-out/readings', '{"values":{"ph":7.2}}', { qos: 1 });
  const { rejections } = await service.api<{ rejections: { topic: string; reason: string }[] }>('/api/v1/rejections');
  expect(rejections).toMatchObject([{ topic: 'heqing/nankeng-in/readings', reason: 'wrong-sender' }]);
  interface Receipts {
    stations: { station: string; received: number; rejected: number }[];
    service: { received: number; rejected: number };
  }
  const receipts = await service.api<Receipts>('/api/v1/receipts');
  expect(receipts.service).toMatchObject({ received: 3, rejected: 2 });
  expect(receipts.stations.find(({ station }) => station === 'nankeng-in')).toMatchObject({ received: 2, rejected: 2 });

  await heqing(service.dataDir, 'device', 'remove', 'logger');
  await heqing(service.dataDir, 'device', 'add', 'other', '--stations', 'nankeng-in');
  const closed = new Promise<void>((resolve) => logger.once('close', () => resolve()));
  await eventually('it is cut off', () => {
    if (logger.connected) logger.publish('heqing/nankeng-out/readings', '{"values":{"ph":7.3}}', { qos: 1 });
    return !logger.connected;
  });
  await closed;
}, 60_000);

test('beyond loopback it starts with a device, and without one not at all', async () => {
  const refused = await runToItsEnd({ MQTT_HOST: '0.0.0.0', MQTT_PORT: '0', HTTP_PORT: '0' });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('device add') });
  expect(refused.output).not.toContain('    at ');
  expect(refused.output).not.toContain('page');

  const data = join(folder.path, 'data');
  await heqing(data, 'device', 'add', 'logger', '--stations', 'nankeng-out');
  const service = await startService({ env: { MQTT_HOST: '0.0.0.0', HEQING_DATA: data } });
  cleanup.push(() => service.dispose());
  await expect(mqtt.connectAsync(service.mqttUrl, { reconnectPeriod: 0 }, false)).rejects.toThrow(/not authorized/i);
}, 60_000);
