/** Does each of the people find on the pages what they come for, by clicking, on a phone and at a desk? The real service, simulated sensors, real Chromium. */
/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { whereThereIsChromium } from '../web/chromium.js';
import { dayAgo } from './ask.js';
import { Office, type Size, SIZES, TODAY, type Visit, type Who } from './office.js';
import { takePictures } from './page-pictures.js';

jest.setTimeout(240_000);

const sizes = Object.keys(SIZES) as Size[];
const OVER = TODAY.over.station;

whereThereIsChromium('the people and their questions', () => {
  let office: Office;
  let visit: Visit | null = null;
  beforeAll(async () => {
    office = await Office.open();
  });
  afterAll(() => office?.close());
  afterEach(async () => {
    const complaints = visit?.complaints ?? [];
    await visit?.close();
    visit = null;
    expect(complaints).toEqual([]);
  });
  const open = async (who: Who, size: Size, path: string): Promise<Page> => {
    visit = await office.visit(who, size, path);
    return visit.page;
  };
  /** An entry of the navigation: on a phone some stand behind 更多. */
  const go = async (page: Page, name: string): Promise<void> => {
    const link = page.getByRole('navigation').getByRole('link', { name });
    const more = page.getByRole('button', { name: '更多' });
    // What a role may see is known a moment after the rest.
    await link.or(more).filter({ visible: true }).first().waitFor();
    if (!(await link.isVisible())) await more.click();
    await link.click();
  };

  describe.each(sizes)('on a %s', (size) => {
    test('village river chief: the five things of my reach, on one screen', async () => {
      const page = await open('chief', size, '/chiefs/chief-changtan');
      const card = page.locator('.chief-five');
      await card.waitFor();
      expect(await card.locator('dt').allInnerTexts()).toEqual(['出境', '本月', '今年', '来去', '我的', '数据']);
      for (const said of ['目标Ⅲ', '1.37 mg/L', '超出 0.37', '断面月', '入境', '应巡 1 / 已巡 0', '在线'])
        expect(await card.innerText()).toContain(said);
      // On a phone the navigation lies over the lower edge.
      const edge = await page.evaluate(() => {
        const nav = document.querySelector('nav')!;
        return getComputedStyle(nav).position === 'fixed' ? nav.getBoundingClientRect().top : innerHeight;
      });
      for (const part of [card, page.getByRole('button', { name: /^已知悉/ }), page.locator('.chief-card .qr-code')])
        expect(await part.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThanOrEqual(edge);
      expect(await page.evaluate(() => window.scrollY)).toBe(0);
    });

    test('officer: what needs me now? The alert, signed for with a note', async () => {
      const [item, value] = size === 'phone' ? (['氨氮', '1.37'] as const) : (['总磷', '0.25'] as const);
      const page = await open('officer', size, '/');
      await page.locator('#todo').getByRole('link', { name: item }).click();
      const alert = page.locator('.alert-page');
      await alert.getByRole('heading', { name: `南坑河出境断面 ${item}` }).waitFor();
      expect(await alert.innerText()).toMatch(/GB 3838-2002/);
      expect(await alert.locator('.headline').innerText()).toContain(value);
      await alert.getByLabel('备注').fill('已派人到现场采样');
      await alert.getByRole('button', { name: '签收' }).click();
      await alert.getByText('officer-here', { exact: false }).first().waitFor();
      await alert.getByText('已派人到现场采样').waitFor();
      await go(page, '预警与报警');
      await page.locator('.alert-item', { hasText: item }).getByText('已签收').waitFor();
    });

    test('officer: why was the rate lost, exactly?', async () => {
      const page = await open('officer', size, '/');
      await go(page, '达标率');
      await page.getByRole('link', { name: '农村饮用水水质达标率' }).click();
      const article = page.locator('.compliance-target');
      await article.locator('.rate-sentence').getByText('0 达标 ÷ 1 份水样').waitFor();
      const lost = article.locator('#windows li').filter({ hasText: '长潭村' });
      expect(await lost.count()).toBe(1);
      const finding = await lost.locator('.finding.is-exceeded').innerText();
      for (const said of ['浊度', '1.8', '≤ 1', '超 0.8 倍', 'GB 5749-2022']) expect(finding).toContain(said);
    });

    test('officer: is it the sensor? What was left out and why, the device’s clock, what it really sent', async () => {
      const page = await open('officer', size, '/stations');
      await page.getByRole('link', { name: '南坑河出境断面' }).first().click();
      await page.locator('.station-head').getByText('设备时钟正常').waitFor();
      // A chart is asked for when it comes into sight.
      const chart = page.locator('[data-chart="codmn"]');
      await chart.scrollIntoViewIfNeeded();
      await chart.getByText('× 不计入').waitFor();
      await page.locator('[data-chart="nh3n"]').getByText('1.37').first().waitFor();
      const message = page.locator('.last-message');
      await message.locator('pre').waitFor();
      expect(JSON.parse(await message.locator('pre').innerText())).toMatchObject({ values: TODAY.over.values });
      expect(await message.innerText()).toContain('已采用');
      const day = page.locator(`[data-day="${dayAgo(1)}"]`);
      await day.click();
      await page.locator('.day-evidence').getByText('GB 3838-2002').first().waitFor();
    });

    test('officer: what was due and did not come?', async () => {
      const page = await open('officer', size, '/');
      await go(page, '数据');
      await page.getByRole('button', { name: '前一天' }).click();
      const row = page.locator(`[data-receipt="${TODAY.silent}"]`);
      await row.getByText('段').first().waitFor();
      expect(new URL(page.url()).search).toContain(dayAgo(1));
      const seen = await row.innerText();
      expect(seen).toContain('五陂镇区环境空气站');
      expect(seen).toMatch(/144/);
    });

    test('officer: what do I report upward? The file says what the page says', async () => {
      const page = await open('officer', size, '/compliance/drinking-water');
      const waits = page.waitForEvent('download');
      await page.getByRole('link', { name: 'CSV' }).click();
      const csv = readFileSync(await (await waits).path(), 'utf8');
      expect(csv).toMatch(/浊度.*1\.8.*GB 5749-2022/);
      const xlsx = page.waitForEvent('download');
      await page.getByRole('link', { name: 'XLSX' }).click();
      expect(
        readFileSync(await (await xlsx).path())
          .subarray(0, 2)
          .toString(),
      ).toBe('PK');
    });

    test('operator: is everything alive, what is refused and why?', async () => {
      const page = await open('operator', size, '/data?part=health');
      const health = page.locator('table.health');
      await health.waitFor();
      expect(await health.locator('tr').count()).toBeGreaterThan(4);
      await page.getByRole('link', { name: '拒收', exact: true }).click();
      const refused = page.locator('table.rejections tbody tr').first();
      await refused.getByText('不是 JSON').waitFor();
      await refused.getByRole('button', { name: '原文' }).click();
      expect(await page.locator('table.rejections pre').innerText()).toBe(TODAY.nonsense.payload);
    });

    test('maintenance: the code at the cabinet opens the page; 开始维护, 结束维护', async () => {
      const page = await open('maintenance', size, `/stations/${TODAY.nonsense.station}`);
      const desk = page.locator('.maintenance-desk');
      await desk.getByLabel('做什么').fill(`清洗电极 ${size}`);
      await desk.getByRole('button', { name: '开始维护' }).click();
      await desk.locator('.standing').getByText(`清洗电极 ${size}`).waitFor();
      await desk.getByRole('button', { name: '结束维护' }).click();
      await desk.getByText('已登记结束。').waitFor();
      await eventually('the record', async () => {
        const { maintenance } = await office.service.api<{ maintenance: { who: string; note: string; to: string | null }[] }>(
          `/api/v1/maintenance?station=${TODAY.nonsense.station}&limit=5`,
        );
        expect(maintenance[0]).toMatchObject({ who: 'maintenance-here', note: `清洗电极 ${size}`, to: expect.any(String) });
        return true;
      });
    });

    test('the public, from outside: the board and nothing else', async () => {
      const page = await open(null, size, '/public');
      await page.getByRole('heading', { name: /公示/ }).first().waitFor();
      const board = await page.locator('main').innerText();
      for (const said of ['南坑河五陂段', '目标', '发布']) expect(board).toContain(said);
      for (const hidden of ['1.37', '超限', 'chief-', '@', '签收']) expect(board).not.toContain(hidden);
      const asked: string[] = [];
      page.on('response', (answer) => asked.push(`${answer.status()} ${new URL(answer.url()).pathname}`));
      for (const path of ['/', `/stations/${OVER}`, '/alerts', '/data', '/chiefs/chief-changtan', '/compliance/drinking-water']) {
        await page.goto(office.address + path);
        await page.locator('main').getByRole('button', { name: '登录' }).first().waitFor();
        expect(await page.locator('body').innerText()).not.toMatch(/1\.37|0\.25|浊度/);
      }
      const told = asked.filter((line) => line.startsWith('200 /api/'));
      expect(told.filter((line) => !/^200 \/api\/v1\/(site|public\/)/.test(line))).toEqual([]);
    });
  });

  takePictures(() => office);
});
