/** Does the compliance page show what the API answers, and nothing else? A real Chromium over the real routes and a pipeline's verdicts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import { type Running, startHttp } from '../adapters/http/start-http.js';
import { type Autumn, openAutumn } from '../support/compliance.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { buildPages, executablePath, whereThereIsChromium } from './chromium.js';

whereThereIsChromium('compliance', () => {
  let folder: TemporaryFolder;
  let autumn: Autumn;
  let running: Running;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    folder = await temporaryFolder('web');
    buildPages(folder.path);
    autumn = await openAutumn();
    running = await startHttp({ webFolder: folder.path });
    Object.assign(running.reports, autumn.reports);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    await autumn?.pipeline.dispose();
    await folder?.remove();
  });

  const open = async (path: string, width = 1440): Promise<void> => {
    complaints = [];
    page = await browser.newPage({ viewport: { width, height: 900 }, timezoneId: 'America/New_York' });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${running.url}${path}`);
  };
  const rate = async (query: string): Promise<ComplianceAnswer> =>
    (await (await fetch(`${running.url}/api/v1/compliance/river?${query}`)).json()) as ComplianceAnswer;
  const text = (selector: string): Promise<string> => page.locator(selector).innerText();

  test('every target leads to its own page', async () => {
    await open('/compliance');
    await page.locator('[data-target="river"] a').click();
    await page.waitForSelector('.rate-sentence');
    expect(new URL(page.url()).pathname).toBe('/compliance/river');
    const answer = await rate('');
    expect(await text('.rate-sentence .division')).toBe(`${answer.met} 达标 ÷ ${answer.met + answer.exceeded} 个断面月`);
    // Days are met whose hours are not: the calendar of an hourly rate says that it does not show them.
    await page.goto(`${running.url}/compliance/drinking-online?period=2026`);
    await page.waitForSelector('#calendar');
    expect(await text('#calendar h2')).toContain('一天之内超标的小时在这里看不到');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the figures, the months and the windows that lost it are those of the API', async () => {
    await open('/compliance/river?period=2026');
    await page.waitForSelector('#windows .window-list');
    const answer = await rate('period=2026&only=lost');
    expect(await text('.rate-sentence .percent-figure')).toBe(`${answer.rate} %`);
    expect(await text('.rate-sentence .set-aside')).toBe('人工剔除 0 条,其中超限 0 条');
    expect(await page.locator('#split tbody tr').count()).toBe(11);
    expect(await text('[data-part="2026-10"]')).toContain('0 ÷ 1');
    const listed = await page
      .locator('#windows [data-window]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-window')));
    expect(listed).toEqual(answer.windows.map(({ start }) => start));
    const finding = answer.windows[0]!.findings.find(({ outcome }) => outcome === 'exceeded')!;
    const shown = await text('#windows .finding');
    for (const part of [finding.name, finding.statistic, finding.limitText!, `超 ${finding.times} 倍`, finding.citation!]) {
      expect(shown).toContain(part);
    }
    // What does not count says so beside its clause, not in it.
    await page.route('**/api/v1/compliance/river?*', async (request) => {
      const body = (await (await request.fetch()).text()).replaceAll('"counted":true', '"counted":false');
      await request.fulfill({ body, contentType: 'application/json' });
    });
    await page.reload();
    await page.waitForSelector('#windows .finding');
    expect(await text('#windows .finding .source >> nth=0')).toMatch(/\s未计入/);
    await page.close();
  });

  test('a month is opened by its name, a square by a click; the address says both and shows them again', async () => {
    await open('/compliance/river?period=2026');
    await page.locator('[data-part="2026-11"] button').click();
    await page.waitForFunction(() => location.search.includes('period=2026-11'));
    await page.locator('[data-day="2026-11-10"]').click();
    await page.waitForSelector('.day [data-window]');
    expect(await text('.day')).toContain('未计入:审核 1');
    expect(await text('.day')).toContain('人工剔除 1 条(其中超限 1 条)');
    await page.reload();
    await page.waitForSelector('.day [data-window]');
    expect(await text('.day h3')).toContain('2026-11-10');
    await page.locator('[data-day="2026-11-23"]').click();
    await page.waitForSelector('.day .open');
    expect(await text('.day .open')).toContain('进行中,截至 08:00');
    expect(await text('.day .open')).toMatch(/氨氮 至今均值 0\.4\d? mg\/L · 3\/6/);
    await page.close();
  });

  test('the squares of a year are the verdicts of its days, and the arrows lead from one to the next', async () => {
    await open('/compliance/river?period=2026');
    await page.waitForSelector('.year-calendars [data-day]');
    const days = await rate('period=2026&window=day');
    for (const kind of ['met', 'exceeded', 'undetermined'] as const) {
      expect([kind, await page.locator(`.months .is-${kind}`).count()]).toEqual([kind, days[kind]]);
    }
    expect(await page.locator('.months .is-open').count()).toBe(1);
    await page.locator('[data-day="2026-10-05"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain('2026-10-06 超标');
    await page.close();
  });

  test('some stations only: it says so, and the file is asked with the same', async () => {
    await open('/compliance/river?period=2026&window=day&station=nankeng-out');
    await page.waitForSelector('.compliance-target .part');
    expect(await text('.compliance-target .part')).toContain('部分站点');
    const address = new URL((await page.locator('.files a').last().getAttribute('href'))!, running.url);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      ...{ period: '2026', window: 'day', station: 'nankeng-out' },
      ...{ only: 'lost', by: 'month', format: 'csv' },
    });
    expect((await fetch(address)).status).toBe(200);
    await page.close();
  });

  test('all windows are listed page by page, the newest first, with how many of how many; another question begins anew', async () => {
    await open('/compliance/river?period=2026&window=day&show=all');
    const asked: string[] = [];
    const answer = await rate('period=2026&window=day&all=1&order=newest');
    // More windows than one page of the answer holds.
    await page.route('**/api/v1/compliance/river?*', async (request) => {
      asked.push(new URL(request.request().url()).search);
      const start = Date.parse('2026-11-22T00:00:00+08:00');
      const windows = Array.from({ length: asked.at(-1)!.includes('page=2') ? 500 : 2000 }, (_, i) => ({
        ...answer.windows[0],
        start: new Date(start - i * 86_400_000).toISOString(),
      }));
      await request.fulfill({ json: { ...answer, met: 2500, exceeded: 0, undetermined: 0, excused: 0, windows } });
    });
    await page.reload();
    await page.waitForSelector('#windows .pages');
    expect(await text('#windows .show')).toContain('列出 2 000 / 共 2 500 个时段');
    // Paper says what is not on it.
    await page.emulateMedia({ media: 'print' });
    expect(await text('#windows .window-list .more')).toBe('共 2000 个时段,此处印出最近 12 个。');
    await page.emulateMedia({ media: 'screen' });
    expect(Object.fromEntries(new URLSearchParams(asked.at(-1)))).toMatchObject({ all: '1', order: 'newest' });
    await page.locator('#windows .pages button').click();
    await page.waitForFunction(() => location.search.includes('page=2'));
    await page.locator('#windows .pages', { hasText: '第 2 / 2 页' }).waitFor();
    await page.locator('#windows .show', { hasText: '列出 500 / 共 2 500 个时段' }).waitFor();
    expect(new URLSearchParams(asked.at(-1)).get('page')).toBe('2');
    expect(await page.locator('#windows .pages button').allInnerTexts()).toEqual(['‹ 较新的']);
    await page.locator('#windows .show button').click();
    await page.waitForFunction(() => !location.search.includes('page='));
    expect(asked.at(-1)).toContain('only=lost');
    expect(asked.at(-1)).not.toContain('all=1');
    await page.close();
  });

  test('what the service refuses is said in its words, with the way back', async () => {
    await open('/compliance/river?village=nowhere');
    await page.waitForSelector('.compliance-target .problem');
    expect(await text('.compliance-target .problem')).toContain('没有站点');
    await page.locator('.compliance-target .problem a').click();
    await page.waitForSelector('.rate-sentence');
    await page.close();
  });

  test.each(['zh', 'en'])('on a phone nothing but the table is wider than the screen: %s', async (language) => {
    await open('/compliance/river?period=2026&day=2026-10-05', 360);
    await page.evaluate((chosen) => localStorage.setItem('heqing.language', chosen), language);
    await page.reload();
    await page.waitForSelector('.day [data-window]');
    // What became of a part is read without scrolling sideways.
    const state = await page.locator('[data-part] .state').first().boundingBox();
    expect(state!.x + state!.width).toBeLessThanOrEqual(360);
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth === 360
        ? []
        : [...document.querySelectorAll('main *')]
            .filter((e) => e.getBoundingClientRect().right > innerWidth && e.closest('table') === null)
            .map((e) => e.outerHTML.slice(0, 90)),
    );
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.close();
  });
});
