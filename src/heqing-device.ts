/** What does `heqing device` do? It gives devices credentials, bound to their stations, and takes them back. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FILE } from './app.module.js';
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import { randomSecret, verifierOf } from './adapters/mqtt/device-secret.js';
import { writeMosquittoFiles } from './adapters/mqtt/mosquitto-files.js';
import { openDataFolder } from './adapters/sqlite/data-folder.js';
import { Database } from './adapters/sqlite/database.js';
import { SqliteDeviceStore } from './adapters/sqlite/device-store.js';

/** Its lines in `heqing --help`. */
export const DEVICE_HELP = `  device add NAME --stations A,B  给设备凭据,只能为所列站点上报,密钥只显示一次
                                 gives a device credentials for these stations only; the secret is shown once
  device list                    设备列表 lists devices and their stations
  device remove NAME             收回凭据 takes the credentials back
                                 --mosquitto DIR 同时写 Mosquitto 的口令文件与访问控制 also writes Mosquitto's
                                 password file and access list there, for all devices
`;

/** A name that fits a line of Mosquitto's files, and a log. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The service's own account at an outside broker, when MQTT_URL names none. */
const SERVICE = 'heqing';

/** What was asked for cannot be done; the message says what can. */
export class DeviceFault extends Error {}

/** What the command line gave besides the action and the name. */
export interface DeviceOptions {
  readonly stations?: string | undefined;
  /** A folder for Mosquitto's files. */
  readonly mosquitto?: string | undefined;
}

/** Runs `device ACTION NAME`. A running service sees the change within a second. Throws `DeviceFault`. */
export function device(environment: Environment, [action = '', name = '']: readonly string[], options: DeviceOptions): void {
  if (!['add', 'list', 'remove'].includes(action) || (action !== 'list' && name === '')) throw new DeviceFault(DEVICE_HELP);
  const service = environment.broker.kind === 'outside' ? (environment.broker.username ?? SERVICE) : SERVICE;
  const stations = action === 'add' ? checked(environment, name, service, options.stations) : [];
  const file = join(environment.dataDir, STATE_FILE);
  if (action !== 'add' && !existsSync(file))
    throw new DeviceFault(`${file} 不存在:请先启动一次服务 start the service once first`);
  // A broker that listens beyond loopback wants a device before the first start.
  openDataFolder(environment.dataDir);
  const database = new Database(file);
  try {
    const store = new SqliteDeviceStore(database);
    // Before anything changes: what was shown once must not be lost to a folder that cannot be written to.
    if (options.mosquitto !== undefined) mosquitto(options.mosquitto, store, service);
    if (action === 'add') {
      const secret = randomSecret();
      if (!store.add({ name, stations, verifier: verifierOf(secret), createdAt: Date.now() })) {
        throw new DeviceFault(
          `已有设备 ${name}:先 device remove ${name}。A device of this name is there already: remove it first.`,
        );
      }
      console.log(`${name}  密钥 secret: ${secret}(只显示这一次 shown this once)  站点 stations: ${stations.join(', ')}`);
    } else if (action === 'remove') {
      if (!store.remove(name)) throw new DeviceFault(`没有设备 ${name} 。There is no device of this name.`);
      console.log(`${name} 已收回 removed`);
    } else {
      for (const one of store.list()) {
        console.log(`${one.name}  ${one.stations.join(', ')}  ${new Date(one.createdAt).toISOString()}`);
      }
    }
    if (options.mosquitto === undefined) {
      if (environment.broker.kind === 'outside' && action !== 'list') {
        console.log('外部 MQTT 服务器还不知道 the outside broker does not know of it yet:--mosquitto DIR');
      }
      return;
    }
    const { passwords, acl, hasService } = mosquitto(options.mosquitto, store, service, action === 'remove' ? [name] : []);
    console.log(`已写 written:${passwords}、${acl}(向 Mosquitto 发 SIGHUP 后生效 it reads them on SIGHUP)`);
    if (!hasService) {
      console.log(`口令文件里还没有本服务的账号 the service's own account is missing:mosquitto_passwd ${passwords} ${service}`);
    }
  } finally {
    database.close();
  }
}

function mosquitto(folder: string, store: SqliteDeviceStore, service: string, removed: readonly string[] = []) {
  try {
    mkdirSync(folder, { recursive: true });
    return writeMosquittoFiles(folder, store.list(), service, removed);
  } catch (error) {
    throw new DeviceFault((error as Error).message, { cause: error });
  }
}

/** The stations, which the config must know. */
function checked(environment: Environment, name: string, service: string, list: string | undefined): string[] {
  if (!NAME.test(name) || name === service) {
    throw new DeviceFault(
      `设备名只能用字母、数字、点、下划线和连字符,且不能是 ${service}。A device's name is letters, digits, dots, _ and -, and not ${service}.`,
    );
  }
  const stations = [...new Set((list ?? '').split(',').map((id) => id.trim()))].filter((id) => id !== '');
  if (stations.length === 0) throw new DeviceFault(`--stations 要列出站点 must name stations\n\n${DEVICE_HELP}`);
  const { site } = loadConfig(environment.configDir);
  const unknown = stations.filter((id) => !site.stations.has(id));
  if (unknown.length > 0) {
    throw new DeviceFault(
      `配置里没有站点 the config has no station ${unknown.join(', ')};有 there are: ${[...site.stations.keys()].join(', ')}`,
    );
  }
  return stations;
}
