/** Can an officer sign a month on the page, knowing what is open, and does the figure stand when a later value changes it? */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Reports } from '../../src/adapters/http/reports.js';
import { localDate, windowsIn } from '../../src/domain/time.js';
import { BreakdownReport } from '../../src/pipeline/reporting/report-breakdown.js';
import { PASSWORD, type Running, startHttp } from '../adapters/http/start-http.js';
import { Pipeline } from '../support/pipeline.js';
import { signingOf } from '../support/signing.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { at, riverDay, times, wupi } from '../support/wupi.js';
import { buildPages, executablePath, whereThereIsChromium } from './chromium.js';

whereThereIsChromium('signing', () => {
  let folder: TemporaryFolder;
  let pipeline: Pipeline;
  let running: Running;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder('web');
    buildPages(folder.path);
    pipeline = await Pipeline.open({ now: at('2026-11-23 08:00') });
    const days = windowsIn('day', { from: at('2026-09-15'), to: at('2026-11-23') }, wupi.calendar);
    await pipeline.publish(
      ...days.flatMap(({ start }, i) =>
        riverDay(localDate(start, wupi.calendar)).map((r) => ({
          ...r,
          value: Number((r.value * (1 + (i % 2) / 100)).toFixed(4)),
        })),
      ),
    );
    await pipeline.run();
    running = await startHttp({ webFolder: folder.path, publicFigures: true });
    const signing = signingOf(pipeline);
    const { compliance, workingSet, verdicts } = pipeline.parts;
    const breakdown = new BreakdownReport(wupi, workingSet, verdicts, pipeline.clock, pipeline.parts.judgedAs);
    Object.assign(running.signing, signing);
    Object.assign(running.reports, {
      stations: () => pipeline.parts.report.stations(),
      targets: () => signing.rates.targets(compliance.targets()),
      compliance: (id, query) => signing.rates.beside(compliance.compliance(id, query)),
      breakdown: (id, query) => breakdown.breakdown(id, query),
      calendar: (id, query) => breakdown.calendar(id, query),
    } satisfies Partial<Reports>);
    await running.accounts.add('zhang', PASSWORD, 'officer');
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: 'America/New_York' });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.request.post(`${running.url}/api/v1/session`, { data: { username: 'zhang', password: PASSWORD } });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    await pipeline?.dispose();
    await folder?.remove();
  });

  const text = (selector: string): Promise<string> => page.locator(selector).innerText();

  test('looks, gives a reason, signs; a later value stands beside it as a correction; the board keeps the signed figure', async () => {
    pipeline.parts.excusing.add('office', {
      ...{ station: 'nankeng-out', kinds: ['day'], parameters: ['codmn'], reason: 'approved-removal', note: '' },
      ...{ from: '2026-10-30T00:00:00+08:00', to: '2026-10-31T00:00:00+08:00' },
      ...{ approver: '安源生态环境局', document: '安环〔2026〕8 号' },
    });
    await pipeline.run();
    await page.goto(`${running.url}/compliance/river`);
    await page.locator('[data-part="2026-10"] .signed a').click();
    await page.waitForSelector('[data-kind="unreviewed"]');
    expect(new URL(page.url()).search).toBe('?period=2026-10');
    expect(await text('#figure')).toMatch(/未定稿 · 未审核\s+100\s+%/);
    expect(await text('[data-kind="unreviewed"] li')).toContain('2026-10-01 至 10-31(31 天)');
    expect(await page.locator('[data-kind="unreviewed"] li a').getAttribute('href')).toContain('/review?station=nankeng-out');

    // What left a mean stands before whoever signs, and what is signed says it too.
    const excuse =
      /南坑河出境断面 10-30 00:00 至 10-31 00:00:批准剔除\(仅日评价,仅高锰酸盐指数\),安源生态环境局 安环〔2026〕8 号/;
    expect(await text('#figure .excuses')).toMatch(excuse);
    expect(await text('#windows')).toContain('0.080 mg/L');

    // Without a reason nothing is sent.
    await page.getByRole('button', { name: '定稿 2026-10' }).click();
    expect(await page.locator('#signed').count()).toBe(0);
    await page.locator('[name="despite-unreviewed"]').fill('十月逐日审核由监测站补做');
    await page.getByRole('button', { name: '定稿 2026-10' }).click();
    await page.waitForSelector('#signed');
    expect(await text('#signed')).toMatch(
      /100\s+%[^]*zhang [\d-]+ 定稿 · 第 1 版[^]*校验一致[^]*十月逐日审核由监测站补做[^]*定稿之后没有变化/,
    );
    expect(await text('#signed .excuses')).toMatch(excuse);
    expect(await page.locator('form.sign').count()).toBe(0);
    // On paper too: whose month it is, the division by name, and the evidence as it was signed.
    await page.emulateMedia({ media: 'print' });
    expect(await text('.compliance-sign h1')).toBe('南坑河五陂段水质达标率 2026-10 定稿');
    expect(await text('.signed-month .headline')).toContain('1 达标 ÷ 1 个断面月');
    expect(await text('.signed-month .window-list')).toMatch(/达标\s+2026-10[^]*氨氮 月均值/);
    expect(await text('.signed-month .window-list')).toContain('0.080 mg/L');
    await page.emulateMedia({ media: null });

    pipeline.clock.set(at('2026-11-24 09:00'));
    const bad = windowsIn('day', { from: at('2026-10-01'), to: at('2026-10-20') }, wupi.calendar).flatMap(({ start }) =>
      riverDay(localDate(start, wupi.calendar), { nh3n: times(6, 4) }).filter(({ parameter }) => parameter === 'nh3n'),
    );
    await pipeline.publish(...bad);
    await pipeline.run();
    await page.reload();
    await page.waitForSelector('.correction-list li');
    expect(await text('.signed-month .headline')).toMatch(/100\s+%/);
    expect(await text('.signed-month .window-list')).toMatch(/达标\s+2026-10/);
    expect(await text('#windows')).toMatch(/超标\s+2026-10/);
    expect(await text('.correction-list li')).toMatch(
      /2026-10 南坑河出境断面\s+●?\s*达标[^→]*→\s*▲?\s*超标[^]*氨氮[^]*更正 114 条测值/,
    );
    expect(await page.getByRole('button', { name: '更正定稿 2026-10' }).count()).toBe(1);

    // The year goes by what is signed, and says that it would be another now.
    await page.goto(`${running.url}/compliance/river`);
    await page.waitForSelector('.rate-sentence .signed-line');
    expect(await text('.rate-sentence .division')).toBe('1 达标 ÷ 1 个断面月');
    expect(await text('.rate-sentence .signed-line')).toMatch(/其中定稿 1 \/ 2 个月\s+◆?\s*更正 1 项\s+· 更正后为 0 %\(0 ÷ 1\)/);
    expect(await text('[data-part="2026-10"]')).toMatch(/100 %[^]*zhang [\d-]+ 定稿[^]*更正 1 项/);
    await page.goto(`${running.url}/`);
    await page.waitForSelector('[data-target="river"] .signed-line');
    expect(await text('[data-target="river"] .signed-line')).toContain('其中定稿 1 / 2 个月');

    const stranger = await browser.newPage({ viewport: { width: 360, height: 780 } });
    await stranger.goto(`${running.url}/public`);
    await stranger.waitForSelector('.year-rate');
    const board = await stranger.locator('main').innerText();
    expect(board).toMatch(/100\s+%\s+按已定稿 1 个月 · 1 达标 ÷ 1 个断面月/);
    expect(board).toContain('人工剔除数据 0 条(其中超限 0 条) · 带保留定稿:31 个站点日的数据未审核');
    expect(board).not.toMatch(/zhang|更正|氨氮|补做/);
    expect(await stranger.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await stranger.close();
    expect(complaints).toEqual([]);
  }, 60_000);
});
