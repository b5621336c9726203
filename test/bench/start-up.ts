/** How soon after its start does the service take readings, with nothing and with a gigabyte of state? */
import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../support/eventually.js';
import type { RunningService } from '../support/service.js';
import type { Bench } from './ceilings.js';
import { atMost, figure, median } from './figure.js';
import type { Figure } from './figure.js';
import { onParts, portOf } from './parts.js';
import { FLOOD } from './throughput.js';

const FULL_BYTES = 1e9;
/** A quick bench fills less, and says so. */
const QUICK_BYTES = 5e7;

/** Figure `ready`: milliseconds from the birth of the process to its last line, with the large state. */
export async function readyTimes(bench: Bench): Promise<Figure[]> {
  const wanted = bench.quick ? QUICK_BYTES : FULL_BYTES;
  return onParts(bench.config, async (parts) => {
    const service = await parts.service();
    const empty = [service.readyMs];
    const starts = async (into: number[]): Promise<void> => {
      while (into.length < bench.runs) {
        await service.restart();
        into.push(service.readyMs);
      }
    };
    await starts(empty);
    const publisher = await parts.publisher({ ...FLOOD, perMessage: 10, port: portOf(service.mqttUrl) });
    publisher.go();
    while ((await bytesIn(service)) < wanted) await pause(500);
    await publisher.finish();
    const full: number[] = [];
    await starts(full);
    const bytes = await bytesIn(service);
    const bare = Array.from({ length: bench.runs }, bareNode);
    const note = `with ${(bytes / 1e6).toFixed(0)} MB of state; empty ${median(empty).toFixed(0)} ms; ceiling: Node alone`;
    return [figure('ready', 'ms', full, bare, atMost(3000, 'ms'), note)];
  });
}

async function bytesIn(service: RunningService): Promise<number> {
  const names = await readdir(service.dataDir);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(service.dataDir, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A Node that starts and ends. */
function bareNode(): number {
  const started = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - started;
}
