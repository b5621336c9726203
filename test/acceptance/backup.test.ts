/** Does a backup made under ingest come back as the same town: rates, alerts, accounts? And does a killed one count for nothing? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertsAnswer, StationsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { BackupAnswer } from '../../src/adapters/http/contract/backup.js';
import { Device, Stream } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { beijing, DAY, HOUR } from './ask.js';

jest.setTimeout(180_000);

/** On a machine that does much else. */
const PATIENT = 60_000;

const PROGRAM = join(PROJECT, 'dist', 'heqing.js');

let folder: TemporaryFolder;
let service: RunningService;
let config: string;
beforeAll(async () => {
  folder = await temporaryFolder('backup');
  config = join(folder.path, 'config');
  cpSync(join(PROJECT, 'config'), config, { recursive: true });
  service = await startService({ env: { HEQING_CONFIG: config } });
});
afterAll(async () => {
  await service.dispose();
  await folder.remove();
});

const environment = (dataDir = service.dataDir) => ({
  ...{ PATH: process.env.PATH ?? '', HEQING_CONFIG: config, HEQING_DATA: dataDir },
  HTTP_PORT: new URL(service.baseUrl).port,
});

const heqing = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: environment(), cwd: folder.path }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
    );
  });

/** What the office reads, as it came over the line, without the moment at which it was asked. */
async function figures(of: RunningService): Promise<string[]> {
  const year = beijing(Date.now()).slice(0, 4);
  const paths = [`compliance/river?period=${year}&window=day`, `compliance/river?period=${year}`];
  const texts = await Promise.all(paths.map(async (path) => (await of.request(`/api/v1/${path}`)).text()));
  // Pages of text: a sum of each tells as much as a test needs.
  return texts.map(
    (text, i) =>
      `${paths[i]!} ${createHash('sha256')
        .update(text.replace(/"asOf":"[^"]*"/g, ''))
        .digest('hex')}`,
  );
}

/** Nothing waits and nothing changes any more. */
async function settled(of: RunningService): Promise<string[]> {
  let before = '';
  return eventually(
    'the figures',
    async () => {
      const now = await figures(of);
      const backlog = await of.api<{ log: { waiting: number }[]; windows: { waiting: number } }>('/api/v1/backlog');
      expect(backlog.log.reduce((sum, { waiting }) => sum + waiting, backlog.windows.waiting)).toBe(0);
      const was = before;
      before = now.join('\n');
      expect(before).toBe(was);
      return now;
    },
    PATIENT,
  );
}

/** The same values, each a little up and down. */
const moving = (i: number, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number((value * (1 + (i % 5) / 100)).toFixed(4))]));

