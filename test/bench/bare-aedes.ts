/** What is the ceiling of the embedded broker? The same aedes with nothing behind it. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';

/** What it says. */
export interface Listening {
  readonly kind: 'listening';
  readonly port: number;
}

const aedes = new Aedes({ queueLimit: 1000, drainTimeout: 30_000 });
await aedes.listen();
const server = createServer({ noDelay: true }, (socket) => aedes.handle(socket));
process.on('message', () => {
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ kind: 'listening', port: (server.address() as AddressInfo).port } satisfies Listening);
  });
});
process.on('disconnect', () => process.exit(0));
