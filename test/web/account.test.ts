/** Can people look after their accounts, is a name with a tag in it a name, and what may the public see? In Chromium, over real HTTP. */
import { expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { HttpOptions } from '../../src/adapters/http/access/tokens.js';
import { PASSWORD, type Running, startHttp } from '../adapters/http/start-http.js';
import { describeInChromium } from './chromium.js';

const NEXT = 'the water runs slower here';

describeInChromium('the account page', (look) => {
  /** Opens a page of a service of its own, logged in when there is a name. */
  async function at(
    path: string,
    username: string | null,
    work: (page: Page, running: Running) => Promise<void>,
    options: Partial<HttpOptions> = {},
  ): Promise<void> {
    const running = await startHttp({ webFolder: look.folder, ...options });
    try {
      await running.accounts.add('the-auditor', PASSWORD, 'auditor');
      const page = await look.open();
      if (username !== null) {
        const login = await running.accounts.login(username, PASSWORD, '127.0.0.1', null);
        if (login.outcome !== 'in') throw new Error(login.outcome);
        await page
          .context()
          .addCookies([{ name: 'heqing_session', value: login.secret, url: running.url, httpOnly: true, sameSite: 'Strict' }]);
      }
      await page.goto(`${running.url}${path}`);
      await work(page, running);
      await page.goto('about:blank');
    } finally {
      await running.stop();
    }
  }
  const serious = async (page: Page): Promise<string[]> =>
    (await new AxeBuilder({ page }).analyze()).violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`);

  test('somebody changes the password and ends a session', () =>
    at('/account', 'admin', async (page, running) => {
      const other = await running.logIn();
      await page.getByLabel('现在的密码').fill(PASSWORD);
      await page.getByLabel('新密码').fill(NEXT);
      await page.getByLabel('再输一次').fill(`${NEXT}!`);
      await page.getByRole('button', { name: '修改密码' }).click();
      await page.getByText('两次输入的新密码不一样。').waitFor();
      await page.getByLabel('现在的密码').fill(PASSWORD);
      await page.getByLabel('新密码').fill(NEXT);
      await page.getByLabel('再输一次').fill(NEXT);
      await page.getByRole('button', { name: '修改密码' }).click();
      await page.getByText('密码已修改,其他地方的登录已结束。').waitFor();
      expect(running.accounts.authenticate(other.split('=')[1] ?? '', 'session', false)).toBeNull();
      const second = await running.accounts.login('admin', NEXT, '203.0.113.7', null);
      await page.reload();
      await page
        .getByRole('row', { name: /203\.0\.113\.7/ })
        .getByRole('button', { name: '结束' })
        .click();
      await page.getByText('203.0.113.7').waitFor({ state: 'detached' });
      expect(second.outcome === 'in' && running.accounts.authenticate(second.secret, 'session', false)).toBeNull();
      expect(await serious(page)).toEqual([]);
    }));

  test('an administrator adds an account, gives it another role, and removes it', () =>
    at('/account?part=accounts', 'admin', async (page, running) => {
      await page.locator('[name=new-username]').fill('zhen-office');
      await page.locator('[name=new-role]').selectOption('reviewer');
      await page.getByRole('button', { name: '新建账号' }).click();
      const secret = (await page.locator('.made code').textContent()) ?? '';
      expect((await running.accounts.login('zhen-office', secret, '127.0.0.1', null)).outcome).toBe('in');
      await page.getByRole('button', { name: '已记下' }).click();
      expect(await page.getByText(secret).count()).toBe(0);
      await page.getByLabel('角色 zhen-office').selectOption('chief');
      await page.getByLabel('履职范围 zhen-office').selectOption('town-chief');
      await page
        .getByRole('row', { name: /zhen-office/ })
        .getByRole('button', { name: '删除' })
        .waitFor();
      expect(await serious(page)).toEqual([]);
      await page
        .getByRole('row', { name: /zhen-office/ })
        .getByRole('button', { name: '删除' })
        .click();
      await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
      await page.getByLabel('角色 zhen-office').waitFor({ state: 'detached' });
      expect(running.accounts.list().map(({ username }) => username)).toEqual(['admin', 'the-auditor']);
    }));

  test('an auditor reads the trail by the filters of the address, proves it, and changes nothing', () =>
    at('/account?part=audit&action=account-added', 'the-auditor', async (page) => {
      await page.getByText('account/the-auditor').waitFor();
      expect(await page.locator('tbody tr').count()).toBe(2);
      await page.locator('[name=who]').fill('nobody');
      await page.locator('[name=who]').press('Enter');
      await page.getByText('没有符合条件的记录。').waitFor();
      expect(new URL(page.url()).search).toContain('who=nobody');
      await page.getByRole('button', { name: '验证留痕' }).click();
      await page.getByText('与写入时一致').waitFor();
      expect(await serious(page)).toEqual([]);
      expect(await page.getByRole('link', { name: '下载 CSV' }).count()).toBe(1);
      await page.getByRole('link', { name: '全部账号' }).click();
      await page.getByText('账号由管理员建立和更改。').waitFor();
      expect(await page.getByRole('button', { name: '删除' }).count()).toBe(0);
    }));

  test('an officer reads the trail that was asked for before the login, has no file of it, and sees no account but the own', () =>
    at('/account?part=audit', null, async (page, running) => {
      await page.getByText('查看需要登录').waitFor();
      await running.accounts.add('officer-1', PASSWORD);
      await page.getByRole('button', { name: '登录' }).first().click();
      await page.locator('[name=username]').fill('officer-1');
      await page.locator('[name=password]').fill(PASSWORD);
      await page.locator('dialog').getByRole('button', { name: '登录' }).click();
      await page.getByText('account/officer-1').first().waitFor();
      expect(await page.getByRole('link', { name: '下载 CSV' }).count()).toBe(0);
      expect(await page.getByRole('link', { name: '全部账号' }).count()).toBe(0);
      await page.getByRole('link', { name: '我的账号' }).click();
      await page.getByRole('heading', { name: '修改密码' }).waitFor();
    }));

  test('the public sees the board and nothing of the office', () =>
    at(
      '/public',
      null,
      async (page, running) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await page.reload();
        await page.getByText('尚无定稿数据').waitFor();
        await page.getByText('萍乡市安源生态环境局').waitFor();
        expect(await page.getByRole('img', { name: '扫码查看本页' }).count()).toBe(1);
        expect([...new Set(asked.filter((path) => path.startsWith('/api')))]).toEqual(['/api/v1/public/board']);
        expect(await serious(page)).toEqual([]);
        expect((await fetch(`${running.url}/api/v1/stations`)).status).toBe(401);
      },
      { publicRead: false, publicFigures: true, isLoopback: false },
    ));

  test('a station named like a tag is shown as text', async () => {
    const name = '<img src=x onerror="document.title=\'broken\'">';
    await at('/', 'admin', async (page, running) => {
      running.reports.nameStation(name);
      await page.reload();
      await page.goto(`${running.url}/stations`);
      await page.getByText(name).first().waitFor();
      expect(await page.locator('img[src=x]').count()).toBe(0);
      expect(await page.title()).not.toContain('broken');
    });
  });
});
