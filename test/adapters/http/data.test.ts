/** Does a file reach the import as its bytes, with a name to it, and nothing that is too large or from nobody? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as contract from '../../../src/adapters/http/contract/data.js';
import { type Running, startHttp } from './start-http.js';

let running: Running;
beforeAll(async () => {
  running = await startHttp();
});
afterAll(() => running.stop());

const post = (query: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${running.url}/api/v1/import/file${query}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'text/csv', ...headers },
  });

describe('a file', () => {
  test('arrives as its bytes, with what was said of it and by whom', async () => {
    const response = await post('?station=changtan-tap&dryRun=1&file=%E5%8C%96%E9%AA%8C.csv', '站点,项目\n', {
      'content-type': 'text/csv; charset=utf-8',
    });
    expect(response.status).toBe(200);
    contract.importFileAnswer.strict().parse(await response.json());
    expect(running.dataDesk.files.at(-1)).toMatchObject({
      text: '站点,项目\n',
      query: { station: 'changtan-tap', source: 'lab', file: '化验.csv', dryRun: '1', from: 0 },
      by: expect.any(String),
    });
  });

  test('over 5 MiB is refused before it is looked at, and so is a body of another kind', async () => {
    const known = running.dataDesk.files.length;
    const large = await post('', Buffer.alloc(contract.MOST_FILE_BYTES + 1, 0x2c)).catch(() => null);
    // The line may be cut while the rest is still on its way.
    if (large !== null) expect(large.status).toBe(413);
    expect((await post('', '{}', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await post('?source=guess', 'a')).status).toBe(400);
    expect((await post('?dryrun=1', 'a')).status).toBe(400);
    expect(running.dataDesk.files).toHaveLength(known);
  });

  test('from nobody is not read', async () => {
    const known = running.dataDesk.files.length;
    const response = await fetch(`${running.url}/api/v1/import/file`, { method: 'POST', body: 'a' });
    expect(response.status).toBe(401);
    expect(running.dataDesk.files).toHaveLength(known);
  });
});

test.each([
  ['/limits', contract.limitsAnswer],
  ['/backlog', contract.backlogAnswer],
] as const)('%s answers as the contract says', async (path, schema) => {
  const response = await fetch(`${running.url}/api/v1${path}`, { headers: { authorization: `Bearer ${running.token}` } });
  expect(response.status).toBe(200);
  schema.strict().parse(await response.json());
});

test('rejections of one reason and station are asked for as such; an unknown reason is named', async () => {
  const ask = (query: string): Promise<Response> =>
    fetch(`${running.url}/api/v1/rejections?${query}`, { headers: { authorization: `Bearer ${running.token}` } });
  expect((await ask('reason=not-json&station=nankeng-out')).status).toBe(200);
  expect(running.reports.asked.at(-1)).toEqual({ limit: 100, reason: 'not-json', station: 'nankeng-out' });
  expect(await (await ask('reason=mood')).json()).toMatchObject({ errors: [{ field: 'reason' }] });
});
