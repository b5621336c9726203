/** Does an operator get refused data back with one command, while the service runs? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { ReceiptsAnswer, RejectionsAnswer, StationsAnswer } from '../../src/adapters/http/contract/contract.js';
import { SqliteAccountStore } from '../../src/adapters/sqlite/account-store.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

jest.setTimeout(120_000);

let folder: TemporaryFolder;
let service: RunningService;
let config: string;
beforeAll(async () => {
  folder = await temporaryFolder('replay');
  config = join(folder.path, 'config');
  cpSync(join(PROJECT, 'config'), config, { recursive: true });
  service = await startService({ env: { HEQING_CONFIG: config } });
});
afterAll(async () => {
  await service.dispose();
  await folder.remove();
});

const heqing = (...args: string[]): Promise<{ failed: boolean; output: string }> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH ?? '',
      HEQING_CONFIG: config,
      HEQING_DATA: service.dataDir,
      HTTP_PORT: new URL(service.baseUrl).port,
    };
    execFile(process.execPath, [join(PROJECT, 'dist', 'heqing.js'), ...args], { env, cwd: folder.path }, (error, out, err) =>
      resolve({ failed: error !== null, output: out + err }),
    );
  });

const receipt = async () =>
  (await service.api<ReceiptsAnswer>('/api/v1/receipts')).stations.find((s) => s.station === 'nankeng-out')!;
const settled = (counts: object): Promise<unknown> =>
  eventually('the receipts', async () => {
    expect(await receipt()).toMatchObject(counts);
    return true;
  });

test('publish under an unknown name, mend the config, restart, replay: all there, once', async () => {
  const device = await connectAsync(service.mqttUrl);
  const now = Date.now();
  for (let i = 0; i < 20; i++) {
    const payload = JSON.stringify({ seq: i, time: now - i * 60_000, values: { nh3n: 0.4, ammonia_probe: 0.3 + i / 100 } });
    await device.publishAsync('heqing/nankeng-out/readings', payload, { qos: 1 });
  }
  await device.publishAsync('heqing/nankeng-out/readings', '{', { qos: 1 });
  await device.endAsync();
  await settled({ received: 41, stored: 20, rejected: 21, pending: 0 });

  const file = join(config, 'parameters.yaml');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/^( *- \{ code: tp,.*aliases: \[)/m, '$1ammonia_probe, ');
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  await service.restart();

  const first = await heqing('replay', '--reason', 'unknown-parameter');
  expect(first.output).toContain('查看 looked at 20 条消息,重新接收 taken 20 条,共 20 个测值 values');
  expect(first.failed).toBe(false);
  await settled({ received: 41, stored: 40, rejected: 1, pending: 0 });
  expect((await service.api<RejectionsAnswer>('/api/v1/rejections')).rejections).toMatchObject([{ reason: 'not-json' }]);
  const stations = await service.api<StationsAnswer>('/api/v1/stations');
  expect(stations.stations.find((s) => s.id === 'nankeng-out')?.latest.find((l) => l.parameter === 'tp')).toMatchObject({
    value: 0.3,
  });

  const again = await heqing('replay', '--since', '2020-01-01');
  expect(again.output).toContain('重新接收 taken 0 条');
  expect(again.output).toContain('仍被拒收 still refused:not-json 1');
  expect(await receipt()).toMatchObject({ received: 41, stored: 40, rejected: 1 });

  expect(await heqing('replay', '--reason', 'mood')).toMatchObject({ failed: true, output: expect.stringContaining('reason') });
  await service.stop();
  expect(await heqing('replay')).toMatchObject({ failed: true, output: expect.stringContaining('请先启动') });
  // The token of each question is gone with it.
  const database = new Database(join(service.dataDir, 'heqing.db'));
  expect(new SqliteAccountStore(database).credentials().filter(({ kind }) => kind === 'token')).toEqual([]);
  database.close();
});
