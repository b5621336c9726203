/** Do refused payloads leave as files that spreadsheets and programs read, and who may have them taken again? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as contract from '../../../src/adapters/http/contract/contract.js';
import { type Running, startHttp } from './start-http.js';

let running: Running;
beforeAll(async () => {
  running = await startHttp();
});
afterAll(() => running.stop());

const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${running.url}/api/v1/rejections${path}`, {
    ...init,
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
  });

describe('export', () => {
  test('CSV: for a spreadsheet, quoted, no cell a formula, bytes that are no text as base64', async () => {
    const response = await ask('/export');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="heqing-rejections.csv"');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('utf8').split('\r\n')).toEqual([
      '\uFEFFtime,topic,station,reason,values,detail,payload,payload_base64',
      '2026-11-23T08:00:05+08:00,heqing/x/readings,,not-json,1,"a ""b"", c","\'=HYPERLINK(""x"")\n{",',
      '2026-11-23T08:00:05+08:00,heqing/x/readings,,not-json,1,,,e/8A',
      '',
    ]);
  });

  test('JSON lines: every byte as it came', async () => {
    const response = await ask('/export?format=jsonl&reason=not-json&since=2026-11-22');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { reason: 'not-json', station: null, values: 1, detail: 'a "b", c', payload: '=HYPERLINK("x")\n{', payload_base64: null },
      { payload: null, payload_base64: 'e/8A' },
    ]);
    expect(running.reports.asked.at(-1)).toEqual({ reason: 'not-json', since: '2026-11-22' });
  });
});

describe('replay', () => {
  test('an administrator has them taken again', async () => {
    const response = await ask('/replay', { method: 'POST', body: JSON.stringify({ reason: 'unknown-station' }) });
    expect(response.status).toBe(200);
    expect(contract.replayAnswer.strict().parse(await response.json())).toMatchObject({ messages: 3, taken: 1 });
    expect(running.reports.asked.at(-1)).toEqual({ reason: 'unknown-station' });
  });

  test('an unknown reason is named', async () => {
    const response = await ask('/replay', { method: 'POST', body: JSON.stringify({ reason: 'mood' }) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'reason' }] });
  });

  test('an officer may look and not replay', async () => {
    await running.accounts.add('officer', 'long enough password');
    const headers = {
      authorization: `Bearer ${running.accounts.addToken('looks', 'officer')}`,
      'content-type': 'application/json',
    };
    expect((await fetch(`${running.url}/api/v1/rejections/export`, { headers })).status).toBe(200);
    const response = await fetch(`${running.url}/api/v1/rejections/replay`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ type: 'urn:heqing:problem:not-allowed' });
  });
});
