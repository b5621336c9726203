/** Can a reviewer work through the queue by keys alone, so that what was false ends invalid and nothing good is lost? */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ReadingsAnswer } from '../../src/adapters/http/contract/contract.js';
import type { ComplianceAnswer } from '../../src/adapters/http/contract/compliance.js';
import type { QueueAnswer, ReviewDayAnswer } from '../../src/adapters/http/contract/reviewing.js';
import { Device } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { type RunningService, startService } from '../support/service.js';
import { executablePath, whereThereIsChromium } from '../web/chromium.js';
import { beijing, dayAgo, HOUR } from './ask.js';

jest.setTimeout(180_000);

const STATION = 'nankeng-out';
/** Four days; on the second the oxygen probe stands still from 08:00 to 19:00, on the third ammonia jumps once, at 12:00. */
const DAYS = [5, 4, 3, 2].map(dayAgo);
const [, STUCK, SPIKE] = DAYS as [string, string, string, string];
const at = (date: string, hour: number): number => Date.parse(`${date}T00:00:00+08:00`) + hour * HOUR;
const isStuck = (time: number): boolean => time >= at(STUCK, 8) && time < at(STUCK, 20);

/** What the section measured at an hour: a little different each hour, but for the planted faults. */
function measured(time: number): Record<string, number> {
  const wave = Math.sin(time / HOUR) / 50;
  const hourly = { ph: 7.3 + wave, do: isStuck(time) ? 7.2 : 7.1 + wave * 3 };
  if (((time + 8 * HOUR) / HOUR) % 4 !== 0) return hourly;
  return { ...hourly, codmn: 3 + wave, tp: 0.08 + wave / 10, nh3n: time === at(SPIKE, 12) ? 9.4 : 0.42 + wave };
}

