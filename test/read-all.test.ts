/** Is everything told at once that a start would refuse, and nothing that it would take? */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigFaults } from '../src/adapters/config/faults.js';
import { SqliteAccountStore } from '../src/adapters/sqlite/account-store.js';
import { Database } from '../src/adapters/sqlite/database.js';
import { SqliteDeviceStore } from '../src/adapters/sqlite/device-store.js';
import { readAll, startRefusals } from '../src/read-all.js';
import { PROJECT } from './support/service.js';
import { temporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

let folder: TemporaryFolder;
let data: string;
beforeEach(async () => {
  folder = await temporaryFolder('read-all');
  data = join(folder.path, 'data');
});
afterEach(() => folder.remove());

const GOOD = 'Nankeng-dawn-47-otter';

/** Faults as `place message`; empty: it would start. */
function faultsOf(env: Record<string, string>): string[] {
  try {
    readAll({ HEQING_CONFIG: join(PROJECT, 'config'), HEQING_DATA: data, ...env }, startRefusals);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return error.faults.map(({ path, message }) => `${path} ${message}`);
  }
}

test('faults of the environment and of the config come together', () => {
  const faults = faultsOf({ HTTP_PORT: 'abc', HEQING_CONFIG: join(folder.path, 'nowhere') });
  expect(faults).toEqual([
    expect.stringMatching(/^HTTP_PORT must be a port/),
    expect.stringMatching(/config folder .*nowhere cannot be read/),
  ]);
});

test('an admin password that anybody would try is refused, with one of the config too', () => {
  const faults = faultsOf({ HTTP_HOST: '0.0.0.0', HEQING_ADMIN_PASSWORD: 'password123456', HEQING_CONFIG: folder.path });
  expect(faults).toContainEqual(expect.stringMatching(/^HEQING_ADMIN_PASSWORD .*太常见/));
  expect(faults.length).toBeGreaterThan(1);
  expect(faultsOf({ HTTP_HOST: '0.0.0.0', HEQING_ADMIN_PASSWORD: GOOD })).toEqual([]);
});

test('a broker for others is refused until a device has credentials, and the look makes no state', async () => {
  expect(faultsOf({ MQTT_HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^MQTT_HOST .*device add/)]);
  await mkdir(data);
  const state = new Database(join(data, 'heqing.db'));
  const [devices] = [new SqliteDeviceStore(state), new SqliteAccountStore(state)];
  expect(faultsOf({ MQTT_HOST: '0.0.0.0' })).toHaveLength(1);
  devices.add({ name: 'logger', stations: ['nankeng-out'], verifier: 'v', createdAt: 0 });
  expect(faultsOf({ MQTT_HOST: '0.0.0.0' })).toEqual([]);
  state.close();
});

test('a state that only a start can read yet is no fault', async () => {
  await mkdir(data);
  const state = new Database(join(data, 'heqing.db'));
  state.sqlite.exec('PRAGMA user_version = 1');
  state.close();
  expect(faultsOf({ MQTT_HOST: '0.0.0.0' })).toEqual([]);
});

test('pages for others are refused while an account has a short password', async () => {
  await mkdir(data);
  const state = new Database(join(data, 'heqing.db'));
  const [accounts] = [new SqliteAccountStore(state), new SqliteDeviceStore(state)];
  accounts.put({ username: 'officer', role: 'officer', passwordHash: 'of a short one', createdAt: 0 });
  expect(faultsOf({ HTTP_HOST: '0.0.0.0', HEQING_ADMIN_PASSWORD: GOOD })).toEqual([
    expect.stringMatching(/^HTTP_HOST 账号 officer/),
  ]);
  expect(faultsOf({})).toEqual([]);
  state.close();
});
