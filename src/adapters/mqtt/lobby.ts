/** Who is connected, and who has to leave so that there is room for the others? */
import type { Socket } from 'node:net';

/** Connections that have not shown who they are; beyond it the one that has waited longest is hung up on. */
const MOST_STRANGERS = 1000;
/** Connections of one device; beyond it its oldest gives way, which is mostly one that broke without a word. */
const MOST_OF_ONE = 16;

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? ''} ${remotePort ?? ''}`;

/** The connections of the broker. A socket with TLS and the TCP one beneath it are told to be one by their peer's address. */
export class Lobby {
  /** TCP connections, with or without TLS above. */
  readonly sockets = new Set<Socket>();
  private readonly strangers = new Map<string, Socket>();
  private readonly ofDevice = new Map<string, Set<Socket>>();

  /** A TCP connection came. */
  enter(socket: Socket): void {
    const peer = peerOf(socket);
    this.sockets.add(socket);
    this.strangers.set(peer, socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      if (this.strangers.get(peer) === socket) this.strangers.delete(peer);
    });
    const [longest] = this.strangers.values();
    if (this.strangers.size > MOST_STRANGERS) longest?.destroy();
  }

  /** It has shown who it is: a device, or on loopback anybody (`null`). */
  welcome(socket: Socket, device: string | null): void {
    this.strangers.delete(peerOf(socket));
    if (device === null || socket.destroyed) return;
    const own = this.ofDevice.get(device) ?? new Set();
    this.ofDevice.set(device, own.add(socket));
    socket.once('close', () => {
      own.delete(socket);
      if (own.size === 0 && this.ofDevice.get(device) === own) this.ofDevice.delete(device);
    });
    const [oldest] = own;
    if (own.size > MOST_OF_ONE) oldest?.destroy();
  }
}