whereThereIsChromium('the review', () => {
  let service: RunningService;
  let browser: Browser;
  const secrets = new Map<string, string>();

  beforeAll(async () => {
    service = await startService();
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const device = await Device.connect(service.mqttUrl);
    const hours = Array.from({ length: DAYS.length * 24 }, (_, i) => at(DAYS[0]!, i));
    for (const time of hours) await device.publish(STATION, { time: beijing(time), values: measured(time) });
    await device.end();
    for (const [username, role] of [
      ['town', 'officer'],
      ['bureau', 'reviewer'],
    ]) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ username, role });
      const made = await service.request('/api/v1/accounts', { method: 'POST', headers, body });
      expect(made.status).toBeLessThan(300);
      secrets.set(username!, ((await made.json()) as { secret: string }).secret);
    }
    await eventually('the days to be gone through', async () => {
      const { counts } = await queue('state=all&only=all');
      return counts.due >= DAYS.length && counts.unlooked === 0;
    });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.dispose();
  });

  const queue = (query: string) => service.api<QueueAnswer>(`/api/v1/review/queue?station=${STATION}&${query}`);
  const dayOf = (date: string) => service.api<ReviewDayAnswer>(`/api/v1/review/days/${STATION}/${date}`);
  const rows = async (parameter: string) => {
    const span = new URLSearchParams({ parameter, from: DAYS[0]!, to: beijing(at(DAYS[3]!, 24)) });
    const { readings } = await service.api<ReadingsAnswer>(`/api/v1/stations/${STATION}/readings?${span}`);
    return readings.flatMap((one) => ('value' in one ? [one] : []));
  };

  async function logIn(username: string, path: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const answer = await context.request.post(`${service.baseUrl}/api/v1/session`, {
      data: { username, password: secrets.get(username) },
    });
    expect(answer.ok()).toBe(true);
    const page = await context.newPage();
    await page.goto(service.baseUrl + path);
    return page;
  }
  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const says = (page: Page, selector: string, text: string | RegExp) =>
    page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: 15_000 });

  /** Opens a day by going down the queue. */
  async function goTo(page: Page, date: string): Promise<void> {
    await page.locator(`[data-day="${STATION}/${date}"]`).waitFor();
    for (let n = 0; n < 9 && !(await page.locator(`[data-open-day="${STATION}/${date}"]`).isVisible()); n++) {
      await press(page, 'j');
      await page.waitForTimeout(100);
    }
    await says(page, '.review-day h2', date);
    await page.locator('.review-chart canvas').waitFor();
    await page.waitForTimeout(300);
  }

  test('the officer finds both faults first, takes them out by keys, and passes the days', async () => {
    const { days } = await queue('state=open&only=suspicious');
    expect(days.map(({ date }) => date).sort()).toEqual(expect.arrayContaining([STUCK, SPIKE]));

    const page = await logIn('town', `/review?station=${STATION}&only=all`);
    await goTo(page, SPIKE);
    await press(page, 'n');
    await says(page, '.review-decide .preview', '这段共 1 条测值,其中超限 1 条');
    await press(page, 'i', '1', 'Enter');
    await says(page, '.review-day .told', '评价仍为');
    await says(page, '.review-past', '无效 · 氨氮 · 设备故障');
    await says(page, '.review-day .findings', '人工剔除 1 条(其中超限 1 条)');
    await press(page, 'a');
    await eventually('the first review', async () => (await dayOf(SPIKE)).state === 'first');
    await page.context().close();
  });

  test('a wrong decision is undone, and the stretch of the stuck probe is widened to where it began', async () => {
    const page = await logIn('town', `/review?station=${STATION}&only=all&day=${STATION}/${STUCK}&item=do`);
    await page.locator('.review-chart canvas').waitFor();
    await says(page, '.review-day .findings', '恒值不变');
    await page.waitForTimeout(300);
    await press(page, 'n');
    await says(page, '.review-chart figcaption', '已选');
    // The check begins to doubt after six hours; the probe stood still from 08:00 on.
    for (let n = 0; n < 24 && !(await page.locator('.review-chart figcaption').innerText()).includes('光标 08:00'); n++)
      await press(page, 'ArrowLeft');
    await press(page, '[');
    await says(page, '.review-decide .preview', '这段共 12 条测值');
    await press(page, 's', '3', 'Enter');
    await says(page, '.review-past', '存疑 · 溶解氧 · 采样异常');
    await says(page, '.review-day .told', '评价');
    await press(page, 'u');
    await says(page, '.review-past', '撤销');
    await says(page, '.review-past .undone', '存疑');
    await page.waitForTimeout(600);
    await press(page, 'n');
    await says(page, '.review-chart figcaption', '已选');
    for (let n = 0; n < 24 && !(await page.locator('.review-chart figcaption').innerText()).includes('光标 08:00'); n++)
      await press(page, 'ArrowLeft');
    await press(page, '[', 'i', '1');
    await says(page, '.review-decide .preview', '将剔除 12 条');
    await press(page, 'Enter');
    await says(page, '.review-past', '无效 · 溶解氧 · 设备故障');
    await press(page, 'a');
    await eventually('the first review', async () => (await dayOf(STUCK)).state === 'first');
    await page.context().close();
  });

  test('the bureau does the second review; nothing but the planted faults is out, and raw values and marks are as they came', async () => {
    const page = await logIn('bureau', `/review?station=${STATION}&state=first&only=all`);
    await goTo(page, SPIKE);
    await press(page, 'c');
    await eventually('the second review', async () => (await dayOf(SPIKE)).state === 'second');
    await page.context().close();

    const out = async (parameter: string) => (await rows(parameter)).filter((one) => 'ruling' in one);
    expect((await out('nh3n')).map(({ time, value, mark, ruling }) => [Date.parse(time), value, mark, ruling])).toEqual([
      [at(SPIKE, 12), 9.4, 'N', 'invalid'],
    ]);
    const oxygen = await out('do');
    expect(oxygen.map(({ time }) => Date.parse(time))).toEqual(Array.from({ length: 12 }, (_, i) => at(STUCK, 8 + i)));
    expect(oxygen.every(({ value, mark, ruling }) => value === 7.2 && mark === 'N' && ruling === 'invalid')).toBe(true);
    for (const parameter of ['ph', 'codmn', 'tp']) expect(await out(parameter)).toEqual([]);
  });

  test('the rate says what was taken out, and a late value sends the reviewed day back', async () => {
    const query = `period=${SPIKE.slice(0, 7)}&window=day`;
    const { setAside } = await service.api<ComplianceAnswer>(`/api/v1/compliance/river?${query}`);
    expect(setAside.total).toBeGreaterThanOrEqual(1);
    expect(setAside.over).toBe(1);

    const device = await Device.connect(service.mqttUrl);
    await device.publish(STATION, { time: beijing(at(SPIKE, 13)), values: { nh3n: 0.44 } });
    await device.end();
    const back = await eventually('the day to fall back', async () => {
      const day = await dayOf(SPIKE);
      return day.state === 'waiting' && day;
    });
    expect(back.changed).toMatchObject({ was: 'second', by: 'heqing', note: '迟到 1 条' });
    expect(back.events.map(({ act }) => act)).toEqual(['first', 'second', 'changed']);
  });
});
