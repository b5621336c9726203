/** How do readings come in when there is no broker outside? Devices connect to one inside this process. */
import { Aedes } from 'aedes';
import type { Client, PublishPacket } from 'aedes';
import type { AddressInfo, Server, Socket } from 'node:net';
import { cannotListen } from '../../pipeline/cannot-listen.js';
import type { DeviceCheck } from './devices.js';
import { Doorkeeper, stationOf } from './doorkeeper.js';
import { readStatus, readTopic, StateKeeper } from './line.js';
import type { Line, LineOptions, PartState } from './line.js';
import { createListener, type TlsFiles } from './listener.js';
import { Lobby } from './lobby.js';
import { SocketGate } from './socket-gate.js';
import { printable, Sparing } from './sparing.js';

/** Beyond this a packet is no mistake of a device any more; the decoder's own limit is 256 KiB, and what it refuses is recorded. */
const ABSURD_BYTES = 1024 * 1024;
const DEVICE_PACE = 1000;
const MOST_CONNECTIONS = 5000;
const FINISH_WITHIN_MS = 7000;
const GOODBYE_MS = 300;
const MOST_STRAYS = 100;

/** Where a message goes that its device had no right to send: no subscription leads there, for `#` leaves out `$`. */
const NOWHERE = '$refused';

/** Options of the embedded broker. */
export interface EmbeddedBrokerOptions extends LineOptions {
  readonly host: string;
  /** 0 takes a free one; `port` tells which. */
  readonly port: number;
  /** Absent: anybody may publish, so it listens on loopback only. */
  readonly devices?: DeviceCheck;
  /** Absent or `null`: no TLS. */
  readonly tls?: TlsFiles | null;
  /** Requests a second that a device with credentials may make, on average; default 1000. */
  readonly devicePace?: number;
  /** Connections at one time, devices and strangers together; default 5000. */
  readonly mostConnections?: number;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Why the broker may not listen there, in words with the mend; `null` when it may (contract §2, promise 11). */
export function refusesToListen(host: string, devices: DeviceCheck | undefined): string | null {
  if (isLoopback(host) || devices?.required()) return null;
  return (
    `MQTT_HOST 是 ${host},别的机器可以连接,而没有任何设备有凭据:先运行 npm run heqing -- device add,或把 MQTT_HOST 设为 127.0.0.1。` +
    `MQTT_HOST is ${host}, which others can reach, and no device has credentials: ` +
    'set MQTT_HOST to 127.0.0.1, or give the devices credentials first (npm run heqing -- device add)'
  );
}

/**
 * An MQTT 3.1.1 broker in this process. A PUBACK of `heqing/{station}/readings` leaves after the intake's commit; when
 * that fails the connection is closed, so that the device keeps the message and sends it again. Everything else a broker
 * does (subscriptions, retained messages, last wills) works as usual, from memory.
 */
export class EmbeddedBroker implements Line {
  private readonly keeper: StateKeeper;
  /** What MQTT is spoken on: the TCP connection, or the TLS socket above it. */
  private readonly sockets = new Set<Socket>();
  private readonly gates = new WeakMap<Client, SocketGate>();
  private readonly lobby = new Lobby();
  private readonly doorkeeper: Doorkeeper;
  private readonly closings: Sparing;
  private readonly overreaches: Sparing;
  private aedes: Aedes | null = null;
  private server: Server | null = null;
  private inFlight = 0;
  private stopping = false;
  /** Why nothing may be taken; `null`: it may. */
  private held: string | null = null;
  private drained: (() => void) | null = null;
  /** Topics near ours that somebody published to, each told once. */
  private readonly strays = new Set<string>();

  constructor(private readonly options: EmbeddedBrokerOptions) {
    const { host, journal, devices, devicePace = DEVICE_PACE } = options;
    this.keeper = new StateKeeper({ state: 'down', detail: 'not started' }, options.onState);
    this.doorkeeper = new Doorkeeper(devices, !isLoopback(host), devicePace, journal);
    this.closings = new Sparing(journal);
    this.overreaches = new Sparing(journal);
  }

  /** The port it listens on; 0 before `start`. */
  get port(): number {
    return (this.server?.address() as AddressInfo | null | undefined)?.port ?? 0;
  }

  get address(): string {
    const { host, port, tls } = this.options;
    return `${tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${this.port || port}`;
  }

  state(): PartState {
    return this.keeper.get();
  }

  taking(): boolean {
    return this.keeper.get().state === 'up';
  }

