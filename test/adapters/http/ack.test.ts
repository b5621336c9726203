/** What does the page behind a mail's button show and do? A scanner that opens it must change nothing. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/domain/alerting/alert.js';
import { DAY } from '../../../src/domain/time.js';
import type { Claim } from '../../../src/pipeline/alerting/links.js';
import { OPEN_ALERT, type Running, startHttp } from './start-http.js';

const ALERT: Alert = {
  ...OPEN_ALERT,
  id: 'a-1',
  station: 'nankeng-out',
  parameter: 'nh3n',
  state: 'active',
  reason: { zh: '单次测值 1.37 mg/L 超过限值 <1.0>', en: 'one value over its limit' },
};

let service: Running;
beforeEach(async () => {
  service = await startHttp();
  service.alerts.set(ALERT.id, ALERT);
});
afterEach(() => service.stop());

const link = (over: Partial<Claim> = {}): string => {
  const claim: Claim = {
    what: 'acknowledge',
    ids: ['a-1'],
    recipient: 'town-chief',
    expiresAt: service.clock.time + 7 * DAY,
    ...over,
  };
  return `${service.url}/ack/${service.links.token(claim)}`;
};
const open = async (address: string, init: RequestInit = {}) => {
  const response = await fetch(address, init);
  return { status: response.status, headers: response.headers, page: await response.text() };
};
const press = (address: string, form: Record<string, string> = {}) =>
  open(address, { method: 'POST', body: new URLSearchParams(form) });
const alert = (): Alert | undefined => service.alerts.get('a-1');

describe('acknowledging', () => {
  test('opening, by GET or HEAD, however often, names the alert and changes nothing', async () => {
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) {
      const { status, page } = await open(link(), { method });
      if (method !== 'OPTIONS') expect(status).toBe(200);
      if (method === 'GET') {
        for (const words of ['南坑河', '氨氮', '1.37 mg/L', '自 11-23 07:50', '未签收', '镇级河长', '▲ 超限'])
          expect(page).toContain(words);
      }
    }
    expect(alert()).toEqual(ALERT);
  });

  test('one that damping holds back is left as it is, and does not keep the others from being acknowledged', async () => {
    service.alerts.set('a-2', { ...ALERT, id: 'a-2', parameter: 'tp', state: 'pending' });
    expect((await press(link({ ids: ['a-2', 'a-1'] }))).status).toBe(200);
    expect(alert()).toMatchObject({ state: 'acknowledged', acknowledgedBy: '镇级河长' });
    expect(service.alerts.get('a-2')).toMatchObject({ state: 'pending', acknowledgedBy: null });
    const alone = await press(link({ ids: ['a-2'] }));
    expect(alone.status).toBe(200);
    expect(alone.page).toContain('待观察');
    expect(alone.page).not.toContain('已签收');
    expect(service.alerts.get('a-2')).toMatchObject({ state: 'pending' });
  });

  test('the button acknowledges in the name of the role; a second time says so and changes nothing', async () => {
    const { status, page } = await press(link());
    expect(status).toBe(200);
    expect(page).toContain('已签收。记录为 镇级河长');
    expect(alert()).toMatchObject({ state: 'acknowledged', acknowledgedBy: '镇级河长', acknowledgedAt: service.clock.time });
    const once = alert();
    service.clock.time += 60_000;
    const again = await press(link({ recipient: 'duty-a' }));
    expect(again.page).toContain('这里没有需要签收的了');
    expect(again.page).toContain('已由 镇级河长 于 11-23 08:00 签收');
    expect(again.page).not.toContain('<form');
    expect(alert()).toEqual(once);
  });

  test('a POST without any body, as a plain client sends it, is a press of the button too', async () => {
    expect((await open(link(), { method: 'POST' })).status).toBe(200);
    expect(alert()?.state).toBe('acknowledged');
  });

  test.each(['resolved', 'closed'] as const)('an alert that is %s has no button', async (state) => {
    service.alerts.set('a-1', { ...ALERT, state, resolvedAt: state === 'resolved' ? service.clock.time : null });
    const { page } = await open(link());
    expect(page).not.toContain('<form');
    expect(page).toContain(state === 'resolved' ? '已恢复(11-23 08:00)' : '已关闭');
    await press(link());
    expect(alert()?.acknowledgedAt).toBeNull();
  });

  test('several alerts of one mail at once', async () => {
    service.alerts.set('a-2', { ...ALERT, id: 'a-2', parameter: 'tp' });
    const address = link({ ids: ['a-1', 'a-2', 'gone'] });
    expect((await open(address)).page).toContain('2 条预警待签收');
    await press(address);
    expect(['a-1', 'a-2'].map((id) => service.alerts.get(id)?.state)).toEqual(['acknowledged', 'acknowledged']);
  });

  test('what a sensor or a config says becomes no markup', async () => {
    const { page } = await open(link());
    expect(page).toContain('超过限值 &lt;1.0&gt;');
  });

  test('forged, expired, of nobody and of nothing: each in its own words, and none does anything', async () => {
    for (const send of [open, press]) {
      const forged = await send(`${link()}A`);
      expect(forged.status).toBe(404);
      expect(forged.page).toContain('链接无效');
      expect((await send(link({ recipient: 'somebody-else' }))).status).toBe(404);
      expect((await send(link({ ids: ['gone'] }))).status).toBe(404);
      const expired = await send(link({ expiresAt: service.clock.time }));
      expect(expired.status).toBe(410);
      expect(expired.page).toContain('链接已于 11-23 08:00 过期');
    }
    expect(alert()).toEqual(ALERT);
  });

  test('the page loads nothing, runs nothing, is kept by nobody and found by nobody', async () => {
    const { headers, page } = await open(link());
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(page).not.toMatch(/<script|https?:\/\//);
  });

  test('another site cannot press the button', async () => {
    const { status } = await open(link(), {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(status).toBe(403);
    expect(alert()).toEqual(ALERT);
  });

  test('it is open where nothing else is, and who asks too often waits', async () => {
    const closed = await startHttp({ publicRead: false, publicUrl: 'https://heqing.example.org', isLoopback: false });
    const address = `${closed.url}/ack/nonsense`;
    const statuses: number[] = [];
    for (let i = 0; i < 121; i++) statuses.push((await open(address)).status);
    expect(new Set(statuses.slice(0, 120))).toEqual(new Set([404]));
    expect(statuses[120]).toBe(429);
    const { headers } = await open(address);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await closed.stop();
  });
});

describe('sending somebody', () => {
  const dispatch = () => link({ what: 'dispatch', recipient: 'town-chief' });

  test('offers whoever stands below, until tomorrow 18:00, and changes nothing', async () => {
    const { page } = await open(dispatch());
    expect(page).toContain('value="2026-11-24T18:00"');
    expect(page).toContain('<option value="chief-changtan"');
    expect(page).not.toContain('<option value="bureau"');
    const below = await open(link({ what: 'dispatch', recipient: 'chief-changtan' }));
    expect(below.page).not.toContain('<option value="duty-a"');
    expect(below.page).toContain('<option value="operations"');
    expect(alert()).toEqual(ALERT);
  });

  test('opens one case, acknowledges, and the second time says that it was sent', async () => {
    const form = { to: 'operations', until: '2026-11-25T12:00', note: '先看探头' };
    const { status, page } = await press(dispatch(), form);
    expect(status).toBe(200);
    expect(page).toContain('已派单:处置单 2026-0001,镇级河长 派 运维,11-25 12:00 前办结');
    expect(alert()).toMatchObject({ state: 'acknowledged', acknowledgedBy: '镇级河长' });
    const again = await press(dispatch(), { ...form, to: 'duty-a' });
    expect(again.page).toContain('先前已派单:处置单 2026-0001,镇级河长 派 运维');
    expect(again.page).not.toContain('<form');
  });

  test.each([
    [{ to: 'bureau', until: '2026-11-25T12:00' }, '请选择派给谁'],
    [{ to: 'operations', until: '' }, '请填写期限'],
    [{ to: 'operations', until: '2026-13-45T12:00' }, '请填写期限'],
    [{ to: 'operations', until: '2026-11-31T12:00' }, '请填写期限'],
    [{ to: 'operations', until: '2026-11-22T12:00' }, '期限应晚于现在'],
    [{}, '请选择派给谁'],
  ])('a form that cannot be taken (%j) is shown again with the reason', async (form, reason) => {
    const { status, page } = await press(dispatch(), { ...(form as Record<string, string>), note: '"><script>' });
    expect(status).toBe(400);
    expect(page).toContain(reason);
    expect(page).toContain('&quot;&gt;&lt;script&gt;</textarea>');
    expect(alert()).toEqual(ALERT);
  });
});

describe('the alert path', () => {
  const path = async (cookie = '') =>
    (await fetch(`${service.url}/api/v1/path`, { headers: { cookie } })).json() as Promise<Record<string, unknown>>;
  const post = (route: string, cookie: string, body?: unknown) =>
    fetch(`${service.url}/api/v1/path/${route}`, {
      method: 'POST',
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('unproven at first; a test is asked for, its link confirmed by the button alone, and then it is proven', async () => {
    expect(await path()).toMatchObject({
      state: 'unproven',
      lastConfirmedAt: null,
      words: { zh: expect.stringContaining('未验证') },
    });
    expect((await post('test', '')).status).toBe(401);
    const sent = await post('test', await service.logIn());
    expect(await sent.json()).toMatchObject({
      sentAt: '2026-11-23T08:00:00+08:00',
      recipients: [{ id: 'town-office' }, { id: 'operations' }],
    });
    const [code, address = ''] = service.tests[0]?.mail.text.split(' ') ?? [];
    const mine = service.url + new URL(address).pathname;
    const shown = await open(mine);
    expect(shown.page).toContain(`测试邮件 ${code},11-23 08:00 发出`);
    expect(await path()).toMatchObject({ state: 'unproven' });
    expect((await press(mine)).page).toContain('已确认,预警通道畅通。记录为 镇环保办');
    service.clock.time += 2 * DAY;
    expect(await path()).toEqual({
      state: 'proven',
      since: '2026-11-23T08:00:00+08:00',
      lastConfirmedAt: '2026-11-23T08:00:00+08:00',
      words: { zh: '预警通道上次验证:2 天前', en: 'alert path: last confirmed 2 days ago' },
    });
    expect((await press(mine)).page).toContain('先前已由 镇环保办 于 11-23 08:00 确认');
  });

  test('what still waits confirms nothing, by its link or by its code', async () => {
    const cookie = await service.logIn();
    await post('test', cookie);
    service.tests.splice(0, Infinity, ...service.tests.map((notice) => ({ ...notice, state: 'waiting' as const })));
    const [code = '', address = ''] = service.tests[0]?.mail.text.split(' ') ?? [];
    const pressed = await press(service.url + new URL(address).pathname);
    expect(pressed.status).toBe(400);
    expect(pressed.page).toContain('还没有发出去');
    expect((await post('confirm', cookie, { code })).status).toBe(400);
    expect(await path()).toMatchObject({ state: 'unproven' });
  });

  test('the code of the mail does the same for somebody who is logged in', async () => {
    const cookie = await service.logIn();
    await post('test', cookie);
    const [code = ''] = service.tests[0]?.mail.text.split(' ') ?? [];
    expect((await post('confirm', '', { code })).status).toBe(401);
    expect((await post('confirm', cookie, { code: '222222' })).status).toBe(404);
    expect(await (await post('confirm', cookie, { code })).json()).toMatchObject({ state: 'proven' });
  });
});
