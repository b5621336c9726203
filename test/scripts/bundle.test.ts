/** Does the offline bundle hold what runs and nothing else, check itself, and start on a machine without a network? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { PROJECT } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

jest.setTimeout(120_000);

let folder: TemporaryFolder;
/** The unpacked bundle. */
let installed: string;
let name: string;
/** Two that Git ignores, beside what is packed. */
const SECRETS = ['docker/.env', 'config/password.log'];
beforeAll(async () => {
  folder = await temporaryFolder('bundle');
  const planted = SECRETS.map((path) => join(PROJECT, path)).filter((path) => !existsSync(path));
  try {
    for (const path of planted) writeFileSync(path, '');
    const args = [join(PROJECT, 'scripts', 'launch.js'), 'bundle', '--with-node', '--to', folder.path];
    execFileSync(process.execPath, args, { cwd: PROJECT });
  } finally {
    for (const path of planted) rmSync(path);
  }
  const file = readdirSync(folder.path).find((one) => one.endsWith('.tar.gz'))!;
  name = file.replace(/\.tar\.gz$/, '');
  execFileSync('tar', ['xzf', file], { cwd: folder.path });
  installed = join(folder.path, name);
});
afterAll(() => folder.remove());

const lockOf = (path: string) =>
  JSON.parse(readFileSync(join(path, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; version: string }>;
  };

test('named after version and platform; the sums inside and beside are right', () => {
  expect(name).toMatch(new RegExp(`^heqing-\\d+\\.\\d+\\.\\d+-${process.platform}-${process.arch}$`));
  execFileSync('sha256sum', ['-c', `${name}.tar.gz.sha256`], { cwd: folder.path });
  execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: installed });
  const listed = readFileSync(join(installed, 'SHA256SUMS'), 'utf8').trim().split('\n').length;
  const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  expect(listed).toBe(files - 1);
});

test('every package the service needs, none that only builds or tests; no sources, no data, no secrets', () => {
  const packages = Object.entries(lockOf(PROJECT).packages).filter(([path]) => path !== '');
  const has = (path: string): boolean => existsSync(join(installed, path, 'package.json'));
  const needed = packages.filter(([path, { dev, devOptional }]) => !dev && !devOptional && existsSync(join(PROJECT, path)));
  expect(needed.length).toBeGreaterThan(100);
  expect(needed.filter(([path]) => !has(path))).toEqual([]);
  expect(packages.filter(([path, { dev, devOptional }]) => (dev === true || devOptional === true) && has(path))).toEqual([]);
  for (const left of ['src', 'test', 'data', '.git', '.env', 'dist/.stamp', ...SECRETS])
    expect(existsSync(join(installed, left))).toBe(false);
  expect(statSync(join(installed, 'heqing')).mode & 0o111).not.toBe(0);
});

test('the bill of materials is CycloneDX and names every package with its version', () => {
  const bill = JSON.parse(readFileSync(join(installed, 'sbom.cdx.json'), 'utf8')) as {
    bomFormat: string;
    metadata: { component: { name: string } };
    components: { purl: string }[];
  };
  expect([bill.bomFormat, bill.metadata.component.name]).toEqual(['CycloneDX', 'heqing']);
  const named = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)));
  expect([...named].filter((one) => /jest|eslint|typescript@/.test(one))).toEqual([]);
  const held = Object.entries(lockOf(installed).packages).filter(
    ([path]) => path !== '' && existsSync(join(installed, path, 'package.json')),
  );
  const purl = ([path, { version }]: (typeof held)[number]): string => `pkg:npm/${path.split('node_modules/').pop()!}@${version}`;
  expect(held.map(purl).filter((one) => !named.has(one))).toEqual([]);
  // What the pages are made of came along inside dist/web, and Node as bin/node.
  const { packages } = lockOf(PROJECT);
  const inPages = ['vue', '@vue/runtime-core', 'vue-router', 'echarts', 'zrender', 'uqr'].map(
    (one) => `pkg:npm/${one}@${packages[`node_modules/${one}`]!.version}`,
  );
  expect([...inPages, `pkg:generic/node@${process.versions.node}`].filter((one) => !named.has(one))).toEqual([]);
});

test('a command called from elsewhere finds the config beside it and the files where it was called', () => {
  const elsewhere = join(folder.path, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'here.csv'), '');
  const call = (...args: string[]) => spawnSync(join(installed, 'heqing'), args, { cwd: elsewhere, encoding: 'utf8' });
  expect(call('check-config').status).toBe(0);
  const { stdout, stderr } = call('import', 'here.csv', '--dry-run');
  expect(stdout + stderr).toMatch(/here\.csv/);
  expect(stdout + stderr).not.toMatch(/ENOENT/);
});

test('with the network cut it starts, answers, and stops; nothing is installed or built', async () => {
  // A network of its own with nothing but loopback, where the kernel lets us; elsewhere at least no registry answers.
  const cuts = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  const [http, mqtt] = [await freePort(), await freePort()];
  const before = readdirSync(join(installed, 'node_modules')).length;
  const ask = `${process.execPath} -e "fetch('http://127.0.0.1:${http}/health/ready').then(async (a) => console.log('answer', a.status, (await a.json()).status))"`;
  const script = `
    ${cuts ? 'ip link set lo up; echo routes "$(ip route)"' : ''}
    ./heqing start & pid=$!
    trap 'kill -9 $pid' EXIT
    for i in $(seq 240); do ${ask} 2>/dev/null && break; sleep 0.25; done
    kill -TERM $pid; wait $pid; echo "ended $?"; trap - EXIT`;
  const env = {
    PATH: `${join(process.execPath, '..')}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HEQING_DATA: join(folder.path, 'data'),
    ...{ HTTP_PORT: String(http), MQTT_PORT: String(mqtt), npm_config_registry: 'http://127.0.0.1:9/' },
  };
  const [command = '', ...args] = [...(cuts ? ['unshare', '-rn'] : []), 'bash', '-c', script];
  const child = spawn(command, args, { cwd: installed, env });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  await eventually('the end', () => output.includes('ended ') && child.exitCode !== null, 90_000);
  if (cuts) expect(output).toMatch(/^routes *$/m);
  expect(output).toMatch(/已就绪 ready/);
  expect(output).toMatch(/answer 200 up/);
  expect(output).toMatch(/ended 0/);
  expect(readdirSync(join(installed, 'node_modules'))).toHaveLength(before);
});

test('what it cannot do it says: no build, no tests', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/launch.js', 'build'], { cwd: installed, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('离线安装包')]);
});
