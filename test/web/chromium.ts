/** How does a test look at the built page? In a real Chromium, far from the site's time zone, writing down whatever it complains about. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildInputs, isBuilt } from '../../scripts/freshness.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { TemporaryFolder } from '../support/temporary-folder.js';
import { startFakeService } from './fake-service.js';
import type { FakeService } from './fake-service.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where Chromium stands. */
export const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Selects the panel of a station. */
export const station = (id: string): string => `[data-station="${id}"]`;

/** Selects the row of a station's latest value. */
export const value = (id: string, parameter: string): string => `${station(id)} [data-parameter="${parameter}"]`;

/** The browser of somebody who has switched the pages at `url` to English. */
export const inEnglish = (url: string): BrowserContextOptions => ({
  storageState: {
    cookies: [],
    origins: [{ origin: new URL(url).origin, localStorage: [{ name: 'heqing.language', value: 'en' }] }],
  },
});

/** One test's view of the page: a service of its own, and the page once it is open. */
export interface Look {
  readonly service: FakeService;
  /** Where the built page lies. */
  readonly folder: string;
  readonly page: Page;
  /** Errors and warnings of the browser's console: script errors, refused styles, missing files. */
  readonly complaints: string[];
  /** Opens the page, at 1440 × 900 unless told. */
  open(options?: BrowserContextOptions, query?: string): Promise<Page>;
  /** The text a person sees in an element. */
  seen(selector: string): Promise<string>;
  /** Waits until an element shows a text. */
  shows(selector: string, text: string): Promise<unknown>;
}

/** Puts the pages there as they are in `src/web` now: those of `npm test` if nothing changed since, else built anew. */
export function buildPages(outDir: string): void {
  if (isBuilt(root, buildInputs(root))) {
    cpSync(join(root, 'dist/web'), outDir, { recursive: true });
    return;
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const config = join(root, 'src/web/vite.config.ts');
  const built = spawnSync(process.execPath, [vite, 'build', '--config', config, '--outDir', outDir, '--logLevel', 'error'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
  });
  if (built.status !== 0) throw new Error(`the pages do not build:\n${built.stdout}${built.stderr}`);
}

/** `describe` where there is a Chromium. Where there is none: a failure in CI, elsewhere named as not tested. */
export function whereThereIsChromium(title: string, body: () => void): void {
  if (existsSync(executablePath)) {
    describe(title, body);
    return;
  }
  if (process.env.HEQING_NOT_TESTED) appendFileSync(process.env.HEQING_NOT_TESTED, 'chromium\n');
  test(`NOT TESTED HERE: ${title}, no Chromium at ${executablePath}`, () => expect(process.env.CI).not.toBe('true'));
}

/** A look at the page over a fake service, built once for all its tests. */
export function describeInChromium(title: string, body: (look: Look) => void): void {
  whereThereIsChromium(title, () => {
    let folder: TemporaryFolder;
    let browser: Browser;
    let service: FakeService;
    let page: Page | undefined;
    let complaints: string[] = [];
    const opened = (): Page => {
      if (!page) throw new Error('open the page first');
      return page;
    };

    beforeAll(async () => {
      folder = await temporaryFolder('web');
      buildPages(folder.path);
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await folder?.remove();
    });
    beforeEach(async () => {
      complaints = [];
      service = await startFakeService(folder.path);
    });
    afterEach(async () => {
      await page?.context().close();
      page = undefined;
      await service.close();
    });

    body({
      get service() {
        return service;
      },
      get folder() {
        return folder.path;
      },
      get page() {
        return opened();
      },
      get complaints() {
        return complaints;
      },
      async open(options = {}, query = '') {
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
      },
      seen: (selector) => opened().locator(selector).innerText(),
      shows: (selector, text) =>
        eventually(`${selector} shows ${text}`, async () =>
          (await opened().locator(selector).innerText({ timeout: 5000 })).includes(text),
        ),
    });
  });
}
