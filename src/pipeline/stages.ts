/** Which stages work behind the log, and who wakes whom? By name, so that a stage never holds another. */
import { Worker } from './consumer.js';
import type { Journal } from './ports.js';

/** Stages that carry readings from the log to alerts and verdicts: one of them stuck holds up what people are told. */
const CARRYING = ['settle', 'judge', 'watch', 'assess', 'rejudge', 'vigil', 'tell'] as const;

/** A stage that carries readings, or does without them: what stands around the way of a reading. */
export type Stage =
  (typeof CARRYING)[number] | 'archive' | 'notify' | 'review' | 'bulletins' | 'roll call' | 'archive check' | 'mail check';

/** What a worker of a stage does when woken. */
type Step = ConstructorParameters<typeof Worker>[1];

/** The stages, each a `Worker` or several: at their own pace, surviving their own failures. */
export class Stages {
  private readonly workers: ReadonlyMap<Stage, readonly Worker[]>;

  /** `caps`: the longest pause between two tries, ms, of a stage that waits longer than others. */
  constructor(
    steps: Readonly<Record<Stage, Step | readonly Step[]>>,
    caps: Readonly<Partial<Record<Stage, number>>>,
    journal: Journal,
  ) {
    this.workers = new Map(
      (Object.keys(steps) as Stage[]).map((name) => [
        name,
        [steps[name]].flat().map((step) => new Worker(name, step, journal, caps[name])),
      ]),
    );
  }

  /** There may be work for these. */
  wake(...names: Stage[]): void {
    for (const name of names) for (const worker of this.workers.get(name)!) worker.wake();
  }

  /** The service starts: there may be work for all. */
  wakeAll(): void {
    this.wake(...this.workers.keys());
  }

  /** Why a stage is stuck, in words; `null` while it works. */
  stuck(name: Stage): string | null {
    return this.workers.get(name)!.find(({ stuck }) => stuck !== null)?.stuck ?? null;
  }

  /** The stages that carry readings, each with why it is stuck. */
  carrying(): (readonly [name: string, why: string | null])[] {
    return CARRYING.map((name) => [name, this.stuck(name)] as const);
  }

  /** Resolves when the step under way of each has ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].flat().map((worker) => worker.stop()));
  }
}
