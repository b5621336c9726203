/** Whom do the tests of the pages play, and on what? People with a role each before one real service with simulated sensors, in Chromium. */
import { spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { AccountRole } from '../../src/domain/account-role.js';
import { Device } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { executablePath } from '../web/chromium.js';
import { alerts, beijing, DAY, HOUR, MINUTE } from './ask.js';

/** The name under which the pages are reached: not this machine's, so nobody sees anything without a login but the public board. */
const HOST = 'heqing.example.org';

/** Days that the simulated sensors have sent before anybody looks. */
const DAYS = 2;

/** Sizes in which everything must work. */
export const SIZES = {
  phone: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desk: { viewport: { width: 1440, height: 900 } },
} as const satisfies Record<string, BrowserContextOptions>;

export type Size = keyof typeof SIZES;

/** Who logs in. `null`: somebody who has no account. */
export type Who = AccountRole | null;

/** What went wrong today, planted so that each question has an answer. */
export const TODAY = {
  /** Over class III at the outflow, now. */
  over: { station: 'nankeng-out', values: { nh3n: 1.37, tp: 0.25, codmn: 3.2 }, marks: { codmn: 'D' } },
  /** A laboratory's sample of tap water that does not pass: the limit is 1 NTU. */
  sample: { station: 'changtan-tap', values: { turb: 1.8 } },
  /** What a broken device sent. */
  nonsense: { station: 'nankeng-mid', payload: 'Temp=21,DO=7' },
  /** Spoke once, two days ago. */
  silent: 'town-air',
} as const;

/** The service with its people. */
export class Office {
  private readonly passwords = new Map<AccountRole, string>();

  private constructor(
    readonly service: RunningService,
    private readonly config: TemporaryFolder,
    private readonly browser: Browser,
    /** Where the pages are, without a slash at the end. */
    readonly address: string,
  ) {}

  /** The built service, some days of sensors, what went wrong today, and a Chromium. */
  static async open(): Promise<Office> {
    const port = await freePort();
    const address = `http://${HOST}:${port}`;
    const service = await startService({
      env: { HTTP_PORT: String(port), PUBLIC_URL: address, HEQING_PUBLIC: 'read' },
    });
    const config = await temporaryFolder('config');
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', `--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
    });
    const office = new Office(service, config, browser, address);
    try {
      await office.simulate();
      await office.plant();
      return office;
    } catch (error) {
      await office.close();
      throw error;
    }
  }

  /** An account of the role, made on first use. A river chief's acts for Changtan. */
  async account(role: AccountRole): Promise<{ username: string; password: string }> {
    const username = `${role}-here`;
    const known = this.passwords.get(role);
    if (known !== undefined) return { username, password: known };
    const response = await this.service.request('/api/v1/accounts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, role, ...(role === 'chief' && { person: 'chief-changtan' }) }),
    });
    if (!response.ok) throw new Error(`the account answered ${response.status}: ${await response.text()}`);
    const { secret } = (await response.json()) as { secret: string };
    this.passwords.set(role, secret);
    return { username, password: secret };
  }

  /** Opens an address as somebody with a size of screen; whoever has an account logs in at the page's own door. */
  async visit(who: Who, size: Size, path: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({
      ...SIZES[size],
      locale: 'zh-CN',
      timezoneId: 'America/New_York',
      ...options,
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      // Chromium reports every answer from 400 on; before the login the office's own questions are answered with 401.
      if (!/the server responded with a status of 401/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(this.address + path);
    if (who !== null) {
      const { username, password } = await this.account(who);
      await page.getByRole('banner').getByRole('button', { name: '登录' }).click();
      const door = page.getByRole('dialog');
      await door.getByLabel('用户名').fill(username);
      await door.getByLabel('密码').fill(password);
      await door.getByRole('button', { name: '登录' }).click();
      await door.waitFor({ state: 'hidden' });
    }
    return { page, complaints, close: () => context.close() };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.service.dispose();
    await this.config.remove();
  }

  /** `npm run simulate` itself, with one station left out. */
  private async simulate(): Promise<void> {
    await cp(join(PROJECT, 'config'), this.config.path, { recursive: true });
    const file = join(this.config.path, 'stations', 'air.yaml');
    const text = await readFile(file, 'utf8');
    const silent = text.replace(`  - id: ${TODAY.silent}\n`, (line) => `${line}    active: false\n    inactiveReason: 停用\n`);
    if (silent === text) throw new Error(`air.yaml has no ${TODAY.silent}`);
    await writeFile(file, silent);
    const args = ['--url', this.service.mqttUrl, '--days', String(DAYS), '--scenario', 'exceedance', '--stop-after', '0'];
    const simulator = spawn(process.execPath, [join(PROJECT, 'dist', 'simulate.js'), ...args], {
      cwd: this.config.path,
      env: { PATH: process.env.PATH ?? '', HEQING_CONFIG: this.config.path },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    simulator.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => simulator.once('close', resolve));
    if (code !== 0) throw new Error(`the simulator ended with ${String(code)}:\n${said}`);
  }

  private async plant(): Promise<void> {
    const device = await Device.connect(this.service.mqttUrl);
    const now = Date.now();
    const { over, sample, nonsense, silent } = TODAY;
    try {
      await device.publish(silent, { time: beijing(now - 2 * DAY), values: { pm10: 41, pm25: 22 } });
      await device.publish(sample.station, { time: beijing(now - HOUR), values: sample.values, source: 'lab' });
      await device.publish(nonsense.station, nonsense.payload);
      await device.publish(over.station, { time: beijing(now - MINUTE), values: over.values, marks: over.marks });
    } finally {
      await device.end();
    }
    const ofToday = async (): Promise<number> => (await alerts(this.service)).filter((a) => a.station === over.station).length;
    await eventually('both alerts', async () => (await ofToday()) === 2, 20_000);
    await eventually(
      'every window judged',
      async () => {
        const { targets } = await this.service.api<{ targets: { id: string; rate: number | null }[] }>('/api/v1/targets');
        const metrics = await (await this.service.request('/metrics')).text();
        const waits = [...metrics.matchAll(/^heqing_log_pending\{.*\} (\d+)$/gm)].some(([, n]) => n !== '0');
        return !waits && targets.find(({ id }) => id === 'drinking-water')?.rate === 0;
      },
      20_000,
    );
  }
}

/** One person at one screen. */
export interface Visit {
  readonly page: Page;
  /** What the browser's console found fault with. */
  readonly complaints: string[];
  close(): Promise<void>;
}
