/** Can a person who cannot see the page, or not well, use each of them? axe-core looks at every address in both themes. */
/// <reference lib="dom" />
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADDRESSES } from '../../src/web/addresses.js';
import { bulletins, monthly } from './bulletin-fixtures.js';
import { card, chiefs } from './chief-fixtures.js';
import { describeInChromium, inEnglish } from './chromium.js';
import { board, october, signedOctober } from './signing-fixtures.js';
import { comparisons, duty, handovers, upkeepPlan } from './upkeep-fixtures.js';

/** Something that is there for each part of an address that names one. */
const SUBJECTS: Record<string, string> = {
  station: 'nankeng-out',
  'compliance-target': 'river',
  'compliance-sign': 'river',
  alert: 'a1',
  case: '2026-0001',
  chief: 'chief-changtan',
  bulletin: '3',
};

/** axe on a page without frames: its legacy mode spares the blank page that puts the frames' findings together. */
const axeOn = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode();

/** What axe calls WCAG 2.2 at AA. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What the theme can change. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What an address must say of itself to show the same on any day. */
const QUERIES: Record<string, string> = { 'compliance-sign': '?period=2026-10' };

const addresses = ADDRESSES.map(
  ({ name, path }) => [name, `${path.replace(/:\w+/, SUBJECTS[name] ?? '').slice(1)}${QUERIES[name] ?? ''}`] as const,
);

describeInChromium('axe', (look) => {
  test.each(addresses)(
    'finds nothing serious on %s (/%s), light and dark',
    async (name, path) => {
      look.service.state.loggedIn = true;
      look.service.others.set('GET /chiefs', chiefs).set('GET /chiefs/chief-changtan', card);
      look.service.others.set('GET /upkeep', upkeepPlan).set('GET /comparisons', comparisons);
      look.service.others.set('GET /duty', duty).set('GET /handovers', handovers);
      look.service.others.set('GET /bulletins', bulletins).set('GET /bulletins/3', monthly);
      look.service.others.set('GET /signed/river/2026-10/preview', october).set('GET /signed/river/2026-10', signedOctober);
      look.service.others.set('GET /public/board', board);
      const page = await look.open({ colorScheme: 'light', reducedMotion: 'reduce' }, path);
      await page.waitForSelector('main :is(h1, h2, p, [role=alert])');
      await page.waitForTimeout(400);
      const serious = async (of: AxeBuilder, theme: string): Promise<string[]> =>
        (await of.analyze()).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${theme} ${name} ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
      expect(await serious(axeOn(page).withTags(STANDARDS), 'light')).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect(await serious(axeOn(page).withRules(OF_COLOUR), 'dark')).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  // Small things are small on a phone, and English lines break elsewhere: what the whole round sees at one size in Chinese alone.
  test.each([
    ['', 1440],
    ['', 360],
    ['stations/nankeng-out', 360],
  ])(
    'finds nothing serious in English on /%s at %i px',
    async (path, width) => {
      look.service.state.loggedIn = true;
      const page = await look.open({ ...inEnglish(look.service.url), viewport: { width, height: 780 } }, path);
      await page.waitForSelector('main :is(.target-figure, .square)');
      await page.waitForTimeout(400);
      const { violations } = await axeOn(page).withTags(STANDARDS).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 120))])).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  test('would find something: an image without words', async () => {
    const page = await look.open();
    await page.waitForSelector('main h1');
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')));
    const { violations } = await axeOn(page).analyze();
    expect(violations.map(({ id }) => id)).toContain('image-alt');
  });
});
