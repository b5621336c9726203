/** Do the routes of the review answer what they promise, under the account's own name, and is a slip named? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
  attachmentAnswer,
  bulkAnswer,
  previewAnswer,
  queueAnswer,
  reviewDayAnswer,
} from '../../../src/adapters/http/contract/reviewing.js';
import { decisionView } from '../../../src/adapters/http/contract/decisions.js';
import { EmbeddedArchive } from '../../../src/adapters/sqlite/embedded-archive.js';
import { SqliteWorkingSet } from '../../../src/adapters/sqlite/working-set.js';
import { ArchiveError } from '../../../src/pipeline/ports.js';
import { at, reading } from '../../support/wupi.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

let running: Running;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  running = await startHttp();
  for (const role of ['officer', 'reviewer'] as const) {
    await running.accounts.add(role, PASSWORD, role);
    tokens[role] = running.accounts.addToken(`review ${role}`, role);
  }
  // A day in the past that is due: the section sent its first value on it.
  running.keep([reading({ parameter: 'ph', value: 7.3, time: at('2026-11-20 08:00') })]);
});
afterAll(() => running.stop());

async function ask(who: string, method: string, path: string, body?: object | Uint8Array, type = 'application/json') {
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[who] ?? ''}`, 'content-type': type },
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: isJson ? ((await response.json()) as unknown) : await response.text(), response };
}

const DAY = '/review/days/nankeng-out/2026-11-20';

test('the queue lists what is due, by state', async () => {
  const { body } = await ask('officer', 'GET', '/review/queue?only=all&station=nankeng-out');
  const { counts, days } = queueAnswer.strict().parse(body);
  expect(counts).toMatchObject({ due: 3, waiting: 3 });
  expect(days.map(({ date, state }) => [date, state])).toEqual([
    ['2026-11-22', 'waiting'],
    ['2026-11-21', 'waiting'],
    ['2026-11-20', 'waiting'],
  ]);
});

test('初审 by the officer, 复核 by the reviewer, then sent back with a note', async () => {
  const first = reviewDayAnswer.strict().parse((await ask('officer', 'POST', `${DAY}/first`, { note: '' })).body);
  expect(first).toMatchObject({ state: 'first', first: { by: 'officer' } });
  expect((await ask('officer', 'POST', `${DAY}/second`, {})).status).toBe(403);
  expect((await ask('reviewer', 'POST', `${DAY}/first`, {})).status).toBe(403);
  const second = reviewDayAnswer.strict().parse((await ask('reviewer', 'POST', `${DAY}/second`, {})).body);
  expect(second).toMatchObject({ state: 'second', second: { by: 'reviewer' } });
  expect(await ask('reviewer', 'POST', `${DAY}/return`, {})).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('为什么退回') },
  });
  const back = reviewDayAnswer.strict().parse((await ask('reviewer', 'POST', `${DAY}/return`, { note: '再看看' })).body);
  expect(back).toMatchObject({ state: 'waiting', returned: { by: 'reviewer', note: '再看看' } });
  expect(back.events.map(({ act }) => act)).toEqual(['first', 'second', 'returned']);
});

test('an attachment comes back as it was sent: a picture in the page, a paper as a file', async () => {
  const made = await ask('officer', 'POST', '/decisions', {
    ...{ station: 'nankeng-out', from: '2026-11-21', to: '2026-11-22', outcome: 'invalid', reason: 'power-cut' },
  });
  const { id, attachment } = decisionView.strict().parse(made.body);
  expect(attachment).toBeNull();
  const paper = new TextEncoder().encode('%PDF-1.7 停电通知');
  expect((await ask('officer', 'POST', `/decisions/${id}/attachment`, paper, 'text/html')).status).toBe(400);
  const kept = await ask('officer', 'POST', `/decisions/${id}/attachment`, paper, 'application/pdf');
  expect(attachmentAnswer.strict().parse(kept.body)).toMatchObject({
    type: 'application/pdf',
    by: 'officer',
    size: paper.length,
  });
  const { response, body } = await ask('reviewer', 'GET', `/decisions/${id}/attachment`);
  expect([response.headers.get('content-type'), body]).toEqual(['application/pdf', '%PDF-1.7 停电通知']);
  expect(response.headers.get('content-disposition')).toContain('attachment');
  expect((await ask('officer', 'GET', '/decisions/99/attachment')).status).toBe(404);
});

test('preview and bulk', async () => {
  const query = 'station=nankeng-out&parameters=nh3n&from=2026-11-20&to=2026-11-21&outcome=invalid';
  expect(previewAnswer.strict().parse((await ask('officer', 'GET', `/review/preview?${query}`)).body)).toMatchObject({
    readings: 0,
    changed: 0,
  });
  // Nothing was gone through yet, so nothing is passed unseen.
  const { body } = await ask('officer', 'POST', '/review/bulk', { from: '2026-11-01', to: '2026-12-01' });
  expect(bulkAnswer.strict().parse(body)).toMatchObject({ passed: 0 });
});

test('一并复核 is for who may do a second review, 一并初审 for who may do a first; what is unseen is not passed', async () => {
  const span = { station: 'nankeng-out', from: '2026-11-01', to: '2026-12-01' };
  expect((await ask('officer', 'POST', `${DAY}/first`, {})).status).toBe(200);
  expect((await ask('officer', 'POST', '/review/bulk', { ...span, act: 'second' })).status).toBe(403);
  expect((await ask('reviewer', 'POST', '/review/bulk', span)).status).toBe(403);
  expect((await ask('reviewer', 'POST', '/review/bulk', { ...span, act: 'return' })).status).toBe(400);
  const { status, body } = await ask('reviewer', 'POST', '/review/bulk', { ...span, act: 'second' });
  expect([status, bulkAnswer.strict().parse(body)]).toEqual([200, { passed: 0, left: 1, own: 0 }]);
});

test('an act stands though the archive went away: its answer says what it leaves out, where a question is refused', async () => {
  // Of this day only the archive knows, and it does not answer.
  const floor = jest.spyOn(SqliteWorkingSet.prototype, 'floor').mockReturnValue(at('2026-12-01'));
  const away = jest.spyOn(EmbeddedArchive.prototype, 'readings').mockRejectedValue(new ArchiveError('connection refused', true));
  try {
    expect((await ask('reviewer', 'GET', DAY)).status).toBe(503);
    const { status, body } = await ask('reviewer', 'POST', `${DAY}/second`, {});
    expect(status).toBe(200);
    expect(reviewDayAnswer.strict().parse(body)).toMatchObject({ state: 'second', partial: true, doubts: [] });
  } finally {
    away.mockRestore();
    floor.mockRestore();
  }
  expect((await ask('reviewer', 'GET', DAY)).body).toMatchObject({ state: 'second', partial: false });
});

test.each([
  ['GET', '/review/queue?state=done', 400, 'state'],
  ['GET', '/review/queue?station=nowhere', 404, 'nowhere'],
  ['GET', '/review/days/nankeng-out/2026-11-31', 400, '2026-11-31'],
  ['GET', '/review/days/nankeng-out/2026-11-19', 404, '2026-11-19'],
  ['GET', '/review/days/nankeng-out/2026-11-23', 400, '还没有结束'],
  ['GET', '/review/preview?station=nankeng-out&from=2026-11-21&to=2026-11-20&outcome=invalid', 400, 'to'],
  ['POST', '/review/bulk', 400, 'from'],
])('%s %s: %i %s', async (method, path, status, word) => {
  const answer = await ask('officer', method, path, method === 'POST' ? {} : undefined);
  expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([status, expect.stringContaining(word)]);
});
