/** What do the devices of the bench do? A process of its own that writes ready-made packets to sockets and counts PUBACKs. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { Block, STATIONS } from './township.js';

/** What the bench asks of its publisher. */
export interface Wishes {
  readonly port: number;
  readonly connections: number;
  /** Unacknowledged messages of one connection at most. */
  readonly window: number;
  readonly perMessage: 1 | 10;
  /** Messages a second; `null`: as many as the window lets through. */
  readonly rate: number | null;
  /** Ready-made packets written to sockets, or MQTT.js clients, as devices are; those know no rate and no log. */
  readonly by?: 'packets' | 'clients';
  /** Keep, for every message, when it was sent and when it was acknowledged. */
  readonly log: boolean;
}

/** What it is told: begin, how many it may have sent at most by now, how is it, end. */
export type Order =
  | { readonly kind: 'open'; readonly wishes: Wishes }
  | { readonly kind: 'go' }
  | { readonly kind: 'credit'; readonly messages: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'finish' };

/** A logged message: measured time (ms, the key within its series), when it was written and acknowledged, ms since 1970. */
export interface Logged {
  readonly station: string;
  readonly index: number;
  readonly time: number;
  readonly sentAt: number;
  ackedAt: number | null;
}

/** What it answers. `at`: ms since 1970 with a fraction. */
export type Answer =
  | { readonly kind: 'opened'; readonly payloadBytes: number }
  | { readonly kind: 'counted'; readonly sent: number; readonly acked: number; readonly at: number }
  | { readonly kind: 'finished'; readonly sent: number; readonly acked: number; readonly log: readonly Logged[] }
  | { readonly kind: 'failed'; readonly why: string };

/** A slow rate is spread evenly, message by message; a fast one goes out in blocks. */
const SPREAD_BELOW = 5000;
const TICK_MS = 1;
/** Longer than any measurement: no pings. Zero, "none", is refused by the embedded broker. */
const KEEPALIVE_SECONDS = 65_535;

const clock = (): number => performance.timeOrigin + performance.now();
const answer = (words: Answer): void => void process.send?.(words);

let wishes: Wishes;
let lines: Line[] = [];
let sent = 0;
let acked = 0;
let credit = Infinity;
let started = 0;
let running = false;
let turn = 0;
const log: Logged[] = [];

/** One connection with the stations it speaks for. */
class Line {
  readonly block: Block;
  inFlight = 0;
  private nextId = 1;
  private round = 0;
  private readonly unacked = new Map<number, Logged>();
  private rest: Buffer = Buffer.alloc(0);
  private next = 0;

  constructor(
    readonly socket: Socket,
    private readonly stations: readonly string[],
    perMessage: 1 | 10,
    private readonly welcome: () => void,
  ) {
    this.block = new Block(stations, perMessage);
    socket.on('data', (chunk) => this.read(chunk));
  }

  /** Sends a whole block if window and credit have room. */
  sendBlock(): boolean {
    const { count } = this.block;
    if (this.inFlight + count > Math.max(wishes.window, count) || sent + count > credit) return false;
    // Rounds of a flood lie a millisecond apart: times stay different, and in the past.
    const bytes = this.block.all(wishes.rate === null ? started + this.round : Date.now(), this.nextId);
    this.round += 1;
    this.nextId = ((this.nextId - 1 + count) % 65_535) + 1;
    this.inFlight += count;
    sent += count;
    this.socket.write(bytes);
    return true;
  }

  /** Sends one message, whatever the window. */
  sendOne(): void {
    const index = this.next;
    this.next = (this.next + 1) % this.block.count;
    const id = this.nextId;
    this.nextId = (this.nextId % 65_535) + 1;
    const time = Date.now();
    const bytes = this.block.one(index, time, id);
    if (wishes.log) {
      const per = this.block.count / this.stations.length;
      const entry = {
        station: this.stations[Math.floor(index / per)]!,
        index: index % per,
        time,
        sentAt: clock(),
        ackedAt: null,
      };
      this.unacked.set(id, entry);
      log.push(entry);
    }
    this.inFlight += 1;
    sent += 1;
    this.socket.write(bytes);
  }

