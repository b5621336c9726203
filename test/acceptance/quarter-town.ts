/** On what does the quarter play? The built service with five stations, their past sent over MQTT, and people at real Chromium windows. */
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { loadConfig } from '../../src/adapters/config/load-config.js';
import type { QueueAnswer } from '../../src/adapters/http/contract/reviewing.js';
import type { AccountRole } from '../../src/domain/account-role.js';
import type { Site } from '../../src/domain/site.js';
import { Device } from '../support/device.js';
import { eventually } from '../support/eventually.js';
import { PROJECT, type RunningService, startService } from '../support/service.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { executablePath } from '../web/chromium.js';
import { Quarter } from './quarter-plan.js';

/** The river and one village's water; the rest of the town would only make the test longer. */
const STATIONS = ['nankeng-in', 'nankeng-mid', 'nankeng-out', 'changtan-plant', 'changtan-tap'];

/** Instants in one message of the past. */
const CHUNK = 200;

/** A year of backlog takes this long on a busy machine. */
const SETTLED_WITHIN = 180_000;

/** One person at one screen, and how many keys were pressed. */
export interface Person {
  readonly page: Page;
  readonly complaints: string[];
  keys: number;
}

/** The town of the quarter. */
export class Town {
  private constructor(
    readonly service: RunningService,
    readonly quarter: Quarter,
    private readonly config: TemporaryFolder,
    private readonly browser: Browser,
  ) {}

  /** Starts the service on a config of five stations; nothing has been sent yet. */
  static async open(): Promise<Town> {
    const config = await temporaryFolder('config');
    let service: RunningService | null = null;
    try {
      const site = await smallSite(config.path);
      service = await startService({ env: { HEQING_CONFIG: config.path } });
      const browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
      return new Town(service, new Quarter(site, Date.now()), config, browser);
    } catch (error) {
      await service?.dispose();
      await config.remove();
      throw error;
    }
  }

  /** Sends everything that happened since the quarter began, as fast as it is taken; resolves when all of it was judged. */
  async live(): Promise<number> {
    const device = await Device.connect(this.service.mqttUrl);
    let values = 0;
    try {
      const all = STATIONS.map((station) => ({ station, messages: this.quarter.messages(station) }));
      const longest = Math.max(...all.map(({ messages }) => messages.length));
      // All stations side by side in time, as they would have spoken.
      for (let i = 0; i < longest; i += CHUNK)
        for (const { station, messages } of all) {
          const part = messages.slice(i, i + CHUNK);
          if (part.length === 0) continue;
          for (const message of part) values += Object.keys(message.values).length;
          await device.publish(station, part);
        }
    } finally {
      await device.end();
    }
    await this.settled();
    return values;
  }

  /** What a station had kept back. */
  async send(station: string, messages: ReturnType<Quarter['messages']>): Promise<void> {
    const device = await Device.connect(this.service.mqttUrl);
    await device.publish(station, messages);
    await device.end();
    await this.settled();
  }

  /** Nothing waits any more: no reading, no window, no day to be looked at. */
  async settled(of: RunningService = this.service): Promise<void> {
    await eventually(
      'everything is judged',
      async () => {
        const backlog = await of.api<{ log: { waiting: number }[]; windows: { waiting: number } }>('/api/v1/backlog');
        if (backlog.log.reduce((sum, { waiting }) => sum + waiting, backlog.windows.waiting) > 0) return false;
        return (await this.queue({ limit: '1' }, of)).counts.unlooked === 0;
      },
      SETTLED_WITHIN,
    );
  }

  /** The queue of the quarter. */
  queue(asked: Readonly<Record<string, string>> = {}, of: RunningService = this.service): Promise<QueueAnswer> {
    const { from, to } = this.quarter.span;
    const query = new URLSearchParams({ from: this.quarter.date(from), to: this.quarter.date(to), limit: '500', ...asked });
    return of.api<QueueAnswer>(`/api/v1/review/queue?${query}`);
  }

  /** Somebody with an account of that role opens an address, and logs in at the page's own door. */
  async visit(role: AccountRole, path: string): Promise<Person> {
    const username = `${role}-here`;
    const response = await this.service.request('/api/v1/accounts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, role }),
    });
    if (!response.ok) throw new Error(`the account answered ${response.status}: ${await response.text()}`);
    const { secret } = (await response.json()) as { secret: string };
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'America/New_York',
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
    await page.goto(this.service.baseUrl + path);
    await page.getByRole('banner').getByRole('button', { name: '登录' }).click();
    const door = page.getByRole('dialog');
    await door.getByLabel('用户名').fill(username);
    await door.getByLabel('密码').fill(secret);
    await door.getByRole('button', { name: '登录' }).click();
    await door.waitFor({ state: 'hidden' });
    return { page, complaints, keys: 0 };
  }

  /** `heqing …` beside the running service. */
  heqing(...args: string[]): Promise<{ code: number; output: string }> {
    const env = { PATH: process.env.PATH ?? '', HEQING_CONFIG: this.config.path, HEQING_DATA: this.service.dataDir };
    return new Promise((resolve) => {
      const program = join(PROJECT, 'dist', 'heqing.js');
      const port = new URL(this.service.baseUrl).port;
      execFile(
        process.execPath,
        [program, ...args],
        { env: { ...env, HTTP_PORT: port }, cwd: this.config.path },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
      );
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.service.dispose();
    await this.config.remove();
  }
}

/** The shipped config with five stations, the waterworks once an hour like the river. */
async function smallSite(folder: string): Promise<Site> {
  await cp(join(PROJECT, 'config'), folder, { recursive: true });
  for (const name of ['air', 'drinking-water', 'dust', 'sewage']) {
    const file = join(folder, 'stations', `${name}.yaml`);
    const text = await readFile(file, 'utf8');
    const small = text
      .replace(/^ {2}- id: (\S+)\n(?!(?: {4}.*\n)*? {4}active: false)/gm, (line, id: string) =>
        STATIONS.includes(id) ? line : `${line}    active: false\n    inactiveReason: 停用\n`,
      )
      .replace(/cadence: (?:5|15)\b/g, 'cadence: 60');
    await writeFile(file, small);
  }
  const file = join(folder, 'targets.yaml');
  const targets = await readFile(file, 'utf8');
  // Without stations there is nothing to answer for; these are the last ones of the file.
  await writeFile(file, targets.slice(0, targets.indexOf('  - id: sewage')));
  const { site } = loadConfig(folder);
  const active = [...site.stations.values()].filter(({ active: isActive }) => isActive).map(({ id }) => id);
  if (active.sort().join() !== [...STATIONS].sort().join()) throw new Error(`the config has ${active.join(', ')}`);
  return site;
}
