/** What does a person see and do at the page of a station? The built page in a real Chromium, and its pure parts as tables. */
/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals';
import {
  lastMessageAnswer,
  spansAnswer,
  stationDayAnswer,
  stationDaysAnswer,
  stationLimitsAnswer,
} from '../../src/adapters/http/contract/station.js';
import { readingsAnswer } from '../../src/adapters/http/contract/contract.js';
import { drawnPeriod, moved, periodOf, queryOf, stepFor } from '../../src/web/stations/chart-period.js';
import { cornersOf, labelsOf, type LimitLine, strokesOf } from '../../src/web/stations/limit-lines.js';
import { lineOf, pointsOf, whyExcluded } from '../../src/web/series-points.js';
import { eventually } from '../support/eventually.js';
import { describeInChromium } from './chromium.js';
import * as fake from './fake-station.js';
import { AS_OF, at } from './station-fixtures.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('the fixtures are what the contract promises', () => {
  stationDaysAnswer.parse(fake.days);
  stationDayAnswer.parse(fake.day);
  spansAnswer.parse(fake.spans);
  lastMessageAnswer.parse(fake.last);
  stationLimitsAnswer.parse(fake.limits);
  const asked = { parameter: 'nh3n', from: at('00:00'), to: at('10:00') };
  readingsAnswer.parse(fake.readingsOf(new URLSearchParams(asked)));
});

test.each([
  [DAY, null],
  [3 * DAY, null],
  [3 * DAY + 1, '1h'],
  [62 * DAY, '1h'],
  [365 * DAY, '1d'],
  [20 * 365 * DAY, '7d'],
])('a stretch of %d ms is asked for in steps of %s', (length, step) => expect(stepFor(length)).toBe(step));

test('the address and the period say the same, in the site’s own hours; nonsense is the last day', () => {
  const query = { from: '2026-11-20T08:00', to: '2026-11-22T20:30' };
  const period = periodOf(query, AS_OF);
  expect(period).toEqual({ from: Date.parse('2026-11-20T00:00:00Z'), to: Date.parse('2026-11-22T12:30:00Z'), last: null });
  expect(queryOf(period, AS_OF)).toEqual(query);
  expect(queryOf(periodOf({ last: '30d' }, AS_OF), AS_OF)).toEqual({ last: '30d' });
  const day = periodOf({}, AS_OF);
  expect([day.last, day.to - day.from, day.to > Date.parse(AS_OF)]).toEqual(['24h', DAY, true]);
  for (const wrong of [{ last: 'constructor' }, { from: 'x', to: 'y' }, { from: query.to, to: query.from }, { from: ['a'] }])
    expect(periodOf(wrong, AS_OF)).toEqual(day);
});

test('a drawn stretch is never shorter than an hour; moving keeps its length, zooming its middle', () => {
  expect(drawnPeriod(0, 1000)).toEqual({ from: 0, to: HOUR, last: null });
  const period = drawnPeriod(0, 10 * HOUR);
  expect(moved(period, 0.5)).toMatchObject({ from: 5 * HOUR, to: 15 * HOUR });
  expect(moved(period, 0, 0.5)).toMatchObject({ from: 2.5 * HOUR, to: 7.5 * HOUR });
});

const plain = { mark: 'N', quality: 'good', source: 'sensor' } as const;
test.each([
  [plain, null],
  [{ ...plain, quality: 'suspect' } as const, null],
  [{ ...plain, quality: 'fail' } as const, { by: 'quality', code: 'fail' }],
  [{ ...plain, mark: 'D' } as const, { by: 'mark', code: 'D' }],
  [{ ...plain, mark: 'T', quality: 'fail' } as const, null],
  [{ ...plain, mark: 'S' } as const, { by: 'mark', code: 'S' }],
  [{ ...plain, mark: 'S', source: 'lab' } as const, null],
  [{ ...plain, ruling: 'maintenance' } as const, { by: 'ruling', code: 'maintenance' }],
  [{ ...plain, quality: 'fail', ruling: 'restored' } as const, null],
  [{ ...plain, quality: 'fail', ruling: 'suspect' } as const, null],
])('%j is left out because of %j', (reading, why) => expect(whyExcluded(reading)).toEqual(why));