  private read(chunk: Buffer): void {
    // CONNACK and PUBACK of MQTT 3.1.1 are four bytes each, and nothing else comes to one who subscribes to nothing.
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % 4);
    for (let at = 0; at < whole; at += 4) {
      switch (bytes[at]) {
        case 0x40: {
          acked += 1;
          this.inFlight -= 1;
          if (!wishes.log) break;
          const id = bytes.readUInt16BE(at + 2);
          const entry = this.unacked.get(id);
          if (entry) entry.ackedAt = clock();
          this.unacked.delete(id);
          break;
        }
        case 0x20:
          if (bytes[at + 3] !== 0) throw new Error(`the broker refused the connection with ${bytes[at + 3] ?? ''}`);
          this.welcome();
          break;
        default:
          throw new Error(`the broker sent a packet of type ${bytes[at] ?? ''}`);
      }
    }
    this.rest = bytes.subarray(whole);
    if (running && wishes.rate === null) while (this.sendBlock());
  }
}

async function open(asked: Wishes): Promise<void> {
  wishes = asked;
  const shares: string[][] = Array.from({ length: asked.connections }, () => []);
  STATIONS.forEach((station, i) => shares[i % asked.connections]!.push(station));
  lines = await Promise.all(
    shares.map(
      (stations, n) =>
        new Promise<Line>((resolve, reject) => {
          const socket = connect(asked.port, '127.0.0.1');
          socket.setNoDelay(true);
          const line: Line = new Line(socket, stations, asked.perMessage, () => resolve(line));
          socket.on('error', reject);
          socket.on('close', () => running && fail('the broker closed a connection'));
          socket.write(
            mqttPacket.generate({
              ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: KEEPALIVE_SECONDS },
              clientId: `bench-publisher-${process.pid}-${n}`,
            }),
          );
        }),
    ),
  );
  answer({ kind: 'opened', payloadBytes: lines[0]!.block.payloadBytes });
}

/** Sends what is due: by the rate, or what a new credit lets through. */
function tick(): void {
  if (!running) return;
  if (wishes.rate === null) {
    for (const line of lines) while (line.sendBlock());
    return;
  }
  const due = ((clock() - started) / 1000) * wishes.rate;
  if (wishes.rate < SPREAD_BELOW) {
    while (sent < due) lines[turn++ % lines.length]!.sendOne();
    return;
  }
  // A window that is full makes the rate a wish: whoever measures compares what was sent.
  for (let idle = 0; sent < due && idle < lines.length;) idle = lines[turn++ % lines.length]!.sendBlock() ? 0 : idle + 1;
}

async function finish(): Promise<void> {
  running = false;
  const until = Date.now() + 20_000;
  while (acked < sent && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const { socket } of lines) socket.end(mqttPacket.generate({ cmd: 'disconnect' }));
  process.send?.({ kind: 'finished', sent, acked, log } satisfies Answer, () => process.exit(0));
}

function fail(why: string): void {
  running = false;
  process.send?.({ kind: 'failed', why } satisfies Answer, () => process.exit(1));
}

process.on('message', (order: Order) => {
  switch (order.kind) {
    case 'open':
      return void open(order.wishes).catch((error: Error) => fail(error.message));
    case 'go':
      running = true;
      started = Math.floor(clock());
      setInterval(tick, TICK_MS);
      return tick();
    case 'credit':
      credit = order.messages;
      return;
    case 'count':
      return answer({ kind: 'counted', sent, acked, at: clock() });
    case 'finish':
      return void finish();
  }
});
process.on('uncaughtException', (error) => fail(String(error.stack)));
// Without its bench it has nothing to do.
process.on('disconnect', () => process.exit(0));
