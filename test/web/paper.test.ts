/** What comes out of the printer? Pages as paper: whole, without what one can press, a chief's card on one small sheet. */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { alertFile, card, chiefs } from './chief-fixtures.js';
import { describeInChromium } from './chromium.js';

/** Pages of a PDF as Chromium writes them. */
const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

describeInChromium('on paper', (look) => {
  const enter = (): void => {
    look.service.state.loggedIn = true;
    const { others } = look.service;
    others.set('GET /chiefs', chiefs);
    others.set('GET /chiefs/chief-changtan', card);
    others.set('GET /alerts/a1', alertFile);
  };

  test.each([
    ['stations/nankeng-out', '.station-page canvas', '南坑河出境断面'],
    ['alerts/a1', '.alert-page canvas', '通知了谁'],
    ['alerts', '.alert-item', '南坑河出境断面'],
    ['cases', '.cases .muted', '处置'],
    ['data', '.data .receipts, .data h2', '数据到报日报'],
    ['river', '.river-strip', '雨量'],
  ])('%s: all of it, and nothing to press', async (path, there, words) => {
    enter();
    await look.open({ viewport: { width: 794, height: 1123 } }, path);
    await look.page.waitForSelector(there);
    await look.page.emulateMedia({ media: 'print' });
    expect(await look.seen('main')).toContain(words);
    // A sheet is not dragged or zoomed.
    expect(await look.seen('main')).not.toMatch(/拖动|滚轮/);
    const pressed = await look.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button.primary, button.second, nav, .tools, .skip')]
        .filter((e) => e.checkVisibility())
        .map((e) => e.textContent),
    );
    expect(pressed).toEqual([]);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(794);
    // Nothing lies over the words that follow it.
    const overlaps = await look.page.evaluate(
      () =>
        [...document.querySelectorAll('main h2, main h3')].filter((heading) => {
          const { top, bottom, left } = heading.getBoundingClientRect();
          return [...document.querySelectorAll('main canvas')].some((canvas) => {
            const box = canvas.getBoundingClientRect();
            return box.top < bottom && box.bottom > top && box.left <= left && box.right > left;
          });
        }).length,
    );
    expect(overlaps).toBe(0);
  });

  test.each(['A4', 'A6'])('the card of a river chief is one sheet of %s, with its code', async (format) => {
    enter();
    await look.open({ viewport: { width: 794, height: 1123 } }, 'chiefs/chief-changtan');
    await look.page.waitForSelector('.chief-five');
    expect(pagesOf(await look.page.pdf({ format }))).toBe(1);
    await look.page.emulateMedia({ media: 'print' });
    expect(await look.page.isVisible('.chief-card .qr-code')).toBe(true);
    expect(await look.page.isVisible('.chief-card .acts')).toBe(false);
  });
});
