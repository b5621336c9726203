/** Is every button there for who may press it, and for nobody else? Each role at each address, over a service that refuses as the real one does. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROUTE_ROLES } from '../../src/adapters/http/access/roles.js';
import { ACCOUNT_ROLES, type AccountRole } from '../../src/domain/account-role.js';
import { ADDRESSES } from '../../src/web/addresses.js';
import { alertFile, card, chiefs } from './chief-fixtures.js';
import { describeInChromium, type Look } from './chromium.js';

const WEB = fileURLToPath(new URL('../../src/web/', import.meta.url));
const PLACES: Readonly<Record<string, string>> = { ':target': 'river', ':id': 'nankeng-out' };

test('every route that the pages ask about is one that the service lists', () => {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name));
  const asked = files.flatMap((name) => {
    const text = readFileSync(join(WEB, name), 'utf8');
    return [...text.matchAll(/'((?:GET|POST|PATCH|PUT|DELETE) \/api\/v1\/[^']*)'/g)].map(([, route = '']) => route);
  });
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.filter((route) => !(route in ROUTE_ROLES))).toEqual([]);
  // Steps of a case are put together from their names.
  for (const act of ['verify', 'mend', 'check', 'close', 'hand-over', 'extend'])
    expect(ROUTE_ROLES).toHaveProperty([`POST /api/v1/cases/:id/${act}`]);
});

describeInChromium('roles on the pages', (look: Look) => {
  const enter = (role: AccountRole, places: string[] | null = null): void => {
    Object.assign(look.service.state, { loggedIn: true, role, places });
    const { others } = look.service;
    others.set('GET /chiefs', chiefs);
    others.set('GET /chiefs/chief-changtan', card);
    others.set('GET /alerts/a1', alertFile);
  };
  const buttons = (): Promise<string[]> =>
    look.page.locator('main button, main a[download]').evaluateAll((all) => all.map((one) => one.textContent.trim()));
  /** Whatever a page asks by itself it asks at once. */
  const settled = (): Promise<void> => look.page.waitForTimeout(120);

  // Who may least of those who read, work and look after: whatever one of them is refused, a page asked too much.
  test.each(['chief', 'maintenance', 'auditor'] as const)('%s: no page asks what would be refused', async (role) => {
    enter(role, role === 'chief' ? ['nankeng-out'] : null);
    await look.open({}, '');
    await look.page.waitForSelector('.page-header .user');
    const own: Record<string, string> = { chief: '/chiefs/chief-changtan', alert: '/alerts/a1' };
    for (const { name, path, bare } of ADDRESSES.filter((address) => address.bare !== 'public')) {
      const at = own[name] ?? path.replace(/:\w+/, (blank) => PLACES[blank] ?? blank);
      if (bare) await look.page.goto(new URL(at, look.service.url).href);
      else
        await look.page.evaluate((to) => void (history.pushState({}, '', to), dispatchEvent(new PopStateEvent('popstate'))), at);
      await settled();
      expect([name, look.service.refused]).toEqual([name, []]);
    }
  });

  test('screen: whatever it opens is the wall, which asks nothing that would be refused', async () => {
    enter('screen');
    for (const path of ['', 'alerts/a1', 'account', 'wall?show=alerts', 'wall?show=river']) {
      await look.open({}, path);
      await look.page.waitForSelector('.wall main');
      await settled();
      expect([path, new URL(look.page.url()).pathname]).toEqual([path, '/wall']);
      // A typed address begins before the page knows who asks.
      const refused = look.service.refused.splice(0);
      if (path !== 'alerts/a1' && path !== 'account') expect([path, refused]).toEqual([path, []]);
      await look.page.context().close();
    }
  });

  test('the page of an alert has the buttons of each role', async () => {
    const acts = ['签收', '派人处理', '核实后上报', '静默', '关闭'];
    const having: Record<AccountRole, string[]> = {
      officer: acts,
      admin: acts,
      operator: ['签收', '派人处理', '静默', '关闭'],
      chief: ['签收', '派人处理'],
      maintenance: ['签收'],
      reviewer: ['签收'],
      auditor: [],
      screen: [],
    };
    enter('officer');
    await look.open({}, 'alerts/a1');
    for (const role of ACCOUNT_ROLES.filter((one) => one !== 'screen')) {
      enter(role, role === 'chief' ? ['nankeng-out'] : null);
      await look.page.reload();
      await look.page.waitForSelector('.alert-page .alert-rows');
      await settled();
      expect([role, (await buttons()).filter((word) => acts.includes(word))]).toEqual([role, having[role]]);
    }
  });

  test('a chief has no buttons at an alert of another village', async () => {
    enter('chief', ['datian-tap']);
    await look.open({}, 'alerts/a1');
    await look.page.waitForSelector('.alert-rows');
    await settled();
    expect(await buttons()).toEqual([]);
  });

  test('the form of the import is there for who may import; for others neither form nor way', async () => {
    enter('officer');
    await look.open({}, 'data?part=import');
    for (const role of ['officer', 'auditor'] as const) {
      enter(role);
      await look.page.reload();
      await look.page.waitForSelector('.data h2');
      await settled();
      const may = role === 'officer';
      expect([role, await look.page.locator('.import-form').count()]).toEqual([role, may ? 1 : 0]);
      expect(await look.page.locator('[data-part=import]').count()).toBe(may ? 1 : 0);
      if (!may) expect(await look.seen('.data')).toContain('您的角色不能导入数据');
    }
  });

  test('what is not for a role is neither in the navigation nor behind a typed address', async () => {
    enter('chief', ['nankeng-out']);
    await look.open({}, 'data');
    await look.shows('main', '这一页不在您的角色范围内');
    expect(await look.page.locator('.page-header nav a[href="/data"]').count()).toBe(0);
    expect(look.service.refused).toEqual([]);
  });

  test('an officer reads the trail but not the list of accounts, and takes no file of it', async () => {
    enter('officer');
    look.service.others.set('GET /audit', { entries: [], chain: null });
    await look.open({}, 'account?part=audit');
    await look.shows('.account', '操作');
    expect(await look.page.locator('.account .parts a').allInnerTexts()).toHaveLength(2);
    expect(await look.page.locator('.account a[download]').count()).toBe(0);
  });

  test('a silence is ended early, with the reason, by who may; others read it', async () => {
    const { state, others } = look.service;
    const span = { from: '2026-11-23T08:00:00+08:00', to: '2026-11-24T08:00:00+08:00' };
    const any = { subjectName: null, subjectNameEn: null };
    state.silences = [
      { ...any, id: '7', station: 'nankeng-out', parameter: 'nh3n', rule: null, ...span, by: 'officer', reason: '清淤施工' },
    ];
    others.set('DELETE /silences/7', {});
    enter('auditor');
    await look.open({}, 'alerts');
    await look.shows('.silences', '清淤施工');
    expect(await look.page.locator('.silences button').count()).toBe(0);
    state.role = 'officer';
    await look.page.reload();
    await look.page.click('.silences >> text=提前结束');
    await look.page.fill('input[name=end-reason]', '清淤已完成');
    state.silences = [];
    await look.page.click('.silences button[type=submit]');
    await look.shows('#alerts', '静默已结束');
    expect(look.service.posted).toEqual([['DELETE /silences/7', { reason: '清淤已完成' }]]);
    expect(await look.page.locator('[data-silence]').count()).toBe(0);
    expect(look.complaints).toEqual([]);
  });
});
