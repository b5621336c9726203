/** `npm run simulate`: which township should speak, to which broker, for how long? */
import { parseArgs } from 'node:util';
import { loadDotEnv } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import { ConfigFaults } from './adapters/config/faults.js';
import { SECOND } from './domain/time.js';
import { Unreachable } from './simulator/link.js';
import { progressOn } from './simulator/progress.js';
import { SCENARIOS, STORIES, type Scenario } from './simulator/scenario.js';
import { simulate, type Wishes } from './simulator/simulation.js';

const HELP = `npm run simulate -- [options]

A township of virtual sensors, one for each active station of the config (HEQING_CONFIG, else ./config), publishing over MQTT
to a running service. The same seed and scenario give the same values, whenever and in whatever order they are sent.

  --url URL             the broker; mqtt://127.0.0.1:1883 unless given. A login goes into it: mqtt://user:pass@host:1883
  --days N              send the last N days first, from local midnight on
  --scenario NAME       calm unless given
  --seed TEXT           a word or a number; 1 unless given
  --speed N             simulated minutes to a real one; 1 unless given. A faster run begins in the past, so that it meets the
                        real clock when it ends (a day back without --stop-after), and goes on at 1 from there
  --stop-after SECONDS  end by itself; 0 ends after the days
  --help

Scenarios; incidents come every day at the same local hours:
${SCENARIOS.map((name) => `  ${name.padEnd(12)}${STORIES[name]}`).join('\n')}

Ends with 0 when stopped or done, 1 when the broker cannot be reached, 2 when asked for something it does not know.
`;

/** Asked for something that is not there. */
class Misasked extends Error {}

function wished(args: readonly string[]): Wishes | null {
  const text = { type: 'string' } as const;
  const options = {
    url: text,
    days: text,
    scenario: text,
    seed: text,
    speed: text,
    'stop-after': text,
    help: { type: 'boolean', short: 'h' },
  } as const;
  let values: Partial<Record<Exclude<keyof typeof options, 'help'>, string>> & { help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new Misasked((error as Error).message);
  }
  if (values.help) return null;
  const number = (name: 'days' | 'speed' | 'stop-after', least: number, most: number, whole = false): number | null => {
    const given = values[name];
    if (given === undefined) return null;
    const n = Number(given);
    if (given.trim() === '' || !(n >= least && n <= most) || (whole && !Number.isInteger(n))) {
      throw new Misasked(`--${name} ${given}: ${whole ? 'a whole number' : 'a number'} from ${least} to ${most} is right`);
    }
    return n;
  };
  const scenario = values.scenario ?? 'calm';
  if (!SCENARIOS.includes(scenario as Scenario)) throw new Misasked(`--scenario ${scenario}: ${SCENARIOS.join(', ')} are known`);
  return {
    url: values.url ?? 'mqtt://127.0.0.1:1883',
    scenario: scenario as Scenario,
    seed: values.seed ?? '1',
    days: number('days', 0, 3660, true) ?? 0,
    speed: number('speed', 1, 100_000) ?? 1,
    stopAfterSeconds: number('stop-after', 0, 1e9),
  };
}

async function main(): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const wishes = wished(process.argv.slice(2));
    if (!wishes) {
      process.stdout.write(HELP);
      return 0;
    }
    loadDotEnv();
    const { site } = loadConfig(process.env.HEQING_CONFIG || './config');
    const stop = new AbortController();
    // Once: a second Ctrl-C ends a run whose broker does not answer.
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
    const began = Date.now();
    const { past, live } = await simulate(site, wishes, {
      now: Date.now,
      say,
      progress: (total) => progressOn(process.stderr, total),
      signal: stop.signal,
    });
    const seconds = ((Date.now() - began) / SECOND).toFixed(1);
    say(`${past.messages + live.messages} messages, ${past.values + live.values} values acknowledged in ${seconds} s`);
    return 0;
  } catch (error) {
    if (error instanceof Misasked) {
      say(`${error.message}; see npm run simulate -- --help`);
      return 2;
    }
    if (error instanceof Unreachable || error instanceof ConfigFaults) {
      say(error.message);
      return 1;
    }
    throw error;
  }
}

process.exitCode = await main();
