/** How do laboratory results and old data of instruments come in from a file? `npm run heqing -- import FILE`. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import cliProgress from 'cli-progress';
import type { Environment } from './adapters/config/environment.js';
import { loadConfig } from './adapters/config/load-config.js';
import { type ImportAnswer, type ImportRequest, MOST_VALUES } from './adapters/http/contract/import.js';
import { MAX_FILE_BYTES, readTables, UnreadableFile } from './adapters/import/tables.js';
import { type ImportedFile, type ImportedValue, type Place, readValues } from './adapters/import/values.js';
import { type Source, SOURCES } from './domain/reading.js';
import type { Site } from './domain/site.js';
import { isoTime } from './domain/time.js';
import { type Ask, AskFault, asking } from './heqing-ask.js';

/** What `--help` says of it. */
export const IMPORT_HELP = `  import FILE [--dry-run] [--station ID] [--source lab|sensor] [--yes] [--as ACCOUNT]
                                 导入化验结果(CSV、XLSX)或仪器历史数据(--source sensor);先列出将做什么,再询问
                                 imports laboratory results or old data of instruments; shows what it will do, then asks (--yes, or no terminal: does not)
                                 退出码 exit codes:0 全部导入 all taken,2 有被拒的行 some lines refused,1 未导入 nothing,130 中断
`;

/** What stops an import, in words. */
export class ImportFault extends Error {}

/** What the command line gave. */
export interface ImportArguments {
  readonly dryRun: boolean;
  readonly station: string | undefined;
  readonly source: string | undefined;
  readonly yes: boolean;
  /** The account that imports; an administrator's when it is not named. */
  readonly as: string | undefined;
}

/** Exit codes: everything taken or held already; some lines refused; interrupted. A fault is 1. */
const DONE = 0;
const SOME_REFUSED = 2;
const INTERRUPTED = 130;

/** Refused lines that are printed. */
const MOST_LINES = 1000;

type Standing = ImportAnswer['standings'][number];
interface Compared extends ImportedValue {
  readonly standing: Standing;
}

/** Runs the command and returns its exit code. Throws `ImportFault`, `AskFault` or `ConfigFaults`. */
export async function importFile(environment: Environment, file: string | undefined, options: ImportArguments): Promise<number> {
  if (file === undefined) throw new ImportFault(`缺文件名 a file is missing\n\n${IMPORT_HELP}`);
  const { site } = loadConfig(environment.configDir);
  const source = sourceOf(options.source);
  const station = options.station === undefined ? null : site.stations.get(options.station);
  if (station === undefined) {
    throw new ImportFault(`配置里没有站点 ${options.station};现有 there are:${[...site.stations.keys()].join(', ')}`);
  }
  const { format, tables } = await readTables(bytesOf(file)).catch((error: unknown) => {
    throw error instanceof UnreadableFile ? new ImportFault(`${file}:${error.message}`, { cause: error }) : error;
  });
  const read = readValues(tables, site, { source, station, now: Date.now() });
  console.log(`${file}(${format}):${read.values.length} 个值 values,${read.refused.length} 处不能导入 refused`);
  if (read.values.length === 0) {
    printRefused(read);
    throw new ImportFault('没有可以导入的值 nothing to import');
  }
  try {
    return await asking(
      environment,
      'import',
      (ask) => run(ask, { site, source, file: basename(file) }, read, options),
      options.as,
    );
  } catch (error) {
    if (!options.dryRun || !(error instanceof AskFault) || !error.away) throw error;
    console.log('服务没有运行,未与已存数据比较 the service does not run: not compared with what is held');
    printPlan(
      read,
      read.values.map((value): Compared => ({ ...value, standing: 'unknown' })),
      site,
    );
    return read.refused.length > 0 ? SOME_REFUSED : DONE;
  }
}

/** What is the same for every value of a file. */
interface Whole {
  readonly site: Site;
  readonly source: Source;
  readonly file: string;
}

async function run(ask: Ask, whole: Whole, read: ImportedFile, options: ImportArguments): Promise<number> {
  const refused = [...read.refused];
  const compared: Compared[] = [];
  const wanted: ImportedValue[] = [];
  for (const chunk of chunksOf(read.values)) {
    const answer = await offer(ask, chunk, whole, true);
    const out = new Set(answer.refused.map(({ index }) => index));
    for (const { index, detail } of answer.refused) refused.push({ place: chunk[index]!.place, why: detail });
    chunk.forEach((value, i) => {
      if (out.has(i)) return;
      const standing = answer.standings[i] ?? 'unknown';
      compared.push({ ...value, standing });
      if (standing !== 'duplicate') wanted.push(value);
    });
  }
  printPlan({ ...read, refused }, compared, whole.site);
  const code = refused.length > 0 ? SOME_REFUSED : DONE;
  if (options.dryRun) return code;
  if (wanted.length === 0) {
    console.log('都已存在,没有要导入的 everything is held already');
    return code;
  }
  if (!options.yes && !(await confirmed(wanted.length))) {
    console.log('没有导入 nothing was imported');
    return 1;
  }
  if (!(await send(ask, wanted, whole))) return code;
  console.log('已中断:再次运行同一命令即从这里继续 interrupted: the same command goes on from here');
  return INTERRUPTED;
}

