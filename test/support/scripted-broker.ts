/** A broker that does exactly what a test tells it, packet by packet. */
import mqttPacket from 'mqtt-packet';
import type { IConnectPacket, Packet, Parser } from 'mqtt-packet';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually } from './eventually.js';

/** One connection of a client to the scripted broker. */
export class ScriptedPeer {
  /** Everything the client sent, in order. */
  readonly received: Packet[] = [];
  closed = false;
  private version = 4;
  private readonly parser: Parser;

  constructor(
    private readonly socket: Socket,
    onPacket: (packet: Packet, peer: ScriptedPeer) => void,
  ) {
    this.parser = mqttPacket.parser();
    this.parser.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') this.version = packet.protocolVersion ?? 4;
      this.received.push(packet);
      onPacket(packet, this);
    });
    socket.on('data', (chunk) => this.parser.parse(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Sends packets in one write, in the version the client asked for. */
  send(...packets: Packet[]): void {
    this.socket.write(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet, { protocolVersion: this.version }))));
  }

  /** Sends bytes as they are. */
  sendBytes(...bytes: number[]): void {
    this.socket.write(Buffer.from(bytes));
  }

  /** Cuts the connection. */
  cut(): void {
    this.socket.destroy();
  }

  /** The ids of the PUBACKs received, in order. */
  get pubacks(): number[] {
    return this.received.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId ?? -1] : []));
  }

  get connect(): IConnectPacket | undefined {
    return this.received.find((packet): packet is IConnectPacket => packet.cmd === 'connect');
  }

  /** Did the client subscribe? */
  get subscribed(): boolean {
    return this.received.some(({ cmd }) => cmd === 'subscribe');
  }
}

/** What the script does with a packet; connections are numbered from 0. */
export type Script = (packet: Packet, peer: ScriptedPeer, connection: number) => void;

/** Listens on a free port of 127.0.0.1. */
export class ScriptedBroker {
  readonly peers: ScriptedPeer[] = [];
  private readonly server: Server;

  constructor(script: Script) {
    this.server = createServer((socket) => {
      const number = this.peers.length;
      this.peers.push(new ScriptedPeer(socket, (packet, peer) => script(packet, peer, number)));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The nth connection, once it is there. */
  async peer(number: number, within = 5000): Promise<ScriptedPeer> {
    await eventually(`connection ${number}`, () => this.peers.length > number, within);
    const peer = this.peers[number];
    if (!peer) throw new Error('unreachable');
    return peer;
  }

  async stop(): Promise<void> {
    for (const peer of this.peers) peer.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Accepts and grants whatever is asked, as an ordinary broker would; `greeting` follows its CONNACK in the same write. */
export function accommodating(options: { resumed?: boolean; greeting?: readonly Packet[] } = {}): Script {
  return (packet, peer) => {
    switch (packet.cmd) {
      case 'connect':
        peer.send(
          { cmd: 'connack', sessionPresent: options.resumed === true, returnCode: 0, reasonCode: 0 },
          ...(options.greeting ?? []),
        );
        break;
      case 'subscribe':
        peer.send({ cmd: 'suback', messageId: packet.messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
        break;
      case 'pingreq':
        peer.send({ cmd: 'pingresp' });
        break;
      default:
    }
  };
}

/** A QoS 1 message on a station's readings topic. */
export function message(messageId: number, text: string, dup = false): Packet {
  return { cmd: 'publish', topic: 'heqing/s1/readings', payload: text, qos: 1, messageId, dup, retain: false };
}
