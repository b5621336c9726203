/** Does the screen on the wall show everything in turn, large, and say when what it shows is old? */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import type { StationsAnswer } from '../../src/adapters/http/contract/contract.js';
import { eventually } from '../support/eventually.js';
import { describeInChromium, inEnglish } from './chromium.js';

const panel = (name: string): string => `[data-panel="${name}"]`;

describeInChromium('the wall', (look) => {
  const SCREEN = { viewport: { width: 1920, height: 1080 } };

  test('targets, river and alerts take turns of twenty seconds; nothing scrolls, nothing is small', async () => {
    look.service.state.loggedIn = true;
    await look.open(SCREEN, 'stations');
    await look.page.clock.install({ time: new Date('2026-11-23T02:32:08Z') });
    await look.page.goto(`${look.service.url}wall`);
    for (const [name, words] of [
      ['targets', '10 达标 ÷ 10 个断面月'],
      ['river', 'Ⅳ类'],
      ['alerts', '1.37 mg/L'],
      ['targets', '南坑河五陂段水质达标率'],
    ] as const) {
      await look.page.waitForSelector(panel(name));
      expect((await look.seen(panel(name))).replace(/\s+/g, ' ')).toContain(words);
      const { over, small } = await look.page.evaluate(() => {
        const root = document.documentElement;
        const sizes = [...document.querySelectorAll('.wall main *')].map((e) => parseFloat(getComputedStyle(e).fontSize));
        return { over: root.scrollHeight - innerHeight + root.scrollWidth - innerWidth, small: Math.min(...sizes) };
      });
      expect(over).toBeLessThanOrEqual(0);
      expect(small).toBeGreaterThan(28);
      await look.page.clock.runFor(20_000);
    }
    expect(await look.page.locator('.page-header').count()).toBe(0);
    expect(await look.seen('.wall footer')).toMatch(/数据截至\s*10:32:05/);
    expect(await look.seen('.wall header .on-duty')).toBe('值班 值班员甲');
    expect(look.complaints).toEqual([]);
  });

  test.each([
    [1920, 1080],
    [3840, 2160],
    [1366, 768],
  ])(
    'at %d × %d the river stands with its strip of ten days, in type that grows with the screen, and nothing is cut',
    async (width, height) => {
      await look.open({ viewport: { width, height } }, 'wall?show=river');
      await look.page.waitForSelector('.wall-strip [data-section="nankeng-out"]');
      expect(await look.page.locator('.wall-strip thead .day').count()).toBe(10);
      const row = look.page.locator('.wall-strip [data-section="nankeng-out"] td');
      expect((await row.allInnerTexts()).map((text) => text.trim())).toEqual(expect.arrayContaining(['▲Ⅳ', '不']));
      const { over, smallest } = await look.page.evaluate(() => {
        const root = document.documentElement;
        const shown = [...document.querySelectorAll('.wall-strip *')].filter((e) => e.getClientRects().length > 0);
        return {
          over: root.scrollHeight - innerHeight + root.scrollWidth - innerWidth,
          smallest: Math.min(...shown.map((e) => parseFloat(getComputedStyle(e).fontSize))),
        };
      });
      expect(over).toBeLessThanOrEqual(0);
      // A thirty-sixth of the height is read from five metres.
      expect(smallest).toBeGreaterThan(height / 40);
    },
  );

  test.each([
    ['zh', '▲ 总磷 0.9 mg/L · 另 2 项', '有效评价比例 50 %,不足 90 %'],
    ['en', '▲ Total phosphorus 0.9 mg/L · +2', '50 % judged, under 90 %'],
  ] as const)(
    '%s: three items over at one section are one line, a rate that is not there says why, nothing is cut',
    async (lang, line, why) => {
      look.service.state.targets = look.service.state.targets.map((one) => ({
        ...one,
        rate: null,
        status: 'insufficient' as const,
        reason: '未判定:有效评价比例 50 %,不足 90 %(南坑河出境断面:缺限值)',
      }));
      await look.open({ ...SCREEN, ...(lang === 'en' && inEnglish(look.service.url)) }, 'stations');
      const answer = (await (await fetch(`${look.service.url}api/v1/stations`)).json()) as StationsAnswer;
      const over = { check: 'over' as const, limitText: '≤ 0.2', limit: 0.2 };
      await look.page.route('**/api/v1/stations', async (route) => {
        const stations = answer.stations.map((one) =>
          one.id !== 'nankeng-out'
            ? one
            : {
                ...one,
                latest: [
                  ...one.latest.map((latest) => ({ ...latest, check: null })).slice(3),
                  { ...one.latest[0]!, ...over, parameter: 'x', value: 0.3 },
                  { ...one.latest[0]!, ...over, name: '总磷', nameEn: 'Total phosphorus', unit: 'mg/L', value: 0.9, decimals: 1 },
                  { ...one.latest[0]!, ...over, parameter: 'y', value: 0.4 },
                ],
              },
        );
        await route.fulfill({ json: { ...answer, stations } });
      });
      for (const [panel, said] of [
        ['river', line],
        ['targets', why],
      ] as const) {
        await look.page.goto(`${look.service.url}wall?show=${panel}`);
        await look.page.waitForSelector(`[data-panel="${panel}"] .state-mark`);
        if (panel === 'river') await look.page.waitForSelector('.wall-strip [data-section="nankeng-out"]');
        const shown = (await look.seen(`[data-panel="${panel}"]`)).replace(/\s+/g, ' ');
        expect(shown).toContain(said);
        expect(shown).not.toContain('缺限值');
        const beyond = await look.page.evaluate(() => {
          const root = document.documentElement;
          return root.scrollHeight - innerHeight + root.scrollWidth - innerWidth;
        });
        expect([panel, beyond]).toEqual([panel, 0]);
      }
      const labels = look.page.locator('.wall-strip th[scope=row]');
      await look.page.goto(`${look.service.url}wall?show=river`);
      await look.page.waitForSelector('.wall-strip [data-section="nankeng-out"]');
      expect(
        await labels.evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)),
      ).toEqual([]);
    },
  );

  test('a panel that the address names stays; who asks for less motion is not moved', async () => {
    await look.open(SCREEN, 'stations');
    await look.page.clock.install();
    await look.page.goto(`${look.service.url}wall?show=alerts`);
    await look.page.waitForSelector(panel('alerts'));
    await look.page.clock.runFor(61_000);
    expect(await look.page.locator(panel('alerts')).count()).toBe(1);
    await look.page.context().close();

    await look.open({ ...SCREEN, reducedMotion: 'reduce' }, 'stations');
    await look.page.clock.install();
    await look.page.goto(`${look.service.url}wall`);
    await look.page.waitForSelector(panel('targets'));
    await look.page.clock.runFor(61_000);
    expect(await look.page.locator(panel('targets')).count()).toBe(1);
    await look.page.getByRole('link', { name: '河段' }).click();
    await look.page.waitForSelector(panel('river'));
  });

  test('when no answer comes any more it says so, with the time, and keeps what it shows', async () => {
    await look.open(SCREEN, 'stations');
    await look.page.clock.install();
    await look.page.goto(`${look.service.url}wall?show=river`);
    await look.page.waitForSelector(panel('river'));
    expect(await look.page.locator('.wall-warning').count()).toBe(0);
    look.service.state.broken = true;
    await look.page.clock.runFor(185_000);
    await look.shows('.wall-warning', '数据可能已过时:最后更新 10:3');
    expect(await look.seen(panel('river'))).toContain('Ⅳ类');
    look.service.state.broken = false;
    await look.page.clock.runFor(61_000);
    await eventually('the warning goes', async () => (await look.page.locator('.wall-warning').count()) === 0);
  });

  test('an open day without a class is 进行中, not 未判定; the overview says so too', async () => {
    await look.open(SCREEN, 'stations');
    const answer = (await (await fetch(`${look.service.url}api/v1/stations`)).json()) as StationsAnswer;
    await look.page.route('**/api/v1/stations', async (route) => {
      const stations = answer.stations.map((one) => ({ ...one, current: { ...one.current, class: null } }));
      await route.fulfill({ json: { ...answer, stations } });
    });
    for (const [path, line] of [
      ['wall?show=river', '.wall-river'],
      ['', '.reach-line'],
    ] as const) {
      await look.page.goto(look.service.url + path);
      await look.page.waitForSelector(`${line} .state-mark`);
      const said = (await look.seen(line)).replace(/\s+/g, ' ');
      expect([path, said]).toEqual([path, expect.stringContaining('○ 进行中')]);
      expect([path, said]).toEqual([path, expect.not.stringContaining('未判定')]);
    }
  });
});
