/** Is the environment read as the contract says, and is nothing opened to the world without credentials? */
import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLoopback, loadDotEnv, readEnvironment } from '../../../src/adapters/config/environment.js';
import { ConfigFaults } from '../../../src/adapters/config/faults.js';
import { faultLines } from './small-config.js';

const faultsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults.flatMap((fault) => faultLines([fault]));
    throw error;
  }
};

test('an empty environment gives the defaults of the contract', () => {
  expect(readEnvironment({})).toEqual({
    configDir: './config',
    dataDir: './data',
    http: { host: '127.0.0.1', port: 3000 },
    broker: { kind: 'embedded', host: '127.0.0.1', port: 1883, tls: null },
    mqttClientId: 'heqing',
    influx: null,
    smtp: null,
    mailFrom: 'heqing@localhost',
    publicUrl: 'http://127.0.0.1:3000',
    trustProxy: null,
    adminPassword: null,
    heartbeatUrl: null,
    open: 'all',
    warnings: [],
  });
});

test('a variable that is set to nothing counts as unset', () => {
  expect(readEnvironment({ MQTT_URL: '', HTTP_PORT: '', PUBLIC_URL: '', HEQING_PUBLIC: '' })).toEqual(readEnvironment({}));
});

describe('addresses of outside parts', () => {
  const login = { username: null, password: null };
  test.each([
    ['MQTT_URL', 'mqtt://broker', 'broker', { kind: 'outside', protocol: 'mqtt', host: 'broker', port: 1883, ...login }],
    [
      'MQTT_URL',
      'mqtt://u:p%40%3A%23@broker:1884',
      'broker',
      { kind: 'outside', protocol: 'mqtt', host: 'broker', port: 1884, username: 'u', password: 'p@:#' },
    ],
    [
      'MQTT_URL',
      'mqtts://broker.example.org/',
      'broker',
      { kind: 'outside', protocol: 'mqtts', host: 'broker.example.org', port: 8883, ...login },
    ],
    ['MQTT_URL', 'mqtt://[::1]:1883', 'broker', { kind: 'outside', protocol: 'mqtt', host: '::1', port: 1883, ...login }],
    [
      'INFLUX_URL',
      'http://influx/heqing',
      'influx',
      { protocol: 'http', host: 'influx', port: 8086, database: 'heqing', ...login },
    ],
    [
      'INFLUX_URL',
      'http://influx:80/heqing',
      'influx',
      { protocol: 'http', host: 'influx', port: 80, database: 'heqing', ...login },
    ],
    [
      'INFLUX_URL',
      'https://%E6%B2%B3:a%2Fb@influx:443/%E6%B2%B3%E6%B8%85',
      'influx',
      { protocol: 'https', host: 'influx', port: 443, database: '河清', username: '河', password: 'a/b' },
    ],
    ['SMTP_URL', 'smtp://mail', 'smtp', { secure: false, host: 'mail', port: 587, ...login }],
    [
      'SMTP_URL',
      'smtps://me%40example.org:x@mail',
      'smtp',
      { secure: true, host: 'mail', port: 465, username: 'me@example.org', password: 'x' },
    ],
    ['SMTP_URL', 'smtp://127.0.0.1:2525', 'smtp', { secure: false, host: '127.0.0.1', port: 2525, ...login }],
  ])('%s=%s', (name, value, key, expected) => {
    expect(readEnvironment({ [name]: value })[key as 'broker']).toEqual(expected);
  });

  test.each([
    ['MQTT_URL', 'broker:1883', 'begins with "broker:"'],
    [
      'MQTT_URL',
      'http://broker',
      'begins with "http:", not with mqtt:// or mqtts://; it should look like mqtt://user:password@host:1883',
    ],
    ['MQTT_URL', 'mqtt://u:secret@broker/path', 'has a path'],
    ['MQTT_URL', 'mqtt://u:sec#ret@broker', ''],
    ['INFLUX_URL', 'http://u:secret@influx:8086', 'names no database'],
    ['INFLUX_URL', 'http://influx:8086/a/b', 'database name with a quote, slash'],
    ['INFLUX_URL', 'http://influx:8086/a%0Ab', 'control character'],
    ['INFLUX_URL', 'http://influx:8086/a%22b', 'quote'],
    ['INFLUX_URL', 'http://influx:8086/db?u=secret', 'after ? or #'],
    ['INFLUX_URL', 'nonsense', 'is not a URL'],
    ['SMTP_URL', 'smtp://u:secret%@mail', 'has a % that is not an escape'],
    ['HTTP_PORT', '65536', 'from 0 to 65535'],
    ['HTTP_PORT', '3000x', 'must be a port'],
    ['MQTT_PORT', '-1', 'must be a port'],
    ['HTTP_HOST', 'a b', 'must be a host name'],
    ['PUBLIC_URL', 'heqing.example.org', 'as people open it'],
    ['PUBLIC_URL', 'ftp://heqing.example.org', 'as people open it'],
    ['MAIL_FROM', 'nobody', 'must be a mail address'],
    ['MAIL_FROM', 'a@example.org\nBcc: b@example.org', 'on one line'],
    ['HEQING_PUBLIC', 'write', 'must be read or none'],
    ['HEQING_HEARTBEAT_URL', 'ftp://watchdog.example.org/key', 'must be the http or https address'],
    ['HEQING_HEARTBEAT_URL', 'https://user:password@watchdog.example.org', 'without a login'],
    ['MQTT_CLIENT_ID', 'x'.repeat(129), 'at most 128'],
  ])('%s=%j is a fault that keeps the secret', (name, value, message) => {
    const found = faultsOf({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^environment ${name}: `));
    expect(found[0]).toContain(message);
    expect(found[0]).not.toContain('sec');
  });
});

describe('who gets in without a login', () => {
  const password = { HEQING_ADMIN_PASSWORD: 'a long password' };
  test.each([
    [{}, 'all', 'http://127.0.0.1:3000'],
    [{ HTTP_HOST: 'localhost', HTTP_PORT: '8080' }, 'all', 'http://localhost:8080'],
    [{ HTTP_HOST: '::1' }, 'all', 'http://[::1]:3000'],
    [{ HEQING_PUBLIC: 'none' }, 'none', 'http://127.0.0.1:3000'],
    [{ PUBLIC_URL: 'https://heqing.example.org/' }, 'none', 'https://heqing.example.org'],
    [{ PUBLIC_URL: 'https://heqing.example.org', HEQING_PUBLIC: 'read' }, 'public', 'https://heqing.example.org'],
    [{ HTTP_HOST: '0.0.0.0', ...password }, 'none', 'http://0.0.0.0:3000'],
    [
      { HTTP_HOST: '0.0.0.0', PUBLIC_URL: 'http://localhost:3000', HEQING_PUBLIC: 'read', ...password },
      'public',
      'http://localhost:3000',
    ],
    [{ HTTP_HOST: '::', HEQING_PUBLIC: 'read', ...password }, 'public', 'http://[::]:3000'],
  ])('%j', (env, open, publicUrl) => {
    expect(readEnvironment(env)).toMatchObject({ open, publicUrl });
  });
});

describe('listening beyond loopback without credentials is refused, with the mend:', () => {
  test.each([
    [{ HTTP_HOST: '0.0.0.0' }, ['HEQING_ADMIN_PASSWORD']],
    [{ HTTP_HOST: '0.0.0.0', HEQING_ADMIN_PASSWORD: 'elevenchars' }, ['HEQING_ADMIN_PASSWORD']],
    [{ HTTP_HOST: '0.0.0.0', HEQING_ADMIN_PASSWORD: 'twelve chars' }, []],
    [{ HTTP_HOST: '127.0.0.1', HEQING_ADMIN_PASSWORD: 'short' }, []],
    // Whether a device has credentials stands in the state file: that refusal comes at start.
    [{ MQTT_HOST: '0.0.0.0' }, []],
    [
      { HTTP_HOST: '0.0.0.0', MQTT_HOST: '0.0.0.0', HTTP_PORT: 'x', SMTP_URL: 'y' },
      ['HTTP_PORT', 'SMTP_URL', 'HEQING_ADMIN_PASSWORD'],
    ],
  ])('%j', (env, names) => {
    const found = faultsOf(env);
    expect(found.map((line) => line.split(/[ :]/)[1])).toEqual(names);
    expect(found.join()).not.toContain('elevenchars');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['pages.localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.example.org', false],
  ['localhost.example.org', false],
  ['128.0.0.1', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test('warns of links that open nowhere else, of what is not used, and of what nobody reads', () => {
  const warned = (env: NodeJS.ProcessEnv): readonly string[] => readEnvironment(env).warnings;
  expect(warned({ SMTP_URL: 'smtp://mail' })).toEqual([expect.stringContaining('PUBLIC_URL')]);
  expect(warned({ SMTP_URL: 'smtp://mail', PUBLIC_URL: 'https://heqing.example.org' })).toEqual([]);
  expect(warned({ MQTT_URL: 'mqtt://broker', MQTT_PORT: '1884' })).toEqual([expect.stringContaining('MQTT_PORT')]);
  expect(warned({ MQTT_URL: 'mqtt://broker', MQTT_TLS_CERT: '/nowhere' })).toEqual([expect.stringContaining('MQTT_TLS_CERT')]);
  expect(
    warned({ HEQING_CHANNEL_GATEWAY: 'https://gateway.example.org', HEQING_HEARTBEAT_URL: 'https://w.example.org/k' }),
  ).toEqual([]);
  expect(warned({ HEQING_PUBLC: 'none' })).toEqual([expect.stringContaining('HEQING_PUBLC')]);
});

test('.env fills what is unset, overrides nothing, and may be missing', () => {
  const dir = mkdtempSync(join(tmpdir(), 'heqing-env-'));
  try {
    const env: NodeJS.ProcessEnv = { HTTP_PORT: '4000', MQTT_URL: '' };
    const file = join(dir, '.env');
    loadDotEnv(env, file);
    expect(env).toEqual({ HTTP_PORT: '4000', MQTT_URL: '' });
    writeFileSync(file, '# ports\nHTTP_PORT=5000\nMQTT_URL=mqtt://broker\nMAIL_FROM="河清 <heqing@example.org>"\n');
    loadDotEnv(env, file);
    expect(env).toEqual({ HTTP_PORT: '4000', MQTT_URL: '', MAIL_FROM: '河清 <heqing@example.org>' });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('proxies are addresses and networks, or none', () => {
  for (const given of ['none', '10.0.0.2', '10.0.0.0/24, ::1', 'loopback,fd00::/8'])
    expect(readEnvironment({ HTTP_TRUST_PROXY: given }).trustProxy).toBe(given);
  // A network of everything, or a bare "true", would let anybody name an address of their choice.
  for (const given of ['true', '1', '0.0.0.0/0', '10.0.0.0/33', 'proxy.example.org', '10.0.0.1,,'])
    expect(() => readEnvironment({ HTTP_TRUST_PROXY: given })).toThrow(ConfigFaults);
});
