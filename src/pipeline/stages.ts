/** Which stages work behind the log, and who wakes whom? By name, so that a stage never holds another. */
import { Worker } from './consumer.js';
import type { Journal } from './ports.js';

/** Stages that carry readings from the log to alerts and verdicts: one of them stuck holds up what people are told. */
const CARRYING = ['settle', 'judge', 'watch', 'assess', 'rejudge', 'vigil', 'tell'] as const;

/** A stage that carries readings, or does without them: what stands around the way of a reading. */
export type Stage =
  (typeof CARRYING)[number] | 'archive' | 'notify' | 'review' | 'bulletins' | 'roll call' | 'archive check' | 'mail check';

/** What a stage does when woken, as `Worker` takes it; with the longest pause between two tries, ms, where it is its own. */
export type StageStep = ConstructorParameters<typeof Worker>[1] | readonly [ConstructorParameters<typeof Worker>[1], number];

/** The stages, each a `Worker`: at its own pace, surviving its own failures. */
export class Stages {
  private readonly workers: ReadonlyMap<Stage, Worker>;

  constructor(steps: Readonly<Record<Stage, StageStep>>, journal: Journal) {
    const work = (name: string, step: StageStep): Worker =>
      typeof step === 'function' ? new Worker(name, step, journal) : new Worker(name, step[0], journal, step[1]);
    this.workers = new Map(Object.entries(steps).map(([name, step]) => [name as Stage, work(name, step)]));
  }

  /** There may be work for these. */
  wake(...names: Stage[]): void {
    for (const name of names) this.workers.get(name)!.wake();
  }

  /** The service starts: there may be work for all. */
  wakeAll(): void {
    this.wake(...this.workers.keys());
  }

  /** Why a stage is stuck, in words; `null` while it works. */
  stuck(name: Stage): string | null {
    return this.workers.get(name)!.stuck;
  }

  /** The stages that carry readings, each with why it is stuck. */
  carrying(): (readonly [name: string, why: string | null])[] {
    return CARRYING.map((name) => [name, this.stuck(name)] as const);
  }

  /** Resolves when the step under way of each has ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }
}
