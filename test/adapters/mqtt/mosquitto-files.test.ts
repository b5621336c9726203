/** Does a real Mosquitto read the files we write for it, and keep each device to its stations? */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { execFile } from 'node:child_process';
import { chmod, chown, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { matches, verifierOf } from '../../../src/adapters/mqtt/device-secret.js';
import { ForeignAcl, writeMosquittoFiles } from '../../../src/adapters/mqtt/mosquitto-files.js';
import { eventually } from '../../support/eventually.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { describeWith } from '../../support/real-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { TemporaryFolder } from '../../support/temporary-folder.js';
import { deviceOf, loginOf } from './device-fixtures.js';

let folder: TemporaryFolder;
const cleanup: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder('mosquitto-files');
});
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
  await folder.remove();
});

const lines = async (name: string): Promise<string[]> =>
  (await readFile(join(folder.path, name), 'utf8')).split('\n').filter(Boolean);

describe('the files', () => {
  test('keep the accounts of others, renew ours, drop what was removed, and may be read by their owner only', async () => {
    const passwords = join(folder.path, 'passwords');
    await writeFile(passwords, 'heqing:$7$101$a$b\nlogger:old\ngone:x\n\ngrafana:$7$101$c$d', { mode: 0o600 });
    const logger = deviceOf('logger', 's1', 's2');
    const tap = deviceOf('tap', 's3');
    expect(writeMosquittoFiles(folder.path, [logger, tap], 'heqing', ['gone']).hasService).toBe(true);
    expect(await lines('passwords')).toEqual([
      'heqing:$7$101$a$b',
      'grafana:$7$101$c$d',
      `logger:${logger.verifier}`,
      `tap:${tap.verifier}`,
    ]);
    expect((await lines('acl')).slice(1)).toEqual([
      'user heqing',
      'topic read heqing/#',
      'topic read $SYS/#',
      'topic readwrite heqing-check/#',
      'user logger',
      'topic readwrite heqing/s1/#',
      'topic readwrite heqing/s2/#',
      'user tap',
      'topic readwrite heqing/s3/#',
    ]);
    for (const name of ['passwords', 'acl']) expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o600);
    expect(writeMosquittoFiles(folder.path, [tap], 'station-room').hasService).toBe(false);
    expect(await lines('acl')).not.toContain('user logger');
  });

  test('stay with the user whom Mosquitto runs as, and as readable as they were', async () => {
    const root = process.getuid?.() === 0;
    const passwords = join(folder.path, 'passwords');
    await writeFile(passwords, 'heqing:x\n');
    await chmod(passwords, 0o640);
    if (root) await chown(passwords, 1883, 1884);
    if (root) await chown(folder.path, 1883, 1885);
    const own = [process.getuid?.(), process.getgid?.()];
    // As the service and its command line run.
    const umask = process.umask(0o077);
    cleanup.push(() => Promise.resolve(void process.umask(umask)));
    writeMosquittoFiles(folder.path, [deviceOf('logger', 's1')], 'heqing');
    const [one, two] = [await stat(passwords), await stat(join(folder.path, 'acl'))];
    expect([one.mode & 0o777, two.mode & 0o777]).toEqual([0o640, 0o600]);
    expect([one.uid, one.gid]).toEqual(root ? [1883, 1884] : own);
    expect([two.uid, two.gid]).toEqual(root ? [1883, 1885] : own);
  });

  test('an access list of somebody else is left alone, and the password file with it', async () => {
    await writeFile(join(folder.path, 'acl'), 'user somebody\n');
    expect(() => writeMosquittoFiles(folder.path, [deviceOf('logger', 's1')], 'heqing')).toThrow(ForeignAcl);
    expect(await lines('acl')).toEqual(['user somebody']);
    await expect(stat(join(folder.path, 'passwords'))).rejects.toThrow('ENOENT');
  });
});

describeWith(['mosquitto'], 'Mosquitto', () => {
  async function connect(url: string, options: IClientOptions): Promise<MqttClient> {
    const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...options }, false);
    cleanup.push(() => client.endAsync(true));
    return client;
  }

  test('lets a device in by the secret we made, to its stations only, beside an account that mosquitto_passwd made', async () => {
    writeMosquittoFiles(folder.path, [deviceOf('logger', 's1', 's2'), deviceOf('tap', 's3')], 'heqing');
    await promisify(execFile)('mosquitto_passwd', ['-b', join(folder.path, 'passwords'), 'heqing', 'service-secret']);
    // Its tool and ours work on one file.
    const both = writeMosquittoFiles(folder.path, [deviceOf('logger', 's1', 's2'), deviceOf('tap', 's3')], 'heqing');
    expect(both.hasService).toBe(true);
    const broker = await startMosquitto(['allow_anonymous false', `password_file ${both.passwords}`, `acl_file ${both.acl}`]);
    cleanup.push(() => broker.dispose());

    const heard: string[] = [];
    const service = await connect(broker.url, { username: 'heqing', password: 'service-secret' });
    service.on('message', (topic) => heard.push(topic));
    await service.subscribeAsync('heqing/+/readings', { qos: 1 });
    await expect(service.publishAsync('heqing/s1/readings', 'x', { qos: 1 })).rejects.toThrow(/not authorized/i);

    await expect(connect(broker.url, {})).rejects.toThrow(/not authorized/i);
    await expect(connect(broker.url, { username: 'logger', password: 'tap-secret' })).rejects.toThrow(/not authorized/i);
    const logger = await connect(broker.url, loginOf('logger'));
    await expect(logger.publishAsync('heqing/s3/readings', 'x', { qos: 1 })).rejects.toThrow(/not authorized/i);
    await expect(logger.publishAsync('heqing/logger/readings', 'x', { qos: 1 })).rejects.toThrow(/not authorized/i);
    for (const station of ['s1', 's2']) await logger.publishAsync(`heqing/${station}/readings`, 'x', { qos: 1 });
    const tap = await connect(broker.url, loginOf('tap'));
    await tap.publishAsync('heqing/s3/readings', 'x', { qos: 1 });
    await eventually('all that was allowed', () => heard.length === 3);
    expect(heard).toEqual(['heqing/s1/readings', 'heqing/s2/readings', 'heqing/s3/readings']);
  });

  test('a verifier is what mosquitto_passwd itself writes: its own line is matched by our check', async () => {
    const passwords = join(folder.path, 'passwords');
    await writeFile(passwords, '');
    await promisify(execFile)('mosquitto_passwd', ['-b', passwords, 'logger', 'from-its-tool']);
    const [line = ''] = await lines('passwords');
    const verifier = line.slice('logger:'.length);
    expect(await matches(Buffer.from('from-its-tool'), verifier)).toBe(true);
    expect(await matches(Buffer.from('another'), verifier)).toBe(false);
    expect(
      verifierOf('x')
        .split('$')
        .map(({ length }) => length),
    ).toEqual(verifier.split('$').map(({ length }) => length));
  });
});
