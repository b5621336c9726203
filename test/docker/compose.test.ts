/** Would the compose file run the service as it is? Its variables, its secrets, its broker's settings. */
import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { readEnvironment } from '../../src/adapters/config/environment.js';
import { writeMosquittoFiles } from '../../src/adapters/mqtt/mosquitto-files.js';

const PROJECT = resolve(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(PROJECT, path), 'utf8');

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const SECRETS = {
  HEQING_ADMIN_PASSWORD: 'a-long-admin-password',
  MQTT_PASSWORD: 'mqtt-secret',
  INFLUX_PASSWORD: 'influx-secret',
  INFLUX_ADMIN_PASSWORD: 'influx-admin-secret',
};

/** Replaces `${NAME:-default}` and `${NAME:?message}` as Compose does; `$$` is a dollar. Throws what Compose would say. */
function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\$|\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g,
    (whole: string, name?: string, kind?: string, rest: string = '') => {
      if (whole === '$$') return '$';
      const value = values[name ?? ''] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
      return rest;
    },
  );
}

async function compose(values: Readonly<Record<string, string>> = SECRETS): Promise<Compose> {
  return parse(interpolate(await read('docker/compose.yaml'), values)) as Compose;
}

/** The variables the service reads, from the one place where it reads them. */
async function variablesRead(): Promise<string[]> {
  const source = await read('src/adapters/config/environment.ts');
  const schema = /const variables = z\.object\(\{\n([\s\S]*?)\n\}\);/.exec(source)?.[1] ?? '';
  return [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1] ?? '');
}

/** The variables that the shipped examples of channels name. */
const channelVariables = async (): Promise<string[]> =>
  [...(await read('config/notices.yaml')).matchAll(/(?:urlFrom|secretFrom): ([A-Z_]+)/g)].map((match) => match[1] ?? '');

describe('the variables', () => {
  test('of the service are variables that it reads', async () => {
    const known = [...(await variablesRead()), ...(await channelVariables())];
    expect(known.length).toBeGreaterThanOrEqual(14);
    for (const name of Object.keys((await compose()).services.heqing?.environment ?? {})) expect(known).toContain(name);
  });

  test('that a container does not settle by itself reach the service: the operator sets them in .env', async () => {
    const named = ['PUBLIC_URL', 'SMTP_URL', 'MAIL_FROM', 'HTTP_TRUST_PROXY', 'HEQING_PUBLIC', 'HEQING_HEARTBEAT_URL'];
    const channels = await channelVariables();
    expect(channels).toContain('DINGTALK_SECRET');
    const values = Object.fromEntries([...named, ...channels].map((name) => [name, `the ${name} of .env`]));
    expect((await compose({ ...SECRETS, ...values })).services.heqing?.environment).toMatchObject(values);
  });

  test('are understood by the service, and lead it to the other containers', async () => {
    const { services } = await compose();
    const environment = readEnvironment({ ...services.heqing?.environment });
    expect(environment).toMatchObject({
      http: { host: '0.0.0.0', port: 3000 },
      broker: { kind: 'outside', host: 'mosquitto', port: 1883, username: 'heqing', password: SECRETS.MQTT_PASSWORD },
      influx: { host: 'influxdb', port: 8086, database: 'heqing', username: 'heqing', password: SECRETS.INFLUX_PASSWORD },
      smtp: { host: 'mailpit', port: 1025, secure: false },
      open: 'none',
    });
    expect(services).toMatchObject({ mosquitto: {}, influxdb: {}, mailpit: {} });
    expect(services.influxdb?.environment).toMatchObject({
      INFLUXDB_DB: 'heqing',
      INFLUXDB_USER: 'heqing',
      INFLUXDB_USER_PASSWORD: SECRETS.INFLUX_PASSWORD,
      INFLUXDB_HTTP_AUTH_ENABLED: 'true',
    });
  });

  test('that the service reads are told to the operator in both languages', async () => {
    const readmes = [await read('README.md'), await read('README.zh-CN.md')];
    for (const name of await variablesRead()) for (const readme of readmes) expect(readme).toContain(name);
  });

  test('of the compose file stand in .env.example, required ones empty', async () => {
    const used = [...(await read('docker/compose.yaml')).matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? '');
    const example = await read('docker/.env.example');
    const offered = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
    expect([...new Set(used)].sort()).toEqual([...offered].sort());
    const required = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => [match[1], match[2]]);
    expect(required).toEqual(Object.keys(SECRETS).map((name) => [name, '']));
  });
});

