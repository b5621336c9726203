/** `npm run chaos`: does anything acknowledged get lost, doubled or changed, whatever happens? */
import { parseArgs } from 'node:util';
import { serverProgram } from '../support/server-process.js';
import { DELIVERIES } from './deliveries.js';
import { DISK } from './disk.js';
import { FDATASYNC } from './fdatasync.js';
import { NETWORK_FAULTS } from './faults.js';
import { FUZZ } from './fuzz.js';
import { KILLS } from './kills.js';
import { NotHere } from './ordeal.js';
import type { Ordeal } from './ordeal.js';

const HELP = `npm run chaos -- [options]

Kills, bad lines, repeated deliveries, rubbish and a full disk, against the built service. After each: of what the service
acknowledged nothing is lost, doubled or changed, the receipts add up, and it still answers. Takes about half an hour.

  --rounds N    kills of the service, 100 unless given; a tenth as many of the broker and of InfluxDB
  --fuzz N      fuzzed payloads and packets, a million unless given
  --only TEXT   the ordeals whose name contains it; may be repeated
  --help
`;

const ORDEALS: readonly Ordeal[] = [...KILLS, ...NETWORK_FAULTS, ...DELIVERIES, ...FUZZ, ...DISK, ...FDATASYNC];

type Outcome = 'passed' | 'failed' | 'not tested';

const undo: (() => Promise<unknown>)[] = [];

async function endAll(): Promise<void> {
  for (const end of undo.splice(0).reverse()) await end().catch((error: unknown) => console.error(error));
}

async function undergo(ordeal: Ordeal, rounds: number, fuzz: number): Promise<Outcome> {
  const missing = ordeal.needs.filter((name) => serverProgram(name) === null);
  if (missing.length > 0) {
    console.log(`– ${ordeal.name}\n  未测试 not tested: ${missing.join(', ')} is not installed`);
    return 'not tested';
  }
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  try {
    const seen = await ordeal.run({ rounds, fuzz, finally: (end) => void undo.push(end) });
    console.log(`✓ ${ordeal.name}\n  ${seen}(${seconds()})`);
    return 'passed';
  } catch (error) {
    if (error instanceof NotHere) {
      console.log(`– ${ordeal.name}\n  未测试 not tested: ${error.message}`);
      return 'not tested';
    }
    console.log(`✗ ${ordeal.name}(${seconds()})`);
    console.log(error);
    return 'failed';
  } finally {
    await endAll();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      fuzz: { type: 'string', default: '1000000' },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [rounds, fuzz] = [Number(values.rounds), Number(values.fuzz)];
  const chosen = ORDEALS.filter(({ name }) => values.only.length === 0 || values.only.some((text) => name.includes(text)));
  if (![rounds, fuzz].every((n) => Number.isInteger(n) && n > 0) || chosen.length === 0) {
    process.stderr.write(HELP);
    return 2;
  }
  const stop = (): void => void endAll().finally(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const outcomes: Outcome[] = [];
  for (const ordeal of chosen) outcomes.push(await undergo(ordeal, rounds, fuzz));
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('not tested')} not tested`);
  return count('failed') === 0 ? 0 : 1;
}

process.exitCode = await main();
