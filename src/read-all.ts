/** Would the service start with this environment and config? Both are read, and every fault of both is told at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import { type Environment, isLoopback, readEnvironment } from './adapters/config/environment.js';
import { type ConfigFault, ConfigFaults } from './adapters/config/faults.js';
import { loadConfig } from './adapters/config/load-config.js';
import { isLongPassword } from './adapters/http/access/password.js';
import { AccountError, checkPassword, leastCharacters } from './adapters/http/access/password-rules.js';
import { Devices } from './adapters/mqtt/devices.js';
import { refusesToListen } from './adapters/mqtt/embedded-broker.js';
import { SqliteAccountStore } from './adapters/sqlite/account-store.js';
import { Database } from './adapters/sqlite/database.js';
import { SqliteDeviceStore } from './adapters/sqlite/device-store.js';
import type { Account } from './pipeline/ports.js';

/** What a start needs. */
export interface Configured {
  readonly environment: Environment;
  readonly loaded: ReturnType<typeof loadConfig>;
}

/**
 * Reads both; `refusals` may add faults of an environment that was read. Throws `ConfigFaults` with every fault of all three: none
 * is half accepted (promise 12).
 */
export function readAll(env: NodeJS.ProcessEnv, refusals: (environment: Environment) => ConfigFault[] = () => []): Configured {
  const faults: ConfigFault[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigFaults)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const environment = attempt(() => readEnvironment(env));
  const loaded = attempt(() => loadConfig(environment?.configDir ?? (env.HEQING_CONFIG || './config')));
  if (environment) faults.push(...refusals(environment));
  if (environment === undefined || loaded === undefined || faults.length > 0) throw new ConfigFaults(faults);
  return { environment, loaded };
}

/** What a start would refuse once it has opened the state file, which is only looked at here. */
export function startRefusals({ adminPassword, broker, dataDir, http }: Environment): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const fault = (path: string, message: string): void => void faults.push({ file: 'environment', line: null, path, message });
  const beyondLoopback = !isLoopback(http.host);
  try {
    if (adminPassword !== null) checkPassword('admin', adminPassword, leastCharacters(beyondLoopback));
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    fault('HEQING_ADMIN_PASSWORD', error.message);
  }
  const state = lookAt(join(dataDir, STATE_FILE));
  if (state === null) return faults;
  const refused = broker.kind === 'embedded' ? refusesToListen(broker.host, state.devices) : null;
  if (refused !== null) fault('MQTT_HOST', refused);
  // Of `admin` the start takes the password that is set.
  const short = state.accounts.filter(({ username, passwordHash }) => username !== 'admin' && !isLongPassword(passwordHash));
  if (beyondLoopback && short.length > 0)
    fault(
      'HTTP_HOST',
      `账号 ${short.map(({ username }) => username).join('、')} 的口令不足 12 个字符,不能对外开放:先用 heqing account password 重设。Passwords too short to listen beyond loopback.`,
    );
  return faults;
}

/** Devices and accounts of a state file; none where there is no file; `null` where it cannot tell yet. */
function lookAt(file: string): { devices?: Devices; accounts: Account[] } | null {
  if (!existsSync(file)) return { accounts: [] };
  let database: Database | undefined;
  try {
    database = new Database(file, { readOnly: true });
    return { devices: new Devices(new SqliteDeviceStore(database)), accounts: new SqliteAccountStore(database).list() };
  } catch {
    // The start brings one of an older version up to date, and then asks it itself.
    return null;
  } finally {
    database?.close();
  }
}
