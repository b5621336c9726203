/** How do readings come in when there is no broker outside? Devices connect to one inside this process. */
import { Aedes } from 'aedes';
import type { AuthenticateError, Client, PublishPacket } from 'aedes';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { readStatus, readTopic, StateKeeper } from './line.js';
import type { Line, LineOptions, PartState } from './line.js';
import { packetGuard } from './packet-guard.js';

/** Beyond this a packet is no mistake of a device any more; the decoder's own limit is 256 KiB, and what it refuses is recorded. */
const ABSURD_BYTES = 1024 * 1024;
const FINISH_WITHIN_MS = 7000;
const GOODBYE_MS = 300;

/** Which stations a device may speak for. */
export type Speaks = (station: string) => boolean;

/** The credentials of devices, as the broker asks for them. */
export interface DeviceCheck {
  /** Has any device credentials? Then nobody comes in without. */
  required(): boolean;
  /** `null`: unknown name or wrong password. */
  admit(username: string, password: Uint8Array): Promise<Speaks | null>;
}

/** Options of the embedded broker. */
export interface EmbeddedBrokerOptions extends LineOptions {
  readonly host: string;
  /** 0 takes a free one; `port` tells which. */
  readonly port: number;
  /** Absent: anybody may publish, so it listens on loopback only. */
  readonly devices?: DeviceCheck;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * An MQTT 3.1.1 broker in this process. A PUBACK of `heqing/{station}/readings` leaves after the intake's commit; when
 * that fails the connection is closed, so that the device keeps the message and sends it again. Everything else a broker
 * does (subscriptions, retained messages, last wills) works as usual, from memory.
 */
export class EmbeddedBroker implements Line {
  private readonly keeper: StateKeeper;
  private readonly sockets = new Set<Socket>();
  private readonly rights = new WeakMap<Client, Speaks>();
  private aedes: Aedes | null = null;
  private server: Server | null = null;
  private inFlight = 0;
  private stopping = false;
  /** Why nothing may be taken; `null`: it may. */
  private held: string | null = null;
  private drained: (() => void) | null = null;

  constructor(private readonly options: EmbeddedBrokerOptions) {
    this.keeper = new StateKeeper({ state: 'down', detail: 'not started' }, options.onState);
  }

  /** The port it listens on; 0 before `start`. */
  get port(): number {
    return (this.server?.address() as AddressInfo | null | undefined)?.port ?? 0;
  }

  get address(): string {
    const { host, port } = this.options;
    return `mqtt://${host.includes(':') ? `[${host}]` : host}:${this.port || port}`;
  }

  state(): PartState {
    return this.keeper.get();
  }

  taking(): boolean {
    return this.keeper.get().state === 'up';
  }

