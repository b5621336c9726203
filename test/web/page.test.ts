/** What does a person see at `/`? The built page in a real Chromium, under the strictest policy, with a service that answers, speaks and falls silent. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import * as contract from '../../src/adapters/http/contract.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { TemporaryFolder } from '../support/temporary-folder.js';
import { startFakeService } from './fake-service.js';
import type { FakeService } from './fake-service.js';
import * as fixtures from './fixtures.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** `describe` where there is a Chromium. Where there is none: a failure in CI, elsewhere named as not tested. */
function describeInChromium(title: string, body: () => void): void {
  if (existsSync(executablePath)) return describe(title, body);
  if (process.env.HEQING_NOT_TESTED) appendFileSync(process.env.HEQING_NOT_TESTED, 'chromium\n');
  test(`NOT TESTED HERE: ${title}, no Chromium at ${executablePath}`, () => expect(process.env.CI).not.toBe('true'));
}

test('the fixtures are what the contract promises', () => {
  contract.stationsAnswer.parse({ asOf: fixtures.AS_OF, stations: fixtures.stations });
  contract.targetsAnswer.parse({ asOf: fixtures.AS_OF, targets: fixtures.targets });
  contract.alertsAnswer.parse({ asOf: fixtures.AS_OF, alerts: fixtures.alerts });
  contract.complianceAnswer.parse(fixtures.riverDays);
  contract.siteAnswer.parse(fixtures.site);
  contract.readingsAnswer.parse(fixtures.readings);
  fixtures.notices.forEach((notice) => contract.noticeAnswer.parse(notice));
  contract.rejectionsAnswer.parse(fixtures.rejections);
  contract.receiptsAnswer.parse(fixtures.receipts);
  contract.liveReading.parse(fixtures.liveReading);
});

