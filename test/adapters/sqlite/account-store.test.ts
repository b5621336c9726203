/** Do accounts, sessions and tokens survive in the state file, and go together? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteAccountStore } from '../../../src/adapters/sqlite/account-store.js';
import { Database } from '../../../src/adapters/sqlite/database.js';
import type { Account, Credential } from '../../../src/pipeline/ports.js';

const officer: Account = { username: '环保办', role: 'officer', passwordHash: 'scrypt:x', createdAt: 1_700_000_000_123 };
const session: Credential = { hash: 'aa', username: '环保办', kind: 'session', label: '', createdAt: 1, expiresAt: 2_000 };
const token: Credential = { hash: 'bb', username: '环保办', kind: 'token', label: 'grafana', createdAt: 2, expiresAt: null };

describe('SqliteAccountStore', () => {
  let folder: string;
  let database: Database;
  let store: SqliteAccountStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heqing-accounts-'));
    database = new Database(join(folder, 'state.db'));
    store = new SqliteAccountStore(database);
  });

  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('finds what was put, also after the file was closed and opened again', () => {
    store.put(officer);
    store.addCredential(session);
    store.addCredential(token);
    database.close();
    database = new Database(join(folder, 'state.db'));
    store = new SqliteAccountStore(database);
    expect(store.find('环保办')).toEqual(officer);
    expect(store.find('admin')).toBeUndefined();
    expect(store.findCredential('aa')).toEqual(session);
    expect(store.findCredential('bb')).toEqual(token);
    expect(store.credentials('环保办')).toEqual([session, token]);
    expect(store.credentials('admin')).toEqual([]);
  });

  test('puts an account over the one of the same name and keeps its credentials', () => {
    store.put(officer);
    store.addCredential(token);
    store.put({ ...officer, passwordHash: 'scrypt:y' });
    expect(store.list()).toEqual([{ ...officer, passwordHash: 'scrypt:y' }]);
    expect(store.findCredential('bb')).toEqual(token);
  });

  test('a credential of the same hash is replaced', () => {
    store.addCredential(session);
    store.addCredential({ ...session, expiresAt: 9_000 });
    expect(store.credentials()).toEqual([{ ...session, expiresAt: 9_000 }]);
  });

  test('removing an account removes its sessions and tokens and nobody else’s', () => {
    store.put(officer);
    store.put({ ...officer, username: 'admin', role: 'admin' });
    store.addCredential(session);
    store.addCredential({ ...token, username: 'admin' });
    expect(store.remove('环保办')).toBe(true);
    expect(store.remove('环保办')).toBe(false);
    expect(store.findCredential('aa')).toBeUndefined();
    expect(store.findCredential('bb')?.username).toBe('admin');
    expect(store.removeCredential('bb')).toBe(true);
    expect(store.removeCredential('bb')).toBe(false);
  });

  test('lists accounts oldest first', () => {
    store.put({ ...officer, username: 'b', createdAt: 2 });
    store.put({ ...officer, username: 'a', createdAt: 3 });
    store.put({ ...officer, username: 'c', createdAt: 1 });
    expect(store.list().map((account) => account.username)).toEqual(['c', 'b', 'a']);
  });
});
