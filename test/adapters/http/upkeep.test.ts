/** Does HTTP take comparisons and hand-overs, work out what passed, and let nobody sign for the own hand-over? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dutyAnswer, handoversAnswer, handoverView } from '../../../src/adapters/http/contract/handover.js';
import { comparisonsAnswer, comparisonView, upkeepAnswer } from '../../../src/adapters/http/contract/upkeep.js';
import { PASSWORD, type Running, startHttp } from './start-http.js';

let http: Running;
const bearer: Record<string, string> = {};

beforeAll(async () => {
  http = await startHttp();
  for (const name of ['anna', 'bert']) {
    await http.accounts.add(name, PASSWORD, 'operator');
    bearer[name] = `Bearer ${http.accounts.addToken(`of ${name}`, name)}`;
  }
  bearer.admin = `Bearer ${http.token}`;
});
afterAll(() => http.stop());

const get = (path: string): Promise<Response> =>
  fetch(`${http.url}/api/v1${path}`, { headers: { authorization: bearer.admin! } });
const post = (path: string, body: unknown, who = 'admin'): Promise<Response> =>
  fetch(`${http.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: bearer[who]! },
    body: JSON.stringify(body),
  });

const entry = { station: 'nankeng-out', parameter: 'w21003', time: '2026-11-22T10:00:00+08:00', laboratory: 0.52, sensor: 0.6 };

test.each(['/comparisons', '/upkeep', '/duty', '/handovers'])('%s needs a login', async (path) => {
  expect((await fetch(`${http.url}/api/v1${path}`)).status).toBe(401);
});

test('a comparison is entered, judged, shown and taken back; every refusal says why', async () => {
  const refused = async (body: unknown): Promise<string> => {
    const answer = await post('/comparisons', body);
    return `${answer.status} ${((await answer.json()) as { detail: string }).detail}`;
  };
  expect(await refused({ ...entry, passed: true })).toMatch(/^400/);
  expect(await refused({ ...entry, station: 'x' })).toMatch(/^404 没有代号为 x 的站点/);
  expect(await refused({ ...entry, parameter: 'flow' })).toContain('没有比对允许误差');
  expect(await refused({ ...entry, parameter: 'cl2' })).toContain('没有在线测 余氯');
  expect(await refused({ ...entry, time: '2026-11-24T10:00:00+08:00' })).toContain('取样时间不能晚于现在');
  expect(await refused({ ...entry, sensor: undefined })).toContain('没有有效的在线测值');

  const added = comparisonView.parse(await (await post('/comparisons', { ...entry, note: '委托监测' })).json());
  expect(added).toMatchObject({
    ...{ parameter: 'nh3n', passed: true, readings: null, by: 'admin', grade: 'transcribed' },
    ...{ rule: { zh: '相对误差 ≤ 30 %' }, error: { zh: '相对误差 15.4 %' }, withdrawn: null },
  });
  expect(await refused(entry)).toContain(`已登记比对(编号 ${added.id})`);
  const series = async () =>
    comparisonsAnswer
      .parse(await (await get('/comparisons?station=nankeng-out')).json())
      .series.find(({ parameter }) => parameter === 'nh3n')!.comparison;
  expect(await series()).toEqual({ date: '2026-11-22', passed: true, due: false });

  expect((await post(`/comparisons/${added.id}/withdraw`, { reason: '' })).status).toBe(400);
  expect((await post('/comparisons/99/withdraw', { reason: '录错' })).status).toBe(404);
  const back = comparisonView.parse(await (await post(`/comparisons/${added.id}/withdraw`, { reason: '录错' })).json());
  expect(back.withdrawn).toMatchObject({ reason: '录错', by: 'admin' });
  expect((await post(`/comparisons/${added.id}/withdraw`, { reason: '录错' })).status).toBe(400);
  expect(await series()).toEqual({ date: null, passed: null, due: true });
  const { entries } = (await (await get(`/audit?what=comparison/${added.id}`)).json()) as { entries: { action: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(['comparison-withdrawn', 'comparison-added']);
});

test('tasks of a maintenance record move their due dates', async () => {
  const tasks = async () =>
    upkeepAnswer
      .parse(await (await get('/upkeep')).json())
      .stations.find(({ station }) => station === 'nankeng-out')!
      .tasks.map(({ task, due, state }) => [task, due, state]);
  expect(await tasks()).toEqual([
    ['cleaning', null, 'never'],
    ['reagent', null, 'never'],
    ['calibration', null, 'never'],
  ]);
  const done = { station: 'nankeng-out', from: '2026-11-16T09:00:00+08:00', to: '2026-11-16T10:00:00+08:00' };
  const answer = await post('/maintenance', { ...done, tasks: ['calibration', 'cleaning'] });
  expect(await answer.json()).toMatchObject({ tasks: ['cleaning', 'calibration'], state: 'closed' });
  expect(await tasks()).toEqual([
    ['cleaning', '2026-11-23', 'due'],
    ['reagent', null, 'never'],
    ['calibration', '2026-11-30', 'soon'],
  ]);
  expect((await post('/maintenance', { ...done, tasks: ['polish'] })).status).toBe(400);
});

test('duty is handed over with what is open, and taken by another account', async () => {
  const before = dutyAnswer.parse(await (await get('/duty')).json());
  expect(before.days).toHaveLength(35);
  expect(before.days[0]).toMatchObject({ date: '2026-11-23', isTurn: true, people: [{ id: 'duty-a' }] });
  expect(before.missing).toBeNull();
  http.clock.time += 60 * 60_000;
  expect(dutyAnswer.parse(await (await get('/duty')).json()).missing?.words.zh).toBe('未交接:11-23 值班员乙 → 值班员甲');

  const given = handoverView.parse(await (await post('/handovers', { note: '夜里有雨' }, 'anna')).json());
  expect(given).toMatchObject({ turn: '2026-11-23', from: { id: 'duty-b' }, to: { id: 'duty-a' }, by: 'anna', state: 'waiting' });
  expect(given.items.map(({ kind }) => kind)).toEqual(['alert', 'path', 'review']);
  expect(given.items[0]).toMatchObject({
    link: '/alerts/a1',
    words: { zh: '南坑河出境断面 氨氮:单次测值 1.37 mg/L 超过限值 1.0,未签收' },
  });
  expect(await (await post(`/handovers/${given.id}/take`, {}, 'anna')).json()).toMatchObject({
    detail: '交班人不能自己接班,请接班人用自己的账号签字',
  });
  expect((await post('/handovers', { turn: '2026-11-25' }, 'anna')).status).toBe(400);

  const again = handoverView.parse(await (await post('/handovers', {}, 'anna')).json());
  expect((await post(`/handovers/${given.id}/take`, {}, 'bert')).status).toBe(400);
  const taken = handoverView.parse(await (await post(`/handovers/${again.id}/take`, { note: '已核对' }, 'bert')).json());
  expect(taken).toMatchObject({ state: 'taken', taken: { by: 'bert', note: '已核对' } });
  expect((await post(`/handovers/${again.id}/take`, {}, 'admin')).status).toBe(400);
  expect((await post('/handovers', { turn: '2026-11-23' }, 'anna')).status).toBe(400);
  expect(await (await post('/handovers', {}, 'anna')).json()).toMatchObject({
    detail: '2026-11-30 的班还早,换班前一天起才能交班',
  });

  const { handovers, pending } = handoversAnswer.parse(await (await get('/handovers')).json());
  expect(handovers.map(({ state }) => state)).toEqual(['taken', 'replaced']);
  expect(pending).toMatchObject({
    date: '2026-11-30',
    state: 'waiting',
    isEarly: true,
    from: [{ id: 'duty-a' }],
    to: [{ id: 'duty-b' }],
  });
  expect(dutyAnswer.parse(await (await get('/duty')).json()).missing).toBeNull();
});

test('who is on duty is told to whoever has a login, and to no stranger', async () => {
  const stranger = (await (await fetch(`${http.url}/api/v1/site`)).json()) as { onDuty: unknown };
  expect(stranger.onDuty).toBeNull();
  expect(await (await get('/site')).json()).toMatchObject({ onDuty: [{ name: '值班员甲', phone: '0799-0000001' }] });
});
