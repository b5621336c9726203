/** What does somebody see at 数据: what came, what was refused, what a file would do, what waits? */
/// <reference lib="dom" />
import { expect, test } from '@jest/globals';
import * as contract from '../../src/adapters/http/contract/contract.js';
import { backupAnswer } from '../../src/adapters/http/contract/backup.js';
import * as dataContract from '../../src/adapters/http/contract/data.js';
import { eventually } from '../support/eventually.js';
import { describeInChromium, type Look } from './chromium.js';
import { FakeData, plan } from './fake-data.js';

test('the fixtures are what the contract promises', () => {
  const data = new FakeData();
  dataContract.importFileAnswer.parse(plan);
  dataContract.limitsAnswer.parse(data.limits);
  dataContract.backlogAnswer.parse(data.backlog);
  contract.readyAnswer.parse(data.ready);
  backupAnswer.parse(data.backup);
});

const text = async (look: Look, selector: string): Promise<string> => (await look.seen(selector)).replace(/\s+/g, ' ');
const choose = (look: Look, content: string, name = '化验.csv'): Promise<void> =>
  look.page.setInputFiles('input[name=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(content) });

describeInChromium('数据', (look) => {
  test('without a login nothing of it is asked or shown', async () => {
    await look.open({}, 'data');
    await look.shows('main', '查看需要登录');
    expect(await look.page.locator('.data').count()).toBe(0);
  });

  test('receipts of a day: counts, what is missing from when to when and by number; the address holds the day and the station', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data');
    await look.page.waitForSelector('[data-receipt="datian-tap"]');
    expect(await text(look, '[data-receipt="nankeng-in"]')).toBe('南坑河入境断面 310 312 309 2 1 0 0 齐全');
    await look.page.click('[data-receipt="datian-tap"] button');
    expect(await text(look, '.receipts .gaps')).toBe('08:31–10:30 游离氯 序号 1205–1228(24 条) 在 08:31 与 10:30 到达的两条之间');
    await look.page.click('text=前一天');
    await look.page.waitForURL('**/data?station=datian-tap&date=2026-11-22');
    // A colleague who opens the link sees the same.
    const link = look.page.url();
    await look.page.goto(link);
    await look.page.waitForSelector('.receipts .gaps');
    expect(await look.page.inputValue('input[name=date]')).toBe('2026-11-22');
    expect(look.complaints).toEqual([]);
  });

  test('a wrong clock and a device without a time are told in words', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data');
    await look.page.waitForSelector('.clocks');
    const clocks = await text(look, '.clocks');
    expect(clocks).toContain('南坑河中段断面 时钟快 8 小时,疑似把北京时间当作 UTC 发送(自 06:10)');
    expect(clocks).toContain('册雷村水厂出厂水 设备不发送时间,以到达时间为准');
  });

  test('rejections: reason in words, the payload as text, a filter in the address', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=rejections');
    await look.page.waitForSelector('.rejections');
    expect(await text(look, '.rejections tbody')).toContain('时间没有时区');
    await look.page.click('.rejections button');
    expect(await look.seen('.rejections pre')).toContain('"x":"<script>1</script>"');
    const links = look.page.locator('.data a[download]');
    expect(await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual([
      '/api/v1/rejections/export?format=csv',
      '/api/v1/rejections/export?format=jsonl',
    ]);
    await look.page.selectOption('select[name=reason]', 'not-json');
    await look.shows('.data', '没有符合条件的拒收数据');
    expect(new URL(look.page.url()).search).toBe('?part=rejections&reason=not-json');
    await look.page.selectOption('select[name=reason]', 'no-time-zone');
    await look.page.waitForSelector('.rejections');
    expect(await links.first().getAttribute('href')).toBe('/api/v1/rejections/export?format=csv&reason=no-time-zone');
    await look.page.goto(`${look.service.url}data?part=rejections&station=nankeng-mid`);
    await look.page.waitForSelector('.rejections');
    expect(await look.page.inputValue('select[name=station]')).toBe('nankeng-mid');
    expect(await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual([
      '/api/v1/rejections/export?format=csv&station=nankeng-mid',
      '/api/v1/rejections/export?format=jsonl&station=nankeng-mid',
    ]);
    expect(look.complaints).toEqual([]);
  });

  test('an officer cannot take them again; an administrator is asked first and told what came of it', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=rejections&reason=no-time-zone');
    await look.page.waitForSelector('.rejections');
    expect(await look.page.locator('.take-again').count()).toBe(0);
    look.service.state.role = 'admin';
    await look.page.reload();
    await look.page.click('.take-again button');
    expect(look.service.data.replayed).toEqual([]);
    await look.page.click('.take-again .primary');
    await look.shows('.replayed', '查看 3 条消息,重新接收 2 条,共 5 个测值。');
    expect(await look.seen('.replayed')).toContain('仍被拒收:时间不对 1 条');
    expect(look.service.data.replayed).toEqual([{ reason: 'no-time-zone' }]);
  });

  test('notices by state and recipient, as the address says', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=notices&state=waiting');
    await look.shows('.data table', '镇环保办');
    expect(await look.page.inputValue('select[name=state]')).toBe('waiting');
    await look.page.selectOption('select[name=state]', 'failed');
    await look.shows('.data', '没有符合条件的通知');
    expect(new URL(look.page.url()).search).toBe('?part=notices&state=failed');
    await look.page.goto(`${look.service.url}data?part=notices&recipient=${encodeURIComponent('镇环保办')}`);
    await look.shows('.data table', '【超限】');
    expect(await look.page.inputValue('select[name=recipient]')).toBe('镇环保办');
    expect(look.complaints).toEqual([]);
  });

  test('a file: looked at, then imported step by step; refused lines stay readable', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=import&station=changtan-tap');
    await look.page.waitForSelector('select[name=station] option[value=changtan-tap]', { state: 'attached' });
    await choose(look, '采样日期,项目,结果\n');
    await look.page.click('button[type=submit]');
    await look.shows(
      '.import-plan',
      '1 203 个值可导入:新值 1 201 · 不同,作为更正 1 · 已存在,跳过 1 · 2 处不能导入'.replaceAll(/(?<=\d) (?=\d)/g, '\u2009'),
    );
    expect(await text(look, '.import-first tbody')).toContain('2 长潭村末梢水监测点 氨氮 11-03 09:30 未检出(<0.025) mg/L 新值');
    expect(await text(look, '.import-refused tbody')).toContain('13 配置里没有项目“总铬”');
    expect(await text(look, '.import-refused tbody')).toContain('<img src=x onerror=alert(1)>');
    expect(look.service.data.files).toEqual([
      {
        asked: { station: 'changtan-tap', source: 'lab', file: '化验.csv', dryRun: '1' },
        text: '采样日期,项目,结果\n',
      },
    ]);
    await look.page.click('.import-act .primary');
    await look.shows('.import-done', '已导入');
    expect(await text(look, '.import-done')).toContain('1 202 个值。2 处没有导入,见下。');
    expect(look.service.data.files.slice(1).map(({ asked }) => [asked.from, asked.dryRun])).toEqual([
      ['0', undefined],
      ['1000', undefined],
    ]);
    expect(await text(look, '.import-refused tbody')).toContain('总铬');
    expect(look.complaints).toEqual([]);
  });

  test('an import that breaks off says what was kept and goes on from there', async () => {
    look.service.state.loggedIn = true;
    look.service.data.breaksAt = 1000;
    await look.open({}, 'data?part=import');
    await choose(look, '采样日期,项目,结果\n');
    await look.page.click('button[type=submit]');
    await look.page.click('.import-act .primary');
    await look.page.waitForSelector('.problem');
    expect(await text(look, '.problem')).toBe(
      '导入中断:现在不接收数据:磁盘已满。已导入的 999 个值已保存;再导入同一文件即从中断处继续。',
    );
    look.service.data.breaksAt = null;
    await look.page.click('.import-act .primary');
    await look.shows('.import-done', '已导入');
    expect(look.service.data.files.map(({ asked }) => asked.from)).toEqual([undefined, '0', '1000', '1000']);
  });

  test('a file that cannot be read says why; one that is too large is not sent', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=import');
    await choose(look, 'a,b\n1,2\n');
    await look.page.click('button[type=submit]');
    await look.shows('.problem', '没有读成:没有找到表头');
    await choose(look, 'x'.repeat(5 * 1024 * 1024 + 1));
    await look.page.click('button[type=submit]');
    await look.shows('.problem', '超过 5 MB,没有上传');
    expect(look.service.data.files).toHaveLength(1);
  });

  test('limits that wait name their clause and the place to confirm them; what is not loaded stands apart', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=limits');
    await look.page.waitForSelector('[data-limits=unconfirmed] table');
    const waits = await text(look, '[data-limits=unconfirmed]');
    for (const part of ['总氯', '≥ 0.05', 'GB 5749-2022 表 2', 'standards/gb-5749-2022.yaml limits[41]', 'confirmed: { by:']) {
      expect(waits).toContain(part);
    }
    expect(await text(look, '[data-limits=placeholders] tbody')).toBe(
      'PM10 ≤ 150 小时 own 外省规定 · 山东 standards/dust.yaml limits[0]',
    );
  });

  test('health in words: each part, what waits in the log, what is to be judged anew', async () => {
    look.service.state.loggedIn = true;
    await look.open({}, 'data?part=health');
    await look.page.waitForSelector('[data-part-health=archive]');
    expect(await text(look, '[data-part-health=archive]')).toContain('历史数据库 ◆ 部分异常 InfluxDB:连接被拒绝');
    const backlog = await text(look, '.backlog');
    expect(backlog).toContain('写入历史数据库 20\u2009480 个'.replace('\u2009', ' '));
    expect(await text(look, '.waiting-windows tbody')).toContain('南坑河出境断面 日 11-21 00:00 待重算');
    // As in the header and on the overview: an unproven path is a warning, a backup that never was is not well.
    expect(await text(look, '[data-part-health=alert-path]')).toContain('◆ 未验证');
    expect(await text(look, '[data-part-health=backup]')).toContain('○ 还没有');
    expect(look.complaints).toEqual([]);
  });

  test('the alert path: from the overview to a test mail and its code; a refused code is said and kept', async () => {
    const proven = { ...look.service.state.path, state: 'proven' as const, lastConfirmedAt: '2026-11-23T10:30:00+08:00' };
    look.service.state.loggedIn = true;
    await look.open({ viewport: { width: 360, height: 780 } });
    await look.page.click('.site-health >> text=去验证');
    await look.shows('.path-test .standing', '未验证');
    await eventually('it is in sight', () =>
      look.page.locator('.path-test h2').evaluate((element) => {
        const { top } = element.getBoundingClientRect();
        return top >= 0 && top < innerHeight;
      }),
    );
    look.service.others.set('POST /path/test', {
      sentAt: '2026-11-23T10:30:00+08:00',
      recipients: [{ id: 'town-office', name: '镇环保办', nameEn: 'Town office' }],
    });
    await look.page.getByRole('button', { name: '发送测试邮件' }).click();
    await look.shows('.path-test', '10:30 已交付发送:镇环保办。');
    await look.page.fill('input[name=path-code]', 'WRONG2');
    await look.page.getByRole('button', { name: '确认收到' }).click();
    await look.shows('.path-test [role=alert]', '没有确认:');
    expect(await look.page.inputValue('input[name=path-code]')).toBe('WRONG2');
    look.service.others.set('POST /path/confirm', proven);
    look.service.state.path = proven;
    await look.page.fill('input[name=path-code]', 'ABCD23');
    await look.page.getByRole('button', { name: '确认收到' }).click();
    await look.shows('.path-test', '已确认,预警通道畅通。');
    expect(await look.seen('.path-test .standing')).toContain('已验证');
    expect(look.service.posted).toEqual([
      ['POST /path/test', {}],
      ['POST /path/confirm', { code: 'ABCD23' }],
    ]);
    expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await look.page.goto(look.service.url);
    await look.page.waitForSelector('.site-health .paths');
    expect(await look.page.locator('.site-health >> text=去验证').count()).toBe(0);
  });

  test.each([
    ['maintenance', 0, 1],
    ['auditor', 0, 0],
  ] as const)('%s: %d buttons that send a test mail, %d fields for its code', async (role, sends, codes) => {
    look.service.state.loggedIn = true;
    look.service.state.role = role;
    await look.open({}, 'data?part=health');
    await look.page.waitForSelector('.path-test .standing');
    expect(await look.page.locator('button >> text=发送测试邮件').count()).toBe(sends);
    expect(await look.page.locator('input[name=path-code]').count()).toBe(codes);
  });

  test('the backup: how old, where, that the disk is the same one, why one failed, InfluxDB’s own command; an operator makes one now', async () => {
    look.service.state.loggedIn = true;
    look.service.state.role = 'operator';
    await look.open({}, 'data?part=health');
    await look.page.waitForSelector('.backups');
    const told = await text(look, '.backup');
    expect(told).toContain('上次成功 ● 有效 02:30 · 8 小时前 · 22.6 MiB');
    expect(told).toContain('/var/lib/heqing/backups ◆ 与数据在同一块盘上');
    expect(told).toContain('命令行另存于 /mnt/usb');
    expect(told).toContain("influxd backup -portable -db 'heqing'");
    expect(told).toContain('▲ 失败 <b>空间不足</b>,剩 12 MiB');
    await look.page.click('text=立即备份');
    await look.shows('.backup', '正在备份…');
    look.service.state.role = 'officer';
    await look.open({}, 'data?part=health');
    await look.page.waitForSelector('.backups');
    expect(await look.page.locator('.backup button').count()).toBe(0);
    expect(look.complaints).toEqual([]);
  });

  test.each(['receipts', 'rejections', 'import', 'limits', 'health', 'notices'])(
    'on a phone %s is not wider than the screen',
    async (part) => {
      look.service.state.loggedIn = true;
      await look.open({ viewport: { width: 360, height: 780 } }, `data?part=${part}`);
      await look.page.waitForSelector('.data h2, .data table');
      if (part === 'import') {
        await choose(look, '采样日期\n');
        await look.page.click('button[type=submit]');
        await look.page.waitForSelector('.import-refused');
      }
      expect(await look.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    },
  );
});
