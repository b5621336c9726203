/** How does the launcher run another program? Quietly, unless it takes long or fails. */
import { spawn } from 'node:child_process';

/** Milliseconds after which a quiet step says what it is doing. */
const PATIENCE_MS = 1500;

/** A step that did not succeed. The message is for the person who started it and needs no stack trace. */
export class StepFailed extends Error {}

/** Exit codes of a shell for a process ended by a signal. */
const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a program to its end. `show: true` lets it print for itself, else its output is collected.
 * Resolves `{ code, output, seconds }`; a program that cannot be started has code 127. While it runs, SIGINT and SIGTERM
 * end it first and then this process.
 */
export function run(command, args, { cwd, env = process.env, show = false }) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const output = [];
    let stopped = null;
    const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    const end = (code) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      if (stopped) process.exit(SIGNAL_EXIT[stopped]);
      resolve({ code, output: Buffer.concat(output).toString('utf8'), seconds: (performance.now() - begun) / 1000 });
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/**
 * Runs a program that should go unnoticed: says in one line what it does once it takes long, and prints its output only
 * when it fails. Throws `StepFailed`.
 */
export async function runQuietly(label, command, args, options) {
  let announced = false;
  const timer = setTimeout(() => {
    announced = true;
    console.error(`河清 ${label} …`);
  }, PATIENCE_MS);
  const { code, output, seconds } = await run(command, args, options);
  clearTimeout(timer);
  if (code !== 0) {
    throw new StepFailed(`${output.trimEnd()}\n河清 ${label}: 失败 failed after ${seconds.toFixed(1)} s (exit ${code})`);
  }
  if (announced) console.error(`河清 ${label}: ${seconds.toFixed(1)} s`);
}
