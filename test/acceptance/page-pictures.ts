/** What does every page look like, with real data, in both sizes and both themes? Pictures under `test-output/pages/`, for people to look at. */
/// <reference lib="dom" />
import { beforeAll, expect, test } from '@jest/globals';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ADDRESSES } from '../../src/web/addresses.js';
import { PROJECT } from '../support/service.js';
import { alerts, beijing, DAY, dayAgo } from './ask.js';
import { type Office, type Size, SIZES, TODAY } from './office.js';

/** Where the pictures lie; git does not see it. */
const PICTURES = join(PROJECT, 'test-output', 'pages');

/** A picture is not taller than this, in CSS pixels: a list of a thousand lines shows how it looks by its first. */
const TALLEST = 4000;

/** For a chart to be drawn and a list to be laid out. */
const SETTLING_MS = 100;

const THEMES = ['light', 'dark'] as const;

/** Takes them all. A page that is wider than its screen, that says that something failed, or that the browser complains about is a fault. */
export function takePictures(office: () => Office): void {
  /** What stands in an address for each part that names something: by the part, where it is an `id` by the page. */
  const subjects: Record<string, string> = {
    station: TODAY.over.station,
    target: 'drinking-water',
    chief: 'chief-changtan',
  };

  const addressOf = (name: string, path: string): string =>
    path.replace(/:(\w+)/, (_, part: string) => {
      const named = subjects[part === 'id' ? name : part];
      if (named === undefined) throw new Error(`name something for ${path} in this test`);
      return encodeURIComponent(named);
    });

  beforeAll(async () => {
    await rm(PICTURES, { recursive: true, force: true });
    await mkdir(PICTURES, { recursive: true });
    const { service } = office();
    const alert = (await alerts(service)).find(({ station }) => station === TODAY.over.station);
    if (alert === undefined) throw new Error('there is no alert');
    subjects.alert = alert.id;
    const made = async (path: string, body: object): Promise<{ id: string; number?: string }> => {
      const headers = { 'content-type': 'application/json' };
      const response = await service.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as { id: string; number?: string };
    };
    const until = beijing(Date.now() + DAY);
    subjects.case =
      (await made('/api/v1/cases', { alert: alert.id, to: 'river-office', until, note: '查上游排口' })).number ?? '';
    subjects.bulletin = (await made('/api/v1/bulletins', { kind: 'day', period: dayAgo(1) })).id;
  });

  test.each(Object.keys(SIZES) as Size[])('every address shows itself on a %s, light and dark', async (size) => {
    const visit = await office().visit('admin', size, '/', { deviceScaleFactor: 1 });
    const faults: string[] = [];
    try {
      for (const { name, path } of ADDRESSES) {
        visit.complaints.length = 0;
        await visit.page.goto(office().address + addressOf(name, path));
        const seen = await settled(visit.page);
        await stretched(visit.page, size);
        for (const colorScheme of THEMES) {
          await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await visit.page.waitForTimeout(SETTLING_MS);
          await visit.page.screenshot({ path: join(PICTURES, `${name}-${size}-${colorScheme}.png`) });
        }
        await visit.page.setViewportSize(SIZES[size].viewport);
        faults.push(...[...seen, ...visit.complaints].map((fault) => `${name}: ${fault}`));
      }
    } finally {
      await visit.close();
    }
    expect(faults).toEqual([]);
  });

  // English words are longer, and a phone is where that shows.
  test('no address is wider than a phone in English, and why a figure is as it is stands there in English', async () => {
    const visit = await office().visit('admin', 'phone', '/help', { deviceScaleFactor: 1 });
    const faults: string[] = [];
    try {
      await visit.page.evaluate(() => localStorage.setItem('heqing.language', 'en'));
      for (const path of [...ADDRESSES.map(({ name, path }) => addressOf(name, path)), ...BEHIND]) {
        await visit.page.goto(office().address + path);
        faults.push(...(await settled(visit.page)).map((fault) => `${path}: ${fault}`));
        expect([path, await visit.page.evaluate(() => document.documentElement.lang)]).toEqual([path, 'en']);
        if (!/^\/($|river|stations|compliance)/.test(path)) continue;
        const said = await visit.page.locator('main').innerText();
        faults.push(...(said.match(UNTOLD) ?? []).map((word) => `${path}: ${word}`));
      }
    } finally {
      await visit.close();
    }
    expect(faults).toEqual([]);
  });
}

/** What opens behind a page and is as wide as it likes: lists with long names, tables of accounts and refusals. */
const BEHIND = ['/account?part=accounts', '/data?part=rejections', '/data?part=limits', '/data?part=health', '/review?only=all'];

/** What the service's reasons are made of. */
const UNTOLD = /有效数据不足|未判定|未计入|缺许可限值|限值待确认|有效评价比例|尚未|暂无|无数据|均值|化验水样|自动监测/g;

/** Waits until a page shows what it is about; resolves with what a person would complain about at first sight. */
async function settled(page: Page): Promise<string[]> {
  const there = await page
    .waitForFunction(() => {
      const main = document.querySelector('main');
      return main?.querySelector('h1, h2, dl, table') && !main.querySelector('[aria-busy=true], .skeleton');
    })
    .catch(() => null);
  if (there === null) return ['never came to show anything'];
  await page.waitForTimeout(SETTLING_MS);
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const alarms = [...document.querySelectorAll('main [role=alert]')].map((element) => element.textContent?.trim() ?? '');
    return [...(scrollWidth > clientWidth ? [`${scrollWidth} px wide on ${clientWidth}`] : []), ...alarms];
  });
}

/** As if the screen were long enough for the whole page: what is drawn when it comes into sight is drawn, and the bar of a phone is at the end. */
async function stretched(page: Page, size: Size): Promise<void> {
  const { width, height } = SIZES[size].viewport;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole <= height) return;
  await page.setViewportSize({ width, height: Math.min(whole, TALLEST) });
  await page.waitForTimeout(SETTLING_MS);
  await page.waitForFunction(() => !document.querySelector('main :is([aria-busy=true], .skeleton)')).catch(() => null);
}
