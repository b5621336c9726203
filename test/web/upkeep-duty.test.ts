/** Do two people hand duty over, and does somebody with a phone compare an instrument, on the built page over the service's own HTTP? */
/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PASSWORD, type Running, startHttp } from '../adapters/http/start-http.js';
import { eventually } from '../support/eventually.js';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.js';
import { at, reading } from '../support/wupi.js';
import { buildPages, executablePath, whereThereIsChromium } from './chromium.js';

const PHONE = { viewport: { width: 360, height: 780 } };

whereThereIsChromium('upkeep and duty', () => {
  let folder: TemporaryFolder;
  let browser: Browser;
  let http: Running;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder('web');
    buildPages(folder.path);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    http = await startHttp({ webFolder: folder.path });
    for (const [name, role] of [
      ['anna', 'operator'],
      ['bert', 'officer'],
      ['mia', 'maintenance'],
    ] as const)
      await http.accounts.add(name, PASSWORD, role);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await http?.stop();
    await folder?.remove();
  });

  const openAs = async (username: string, path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: http.url, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await context.request.post('/api/v1/session', { data: { username, password: PASSWORD } });
    await page.goto(path);
    return page;
  };
  const shows = (page: Page, selector: string, text: string): Promise<unknown> =>
    eventually(`${selector} shows ${text}`, async () =>
      (await page.locator(selector).first().innerText({ timeout: 2000 })).replace(/\s+/g, ' ').includes(text),
    );

  test('one hands over with what is open, the other signs; nobody signs for both', async () => {
    http.clock.time = at('2026-11-23 09:30');
    const anna = await openAs('anna', '/duty');
    await shows(anna, '.duty-page .now', '值班员甲');
    await shows(anna, '.duty-page .now', '未交接:11-23 值班员乙 → 值班员甲');
    expect(await anna.locator('.duty-roster td').count()).toBe(35);
    await shows(anna, '.give', '未办结事项 3 项');
    await shows(anna, '.give', '南坑河出境断面 氨氮');
    await anna.fill('input[name=handover-note]', '夜里有雨,注意浊度');
    await anna.getByRole('button', { name: '交班', exact: true }).click();
    await shows(anna, '.handover-desk', '已交班,请接班人用自己的账号签字');
    await shows(anna, '.waiting-one', '交班人不能自己接班');
    expect(await anna.getByRole('button', { name: '接班签字' }).count()).toBe(0);

    const bert = await openAs('bert', '/duty', PHONE);
    await shows(bert, '.waiting-one', 'anna 交班');
    await shows(bert, '.waiting-one', '夜里有雨');
    await bert.fill('input[name=take-note]', '已核对');
    await bert.getByRole('button', { name: '接班签字' }).click();
    await shows(bert, '.handover-desk', '已接班');
    await shows(bert, '.past', 'anna 交班 09:30 · bert 接班 09:30 · 移交 3 项');
    expect(await bert.locator('.waiting-one').count()).toBe(0);
    expect(await bert.locator('.duty-page .now .state-mark').count()).toBe(0);
    // It is over for this week: what waits now is the next turn.
    await shows(bert, '.pending', '11-30 值班员甲 → 值班员乙');
    expect(await bert.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
    await anna.context().close();
    await bert.context().close();
  });

  test('on a phone a laboratory result is compared with one tap, another by hand; one is taken back', async () => {
    const sample = at('2026-11-20 10:00');
    http.keep([
      reading({ time: at('2026-11-20 08:00'), value: 0.81 }),
      reading({ time: at('2026-11-20 12:00'), value: 0.77 }),
      reading({ time: at('2026-11-20 16:00'), value: 9 }),
      reading({ time: sample, value: 0.5, mark: 'S', source: 'lab' }),
    ]);
    const mia = await openAs('mia', '/upkeep', PHONE);
    await shows(mia, '[data-upkeep="nankeng-out"]', '尚无记录');
    const offer = '[data-offered="nankeng-out nh3n"]';
    await shows(mia, offer, '化验 0.50 mg/L · 在线 0.79 mg/L 2 个测值的均值');
    await shows(mia, offer, '不合格 · 相对误差 58.0 % · 相对误差 ≤ 40 %');
    await mia.locator(offer).getByRole('button').click();
    await shows(mia, '.comparison-desk', '已登记,不合格');
    await shows(mia, '.records', 'HJ 915-2017 实际水样比对(待核对原文) · mia 登记于');
    expect(await mia.locator(offer).count()).toBe(0);

    await mia.getByRole('button', { name: '登记一次比对' }).click();
    await mia.selectOption('select[name=comparison-station]', 'nankeng-out');
    await mia.selectOption('select[name=comparison-parameter]', 'nh3n');
    await mia.fill('input[name=comparison-time]', '2026-11-20T16:00');
    await mia.fill('input[name=laboratory]', '8.8');
    await shows(mia, '.proposal', '共 1 个有效测值,均值 9.000 mg/L');
    await shows(mia, '.proposal', '合格 · 相对误差 2.3 %');
    await mia.getByRole('button', { name: '登记', exact: true }).click();
    await shows(mia, '.comparison-desk', '已登记,合格');
    await mia.getByText('各项现状').click();
    await shows(mia, '.series', '氨氮 ● 2026-11-20 合格');

    await mia.locator('[data-comparison="2"]').getByRole('button', { name: '撤回' }).click();
    await mia.fill('input[name=withdraw-reason]', '瓶号写错');
    await mia.locator('.leave').getByRole('button', { name: '撤回' }).click();
    await shows(mia, '[data-comparison="2"]', 'mia 09:30 撤回:瓶号写错');
    await shows(mia, '.series', '氨氮 ◆ 2026-11-20 不合格');
    expect(await mia.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
    await mia.context().close();
  });
});
