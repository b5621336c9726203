/** Too much waits, or the data folder has a service already: does the whole service say so and lose nothing? */
import { afterEach, expect, test } from '@jest/globals';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Device } from '../support/device.js';
import { eventually, pause } from '../support/eventually.js';
import { startInfluxd } from '../support/influxd.js';
import { startMosquitto } from '../support/mosquitto.js';
import { describeWith } from '../support/real-server.js';
import { PROJECT, runToItsEnd, startService } from '../support/service.js';
import type { RunningService } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Health {
  readonly status: string;
  readonly parts: readonly { readonly name: string; readonly state: string; readonly detail: string }[];
}

async function health(service: RunningService): Promise<{ code: number; intake: Health['parts'][number] | undefined }> {
  const response = await service.request('/health/ready');
  const { parts } = (await response.json()) as Health;
  return { code: response.status, intake: parts.find(({ name }) => name === 'intake') };
}

const pausedOnPage = async (service: RunningService): Promise<{ reason: string; since: string } | null> =>
  (await service.api<{ paused: { reason: string; since: string } | null }>('/api/v1/site')).paused;

/** The shipped config, in which at most a thousand values may wait. */
async function tightConfig(): Promise<string> {
  const folder = await temporaryFolder('config');
  undo.push(() => folder.remove());
  await cp(join(PROJECT, 'config'), folder.path, { recursive: true });
  const file = join(folder.path, 'settings.yaml');
  const text = await readFile(file, 'utf8');
  const tight = text.replace(/logLimitValues: \d+/, 'logLimitValues: 1000');
  expect(tight).not.toBe(text);
  await writeFile(file, tight);
  return folder.path;
}

const COUNT = 1200;
const from = Date.now() - 3_600_000;
const message = (n: number): { time: number; values: { cond: number } } => ({ time: from + n * 1000, values: { cond: n } });

describeWith(['influxd', 'mosquitto'], 'the archive is away and the log passes its limit', () => {
  test.each(['embedded', 'outside'] as const)(
    '%s broker: nothing more is acknowledged, health and page say why, all is there once the archive is back',
    async (kind) => {
      const influxd = await startInfluxd();
      undo.push(() => influxd.dispose());
      const mosquitto = kind === 'outside' ? await startMosquitto() : null;
      if (mosquitto) undo.push(() => mosquitto.dispose());
      const env = { INFLUX_URL: influxd.url, HEQING_CONFIG: await tightConfig() };
      const service = await startService({ env: mosquitto ? { ...env, MQTT_URL: mosquitto.url } : env });
      undo.push(() => service.dispose());
      const device = await Device.connect(service.mqttUrl);
      undo.push(() => device.end());
      expect(await pausedOnPage(service)).toBeNull();
      await influxd.stop();

      const messages = Array.from({ length: COUNT }, (_, n) => message(n));
      await device.publish('nankeng-in', messages.slice(0, 1001));
      const paused = await eventually('paused', () => pausedOnPage(service));
      expect(paused.reason).toContain('1001 条,上限');
      expect(await health(service)).toEqual({ code: 503, intake: { name: 'intake', state: 'down', detail: paused.reason } });
      let taken = false;
      const rest = device.publish('nankeng-in', messages.slice(1001)).then(
        () => (taken = true),
        () => (taken = false),
      );
      await pause(1500);
      // Mosquitto acknowledges for itself, and keeps it for us.
      expect(taken).toBe(kind === 'outside');
      expect(await pausedOnPage(service)).toMatchObject({ since: paused.since });
      const metrics = await (await service.request('/metrics')).text();
      expect(metrics).toContain('heqing_log_pending{consumer="archive"} 1001');

      await influxd.start();
      await eventually('taking again', async () => (await health(service)).code === 200, 15_000);
      expect(await pausedOnPage(service)).toBeNull();
      // A client that gives up what was in flight when it was cut off has to say it again, as every device does.
      await rest;
      if (!taken) await device.publish('nankeng-in', messages.slice(1001));
      const count = async (): Promise<number> => {
        const q = `SELECT count(value) AS n FROM reading WHERE station = 'nankeng-in' AND parameter = 'cond'`;
        const { results } = (await influxd.query(q)) as { results: { series?: { values: [number, number][] }[] }[] };
        return results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
      };
      await eventually('all of it in the archive', async () => (await count()) === COUNT, 15_000);
      expect(service.output).toContain('暂停接收测值');
      expect(service.output).toContain('恢复接收测值');
    },
    90_000,
  );
});

test('a second service on the same data folder is refused in words; after a kill -9 the next one starts', async () => {
  const service = await startService();
  undo.push(() => service.dispose());
  const second = await runToItsEnd({ HEQING_DATA: service.dataDir, HTTP_PORT: '0', MQTT_PORT: '0' });
  expect(second.code).toBe(1);
  expect(second.output).toMatch(/正被另一个河清服务使用\(pid \d+\).*stop that one/);
  expect(second.output).not.toContain('    at ');
  expect((await health(service)).code).toBe(200);
  await service.kill9();
  await service.start();
  expect((await health(service)).code).toBe(200);
}, 60_000);
