/** How does the person at the terminal see that a backfill moves? */
import { SECOND } from '../domain/time.js';

/** Told after each acknowledged message. */
export interface Progress {
  advance(values: number): void;
  stop(): void;
}

/** Between two lines where there is no terminal to draw on. */
const LINE_EVERY = 3 * SECOND;

/** A bar on a terminal; elsewhere a line every few seconds. `total` in values; writes to `out` (stderr). */
export async function progressOn(out: NodeJS.WriteStream, total: number): Promise<Progress> {
  if (out.isTTY) {
    // Loaded only here: where there is no terminal there is no bar.
    const bars = await import('cli-progress');
    const format = 'backfill {bar} {percentage} % · {value} of {total} values · {eta_formatted} left';
    const bar = new bars.default.SingleBar({ format, stream: out, hideCursor: true }, bars.default.Presets.shades_classic);
    bar.start(total, 0);
    return { advance: (values) => void bar.increment(values), stop: () => void bar.stop() };
  }
  let done = 0;
  let last = Date.now();
  return {
    advance: (values) => {
      done += values;
      const now = Date.now();
      if (now - last < LINE_EVERY) return;
      last = now;
      out.write(`backfill: ${Math.floor((100 * done) / total)} %, ${done} of ${total} values\n`);
    },
    stop: () => undefined,
  };
}