test('the line breaks at silence and at what does not count', () => {
  const row = (minute: number, mark: 'N' | 'D' = 'N') => ({
    ...plain,
    mark,
    time: new Date(Date.parse(AS_OF) + minute * 60_000).toISOString(),
    value: minute,
    checks: [],
  });
  const line = lineOf(pointsOf([row(0), row(5), row(10, 'D'), row(15), row(20), row(25), row(120)]));
  expect(line.map((p) => p.value)).toEqual([0, 5, null, 15, 20, 25, null, 120]);
});

describe('limits that changed', () => {
  const at = (day: string) => Date.parse(`2026-11-${day}T00:00:00+08:00`);
  const strokes = strokesOf(
    fake.limits.limits.filter(({ parameter }) => parameter === 'nh3n'),
    '日均',
    0,
  );

  test('what follows is one line with a step; a class that does not bind is a line of its own, with its letter', () => {
    expect(strokes.map(({ kind }) => kind).sort()).toEqual(['class', 'own']);
    const own = strokes.find(({ kind }) => kind === 'own')!;
    expect(cornersOf(own)).toEqual([
      [at('01'), 1.5],
      [at('15'), 1.5],
      [at('15'), 1],
      [at('01') + 30 * DAY, 1],
    ]);
    expect(labelsOf(own, at('10'), at('20'))).toEqual([
      { at: at('10'), value: 1.5, label: '≤ 1.5' },
      { at: at('15'), value: 1, label: '≤ 1.0' },
    ]);
    expect(labelsOf(own, at('16'), at('20')).map(({ label }) => label)).toEqual(['≤ 1.0']);
    expect(
      labelsOf(
        strokes.find(({ kind }) => kind === 'class')!,
        at('16'),
        at('20'),
      )[0]!.label,
    ).toBe('Ⅱ类');
  });

  test('classes with one limit are one line with their names, and none where the limit that binds is', () => {
    const [binds] = fake.limits.limits.filter(({ parameter }) => parameter === 'ph');
    const ofClass = (otherClass: 'II' | 'III' | 'IV', limit: number): LimitLine => ({
      ...binds!,
      ...{ otherClass, limit, text: `≤ ${limit}` },
    });
    const all = strokesOf(
      [binds!, { ...binds!, otherClass: 'I' }, ofClass('II', 4), ofClass('III', 4), ofClass('IV', 5)],
      '日均',
      0,
    );
    expect(all.map(({ kind, spans }) => [kind, spans[0]!.label])).toEqual([
      ['own', '≥ 6'],
      ['own', '≤ 9'],
      ['class', 'Ⅱ类 · Ⅲ类'],
      ['class', 'Ⅳ类'],
    ]);
  });

  test('a range is two lines, two limits at once are two, a limit of day means says so, a gap is not bridged', () => {
    const [ph] = fake.limits.limits.filter(({ parameter }) => parameter === 'ph');
    expect(strokesOf([ph!], '日均', 0).map(({ spans }) => spans[0]!.label)).toEqual(['≥ 6', '≤ 9']);
    const classes = (['I', 'II'] as const).map((otherClass) => ({ ...ph!, otherClass }));
    expect(strokesOf([...classes, ph!], '日均', 0).map(({ kind }) => kind)).toEqual(['own', 'own']);
    const one = { ...ph!, limit: 50, text: '≤ 50', daily: true };
    const later = { ...one, from: '2026-12-05T00:00:00+08:00', to: '2026-12-09T00:00:00+08:00' };
    const daily = strokesOf([one, { ...one, limit: 35, text: '≤ 35' }, later], '日均', 0);
    expect(daily.map(({ kind, spans }) => [kind, spans.map(({ label }) => label)])).toEqual([
      ['daily', ['日均 ≤ 50']],
      ['daily', ['日均 ≤ 35']],
      ['daily', ['日均 ≤ 50']],
    ]);
  });
});

