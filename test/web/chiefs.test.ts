/** Does a river chief see the five things on one screen, and does an officer see who was told of an alert? */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { alertFile, card, chiefs } from './chief-fixtures.js';
import { describeInChromium } from './chromium.js';
import { AS_OF } from './station-fixtures.js';
import { encode } from 'uqr';

const PHONE = { viewport: { width: 360, height: 740 } };

describeInChromium('river chiefs and single alerts', (look) => {
  const logIn = (): void => {
    const { state, others } = look.service;
    state.loggedIn = true;
    others.set('GET /chiefs', chiefs);
    others.set('GET /chiefs/chief-changtan', card);
    others.set('GET /alerts/a1', alertFile);
  };

  test('the five things stand on one phone screen, with the buttons and the code', async () => {
    logIn();
    await look.open(PHONE, 'chiefs/chief-changtan');
    await look.page.waitForSelector('.chief-five');
    const text = await look.seen('.chief-card');
    for (const told of [
      '南坑河 · 长潭村',
      'Ⅲ类 目标Ⅲ类',
      '0.86',
      '还差 0.14',
      '氨氮月均 0.71,剩 8 天日均 ≤ 1.79 即达标',
      '10 ÷ 10 断面月',
      '未销号 3 · 逾期 1 · 最久 6 天',
      '本周应巡 1 / 已巡 0',
      '17/18 在线 · 有效率 96.4 % · 待审 4',
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(told);
    expect((await look.seen('.chief-five')).replace(/\s+/g, ' ')).toContain(
      '入境 0.31 → 中段 0.52 → 出境 0.86 传输时间约 5 小时',
    );
    const foot = await look.page.locator('.chief-card .foot').boundingBox();
    // The bar at the foot of a phone covers what stands below it.
    const bar = await look.page.locator('nav').first().boundingBox();
    const free = bar !== null && bar.y > 370 ? bar.y : 740;
    expect(foot!.y + foot!.height).toBeLessThanOrEqual(free);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(look.complaints).toEqual([]);
  });

  test.each([
    ['https://heqing.example.org', 'https://heqing.example.org/'],
    [null, ''],
  ])('with a public address of %j the code leads there, else to where the page was opened', async (address, home) => {
    logIn();
    look.service.state.address = address;
    for (const path of ['chiefs/chief-changtan', 'stations/nankeng-out']) {
      await look.open(PHONE, path);
      const rows = encode(`${home || look.service.url}${path}`, { ecc: 'M', border: 2 }).data;
      const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
      const d = (await look.page.locator('.qr-code .modules').getAttribute('d')) ?? '';
      const drawn = [...d.matchAll(/M(\d+) (\d+)h(\d+)/g)].flatMap(([, x, y, n]) =>
        Array.from({ length: Number(n) }, (_, i) => `${Number(x) + i} ${y}`),
      );
      expect(drawn).toEqual(dark);
      await look.page.context().close();
    }
  });

  test('a chief who logs in has the own card under the thumb, and sees what opens there', async () => {
    Object.assign(look.service.state, { loggedIn: true, role: 'chief', person: 'chief-changtan', places: ['nankeng-out'] });
    logIn();
    await look.open(PHONE);
    const bar = look.page.locator('.page-header nav a:visible');
    await look.page.waitForSelector('nav a[href="/chiefs/chief-changtan"]');
    expect((await bar.allInnerTexts()).map((text) => text.replace(/[\d\s]/g, ''))).toEqual([
      '总览',
      '预警与报警',
      '处置',
      '河长',
    ]);
    await look.page.click('nav a[href="/chiefs/chief-changtan"]');
    await look.page.waitForSelector('.chief-five');
    for (const [button, opens] of [
      ['登记巡河', '.patrol-form'],
      ['派人处理', '.open-case'],
    ] as const) {
      await look.page.locator('.chief-card .acts').getByRole('button', { name: button }).click();
      await look.page.waitForSelector(opens);
      const [box, nav] = [
        await look.page.locator(opens).boundingBox(),
        await look.page.locator('.page-header nav').boundingBox(),
      ];
      expect([opens, box!.y > 0 && box!.y + 40 < nav!.y]).toEqual([opens, true]);
    }
    expect(look.complaints).toEqual([]);
  });

  test('what stands is acknowledged with one tap; a patrol is entered with its place', async () => {
    logIn();
    look.service.others.set('POST /patrols', {
      id: '1',
      person: 'chief-changtan',
      at: AS_OF,
      by: 'officer',
      place: null,
      note: '',
    });
    const geolocation = { latitude: 27.61, longitude: 113.85, accuracy: 12 };
    await look.open({ ...PHONE, geolocation, permissions: ['geolocation'] }, 'chiefs/chief-changtan');
    await look.page.getByRole('button', { name: '已知悉 1' }).click();
    await look.shows('.chief-card', '已签收 1 条');
    expect(look.service.acknowledged).toEqual([{ note: '已知悉' }]);

    await look.page.getByRole('button', { name: '登记巡河' }).click();
    expect(await look.seen('.patrol-form')).toContain('以省河长制平台为准');
    await look.page.getByRole('button', { name: '记录当前位置' }).click();
    await look.shows('.patrol-form', '误差约 12 米');
    await look.page.fill('input[name=patrol-note]', '河面无漂浮物');
    await look.page.locator('.patrol-form').getByRole('button', { name: '登记', exact: true }).click();
    await look.shows('.chief-card', '已登记');
    expect(look.service.posted).toEqual([
      ['POST /patrols', { person: 'chief-changtan', place: { lat: 27.61, lon: 113.85, accuracy: 12 }, note: '河面无漂浮物' }],
    ]);
  });

  test('a refusal is said as such, and one alert that is refused does not hold up the others', async () => {
    logIn();
    const detail = '这不在您的河段或村,不能由您处理。';
    const refuse = (path: string): Promise<unknown> =>
      look.page.route(`**/api/v1/${path}`, (route) =>
        route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, detail }) }),
      );
    const [one] = card.standing;
    look.service.others.set('GET /chiefs/chief-changtan', { ...card, standing: [{ ...one!, alert: 'a9' }, one!] });
    await look.open(PHONE, 'chiefs/chief-changtan');
    await refuse('alerts/a9/acknowledge');
    await look.page.getByRole('button', { name: '已知悉 2' }).click();
    await look.shows('.chief-card', '已签收 1 条');
    await look.shows('.chief-card', detail);
    expect(look.service.acknowledged).toEqual([{ note: '已知悉' }]);

    await refuse('chiefs/chief-changtan');
    await look.page.reload();
    await look.shows('.chief-card', detail);
    await refuse('alerts/a8');
    await look.page.goto(new URL('/alerts/a8', look.page.url()).href);
    await look.shows('.alert-page', detail);
  });

  test('a list of chiefs leads to the card; a stranger sees neither', async () => {
    await look.open({}, 'chiefs');
    await look.page.waitForSelector('.closed');
    expect(await look.page.locator('.chiefs').count()).toBe(0);
    logIn();
    await look.page.reload();
    await look.page.getByRole('link', { name: '长潭村村级河长' }).click();
    await look.page.waitForSelector('.chief-five');
    expect(new URL(look.page.url()).pathname).toBe('/chiefs/chief-changtan');
  });

  test('an alert says who was told, what became of the mail and who hears it next, with its course', async () => {
    logIn();
    await look.open({}, '?alert=a1');
    await look.page.waitForSelector('.alert-page canvas');
    expect(new URL(look.page.url()).pathname).toBe('/alerts/a1');
    const text = (await look.seen('.alert-page')).replace(/\s+/g, ' ');
    expect(text).toContain('长潭村村级河长 第 1 级');
    expect(text).toContain('如无人签收,11:40 起上报第 2 级:值班员甲');
    expect(text).toContain('550 no such user');
    expect(text).toContain('GB 3838-2002 表1 Ⅲ类');
    await look.page.fill('.acknowledge input[name=note]', '已派人');
    await look.page.getByRole('button', { name: '签收', exact: true }).click();
    await look.page.waitForFunction(() => document.querySelector('.acknowledge button')?.hasAttribute('disabled') !== true);
    expect(look.service.acknowledged).toEqual([{ note: '已派人' }]);
    expect(look.complaints).toEqual([]);
  });

  test('an alert is silenced for a time and closed for a reason', async () => {
    logIn();
    look.service.others.set('POST /silences', {});
    look.service.others.set('POST /alerts/a1/close', {});
    await look.open(PHONE, 'alerts/a1');
    await look.page.getByRole('button', { name: '静默', exact: true }).click();
    await look.page.selectOption('select[name=hours]', '12');
    await look.page.fill('input[name=silence-reason]', '清洗探头');
    await look.page.getByRole('button', { name: '静默', exact: true }).click();
    await look.shows('.alert-acts', '已静默');
    const [route, body] = look.service.posted[0]!;
    expect([route, body]).toMatchObject([
      'POST /silences',
      { subject: 'nankeng-out', station: 'nankeng-out', parameter: 'nh3n', rule: 'over-limit', reason: '清洗探头' },
    ]);
    expect(Date.parse((body as { to: string }).to) - Date.parse(AS_OF)).toBeGreaterThan(11.9 * 3_600_000);
    await look.page.getByRole('button', { name: '关闭', exact: true }).click();
    await look.page.fill('input[name=close-reason]', '站点已撤');
    await look.page.getByRole('button', { name: '关闭', exact: true }).click();
    await look.shows('.alert-acts', '已关闭');
    expect(look.service.posted[1]).toEqual(['POST /alerts/a1/close', { reason: '站点已撤' }]);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  test('filters stand in the address; what is over is asked of the service', async () => {
    logIn();
    const old = { ...alertFile.alert, id: 'old', state: 'resolved' as const, resolvedAt: AS_OF };
    look.service.others.set('GET /alerts/search', { asOf: AS_OF, alerts: [old], more: false });
    await look.open({}, 'alerts?station=nankeng-out');
    await look.page.waitForSelector('[data-alert=a1]');
    expect(await look.page.locator('.alert-item').count()).toBe(1);
    await look.page.selectOption('select[name=state]', 'over');
    await look.page.waitForSelector('[data-alert=old]');
    expect(new URL(look.page.url()).search).toBe('?station=nankeng-out&state=over');
    await look.page.selectOption('select[name=severity]', 'severe');
    await look.shows('#alerts', '没有符合条件');
    await look.page.getByRole('link', { name: '清除筛选' }).click();
    await look.page.waitForSelector('[data-alert=a2]');
    // A button that opens a form looks like one here too.
    await look.page.click('[data-alert=a2] .line');
    const send = look.page.locator('[data-alert=a2]').getByRole('button', { name: '派人处理' });
    expect(await send.evaluate((e) => getComputedStyle(e).borderRadius)).toBe('4px');
    // On a phone the alerts come before what narrows them, and what is set is told.
    await look.page.setViewportSize(PHONE.viewport);
    await look.page.goto(`${look.service.url}alerts?station=nankeng-out&severity=over`);
    await look.page.waitForSelector('.alert-item');
    expect(await look.page.locator('select[name=state]').isVisible()).toBe(false);
    await look.page.getByRole('button', { name: '筛选(已设 2 项)' }).click();
    await look.page.selectOption('select[name=severity]', '');
    await look.shows('.alert-filters', '筛选(已设 1 项)');
    expect(look.complaints).toEqual([]);
  });
});
