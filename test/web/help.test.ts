/** Does the help tell the truth: ports as the environment has them, tasks as the roles allow, links that lead somewhere, in both languages, on a phone, on paper? */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from '@jest/globals';
import { readEnvironment } from '../../src/adapters/config/environment.js';
import { ROUTE_ROLES } from '../../src/adapters/http/access/roles.js';
import { volumeAnswer } from '../../src/adapters/http/contract/volume.js';
import { ADDRESSES } from '../../src/web/addresses.js';
import { PORTS } from '../../src/web/help/help-ports.js';
import { checkWords } from '../../src/web/help/words-help-check.js';
import { TASKS } from '../../src/web/help/words-help-tasks.js';
import { helpWords } from '../../src/web/help/words-help.js';
import { FAKE_VOLUME } from '../adapters/http/fake-backup-desk.js';
import { describeInChromium } from './chromium.js';

test('the ports are the defaults of the environment', () => {
  const { http, broker } = readEnvironment({});
  const outside = (url: string): number => readEnvironment({ MQTT_URL: url }).broker.port;
  const smtp = (url: string): number => readEnvironment({ SMTP_URL: url }).smtp!.port;
  const named = Object.fromEntries(PORTS.map(({ id, ports }) => [id, ports]));
  expect(named).toMatchObject({
    pages: [http.port],
    devices: [broker.port],
    broker: [outside('mqtt://broker.example.org'), outside('mqtts://broker.example.org')],
    influx: [readEnvironment({ INFLUX_URL: 'http://influx.example.org/heqing' }).influx!.port],
    smtp: [smtp('smtp://mail.example.org'), smtp('smtps://mail.example.org')],
  });
  // That nothing is open to other machines unless told.
  expect([http.host, broker.kind === 'embedded' && broker.host]).toEqual(['127.0.0.1', '127.0.0.1']);
});

test('whoever does a task may do it with the own account', () => {
  const routed = TASKS.filter(({ route }) => route !== null);
  expect(routed.length).toBeGreaterThan(10);
  for (const { en, route, do: doers } of routed) {
    expect([en, ROUTE_ROLES[route!] === undefined]).toEqual([en, false]);
    expect([en, doers.filter((doer) => !ROUTE_ROLES[route!]!.includes(doer))]).toEqual([en, []]);
  }
});

test('whatever is said to be seen at an address of the page has one', () => {
  const pages = new Set(ADDRESSES.map(({ path }) => path));
  const seen = checkWords.zh.flatMap(({ see }) => (see === null || see.startsWith('/api/') ? [] : [see.split('?')[0]]));
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.filter((path) => !pages.has(path!))).toEqual([]);
});

test('both languages say as much: the same controls with the same places to look', () => {
  expect(checkWords.en.map(({ see, software, site }) => [see, software.length, site.length])).toEqual(
    checkWords.zh.map(({ see, software, site }) => [see, software.length, site.length]),
  );
  expect(helpWords.en.backupSteps).toHaveLength(helpWords.zh.backupSteps.length);
  volumeAnswer.parse(FAKE_VOLUME);
});

describeInChromium('说明', (look) => {
  test('from the foot of a page: every part, the disk of this site, a link to each place where a claim is seen', async () => {
    look.service.state.loggedIn = true;
    look.service.others.set('GET /volume', FAKE_VOLUME);
    await look.open();
    await look.page.click('footer .to-help a');
    await look.shows('.help h1', '说明');
    await look.page.waitForSelector('.help .disk');
    expect(await look.seen('.help .disk')).toContain('370 MB');
    expect(await look.page.locator('.help h2').allInnerTexts()).toHaveLength(7);
    expect(await look.seen('[data-port=pages]')).toContain('3000');
    expect(await look.page.locator('.help-drawing').count()).toBe(2);
    // Heqing, which stands lower, connects to the broker on site: that way round a firewall must let it through.
    await look.shows('.help', '箭头由主动连接的一方指向被连接的一方');
    const dialled = look.page.locator('.help-drawing .arrow', { hasText: 'MQTTS 8883' }).locator('line');
    expect(Number(await dialled.getAttribute('y1'))).toBeGreaterThan(Number(await dialled.getAttribute('y2')));
    expect(await look.seen('[data-port=edge]')).toMatch(/8883\s+进/);
    expect(await look.page.locator('.help-drawing .arrow', { hasText: 'SMTP 587' }).count()).toBe(2);
    expect(await look.seen('.help .controls tr:has-text("恶意代码防范")')).toContain('PDF');
    for (const link of await look.page.locator('.help .contents a').all())
      expect(await look.page.locator((await link.getAttribute('href')) ?? '').count()).toBe(1);
    await look.page.locator('.help .controls a[href="/data?part=health"]').first().click();
    await look.page.waitForURL('**/data?part=health');
    expect(look.complaints).toEqual([]);
  });

  test('beyond loopback without a login it stands all the same, and says why the figures are not there', async () => {
    look.service.state.closedToPublic = true;
    await look.open({}, 'help');
    await look.shows('.help', '登录后按本单位的配置算出');
    await look.page.click('text=English');
    await look.shows('.help h1', 'Help');
    await look.shows('.help', 'Who does what');
  });

  test('not wider than a phone, and whole on paper', async () => {
    look.service.state.loggedIn = true;
    look.service.others.set('GET /volume', FAKE_VOLUME);
    await look.open({ viewport: { width: 360, height: 780 } }, 'help');
    await look.page.waitForSelector('.help .disk');
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    // Nor does a part of it move sideways: who does what is told task by task.
    const wider = (elements: Element[]): string[] =>
      elements.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.className);
    expect(await look.page.locator('.help .wide, .help table').evaluateAll(wider)).toEqual([]);
    expect(await look.seen('.help .tasks tr:has-text("签收预警")')).toMatch(/签收预警\s+运维/);
    await look.page.emulateMedia({ media: 'print' });
    expect(await look.page.locator('.help .controls tr').last().isVisible()).toBe(true);
  });
});
