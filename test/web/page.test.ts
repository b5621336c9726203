/** What does a person see on the overview, at the stations and among the alerts? The built page in a real Chromium, under the strictest policy. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from '@jest/globals';
import * as contract from '../../src/adapters/http/contract/contract.js';
import * as complianceContract from '../../src/adapters/http/contract/compliance.js';
import { describeInChromium, station, value } from './chromium.js';
import * as fixtures from './fixtures.js';
import { AS_OF, liveReading, stations } from './station-fixtures.js';

test('the fixtures are what the contract promises', () => {
  contract.stationsAnswer.parse({ asOf: AS_OF, stations });
  complianceContract.targetsAnswer.parse({ asOf: AS_OF, targets: fixtures.targets });
  contract.alertsAnswer.parse({ asOf: AS_OF, alerts: fixtures.alerts });
  complianceContract.complianceAnswer.parse(fixtures.riverDays);
  contract.siteAnswer.parse(fixtures.site);
  contract.readingsAnswer.parse(fixtures.readings);
  fixtures.notices.forEach((notice) => contract.noticeAnswer.parse(notice));
  contract.rejectionsAnswer.parse(fixtures.rejections);
  contract.receiptsAnswer.parse(fixtures.receipts);
  contract.liveReading.parse(liveReading);
});

/** The stations are shown. */
const STATIONS = 'stations';