  /** Throws, in words with the mend, when the address is taken or reaches beyond loopback while devices have no credentials. */
  async start(): Promise<void> {
    const { host, port, devices, tls = null, mostConnections = MOST_CONNECTIONS } = this.options;
    const refused = refusesToListen(host, devices);
    if (refused !== null) throw new Error(refused);
    const aedes = new Aedes({
      // A device that sends on before it saw its CONNACK is held, not dropped, up to this many packets.
      queueLimit: 1000,
      drainTimeout: 30_000,
      maxTopicLevels: 16,
      // Any keep-alive, also none, which 3.1.1 allows and small devices use: TCP's own tells of the vanished ones.
      keepaliveLimit: 0,
      connectTimeout: 10_000,
      authenticate: (client, username, password, done) => this.doorkeeper.authenticate(client, username, password, done),
      authorizePublish: (client, packet, done) => this.authorize(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, client && this.doorkeeper.mayHear(client, subscription.topic) ? subscription : null),
      authorizeForward: (client, packet) => (this.doorkeeper.standing(client) === 'gone' ? null : packet),
    });
    aedes.on('clientReady', (client) => {
      const device = this.doorkeeper.deviceOf(client);
      this.lobby.welcome(client.conn as Socket, device);
      this.gates.get(client)?.open(device === null ? null : this.doorkeeper.paceOf(device));
    });
    aedes.on('clientError', (client, error) => this.complain(client.id, error));
    aedes.on('connectionError', (client, error) => this.complain(client.id, error));
    await aedes.listen();
    this.aedes = aedes;

    const server = createListener(tls, {
      knocked: (socket) => this.lobby.enter(socket),
      came: (socket) => this.welcome(socket),
      failed: (error) => this.closings.warn(`embedded broker: no TLS with a device: ${error.message}`),
    });
    server.maxConnections = mostConnections;
    server.on('drop', () => this.closings.warn(`embedded broker: more than ${mostConnections} connections, one was refused`));
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
    for (const socket of this.lobby.sockets) socket.destroy();
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
    const gate = new SocketGate(socket, ABSURD_BYTES, () => this.stopping);
    const client = this.aedes?.handle(socket);
    if (client) this.gates.set(client, gate);
  }

  /** Asked for every message before its PUBACK, and for last wills (`client` may be `null` then). */
  private authorize(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    if (packet.topic.startsWith('$SYS/')) return done(new Error('$SYS topics are reserved'));
    const standing = this.doorkeeper.standing(client);
    // Without a PUBACK: what it has to say stays with it until somebody gives it credentials.
    if (standing === 'gone') return done(new Error('its credentials are not, or no longer, those of a device'));
    const topic = readTopic(packet.topic);
    const own = standing === 'anybody' || standing.speaksFor(topic?.station ?? stationOf(packet.topic));
    // Hanging up would only bring it back with the same message; nobody hears it.
    const divert = (): void => {
      packet.topic = NOWHERE;
      packet.retain = false;
    };
    if (!own) {
      const [name, where] = [standing.name, printable(packet.topic)];
      this.overreaches.warn(`embedded broker: ${name} may not publish to ${where}; give it the station, or mend the device`);
    }
    if (!own && topic?.kind !== 'readings') {
      divert();
      return done(null);
    }
    if (!topic) {
      this.stray(packet.topic);
      return done(null);
    }
    // Wills of devices whom we are hanging up on say nothing about the devices; readings could no longer be finished.
    if (this.stopping) return done(new Error('the broker is stopping'));

    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    switch (topic.kind) {
      case 'status': {
        const online = readStatus(payload);
        if (online !== null) {
          this.options.onStatus?.({ station: topic.station, online, at: this.options.clock.now() });
        }
        return done(null);
      }
      case 'readings': {
        if (this.held !== null) return done(new Error(this.held));
        const maySpeakFor = standing === 'anybody' ? null : standing.speaksFor;
        this.inFlight += 1;
        this.options.intake.take({ topic: packet.topic, payload, maySpeakFor, received: this.options.clock.now() }, (error) => {
          this.inFlight -= 1;
          if (error) this.refuse(error);
          else if (this.held === null && this.keeper.get().state !== 'up') this.keeper.set('up', `listening on ${this.address}`);
          if (!own) divert();
          done(error ?? null);
          if (this.inFlight === 0) this.drained?.();
        });
      }
    }
  }

  private refuse(error: Error): void {
    if (this.held === null && this.keeper.set('down', `readings cannot be kept: ${error.message}`)) {
      this.options.journal.error(`embedded broker: readings cannot be kept, devices are sent away: ${error.message}`);
    }
  }

  /**
   * A slip of the pen in a topic is acknowledged like anything a broker passes on, and would be seen nowhere. Once a topic, and
   * not for ever: others may well use the broker for topics of their own.
   */
  private stray(topic: string): void {
    if (!/^\/?heqing\/|\/readings?\/?$/i.test(topic) || this.strays.size >= MOST_STRAYS || this.strays.has(topic)) return;
    this.strays.add(topic);
    this.options.journal.warn(
      `embedded broker: what was published to ${printable(topic)} is not kept: the topic of readings is heqing/{station}/readings`,
    );
  }

  private complain(id: string | null, error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    if (this.stopping || code === 'ECONNRESET' || code === 'EPIPE' || this.keeper.get().state === 'down') return;
    this.closings.warn(
      `embedded broker: ${id === null ? 'a connection without a name' : printable(id)} was closed: ${error.message}`,
    );
  }
}

const inWords = (error: NodeJS.ErrnoException, host: string, port: number): string =>
  cannotListen(error, host, port, 'MQTT') ?? `the embedded broker cannot listen on ${host}:${port}: ${error.message}`;
