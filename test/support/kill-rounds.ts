/** What does a service go through that is killed in mid-stream, again and again? */
import type { Stream } from './device.js';
import { eventually, pause } from './eventually.js';
import type { RunningService } from './service.js';

/** A kill comes between these, milliseconds after the stream goes on. */
const EARLIEST = 20;
const LATEST = 900;
const GOES_ON_WITHIN_MS = 10_000;

/**
 * `rounds` times: waits until the stream goes on, kills the service with SIGKILL at a random moment, starts it again and
 * looks with `check`. Resolves with the moments, milliseconds.
 */
export async function killRounds(
  service: RunningService,
  stream: Stream,
  rounds: number,
  check: () => Promise<unknown>,
): Promise<number[]> {
  const moments: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const moment = EARLIEST + Math.floor(Math.random() * (LATEST - EARLIEST));
    moments.push(moment);
    const before = stream.acknowledged.size;
    // The stream has come back before the clock of this round runs.
    await eventually('the stream goes on', () => stream.acknowledged.size > before, GOES_ON_WITHIN_MS);
    await pause(moment);
    await service.kill9();
    await service.start();
    await check();
  }
  return moments;
}