describeInChromium('the pages', (look) => {
  test('targets say what their rate is made of; without one they say why', async () => {
    await look.open();
    const river = '[data-target="river"]';
    await look.page.waitForSelector(river);
    const words = (await look.seen(river)).replace(/\s+/g, ' ');
    for (const part of [
      '南坑河五陂段水质达标率',
      '2026 年 · 按断面月',
      '100 %',
      '目标 100 %',
      '达标',
      '10 达标 ÷ 10 个断面月',
      '有效评价比例 100 %',
      '11 月进行中: 氨氮月均 0.71 ≤ 1.0, 剩 8 天日均 ≤ 1.79 即达标',
      '余下时段须全部达标',
      '过程指标(日,不作考核) 99.39 % · 超标 2 天',
      '未审核 · 5 项自动监测(非 21 项全评价)',
    ]) {
      expect(words).toContain(part);
    }
    const drinking = await look.seen('[data-target="drinking"]');
    expect(drinking).toContain('未判定');
    expect(drinking).toContain('暂无化验结果');
    expect(drinking.match(/\d+(\.\d+)? %/g)).toEqual(['100 %']);
    expect(drinking.replace(/\s+/g, ' ')).toContain('最接近限值: 长潭村末梢水监测点 游离氯 0.08 ≥ 0.05 mg/L');
    const sewage = await look.seen('[data-target="sewage"]');
    expect(sewage).toContain('有效评价比例 49.53 %,不足 90 %(金桥配套污水处理厂总排口:缺许可限值)');
    expect(sewage).not.toContain('未判定:');
    const online = (await look.seen('[data-target="drinking-online"]')).replace(/\s+/g, ' ');
    expect(online).toContain('99.99 %');
    expect(online).toContain('46 912 达标 ÷ 46 915 个站点小时');
    expect(online).not.toContain('目标');
    expect(look.complaints).toEqual([]);
  });

  test('a wrong clock and a device without a time are named at their station', async () => {
    await look.open({}, STATIONS);
    await look.page.waitForSelector(station('nankeng-mid'));
    const clock = '时钟快 8 小时,疑似把北京时间当作 UTC 发送(自 06:10)';
    expect(await look.seen(`${station('nankeng-mid')} header`)).toContain(clock);
    expect(await look.seen(`${station('celei-plant')} header`)).toContain('设备不发送时间,以到达时间为准');
    expect(await look.seen(`${station('nankeng-out')} header`)).not.toContain('时钟');
    // English says it in English, and a village by the name that the config gives it there.
    await look.page.getByRole('button', { name: 'English' }).click();
    await look.shows(
      `${station('nankeng-mid')} header`,
      'the clock is 8 h fast: probably Beijing time is sent as UTC (since 06:10)',
    );
    expect(await look.seen('select[name=village]')).toContain('Datian Village');
    expect(await look.seen('footer')).toContain('Anyuan Bureau');
    expect(look.complaints).toEqual([]);
  });

  test('the evidence behind the process view: statistic, value, limit, clause, times, parts due, reason', async () => {
    await look.open();
    await look.page.click('[data-target="river"] .process button');
    await look.page.waitForSelector('.evidence .finding');
    const evidence = (await look.seen('.evidence')).replace(/\s+/g, ' ');
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
    expect(look.complaints).toEqual([]);
  });

  test('stations: state, class with its note, open window, values with unit, limit and the site’s own time', async () => {
    await look.open({}, STATIONS);
    await look.page.waitForSelector(station('nankeng-out'));
    const order = await look.page
      .locator('.surface-water [data-station]')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.station));
    expect(order).toEqual(['nankeng-in', 'nankeng-mid', 'nankeng-out']);
    const out = (await look.seen(`${station('nankeng-out')} header`)).replace(/\s+/g, ' ');
    for (const part of ['考核断面', '执行Ⅲ类', '待区局确认', '今日进行中', '有效 3/6', '至今 Ⅳ类', '现有 1 项超限'])
      expect(out).toContain(part);
    expect((await look.seen(value('nankeng-out', 'nh3n'))).split(/\s+/)).toEqual(['氨氮', '1.37', 'mg/L', '≤', '1.0', '10:30']);
    expect(await look.seen(`${value('nankeng-out', 'nh3n')} + .remark-row`)).toContain('超限 0.37 倍');
    expect(await look.seen(`${value('nankeng-out', 'tp')} + .remark-row`)).toContain('设备故障 D · 无效 · 不计入');
    expect(await look.seen(value('nankeng-out', 'tn'))).toContain('无数据');
    expect(await look.seen(value('qinghuchong-outlet', 'nh3n'))).toContain('≥ 12');
    expect(await look.seen(`${station('jinqiao-outlet')} header`)).toContain('缺许可限值');
    expect(await look.seen(`${station('datian-tap')} header`)).toContain('离线');
    expect(await look.seen(`${value('celei-plant', 'clo2')} + .remark-row`)).toContain('限值待确认');
    // A name that is markup is a name.
    expect(await look.seen(`${station('dust-site-1')} h3`)).toContain('<img src=x onerror=');
    expect(await look.page.locator(`${station('dust-site-1')} img`).count()).toBe(0);
    expect(await look.seen('.page-header')).toMatch(/数据截至\s*10:32:05/);
    expect(await look.seen('.channel')).toMatch(/预警通道\s+(◆\s*)?未验证\s*· 待发 2/);
    expect(look.complaints).toEqual([]);
  });

  test.each([
    ['proven', '2026-11-21T09:00:00+08:00', 'zh', /^预警通道\s+上次验证:2 天前/],
    ['unproven', '2026-11-11T09:00:00+08:00', 'zh', /^预警通道\s+(◆\s*)?未验证\s+上次验证:12 天前/],
    ['failing', '2026-11-21T09:00:00+08:00', 'en', /^Alert mail·?\s+(▲\s*)?failing\s+last confirmed 2 d ago/],
  ] as const)('the alert path is %s, last confirmed %s: the header says so (%s)', async (state, lastConfirmedAt, lang, words) => {
    look.service.state.path = { state, since: lastConfirmedAt, lastConfirmedAt, words: { zh: '', en: '' } };
    await look.open();
    if (lang === 'en') await look.page.getByRole('button', { name: 'English' }).click();
    await look.page.locator('.channel').waitFor();
    expect(await look.seen('.channel')).toMatch(words);
  });

  test('every state is a shape and a word, not a colour', async () => {
    await look.open({}, STATIONS);
    await look.page.waitForSelector(station('nankeng-out'));
    const marks = await look.page.locator('.state-mark').evaluateAll((all) =>
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
    await look.open({}, 'alerts');
    await look.page.waitForSelector('[data-alert="a1"]');
    expect((await look.seen('[data-alert="a1"]')).replace(/\s+/g, ' ')).toMatch(
      /超限 南坑河出境断面 氨氮 1\.37 mg\/L 超限 0\.37 倍 Ⅲ类限值 ≤ 1\.0 自 08:40 未签收/,
    );
    expect((await look.seen('[data-alert="a2"]')).replace(/\s+/g, ' ')).toContain('自 11-22 21:10 已签收');
    const nav = look.page.locator('.page-header nav');
    expect(await nav.innerText()).not.toContain('数据');

    await look.page.click('.tools .quiet:last-child');
    await look.page.fill('input[name=username]', 'officer');
    await look.page.fill('input[name=password]', 'wrong');
    await look.page.keyboard.press('Enter');
    await look.page.waitForSelector('dialog .problem');
    expect(await look.seen('dialog .problem')).toBe('用户名或密码不对。');
    await look.page.fill('input[name=password]', 'right');
    await look.page.keyboard.press('Enter');
    await nav.getByRole('link', { name: '数据' }).waitFor();

    await look.page.click('[data-alert="a1"] .line');
    await look.page.fill('[data-alert="a1"] input[name=note]', '已通知村级河长');
    await look.page.click('[data-alert="a1"] .take button');
    await look.shows('[data-alert="a1"]', '已签收');
    expect(look.service.acknowledged).toEqual([{ note: '已通知村级河长' }]);
    expect(await look.seen('[data-alert="a1"]')).toContain('officer 10:32');

    // The browser itself logs the refused password; nothing else.
    expect(look.complaints.filter((c) => !c.includes('401'))).toEqual([]);
  }, 20_000);

  test('the link of a mail of former days leads to its alert', async () => {
    await look.open({}, '?alert=a2');
    await look.page.waitForURL(/\/alerts\/a2$/);
    await look.page.waitForSelector('.alert-page[data-alert="a2"]');
  });

  test('the chart is loaded when it is opened, and names in words what does not count', async () => {
    await look.open({}, STATIONS);
    const scripts: string[] = [];
    look.page.on('response', (response) => scripts.push(response.url()));
    await look.page.waitForSelector(value('nankeng-out', 'nh3n'));
    expect(scripts.filter((url) => url.includes('chart'))).toEqual([]);
    await look.page.click(`${value('nankeng-out', 'nh3n')} button`);
    await look.page.waitForSelector('.series-chart canvas');
    expect(scripts.filter((url) => url.includes('echarts-')).length).toBe(1);
    const words = await look.seen('.series-chart figcaption');
    for (const part of [
      '氨氮 近 24 小时',
      '最高 1.31 mg/L',
      '计入 63 / 66 个测值',
      '无效 1',
      '维护 M 1',
      '人工审核置无效 1',
      '限值 ≤ 1.0',
      'GB 3838-2002',
    ])
      expect(words).toContain(part);
    // Drawn: the line's colour is on the canvas.
    const painted = await look.page.locator('.series-chart canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) ink++;
      return ink;
    });
    expect(painted).toBeGreaterThan(500);
    const asked = scripts.find((url) => url.includes('/readings?'));
    expect(new URL(asked ?? 'http://x').searchParams.get('from')).toMatch(/^2026-11-22T10:32:\d\d\+08:00$/);
    await look.page.hover('.series-chart canvas');
    await look.page.waitForTimeout(100);
    expect(look.complaints).toEqual([]);
  });

  test.each([
    ['zh', 360],
    ['en', 360],
    ['zh', 820],
  ] as const)('in %s nothing hangs over the edge at %d px, also when something is open', async (language, width) => {
    look.service.state.loggedIn = true;
    await look.open({ viewport: { width, height: 800 } });
    const overhang = () => look.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (language === 'en') {
      await look.page.click('.tools .quiet >> nth=0');
      expect(await look.page.evaluate(() => document.documentElement.lang)).toBe('en');
      expect(await look.seen('#todo h2')).toContain('Needs attention');
    }
    await look.page.click('[data-target="river"] .process button');
    await look.page.waitForSelector('.evidence .finding');
    expect(await overhang()).toBeLessThanOrEqual(0);
    await look.page.goto(`${look.service.url}${STATIONS}`);
    await look.page.click(`${value('nankeng-out', 'nh3n')} button`);
    await look.page.waitForSelector('.series-chart canvas');
    expect(await overhang()).toBeLessThanOrEqual(0);
    expect(look.complaints).toEqual([]);
  });

  test.each([
    ['light', '', '[data-section]'],
    ['dark', '', '[data-section]'],
    ['light', STATIONS, station('nankeng-out')],
    ['dark', STATIONS, station('nankeng-out')],
  ] as const)('in %s all text of /%s has the contrast of AA against the page', async (colorScheme, path, shown) => {
    await look.open({ colorScheme, reducedMotion: 'reduce' }, path);
    await look.page.waitForSelector(shown);
    const faint = await look.page.evaluate(() => {
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
