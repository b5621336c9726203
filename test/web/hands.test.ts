/** Can everything be done without a mouse, on a narrow phone, without colour and without motion? */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { alertFile, card, chiefs } from './chief-fixtures.js';
import { describeInChromium, inEnglish } from './chromium.js';
import { board } from './signing-fixtures.js';
import { comparisons, upkeepPlan } from './upkeep-fixtures.js';

const LONG = '萍乡市安源区五陂镇大田村第一村民小组集中供水工程末梢水在线监测站点';

describeInChromium('hands and eyes', (look) => {
  const enter = (): void => {
    look.service.state.loggedIn = true;
    const { others } = look.service;
    others.set('GET /chiefs', chiefs);
    others.set('GET /chiefs/chief-changtan', card);
    others.set('GET /alerts/a1', alertFile);
  };

  test.each(['alerts', 'alerts/a1', 'stations/nankeng-out'])(
    '%s: Tab reaches everything that can be pressed, and one sees where one is',
    async (path) => {
      enter();
      await look.open({}, path);
      await look.page.waitForSelector('main canvas, main .alert-item');
      await look.page.waitForTimeout(500);
      const all = await look.page.evaluate(() => {
        const pressed = 'a[href], button:not([disabled]), input, select, textarea, summary';
        const seen = [...document.querySelectorAll<HTMLElement>(pressed)].filter(
          // The squares of a calendar and the cells of the strip are one stop each, moved in by arrows.
          (e) => e.checkVisibility() && !e.closest('[role=grid], [role=row]') && e.tabIndex >= 0,
        );
        seen.forEach((e, i) => (e.dataset.stop = String(i)));
        return seen.length;
      });
      expect(all).toBeGreaterThan(15);
      const reached = new Set<string>();
      const unseen: string[] = [];
      for (let i = 0; i < all + 60 && reached.size < all; i++) {
        await look.page.keyboard.press('Tab');
        const [stop, outline, name] = await look.page.evaluate(() => {
          const at = document.activeElement as HTMLElement;
          return [at.dataset.stop ?? null, getComputedStyle(at).outlineStyle, at.outerHTML.slice(0, 80)] as const;
        });
        if (stop === null) continue;
        reached.add(stop);
        if (outline === 'none') unseen.push(name);
      }
      expect(unseen).toEqual([]);
      expect(reached.size).toBe(all);
    },
  );

  test('the login holds the focus until it is closed, and gives it back', async () => {
    await look.open({}, 'alerts');
    const login = look.page.locator('.page-header').getByRole('button', { name: '登录' });
    await login.focus();
    await look.page.keyboard.press('Enter');
    await look.page.waitForSelector('dialog[open]');
    for (let i = 0; i < 8; i++) {
      await look.page.keyboard.press('Tab');
      const isOut = await look.page.evaluate(() => {
        const at = document.activeElement;
        return at !== document.body && at?.closest('dialog') === null;
      });
      expect(isOut).toBe(false);
    }
    await look.page.keyboard.press('Escape');
    expect(await look.page.locator('dialog[open]').count()).toBe(0);
    expect(await login.evaluate((e) => e === document.activeElement)).toBe(true);
  });

  test('at 360 px nothing is wider than the screen, however long a name is', async () => {
    enter();
    look.service.state.renamed = ['南坑河出境断面', LONG];
    await look.open({ viewport: { width: 360, height: 780 } }, 'help');
    for (const path of [
      '',
      'river',
      'stations',
      'stations/nankeng-out',
      'alerts',
      'alerts/a1',
      'cases',
      'chiefs/chief-changtan',
      'data',
      'wall?show=river',
    ]) {
      await look.page.goto(look.service.url + path);
      await look.page.waitForTimeout(500);
      const width = await look.page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, width]).toEqual([path, 360]);
    }
  });

  test.each([
    [
      360,
      [
        '',
        'river',
        'stations',
        'stations/nankeng-out',
        'review',
        'upkeep',
        'account?part=accounts',
        'public',
        'wall',
        'chiefs/chief-changtan',
      ],
    ],
    [1920, ['wall?show=targets', 'wall?show=river', 'alerts']],
  ])(
    'in English nothing is wider than a screen of %i px, and the wall no higher; no class is named in Chinese',
    async (width, paths) => {
      enter();
      look.service.state.role = 'admin';
      look.service.others.set('GET /upkeep', upkeepPlan).set('GET /comparisons', comparisons).set('GET /public/board', board);
      const height = width === 360 ? 780 : 1080;
      look.service.state.alerts = look.service.state.alerts.map((alert) => ({ ...alert, kind: 'limit', severity: 'severe' }));
      await look.open({ ...inEnglish(look.service.url), viewport: { width, height } }, 'help');
      const over: [path: string, size: number, widest: string[]][] = [];
      for (const path of paths) {
        await look.page.goto(look.service.url + path);
        await look.page.waitForTimeout(500);
        const size = await look.page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth);
          return { width: scrollWidth, height: scrollHeight, wide: wide.map((e) => e.outerHTML.slice(0, 80)).slice(0, 9) };
        });
        if (size.width > width) over.push([path, size.width, size.wide]);
        if (path.startsWith('wall') && size.height > height) over.push([path, size.height, []]);
        const cut = await look.page
          .locator('.todo li a > .state-mark, .alert-item .line > .state-mark, .chief-five dt')
          .evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth + 8).map((e) => e.textContent));
        expect([path, cut]).toEqual([path, []]);
        const classes = await look.page.locator('.class-mark, .held, .quiet-line').allInnerTexts();
        expect([path, classes.filter((text) => /[Ⅰ-Ⅴ]类/.test(text))]).toEqual([path, []]);
      }
      expect(over).toEqual([]);
    },
    60_000,
  );

  test('without colour each state has a shape of its own, and each class its letter', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector('.state-mark');
    const shapes = await look.page.evaluate(() => {
      const by = new Map<string, Set<string>>();
      for (const mark of document.querySelectorAll<HTMLElement>('.state-mark')) {
        const kind = [...mark.classList].find((name) => name !== 'state-mark') ?? '';
        const icon = mark.querySelector('svg, i, [aria-hidden]');
        if (icon) by.set(kind, (by.get(kind) ?? new Set()).add(icon.innerHTML.replace(/\s+/g, ' ') || icon.outerHTML));
      }
      return [...by].map(([kind, drawn]) => [kind, [...drawn]] as const);
    });
    const drawn = shapes.map(([, one]) => one[0]);
    expect(drawn.length).toBeGreaterThanOrEqual(4);
    expect(new Set(drawn).size).toBe(drawn.length);
    const words = await look.page.locator('.state-mark').allInnerTexts();
    expect(words.filter((word) => word.trim() === '')).toEqual([]);
  });

  test('who asks for less motion sees none', async () => {
    await look.open({ reducedMotion: 'reduce' }, 'stations');
    await look.page.waitForSelector('[data-station]');
    look.service.tell('reading', {
      station: 'nankeng-out',
      parameter: 'nh3n',
      time: '2026-11-23T10:32:30+08:00',
      value: 1.4,
      mark: 'N',
      quality: 'good',
      check: 'over',
    });
    await look.shows('[data-station="nankeng-out"]', '1.40');
    expect(await look.page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
