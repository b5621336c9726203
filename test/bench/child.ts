/** How does the bench speak to a process of its own making? Over the channel of `fork`, one answer to each question. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Logged, Order, Wishes } from './publisher.js';

const ANSWER_WITHIN_MS = 30_000;

/** A file of this folder running in a process of its own; it ends with `end`, or with the bench. */
export class Child<Said extends { readonly kind: string }> {
  private readonly process: ChildProcess;
  private waiting: { readonly kind: string; readonly resolve: (words: Said) => void; readonly reject: (error: Error) => void }[] =
    [];
  private failure: Error | null = null;
  private ending = false;

  constructor(private readonly file: string) {
    this.process = fork(join(import.meta.dirname, file), { serialization: 'advanced' });
    this.process.on('message', (words: Said) => {
      if (words.kind === 'failed') return this.fail((words as unknown as { why: string }).why);
      const asked = this.waiting.findIndex(({ kind }) => kind === words.kind);
      if (asked >= 0) this.waiting.splice(asked, 1)[0]?.resolve(words);
    });
    this.process.once('exit', (code, signal) => this.fail(`ended with ${code ?? signal ?? ''}`));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Tells it something. */
  tell(order: object): void {
    if (this.process.connected) this.process.send(order);
  }

  /** Asks, and resolves with the next words of that kind. Throws when it fails, ends or stays silent for half a minute. */
  async ask<K extends Said['kind']>(order: object, kind: K): Promise<Extract<Said, { kind: K }>> {
    if (this.failure) throw this.failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Extract<Said, { kind: K }>>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${this.file} says nothing`)), ANSWER_WITHIN_MS);
        this.waiting.push({ kind, reject, resolve: (words) => resolve(words as Extract<Said, { kind: K }>) });
        this.tell(order);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    this.ending = true;
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    this.process.kill('SIGKILL');
    await gone;
  }

  private fail(why: string): void {
    if (this.ending) return;
    this.failure ??= new Error(`${this.file}: ${why}`);
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/** The devices: an outside process that publishes to a broker on this machine. */
export class Publisher {
  private constructor(private readonly child: Child<Answer>) {}

  /** Connects every connection; sends nothing yet. */
  static async open(wishes: Wishes): Promise<Publisher> {
    const child = new Child<Answer>(wishes.by === 'clients' ? 'clients.ts' : 'publisher.ts');
    try {
      await child.ask({ kind: 'open', wishes } satisfies Order, 'opened');
      return new Publisher(child);
    } catch (error) {
      await child.end();
      throw error;
    }
  }

  go(): void {
    this.child.tell({ kind: 'go' } satisfies Order);
  }

  /** At most so many messages in all from now on. */
  credit(messages: number): void {
    this.child.tell({ kind: 'credit', messages } satisfies Order);
  }

  /** Messages sent and acknowledged so far, and when that was asked, ms. */
  count(): Promise<{ readonly sent: number; readonly acked: number; readonly at: number }> {
    return this.child.ask({ kind: 'count' } satisfies Order, 'counted');
  }

  /** Sends nothing new, waits up to 20 s for the last acknowledgements. */
  finish(): Promise<{ readonly sent: number; readonly acked: number; readonly log: readonly Logged[] }> {
    return this.child.ask({ kind: 'finish' } satisfies Order, 'finished');
  }

  end(): Promise<void> {
    return this.child.end();
  }
}
