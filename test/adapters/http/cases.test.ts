/** Can people follow up over HTTP what is wrong, each under their own name, from the first photo to the register? */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre';
import { casePhoto, casesAnswer, type CaseView, caseView } from '../../../src/adapters/http/contract/cases.js';
import { REGISTER_HEADINGS } from '../../../src/pipeline/deciding/case-view.js';
import { wupi } from '../../support/wupi.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

const JPEG = Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 1, 2, 3]);
const [, chief, other] = wupi.people;

let running: Running;
const tokens = { officer: '', checker: '' };
beforeAll(async () => {
  running = await startHttp();
  for (const name of ['officer', 'checker'] as const) {
    await running.accounts.add(name, PASSWORD);
    tokens[name] = running.accounts.addToken(name, name);
  }
});
afterAll(() => running.stop());

const bearer = (token: string): Record<string, string> => (token === '' ? {} : { authorization: `Bearer ${token}` });

async function ask(
  method: string,
  path: string,
  body?: object,
  token = tokens.officer,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...bearer(token) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function sendPhoto(
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  headers = bearer(tokens.officer),
): Promise<Response> {
  return fetch(`${running.url}/api/v1/cases/${id}/photos`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: bytes,
  });
}

const step = async (id: string, act: string, body: object, token = tokens.officer): Promise<CaseView> => {
  const answer = await ask('POST', `/cases/${id}/${act}`, body, token);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return caseView.strict().parse(answer.body);
};

test('from an alert to 销号, with a photo and a place', async () => {
  const opened = await ask('POST', '/cases', { alert: 'a1', to: chief!.id, until: '2026-11-25' });
  expect(opened.status).toBe(200);
  const { id, number } = caseView.strict().parse(opened.body);
  expect(number).toBe('2026-0001');
  const sent = await sendPhoto(number, JPEG, 'image/jpeg');
  expect([sent.status, casePhoto.strict().parse(await sent.json())]).toMatchObject([200, { n: 1, by: 'officer', size: 7 }]);
  const place = { kind: 'point', lat: 27.61, lon: 113.86, accuracyMetres: null };
  const verified = await step(id, 'verify', { finding: 'real', note: '排口有污水', photos: [1], place });
  expect(verified.history.at(-1)).toMatchObject({ by: 'officer', photos: [1], place, finding: 'real' });
  await step(id, 'mend', { note: '已封堵', place: { kind: 'text', text: '长潭桥下' } });
  const alone = await ask('POST', `/cases/${id}/check`, {});
  expect(alone).toMatchObject({ status: 400, body: { detail: expect.stringContaining('另一人') } });
  await step(id, 'extend', { until: '2026-11-27', note: '复查' });
  await step(id, 'hand-over', { to: other!.id, note: '转镇' });
  expect(await step(id, 'check', {}, tokens.checker)).toMatchObject({ state: 'checked' });
  const closed = await step(id, 'close', {});
  expect(closed).toMatchObject({ state: 'closed', number, to: other!.id, until: '2026-11-27T23:59:59+08:00', late: false });
  expect(closed.history.map(({ act, by }) => `${act} ${by}`)).toEqual([
    'open officer',
    'verify officer',
    'mend officer',
    'extend officer',
    'hand-over officer',
    'check checker',
    'close officer',
  ]);
  expect((await ask('GET', `/cases/${number}`)).body).toEqual(closed);

  const photo = await fetch(`${running.url}/api/v1/cases/${id}/photos/1`, { headers: bearer(tokens.checker) });
  expect([photo.headers.get('content-type'), photo.headers.get('x-content-type-options')]).toEqual(['image/jpeg', 'nosniff']);
  expect(new Uint8Array(await photo.arrayBuffer())).toEqual(JPEG);
});

test('the register opens, and says the same as the list', async () => {
  await ask('POST', '/cases', { station: 'nankeng-in', to: chief!.id, until: '2026-11-24', note: '=1+1 不是公式' });
  const { cases } = casesAnswer.strict().parse((await ask('GET', '/cases')).body);
  const response = await fetch(`${running.url}/api/v1/cases/register.xlsx`, { headers: bearer(tokens.officer) });
  expect(response.headers.get('content-disposition')).toContain('attachment');
  const [sheet] = (await readXlsx(new Uint8Array(await response.arrayBuffer()))).sheets;
  const [headings, ...rows] = sheet!.rows;
  expect(headings).toEqual([...REGISTER_HEADINGS]);
  const column = (heading: (typeof REGISTER_HEADINGS)[number]): unknown[] =>
    rows.map((row) => row[REGISTER_HEADINGS.indexOf(heading)]);
  const oldestFirst = [...cases].reverse();
  expect(column('编号')).toEqual(oldestFirst.map(({ number }) => number));
  expect(column('站点')).toEqual(oldestFirst.map(({ stationName }) => stationName));
  // The page shows the item beside the matter; the sheet has no column for it.
  expect(column('事由')).toEqual(
    oldestFirst.map(({ what, parameterName }) => (parameterName === null ? what : `${parameterName} ${what}`)),
  );
  expect(column('承办')).toEqual(oldestFirst.map(({ toName }) => toName));
  expect(column('期限')).toEqual(oldestFirst.map(({ until }) => until.slice(0, 16).replace('T', ' ')));
  expect(column('状态')).toEqual(['已销号', '待核实']);
  expect(column('是否逾期')).toEqual(oldestFirst.map(({ late }) => (late ? '是' : '否')));
});

