/** Is the page of the review usable by pointer, by keys and by ear, and does it offer what the role may do and no more? */
/// <reference lib="dom" />
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@jest/globals';
import type { PreviewAnswer, QueueAnswer, ReviewDayAnswer, ReviewDayView } from '../../src/adapters/http/contract/reviewing.js';
import { describeInChromium, type Look } from './chromium.js';
import { AS_OF } from './station-fixtures.js';

const DATE = AS_OF.slice(0, 10);

const listed: ReviewDayView = {
  station: 'nankeng-out',
  stationName: '南坑河出境断面',
  stationNameEn: 'Nankeng River, outflow',
  date: DATE,
  state: 'waiting',
  first: null,
  second: null,
  returned: null,
  changed: { by: 'heqing', at: AS_OF, note: '迟到 2 条', was: 'first' },
  verdict: 'exceeded',
  looked: true,
  findings: [
    { kind: 'verdict', parameter: null, n: 1, text: '评价超标', textEn: 'exceeded' },
    { kind: 'over', parameter: 'nh3n', n: 2, text: '氨氮 超限 2 条,最差 1.37 mg/L', textEn: 'NH3-N over its limit: 2' },
  ],
};
const queue: QueueAnswer = {
  asOf: AS_OF,
  total: 2,
  counts: { due: 9, waiting: 8, first: 1, second: 0, changed: 1, suspicious: 2, quiet: 6, quietSecond: 3, unlooked: 0 },
  days: [listed, { ...listed, station: 'nankeng-in', stationName: '南坑河入境断面', changed: null, verdict: null, findings: [] }],
};
const day: ReviewDayAnswer = {
  ...listed,
  from: `${DATE}T00:00:00+08:00`,
  to: `${DATE}T23:59:59+08:00`,
  pending: false,
  partial: false,
  events: [{ act: 'first', by: 'maintenance', at: AS_OF, note: '' }],
  decisions: [
    {
      ...{ id: '7', station: 'nankeng-out', source: 'sensor', parameters: ['nh3n'], from: AS_OF, to: AS_OF, outcome: 'invalid' },
      ...{ outcomeText: '无效', reason: 'power-cut', reasonText: '停电', note: '台区停电', by: 'officer', decidedAt: AS_OF },
      undone: null,
      attachment: { type: 'application/pdf', size: 1000, sha256: '0'.repeat(64), by: 'officer', at: AS_OF },
    },
    {
      ...{ id: '6', station: 'nankeng-out', source: 'lab', parameters: ['pb'], from: AS_OF, to: AS_OF, outcome: 'invalid' },
      ...{ outcomeText: '无效', reason: 'sampling-fault', reasonText: '采样异常', note: '', by: 'officer', decidedAt: AS_OF },
      ...{ undone: null, attachment: null },
    },
  ],
  maintenance: [],
  doubts: [],
  samples: [
    {
      ...{
        parameter: 'nh3n',
        name: '氨氮',
        nameEn: 'Ammonia nitrogen',
        unit: 'mg/L',
        decimals: 2,
        time: `${DATE}T09:30:00+08:00`,
      },
      ...{ value: 1.37, detection: null, quality: 'good', limitText: '≤ 1.0', over: true, ruling: null },
    },
    {
      ...{ parameter: 'pb', name: '铅', nameEn: 'Lead', unit: 'mg/L', decimals: 3, time: `${DATE}T09:30:00+08:00` },
      ...{ value: 0.0005, detection: 0.001, quality: 'good', limitText: null, over: false, ruling: 'suspect' },
    },
  ],
};
const preview: PreviewAnswer = { asOf: AS_OF, readings: 12, over: 3, counted: 12, changed: 12, changedOver: 3 };

/** A service with one day to look at. */
function given({ service }: Look, role: 'officer' | 'reviewer' | 'auditor' = 'officer'): void {
  service.state.loggedIn = true;
  service.state.role = role;
  const path = `/review/days/nankeng-out/${DATE}`;
  service.others
    .set('GET /review/queue', queue)
    .set(`GET ${path}`, day)
    .set('GET /review/preview', preview)
    .set(`POST ${path}/first`, { ...day, state: 'first', first: { by: 'officer', at: AS_OF, note: '' } });
}
const OPEN = `review?day=nankeng-out/${DATE}&item=nh3n`;