describeInChromium('the page of a station', (look) => {
  const PAGE = 'stations/nankeng-out';
  const asked = () => look.service.station.asked;

  test('a stranger sees head, charts and calendar, and nothing of what needs a login', async () => {
    await look.open({}, PAGE);
    await look.page.waitForSelector('[data-day="2026-11-20"]');
    const head = await look.seen('.station-head');
    for (const part of [
      '南坑河出境断面',
      '考核断面',
      '执行Ⅲ类',
      '待区局确认',
      '南坑河五陂段',
      '今日进行中',
      '最近到报 10:30',
      '设备时钟正常',
    ])
      expect(head).toContain(part);
    await look.shows('[data-chart="nh3n"] figcaption', '× 不计入:');
    expect(await look.seen('[data-chart="nh3n"] figcaption')).toMatch(/设备故障 D \d+ · 无效 \d+ · 维护期间 \d+/);
    expect(await look.page.locator('[data-chart="nh3n"] canvas').count()).toBe(1);
    expect(await look.seen('.maintenance-desk')).toContain('登录后可以登记维护');
    expect(await look.page.locator('.last-message, .station-receipt').count()).toBe(0);
    expect(await look.page.title()).toContain('南坑河出境断面');
    expect(look.complaints).toEqual([]);
  });

  test('a longer period is asked for in steps, stands in the address, and the table says the same as the chart', async () => {
    await look.open({}, PAGE);
    await look.page.waitForSelector('[data-chart="nh3n"] canvas');
    expect(asked().every((query) => !query.has('step'))).toBe(true);
    const steps: (string | null)[] = [];
    look.page.on('request', (request) => steps.push(new URL(request.url()).searchParams.get('step')));
    await look.page.click('[data-chart="ph"] summary');
    // The rows come after the table says that it is open, which a busy browser says late.
    await look.shows('[data-chart="ph"] .values-table', '× 设备故障 D');
    await look.page.click('.period-bar >> text=30 天');
    await eventually('hours are asked for', () => steps.includes('1h'));
    expect(new URL(look.page.url()).search).toBe('?last=30d');
    await look.shows('[data-chart="ph"] .values-table', '有效 / 全部');
    await look.page.click('.period-bar >> text=1 年');
    await eventually('days are asked for', () => steps.includes('1d'));
    expect(look.complaints).toEqual([]);
  });

  test('the chart draws the limit that held, with its step, and what it asks for follows the period', async () => {
    const spans: string[] = [];
    await look.open({}, 'help');
    look.page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/limits')) spans.push(url.searchParams.get('from')!.slice(0, 10));
    });
    await look.page.goto(`${look.service.url}${PAGE}?from=2026-11-10T00:00&to=2026-11-20T00:00`);
    const canvas = look.page.locator('[data-chart="nh3n"] canvas');
    await canvas.waitFor();
    await eventually('the limits are asked for', () => spans.length > 0);
    expect(spans).toEqual(['2026-10-31']);
    /** Points of the colour of limits, at a share of the width: how high, from the top. */
    const heights = (share: number): Promise<number[]> =>
      canvas.evaluate((element: HTMLCanvasElement, x) => {
        const column = element.getContext('2d')!.getImageData(Math.round(element.width * x), 0, 1, element.height).data;
        return Array.from({ length: element.height }, (_, y) => y).filter(
          (y) => column[4 * y]! > 170 && column[4 * y + 1]! < 90 && column[4 * y + 2]! < 80 && column[4 * y + 3]! > 120,
        );
      }, share);
    // A dash may have its gap where one looks.
    const heightNear = async (share: number): Promise<number | undefined> =>
      (await Promise.all([0, 0.004, 0.008, 0.012, 0.016].map((more) => heights(share + more)))).flat()[0];
    await eventually('the step is drawn', async () => {
      const [before, after] = [await heightNear(0.4), await heightNear(0.8)];
      return before !== undefined && after !== undefined && after - before > 10;
    });
  });

  test('a drag sideways moves the period; the picture stays while the next is read', async () => {
    await look.open({}, `${PAGE}?from=2026-11-20T00:00&to=2026-11-21T00:00`);
    await look.page.waitForSelector('[data-chart="ph"] canvas');
    await look.page.locator('[data-chart="ph"] canvas').scrollIntoViewIfNeeded();
    const box = (await look.page.locator('[data-chart="ph"] canvas').boundingBox())!;
    await look.page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await look.page.mouse.down();
    await look.page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 8 });
    await look.page.mouse.up();
    await eventually('the address has moved back', async () => {
      const from = new URL(look.page.url()).searchParams.get('from');
      return from !== null && from < '2026-11-19T18:00' && from > '2026-11-19T00:00';
    });
    expect(await look.page.locator('[data-chart="ph"] canvas').count()).toBe(1);
    expect(look.complaints).toEqual([]);
  });

  test('the calendar: a shape and a word for each state; a click shows the day item by item and stands in the address', async () => {
    await look.open({}, PAGE);
    await look.page.waitForSelector('[data-day="2026-11-20"]');
    const label = (day: string) => look.page.getAttribute(`[data-day="2026-11-${day}"]`, 'aria-label');
    expect(await label('20')).toBe('2026-11-20 · 超标 · Ⅳ类');
    expect(await look.seen('[data-day="2026-11-20"]')).toBe('▲');
    expect(await label('21')).toContain('未判定');
    expect(await label('05')).toContain('不参评');
    expect(await label('23')).toBe('2026-11-23 · 进行中');
    await look.page.click('[data-day="2026-11-20"]');
    await look.shows('[data-day-evidence="2026-11-20"]', 'GB 3838-2002');
    const evidence = await look.seen('.day-evidence');
    for (const part of ['超标', '1.20', '≤ 1.0', '超 0.2 倍', '6 / 应有 6']) expect(evidence).toContain(part);
    expect(new URL(look.page.url()).searchParams.get('day')).toBe('2026-11-20');
    expect(look.complaints).toEqual([]);
  });

  test('on a phone: 开始维护 and 结束维护, each with one tap and said', async () => {
    look.service.state.loggedIn = true;
    await look.open({ viewport: { width: 360, height: 780 } }, PAGE);
    await look.page.getByLabel('试剂', { exact: true }).check();
    await look.page.fill('.maintenance-desk input[name=note]', '更换试剂');
    await look.page.click('text=开始维护');
    await look.shows('.maintenance-desk', '维护进行中,自 09:30,officer');
    expect(look.service.station.acts).toEqual([
      ['POST /maintenance', { station: 'nankeng-out', note: '更换试剂', tasks: ['reagent'] }],
    ]);
    await look.page.click('text=结束维护');
    await look.shows('.maintenance-desk', '已登记结束');
    const [route, body] = look.service.station.acts[1]!;
    expect(route).toBe('PATCH /maintenance/7');
    expect(body).toMatchObject({ to: expect.stringMatching(/^2026-11-23T10:3\d:\d\d\+08:00$/) });
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(look.complaints).toEqual([]);
  });

  test('while values arrive nothing more is asked of the desk, and what is half-written stays', async () => {
    look.service.state.loggedIn = true;
    await look.open({ viewport: { width: 360, height: 780 } }, PAGE);
    const asked: string[] = [];
    const asks = (path: string): number => asked.filter((one) => one === path).length;
    await look.page.getByLabel('试剂', { exact: true }).check();
    const note = look.page.locator('.maintenance-desk input[name=note]');
    await note.fill('更换试剂,');
    look.page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice('/api/v1'.length)));
    await eventually('the page listens', () => look.service.listeners() > 0);
    for (const value of [2.01, 2.02, 2.03]) {
      const reading = { station: 'nankeng-out', parameter: 'nh3n', time: at(`10:3${value * 100 - 200}`), value };
      look.service.tell('reading', { ...reading, mark: 'N', quality: 'good', check: null });
    }
    await look.shows('[data-chart="nh3n"]', '2.03');
    // An alert has the site, and who is logged in, asked for again; twice, so that the first is wholly taken.
    for (const times of [1, 2]) {
      look.service.tell('alert', {});
      await eventually('the site is asked again', () => asks('/site') >= times && asks('/alerts') >= times);
      await note.press('Home');
    }
    await note.press('End');
    await look.page.keyboard.type('校准探头');
    expect(await note.inputValue()).toBe('更换试剂,校准探头');
    expect(await note.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await look.page.getByLabel('试剂', { exact: true }).isChecked()).toBe(true);
    expect([asks('/maintenance'), asks('/receipts'), asks('/stations/nankeng-out/last')]).toEqual([0, 0, 0]);
    expect([asks('/stations/nankeng-out/windows'), asks('/stations/nankeng-out/days')]).toEqual([0, 0]);
    expect(look.complaints).toEqual([]);
  });

  test('after a login: spans in words, the receipt of the day, and the newest message as text, whatever it holds', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, PAGE);
    await look.page.waitForSelector('.last-message pre');
    const message = await look.seen('.last-message');
    for (const part of [
      'heqing/nankeng-out/readings',
      '61 字节',
      '序号 4711',
      '已采用',
      '氨氮 1.37',
      '拒收 1',
      'tp 不是数',
      '<img src=x',
    ])
      expect(message).toContain(part);
    await look.page.click('.station-spans summary');
    const spans = await look.seen('.station-spans');
    for (const part of ['维护', '02:00 – 03:00', '超限', '08:40 – 进行中', '单次测值 1.37 mg/L']) expect(spans).toContain(part);
    await look.page.waitForSelector('.station-receipt');
    expect(await look.page.title()).not.toBe('2');
    expect(await look.page.locator('.qr-code path').getAttribute('d')).toMatch(/^M\d+ \d+h/);
    expect(look.complaints).toEqual([]);
  });

  test('打印 and Ctrl+P print every chart, whoever has scrolled, as wide as the sheet', async () => {
    await look.open({ viewport: { width: 1440, height: 500 } }, PAGE);
    await look.page.waitForSelector('.parameter-chart canvas');
    const charts = await look.page.locator('.parameter-chart').count();
    const drawn = () => look.page.locator('.parameter-chart .canvas:has(canvas)').count();
    expect(await drawn()).toBeLessThan(charts);
    await look.page.evaluate(() => {
      // What a printer would find.
      window.print = () => {
        dispatchEvent(new Event('beforeprint'));
        const found = [...document.querySelectorAll('.parameter-chart canvas')].map((one) => one.getBoundingClientRect().width);
        document.body.dataset.printed = JSON.stringify(found);
        dispatchEvent(new Event('afterprint'));
      };
    });
    const printed = async (): Promise<number[]> => {
      await look.page.waitForSelector('body[data-printed]');
      return look.page.evaluate(() => JSON.parse(document.body.dataset.printed ?? '[]') as number[]);
    };
    await look.page.getByRole('button', { name: '打印' }).click();
    const widths = await printed();
    expect(widths).toHaveLength(charts);
    // 190 mm, the sheet between its margins.
    for (const width of widths) expect(Math.round(width)).toBe(718);
    expect(await look.page.evaluate(() => document.documentElement.className)).toBe('');

    await look.page.reload();
    await look.page.waitForSelector('.parameter-chart canvas');
    expect(await drawn()).toBeLessThan(charts);
    // The browser’s own dialogue would wait for nothing: the page says what is missing, or is asked first.
    await look.page.emulateMedia({ media: 'print' });
    expect(await look.page.locator('.parameter-chart .unread:visible').count()).toBe(charts - (await drawn()));
    await look.page.emulateMedia({ media: 'screen' });
    await look.page.evaluate(() => (window.print = () => (document.body.dataset.printed = 'true')));
    await look.page.keyboard.press('Control+p');
    await look.page.waitForSelector('body[data-printed]');
    expect(await drawn()).toBe(charts);
    await look.page.emulateMedia({ media: 'print' });
    expect(await look.page.locator('.parameter-chart .unread:visible').count()).toBe(0);
    // However much stands before it, the foot never takes a sheet of its own.
    const sheets = async (): Promise<number> =>
      (await look.page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    await look.page.evaluate(() => {
      // A sheet without pictures is made in no time.
      document.querySelectorAll<HTMLElement>('.station-page > section').forEach((section) => (section.style.display = 'none'));
      document.querySelector('.station-page > .code')!.before(document.createElement('i'));
    });
    const more: [number, number][] = [];
    for (const height of [570, 600, 630, 660]) {
      await look.page.evaluate((px) => {
        const filling = document.querySelector<HTMLElement>('.station-page > i')!;
        Object.assign(filling.style, { display: 'block', height: `${px}px` });
        document.querySelector('footer')!.hidden = false;
      }, height);
      const all = await sheets();
      await look.page.evaluate(() => (document.querySelector('footer')!.hidden = true));
      more.push([height, all - (await sheets())]);
    }
    expect(more.filter(([, sheet]) => sheet !== 0)).toEqual([]);
    expect(look.complaints).toEqual([]);
  });

  test('an unknown station is said in words, with the way back', async () => {
    await look.open({}, 'stations/nowhere');
    await look.shows('.station-page', '没有代号为 nowhere 的站点');
    await look.page.click('text=全部站点');
    await look.page.waitForSelector('#stations [data-station="nankeng-out"]');
  });

  test('the list: each station once under its heading, filtered by state through the address', async () => {
    await look.open({}, 'stations');
    await look.page.waitForSelector('[data-station]');
    const shown = () =>
      look.page.locator('[data-station]').evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.station));
    const links = await look.page
      .locator('main a[href^="/stations/"]')
      .evaluateAll((all) => all.map((e) => e.getAttribute('href')));
    expect(links.length).toBe(new Set(links).size);
    expect((await shown()).length).toBe(links.length);
    // The heading comes before what narrows the list, and what needs a person before what does not.
    const text = await look.seen('#stations');
    const order = ['站点', '超标 1', '离线 1', '达标', '类别'].map((word) => text.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBe(0);
    await look.page.click('[data-state="offline"]');
    await eventually('only those offline', async () => (await shown()).join() === 'datian-tap');
    expect(new URL(look.page.url()).search).toBe('?state=offline');
    await look.page.selectOption('select[name=medium]', 'sewage');
    await look.shows('#stations', '没有符合条件的站点');
    expect(new URL(look.page.url()).search).toBe('?state=offline&medium=sewage');
    expect(await shown()).toEqual([]);
    await look.page.goto(`${look.service.url}stations?village=${encodeURIComponent('大田村')}`);
    await look.page.waitForSelector('[data-station="datian-tap"]');
    expect(await look.page.inputValue('select[name=village]')).toBe('大田村');
    expect((await shown()).every((one) => one?.startsWith('datian'))).toBe(true);
    await look.page.goto(`${look.service.url}stations?state=offline`);
    await look.page.waitForSelector('[data-station="datian-tap"]');
    await look.page.click('[data-station="datian-tap"] h3 a');
    await look.shows('.station-head', '大田村末梢水监测点');
    expect(look.complaints).toEqual([]);
  });
});
