/** Can an officer see which papers left and who got them, make one, and print it? */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import { bulletins, monthly } from './bulletin-fixtures.js';
import { describeInChromium } from './chromium.js';

describeInChromium('bulletins on the page', (look) => {
  const come = (): void => {
    look.service.state.loggedIn = true;
    look.service.others.set('GET /bulletins', bulletins).set('GET /bulletins/3', monthly).set('POST /bulletins', monthly);
    for (const n of [1, 2]) look.service.others.set(`GET /bulletins/3/pictures/${n}`, {});
  };

  test('the list says what leaves when, what was made, who got it and who did not', async () => {
    come();
    await look.open({}, 'bulletins');
    await look.shows('.bulletins-page', '数据到报日报');
    const text = await look.seen('.bulletins-page');
    expect(text).toContain('每天 08:00 · 发给 镇环保办、运维');
    expect(text).toContain('每周一 08:10 · 只列在这里,不发邮件');
    expect(text).toContain('2026-W47 到点没有生成:历史数据库暂不可用。每分钟再试一次,最多两天。');
    expect(text).toContain('次月 3 日 09:00 仍未定稿,发未审核草稿');
    expect(await look.seen('[data-bulletin="4"]')).toMatch(/未审核 草稿[\s\S]*镇环保办 已发 08:00[\s\S]*运维 未送达/);
    const signed = await look.seen('[data-bulletin="3"]');
    expect(signed).toContain('已定稿');
    expect(signed).toContain('已改用内置模板');
    expect(
      await look.page.getByRole('link', { name: '下载 Excel:南坑河五陂段水质月报 2026 年 10 月' }).getAttribute('href'),
    ).toBe('/api/v1/bulletins/3/xlsx');
    expect(look.complaints).toEqual([]);
  });

  test('on a phone one of a past month is made; nothing is asked without a month', async () => {
    come();
    await look.open({ viewport: { width: 360, height: 780 } }, 'bulletins');
    await look.page.selectOption('.bulletin-make select', 'river-month');
    await look.page.getByRole('button', { name: '生成' }).click();
    await look.shows('.bulletin-make', '请先选时间。');
    expect(look.service.posted).toEqual([]);
    await look.page.fill('.bulletin-make input[type=month]', '2026-10');
    await look.page.getByRole('button', { name: '生成' }).click();
    await look.shows('.bulletin-make', '已生成:南坑河五陂段水质月报 2026 年 10 月');
    expect(look.service.posted).toEqual([['POST /bulletins', { kind: 'river-month', period: '2026-10', mail: false }]]);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(look.complaints).toEqual([]);
  });

  test('who may not make one sees no button', async () => {
    come();
    look.service.state.role = 'auditor';
    await look.open({}, 'bulletins');
    await look.shows('.bulletins-page', '数据到报日报');
    expect(await look.page.locator('.bulletin-make').count()).toBe(0);
  });

  test('one bulletin reads as its file does, and prints without what surrounds it', async () => {
    come();
    await look.open({}, 'bulletins/3');
    await look.shows('.bulletin-paper', '南坑河五陂段水质月报');
    const text = await look.seen('.bulletin-paper');
    for (const { heading, lines, rows } of monthly.bulletin.sections)
      for (const part of [heading, ...lines, ...rows.flat()]) expect(text).toContain(part);
    for (const who of ['编制', '审核', '签发']) expect(text).toContain(who);
    expect(await look.page.locator('.bulletin-paper img').first().getAttribute('alt')).toContain('氨氮 日均值');
    await look.page.emulateMedia({ media: 'print' });
    for (const around of ['.page-header', '.page > footer']) expect(await look.page.locator(around).isVisible()).toBe(false);
    expect(await look.page.locator('.bulletin-page .take').isVisible()).toBe(false);
    const pdf = (await look.page.pdf({ preferCSSPageSize: true })).toString('latin1');
    // A4 in points.
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    expect(look.complaints).toEqual([]);
  });

  test('one that is not there is not there', async () => {
    come();
    await look.open({}, 'bulletins/99');
    await look.shows('main', '没有这份报表。');
  });
});
