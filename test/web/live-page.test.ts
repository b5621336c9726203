/** Does the page keep up with the service, and does it say so when it cannot? */
import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { describeInChromium, station, value } from './chromium.js';
import { liveReading } from './station-fixtures.js';

describeInChromium('the page over time', (look) => {
  test('a live value takes its place; one beyond its limit by a hair is told apart; a late one changes nothing', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector(value('changtan-tap', 'turb'));
    await eventually('the page listens', () => look.service.listeners() === 1);
    expect(await look.seen('.live')).toContain('实时更新');
    look.service.tell('reading', liveReading);
    await look.page.waitForSelector(`${value('changtan-tap', 'turb')}.over`);
    expect((await look.seen(value('changtan-tap', 'turb'))).split(/\s+/)).toEqual(['浑浊度', '1.004', 'NTU', '≤', '1', '10:32']);
    expect(await look.page.locator(`${value('changtan-tap', 'turb')} .just-changed`).count()).toBe(1);
    expect(await look.seen('.fresh')).toContain('10:32:30');
    look.service.tell('reading', { ...liveReading, time: '2026-11-23T10:31:00+08:00', value: 0.9, check: 'within' });
    look.service.tell('reading', { ...liveReading, parameter: 'ph', value: 7.77, check: 'within' });
    await look.shows('[data-station="changtan-tap"] [data-parameter="ph"]', '7.77');
    expect(await look.seen(value('changtan-tap', 'turb'))).toContain('1.004');

    await look.page.locator('.home a').click();
    await look.page.waitForSelector('[data-todo]');
    look.service.state.alerts = [];
    look.service.tell('alert');
    await look.shows('#todo', '现在没有需要处理的');
    expect(await look.seen('#todo')).toContain('没有数据不等于正常');
    look.service.state.targets = look.service.state.targets.map((t) =>
      t.id === 'river' ? { ...t, rate: 90.9, exceeded: 1, status: 'missed' as const } : t,
    );
    look.service.tell('compliance');
    await look.shows('[data-target="river"]', '未达标');
    expect((await look.seen('[data-target="river"]')).replace(/\s+/g, ' ')).toContain('10 达标 ÷ 11 个断面月');
    expect(look.complaints).toEqual([]);
  });

  test('a broken line is said, with its time; what is shown stays; when it is back the page asks again', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector(station('nankeng-out'));
    await eventually('the page listens', () => look.service.listeners() === 1);
    look.service.state.broken = true;
    look.service.cutLive();
    await look.shows('.live', '未实时更新,自 10:3');
    expect(await look.seen(value('nankeng-out', 'nh3n'))).toContain('1.37');
    look.service.state.broken = false;
    look.service.state.alerts = [];
    await eventually('the page is live again', async () => !(await look.seen('.live')).includes('未'), 15_000);
    await eventually('what was missed is asked for', async () => (await look.page.locator('nav .count').count()) === 0);
    expect(await look.seen('.page-header nav')).toContain('预警与报警');
  }, 25_000);

  test('a tab that is not seen holds no line, since a browser has six; seen again it asks for what it missed', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector(station('nankeng-out'));
    await eventually('the page listens', () => look.service.listeners() === 1);
    const turn = (hidden: boolean): Promise<void> =>
      look.page.evaluate((to) => {
        Object.defineProperty(document, 'hidden', { value: to, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await turn(true);
    await eventually('the line is free', () => look.service.listeners() === 0);
    look.service.state.alerts = [];
    await turn(false);
    await eventually('the page listens again', () => look.service.listeners() === 1);
    await eventually('what was missed is asked for', async () => (await look.page.locator('nav .count').count()) === 0);
    expect(await look.seen('.live')).toContain('实时更新');
    expect(look.complaints).toEqual([]);
  });

  test('the service stops: the line is said to be broken at once, the page to be old after two minutes; it resumes by itself', async () => {
    await look.open({}, 'help');
    await look.page.clock.install();
    await look.page.goto(`${look.service.url}stations`);
    await look.page.waitForSelector(station('nankeng-out'));
    await look.shows('.pulse', '10:32:05');
    await look.service.stop();
    await look.shows('.live', '未实时更新');
    expect(await look.page.locator('.banner').count()).toBe(0);
    await look.page.clock.runFor(185_000);
    await look.shows('.banner', '数据可能已过时');
    expect(await look.seen('.pulse')).toMatch(/数据截至\s*10:32:05\s*3 分钟前/);
    expect(await look.seen(value('nankeng-out', 'nh3n'))).toContain('1.37');

    await look.service.start();
    await look.page.clock.runFor(65_000);
    await eventually('the banner goes and the line stands', async () => {
      await look.page.clock.runFor(2_000);
      return (await look.page.locator('.banner').count()) === 0 && !(await look.seen('.live')).includes('未');
    });
  });

  test('a line that fell silent without breaking is given up, and a new one opened', async () => {
    await look.open({}, 'help');
    await look.page.clock.install();
    await look.page.goto(look.service.url);
    await look.page.waitForSelector('[data-target="river"]');
    await eventually('the page listens', () => look.service.listeners() === 1);
    const asked = () => look.page.evaluate(() => performance.getEntriesByType('resource').length);
    look.service.tell('alive');
    await look.page.waitForTimeout(200);
    await look.page.clock.runFor(30_000);
    look.service.tell('alive');
    await look.page.waitForTimeout(200);
    look.service.state.alerts = [];
    const before = await asked();
    await look.page.clock.runFor(20_000);
    // Silent, but not for long: nothing is done about it.
    expect(await asked()).toBe(before);
    expect(await look.page.locator('[data-todo]').count()).toBe(2);
    await look.page.clock.runFor(40_000);
    await look.shows('#todo', '现在没有需要处理的');
    await eventually('the page listens again', () => look.service.listeners() === 1);
    expect(await look.seen('.live')).toContain('实时更新');
  }, 20_000);

  test('an alert about no single item says what it is about, not a number without its item', async () => {
    const reason = '11-24 03:04 水样超标:浊度 化验值 1.8 NTU,超限值(≤ 1)0.8 倍';
    const [first] = look.service.state.alerts;
    look.service.state.alerts = [
      {
        ...first!,
        ...{
          kind: 'verdict',
          parameter: null,
          parameterName: null,
          parameterNameEn: null,
          value: 1.8,
          limit: 1,
          unit: 'NTU',
          reason,
        },
      },
    ];
    await look.open();
    await look.shows('[data-todo]', reason);
    const said = (await look.seen('[data-todo] .what')).replace(/\s+/g, ' ').trim();
    expect(said).toBe(`南坑河出境断面 ${reason}`);
    await look.page.goto(`${look.service.url}wall?show=alerts`);
    await look.shows('.wall-alerts', reason);
  });

  test('an old page says that it is old, how old, and that its data are', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector(station('nankeng-out'));
    look.service.state.broken = true;
    await look.page.clock.install();
    await look.page.reload();
    await look.page.waitForSelector('#stations .problem');
    look.service.state.broken = false;
    await look.page.clock.runFor(61_000);
    await look.page.waitForSelector(station('nankeng-out'));
    expect(await look.page.locator('.banner').count()).toBe(0);
    look.service.state.broken = true;
    await look.page.clock.runFor(31 * 60_000);
    await look.shows('.banner', '数据可能已过时');
    expect(await look.seen('.banner')).toMatch(/最后更新 10:32:\d\d\(3\d 分钟前\)/);
    expect(await look.seen('.pulse')).toContain('数据已旧');
    expect(await look.seen(value('nankeng-out', 'nh3n'))).toContain('1.37');
    look.service.state.broken = false;
    await look.page.click('.banner .link');
    await look.page.clock.runFor(2000);
    await look.page.waitForSelector('.banner', { state: 'detached' });
  });

  test('a service that fails at once, or shows nothing without a login, is said in words', async () => {
    look.service.state.broken = true;
    await look.open({}, 'stations');
    await look.page.waitForSelector('#stations .problem');
    expect(await look.seen('#stations .problem')).toContain('站点没有读到');
    await look.page.context().close();
    look.service.state.broken = false;
    look.service.state.closedToPublic = true;
    await look.open();
    await look.page.waitForSelector('.closed');
    expect(await look.seen('.closed')).toContain('查看需要登录');
    expect(await look.page.locator('[data-station]').count()).toBe(0);
  });

  test('while no readings are taken a banner says so, since when and why, in both languages, and goes when it is over', async () => {
    const reason = '数据盘将满:剩 0.9 MiB,须留 1.3 MiB;设备与代理保留消息 the disk is nearly full';
    await look.open({}, 'stations');
    await look.page.waitForSelector(station('nankeng-out'));
    await eventually('the page listens', () => look.service.listeners() === 1);
    expect(await look.page.locator('.banner').count()).toBe(0);
    look.service.state.paused = { since: '2026-11-23T10:20:00+08:00', reason };
    look.service.tell('alert');
    await look.shows('.banner', '自 10:20 起暂停接收测值');
    expect((await look.seen('.banner')).replace(/\s+/g, ' ')).toContain(`测值留在设备与代理上,恢复后自动补收: ${reason}`);
    const banner = look.page.locator('.banner');
    expect(await banner.getAttribute('role')).toBe('alert');
    expect(await banner.evaluate((element) => element.getBoundingClientRect().height)).toBeGreaterThan(0);
    // What was measured before stays.
    expect(await look.seen(value('nankeng-out', 'nh3n'))).toContain('1.37');

    await look.page.click('button:has-text("English")');
    await look.shows('.banner', 'No readings are taken since 10:20; devices and broker keep them');
    expect(await look.seen('.banner')).toContain(reason);

    look.service.state.paused = null;
    look.service.tell('alert');
    await look.page.waitForSelector('.banner', { state: 'detached' });
    expect(look.complaints).toEqual([]);
  });
});
