/** What can go wrong between two machines? A proxy on loopback that delays, resets, falls silent and cuts in the middle. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * `pass`; `delay`: everything takes half a second longer; `reset`: connections end with RST after some bytes; `half-open`:
 * accepts and swallows, answers nothing; `truncated`: passes all that is asked, and cuts the first answer in the middle.
 */
export type Fault = 'pass' | 'delay' | 'reset' | 'half-open' | 'truncated';

const DELAY_MS = 500;
const RESET_AFTER_BYTES = 3000;

/** A TCP proxy before a port of this machine. A change of fault holds for open connections too, or ends them. */
export class FaultProxy {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private current: Fault = 'pass';

  constructor(private readonly target: number) {}

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.join(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
  }

  set(fault: Fault): void {
    // What was swallowed cannot come back, and a TCP connection never has a hole: those go on silent, then end.
    if (this.current === 'half-open') for (const socket of this.sockets) socket.destroy();
    this.current = fault;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private join(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let passed = 0;
    // Bytes keep their order when a delay ends.
    const queues = new Map<Socket, Promise<void>>();
    const pass = (to: Socket, chunk: Buffer, ms = 0): void => {
      const until = performance.now() + ms;
      const before = queues.get(to) ?? Promise.resolve();
      queues.set(
        to,
        before.then(async () => {
          const left = until - performance.now();
          if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
          if (!to.destroyed) to.write(chunk);
        }),
      );
    };
    near.on('data', (chunk) => {
      switch (this.current) {
        case 'pass':
        case 'truncated':
          return pass(far, chunk);
        case 'delay':
          return pass(far, chunk, DELAY_MS);
        case 'half-open':
          return;
        case 'reset':
          passed += chunk.length;
          pass(far, chunk);
          if (passed > RESET_AFTER_BYTES) near.resetAndDestroy();
      }
    });
    far.on('data', (chunk) => {
      switch (this.current) {
        case 'pass':
          return pass(near, chunk);
        case 'delay':
          return pass(near, chunk, DELAY_MS);
        case 'half-open':
          return;
        case 'reset':
          passed += chunk.length;
          pass(near, chunk);
          if (passed > RESET_AFTER_BYTES) near.resetAndDestroy();
          return;
        case 'truncated':
          near.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => near.destroy());
      }
    });
  }
}