describe('safety', () => {
  test.each(Object.keys(SECRETS))('nothing starts without %s', async (name) => {
    await expect(compose({ ...SECRETS, [name]: '' })).rejects.toThrow(`required variable ${name} is missing a value`);
  });

  test('no secret stands in the files', async () => {
    const { services } = parse(await read('docker/compose.yaml')) as Compose;
    const secret = Object.values(services)
      .flatMap((service) => Object.entries(service.environment ?? {}))
      .filter(([name, value]) => name.endsWith('PASSWORD') || /^\w+:\/\/heqing:/.test(value));
    expect(secret.length).toBeGreaterThanOrEqual(6);
    for (const [, value] of secret) expect(value).toMatch(/^(\w+:\/\/heqing:)?\$\{\w+:\?/);
    for (const path of ['docker/mosquitto.conf', 'docker/Dockerfile']) expect(await read(path)).not.toMatch(/password\s*[:=]/i);
  });

  test('every port is open on this machine only', async () => {
    const ports = Object.values((await compose()).services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThanOrEqual(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('a short admin password is refused by the service itself', async () => {
    const { services } = await compose({ ...SECRETS, HEQING_ADMIN_PASSWORD: 'short' });
    expect(() => readEnvironment({ ...services.heqing?.environment })).toThrow();
  });
});

test('every part has a health check or its image has, and what must outlive a container lies in a volume', async () => {
  const { services, volumes } = await compose();
  const dockerfile = await read('docker/Dockerfile');
  for (const [name, service] of Object.entries(services)) {
    // A command that runs when it is called.
    if (service.profiles !== undefined) continue;
    expect({
      name,
      checked: name === 'heqing' ? dockerfile.includes('\nHEALTHCHECK ') : service.healthcheck !== undefined,
    }).toEqual({
      name,
      checked: true,
    });
    const kept = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '').filter((source) => source in volumes);
    expect({ name, kept: kept.length }).toEqual({ name, kept: 1 });
  }
});

describe('the command for devices', () => {
  test('runs only when it is called, and sees the state of the service and the files of the broker', async () => {
    const { services } = await compose();
    const { device, heqing, mosquitto } = services;
    expect(device?.profiles).toEqual(['tools']);
    const at = (service: Service | undefined, path: string): string | undefined =>
      service?.volumes?.find((volume) => volume.split(':')[1] === path);
    expect(at(device, '/app/data')).toBe(at(heqing, '/app/data'));
    expect(at(device, '/mosquitto/data')).toBe(at(mosquitto, '/mosquitto/data'));
    expect(at(device, '/app/config')).toBe(at(heqing, '/app/config'));
    expect(device?.entrypoint).toEqual(['node', 'dist/heqing.js', 'device', '--mosquitto', '/mosquitto/data']);
    const conf = await read('docker/mosquitto.conf');
    for (const [setting, file] of [
      ['password_file', 'passwords'],
      ['acl_file', 'acl'],
    ])
      expect(conf).toContain(`\n${setting} /mosquitto/data/${file}\n`);
  });

  test('the access list at first is the one it would write without a device, so that it may write the next', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heqing-acl-'));
    try {
      const { acl } = writeMosquittoFiles(folder, [], 'heqing');
      expect(await read('docker/mosquitto.acl')).toBe(await readFile(acl, 'utf8'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('is told to the operator in both languages', async () => {
    for (const readme of ['README.md', 'README.zh-CN.md']) {
      const text = await read(readme);
      expect(text).toContain('docker compose -f docker/compose.yaml run --rm device add');
      expect(text).toContain('docker compose -f docker/compose.yaml kill --signal HUP mosquitto');
    }
  });
});

/** Runs a command with every secret set. */
const run = (program: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> =>
  new Promise((done) => {
    execFile(program, args, { cwd, env: { ...process.env, ...SECRETS } }, (error, stdout, stderr) =>
      done({ code: error ? 1 : 0, output: stdout + stderr }),
    );
  });

test('Compose itself reads the compose file', async () => {
  if ((await run('docker', ['compose', 'version'], PROJECT)).code === 0) {
    const { code, output } = await run('docker', ['compose', '-f', 'docker/compose.yaml', 'config'], PROJECT);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(SECRETS.MQTT_PASSWORD);
    return;
  }
  if ((await run('docker-compose', ['version'], PROJECT)).code !== 0) {
    expect(process.env.CI).not.toBe('true');
    if (process.env.HEQING_NOT_TESTED) await appendFile(process.env.HEQING_NOT_TESTED, 'docker compose config\n');
    return;
  }
  // Debian's Compose is older than the key `name`; everything else it must accept.
  const folder = await mkdtemp(join(tmpdir(), 'heqing-compose-'));
  try {
    await writeFile(join(folder, 'compose.yaml'), (await read('docker/compose.yaml')).replace(/^name:.*$/m, ''));
    const { code, output } = await run('docker-compose', ['-f', 'compose.yaml', 'config'], folder);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(SECRETS.MQTT_PASSWORD);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('the image', () => {
  test('is built from files that the builder gets', async () => {
    const allowed = (await read('.dockerignore'))
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...(await read('docker/Dockerfile')).matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(copied.length).toBeGreaterThanOrEqual(8);
    for (const path of copied) {
      expect(allowed).toContain(path);
      expect({ path, isThere: existsSync(join(PROJECT, path)) }).toEqual({ path, isThere: true });
    }
  });

  test('needs no package without a binary for arm64', async () => {
    const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, unknown> };
    const native = Object.keys(packages).filter((path) => path.includes('linux-x64-gnu'));
    expect(native.length).toBeGreaterThan(0);
    for (const path of native) expect(Object.keys(packages)).toContain(path.replace('linux-x64-gnu', 'linux-arm64-gnu'));
  });
});
