/** A real SMTP server inside the test: keeps what it accepted, and can refuse, dawdle and go away. */
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { readMail } from './eml.js';
import type { ReadMail } from './eml.js';

/** A mail it accepted, with the envelope it came in. */
export interface Accepted extends ReadMail {
  readonly from: string;
  readonly to: readonly string[];
}

/** Where a refusal happens. */
export type Stage = 'from' | 'to' | 'data';

/** An SMTP server on 127.0.0.1 without TLS; with `login`, only `user:password` may send. */
export class TestSmtp {
  readonly mails: Accepted[] = [];
  /** Mails offered, the refused ones included. */
  offered = 0;
  private server: SMTPServer | null = null;
  private refusal: { stage: Stage; code: number; only: string | null } | null = null;
  private dawdleMs = 0;
  private kept = 0;
  private readonly dawdling = new Set<NodeJS.Timeout>();

  constructor(private readonly login: string | null = null) {}

  get port(): number {
    return this.kept;
  }

  /** `smtp://127.0.0.1:PORT`, with the login if there is one. */
  get url(): string {
    return `smtp://${this.login === null ? '' : `${this.login}@`}127.0.0.1:${this.kept}`;
  }

  /** From now on refuses with `code` at `stage` (of one recipient only, if named); `null` accepts again. */
  refuse(refusal: { stage: Stage; code: number; only?: string } | null): void {
    this.refusal = refusal && { ...refusal, only: refusal.only ?? null };
  }

  /** From now on answers to a message only after so long. */
  dawdle(ms: number): void {
    this.dawdleMs = ms;
  }

  /** Starts it; the second time on the same port, with the mails it had. */
  async start(): Promise<void> {
    const says = (stage: Stage, address: string) => {
      const refusal = this.refusal;
      if (refusal?.stage !== stage || (refusal.only !== null && refusal.only !== address)) return null;
      return Object.assign(new Error(`refused for the test at ${stage}`), { responseCode: refusal.code });
    };
    const server = new SMTPServer({
      disabledCommands: this.login === null ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
      allowInsecureAuth: true,
      authOptional: this.login === null,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) =>
        `${username ?? ''}:${password ?? ''}` === this.login
          ? done(null, { user: username })
          : done(Object.assign(new Error('wrong user or password'), { responseCode: 535 })),
      onMailFrom: ({ address }, _session, done) => done(says('from', address)),
      onRcptTo: ({ address }, _session, done) => done(says('to', address)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.offered += 1;
          const timer = setTimeout(() => {
            this.dawdling.delete(timer);
            const refused = says('data', session.envelope.rcptTo[0]?.address ?? '');
            if (!refused) {
              const { mailFrom, rcptTo } = session.envelope;
              this.mails.push({
                ...readMail(Buffer.concat(chunks)),
                from: mailFrom ? mailFrom.address : '',
                to: rcptTo.map(({ address }) => address),
              });
            }
            done(refused);
          }, this.dawdleMs);
          this.dawdling.add(timer);
        });
      },
    });
    // A client that hangs up is what some tests are about.
    server.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(this.kept, '127.0.0.1', resolve);
    });
    this.kept = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Goes away, cutting open connections. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    for (const timer of this.dawdling) clearTimeout(timer);
    this.dawdling.clear();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of server.connections as unknown as Set<{ _socket: { destroy(): void } }>) connection._socket.destroy();
    await closed;
  }
}
