/** How do readings come in from a broker outside? We subscribe there, and come back whenever it was away. */
import type { BrokerSessions } from '../../pipeline/ports.js';
import { Connection } from './connection.js';
import type { BrokerAddress, Ending, Granted, Target, Version } from './connection.js';
import { READINGS_FILTER, readStatus, readTopic, StateKeeper, STATUS_FILTER } from './line.js';
import type { Line, LineOptions, PartState } from './line.js';
import { DROPPED, testQueue } from './queue-test.js';
import { Standing } from './standing.js';

const FIRST_PAUSE_MS = 200;
/** With a little jitter on top it stays within the five seconds of the contract. */
const LONGEST_PAUSE_MS = 4000;
const JITTER_MS = 500;
/** A connection that lasted so long was a good one: the next pause is short again. */
const GOOD_CONNECTION_MS = 10_000;
const FINISH_WITHIN_MS = 7000;
const FIRST_TRY_MS = 1000;
const UNACKED_LIMIT_BYTES = 8 * 1024 * 1024;
/** What a message costs in memory beside its payload, packets and parsed values included: about two thousand are under way. */
const MESSAGE_BYTES = 4096;

/** Options of the client. */
export interface BrokerClientOptions extends LineOptions {
  readonly broker: BrokerAddress;
  /** The name under which the broker keeps our session; two running services need two. Default `heqing`. */
  readonly clientId?: string;
  /** Remembers over a restart that there was a session, so that its loss is noticed; default: nothing does. */
  readonly sessions?: BrokerSessions;
  /** Unacknowledged bytes in memory above which nothing more is read; default 32 MiB. */
  readonly unackedLimitBytes?: number;
  /** Try out the broker's queue at the first connection (some thousand small messages to itself); default: it is not. */
  readonly testsQueue?: boolean;
}

/**
 * The client of an outside broker: QoS 1, a session that the broker keeps, MQTT 5 or else 3.1.1. A PUBACK leaves after
 * the intake's commit. A broker that is away makes the part `degraded` and is tried again for ever, at least every 5 s.
 */
export class BrokerClient implements Line {
  readonly address: string;
  private readonly target: Target;
  private readonly keeper: StateKeeper;
  private readonly limit: number;
  private connection: Connection | null = null;
  private version: Version = 5;
  private timer: NodeJS.Timeout | null = null;
  private failures = 0;
  private connectedAt = 0;
  private testing = false;
  private subscribed = false;
  /** Could the last message not be kept? It comes again, and until one could be kept nothing is well. */
  private keeping = true;
  private readonly standing: Standing;
  private running = false;
  /** Why nothing may be taken; `null`: it may. */
  private held: string | null = null;
  private unackedBytes = 0;
  private inFlight = 0;
  private drained: (() => void) | null = null;
  private firstTry: (() => void) | null = null;

