/** How do we speak to an InfluxDB, and what does each of its failures mean? */
import { InfluxDB } from 'influx';
import http from 'node:http';
import https from 'node:https';
import { ArchiveError } from '../../pipeline/ports.js';

const TIMEOUT_MS = 15_000;
const CHECK_TIMEOUT_MS = 3000;

/** Where the database is. */
export interface InfluxServer {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** `null`: without a login. */
  readonly username: string | null;
  readonly password: string | null;
}

/** One table of an answer: a series, or a group of one. */
export interface Table {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

/** A write that the database refused because of what is in it (400). */
export class RefusedWrite extends Error {}

/** A write that is too large for one request (413). */
export class TooLargeWrite extends Error {}

/** A string as InfluxQL writes it, quotes included. */
export function literal(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;
}

/** An answer that says no. */
class Answered extends Error {
  constructor(
    readonly status: number,
    body: string,
  ) {
    super(body);
  }
}

/**
 * The `influx` package with its traps defused: one request per call, a deadline that holds, failures sorted into
 * `ArchiveError`. Writing goes past the package, over the same connections: putting points into lines is half of its cost, and
 * the lines of a series all begin alike.
 */
export class InfluxClient {
  /** In words and without a password. */
  readonly address: string;
  private readonly influx: InfluxDB;
  private readonly agent: http.Agent;

  /** Connects to nothing yet. */
  constructor(
    private readonly server: InfluxServer,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    const { protocol, port, database, username, password } = server;
    const host = server.host.includes(':') ? `[${server.host}]` : server.host;
    this.address = `${protocol}://${host}:${port}/${database}`;
    const keep = { keepAlive: true, maxSockets: 8 };
    this.agent = protocol === 'https' ? new https.Agent(keep) : new http.Agent(keep);
    const neverDisable = { getDelay: () => 0, next: () => neverDisable, reset: () => neverDisable };
    this.influx = new InfluxDB({
      protocol,
      host,
      port,
      database,
      options: { agent: this.agent },
      ...(username !== null && { username, password: password ?? '' }),
      // The package would switch its only host off for 0.3–10 s after an error and then fail without a request: a delay of
      // 0 never does. Back-off belongs to whoever owns the queue.
      pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: neverDisable },
    });
  }

  /** Writes lines with times in ms. Throws `RefusedWrite`, `TooLargeWrite` or `ArchiveError`. */
  async write(lines: string): Promise<void> {
    try {
      await this.within(this.timeoutMs, this.post(lines));
    } catch (error) {
      const status = statusOf(error);
      if (status === 400) throw new RefusedWrite(bodyOf(error));
      if (status === 413) throw new TooLargeWrite('the request is too large');
      throw this.failure(error);
    }
  }

