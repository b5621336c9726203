/** Does a person see how the river is, where a plume came from, and why a window was lost? In a real Chromium, under the strictest policy. */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { verdictView } from '../../src/adapters/http/contract/compliance.js';
import { balanceAnswer, reachesAnswer, stripAnswer } from '../../src/adapters/http/contract/river.js';
import { eventually } from '../support/eventually.js';
import { describeInChromium } from './chromium.js';
import * as fixtures from './river-fixtures.js';

test('the fixtures are what the contract promises', () => {
  reachesAnswer.parse(fixtures.reaches);
  stripAnswer.parse(fixtures.strip('day', '2026-10-25', '2026-11-24'));
  balanceAnswer.parse(fixtures.balance('2026-11-17', '2026-11-24'));
  verdictView.parse(fixtures.evidence);
});

const cell = (section: string, day: string): string => `[data-section="${section}"] [role="gridcell"][aria-label*="${day}"]`;

describeInChromium('the river page', (look) => {
  test('sections in flow order, each cell lettered, named with section, date, class and state; rain above; today hollow', async () => {
    await look.open({}, 'river');
    await look.page.waitForSelector(cell('nankeng-out', '2026-11-20'));
    const order = await look.page
      .locator('[data-section]')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.section));
    expect(order).toEqual(['nankeng-in', 'nankeng-mid', 'nankeng-out']);
    expect(await look.seen('[data-section="nankeng-out"] th')).toMatch(/^出境断面\s+目标Ⅲ类/);
    const says = (section: string, day: string) => look.page.locator(cell(section, day)).getAttribute('aria-label');
    expect(await says('nankeng-out', '2026-11-20')).toBe('出境断面 2026-11-20,Ⅳ类,超标,氨氮(0.2)');
    expect(await says('nankeng-mid', '2026-11-19')).toContain('Ⅳ类,超标');
    expect(await says('nankeng-out', '2026-11-21')).toBe('出境断面 2026-11-21,未判定,有效数据不足');
    expect(await says('nankeng-in', '2026-11-15')).toContain('不参评');
    expect(await says('nankeng-out', '2026-11-23')).toContain('进行中,至今Ⅳ类,有效 3/6');
    expect((await look.seen(cell('nankeng-out', '2026-11-20'))).replace(/\s/g, '')).toBe('▲Ⅳ');
    expect(await look.seen(cell('nankeng-in', '2026-11-22'))).toContain('Ⅱ');
    expect(await look.page.locator('.rain [role="gridcell"][aria-label^="2026-11-17"]').getAttribute('aria-label')).toBe(
      '2026-11-17 雨量 28.2 mm,24 / 24 个有效测值',
    );
    expect(look.complaints).toEqual([]);
  });

  test('a cell opens its evidence by mouse and by keyboard, and the address keeps it', async () => {
    await look.open({}, 'river');
    await look.page.click(cell('nankeng-out', '2026-11-20'));
    await look.shows('.river-window', '≤ 1.0');
    const words = (await look.seen('.river-window')).replace(/\s+/g, ' ');
    for (const part of ['南坑河出境断面 · 2026-11-20', '超标', 'Ⅳ类', '氨氮', '1.20', '0.2', '6 / 6', 'GB 3838-2002'])
      expect(words).toContain(part);
    expect(look.page.url()).toContain('cell=nankeng-out:2026-11-20');
    await look.page.keyboard.press('ArrowLeft');
    expect(await look.page.locator(':focus').getAttribute('aria-label')).toContain('出境断面 2026-11-19');
    await look.page.keyboard.press('ArrowUp');
    expect(await look.page.locator(':focus').getAttribute('aria-label')).toContain('中段断面 2026-11-19');
    await look.page.keyboard.press('Enter');
    await look.shows('.river-window', '没有评价结果');
    expect(look.page.url()).toContain('cell=nankeng-mid:2026-11-19');
    // The console names the 404 of a window without a verdict; that is no fault of the page.
    expect(look.complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });

  test('a drag along the strip sets the period of the charts, and the link shows the same to a colleague', async () => {
    await look.open({}, 'river');
    await look.page.waitForSelector(cell('nankeng-in', '2026-11-18'));
    const [from, to] = await Promise.all(
      [cell('nankeng-in', '2026-11-18'), cell('nankeng-in', '2026-11-21')].map((one) => look.page.locator(one).boundingBox()),
    );
    await look.page.mouse.move(from!.x + 5, from!.y + 10);
    await look.page.mouse.down();
    await look.page.mouse.move(to!.x + 5, to!.y + 10, { steps: 6 });
    await look.page.mouse.up();
    await look.page.waitForURL(/from=2026-11-18&to=2026-11-22/);
    expect(look.page.url()).not.toContain('cell=');
    await look.shows('[data-item="nh3n"] .extremes', '出境断面 最高');
    // The plume passed the inflow on the 18th and the outflow two days later.
    expect(await look.seen('[data-item="nh3n"] .extremes')).toMatch(
      /入境断面 最高 [\d.]+ mg\/L\(11-18 .*出境断面 最高 [\d.]+ mg\/L\(11-20/,
    );
    expect(await look.seen('[data-item="do"] .extremes')).toContain('入境断面 最低');
    expect(await look.page.locator('.river-chart canvas').count()).toBe(5);
    await look.page.goto(`${look.service.url}river?from=2026-11-18&to=2026-11-22`);
    await look.page.waitForSelector('.river-period input');
    expect(
      await look.page.locator('.river-period input').evaluateAll((all) => all.map((e) => (e as HTMLInputElement).value)),
    ).toEqual(['2026-11-18', '2026-11-21']);
    expect(look.complaints).toEqual([]);
  });

  test('inflow against outflow in words, with amounts and how sure they are; only after login', async () => {
    await look.open({}, 'river');
    await look.page.waitForSelector('#river-exchange');
    await look.shows('section:has(> #river-exchange)', '登录后可看');
    look.service.state.loggedIn = true;
    await look.page.reload();
    await look.page.waitForSelector('.river-exchange');
    const words = (await look.seen('.river-exchange')).replace(/\s+/g, ' ');
    for (const part of [
      '入境 0.31 → 出境 0.86 (相差 +0.55)',
      '传输时间约 5 小时',
      '26.8 ± 4.8 → 出境 89.2 ± 16.1',
      '来水占 30 %',
      '估算,不作责任认定',
      '(相差 −0.05)',
    ])
      expect(words).toContain(part);
  });

  test('by month the strip is of months, and the running one is hollow', async () => {
    await look.open({}, 'river?window=month');
    await look.page.waitForSelector(cell('nankeng-out', '2026-11'));
    const says = () => look.page.locator(cell('nankeng-out', '2026-11')).getAttribute('aria-label');
    await eventually('the open month is told', async () => (await says())?.includes('进行中,至今Ⅲ类,有效 20/30') === true);
    expect(look.complaints).toEqual([]);
  });

  test('on a phone the strip scrolls sideways inside itself and the names stay; the map is drawn without any server', async () => {
    await look.open({ viewport: { width: 360, height: 780 }, hasTouch: true }, 'river?cell=nankeng-out:2026-11-20');
    await look.page.waitForSelector('.river-window table');
    await look.page.waitForSelector(cell('nankeng-out', '2026-11-20'));
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const name = look.page.locator('[data-section="nankeng-out"] th');
    const before = await name.boundingBox();
    const scrolled = await look.page.locator('.river-strip').evaluate((e) => {
      const was = e.scrollLeft;
      e.scrollLeft = 0;
      return was;
    });
    expect(scrolled).toBeGreaterThan(200);
    expect((await name.boundingBox())!.x).toBe(before!.x);
    expect(await look.page.locator('.river-map polyline').getAttribute('points')).toMatch(/^(\d+\.\d,\d+\.\d ?){5}$/);
    expect(await look.page.locator('.river-map svg').getAttribute('aria-label')).toContain('出境断面 Ⅳ类');
  });
});
