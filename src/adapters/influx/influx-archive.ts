/** How does the archive keep raw history in InfluxDB? Measurement, tags and fields are public (contract §3). */
import { MARKS, QUALITY, RULINGS, SOURCES } from '../../domain/reading.js';
import type { JudgedReading, Mark, Quality, Ruling } from '../../domain/reading.js';
import { HOUR } from '../../domain/time.js';
import type { Instant } from '../../domain/time.js';
import { ArchiveError } from '../../pipeline/ports.js';
import type { Archive, Held, ReadingKey, SeriesQuery, Step } from '../../pipeline/ports.js';
import { InfluxClient, literal, RefusedWrite, TooLargeWrite } from './influx-client.js';
import type { InfluxServer, Table } from './influx-client.js';
import { lineOf, MEASUREMENT } from './line.js';
import { type Culprit, meaningOf, Suspicion } from './refusals.js';
import { runsOf, stepsOf } from './ruled-steps.js';

const POINTS_PER_WRITE = 5000;
const STATEMENTS_PER_QUERY = 100;
/** Keys of a series that lie closer together than this are looked up as one stretch. InfluxQL cannot OR times. */
const STRETCH_GAP_MS = HOUR;
const KEYS_PER_STRETCH = 5000;
/**
 * Rows of one answer. InfluxDB builds answers from parts of 10,000 rows, and 1.6 marks one of several parts as `partial`
 * although it is whole, which cannot be told from one that max-row-limit has cut.
 */
const PAGE = 5000;

/** Of what InfluxDB says of a refused line, which it repeats whole. */
const LONGEST_WHY = 300;

/** Options of the InfluxDB archive. */
export interface InfluxArchiveOptions {
  readonly server: InfluxServer;
  /** May the database be made where there is none (the only DDL)? Not in InfluxDB 2 and 3, nor where its history is lost. Default yes. */
  readonly createDatabase?: () => boolean;
  /** Milliseconds for one request; default 15 s. */
  readonly timeoutMs?: number;
}

/** A reading with its line. */
interface Line {
  readonly reading: JudgedReading;
  readonly line: string;
}

/**
 * Readings in InfluxDB 1.x, through the v1 API. A reading that InfluxDB (or its line protocol) cannot hold is a culprit
 * of the `ArchiveError`, with `retry` false, and the rest of its batch is written. An InfluxDB that is away, overloaded,
 * without the database, refusing our login or refusing everything is `retry` true: the readings are good, so they wait.
 */
export class InfluxArchive implements Archive {
  readonly name = 'InfluxDB';
  /** Where, in words and without a password, for the line printed at start. */
  readonly address: string;
  private readonly client: InfluxClient;
  private readonly mayCreate: () => boolean;
  private readonly suspicion = new Suspicion();
  private created = false;

  /** Connects to nothing yet. */
  constructor(options: InfluxArchiveOptions) {
    this.client = new InfluxClient(options.server, options.timeoutMs);
    this.address = this.client.address;
    this.mayCreate = options.createDatabase ?? (() => true);
  }

  async write(readings: readonly JudgedReading[]): Promise<void> {
    const culprits: Culprit[] = [];
    const good: Line[] = [];
    for (const reading of readings) {
      const made = lineOf(reading);
      if (made.why === null) good.push({ reading, line: made.line });
      else culprits.push({ reading, why: made.why, reason: 'not-a-number' });
    }
    await this.ready(async () => {
      for (let at = 0; at < good.length; at += POINTS_PER_WRITE) {
        const some = good.slice(at, at + POINTS_PER_WRITE);
        const refused = await this.writeSome(some);
        this.suspicion.hear(some.length - refused.length, refused);
        culprits.push(...refused);
      }
    });
    const [first] = culprits;
    if (first) {
      throw new ArchiveError(
        `InfluxDB cannot hold ${culprits.length} of ${readings.length} readings: ${first.why}`,
        false,
        culprits,
      );
    }
  }

  async find(keys: readonly ReadingKey[]): Promise<(Held | undefined)[]> {
    const stretches = stretchesOf(keys);
    const found: (Held | undefined)[] = new Array<Held | undefined>(keys.length).fill(undefined);
    for (let at = 0; at < stretches.length; at += STATEMENTS_PER_QUERY) {
      const some = stretches.slice(at, at + STATEMENTS_PER_QUERY);
      const statements = some.map(
        ({ key, from, to }) =>
          `SELECT value, mark FROM ${MEASUREMENT} WHERE ${series(key)} AND source = ${literal(key.source)} ` +
          `AND time >= ${from}ms AND time <= ${to}ms`,
      );
      const answers = await this.query(statements.map((statement) => `${statement} LIMIT ${PAGE}`));
      for (const [i, { places }] of some.entries()) {
        const first = rows(answers[i] ?? []);
        // Nearly every stretch is one page; a dense one goes on.
        const rest = first.length < PAGE ? [] : await this.pages(statements[i]!, Number.POSITIVE_INFINITY, PAGE);
        for (const row of [...first, ...rest]) {
          const held: Held = { value: Number(row.value), mark: markOf(row.mark) };
          for (const place of places.get(Number(row.time)) ?? []) found[place] = held;
        }
      }
    }
    return found;
  }