  constructor(private readonly options: BrokerClientOptions) {
    this.target = { ...options.broker, clientId: options.clientId ?? 'heqing' };
    const { protocol, host, port } = this.target;
    this.address = `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const session = `${this.address} ${this.target.clientId}`;
    this.standing = new Standing(this.address, session, options.sessions, options.clock, options.journal);
    this.limit = options.unackedLimitBytes ?? UNACKED_LIMIT_BYTES;
    this.keeper = new StateKeeper({ state: 'down', detail: 'not started' }, options.onState);
  }

  state(): PartState {
    return this.keeper.get();
  }

  taking(): boolean {
    return this.subscribed && this.keeper.get().state === 'up';
  }

  /** Resolves when the subscription stands or the first try has failed, at the latest after a second. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.keeper.set('degraded', `connecting to ${this.address}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FIRST_TRY_MS);
      this.firstTry = () => {
        clearTimeout(timer);
        resolve();
      };
      this.connect();
    });
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    if (this.timer) clearTimeout(this.timer);
    this.connection?.quiesce();
    await this.finished();
    await this.connection?.close();
    this.connection = null;
    if (this.subscribed) this.standing.left();
    this.subscribed = false;
    this.keeper.set('down', 'stopped');
  }

  /**
   * Finishes what was taken, says goodbye and stays away: the broker keeps what comes in our session. Staying connected
   * without reading would not do: pings would stop being answered, and a broker sends beyond the window it was told.
   */
  hold(why: string): void {
    this.held = why;
    if (!this.running) return;
    if (this.timer) clearTimeout(this.timer);
    this.keeper.set('down', `paused at ${this.address}: ${why}`);
    void this.leave();
  }

  release(): void {
    const wasHeld = this.held !== null;
    this.held = null;
    this.keeping = true;
    if (!this.running) return;
    if (this.subscribed) this.tell('up', this.standing.words());
    // A goodbye that is still under way comes back by its own end.
    if (!wasHeld || this.connection !== null) return;
    this.failures = 0;
    if (this.timer) clearTimeout(this.timer);
    this.connect();
  }

  private async leave(): Promise<void> {
    const { connection } = this;
    if (connection === null) return;
    if (this.subscribed) this.standing.left();
    this.subscribed = false;
    connection.quiesce();
    await this.finished();
    await connection.close();
  }

  /** Resolves when everything taken is done, at the latest after some seconds. */
  private async finished(): Promise<void> {
    if (this.inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FINISH_WITHIN_MS);
      const before = this.drained;
      this.drained = () => {
        before?.();
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private connect(): void {
    this.timer = null;
    if (!this.running) return;
    if (this.held !== null) {
      this.keeper.set('down', `paused at ${this.address}: ${this.held}`);
      return this.answered();
    }
    // What earlier connections delivered and the disk has not taken yet counts too: the broker would send it all again.
    if (this.full()) return this.connectAfter(FIRST_PAUSE_MS);
    this.connectedAt = 0;
    const connection = new Connection(this.target, this.version, [READINGS_FILTER, STATUS_FILTER], {
      up: (granted) => this.up(granted),
      subscriptionRefused: (why) => {
        this.subscribed = false;
        this.tell('down', `${this.address} refuses the subscription (${why}): let our user read heqing/#`);
        this.answered();
      },
      message: (topic, payload, done) => this.take(topic, payload, done),
      full: () => this.full(),
      ended: (ending) => {
        if (this.connection === connection) this.ended(ending);
      },
    });
    this.connection = connection;
  }

  private connectAfter(pause: number): void {
    if (this.running) this.timer = setTimeout(() => this.connect(), pause);
  }

  private up(granted: Granted): void {
    this.standing.accepted(granted);
    if (!this.testing && this.options.testsQueue === true) void this.tryQueue();
    this.subscribed = this.held === null;
    this.connectedAt = Date.now();
    if (this.held !== null) return this.answered();
    if (this.standing.tellsDrops) this.connection?.listen(DROPPED);
    if (this.keeping) this.tell('up', this.standing.words());
    this.answered();
  }

  /** Once a start: what it tells changes with the broker's settings only. */
  private async tryQueue(): Promise<void> {
    this.testing = true;
    this.standing.tested(await testQueue(this.target, this.version));
    if (!this.running || !this.subscribed) return;
    if (this.standing.tellsDrops) this.connection?.listen(DROPPED);
    if (this.keeping) this.tell('up', this.standing.words());
  }

  private ended(ending: Ending): void {
    this.connection = null;
    if (this.subscribed) this.standing.left();
    this.subscribed = false;
    if (!this.running) return;
    if (this.held !== null) return this.answered();
    if (this.connectedAt > 0 && Date.now() - this.connectedAt > GOOD_CONNECTION_MS) this.failures = 0;

    const another = otherVersion(this.version, ending);
    if (another !== null) {
      this.version = another;
      if (speaksNoFive(ending)) {
        this.options.journal.info(`${this.address} does not speak MQTT 5: using 3.1.1`);
        return this.connectAfter(0);
      }
    }
    if (this.keeping) this.tell('degraded', `${this.address}: ${inWords(ending, this.target)}`);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures) + Math.random() * JITTER_MS;
    this.failures += 1;
    this.connectAfter(pause);
    this.answered();
  }

  private take(topic: string, payload: Uint8Array, done: (error?: Error) => void): void {
    const about = readTopic(topic);
    switch (about?.kind) {
      case 'status': {
        const online = readStatus(payload);
        if (online !== null) this.options.onStatus?.({ station: about.station, online, at: this.options.clock.now() });
        return done();
      }
      case undefined:
        if (topic === DROPPED && this.standing.dropped(Buffer.from(payload).toString()) && this.subscribed && this.keeping) {
          this.tell('up', this.standing.words());
        }
        // Else a leftover of an older session: nothing we would ever keep, so it must not block the line.
        return done();
      case 'readings': {
        const bytes = payload.byteLength + MESSAGE_BYTES;
        this.unackedBytes += bytes;
        this.inFlight += 1;
        this.options.intake.take({ topic, payload, maySpeakFor: null, received: this.options.clock.now() }, (error) => {
          this.unackedBytes -= bytes;
          this.inFlight -= 1;
          this.judge(error);
          done(error);
          if (this.unackedBytes <= this.limit / 2) this.connection?.resume();
          if (this.inFlight === 0) this.drained?.();
        });
      }
    }
  }

  private judge(error: Error | undefined): void {
    // Nearly always nothing has changed, and working out the words would cost more than the rest of the message.
    if (error === undefined && this.keeping && this.failures === 0 && this.keeper.get().state === 'up') return;
    this.keeping = error === undefined;
    if (this.held !== null) return;
    if (error) return this.tell('down', `readings cannot be kept: ${error.message}`);
    this.failures = 0;
    if (this.subscribed) this.tell('up', this.standing.words());
  }

  private full(): boolean {
    return this.unackedBytes > this.limit;
  }

  private answered(): void {
    this.firstTry?.();
    this.firstTry = null;
  }

  private tell(state: PartState['state'], detail: string): void {
    if (!this.keeper.set(state, detail)) return;
    if (state === 'up') this.options.journal.info(`broker: ${detail}`);
    else this.options.journal.warn(`broker: ${detail}`);
  }
}

/** "Unacceptable protocol version" as 3.1.1 says it, "unsupported protocol version" as 5 does. */
const speaksNoFive = ({ accepted, code }: Ending): boolean => !accepted && (code === 1 || code === 132);

/** The version to try next, `null` to stay: brokers that do not know MQTT 5 say so, or just hang up before any answer. */
function otherVersion(version: Version, ending: Ending): Version | null {
  if (ending.accepted || !ending.reached) return null;
  if (version === 5 && speaksNoFive(ending)) return 4;
  const silent = typeof ending.code !== 'number';
  return silent ? (version === 5 ? 4 : 5) : null;
}

function inWords({ code, message, reached, accepted }: Ending, { username, clientId }: Target): string {
  switch (code) {
    case 4:
    case 5:
    case 134:
    case 135:
      return username === null
        ? 'the broker wants a user and a password: put them into MQTT_URL'
        : `the broker refuses the user ${username}: check user and password in MQTT_URL`;
    case 142:
      return `somebody else connects as ${clientId}: is a second service running with the same client id?`;
    case 'ECONNREFUSED':
      return 'nobody listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name of the host is unknown';
    default:
      if (!reached) return `not reached (${message})`;
      return accepted ? `connection lost (${message})` : `no proper answer (${message})`;
  }
}