/** Sends chunk after chunk; each is durable when it is answered, so that an interrupted import (true) goes on where it was when it is run again. */
async function send(ask: Ask, values: readonly ImportedValue[], whole: Whole): Promise<boolean> {
  let interrupted = false;
  const stop = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Without a terminal to draw on it writes a line now and then.
  const format = '导入 import {bar} {percentage} % · {value} / {total} · {eta_formatted}';
  const options = {
    format,
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 3000,
    gracefulExit: false,
  };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  bar.start(values.length, 0);
  let taken = 0;
  try {
    for (const chunk of chunksOf(values)) {
      if (interrupted) break;
      taken += (await offer(ask, chunk, whole, false)).taken;
      bar.increment(chunk.length);
    }
  } finally {
    bar.stop();
    if (taken > 0) console.log(`已导入 imported ${taken} / ${values.length} 个值 values`);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  return interrupted;
}

function offer(ask: Ask, chunk: readonly ImportedValue[], { site, source, file }: Whole, dryRun: boolean): Promise<ImportAnswer> {
  const body: ImportRequest = {
    station: chunk[0]!.reading.station,
    source,
    file: file.slice(-200),
    dryRun,
    values: chunk.map(({ reading: { parameter, time, value, mark, detection } }) => ({
      parameter,
      time: isoTime(time, site.calendar),
      value,
      mark,
      ...(detection === undefined ? {} : { detection }),
    })),
  };
  return ask<ImportAnswer>('/api/v1/import', body);
}

/** Values of one station each, as the service takes them. */
function* chunksOf<T extends ImportedValue>(values: readonly T[]): Generator<readonly T[]> {
  for (const station of new Set(values.map(({ reading }) => reading.station))) {
    const own = values.filter(({ reading }) => reading.station === station);
    for (let i = 0; i < own.length; i += MOST_VALUES) yield own.slice(i, i + MOST_VALUES);
  }
}

function printPlan(read: ImportedFile, compared: readonly Compared[], site: Site): void {
  const series = new Map<string, Compared[]>();
  for (const value of compared) {
    const key = `${value.reading.station} ${value.reading.parameter}`;
    const own = series.get(key);
    if (own) own.push(value);
    else series.set(key, [value]);
  }
  for (const values of series.values()) {
    const { station, parameter } = values[0]!.reading;
    const times = values.map(({ reading }) => reading.time);
    const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
    const count = (standing: Standing): number => values.filter((value) => value.standing === standing).length;
    const below = values.filter(({ reading }) => reading.detection !== undefined).length;
    const parts = [
      `${values.length} 个`,
      from === to ? isoTime(from, site.calendar) : `${isoTime(from, site.calendar)} – ${isoTime(to, site.calendar)}`,
      below > 0 ? `未检出 non-detects ${below}` : '',
      count('new') > 0 ? `新 new ${count('new')}` : '',
      count('duplicate') > 0 ? `已存在 held already ${count('duplicate')}` : '',
      count('different') > 0 ? `与已存的不同,将更正 corrections ${count('different')}` : '',
      count('unknown') > 0 ? `未比较 not compared ${count('unknown')}` : '',
    ];
    const name = `${site.stations.get(station)!.name} ${site.parameters.get(parameter)!.name}`;
    console.log(`  ${name}:${parts.filter((part) => part !== '').join(',')}`);
  }
  if (read.repeated > 0) console.log(`  文件里重复的值 repeated in the file:${read.repeated}`);
  if (read.blank > 0) console.log(`  空格和未测 not measured:${read.blank}`);
  for (const note of read.notes) console.log(`  注意 note:${note}`);
  printRefused(read);
}

function printRefused({ refused }: ImportedFile): void {
  for (const { place, why } of refused.slice(0, MOST_LINES)) console.log(`  不能导入 refused:${placeText(place)}:${why}`);
  if (refused.length > MOST_LINES) console.log(`  ……共 ${refused.length} 处 in all`);
}

const placeText = ({ sheet, line, column }: Place): string =>
  `${sheet === null ? '' : `工作表“${sheet}”`}第 ${line} 行 line ${line}${column === null ? '' : `“${column}”`}`;

async function confirmed(values: number): Promise<boolean> {
  // A script that does not want it says --dry-run.
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|是|好)$/i.test((await terminal.question(`导入 ${values} 个值 import them? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function sourceOf(text = 'lab'): Source {
  const source = SOURCES.find((one) => one === text);
  if (source === undefined) throw new ImportFault(`--source 应为 lab 或 sensor must be lab or sensor,写的是 ${text}`);
  return source;
}

function bytesOf(file: string): Uint8Array {
  try {
    if (statSync(file).size > MAX_FILE_BYTES)
      throw new Error(`超过 ${MAX_FILE_BYTES / 1024 / 1024} MiB,请拆分 too large, split it`);
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: '没有这个文件 there is no such file', EISDIR: '这是文件夹 it is a folder' }[code ?? ''] ?? message;
    throw new ImportFault(`不能读取 cannot read ${file}:${why}`, { cause: error });
  }
}
