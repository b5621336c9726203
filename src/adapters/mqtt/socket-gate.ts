/** How fast does the broker read from a socket? One packet before its CONNACK, then at the pace of its device. */
import type { Socket } from 'node:net';
import { PacketGuard } from './packet-guard.js';
import type { Pace } from './pace.js';

/**
 * Stands between a socket and the broker that pulls from it with `read()`. What may not come in yet stays in the socket's
 * own buffer; when that is full the network holds the sender back, so that nothing is lost and nobody is cut off.
 */
export class SocketGate {
  private readonly guard: PacketGuard;
  private stage: 'connect' | 'greeting' | 'open' = 'connect';
  private pace: Pace | null = null;
  private timer: NodeJS.Timeout | null = null;

  /** `longest`: the longest packet, bytes; a longer one closes the socket at its header. `stopping`: nothing more is read. */
  constructor(
    private readonly socket: Socket,
    private readonly longest: number,
    private readonly stopping: () => boolean,
  ) {
    this.guard = new PacketGuard(longest);
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => (size === 0 ? read(0) : this.read(read));
    socket.once('close', () => {
      if (this.timer) clearTimeout(this.timer);
    });
  }

  /** The device has its CONNACK. `pace`: shared by all its connections; `null` for as fast as it can. */
  open(pace: Pace | null): void {
    this.stage = 'open';
    this.pace = pace;
    this.goOn();
  }

  private read(read: (size?: number) => unknown): Buffer | null {
    if (this.stopping()) return null;
    const budget = this.budget();
    if (budget < 1 && this.guard.between) return this.wait();
    const chunk = read() as Buffer | null;
    if (chunk === null) return null;
    const { bytes, requests, tooLong } = this.guard.pass(chunk, budget);
    if (tooLong !== null) {
      const said =
        tooLong === Infinity ? 'of a length that MQTT cannot express' : `of ${tooLong} bytes, more than ${this.longest}`;
      this.socket.destroy(new Error(`announced a packet ${said}`));
      return null;
    }
    if (this.stage === 'connect' && bytes > 0) this.stage = 'greeting';
    this.pace?.spend(requests);
    if (bytes === chunk.length) return chunk;
    // Back where it came from, and not into a buffer of ours: the end of the stream must not overtake it.
    this.socket.unshift(chunk.subarray(bytes));
    this.wait();
    return bytes === 0 ? null : chunk.subarray(0, bytes);
  }

  private budget(): number {
    switch (this.stage) {
      case 'connect':
        return 1;
      case 'greeting':
        return 0;
      case 'open':
        return this.pace?.budget() ?? Infinity;
    }
  }

  private wait(): null {
    if (this.pace && !this.timer) {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.goOn();
      }, this.pace.pause());
    }
    return null;
  }

  private goOn(): void {
    // The broker reads when it hears this, and at no other time.
    if (!this.socket.destroyed) this.socket.emit('readable');
  }
}