  async readings(query: SeriesQuery, max: number): Promise<JudgedReading[]> {
    if (max <= 0 || query.to <= query.from) return [];
    const found = await this.pages(
      `SELECT value, quality, mark, checks, received, sampled, detection, ruling, source FROM ${MEASUREMENT} WHERE ${within(query)} ORDER BY time ASC`,
      Math.floor(max),
    );
    return found.map((row) => ({
      station: query.station,
      parameter: query.parameter,
      time: Number(row.time),
      value: Number(row.value),
      mark: markOf(row.mark),
      source: SOURCES.find((source) => source === row.source) ?? 'sensor',
      quality: qualityOf(row.quality),
      checks: typeof row.checks === 'string' && row.checks !== '' ? row.checks.split(',') : [],
      received: typeof row.received === 'number' ? row.received : Number(row.time),
      ...(typeof row.sampled === 'number' && { sampled: row.sampled }),
      ...(typeof row.detection === 'number' && { detection: row.detection }),
      ...rulingOf(row.ruling),
    }));
  }

  /** The rows of one statement, page by page, until there are `max` or no more; those before `skip` were read already. */
  private async pages(statement: string, max = Number.POSITIVE_INFINITY, skip = 0): Promise<Record<string, Cell>[]> {
    const found: Record<string, Cell>[] = [];
    while (found.length < max) {
      const size = Math.min(PAGE, max - found.length);
      const [tables = []] = await this.query([`${statement} LIMIT ${size} OFFSET ${skip + found.length}`]);
      const page = rows(tables);
      found.push(...page);
      if (page.length < size) break;
    }
    return found;
  }

  async count(query: SeriesQuery): Promise<number> {
    if (query.to <= query.from) return 0;
    const [tables = []] = await this.query([`SELECT count(value) AS total FROM ${MEASUREMENT} WHERE ${within(query)}`]);
    return Number(rows(tables)[0]?.total ?? 0);
  }

  async steps(query: SeriesQuery, stepMs: number, origin: Instant): Promise<Step[]> {
    if (query.to <= query.from) return [];
    const offset = ((origin % stepMs) + stepMs) % stepMs;
    const group = `GROUP BY time(${stepMs}ms, ${offset}ms) fill(none)`;
    const [all, valid] = await Promise.all([
      this.pages(`SELECT count(value) AS total FROM ${MEASUREMENT} WHERE ${within(query)} ${group}`),
      this.pages(
        `SELECT mean(value) AS mean, min(value) AS min, max(value) AS max, count(value) AS valid FROM ${MEASUREMENT} ` +
          `WHERE ${within(query)} AND quality != ${QUALITY.fail} AND (mark = 'N' OR mark = 'T' OR mark = 'S') ${group}`,
      ),
    ]);
    const ruled = await this.ruledSteps(query, stepMs, offset);
    const counted = new Map(valid.map((row) => [Number(row.time), row]));
    return all
      .filter(({ total }) => Number(total) > 0)
      .map(({ time, total }) => {
        const ours = ruled.get(Number(time));
        if (ours !== undefined) return ours;
        const row = counted.get(Number(time));
        const number = (value: Cell | undefined) => (typeof value === 'number' ? value : null);
        return {
          start: Number(time),
          mean: number(row?.mean),
          min: number(row?.min),
          max: number(row?.max),
          valid: Number(row?.valid ?? 0),
          total: Number(total),
        };
      });
  }

  /**
   * The steps that hold a reading people decided about, computed here: a condition on a field that most points lack is
   * false for all of those. They are few and lie together.
   */
  private async ruledSteps(query: SeriesQuery, stepMs: number, offset: number): Promise<Map<Instant, Step>> {
    const found = await this.pages(`SELECT ruling FROM ${MEASUREMENT} WHERE ${within(query)} AND ruling =~ /./`);
    const steps = new Map<Instant, Step>();
    for (const run of runsOf(
      found.map(({ time }) => Number(time)),
      stepMs,
      offset,
    )) {
      const span = { ...query, from: Math.max(run.from, query.from), to: Math.min(run.to, query.to) };
      for (const step of stepsOf(await this.readings(span, Number.POSITIVE_INFINITY), stepMs, offset))
        steps.set(step.start, step);
    }
    return steps;
  }

  async check(): Promise<void> {
    await this.client.ping();
    // A ping needs no login and no database; this touches both and reads nothing.
    await this.query([`SELECT value FROM ${MEASUREMENT} WHERE station = '' LIMIT 1`]);
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }

