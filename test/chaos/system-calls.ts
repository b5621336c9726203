/** What has a process asked of the system, and in which order? By strace. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Chaos, NotHere } from './ordeal.js';

const STRACE = '/usr/bin/strace';
const CALLS = ['read', 'readv', 'recvfrom', 'recvmsg', 'write', 'writev', 'sendto', 'sendmsg', 'fsync', 'fdatasync'];

/** One call: `from` and `to` are its places in the order of all beginnings and ends. */
export interface SystemCall {
  readonly name: string;
  /** The file or the connection: `/a/path`, `TCP:[127.0.0.1:1883->127.0.0.1:5000]`. */
  readonly on: string;
  readonly bytes: Buffer;
  readonly result: number;
  readonly from: number;
  readonly to: number;
}

/** Follows all threads of a process. Throws `NotHere` where that is not possible or allowed. */
export async function watchCalls(chaos: Chaos, pid: number): Promise<{ end(): Promise<SystemCall[]> }> {
  if (!existsSync(STRACE)) throw new NotHere('strace is not installed');
  const folder = await temporaryFolder('strace');
  chaos.finally(() => folder.remove());
  const file = join(folder.path, 'calls');
  const options = ['-f', '-yy', '-xx', '-s', '1000000', '-e', `trace=${CALLS.join(',')}`, '-e', 'signal=none'];
  const strace = spawn(STRACE, [...options, '-o', file, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  chaos.finally(async () => strace.kill('SIGKILL'));
  let said = '';
  strace.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually('strace is attached', () => /attached/.test(said) || strace.exitCode !== null);
  if (strace.exitCode !== null) throw new NotHere(`strace may not look: ${said.trim()}`);
  return {
    async end() {
      const exited = once(strace, 'exit');
      strace.kill('SIGTERM');
      await exited;
      return readCalls(await readFile(file, 'utf8'));
    },
  };
}

/** Reads the output of `strace -f -yy -xx`; a call that another thread interrupts stands on two lines. */
export function readCalls(text: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const begun = new Map<string, { text: string; from: number }>();
  text.split('\n').forEach((line, at) => {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*?) *<unfinished \.\.\.>$/.exec(rest);
    if (unfinished) return void begun.set(thread, { text: unfinished[1]!, from: at });
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const before = resumed ? begun.get(thread) : undefined;
    if (resumed) begun.delete(thread);
    const whole = resumed ? (before?.text ?? '') + resumed[1]! : rest;
    const parsed = /^(\w+)\(\d+<(.*?)>(?:, *(.*))? *\) += (-?\d+)/.exec(whole);
    if (parsed) {
      const [, name = '', on = '', rest = '', result = ''] = parsed;
      const bytes = Buffer.concat(
        [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => Buffer.from(hex.replaceAll('\\x', ''), 'hex')),
      );
      calls.push({ name, on: readable(on), bytes, result: Number(result), from: before?.from ?? at, to: at });
    }
  });
  return calls;
}

/** Paths are written in hexadecimal figures too. */
const readable = (on: string): string =>
  on.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
