/** How is a real server run? As a plain process with its own folder and ports. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.js';

/** The servers that tests use as Debian installs them. */
export type ServerName = 'mosquitto' | 'influxd';

const USUAL_FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** The path of a server's program, or `null` when it is not installed. */
export function serverProgram(name: ServerName): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...USUAL_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** A program that can be started, stopped and killed again and again on the same ports and folder. */
export class RealServer {
  private child: ChildProcess | null = null;
  private output = '';

  constructor(
    private readonly name: ServerName,
    private readonly args: readonly string[],
    private readonly answers: () => Promise<boolean>,
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {}

  /** Resolves when it answers; throws with what it printed when it does not within 10 s. */
  async start(): Promise<void> {
    const program = serverProgram(this.name);
    if (program === null) throw new Error(`${this.name} is not installed`);
    if (this.child) throw new Error(`${this.name} runs already`);
    this.output = '';
    const child = spawn(program, this.args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.environment } });
    this.child = child;
    const keep = (text: Buffer) => {
      this.output = (this.output + text.toString()).slice(-8192);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', () => {
      if (this.child === child) this.child = null;
    });
    try {
      await eventually(`${this.name} answers`, async () => child.exitCode !== null || (await this.answers()), 10_000);
      if (child.exitCode !== null) throw new Error(`${this.name} went away at once`);
    } catch (error) {
      await this.kill();
      throw new Error(`${this.name} did not start:\n${this.output}`, { cause: error });
    }
  }

  /** SIGTERM, and waits for the end. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** SIGKILL: as when the power fails. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      this.child = null;
      return;
    }
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
    this.child = null;
  }
}