describeInChromium('the review', (look) => {
  test('axe finds nothing serious with a day open, light on a desk and dark on a phone', async () => {
    given(look);
    for (const [colorScheme, width, height] of [
      ['light', 1440, 900],
      ['dark', 360, 780],
    ] as const) {
      const page = await look.open({ colorScheme, viewport: { width, height }, reducedMotion: 'reduce' }, OPEN);
      await page.locator('.review-chart canvas').waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  }, 60_000);

  test('a span drawn along the chart is told with what would change, before anything is set', async () => {
    given(look);
    const page = await look.open({}, OPEN);
    const canvas = page.locator('.review-chart canvas');
    await canvas.waitFor();
    await page.waitForTimeout(300);
    const drag = async (): Promise<void> => {
      await canvas.scrollIntoViewIfNeeded();
      const box = (await canvas.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.1, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 8 });
      await page.mouse.up();
      await look.shows('.review-chart figcaption', '已选');
    };
    expect(await page.getByLabel('全部指标').count()).toBe(0);
    await drag();
    await look.shows('.review-decide .preview', '将剔除 12 条,其中超限 3 条');
    expect(await page.locator('.review-decide .primary').isDisabled()).toBe(true);
    await page.keyboard.press('6');
    expect(await page.locator('.review-decide .primary').isDisabled()).toBe(true);
    await page.getByLabel('说明').fill('现场看过');
    expect(await page.locator('.review-decide .primary').isDisabled()).toBe(false);
    await page.locator('.review-chart figcaption').click();
    // A cleaning of several probes is one decision, about what is ticked or about all.
    await page.locator('[data-scope="codmn"] input').check();
    await page.keyboard.press('2');
    const sent = (): unknown => look.service.posted.at(-1);
    look.service.others.set('POST /decisions', day.decisions[0]);
    await page.locator('.review-decide .primary').click();
    await look.shows('.review-chart figcaption', '尚未选定时段');
    expect(sent()).toMatchObject(['POST /decisions', { parameters: ['nh3n', 'codmn'], reason: 'calibration' }]);
    await drag();
    const whole = page.waitForRequest((one) => one.url().includes('/review/preview') && !one.url().includes('parameters'));
    await page.keyboard.press('e');
    await whole;
    expect(await page.getByLabel('全部指标').isChecked()).toBe(true);
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await look.shows('.review-chart figcaption', '尚未选定时段');
    expect(sent()).toMatchObject(['POST /decisions', { parameters: null, reason: 'device-fault' }]);
    await drag();
    expect(await page.getByLabel('全部指标').isChecked()).toBe(false);
    await page.locator('.review-chart figcaption').click();
    await page.keyboard.press('Escape');
    await look.shows('.review-chart figcaption', '尚未选定时段');
    expect(look.complaints).toEqual([]);
  });

  test('on a phone a finger along the chart picks, and one that scrolls the page takes nothing away', async () => {
    given(look);
    const page = await look.open({ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true }, OPEN);
    const canvas = page.locator('.review-chart canvas');
    await canvas.waitFor();
    await page.waitForTimeout(300);
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const cdp = await page.context().newCDPSession(page);
    const stroke = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      const at = (part: number): { x: number; y: number } => ({
        x: box.x + box.width * (from[0] + (to[0] - from[0]) * part),
        y: box.y + box.height * (from[1] + (to[1] - from[1]) * part),
      });
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(0)] });
      for (let n = 1; n <= 20; n++) {
        await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(n / 20)] });
        await page.waitForTimeout(16);
      }
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await stroke([0.2, 0.5], [0.8, 0.55]);
    await look.shows('.review-chart figcaption', '已选');
    const picked = await page.locator('.review-chart figcaption b').innerText();
    await stroke([0.5, 0.9], [0.6, 0.2]);
    await page.waitForFunction(() => window.scrollY > 0);
    expect(await page.locator('.review-chart figcaption b').innerText()).toBe(picked);
    await page.context().close();
  });

  test('a value of a laboratory sample, or the whole sample, is picked for the same decision as a span', async () => {
    given(look);
    look.service.others.set('POST /decisions', day.decisions[0]);
    const page = await look.open({}, OPEN);
    const samples = page.locator('.review-samples');
    await look.shows('.review-samples [data-tested="nh3n"]', '超限');
    expect(await samples.locator('[data-tested="pb"]').innerText()).toMatch(/铅\s+<0.001 mg\/L\s+无限值\s+存疑/);
    const asked = page.waitForRequest((one) => one.url().includes('/review/preview'));
    await samples.getByRole('button', { name: '氨氮' }).click();
    expect(Object.fromEntries(new URL((await asked).url()).searchParams)).toMatchObject({
      ...{ source: 'lab', parameters: 'nh3n', from: `${DATE}T09:30:00+08:00`, to: `${DATE}T09:30:01+08:00` },
    });
    await page.keyboard.press('3');
    await page.locator('.review-decide .primary').click();
    await look.shows('.review-decide .preview', '尚未选定时段');
    expect(look.service.posted.at(-1)).toMatchObject(['POST /decisions', { source: 'lab', parameters: ['nh3n'] }]);
    await samples.getByRole('button', { name: '整份水样' }).click();
    await look.shows('.review-decide .preview', '将剔除');
    await page.keyboard.press('Escape');
    await look.shows('.review-decide .preview', '尚未选定时段');
    expect(look.complaints).toEqual([]);
  });

  test('the address holds the filter and the day; keys open, show their legend and pass', async () => {
    given(look);
    const page = await look.open({}, 'review?state=waiting&only=all');
    await page.locator('.review-list li').first().waitFor();
    expect(await page.locator('.review-page select').nth(1).inputValue()).toBe('waiting');
    await page.keyboard.press('j');
    await page.locator('.review-day h2').waitFor();
    expect(new URL(page.url()).searchParams.get('day')).toBe(`nankeng-out/${DATE}`);
    await page.keyboard.press('?');
    expect(await page.locator('#review-keys').isVisible()).toBe(true);
    // What is passed is told, and the next that waits opens.
    await page.keyboard.press('a');
    await page.waitForURL((url) => url.searchParams.get('day') === `nankeng-in/${DATE}`);
    expect(look.service.posted).toEqual([[`POST /review/days/nankeng-out/${DATE}/first`, { note: '' }]]);
  });

  test.each([
    ['officer', 'waiting', '一并初审 6 ', ''],
    ['reviewer', 'first', '一并复核 3 ', '已复核 2 站日,其余 3 站日须逐日查看,其中 1 站日由您初审'],
    ['auditor', 'open', null, ''],
  ] as const)('%s opens it with %s, and may pass together: %s', async (role, state, offer, told) => {
    given(look, role);
    look.service.others.set('POST /review/bulk', { passed: 2, left: 3, own: role === 'reviewer' ? 1 : 0 });
    const page = await look.open({}, 'review?station=nankeng-out&from=2026-11-01');
    await page.locator('.review-list li').first().waitFor();
    const choice = page.locator('.review-page select').nth(1);
    expect(await choice.inputValue()).toBe(state);
    const offers = await page.locator('.review-bulk').allInnerTexts();
    expect(offers).toEqual(offer === null ? [] : [expect.stringContaining(offer)]);
    if (offer !== null) {
      await page.locator('.review-bulk button').click();
      await page.getByRole('button', { name: '确认' }).click();
      await look.shows('.review-page .said', told);
      const act = role === 'reviewer' ? 'second' : 'first';
      expect(look.service.posted).toEqual([
        ['POST /review/bulk', { act, station: 'nankeng-out', from: '2026-11-01', to: '2100-01-01' }],
      ]);
    }
    await choice.selectOption('open');
    await page.waitForURL((url) => url.searchParams.get('state') === 'open');
    expect([await choice.inputValue(), look.service.refused]).toEqual(['open', []]);
  });

  test('an act whose answer lacks the archive stands, and the page says what is missing', async () => {
    given(look, 'reviewer');
    const path = `/review/days/nankeng-out/${DATE}`;
    look.service.others
      .set(`GET ${path}`, { ...day, state: 'first', first: { by: 'town', at: AS_OF, note: '' } })
      .set(`POST ${path}/return`, { ...day, partial: true, returned: { by: 'officer', at: AS_OF, note: '再看' } });
    const page = await look.open({}, OPEN);
    await page.getByRole('button', { name: '退回' }).click();
    await page.getByLabel('退回原因').fill('再看');
    await page.keyboard.press('Enter');
    await look.shows('.review-day', '归档库暂不可用,操作已记入');
  });

  test.each([
    ['officer', true, true],
    ['reviewer', false, true],
    ['auditor', false, false],
  ] as const)('%s: passes the first review %s, decides %s', async (role, first, decides) => {
    given(look, role);
    const page = await look.open({}, OPEN);
    await page.locator('.review-chart canvas').waitFor();
    expect(await page.getByRole('button', { name: '初审通过' }).count()).toBe(first ? 1 : 0);
    expect(await page.locator('.review-decide').count()).toBe(decides ? 1 : 0);
    expect(await page.locator('.review-samples').getByRole('button').count()).toBe(decides ? 3 : 0);
    expect(await page.locator('.review-past').innerText()).toContain('无效 · 氨氮 · 停电');
    expect(await page.locator('.review-past').innerText()).toContain('无效 · 化验 铅 · 采样异常');
    expect(look.service.refused).toEqual([]);
  });
});
