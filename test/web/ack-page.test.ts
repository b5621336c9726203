/** Does the page behind a mail's button work on a phone, in a real browser under its own policy? */
import { expect, test } from '@jest/globals';
import { appendFileSync, existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Alert } from '../../src/domain/alerting/alert.js';
import { DAY } from '../../src/domain/time.js';
import type { Claim } from '../../src/pipeline/alerting/links.js';
import { OPEN_ALERT, type Running, startHttp } from '../adapters/http/start-http.js';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ALERT: Alert = {
  ...OPEN_ALERT,
  id: 'a-1',
  station: 'nankeng-out',
  parameter: 'nh3n',
  state: 'active',
  passed: {
    ...{ number: 1, text: '≤ 1.0', name: { zh: 'Ⅲ类限值', en: 'class III limit' }, isLower: false },
    ...{ citation: 'GB 3838-2002 表1 Ⅲ类', isCertain: true, times: '0.37' },
  },
};

const address = (service: Running, over: Partial<Claim> = {}): string => {
  const expiresAt = service.clock.time + 7 * DAY;
  const token = service.links.token({ what: 'acknowledge', ids: ['a-1'], recipient: 'town-chief', expiresAt, ...over });
  return `${service.url}/ack/${token}`;
};

if (!existsSync(executablePath)) {
  if (process.env.HEQING_NOT_TESTED) appendFileSync(process.env.HEQING_NOT_TESTED, 'chromium\n');
  test(`NOT TESTED HERE: no Chromium at ${executablePath}`, () => expect(process.env.CI).not.toBe('true'));
} else {
  test('a scanner that opens every link does nothing; a thumb on the button acknowledges; a case is sent', async () => {
    const service = await startHttp();
    service.alerts.set('a-1', ALERT);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      for (const colorScheme of ['light', 'dark'] as const) {
        service.alerts.set('a-1', ALERT);
        const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme, locale: 'zh-CN' });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        const shoot = async (name: string): Promise<void> => {
          const folder = process.env.HEQING_SCREENSHOTS;
          if (folder) await page.screenshot({ path: `${folder}/ack-${colorScheme}-${name}.png`, fullPage: true });
        };

        // A mail scanner opens the link with a browser of its own, twice.
        for (let i = 0; i < 2; i++) await page.goto(address(service));
        expect(service.alerts.get('a-1')).toEqual(ALERT);
        await shoot('open');

        const button = page.getByRole('button', { name: '已知悉' });
        const box = await button.boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(44);
        // All of it on one screen, nothing to the side.
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        // Its own style applies under its own policy.
        expect(await button.evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe('0px');
        await button.click();
        await page.getByText('已签收。记录为 镇级河长').waitFor();
        expect(service.alerts.get('a-1')).toMatchObject({ state: 'acknowledged', acknowledgedBy: '镇级河长' });
        await shoot('done');
        await page.reload();
        await page.getByText('这里没有需要签收的了').waitFor();

        if (colorScheme === 'light') {
          await page.goto(address(service, { what: 'dispatch' }));
          await shoot('dispatch');
          await page.getByLabel('派给').selectOption('operations');
          await page.getByLabel('要求').fill('先看探头');
          await page.getByRole('button', { name: '派人处理' }).click();
          await page.getByText('已派单:处置单 2026-0001,镇级河长 派 运维,11-24 18:00 前办结').waitFor();
          await shoot('sent');
        }
        await page.goto(`${service.url}/ack/nonsense`);
        await page.getByText('链接无效:').waitFor();
        // The 404 itself is a line of the console; a style or a script that the policy refuses would be another.
        expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
        await context.close();
      }
    } finally {
      await browser.close();
      await service.stop();
    }
  }, 60_000);
}
