/** Are bulletins made, listed and taken away over HTTP, by whom they may be? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bulletinAnswer, bulletinsAnswer } from '../../../src/adapters/http/contract/bulletins.js';
import { entriesOf } from '../../../src/adapters/bulletin/same-zip.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

let http: Running;
let officer: string;

beforeAll(async () => {
  http = await startHttp();
  await http.accounts.add('desk', PASSWORD, 'officer');
  officer = http.accounts.addToken('desk', 'desk');
});
afterAll(() => http.stop());

const ask = (path: string, init: RequestInit = {}, token = officer): Promise<Response> =>
  fetch(`${http.url}/api/v1/bulletins${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
const make = (body: unknown): Promise<Response> => ask('', { method: 'POST', body: JSON.stringify(body) });

test('made of a day that is over, listed, read and taken away; asked for again it is the same one', async () => {
  const response = await make({ kind: 'day', period: '2026-11-22' });
  expect(response.status).toBe(200);
  const made = bulletinAnswer.strict().parse(await response.json());
  expect(made).toMatchObject({
    kind: 'day',
    issue: 1,
    by: 'desk',
    state: 'draft',
    scheduled: false,
    mails: [],
    templateTrouble: null,
  });
  expect(made.bulletin.headline).toBe('数据获取率 97.2 %(实到 280 ÷ 应到 288),缺测 1 段');
  expect(((await (await make({ kind: 'day', period: '2026-11-22' })).json()) as { id: string }).id).toBe(made.id);

  const list = bulletinsAnswer.strict().parse(await (await ask('?kind=day')).json());
  expect(list.bulletins.map(({ id }) => id)).toEqual([made.id]);
  expect(list.kinds.map(({ kind, templateTrouble }) => [kind, templateTrouble])).toEqual([
    ['day', null],
    ['week', null],
    ['river-month', null],
    ['drinking-month', null],
  ]);

  const docx = await ask(`/${made.id}/docx`);
  expect(docx.headers.get('content-disposition')).toContain(encodeURIComponent('数据到报日报-2026-11-22(未审核草稿).docx'));
  const bytes = new Uint8Array(await docx.arrayBuffer());
  expect(bytes).toHaveLength(made.files.docx.bytes);
  expect(new TextDecoder().decode(entriesOf(bytes).get('word/document.xml'))).toContain('长潭村末梢水');
  const xlsx = new Uint8Array(await (await ask(`/${made.id}/xlsx`)).arrayBuffer());
  expect([...entriesOf(xlsx).keys()]).toContain('xl/workbook.xml');
});

test.each([
  [{ kind: 'day', period: '2026-11-23' }, 400, '还没有结束'],
  [{ kind: 'day', period: '2026-02-30' }, 400, '2026-11-22'],
  [{ kind: 'week', period: '2026-W54' }, 400, '2026-W47'],
  [{ kind: 'river-month', period: '2026-13' }, 400, '2026-10'],
  [{ kind: 'year', period: '2026' }, 400, ''],
])('%j is refused: %i %s', async (body, status, words) => {
  const response = await make(body);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(words);
});

test('what is not there is not found; a picture has a number', async () => {
  for (const path of ['/99', '/99/docx', '/x', '/99/pictures/1']) expect((await ask(path)).status).toBe(404);
  expect((await ask('/1/pictures/x')).status).toBe(400);
});