  private post(lines: string): Promise<void> {
    const { protocol, host, port, database, username, password } = this.server;
    const body = Buffer.from(lines);
    return new Promise((resolve, reject) => {
      const request = (protocol === 'https' ? https : http).request({
        ...{ method: 'POST', host, port, agent: this.agent },
        path: `/write?db=${encodeURIComponent(database)}&precision=ms`,
        headers: { 'Content-Length': body.byteLength, 'Content-Type': 'text/plain; charset=utf-8' },
        ...(username !== null && { auth: `${username}:${password ?? ''}` }),
      });
      request.once('error', reject);
      request.once('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('close', () => reject(new Error('the answer broke off')));
        response.once('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve();
          else reject(new Answered(statusCode, Buffer.concat(parts).toString('utf8')));
        });
      });
      request.end(body);
    });
  }

  /** Runs statements in one request; the tables of each, times in ms. Throws `ArchiveError`. */
  async query(statements: readonly string[]): Promise<Table[][]> {
    const abort = new AbortController();
    let answer: { results?: { error?: string; series?: (Table & { partial?: boolean })[]; partial?: boolean }[] };
    try {
      const asked = this.influx.queryRaw(statements.join(';'), { precision: 'ms', method: 'POST', signal: abort.signal });
      answer = (await this.within(this.timeoutMs, asked)) as typeof answer;
    } catch (error) {
      abort.abort();
      throw this.failure(error);
    }
    return (answer.results ?? []).map(({ error, series = [], partial }) => {
      if (error !== undefined) throw this.refusal(error);
      if (partial || series.some((table) => table.partial)) {
        throw new ArchiveError(`InfluxDB cuts its answers off (max-row-limit): set it to 0 in its [http] section`, false);
      }
      return series;
    });
  }

  /** Makes the database where there is none. Resolves also when that is refused: it may be there all the same. Throws `ArchiveError` when nobody answers. */
  async createDatabase(): Promise<void> {
    try {
      await this.within(this.timeoutMs, this.influx.createDatabase(this.server.database));
    } catch (error) {
      const status = statusOf(error);
      const refused =
        status === undefined ? error instanceof Error && error.message.startsWith('Error from InfluxDB') : status < 500;
      if (!refused || status === 401 || status === 429) throw this.failure(error);
    }
  }

  /** Resolves when the server answers at all. Throws `ArchiveError`. */
  async ping(): Promise<void> {
    const [answer] = await this.influx.ping(CHECK_TIMEOUT_MS);
    if (!answer?.online) throw new ArchiveError(`InfluxDB does not answer at ${this.address}`, true);
  }

  close(): void {
    this.agent.destroy();
  }

  /**
   * The package waits for ever when an answer breaks off in its middle. A deadline that passes also ends every kept
   * connection: where one has died without a word the others have too, and each would cost its own deadline.
   */
  private async within<T>(ms: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer within ${ms / 1000} s`));
        this.agent.destroy();
      }, ms);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private failure(error: unknown): ArchiveError {
    const status = statusOf(error);
    const body = bodyOf(error);
    const who = this.server.username === null ? 'without a user' : `as ${this.server.username}`;
    switch (status) {
      case 401:
        return new ArchiveError(
          `InfluxDB REFUSES OUR LOGIN (${who}) at ${this.address}: check user and password in INFLUX_URL. It says: ${body}`,
          true,
        );
      case 403:
        return new ArchiveError(
          `InfluxDB DOES NOT ALLOW THIS (${who}) at ${this.address}: grant ALL on the database ${this.server.database}. It says: ${body}`,
          true,
        );
      case 404:
        return this.noDatabase(body);
      case 429:
        return new ArchiveError(`InfluxDB is overloaded: ${body}`, true);
      case undefined:
        return new ArchiveError(`InfluxDB away at ${this.address}: ${errorText(error)}`, true);
      default:
        return new ArchiveError(`InfluxDB answers ${status}: ${body}`, status >= 500);
    }
  }

  /** An error inside an answer of 200. */
  private refusal(error: string): ArchiveError {
    if (error.includes('database not found')) return this.noDatabase(error);
    if (error.includes('timeout') || error.includes('engine is closed')) return new ArchiveError(`InfluxDB: ${error}`, true);
    return new ArchiveError(`InfluxDB refuses the question: ${error}`, false);
  }

  private noDatabase(body: string): ArchiveError {
    return new ArchiveError(
      `InfluxDB HAS NO DATABASE ${this.server.database} at ${this.address}: restore its backup, or create it (an empty one has no history), or let our user do so. It says: ${body}`,
      true,
    );
  }
}

/** The HTTP status of a failed request; `undefined`: nobody answered, or the package, which throws the body of a 5xx away, was asked. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof Answered) return error.status;
  return (error as { res?: { statusCode?: number } } | null)?.res?.statusCode;
}

function bodyOf(error: unknown): string {
  const text = errorText(error);
  const json = error instanceof Answered ? text : /error occurred: (\{.*)$/s.exec(text)?.[1];
  if (json === undefined) return text;
  try {
    return (JSON.parse(json) as { error?: string }).error ?? text;
  } catch {
    return text;
  }
}

function errorText(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorText).join(', ');
  const text = error instanceof Error ? error.message : String(error);
  return text === '' ? ((error as NodeJS.ErrnoException).code ?? 'no reason given') : text.trim();
}