describeInChromium('the first page', () => {
  let folder: TemporaryFolder;
  let browser: Browser;
  let service: FakeService;
  let page: Page;
  /** Whatever the browser complained about: script errors, refused styles, missing files. */
  let complaints: string[];

  beforeAll(async () => {
    folder = await temporaryFolder('web');
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const config = join(root, 'src/web/vite.config.ts');
    const built = spawnSync(
      process.execPath,
      [vite, 'build', '--config', config, '--outDir', folder.path, '--logLevel', 'error'],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
      },
    );
    if (built.status !== 0) throw new Error(`the pages do not build:\n${built.stdout}${built.stderr}`);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await folder?.remove();
  });

  async function open(options: BrowserContextOptions = {}, query = ''): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      timezoneId: 'America/New_York',
      ...options,
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(service.url + query);
    return page;
  }
  const seen = (selector: string): Promise<string> => page.locator(selector).innerText();
  const shows = (selector: string, text: string): Promise<unknown> =>
    eventually(`${selector} shows ${text}`, async () => (await seen(selector)).includes(text));
  const station = (id: string): string => `[data-station="${id}"]`;
  const value = (id: string, parameter: string): string => `${station(id)} [data-parameter="${parameter}"]`;

  beforeEach(async () => {
    complaints = [];
    service = await startFakeService(folder.path);
  });
  afterEach(async () => {
    await page?.context().close();
    await service.close();
  });

  test('targets say what their rate is made of; without one they say why', async () => {
    await open();
    const river = '[data-target="river"]';
    await page.waitForSelector(river);
    const words = (await seen(river)).replace(/\s+/g, ' ');
    for (const part of [
      '南坑河五陂段水质达标率',
      '2026 年 · 按断面月',
      '100 %',
      '目标 100 %',
      '达标',
      '10 达标 ÷ 10 个断面月',
      '有效评价比例 100 %',
      '过程指标(日,不作考核) 99.39 % · 超标 2 天',
      '未审核 · 5 项自动监测(非 21 项全评价)',
    ]) {
      expect(words).toContain(part);
    }
    const drinking = await seen('[data-target="drinking"]');
    expect(drinking).toContain('未判定');
    expect(drinking).toContain('暂无化验结果');
    expect(drinking.match(/\d+(\.\d+)? %/g)).toEqual(['100 %']);
    const sewage = await seen('[data-target="sewage"]');
    expect(sewage).toContain('有效评价比例 49.53 %,不足 90 %(金桥配套污水处理厂总排口:缺许可限值)');
    expect(sewage).not.toContain('未判定:');
    const online = (await seen('[data-target="drinking-online"]')).replace(/\s+/g, ' ');
    expect(online).toContain('99.99 %');
    expect(online).toContain('46 912 达标 ÷ 46 915 个站点小时');
    expect(online).not.toContain('目标');
    expect(complaints).toEqual([]);
  });

  test('the evidence behind the process view: statistic, value, limit, clause, times, parts due, reason', async () => {
    await open();
    await page.click('[data-target="river"] .process button');
    await page.waitForSelector('.evidence .finding');
    const evidence = (await seen('.evidence')).replace(/\s+/g, ' ');
    for (const part of [
      '过程指标 · 日',
      '超标',
      '11-20',
      '南坑河出境断面',
      'Ⅳ类',
      '日均值(时段均值的均值)',
      '1.20',
      '≤ 1.0',
      '超 0.2 倍',
      '6 / 应有 6',
      'GB 3838-2002 表1 Ⅲ类',
      '其余 1 项达标',
      '未判定',
      '11-21',
      '有效数据不足',
      '1 / 应有 6',
    ]) {
      expect(evidence).toContain(part);
    }
    expect(complaints).toEqual([]);
  });

  test('stations: state, class with its note, open window, values with unit, limit and the site’s own time', async () => {
    await open();
    await page.waitForSelector(station('nankeng-out'));
    const order = await page
      .locator('.surface-water [data-station]')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.station));
    expect(order).toEqual(['nankeng-in', 'nankeng-mid', 'nankeng-out']);
    const out = (await seen(`${station('nankeng-out')} header`)).replace(/\s+/g, ' ');
    for (const part of ['考核断面', '执行Ⅲ类', '待区局确认', '今日进行中', '有效 3/6', '至今 Ⅳ类', '现有 1 项超限'])
      expect(out).toContain(part);
    expect((await seen(value('nankeng-out', 'nh3n'))).split(/\s+/)).toEqual(['氨氮', '1.37', 'mg/L', '≤', '1.0', '10:30']);
    expect(await seen(`${value('nankeng-out', 'nh3n')} + .remark-row`)).toContain('超限 0.37 倍');
    expect(await seen(`${value('nankeng-out', 'tp')} + .remark-row`)).toContain('设备故障 D · 无效 · 不计入');
    expect(await seen(value('nankeng-out', 'tn'))).toContain('无数据');
    expect(await seen(value('qinghuchong-outlet', 'nh3n'))).toContain('≥ 12');
    expect(await seen(`${station('jinqiao-outlet')} header`)).toContain('缺许可限值');
    expect(await seen(`${station('datian-tap')} header`)).toContain('离线');
    expect(await seen(`${value('celei-plant', 'clo2')} + .remark-row`)).toContain('限值待确认');
    // A name that is markup is a name.
    expect(await seen(`${station('dust-site-1')} h4`)).toContain('<img src=x onerror=');
    expect(await page.locator(`${station('dust-site-1')} img`).count()).toBe(0);
    expect(await seen('.page-header')).toMatch(/数据截至\s*10:32:05/);
    expect(await seen('.channel')).toMatch(/预警通道\s+(◌\s*)?未验证\s*· 待发 2/);
    expect(complaints).toEqual([]);
  });

  test('every state is a shape and a word, not a colour', async () => {
    await open();
    await page.waitForSelector(station('nankeng-out'));
    const marks = await page.locator('.state-mark').evaluateAll((all) =>
      all.map((e) => ({
        kind: /is-(\w+)/.exec(e.getAttribute('class') ?? '')?.[1] ?? '',
        word: e.querySelector('.word')?.textContent?.trim() ?? '',
        letter: e.querySelector('.letter')?.textContent?.trim() ?? '',
        drawing: e.querySelector('svg')?.innerHTML.replace(/ data-v-\w+=""/g, '') ?? '',
      })),
    );
    expect(marks.length).toBeGreaterThan(20);
    const drawings = new Map<string, string>();
    for (const mark of marks) {
      expect(mark.word).not.toBe('');
      expect(mark.letter).not.toBe('');
      drawings.set(mark.kind, mark.drawing);
    }
    expect(new Set(marks.map((m) => m.kind)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(drawings.values()).size).toBe(drawings.size);
  });

  test('alerts: what, how much, since when, who; acknowledged after a login, with a note', async () => {
    await open();
    await page.waitForSelector('[data-alert="a1"]');
    expect((await seen('[data-alert="a1"]')).replace(/\s+/g, ' ')).toMatch(
      /超限 南坑河出境断面 氨氮 1\.37 mg\/L 超限 0\.37 倍 限值 ≤ 1\.0 自 08:40 未签收/,
    );
    expect((await seen('[data-alert="a2"]')).replace(/\s+/g, ' ')).toContain('自 11-22 21:10 已签收');
    expect(await page.locator('#data').count()).toBe(0);

    await page.click('.tools .quiet:last-child');
    await page.fill('input[name=username]', 'officer');
    await page.fill('input[name=password]', 'wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .problem');
    expect(await seen('dialog .problem')).toBe('用户名或密码不对。');
    await page.fill('input[name=password]', 'right');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#data');

    await page.click('[data-alert="a1"] .line');
    await page.fill('[data-alert="a1"] input[name=note]', '已通知村级河长');
    await page.click('[data-alert="a1"] .take button');
    await shows('[data-alert="a1"]', '已签收');
    expect(service.acknowledged).toEqual([{ note: '已通知村级河长' }]);
    expect(await seen('[data-alert="a1"]')).toContain('officer 10:32');

    await page.click('#data-panel .link');
    await page.waitForSelector('#data-panel pre');
    const notices = await seen('#data-panel');
    for (const part of ['镇环保办', '【超限】南坑河出境断面 氨氮 1.37 mg/L', '待发', 'ECONNREFUSED', '自 08:40。'])
      expect(notices).toContain(part);
    await page.focus('#tab-notices');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('#data-panel code');
    await page.click('#data-panel .link');
    const rejections = await seen('#data-panel');
    for (const part of ['heqing/nankeng-mid/readings', 'no-time-zone', '没有时区', '<script>1</script>'])
      expect(rejections).toContain(part);
    await page.keyboard.press('Escape');
    await page.focus('#tab-rejections');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.receipts');
    expect((await seen('.receipts')).replace(/\s+/g, ' ')).toContain('南坑河入境断面 310 312 309 2 1 0 0 齐全');
    // The browser itself logs the refused password; nothing else.
    expect(complaints.filter((c) => !c.includes('401'))).toEqual([]);
  }, 20_000);

  test('the link of a mail opens its alert, and says so when it is over', async () => {
    await open({}, '?alert=a2');
    await page.waitForSelector('[data-alert="a2"] .details');
    expect(await seen('[data-alert="a2"]')).toContain('游离氯 0.04 mg/L 低于下限 0.05');
    expect(await page.locator('[data-alert="a1"] .details').count()).toBe(0);
    await page.context().close();
    await open({}, '?alert=gone');
    await page.waitForSelector('[data-alert="a1"]');
    expect(await seen('#alerts')).toContain('邮件里的这条报警已不在进行中');
    expect(complaints).toEqual([]);
  });

  test('a live value takes its place; one beyond its limit by a hair is told apart; a late one changes nothing', async () => {
    await open();
    await page.waitForSelector(value('changtan-tap', 'turb'));
    await eventually('the page listens', () => service.listeners() === 1);
    expect(await seen('.live')).toContain('实时更新');
    service.tell('reading', fixtures.liveReading);
    await page.waitForSelector(`${value('changtan-tap', 'turb')}.over`);
    expect((await seen(value('changtan-tap', 'turb'))).split(/\s+/)).toEqual(['浑浊度', '1.004', 'NTU', '≤', '1', '10:32']);
    expect(await page.locator(`${value('changtan-tap', 'turb')} .just-changed`).count()).toBe(1);
    expect(await seen('.fresh')).toContain('10:32:30');
    service.tell('reading', { ...fixtures.liveReading, time: '2026-11-23T10:31:00+08:00', value: 0.9, check: 'within' });
    service.tell('reading', { ...fixtures.liveReading, parameter: 'ph', value: 7.77, check: 'within' });
    await shows('[data-station="changtan-tap"] [data-parameter="ph"]', '7.77');
    expect(await seen(value('changtan-tap', 'turb'))).toContain('1.004');

    service.state.alerts = [];
    service.tell('alert');
    await shows('#alerts', '没有进行中的预警与报警');
    expect(await seen('#alerts')).toContain('没有数据不等于正常');
    service.state.targets = service.state.targets.map((t) =>
      t.id === 'river' ? { ...t, rate: 90.9, exceeded: 1, status: 'missed' as const } : t,
    );
    service.tell('compliance');
    await shows('[data-target="river"]', '未达标');
    expect((await seen('[data-target="river"]')).replace(/\s+/g, ' ')).toContain('10 达标 ÷ 11 个断面月');
    expect(complaints).toEqual([]);
  });

  test('a broken line is said, with its time; what is shown stays; when it is back the page asks again', async () => {
    await open();
    await page.waitForSelector(station('nankeng-out'));
    await eventually('the page listens', () => service.listeners() === 1);
    service.state.broken = true;
    service.cutLive();
    await shows('.live', '未实时更新,自 10:3');
    expect(await seen(value('nankeng-out', 'nh3n'))).toContain('1.37');
    service.state.broken = false;
    service.state.alerts = [];
    await eventually('the page is live again', async () => !(await seen('.live')).includes('未'), 15_000);
    await shows('#alerts', '没有进行中的预警与报警');
  }, 25_000);

  test('an old page says that it is old, how old, and that its data are', async () => {
    await open();
    await page.waitForSelector(station('nankeng-out'));
    service.state.broken = true;
    await page.clock.install();
    await page.reload();
    await page.waitForSelector('#stations .problem');
    service.state.broken = false;
    await page.clock.runFor(61_000);
    await page.waitForSelector(station('nankeng-out'));
    expect(await page.locator('.banner').count()).toBe(0);
    service.state.broken = true;
    await page.clock.runFor(31 * 60_000);
    await shows('.banner', '本页内容已旧');
    expect(await seen('.banner')).toMatch(/最后更新 10:32:\d\d\(3\d 分钟前\)/);
    expect(await seen('.pulse')).toContain('数据已旧');
    expect(await seen(value('nankeng-out', 'nh3n'))).toContain('1.37');
    service.state.broken = false;
    await page.click('.banner .link');
    await page.clock.runFor(2000);
    await page.waitForSelector('.banner', { state: 'detached' });
  });

  test('a service that fails at once, or shows nothing without a login, is said in words', async () => {
    service.state.broken = true;
    await open();
    await page.waitForSelector('#stations .problem');
    expect(await seen('#stations .problem')).toContain('站点没有读到');
    await page.context().close();
    service.state.broken = false;
    service.state.closedToPublic = true;
    await open();
    await page.waitForSelector('.closed');
    expect(await seen('.closed')).toContain('查看需要登录');
    expect(await page.locator('[data-station]').count()).toBe(0);
  });

  test('the chart is loaded when it is opened, and names in words what does not count', async () => {
    await open();
    const scripts: string[] = [];
    page.on('response', (response) => scripts.push(response.url()));
    await page.waitForSelector(value('nankeng-out', 'nh3n'));
    expect(scripts.filter((url) => url.includes('chart'))).toEqual([]);
    await page.click(`${value('nankeng-out', 'nh3n')} button`);
    await page.waitForSelector('.series-chart canvas');
    expect(scripts.filter((url) => /chart-.*\.js$/.test(url)).length).toBe(1);
    const words = await seen('.series-chart figcaption');
    for (const part of [
      '氨氮 近 24 小时',
      '最高 1.31 mg/L',
      '计入 64 / 66 个测值',
      '无效 1',
      '维护 1',
      '限值 ≤ 1.0',
      'GB 3838-2002',
    ])
      expect(words).toContain(part);
    // Drawn: the line's colour is on the canvas.
    const painted = await page.locator('.series-chart canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) ink++;
      return ink;
    });
    expect(painted).toBeGreaterThan(500);
    const asked = scripts.find((url) => url.includes('/readings?'));
    expect(new URL(asked ?? 'http://x').searchParams.get('from')).toMatch(/^2026-11-22T10:32:\d\d\+08:00$/);
    await page.hover('.series-chart canvas');
    await page.waitForTimeout(100);
    expect(complaints).toEqual([]);
  });

  test.each([
    ['zh', 360],
    ['en', 360],
    ['zh', 820],
  ] as const)('in %s nothing hangs over the edge at %d px, also when everything is open', async (language, width) => {
    service.state.loggedIn = true;
    await open({ viewport: { width, height: 800 } });
    if (language === 'en') {
      await page.click('.tools .quiet >> nth=0');
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
      expect(await seen('#alerts h2')).toContain('Needs attention');
    }
    await page.waitForSelector(station('nankeng-out'));
    await page.click('[data-target="river"] .process button');
    await page.click('[data-alert="a1"] .line');
    await page.click(`${value('nankeng-out', 'nh3n')} button`);
    await page.waitForSelector('.series-chart canvas');
    for (const tab of ['notices', 'rejections', 'receipts']) {
      await page.click(`#tab-${tab}`);
      await page.waitForSelector('#data-panel table');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('in %s all text has the contrast of AA against the page', async (colorScheme) => {
    await open({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForSelector(station('nankeng-out'));
    const faint = await page.evaluate(() => {
      const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      const light = (color: string): number => {
        const [r, g, b] = channels(color).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
      };
      const paper = light(getComputedStyle(document.documentElement).backgroundColor);
      const found: string[] = [];
      for (const element of document.querySelectorAll<HTMLElement>('.page *')) {
        const own = [...element.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim());
        if (!own || element.closest('dialog, .letter, .primary')) continue;
        const ink = light(getComputedStyle(element).color);
        const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.className} ${element.textContent?.slice(0, 20)}`);
      }
      return found;
    });
    expect(faint).toEqual([]);
  });
});