  private query(statements: readonly string[]): Promise<Table[][]> {
    return this.ready(() => this.client.query(statements));
  }

  /** Makes the database before the first use, and once more where somebody has dropped it since. */
  private async ready<T>(work: () => Promise<T>): Promise<T> {
    if (!this.created && this.mayCreate()) {
      // Refused for want of rights, it may still be there: the work will tell.
      await this.client.createDatabase();
      this.created = true;
    }
    try {
      return await work();
    } catch (error) {
      if (error instanceof ArchiveError && error.retry) this.created = false;
      throw error;
    }
  }

  /** Writes what can be written; the others, each with InfluxDB's reason. Throws where InfluxDB itself is at fault. */
  private async writeSome(lines: readonly Line[]): Promise<Culprit[]> {
    if (lines.length === 0) return [];
    try {
      let body = '';
      for (const { line } of lines) body += `${line}\n`;
      await this.client.write(body);
      return [];
    } catch (error) {
      if (!(error instanceof RefusedWrite || error instanceof TooLargeWrite)) throw error;
      const meaning = error instanceof RefusedWrite ? meaningOf(error.message, lines.length) : 'values';
      if (meaning === 'elsewhere') {
        throw new ArchiveError(
          `InfluxDB, or a proxy before it, REFUSES TO WRITE (400) at ${this.address}, not for the values' sake; they wait. It says: ${error.message.slice(0, LONGEST_WHY)}`,
          true,
        );
      }
      if (meaning !== 'values' || lines.length === 1) {
        const why = error.message.slice(0, LONGEST_WHY);
        return lines.map(({ reading }) => ({ reading, why, reason: meaning === 'too-old' ? 'too-old' : 'not-a-number' }));
      }
      // Some of the batch may be stored already; writing it again changes nothing, so halve until the culprits stand alone.
      const middle = Math.ceil(lines.length / 2);
      return [...(await this.writeSome(lines.slice(0, middle))), ...(await this.writeSome(lines.slice(middle)))];
    }
  }
}

interface Stretch {
  readonly key: ReadingKey;
  readonly from: Instant;
  readonly to: Instant;
  /** Time → places in the list of keys. */
  readonly places: ReadonlyMap<Instant, readonly number[]>;
}

/** Gathers keys into stretches of one series each. */
function stretchesOf(keys: readonly ReadingKey[]): Stretch[] {
  const bySeries = new Map<string, number[]>();
  keys.forEach(({ station, parameter, source }, place) => {
    const id = JSON.stringify([station, parameter, source]);
    const places = bySeries.get(id);
    if (places) places.push(place);
    else bySeries.set(id, [place]);
  });
  const stretches: Stretch[] = [];
  for (const places of bySeries.values()) {
    const sorted = places.flatMap((place) => {
      const key = keys[place];
      return key ? [{ key, place }] : [];
    });
    sorted.sort((a, b) => a.key.time - b.key.time);
    let current: { key: ReadingKey; from: Instant; to: Instant; places: Map<Instant, number[]> } | null = null;
    for (const { key, place } of sorted) {
      if (!current || key.time - current.to > STRETCH_GAP_MS || current.places.size >= KEYS_PER_STRETCH) {
        current = { key, from: key.time, to: key.time, places: new Map() };
        stretches.push(current);
      }
      current.to = key.time;
      const same = current.places.get(key.time);
      if (same) same.push(place);
      else current.places.set(key.time, [place]);
    }
  }
  return stretches;
}

type Cell = string | number | null;

function* eachRow(tables: readonly Table[]): Generator<Record<string, Cell>> {
  for (const { columns, values } of tables) {
    for (const cells of values) yield Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? null]));
  }
}

const rows = (tables: readonly Table[]): Record<string, Cell>[] => [...eachRow(tables)];

const series = ({ station, parameter }: { readonly station: string; readonly parameter: string }): string =>
  `station = ${literal(station)} AND parameter = ${literal(parameter)}`;

/** Times in InfluxQL are whole: the half-open stretch of any instants holds the same milliseconds when both ends are rounded up. */
const within = (query: SeriesQuery): string =>
  `${series(query)} AND time >= ${Math.ceil(query.from)}ms AND time < ${Math.ceil(query.to)}ms`;

/** An amendment that lifts a ruling writes over the point, so an empty text stands for none. */
function rulingOf(cell: Cell | undefined): { ruling?: Ruling } {
  const ruling = RULINGS.find((known) => known === cell);
  return ruling === undefined ? {} : { ruling };
}

/** What others wrote without a mark reads as normal. */
const markOf = (cell: Cell | undefined): Mark => MARKS.find((mark) => mark === cell) ?? 'N';

function qualityOf(cell: Cell | undefined): Quality {
  const names = Object.keys(QUALITY) as Quality[];
  return names.find((name) => QUALITY[name] === cell) ?? 'unknown';
}
