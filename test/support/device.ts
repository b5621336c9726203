/** How does a device speak to the service? By an ordinary MQTT client, at QoS 1. */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { eventually } from './eventually.js';

/** One object of the native dialect (contract §3). */
export interface Message {
  readonly time?: string | number;
  readonly seq?: number;
  readonly values: Readonly<Record<string, number>>;
  readonly marks?: Readonly<Record<string, string>>;
  readonly source?: 'sensor' | 'lab';
}

/** 4 is MQTT 3.1.1. */
export type ProtocolVersion = 4 | 5;

/** A connected device. */
export class Device {
  private constructor(private readonly client: MqttClient) {}

  static async connect(url: string, protocolVersion: ProtocolVersion = 4): Promise<Device> {
    return new Device(await mqtt.connectAsync(url, { protocolVersion, reconnectPeriod: 100, connectTimeout: 5000 }));
  }

  /** Publishes to a station's readings topic; resolves at the PUBACK. What is not a message object is sent as it is. */
  async publish(station: string, message: Message | readonly Message[] | string): Promise<void> {
    const payload = typeof message === 'string' ? message : JSON.stringify(message);
    await this.client.publishAsync(`heqing/${station}/readings`, payload, { qos: 1 });
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }
}

/** Messages a stream sends in one go, and how often. */
const BURST = 30;
const EVERY_MS = 10;

/** Unacknowledged messages beyond which a stream waits. */
const IN_FLIGHT = 300;

const RETRY_MS = 20;

/**
 * A device that publishes without end, many messages in flight, each with its own number as its value and its own time.
 * It comes back whenever the broker was away, and sends again what was not acknowledged.
 */
export class Stream {
  /** Numbers that were acknowledged. */
  readonly acknowledged = new Set<number>();
  /** Numbers run from 0 to below this. */
  sent = 0;
  private readonly client: MqttClient;
  private timer: NodeJS.Timeout | null = null;
  private ended = false;

  /** `from`: measured time of number 0, ms; they lie a second apart. Connects at once, with a session that lasts. */
  constructor(
    url: string,
    readonly station: string,
    readonly parameter: string,
    private readonly from: number,
    protocolVersion: ProtocolVersion = 4,
  ) {
    this.client = mqtt.connect(url, {
      protocolVersion,
      clientId: `stream-${station}`,
      clean: false,
      ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 600 } }),
      reconnectPeriod: 50,
      connectTimeout: 2000,
    });
    // Being cut off is what it is for.
    this.client.on('error', () => undefined);
  }

  /** The measured time of a number. */
  time(n: number): number {
    return this.from + n * 1000;
  }

  start(): void {
    this.timer = setInterval(() => {
      for (let i = 0; i < BURST && this.sent - this.acknowledged.size < IN_FLIGHT; i++) this.publish(this.sent++);
    }, EVERY_MS);
  }

  /** Sends nothing new; resolves when everything sent was acknowledged. */
  async finish(within = 15_000): Promise<void> {
    this.pause();
    await eventually(`all ${this.sent} messages are acknowledged`, () => this.acknowledged.size === this.sent, within);
  }

  /** Sends nothing new. */
  pause(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Ends the connection, whatever is still in flight. */
  async end(): Promise<void> {
    this.pause();
    this.ended = true;
    await this.client.endAsync(true);
  }

  private publish(n: number): void {
    if (this.ended) return;
    const payload = JSON.stringify({ time: this.time(n), values: { [this.parameter]: n } });
    this.client.publish(`heqing/${this.station}/readings`, payload, { qos: 1 }, (error) => {
      if (!error) this.acknowledged.add(n);
      // MQTT.js gives up what it is told while it resends after a reconnect; a device that must lose nothing says it again,
      // and not at once: MQTT.js is still walking through the list this would be appended to.
      else setTimeout(() => this.publish(n), RETRY_MS);
    });
  }
}