test('a running town is backed up under ingest; restored into an empty folder it is the same town', async () => {
  const device = await Device.connect(service.mqttUrl);
  const today = Math.floor(Date.now() / HOUR) * HOUR;
  for (const station of ['nankeng-out', 'nankeng-mid', 'nankeng-in']) {
    // A month of four-hourly values; on every tenth day the ammonia is over its limit.
    const messages = Array.from({ length: 30 * 6 }, (_, i) => ({
      time: beijing(today - 30 * DAY + i * 4 * HOUR),
      // A probe that never moves would be an alert of its own, whenever it is found out.
      values: moving(i, { temp: 18, ph: 7.2, do: 8.1, codmn: 3.1, nh3n: Math.floor(i / 6) % 10 === 0 ? 1.37 : 0.42, tp: 0.08 }),
    }));
    await device.publish(station, messages);
  }
  await device.publish('nankeng-out', { time: Date.now(), values: { nh3n: 2.4 } });
  await device.end();
  await eventually(
    'an alert',
    async () => (await service.api<AlertsAnswer>('/api/v1/alerts?state=all')).alerts.length > 0,
    PATIENT,
  );
  await service.request('/api/v1/accounts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'officer-1', role: 'officer' }),
  });

  const stream = new Stream(service.mqttUrl, 'nankeng-in', 'cond', Date.now() - DAY);
  stream.start();
  await eventually('a stream', () => stream.acknowledged.size > 100, PATIENT);
  const before = stream.acknowledged.size;
  const { alerts } = await service.api<AlertsAnswer>('/api/v1/alerts?state=all');
  const made = await heqing('backup');
  const during = stream.acknowledged.size - before;
  await stream.finish(PATIENT);
  await stream.end();
  expect(made).toMatchObject({ code: 0 });
  expect(made.output).toMatch(/已备份并验证.*账号 accounts 2,.*同一块盘/s);
  // Intake went on meanwhile.
  expect(during).toBeGreaterThan(100);
  const view = await service.api<BackupAnswer>('/api/v1/backup');
  expect(view).toMatchObject({ state: 'good', sameDisk: true, attempts: [{ why: null }] });
  const metrics = await (await service.request('/metrics')).text();
  expect(metrics).toMatch(/^heqing_backup_age_seconds \d/m);

  const wanted = await settled(service);
  const file = join(service.dataDir, 'backups', view.lastGood!.file!);
  const refused = await heqing('restore', file, '--replace');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.output).toMatch(/正被另一个河清服务使用/);

  const empty = join(folder.path, 'another');
  const restored = await heqing('restore', file, '--into', empty);
  expect(restored.output).toMatch(/已恢复并验证/);
  expect(restored.code).toBe(0);
  const twin = await startService({ env: { HEQING_DATA: empty, HEQING_CONFIG: join(empty, 'config') } });
  try {
    expect(await settled(twin)).toEqual(wanted);
    // Of those that were open then: the twin may open others by itself.
    const found = (await twin.api<AlertsAnswer>('/api/v1/alerts?state=all')).alerts;
    expect(alerts.length).toBeGreaterThan(0);
    expect(found.filter(({ id }) => alerts.some((one) => one.id === id))).toEqual(alerts);
    const accounts = await twin.api<{ accounts: { username: string }[] }>('/api/v1/accounts');
    expect(accounts.accounts.map(({ username }) => username).sort()).toEqual(['admin', 'officer-1']);
    const newest = (await twin.api<StationsAnswer>('/api/v1/stations')).stations.find(({ id }) => id === 'nankeng-out');
    expect(newest?.latest.find(({ parameter }) => parameter === 'nh3n')?.value).toBe(2.4);
    const answer = await heqing('restore', file, '--into', empty);
    expect(answer.output).toMatch(/正被另一个河清服务使用/);
  } finally {
    await twin.dispose();
  }
});

test('kill -9 while one is being made: no file that counts, and the next one tidies up and is made', async () => {
  const to = join(folder.path, 'killed');
  const child = spawn(process.execPath, [PROGRAM, 'backup', '--to', to], { env: environment(), cwd: folder.path });
  const gone = new Promise((resolve) => child.once('close', resolve));
  while (!existsSync(to) || !readdirSync(to).some((name) => name.startsWith('.heqing-half-')))
    await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGKILL');
  await gone;
  expect(readdirSync(to).filter((name) => !name.startsWith('.'))).toEqual([]);
  expect(await heqing('backup', '--to', to)).toMatchObject({ code: 0 });
  expect(readdirSync(to)).toEqual([expect.stringMatching(/^heqing-\d{8}T\d{6}Z\.tar\.gz$/)]);
  const [newest] = (await service.api<BackupAnswer>('/api/v1/backup')).attempts;
  expect(newest).toMatchObject({ why: null, file: readdirSync(to)[0], elsewhere: to });
  // A folder that is none is told in words, not as the system says it.
  const wrong = await heqing('backup', '--to', join(to, readdirSync(to)[0]!, 'below'));
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.output).toMatch(/不能使用 .*路径中有一段是文件,不是文件夹/);
});

test('an operator asks for one over HTTP: made in a process of its own, noted in the audit trail', async () => {
  const before = (await service.api<BackupAnswer>('/api/v1/backup')).attempts.length;
  const asked = await service.request('/api/v1/backup', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(asked.status).toBe(200);
  const { attempts } = await eventually(
    'a backup',
    async () => {
      const view = await service.api<BackupAnswer>('/api/v1/backup');
      return view.isRunning ? null : view;
    },
    PATIENT,
  );
  expect(attempts.map(({ why }) => why)).toEqual(Array<null>(before + 1).fill(null));
  const { entries } = await service.api<{ entries: { action: string; who: string }[] }>('/api/v1/audit?action=backup-asked');
  expect(entries).toMatchObject([{ action: 'backup-asked', who: 'admin' }]);
});
