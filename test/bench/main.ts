/** `npm run bench`: how fast is the whole path, beside what this machine could do at most? */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../support/temporary-folder.js';
import { measureCeilings } from './ceilings.js';
import { FIGURE_NAMES, table } from './figure.js';
import type { Figure, FigureName } from './figure.js';
import { MEASUREMENTS } from './measurements.js';
import { disposeAll } from './parts.js';
import { writeTownship } from './township.js';

const HELP = `npm run bench -- [options]

Publishers in a process of their own, the built service, real Mosquitto and InfluxDB, all on this machine; every figure stands
beside its ceiling, measured in the same run. Takes about 40 minutes.

  --quick       one run each instead of five, short soaks
  --only NAME   this figure alone; may be repeated
  --json FILE   also write {figures:[{name,value,unit,ceiling,ratio,runs}],ceilings:[{name,value,unit}]}
  --help

Figures: ${FIGURE_NAMES.join(', ')}
`;

/** Runs of a short figure, of which the median counts. */
const RUNS = 5;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = values.only.filter((name) => !FIGURE_NAMES.includes(name as FigureName));
  if (unknown.length > 0) {
    say(`--only ${unknown.join(', ')}: ${FIGURE_NAMES.join(', ')} are known`);
    return 2;
  }
  const wanted = new Set<FigureName>(values.only.length > 0 ? (values.only as FigureName[]) : FIGURE_NAMES);
  const folder = await temporaryFolder('bench');
  const stop = (): void => {
    void disposeAll()
      .then(() => folder.remove())
      .finally(() => void process.exit(130));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const bench = { config: await writeTownship(folder.path), runs: values.quick ? 1 : RUNS, quick: values.quick, say };
    const ceilings = await measureCeilings(bench);
    for (const { name, value, unit } of ceilings) say(`${name}: ${Math.round(value).toLocaleString('en-US')} ${unit}`);
    const figures: Figure[] = [];
    for (const { names, measure } of MEASUREMENTS) {
      if (!names.some((name) => wanted.has(name))) continue;
      say(`… ${names.join(', ')}`);
      const found = await measure(bench);
      figures.push(...found.filter(({ name }) => wanted.has(name)));
    }
    process.stdout.write(`${table(figures)}\n`);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ figures, ceilings }, null, 2)}\n`);
    return 0;
  } finally {
    await disposeAll();
    await folder.remove();
  }
}

process.exitCode = await main();
