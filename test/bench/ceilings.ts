/** What can this machine do at most? Its disk and its database, with nothing of ours before them. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.js';
import { onParts } from './parts.js';
import { PARAMETERS, STATIONS } from './township.js';

/** What every measurement is given. */
export interface Bench {
  /** The folder of the township's config. */
  readonly config: string;
  /** Runs of a short figure. */
  readonly runs: number;
  readonly quick: boolean;
  /** Tells who waits. */
  readonly say: (line: string) => void;
}

/** One of the machine's own numbers. */
export interface Ceiling {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const SYNC_MS = 2000;
const PAGE_BYTES = 4096;
const POINTS_PER_WRITE = 5000;
const WRITES = 100;

/** fdatasync after every page written, and InfluxDB fed with lines made beforehand, two writes under way. */
export async function measureCeilings({ config }: Bench): Promise<Ceiling[]> {
  return [
    { name: 'fdatasync', value: await syncsPerSecond(), unit: '/s' },
    { name: 'influx-ready-made-lines', value: await pointsPerSecond(config), unit: 'points/s' },
  ];
}

async function syncsPerSecond(): Promise<number> {
  const folder = await temporaryFolder('fdatasync');
  const file = openSync(join(folder.path, 'file'), 'w');
  try {
    const page = Buffer.alloc(PAGE_BYTES, 1);
    const started = performance.now();
    let n = 0;
    for (; performance.now() - started < SYNC_MS; n++) {
      writeSync(file, page);
      fdatasyncSync(file);
    }
    return (n * 1000) / (performance.now() - started);
  } finally {
    closeSync(file);
    await folder.remove();
  }
}

function pointsPerSecond(config: string): Promise<number> {
  return onParts(config, async (parts) => {
    const influxd = await parts.influxd();
    await influxd.query('CREATE DATABASE heqing');
    const series = STATIONS.flatMap((station) =>
      PARAMETERS.map((parameter) => `reading,station=${station},parameter=${parameter},source=sensor `),
    );
    const now = Date.now();
    const body = (n: number): string =>
      Array.from({ length: POINTS_PER_WRITE }, (_, i) => {
        const round = n * (POINTS_PER_WRITE / series.length) + Math.floor(i / series.length);
        return `${series[i % series.length]!}value=0.4${round % 1000},quality=1,mark="N",checks="" ${now - 3_600_000 + round}`;
      }).join('\n');
    const bodies = Array.from({ length: WRITES }, (_, n) => body(n));
    const origin = `http://127.0.0.1:${influxd.port}/write?db=heqing&precision=ms`;
    const write = async (): Promise<void> => {
      for (let lines = bodies.pop(); lines !== undefined; lines = bodies.pop()) {
        const { status } = await fetch(origin, { method: 'POST', body: lines });
        if (status !== 204) throw new Error(`InfluxDB answered ${status}`);
      }
    };
    const started = performance.now();
    await Promise.all([write(), write()]);
    return (POINTS_PER_WRITE * WRITES * 1000) / (performance.now() - started);
  });
}
