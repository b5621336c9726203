/** What happens on one connection to an outside broker, from CONNECT to its end, and when is each message acknowledged? */
import mqtt from 'mqtt';
import type { IClientOptions, IConnackPacket, ISubscriptionMap, MqttClient } from 'mqtt';

/** Where the broker is, and with which login. */
export interface BrokerAddress {
  readonly protocol: 'mqtt' | 'mqtts';
  readonly host: string;
  readonly port: number;
  /** `null`: without a login. */
  readonly username: string | null;
  readonly password: string | null;
}

/** And who we are to it. */
export interface Target extends BrokerAddress {
  /** Fixed: the broker keeps our session, and with it what came in while we were away, under this name. */
  readonly clientId: string;
}

/** 5, or 4 for MQTT 3.1.1. */
export type Version = 4 | 5;

/** How a connection ended. */
export interface Ending {
  /** Did the network reach somebody? */
  readonly reached: boolean;
  /** Did the broker accept us? */
  readonly accepted: boolean;
  /** A reason code of the broker (CONNACK, DISCONNECT), or an error code of the system. */
  readonly code: number | string | undefined;
  readonly message: string;
}

/** What the broker said when it accepted us and our subscription. */
export interface Granted {
  readonly version: Version;
  /** Had it kept our session? */
  readonly resumed: boolean;
  /** Of CONNACK; MQTT 3.1.1 has none. */
  readonly properties: IConnackPacket['properties'];
  /** The lowest quality of service among our subscriptions. */
  readonly qos: number;
}

/** What a connection tells its owner. */
export interface Listener {
  /** The subscription stands. */
  up(granted: Granted): void;
  /** The broker accepted us and refuses the subscription; the connection stays open and idle. */
  subscriptionRefused(why: string): void;
  /** A message; `done()` once it may be acknowledged, `done(error)` when it could not be kept. */
  message(topic: string, payload: Uint8Array, done: (error?: Error) => void): void;
  /** Is too much unacknowledged? Then no more is read until `resume`. */
  full(): boolean;
  /** Once, whatever the reason. */
  ended(ending: Ending): void;
}

interface Ack {
  readonly id: number;
  done: boolean;
}

const KEEPALIVE_SECONDS = 30;
const CONNECT_TIMEOUT_MS = 5000;
/** Throughput is about window ÷ commit time; Mosquitto's own default of 20 starves group commits. */
const RECEIVE_MAXIMUM = 1000;
/** A month: longer than a repair, shorter than for ever, so that a broker need not hoard for a service that was taken down. */
const SESSION_EXPIRY_SECONDS = 30 * 24 * 3600;
/** MQTT.js sends no PUBACK when `handleMessage` reports an error, and goes on with the next packet. Undocumented; the contract test pins it. */
const DEFERRED = new Error('deferred');
const PUBACK = 0x40;

/**
 * One connection with its own MQTT.js client. Packet ids belong to a connection, so the acknowledgements do too: whatever
 * is finished after the end is dropped here and the broker delivers it again on the next connection. PUBACKs leave in the
 * order of arrival (MQTT-4.6.0-2), many in one write.
 */
export class Connection {
  private readonly client: MqttClient;
  private readonly acks: Ack[] = [];
  private held: { readonly callback: (error?: Error) => void; readonly answer: Error | undefined } | null = null;
  private flushing = false;
  private closing = false;
  private over = false;
  private reached = false;
  private accepted = false;
  private trouble: { code: number | string | undefined; message: string } | null = null;

  /** Connects at once. */
  constructor(
    target: Target,
    readonly version: Version,
    subscriptions: readonly string[],
    private readonly listener: Listener,
  ) {
    this.client = mqtt.connect(connectionOptions(target, version));
    // Before connecting: what the broker delivers again right after CONNACK would else be acknowledged unseen.
    this.client.handleMessage = (packet, callback) => {
      // Never called back: the pump stands still, and what is unread stays with the broker.
      if (this.closing) return;
      const ack = packet.qos === 1 && packet.messageId !== undefined ? { id: packet.messageId, done: false } : null;
      if (ack) this.acks.push(ack);
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      this.listener.message(packet.topic, payload, this.ending(ack));
      const answer = ack ? DEFERRED : undefined;
      if (this.listener.full()) this.held = { callback, answer };
      else callback(answer);
    };
    this.client.on('connect', (packet) => this.subscribe(packet, subscriptions));
    this.client.on('error', (error) => this.note((error as { code?: number | string }).code, error.message));
    this.client.on('disconnect', (packet) => this.note(packet.reasonCode, 'the broker said goodbye'));
    this.client.on('close', () => this.end());
    this.client.connect();
    this.client.stream.once('connect', () => {
      this.reached = true;
    });
  }

