/** Do the credentials of devices survive in the state file, and does another process see them at once? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../../src/adapters/sqlite/database.js';
import { SqliteDeviceStore } from '../../../src/adapters/sqlite/device-store.js';
import type { Device } from '../../../src/pipeline/ports.js';

const logger: Device = { name: 'logger', stations: ['s2', 's1'], verifier: '$7$101$a$b', createdAt: 1_700_000_000_123 };
const tap: Device = { name: 'TAP-1', stations: ['tap'], verifier: '$7$101$c$d', createdAt: 5 };

let folder: string;
let opened: Database[];
const open = (): SqliteDeviceStore => {
  const database = new Database(join(folder, 'state.db'));
  opened.push(database);
  return new SqliteDeviceStore(database);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heqing-devices-'));
  opened = [];
});

afterEach(() => {
  for (const database of opened) database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what one connection adds and removes, another one sees', () => {
  const [service, command] = [open(), open()];
  expect(service.list()).toEqual([]);
  expect([command.add(logger), command.add(tap)]).toEqual([true, true]);
  expect(service.list()).toEqual([tap, logger]);
  expect(service.find('logger')).toEqual(logger);
  expect([service.find('Logger'), service.find('')]).toEqual([undefined, undefined]);
  expect([command.remove('logger'), command.remove('logger')]).toEqual([true, false]);
  expect(service.list()).toEqual([tap]);
});

test('a name that is taken keeps its device', () => {
  const store = open();
  store.add(logger);
  expect(store.add({ ...tap, name: 'logger' })).toBe(false);
  expect(store.list()).toEqual([logger]);
});
