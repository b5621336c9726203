/** Can a village river chief on a phone, and an officer at a desk, follow up what is wrong on the built page? */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { wupi } from '../support/wupi.js';
import { eventually } from '../support/eventually.js';
import { describeInChromium } from './chromium.js';

const CASE = '[data-case="2026-0001"]';
const [first, chief] = wupi.people;

/** A real picture, one grey pixel: a browser must show it. */
const PNG = (() => {
  const crc = (bytes: Buffer): number => {
    let c = ~0;
    for (const byte of bytes) {
      c ^= byte;
      for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c >>> 0;
  };
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    magic,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
})();

describeInChromium('cases on the page', (look) => {
  const open = (as = 'officer') =>
    look.service.cases.cases.open({ station: 'nankeng-out', to: chief!.id, until: '2027-01-15', note: '岸边有异味' }, as);

  test('without a login there are none; from an alert one is sent on its way', async () => {
    await look.open({}, 'cases');
    await look.page.waitForSelector('.closed');
    expect(await look.page.locator('#cases').count()).toBe(0);
    look.service.state.loggedIn = true;
    await look.page.goto(`${look.service.url}alerts`);
    await look.page.click('.alert-item .line >> nth=0');
    const item = '.alert-item >> nth=0';
    await look.page.locator(item).getByRole('button', { name: '派人处理' }).click();
    await look.page.selectOption('.open-case select', chief!.id);
    // Tomorrow by the site's clock, as in the mail, until somebody says otherwise.
    expect(await look.page.inputValue('.open-case input[type=date]')).toBe('2026-11-24');
    await look.page.fill('.open-case input[type=date]', '2027-01-15');
    await look.page.locator('.open-case').getByRole('button', { name: '派人处理' }).click();
    await look.shows(item, '处置单 2026-0001 待核实');
    await look.page.locator(item).getByRole('link', { name: '处置单 2026-0001' }).click();
    await look.page.waitForSelector(`${CASE} .details`);
    expect(await look.seen(CASE)).toContain(chief!.name);
    // Its number stands in the heading, once, and beside 处置 in the navigation what is open.
    expect((await look.seen('.cases')).split('2026-0001')).toHaveLength(2);
    await look.shows('.page-header nav a[href="/cases"]', '处置1');
    await look.page.getByRole('link', { name: '全部处置单' }).click();
    await look.shows('#cases .summary', '未销号 1 · 逾期 0');
    expect(look.complaints).toEqual([]);
  });

  test('on a phone: verified with a photo and a place, mended, checked by another, closed', async () => {
    look.service.state.loggedIn = true;
    open();
    const geolocation = { latitude: 27.61234, longitude: 113.85432, accuracy: 12 };
    await look.open({ viewport: { width: 360, height: 780 }, geolocation, permissions: ['geolocation'] }, '?case=2026-0001');
    await look.page.waitForSelector(`${CASE} form`);
    const form = look.page.locator(`${CASE} form`);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await form.getByLabel('属实').check();
    await form.getByLabel('现场看到了什么').fill('排口有污水');
    await form.locator('input[type=file]').setInputFiles({ name: 'river.png', mimeType: 'image/png', buffer: PNG });
    const preview = form.getByAltText('照片 1');
    await preview.waitFor();
    expect(await preview.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(1);
    expect(await form.innerText()).toContain('只有点了按钮并同意,才会记录位置');
    expect(await form.innerText()).not.toContain('27.61');
    await form.getByRole('button', { name: '记录当前位置' }).click();
    await look.shows(`${CASE} form`, '北纬 27.61234 东经 113.85432(±12 米)');
    await form.getByRole('button', { name: '提交' }).click();
    await look.shows(CASE, '已核实');
    expect(look.service.cases.cases.find('2026-0001').history.at(-1)).toMatchObject({
      finding: 'real',
      photos: [1],
      place: { kind: 'point', lat: 27.61234, lon: 113.85432, accuracyMetres: 12 },
    });
    await form.getByLabel('做了什么整改').fill('已封堵');
    await form.getByRole('button', { name: '提交' }).click();
    await look.shows(CASE, '整改中');
    // Who had a part in it mends on; whoever else opens it is asked to check.
    expect(await form.locator('[aria-pressed=true]').innerText()).toBe('整改');
    await form.getByRole('button', { name: '核查', exact: true }).click();
    await form.getByRole('button', { name: '提交' }).click();
    await look.shows(`${CASE} form [role=alert]`, '另一人');
    look.service.cases.as = 'checker';
    await form.getByRole('button', { name: '提交' }).click();
    await look.shows(CASE, '核查通过');
    await form.getByRole('button', { name: '提交' }).click();
    await look.shows(CASE, '已销号');
    await eventually('no open case in the navigation', async () => !/\d/.test(await look.seen('nav a[href="/cases"]')));
    expect(await form.count()).toBe(0);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    // The browser itself names an answer of 400; nothing else may complain.
    expect(look.complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  test('what is being mended asks whoever had no part in it to check', async () => {
    look.service.state.loggedIn = true;
    const { cases } = look.service.cases;
    const { id } = open('duty-a');
    cases.step(id, { act: 'verify', finding: 'real', note: '排口有污水', photos: [] }, 'chief-a');
    cases.step(id, { act: 'mend', note: '已封堵', photos: [] }, 'chief-a');
    await look.open({}, 'cases/2026-0001');
    await look.page.waitForSelector(`${CASE} form`);
    expect(await look.page.locator(`${CASE} form [aria-pressed=true]`).innerText()).toBe('核查');
  });

  test('filters stand in the address, and the register takes them along', async () => {
    look.service.state.loggedIn = true;
    open();
    look.service.cases.cases.open({ station: 'nankeng-in', to: first!.id, until: '2027-01-15', note: '漂浮物' }, 'officer');
    await look.open({}, 'cases');
    await look.page.waitForSelector('[data-case="2026-0002"]');
    await look.page.selectOption('#cases select[name=person]', chief!.id);
    await look.page.waitForSelector('[data-case="2026-0002"]', { state: 'detached' });
    expect(new URL(look.page.url()).searchParams.get('to')).toBe(chief!.id);
    const register = await look.page.getAttribute('#cases .summary a', 'href');
    expect(register).toBe(`/api/v1/cases/register.xlsx?state=open&to=${chief!.id}`);
    await look.page.reload();
    await look.page.waitForSelector(CASE);
    expect(await look.page.locator('.case-item').count()).toBe(1);
    await look.page.check('#cases input[name=overdue]');
    await look.shows('#cases', '没有符合条件的处置单');
    expect(new URL(look.page.url()).searchParams.get('overdue')).toBe('1');
    // Back from another page it is the same list.
    await look.page.locator('.page-header nav a[href="/alerts"]').click();
    await look.page.waitForURL((url) => url.pathname === '/alerts');
    await look.page.goBack();
    await look.shows('#cases', '没有符合条件的处置单');
    expect(new URL(look.page.url()).searchParams.get('to')).toBe(chief!.id);
  });

  test('every field has a name, the keyboard comes everywhere, and English follows the switch', async () => {
    look.service.state.loggedIn = true;
    open();
    await look.open({}, '?case=2026-0001');
    await look.page.waitForSelector(`${CASE} form`);
    const nameless = await look.page.locator('.cases :is(input, select, textarea, button)').evaluateAll((fields) =>
      fields
        .filter((field) => {
          const labels = 'labels' in field ? ((field as HTMLInputElement).labels?.length ?? 0) : 0;
          return labels === 0 && !field.getAttribute('aria-label') && !field.textContent?.trim();
        })
        .map((field) => field.outerHTML),
    );
    expect(nameless).toEqual([]);
    expect(await look.page.locator('.cases h1').innerText()).toBe('处置 2026-0001');
    await look.page.locator(`${CASE} form`).getByRole('button', { name: '移交' }).focus();
    await look.page.keyboard.press('Enter');
    await look.page.waitForSelector(`${CASE} form select[name=to]`);
    await look.page.getByRole('button', { name: 'English' }).click();
    await look.shows('.cases h1', 'Cases');
    expect(await look.seen(`${CASE} form`)).toContain('Why it is handed over');
    expect(look.complaints).toEqual([]);
  });

  test('what is silent, what is being watched, and who cannot be reached is told to those who are logged in', async () => {
    const { state } = look.service;
    const span = { from: '2026-11-23T08:00:00+08:00', to: '2026-11-24T08:00:00+08:00' };
    const any = { subjectName: null, subjectNameEn: null, station: null, parameter: null };
    const river = { subjectName: '南坑河五陂段水质达标率', subjectNameEn: 'Nankeng River, Wupi reach: compliance' };
    state.silences = [
      { ...any, id: '1', station: 'nankeng-out', parameter: 'nh3n', rule: null, ...span, by: 'officer', reason: '清淤施工' },
      { ...any, id: '2', rule: 'no-data', ...span, by: 'officer', reason: '停电检修' },
      { ...any, ...river, id: '3', rule: 'target', ...span, by: 'officer', reason: '整改中' },
    ];
    state.bounced = [
      { recipient: '镇环保办', email: 'town-office@example.org', channel: 'mail', since: span.from, error: '550 no such user' },
      { recipient: '值班员、镇环保办', email: null, channel: 'duty-group', since: span.from, error: 'code 310000' },
    ];
    state.alerts = state.alerts.map((alert, i) => (i === 0 ? { ...alert, state: 'pending', unconfirmed: true } : alert));
    await look.open({}, 'alerts');
    await look.page.waitForSelector('.alert-item');
    expect([await look.seen('.alert-item >> nth=0'), await look.page.locator('.silences').count()]).toEqual([
      expect.stringMatching(/待复核[^]*观察中/),
      0,
    ]);
    state.loggedIn = true;
    await look.page.reload();
    await look.page.waitForSelector('.silences');
    const silences = await look.seen('.silences >> nth=0');
    expect(silences).toContain('南坑河出境断面 氨氮 08:00 – 11-24 08:00 · officer · 清淤施工');
    expect(silences).toContain('no-data');
    expect(silences).toContain('南坑河五陂段水质达标率 target');
    await look.shows('.bounced-list', '镇环保办 town-office@example.org · 自 08:00 拒收 · 550 no such user');
    await look.shows('.bounced-list', '值班员、镇环保办 duty-group · 自 08:00 拒收 · code 310000');
    await look.page.goto(`${look.service.url}data?part=notices`);
    await look.page.waitForSelector('.data .bounced');
    await look.shows('.data .bounced', '镇环保办(自 08:00) town-office@example.org 550 no such user');
    expect(look.complaints).toEqual([]);
  });

  test('what somebody has verified is reported upward, with a note', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'alerts');
    await look.page.click('.alert-item .line >> nth=0');
    const id = await look.page.getAttribute('.alert-item >> nth=0', 'data-alert');
    await look.page.getByRole('button', { name: '核实后上报' }).click();
    await look.page.getByLabel('核实情况').fill('已到现场核实');
    await look.page.locator('.report-upward').getByRole('button', { name: '核实后上报' }).click();
    await look.shows('.alert-item >> nth=0', '已上报');
    expect(look.service.reported).toEqual([[id, { note: '已到现场核实' }]]);
  });
});
