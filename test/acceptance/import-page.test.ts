/** Does a laboratory's file come in through the service as a page sends it: looked at, taken once, refused lines named, judged? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReceiptsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import { backlogAnswer, type ImportFileAnswer, importFileAnswer, limitsAnswer } from '../../src/adapters/http/contract/data.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';

jest.setTimeout(120_000);

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.dispose());

const SAMPLES = readFileSync(join(PROJECT, 'test', 'fixtures', 'import', 'long-gbk.csv'));

const post = (query: string, bytes: Uint8Array): Promise<Response> =>
  service.request(`/api/v1/import/file?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: new Uint8Array(bytes),
  });
const sent = async (query: string): Promise<ImportFileAnswer> => {
  const response = await post(query, SAMPLES);
  expect(response.status).toBe(200);
  return importFileAnswer.strict().parse(await response.json());
};
const received = async (station: string): Promise<number | undefined> =>
  (await service.api<ReceiptsAnswer>('/api/v1/receipts')).stations.find((one) => one.station === station)?.received;

test('a look changes nothing and names the refused line; the import stores each value once and the samples are judged', async () => {
  const plan = await sent('dryRun=1&file=long-gbk.csv');
  expect(plan).toMatchObject({ total: 9, taken: 0, next: null, standings: { new: 9, duplicate: 0 } });
  expect(plan.refused).toMatchObject([{ line: 13, why: expect.stringContaining('配置里没有项目“总铬”') }]);
  expect(plan.first[0]).toMatchObject({ stationName: expect.any(String), standing: 'new' });
  expect(await received('changtan-plant')).toBe(0);

  expect(await sent('file=long-gbk.csv')).toMatchObject({ taken: 9, done: 9, next: null });
  await eventually('the receipts', async () => {
    const { stations } = await service.api<ReceiptsAnswer>('/api/v1/receipts');
    expect(stations.find(({ station }) => station === 'changtan-plant')).toMatchObject({ received: 6, stored: 6, pending: 0 });
    return true;
  });
  expect(await sent('file=long-gbk.csv')).toMatchObject({ taken: 0, standings: { new: 0, duplicate: 9 } });
  expect(await received('changtan-plant')).toBe(6);

  await eventually('the samples', async () => {
    const { windows } = await service.api<ComplianceAnswer>('/api/v1/compliance/drinking-water?period=2026');
    expect(windows.map(({ station, verdict }) => [station, verdict]).sort()).toEqual([
      ['changtan-plant', 'met'],
      ['changtan-tap', 'exceeded'],
    ]);
    return true;
  });
  const { entries } = await service.api<{ entries: { action: string; who: string; what: string }[] }>('/api/v1/audit?limit=50');
  expect(entries.find(({ action }) => action === 'values-imported')).toMatchObject({ who: 'admin', what: 'import/long-gbk.csv' });
});

test('what is no table is refused in words, and so is a station that is not there', async () => {
  const broken = await post('dryRun=1', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ detail: expect.stringContaining('.xlsx') });
  expect((await post('station=nowhere', SAMPLES)).status).toBe(400);
});

test('limits that wait name their place in the config, and what waits in the log comes to nothing', async () => {
  const limits = limitsAnswer.strict().parse(await service.api('/api/v1/limits'));
  expect(limits.unconfirmed.length).toBeGreaterThan(0);
  for (const { file, path } of limits.unconfirmed) {
    expect(file).toMatch(/^[\w/.-]+\.yaml$/);
    expect(path).toMatch(/^limits\[\d+\]$/);
  }
  await eventually('an empty log', async () => {
    const backlog = backlogAnswer.strict().parse(await service.api('/api/v1/backlog'));
    expect(backlog.log.map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0, 0]);
    expect(backlog.archive.trouble).toBeNull();
    return true;
  });
});