  /** Throws, in words with the mend, when the address is taken or reaches beyond loopback while devices have no credentials. */
  async start(): Promise<void> {
    const { host, port, devices } = this.options;
    if (!isLoopback(host) && !devices?.required()) {
      throw new Error(
        `MQTT_HOST is ${host}, which others can reach, and no device has credentials: ` +
          'set MQTT_HOST to 127.0.0.1, or give the devices credentials first',
      );
    }
    const aedes = new Aedes({
      // A device that sends on before it saw its CONNACK is held, not dropped, up to this many packets.
      queueLimit: 1000,
      drainTimeout: 30_000,
      maxTopicLevels: 16,
      // Any keep-alive a packet can name, but not "none": a vanished device must be noticed.
      keepaliveLimit: 65_535,
      connectTimeout: 10_000,
      authenticate: (client, username, password, done) => this.authenticate(client, username, password, done),
      authorizePublish: (client, packet, done) => this.authorize(client, packet, done),
    });
    aedes.on('clientError', (client, error) => this.complain(client.id, error));
    aedes.on('connectionError', (client, error) => this.complain(client.id, error));
    await aedes.listen();
    this.aedes = aedes;

    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) =>
      this.welcome(socket),
    );
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
    } catch (error) {
      await new Promise<void>((resolve) => aedes.close(resolve));
      throw new Error(inWords(error as NodeJS.ErrnoException, host, port), { cause: error });
    }
    server.on('error', (error) => this.options.journal.error(`embedded broker: ${error.message}`));
    this.server = server;
    this.stopping = false;
    if (this.held === null) this.release();
    else this.hold(this.held);
  }

  async stop(): Promise<void> {
    const { aedes, server } = this;
    if (!aedes || !server || this.stopping) return;
    this.stopping = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, FINISH_WITHIN_MS);
        this.drained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    // The PUBACKs of the last commit are written in the turns that follow it; `end` sends them out before it says goodbye.
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    const leaving = [...this.sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.end();
        }),
    );
    await Promise.race([Promise.all(leaving), new Promise<void>((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    await new Promise<void>((resolve) => aedes.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = null;
    this.aedes = null;
    this.keeper.set('down', 'stopped');
  }

  /** From now on a device that publishes readings is hung up on, without a PUBACK: it keeps the message and sends it again. */
  hold(why: string): void {
    this.held = why;
    if (this.server !== null) this.keeper.set('down', `paused: ${why}`);
  }

  release(): void {
    this.held = null;
    if (this.server !== null && !this.stopping) this.keeper.set('up', `listening on ${this.address}`);
  }

  private welcome(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    const tooLarge = packetGuard(ABSURD_BYTES);
    const read = socket.read.bind(socket);
    // aedes pulls with read(): here its bytes can be looked at without another stream in between, and held back at the end.
    socket.read = (size?: number): unknown => {
      if (this.stopping && size !== 0) return null;
      const chunk = read(size) as Buffer | null;
      if (chunk === null) return null;
      const length = tooLarge(chunk);
      if (length === null) return chunk;
      socket.destroy(new Error(`announced a packet of ${length} bytes, more than ${ABSURD_BYTES}`));
      return null;
    };
    this.aedes?.handle(socket);
  }

  private authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const { devices } = this.options;
    if (!devices?.required()) return done(null, true);
    if (username === undefined || password === undefined) return done(null, false);
    devices.admit(username, password).then(
      (speaks) => {
        if (speaks) this.rights.set(client, speaks);
        else this.options.journal.warn(`embedded broker: ${username} was refused, unknown name or wrong password`);
        done(null, speaks !== null);
      },
      (error: Error) => {
        this.options.journal.error(`embedded broker: the credentials of ${username} could not be checked: ${error.message}`);
        done(null, false);
      },
    );
  }

  /** Asked for every message before its PUBACK, and for last wills (`client` may be `null` then). */
  private authorize(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    if (packet.topic.startsWith('$SYS/')) return done(new Error('$SYS topics are reserved'));
    const topic = readTopic(packet.topic);
    if (!topic) return done(null);
    // Wills of devices whom we are hanging up on say nothing about the devices; readings could no longer be finished.
    if (this.stopping) return done(new Error('the broker is stopping'));

    const speaks = this.rightsOf(client);
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    switch (topic.kind) {
      case 'status': {
        if (speaks && !speaks(topic.station)) return done(new Error(`may not speak for ${topic.station}`));
        const online = readStatus(payload);
        if (online !== null) {
          this.options.onStatus?.({ station: topic.station, online, at: this.options.clock.now() });
        }
        return done(null);
      }
      case 'readings':
        if (this.held !== null) return done(new Error(this.held));
        this.inFlight += 1;
        this.options.intake.take(
          { topic: packet.topic, payload, maySpeakFor: speaks, received: this.options.clock.now() },
          (error) => {
            this.inFlight -= 1;
            if (error) this.refuse(error);
            else if (this.held === null && this.keeper.get().state !== 'up') this.keeper.set('up', `listening on ${this.address}`);
            done(error ?? null);
            if (this.inFlight === 0) this.drained?.();
          },
        );
    }
  }

  /** `null`: anyone may speak for any station. */
  private rightsOf(client: Client | null): Speaks | null {
    if (!this.options.devices?.required()) return null;
    return (client && this.rights.get(client)) ?? (() => false);
  }

  private refuse(error: Error): void {
    if (this.held === null && this.keeper.set('down', `readings cannot be kept: ${error.message}`)) {
      this.options.journal.error(`embedded broker: readings cannot be kept, devices are sent away: ${error.message}`);
    }
  }

  private complain(id: string | null, error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    if (this.stopping || code === 'ECONNRESET' || code === 'EPIPE' || this.keeper.get().state === 'down') return;
    this.options.journal.warn(`embedded broker: ${id ?? 'a connection without a name'} was closed: ${error.message}`);
  }
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another program: stop that one, or set MQTT_PORT to a free port`;
    case 'EACCES':
      return `port ${port} on ${host} may not be opened by this user: set MQTT_PORT to 1024 or higher`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: set MQTT_HOST to one`;
    default:
      return `the embedded broker cannot listen on ${host}:${port}: ${error.message}`;
  }
}
