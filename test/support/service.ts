/** How does a test run the whole service? As an operator does: `dist/main.js` in a process of its own, seen only from outside. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import type { TemporaryFolder } from './temporary-folder.js';

/** The checkout the tests run in. */
export const PROJECT = join(import.meta.dirname, '..', '..');

/** The last line a start prints. */
const READY = '已就绪 ready';

/** A start that takes longer has failed; the contract's own bound is tested apart. */
const START_WITHIN = 25_000;

/** After SIGTERM everything must have ended by then (contract §1). */
const STOP_WITHIN = 10_000;

const USERNAME = 'admin';
const PASSWORD = 'acceptance-password';

/** How a process ended, and what it printed on both streams. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** As `npm start` and the image run it (package.json, docker/Dockerfile). */
const HEAP = '--max-old-space-size=1700';

/** Variables for the service: it sees these, and of the test's own environment only what any process needs. */
export type Variables = Readonly<Record<string, string>>;

function launch(env: Variables, cwd: string): { child: ChildProcess; output: () => string; ended: Promise<Ended> } {
  const program = join(PROJECT, 'dist', 'main.js');
  if (!existsSync(program)) throw new Error('dist/main.js is not there: run `npm run build` first');
  const { PATH = '', TZ } = process.env;
  // A folder without a `.env`: what an operator keeps in the checkout must not reach the test.
  const child = spawn(process.execPath, [HEAP, program], {
    cwd,
    env: { PATH, ...(TZ !== undefined && { TZ }), HEQING_CONFIG: join(PROJECT, 'config'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output: text })));
  return { child, output: () => text, ended };
}

/**
 * Runs the service with variables under which it should refuse to start; `stopAt`: it is asked to stop (SIGTERM) as soon as it has
 * printed that. Throws when it is still alive after 25 s, or was ended by a signal.
 */
export async function runToItsEnd(env: Variables, stopAt?: string): Promise<Ended> {
  const folder = await temporaryFolder('service');
  const { child, output, ended } = launch({ HEQING_DATA: join(folder.path, 'data'), ...env }, folder.path);
  const timer = setTimeout(() => child.kill('SIGKILL'), START_WITHIN);
  const stop = (): void => {
    if (stopAt !== undefined && output().includes(stopAt)) child.kill('SIGTERM');
  };
  child.stdout?.on('data', stop);
  child.stderr?.on('data', stop);
  try {
    const end = await ended;
    if (end.code === null) throw new Error(`the service did not end by itself:\n${output()}`);
    return end;
  } finally {
    clearTimeout(timer);
    await folder.remove();
  }
}

/** Starts the service on free ports of 127.0.0.1 with a data folder of its own; `env` adds to that or overrides it. Resolves when it is ready. */
export async function startService(options: { readonly env?: Variables } = {}): Promise<RunningService> {
  const folder = await temporaryFolder('service');
  const [http, mqtt] = [await freePort(), await freePort()];
  const env = {
    HEQING_DATA: join(folder.path, 'data'),
    HEQING_ADMIN_PASSWORD: PASSWORD,
    HTTP_PORT: String(http),
    // Beside MQTT_URL it would only cause a warning.
    ...(options.env?.MQTT_URL === undefined && { MQTT_PORT: String(mqtt) }),
    ...options.env,
  };
  const service = new RunningService(folder, env);
  try {
    await service.start();
  } catch (error) {
    await service.dispose();
    throw error;
  }
  return service;
}

/** The service in a process of its own; after `stop` or `kill9` it can be started again with the same data and ports. */
export class RunningService {
  /** Where HTTP is, without a slash at the end. */
  readonly baseUrl: string;
  /** Where devices publish: the outside broker, or the embedded one. */
  readonly mqttUrl: string;
  readonly dataDir: string;
  /** Milliseconds the last start took, from the process's birth to its last line. */
  readyMs = 0;
  private running: ReturnType<typeof launch> | null = null;
  private printed = '';
  private cookie: string | null = null;

  constructor(
    private readonly folder: TemporaryFolder,
    private readonly env: Variables,
  ) {
    this.baseUrl = `http://127.0.0.1:${env.HTTP_PORT ?? ''}`;
    this.mqttUrl = env.MQTT_URL ?? `mqtt://127.0.0.1:${env.MQTT_PORT ?? ''}`;
    this.dataDir = env.HEQING_DATA ?? join(folder.path, 'data');
  }

  /** Its process id while it runs. */
  get pid(): number | null {
    return this.running?.child.pid ?? null;
  }

  /** Everything it printed, over all its starts. */
  get output(): string {
    return this.printed + (this.running?.output() ?? '');
  }

  /** Resolves when it is ready; throws with what it printed when it ends before or takes longer than 15 s. */
  async start(): Promise<void> {
    if (this.running) throw new Error('the service runs already');
    const started = performance.now();
    const running = launch(this.env, this.folder.path);
    this.running = running;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready after ${START_WITHIN} ms:\n${running.output()}`)), START_WITHIN);
      const look = (): void => {
        if (!running.output().includes(READY)) return;
        clearTimeout(timer);
        this.readyMs = performance.now() - started;
        resolve();
      };
      running.child.stdout?.on('data', look);
      void running.ended.then(({ code, output }) => {
        clearTimeout(timer);
        reject(new Error(`ended with ${String(code)} before it was ready:\n${output}`));
      });
    });
  }

  /** SIGKILL: as when the power fails. Resolves when the process is gone. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM. Throws unless it exits with 0 within 10 s (contract §1). Resolves with the milliseconds it took. */
  async stop(): Promise<number> {
    const started = performance.now();
    const ended = await this.end('SIGTERM');
    const took = performance.now() - started;
    if (ended === null) throw new Error('the service was not running');
    if (ended.code !== 0) throw new Error(`SIGTERM ended it with ${String(ended.code)} after ${took} ms:\n${ended.output}`);
    return took;
  }

  /** `stop`, then `start`. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** An HTTP request with the admin's login. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      this.cookie ??= await this.login();
      return await fetch(this.baseUrl + path, { ...init, headers: { ...init.headers, cookie: this.cookie } });
    } catch (error) {
      const { exitCode, signalCode } = this.running?.child ?? {};
      const fate = this.running ? `exit code ${String(exitCode)}, signal ${String(signalCode)}` : 'not started';
      throw new Error(`${path} got no answer (process: ${fate}):\n${this.output}`, { cause: error });
    }
  }

  /** The JSON of a GET. Throws, with the body, at any status but 200. */
  async api<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Ends it, however it stands, and deletes its folder. */
  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    await this.folder.remove();
  }

  private async login(): Promise<string> {
    const response = await fetch(`${this.baseUrl}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: USERNAME, password: PASSWORD }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (response.status !== 200 || cookie === undefined) throw new Error(`the login answered ${response.status}`);
    return cookie;
  }

  private async end(signal: NodeJS.Signals): Promise<Ended | null> {
    const { running } = this;
    if (running === null) return null;
    running.child.kill(signal);
    const timer = setTimeout(() => running.child.kill('SIGKILL'), STOP_WITHIN);
    const ended = await running.ended;
    clearTimeout(timer);
    this.printed += ended.output;
    this.running = null;
    return ended;
  }
}
