/** Do laboratory results and old data come in from a file as an operator brings them, once, and are they judged? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadingsAnswer, ReceiptsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

jest.setTimeout(120_000);

let folder: TemporaryFolder;
let service: RunningService;
beforeAll(async () => {
  folder = await temporaryFolder('import');
  service = await startService();
});
afterAll(async () => {
  await service.dispose();
  await folder.remove();
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `heqing import`; `interruptAt`: SIGINT once the output holds this. */
const importFile = (args: readonly string[], interruptAt: string | null = null): Promise<Ended> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH ?? '',
      HEQING_CONFIG: join(PROJECT, 'config'),
      HEQING_DATA: service.dataDir,
      HTTP_PORT: new URL(service.baseUrl).port,
    };
    const child = spawn(process.execPath, [join(PROJECT, 'dist', 'heqing.js'), 'import', ...args], {
      env,
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (interruptAt === null || !output.includes(interruptAt)) return;
      interruptAt = null;
      child.kill('SIGINT');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (code) => resolve({ code, output }));
  });

const fixture = (name: string): string => join(PROJECT, 'test', 'fixtures', 'import', name);
const receipt = async (station: string) =>
  (await service.api<ReceiptsAnswer>('/api/v1/receipts')).stations.find((s) => s.station === station)!;
const settled = (station: string, counts: object): Promise<unknown> =>
  eventually('the receipts', async () => {
    expect(await receipt(station)).toMatchObject({ ...counts, pending: 0 });
    return true;
  });

test('a laboratory file: shown, imported once, judged as samples over all tested items', async () => {
  const shown = await importFile([fixture('long-gbk.csv'), '--dry-run']);
  expect(shown.output).toContain('长潭村水厂出厂水 氨氮:1 个,2026-11-03T00:00:00+08:00,未检出 non-detects 1,新 new 1');
  expect(shown.output).toContain('不能导入 refused:第 13 行 line 13:配置里没有项目“总铬”');
  expect(shown.code).toBe(2);
  expect(await receipt('changtan-plant')).toMatchObject({ received: 0 });

  // There is no terminal to ask on.
  const first = await importFile([fixture('long-gbk.csv')]);
  expect(first.output).toContain('已导入 imported 9 / 9 个值 values');
  expect(first.code).toBe(2);
  await settled('changtan-plant', { received: 6, stored: 6 });
  await settled('changtan-tap', { received: 3, stored: 3 });

  const again = await importFile([fixture('long-gbk.csv'), '--yes']);
  expect(again.output).toContain('已存在 held already 1');
  expect(again.output).toContain('都已存在');
  await settled('changtan-plant', { received: 6, stored: 6, duplicate: 0 });

  const { windows, rate } = await eventually('the samples', async () => {
    const found = await service.api<ComplianceAnswer>('/api/v1/compliance/drinking-water?period=2026');
    expect(found.windows).toHaveLength(2);
    return found;
  });
  const verdicts = Object.fromEntries(windows.map((window) => [window.station, window]));
  expect(verdicts['changtan-plant']).toMatchObject({ verdict: 'met', start: '2026-11-03T00:00:00+08:00' });
  expect(verdicts['changtan-tap']).toMatchObject({ verdict: 'exceeded' });
  expect(verdicts['changtan-plant']?.findings.find((f) => f.parameter === 'coliform')).toMatchObject({ value: 0, limit: 0 });
  expect(rate).toBe(50);

  const { readings } = await service.api<ReadingsAnswer>(
    '/api/v1/stations/changtan-plant/readings?parameter=nh3n&from=2026-11-03T00:00:00%2B08:00&to=2026-11-04T00:00:00%2B08:00',
  );
  expect(readings).toMatchObject([{ value: 0.01, mark: 'S', source: 'lab' }]);
});

test('another value for the same sample is shown as a correction and becomes one', async () => {
  const file = join(folder.path, 'corrected.csv');
  writeFileSync(file, '站点,采样日期,项目,结果\nchangtan-tap,2026-11-03,浑浊度,0.95\n');
  const done = await importFile([file, '--yes']);
  expect(done.output).toContain('与已存的不同,将更正 corrections 1');
  expect(done.code).toBe(0);
  await settled('changtan-tap', { received: 4, stored: 3, corrected: 1 });
  await eventually('the verdict', async () => {
    const { windows } = await service.api<ComplianceAnswer>('/api/v1/compliance/drinking-water?period=2026');
    expect(windows.find(({ station }) => station === 'changtan-tap')).toMatchObject({ verdict: 'exceeded' });
    expect(
      windows.find(({ station }) => station === 'changtan-tap')?.findings.filter((f) => f.outcome === 'exceeded'),
    ).toMatchObject([{ parameter: 'cl2' }]);
    return true;
  });
});

test('a long history that is interrupted goes on when the command is run again; no value twice', async () => {
  const file = join(folder.path, 'history.csv');
  const from = Date.parse('2026-01-01T00:00:00Z');
  const lines = Array.from(
    { length: 8_000 },
    (_, i) => `nankeng-out,${new Date(from + i * 300_000).toISOString()},nh3n,${0.3 + (i % 7) / 100}`,
  );
  writeFileSync(file, `station,time,parameter,value\n${lines.join('\n')}\n`);
  const cut = await importFile([file, '--source', 'sensor', '--yes'], '% ·');
  expect(cut.code).toBe(130);
  expect(cut.output).toContain('已中断');
  const rest = await importFile([file, '--source', 'sensor', '--yes']);
  expect(rest.code).toBe(0);
  const { steps } = await eventually('the readings', async () => {
    const found = await service.api<{ readings: { total: number }[] }>(
      '/api/v1/stations/nankeng-out/readings?parameter=nh3n&from=2026-01-01T00:00:00%2B08:00&to=2026-12-01T00:00:00%2B08:00&step=30d',
    );
    const total = found.readings.reduce((n, step) => n + step.total, 0);
    expect(total).toBe(8_000);
    return { steps: total };
  });
  expect(steps).toBe(8_000);
  // It is no sign of life of the device.
  const { stations } = await service.api<{ stations: { id: string; state: string }[] }>('/api/v1/stations');
  expect(stations.find(({ id }) => id === 'nankeng-out')).toMatchObject({ state: 'offline' });
});

test('what cannot be imported ends with 1 and words', async () => {
  const missing = await importFile([join(folder.path, 'nothing.csv')]);
  expect(missing).toMatchObject({ code: 1, output: expect.stringContaining('不能读取') });
  expect(missing.output).not.toContain('    at ');
  const file = join(folder.path, 'empty.csv');
  writeFileSync(file, 'a,b\n1,2\n');
  expect(await importFile([file])).toMatchObject({ code: 1, output: expect.stringContaining('没有找到表头') });
  expect(await importFile([fixture('long-gbk.csv'), '--station', 'nowhere'])).toMatchObject({ code: 1 });
  expect(await importFile([fixture('long-gbk.csv'), '--source', 'guess'])).toMatchObject({ code: 1 });
});

test('without the service: a dry run says that it compared nothing, an import that it must be started', async () => {
  await service.stop();
  const shown = await importFile([fixture('wide-utf8-bom.csv'), '--dry-run']);
  expect(shown).toMatchObject({ code: 0, output: expect.stringContaining('服务没有运行') });
  expect(await importFile([fixture('wide-utf8-bom.csv'), '--yes'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('请先启动'),
  });
});
