/** Are the broker's certificate and key read and tried before anything starts, and what is wrong with them told in words? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '../../../src/adapters/config/environment.js';
import { ConfigFaults } from '../../../src/adapters/config/faults.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
const file = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await temporaryFolder('broker-tls');
  for (const [name, days] of [
    ['long', '90'],
    ['short', '5'],
  ] as const) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file(`${name}.key`)];
    await promisify(execFile)('openssl', [
      'req',
      '-x509',
      ...key,
      '-days',
      days,
      '-subj',
      `/CN=${name}`,
      '-out',
      file(`${name}.pem`),
    ]);
  }
  await promisify(execFile)('openssl', [
    'pkey',
    '-in',
    file('long.key'),
    '-aes256',
    '-passout',
    'pass:x',
    '-out',
    file('locked.key'),
  ]);
  await writeFile(file('text'), 'no certificate');
});
afterAll(() => folder.remove());

const faultsOf = (names: Readonly<Record<string, string>>): string[] => {
  try {
    readEnvironment(Object.fromEntries(Object.entries(names).map(([variable, name]) => [variable, file(name)])));
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
};

test('certificate, key and authority are read', async () => {
  const pair = { MQTT_TLS_CERT: file('long.pem'), MQTT_TLS_KEY: file('long.key') };
  const tls = { cert: await readFile(file('long.pem'), 'utf8'), key: await readFile(file('long.key'), 'utf8') };
  expect(readEnvironment(pair)).toMatchObject({ broker: { tls: { ...tls, ca: null } }, warnings: [] });
  expect(readEnvironment({ ...pair, MQTT_TLS_CA: file('short.pem') }).broker).toMatchObject({
    tls: { ...tls, ca: await readFile(file('short.pem'), 'utf8') },
  });
});

test.each([
  [{ MQTT_TLS_CERT: 'long.pem' }, ['MQTT_TLS_KEY: is unset']],
  [{ MQTT_TLS_KEY: 'long.key' }, ['MQTT_TLS_CERT: is unset']],
  [{ MQTT_TLS_CA: 'long.pem' }, ['MQTT_TLS_CERT: is unset', 'MQTT_TLS_KEY: is unset']],
  [{ MQTT_TLS_CERT: 'nowhere', MQTT_TLS_KEY: 'text' }, ['nowhere is not there', 'text is no private key']],
  [{ MQTT_TLS_CERT: 'long.pem', MQTT_TLS_KEY: 'locked.key' }, ['locked.key is no private key without a password']],
  [{ MQTT_TLS_CERT: 'long.pem', MQTT_TLS_KEY: 'short.key' }, ['MQTT_TLS_KEY: does not belong to the certificate']],
  [{ MQTT_TLS_CERT: 'long.pem', MQTT_TLS_KEY: 'long.key', MQTT_TLS_CA: 'text' }, ['text is no certificate']],
])('%j is refused', (names, words) => {
  const found = faultsOf(names);
  expect(found).toHaveLength(words.length);
  words.forEach((word, i) => expect(found[i]).toContain(word));
});

test('a certificate near its end is named, before the devices notice', () => {
  const { warnings } = readEnvironment({ MQTT_TLS_CERT: file('short.pem'), MQTT_TLS_KEY: file('short.key') });
  expect(warnings).toEqual([expect.stringContaining('到期')]);
});