  /** Subscribes to something that may be refused, at QoS 0. */
  listen(filter: string): void {
    if (!this.over && !this.closing) this.client.subscribe(filter, { qos: 0 }, () => undefined);
  }

  /** Reads on after `full()` has turned false. */
  resume(): void {
    const { held } = this;
    this.held = null;
    held?.callback(held.answer);
  }

  /** From now on nothing is taken; what was taken can still be acknowledged. */
  quiesce(): void {
    this.closing = true;
  }

  /** Says goodbye and keeps the session at the broker; resolves when the connection is gone. */
  async close(): Promise<void> {
    this.closing = true;
    this.flush();
    if (this.over) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.drop('no answer to our goodbye');
        resolve();
      }, 1000);
      this.client.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.client.end(!this.accepted);
    });
  }

  /** Cuts the connection: the broker keeps what is unacknowledged and delivers it again. */
  drop(why: string): void {
    if (this.over) return;
    this.note(undefined, why);
    this.client.stream.destroy();
  }

  private subscribe(packet: IConnackPacket, filters: readonly string[]): void {
    this.accepted = true;
    // Also into a session that was kept: it costs nothing, mends one that lost its subscriptions, and brings the retained states.
    const map: ISubscriptionMap = {};
    for (const filter of filters) map[filter] = { qos: 1 };
    this.client.subscribe(map, (error, granted) => {
      if (this.over || this.closing) return;
      const refused = granted?.filter(({ qos }) => (qos as number) >= 0x80).map(({ topic }) => topic) ?? [];
      if (error || refused.length > 0) {
        this.listener.subscriptionRefused(refused.length > 0 ? refused.join(', ') : (error?.message ?? 'no reason given'));
        return;
      }
      this.listener.up({
        version: this.version,
        resumed: packet.sessionPresent,
        properties: packet.properties,
        qos: Math.min(...(granted?.map(({ qos }) => qos) ?? [1])),
      });
    });
  }

  /** What ends a message. Made here, it holds on to nothing but the number: thousands of packets would else outlive their turn. */
  private ending(ack: Ack | null): (error?: Error) => void {
    return (error) => this.finished(ack, error);
  }

  private finished(ack: Ack | null, error: Error | undefined): void {
    if (this.over) return;
    if (error) return this.drop(error.message);
    if (!ack) return;
    ack.done = true;
    if (this.flushing) return;
    this.flushing = true;
    // One commit finishes many messages in one turn: collect them.
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.over) return;
    const ready = this.acks.findIndex((ack) => !ack.done);
    const sent = this.acks.splice(0, ready < 0 ? this.acks.length : ready);
    if (sent.length === 0) return;
    const bytes = Buffer.allocUnsafe(sent.length * 4);
    sent.forEach(({ id }, i) => {
      bytes[4 * i] = PUBACK;
      bytes[4 * i + 1] = 2;
      bytes.writeUInt16BE(id, 4 * i + 2);
    });
    this.client.stream.write(bytes);
  }

  /** The first trouble is the cause, later ones its consequences. */
  private note(code: number | string | undefined, message: string): void {
    this.trouble ??= { code, message };
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.held = null;
    this.acks.length = 0;
    this.listener.ended({
      reached: this.reached,
      accepted: this.accepted,
      code: this.trouble?.code,
      message: this.trouble?.message ?? 'the connection was closed',
    });
  }
}

/** How MQTT.js is told to connect: by hand, once, with a session that lasts. */
export function connectionOptions(target: Target, version: Version): IClientOptions {
  return {
    protocol: target.protocol,
    host: target.host,
    port: target.port,
    ...(target.username !== null && { username: target.username }),
    ...(target.password !== null && { password: target.password }),
    clientId: target.clientId,
    protocolVersion: version,
    clean: false,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    manualConnect: true,
    // Its own log makes an array for every packet, read by nobody.
    log: () => undefined,
    // The owner comes back with a new Connection.
    reconnectPeriod: 0,
    resubscribe: false,
    ...(version === 5 && { properties: { receiveMaximum: RECEIVE_MAXIMUM, sessionExpiryInterval: SESSION_EXPIRY_SECONDS } }),
  };
}