test('filters, and the sum of what they find', async () => {
  const found = async (query: string): Promise<unknown> => {
    const { cases, summary } = casesAnswer.parse((await ask('GET', `/cases?${query}`)).body);
    return [cases.map(({ number }) => number), summary.open];
  };
  expect(await found('state=open')).toEqual([['2026-0002'], 1]);
  expect(await found('state=closed')).toEqual([['2026-0001'], 0]);
  expect(await found('overdue=1')).toEqual([[], 0]);
  expect(await found(`to=${other!.id}&period=2026-11`)).toEqual([['2026-0001'], 0]);
  expect(await found('alert=a1')).toEqual([['2026-0001'], 0]);
  expect(await found(`village=${encodeURIComponent('别村')}`)).toEqual([[], 0]);
});

describe('what is not right is named', () => {
  test.each<[string, string, object | undefined, number, string]>([
    ['POST', '/cases', { station: 'nankeng-out', until: '2026-11-25', note: 'x' }, 400, 'to'],
    ['POST', '/cases', { station: 'nankeng-out', to: 'nobody', until: '2026-11-25', note: 'x' }, 404, 'nobody'],
    ['POST', '/cases', { station: 'nankeng-out', to: 'x', until: '2026-11-25', note: 'x', by: 'me' }, 400, 'by'],
    ['POST', '/cases/2026-0002/verify', { finding: 'maybe', note: 'x' }, 400, 'finding'],
    ['POST', '/cases/2026-0002/verify', { note: 'x' }, 400, '核实结论'],
    ['POST', '/cases/2026-0002/verify', { finding: 'real', note: 'x', photos: [7] }, 400, '照片 7'],
    ['POST', '/cases/2026-0002/verify', { finding: 'real', note: 'x', place: { kind: 'point', lat: 99, lon: 0 } }, 400, 'place'],
    ['POST', '/cases/2026-0002/close', {}, 400, '核查通过后'],
    ['POST', '/cases/9999-0001/close', {}, 404, '9999-0001'],
    ['GET', '/cases/77', undefined, 404, '77'],
    ['GET', '/cases?state=lost', undefined, 400, 'state'],
    ['GET', '/cases?period=lately', undefined, 400, 'lately'],
    ['GET', '/cases/2026-0001/photos/x', undefined, 400, '照片'],
    ['GET', '/cases/2026-0001/photos/9', undefined, 404, '9'],
  ])('%s %s %j: %i %s', async (method, path, body, status, word) => {
    const answer = await ask(method, path, body);
    expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([status, expect.stringContaining(word)]);
  });

  test.each<[string, Uint8Array<ArrayBuffer>, string, number]>([
    ['a page that calls itself a photo', new TextEncoder().encode('<html><script>'), 'image/jpeg', 400],
    ['another type', JPEG, 'image/gif', 400],
    ['too large', new Uint8Array(5 * 1024 * 1024 + 1), 'image/jpeg', 413],
    ['nothing', new Uint8Array(), 'image/jpeg', 400],
  ])('a photo: %s', async (_, bytes, type, status) => {
    const answer = await sendPhoto('2026-0002', bytes, type).catch(() => null);
    // The line may be cut while the rest of a body that is too large is still being sent.
    if (answer !== null || status !== 413) expect(answer?.status).toBe(status);
    expect(caseView.parse((await ask('GET', '/cases/2026-0002')).body).photos).toEqual([]);
  });
});

test('a photo as large as allowed is taken; from another site, or from nobody, none', async () => {
  const large = new Uint8Array(5 * 1024 * 1024);
  large.set(JPEG);
  const cookie = await running.logIn();
  expect((await sendPhoto('2026-0002', large, 'image/jpeg', { cookie, origin: 'https://elsewhere.example' })).status).toBe(403);
  expect((await sendPhoto('2026-0002', JPEG, 'image/jpeg', {})).status).toBe(401);
  expect((await sendPhoto('2026-0002', large, 'image/jpeg', { cookie })).status).toBe(200);
}, 20_000);

test.each([
  ['GET', '/cases'],
  ['POST', '/cases'],
  ['GET', '/cases/register.xlsx'],
  ['GET', '/cases/1'],
  ['POST', '/cases/1/verify'],
  ['POST', '/cases/1/mend'],
  ['POST', '/cases/1/check'],
  ['POST', '/cases/1/close'],
  ['POST', '/cases/1/hand-over'],
  ['POST', '/cases/1/extend'],
  ['GET', '/cases/1/photos/1'],
])('%s %s needs a login even where the page does not', async (method, path) => {
  expect((await ask(method, path, method === 'GET' ? undefined : {}, '')).status).toBe(401);
});
