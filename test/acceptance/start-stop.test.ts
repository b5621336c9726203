/** Does it start whole or not at all, and does it stop without losing anything? */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { appendFile, cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { Device, Stream } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { describeWith } from '../support/real-server.js';
import { startMosquitto } from '../support/mosquitto.js';
import { PROJECT, runToItsEnd, startService } from '../support/service.js';
import type { Ended } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { beijing, counted, HOUR, MINUTE, SECOND, series } from './ask.js';

jest.setTimeout(120_000);

/** The contract says 3 s; a machine that also runs other tests gets twice that. */
const START_WITHIN = 6 * SECOND;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A copy of the shipped config that a test may spoil. */
async function copiedConfig(): Promise<{ path: string; files: string[] }> {
  const folder = await temporaryFolder('config');
  undo.push(() => folder.remove());
  const path = join(folder.path, 'config');
  await cp(join(PROJECT, 'config'), path, { recursive: true });
  const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  return { path, files };
}

/** What an operator reads when it does not start: words, never a stack trace. */
function expectRefusal({ code, output }: Ended): void {
  expect({ code, output }).toEqual({ code: expect.any(Number), output });
  expect(code).not.toBe(0);
  expect(output).not.toMatch(/^\s+at .+:\d+/m);
  expect(output).not.toContain('已就绪 ready');
}

/** A port of 127.0.0.1 on which somebody else listens; `onConnection` is what that one does. */
async function takenPort(onConnection: (socket: Socket) => void = (socket) => socket.destroy()): Promise<number> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('what is wrong is told, and nothing is started', () => {
  test('a fault in every config file: all of them are listed, each with its file and place', async () => {
    const { path, files } = await copiedConfig();
    expect(files.length).toBeGreaterThan(15);
    for (const [i, file] of files.entries()) await appendFile(join(path, file), `\nplanted${i}: 1\n`);
    const data = join(path, '..', 'data');
    const ended = await runToItsEnd({ HEQING_CONFIG: path, HEQING_DATA: data });
    expectRefusal(ended);
    const lines = ended.output.split('\n');
    for (const [i, file] of files.entries()) {
      const own = lines.filter((line) => line.includes(`planted${i}:`));
      expect({ file, own }).toEqual({ file, own: [expect.stringMatching(new RegExp(`^\\s+${file}:\\d+ planted${i}: `))] });
    }
    expect(ended.output).toContain(`${files.length} faults`);
    expect(ended.output).not.toContain(path);
    // Not even the state file was made.
    await expect(readdir(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('faults of every kind in the same start: shape, reference, and a file that is no YAML', async () => {
    const { path, files } = await copiedConfig();
    const spoil = async (file: string, from: string | RegExp, to: string): Promise<void> => {
      const text = await readFile(join(path, file), 'utf8');
      const spoiled = text.replace(from, to);
      expect(spoiled).not.toBe(text);
      await writeFile(join(path, file), spoiled);
    };
    expect(files).toContain('stations/river.yaml');
    await spoil('people.yaml', 'bureau@example.org', 'bureau');
    await spoil('stations/river.yaml', 'parameter: nh3n', 'parameter: nh4');
    await spoil('settings.yaml', /workingSetDays: \d+/, 'workingSetDays: many');
    await writeFile(join(path, 'site.yaml'), 'site: [\n');
    const ended = await runToItsEnd({ HEQING_CONFIG: path });
    expectRefusal(ended);
    for (const place of ['people.yaml', 'stations/river.yaml', 'settings.yaml', 'site.yaml']) {
      expect(ended.output).toMatch(new RegExp(`^\\s+${place}:\\d+`, 'm'));
    }
    expect(ended.output).toContain('nh4');
  });

  test('a broken environment: every variable is named, no secret is printed', async () => {
    const ended = await runToItsEnd({
      HTTP_PORT: '99999',
      HTTP_HOST: '0.0.0.0',
      MQTT_PORT: 'abc',
      INFLUX_URL: 'ftp://writer:unsaid-1@127.0.0.1:8086/heqing',
      SMTP_URL: 'smtp://mailer:unsaid-2@',
      MAIL_FROM: 'nobody',
      HEQING_PUBLIC: 'maybe',
      HEQING_ADMIN_PASSWORD: 'unsaid-3',
    });
    expectRefusal(ended);
    for (const name of [
      'HTTP_PORT',
      'MQTT_PORT',
      'INFLUX_URL',
      'SMTP_URL',
      'MAIL_FROM',
      'HEQING_PUBLIC',
      'HEQING_ADMIN_PASSWORD',
    ]) {
      expect(ended.output).toMatch(new RegExp(`^\\s+environment ${name}: `, 'm'));
    }
    expect(ended.output).not.toContain('unsaid');
  });

  test('environment and config at fault: both are listed at once', async () => {
    const { path } = await copiedConfig();
    await appendFile(join(path, 'targets.yaml'), '\nplanted: 1\n');
    const ended = await runToItsEnd({ HEQING_CONFIG: path, HTTP_PORT: 'http' });
    expectRefusal(ended);
    expect(ended.output).toMatch(/^\s+environment HTTP_PORT: /m);
    expect(ended.output).toMatch(/^\s+targets\.yaml:\d+ planted: /m);
  });

  test.each([
    ['HTTP_PORT', 'MQTT_PORT'],
    ['MQTT_PORT', 'HTTP_PORT'],
  ])('%s is taken: the error says which port, and what to do', async (taken, other) => {
    const port = await takenPort();
    const ended = await runToItsEnd({ [taken]: String(port), [other]: String(await freePort()) });
    expectRefusal(ended);
    expect(ended.output).toContain(`端口 ${port} 已被别的程序占用`);
    expect(ended.output).toContain(`set ${taken} to a free port`);
    // Escape codes belong on a terminal.
    expect(ended.output).not.toContain('\u001b');
  });

  test('HEQING_DATA cannot be made: the error says so', async () => {
    const folder = await temporaryFolder('data');
    undo.push(() => folder.remove());
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const ended = await runToItsEnd({
      HEQING_DATA: join(file, 'data'),
      HTTP_PORT: String(await freePort()),
      MQTT_PORT: String(await freePort()),
    });
    expectRefusal(ended);
    expect(ended.output).toContain(`不能使用 ${join(file, 'data')}:路径中有一段是文件`);
    expect(ended.output).toContain('set another HEQING_DATA');
    // Where the system makes no folders at all Node's own `recursive` tries for ever.
    const nowhere = await runToItsEnd({ HEQING_DATA: '/proc/heqing/data' });
    expectRefusal(nowhere);
    expect(nowhere.output).toContain('不能使用 /proc/heqing/data:');
  });

  test('asked to stop while it is still starting: it leaves at once and in order', async () => {
    const { code, output } = await runToItsEnd({ SMTP_URL: 'smtp://127.0.0.1:1' }, '注意 PUBLIC_URL');
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('已就绪 ready') });
  });

  test('a damaged state file: the error says how to come back, and the file is left as it was', async () => {
    const folder = await temporaryFolder('data');
    undo.push(() => folder.remove());
    const file = join(folder.path, 'heqing.db');
    const rubbish = 'no database, but longer than the head of one '.repeat(40);
    await writeFile(file, rubbish);
    const ended = await runToItsEnd({
      HEQING_DATA: folder.path,
      HTTP_PORT: String(await freePort()),
      MQTT_PORT: String(await freePort()),
    });
    expectRefusal(ended);
    expect(ended.output).toContain('heqing.db 已损坏');
    expect(ended.output).toContain('restore FILE --replace');
    expect(await readFile(file, 'utf8')).toBe(rubbish);
  });
});

describe('start and stop', () => {
  test('is ready within the bound, says where everything is, and stops at once when idle', async () => {
    const service = await startService();
    undo.push(() => service.dispose());
    console.log(`ready after ${Math.round(service.readyMs)} ms`);
    expect(service.readyMs).toBeLessThan(START_WITHIN);
    const lines = service.output.trim().split('\n');
    expect(lines.at(-1)).toContain('已就绪 ready');
    for (const address of [service.baseUrl, service.mqttUrl, service.dataDir]) expect(service.output).toContain(address);
    const took = await service.stop();
    console.log(`stopped after ${Math.round(took)} ms`);
    expect(took).toBeLessThan(5 * SECOND);
  });

  test('a start with a month of readings behind it is as quick', async () => {
    const service = await startService();
    undo.push(() => service.dispose());
    const device = await Device.connect(service.mqttUrl);
    const from = Date.now() - 30 * 24 * HOUR;
    const hours = Array.from({ length: 30 * 24 }, (_, i) => ({
      time: from + i * HOUR,
      values: { temp: 18, ph: 7.2, do: 8, cond: 300, turb: 3 },
    }));
    await Promise.all(['nankeng-in', 'nankeng-mid', 'nankeng-out'].map((station) => device.publish(station, hours)));
    await device.end();
    await service.kill9();
    await service.start();
    console.log(`ready after ${Math.round(service.readyMs)} ms with ${3 * 5 * hours.length} values`);
    expect(service.readyMs).toBeLessThan(START_WITHIN);
    await eventually('nothing is pending', async () => (await counted(service)).service.pending === 0);
  });

  test('a first start that fails has shown the admin password, and what it made is for its owner alone', async () => {
    const folder = await temporaryFolder('first-start');
    undo.push(() => folder.remove());
    const data = join(folder.path, 'data');
    const taken = String(await takenPort());
    const ended = await runToItsEnd({ HEQING_DATA: data, HEQING_ADMIN_PASSWORD: '', HTTP_PORT: taken });
    expectRefusal(ended);
    expect(ended.output).toMatch(/初始密码 password: [a-z2-9-]{20,}/);
    const made = [data, ...(await readdir(data)).map((name) => join(data, name))];
    expect(made).toContain(join(data, 'heqing.db'));
    for (const path of made) expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  });

  test('an admin password is made and printed once when none is given', async () => {
    const service = await startService({ env: { HEQING_ADMIN_PASSWORD: '', PUBLIC_URL: 'https://heqing.example.org' } });
    undo.push(() => service.dispose());
    // Where it listens is told beside where people find it.
    expect(service.output).toContain(`https://heqing.example.org(listening on ${service.baseUrl})`);
    const printed = /password: (\S+?)[((]/.exec(service.output)?.[1] ?? '';
    expect(printed.length).toBeGreaterThanOrEqual(12);
    const login = await fetch(`${service.baseUrl}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: printed }),
    });
    expect(login.status).toBe(200);
    await service.restart();
    expect(service.output.split(printed)).toHaveLength(2);
  });

  /** Publishes without pause, stops the service in mid-stream, and looks at what was acknowledged. */
  const stopInMidStream = async (env: Record<string, string>): Promise<void> => {
    const service = await startService({ env });
    undo.push(() => service.dispose());
    const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', Math.floor(Date.now() / SECOND) * SECOND - 20 * HOUR);
    undo.push(() => stream.end());
    stream.start();
    await eventually('a stream under way', () => stream.acknowledged.size > 1000, 10 * SECOND);
    const took = await service.stop();
    expect(took).toBeLessThan(10 * SECOND);
    stream.pause();
    const acknowledged = new Set(stream.acknowledged);
    // Whoever copies the one file of a stopped service has everything.
    expect((await stat(join(service.dataDir, 'heqing.db-wal')).catch(() => ({ size: 0 }))).size).toBe(0);
    await service.start();
    const look = async () =>
      (await series(service, 'nankeng-in', 'cond', { from: stream.time(0), to: stream.time(stream.sent) })).rows;
    const rows = await eventually(
      'every acknowledged message',
      async () => {
        const found = await look();
        const values = new Set(found.map(({ value }) => value));
        return [...acknowledged].every((n) => values.has(n)) && found;
      },
      10 * SECOND,
    );
    for (const { time, value } of rows) expect(time).toBe(stream.time(value));
  };

  test('SIGTERM in mid-stream: exit 0, and every acknowledged message is kept', () => stopInMidStream({}));

  describeWith(['mosquitto'], 'with Mosquitto', () => {
    test('SIGTERM in mid-stream: exit 0, and every acknowledged message is kept', async () => {
      const mosquitto = await startMosquitto();
      undo.push(() => mosquitto.dispose());
      await stopInMidStream({ MQTT_URL: mosquitto.url });
    });
  });

  test('SIGTERM while pages are open: their live streams end, exit 0', async () => {
    const service = await startService();
    undo.push(() => service.dispose());
    const open = await Promise.all([1, 2, 3].map(() => service.request('/api/v1/live')));
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await service.stop()).toBeLessThan(5 * SECOND);
    await Promise.all(open.map((response) => response.text().catch(() => '')));
  });

  test('SIGTERM while InfluxDB and SMTP take connections and never answer: exit 0 within 10 s, all of it still waits', async () => {
    const [influx, smtp] = [await takenPort(() => undefined), await takenPort(() => undefined)];
    const service = await startService({
      env: {
        INFLUX_URL: `http://127.0.0.1:${influx}/heqing`,
        SMTP_URL: `smtp://127.0.0.1:${smtp}`,
        MAIL_FROM: 'heqing@example.org',
      },
    });
    undo.push(() => service.dispose());
    const device = await Device.connect(service.mqttUrl);
    await device.publish('nankeng-out', { time: beijing(Date.now() - MINUTE), values: { nh3n: 1.37 } });
    await device.end();
    await eventually('the value waits', async () => (await counted(service)).service.pending === 1);
    expect(await service.stop()).toBeLessThan(10 * SECOND);
    await service.start();
    expect((await counted(service)).service).toMatchObject({ received: 1, pending: 1 });
  });
});
