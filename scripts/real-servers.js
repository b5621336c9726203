/** Which real servers can the tests run against here, and how do missing ones get here? As Debian packages. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runQuietly, StepFailed } from './step.js';

/** What the tests start for themselves. `service`: the unit Debian would start, which would sit on the service's own ports. */
const SERVERS = [
  { name: 'InfluxDB', program: 'influxd', packages: ['influxdb'], service: 'influxdb' },
  { name: 'Mosquitto', program: 'mosquitto', packages: ['mosquitto'], service: 'mosquitto' },
  { name: 'Mosquitto', program: 'mosquitto_pub', packages: ['mosquitto-clients'], service: null },
  { name: 'Chromium', program: 'chromium', packages: ['chromium'], service: null },
  { name: 'Compose', program: 'docker-compose', packages: ['docker-compose'], service: null },
];

/** Debian's place for the Chinese font the pages are drawn with in the browser test. */
const FONT = { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', packages: ['fonts-noto-cjk'] };

/** The names a report about an untested real server can carry. */
export const SERVER_NAMES = [...new Set(SERVERS.map(({ name }) => name))];

/** Path of a program, or `undefined`. Servers live in sbin, which is not on everybody's PATH. */
function which(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** What to put before a command so that it may install: nothing as root, sudo in CI; `null` where neither is possible. */
function authority() {
  if (!which('apt-get')) return null;
  if (process.getuid?.() === 0) return [];
  return process.env.CI === 'true' && which('sudo') ? ['sudo', '-n'] : null;
}

/** Installing a server starts it on Debian. Stops and disables those that were just installed, never one that was there. */
async function putToRest(before, services) {
  for (const service of services) {
    const [command, ...args] = existsSync('/run/systemd/system')
      ? [...before, 'systemctl', 'disable', '--now', service]
      : [...before, 'service', service, 'stop'];
    // Nothing to stop is the usual answer in a container, and no failure.
    await run(command, args, {});
  }
}

/**
 * Installs the missing servers where that is possible (root, or CI), and resolves with the names of those still missing.
 * Throws `StepFailed` when an installation was tried in CI and failed; elsewhere the failure is printed.
 */
export async function provideServers() {
  const missing = SERVERS.filter(({ program }) => !which(program));
  const packages = [...missing, ...(existsSync(FONT.file) ? [] : [FONT])].flatMap((part) => part.packages);
  const before = packages.length > 0 ? authority() : null;
  if (before) {
    // RUNLEVEL=1 keeps the packages' scripts from starting services on machines without systemd; sudo drops the environment.
    const apt = ['/usr/bin/env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get'];
    const [program, ...rest] = [...before, ...apt, '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120'];
    const install = [...rest, 'install', '--yes', '--no-install-recommends', ...packages];
    try {
      await runQuietly('更新软件源 apt-get update', program, [...rest, 'update'], {});
      await runQuietly(`安装测试用服务 apt-get install ${packages.join(' ')}`, program, install, {});
    } catch (error) {
      if (!(error instanceof StepFailed) || process.env.CI === 'true') throw error;
      console.error(error.message);
    }
    await putToRest(
      before,
      missing.map(({ service }) => service).filter((service) => service !== null),
    );
  }
  return [...new Set(SERVERS.filter(({ program: wanted }) => !which(wanted)).map(({ name }) => name))];
}
