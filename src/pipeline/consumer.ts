/** How does a consumer of the log work at its own pace and survive its own failures? */
import type { Journal } from './ports.js';

/** First pause after a failure, ms. */
const FIRST = 100;

/**
 * A worker woken again sooner than this waits out the rest, ms: under load it then takes many batches in one transaction,
 * which is what leaves the disk to the intake. When it is quiet nothing waits. A step that was long makes the next rest
 * longer, up to a limit: what is done once a step then costs less a value.
 */
const BREATH = 20;
const LONGEST_BREATH = 60;
const BREATHS_A_STEP = 8;

/**
 * Runs `step` whenever woken, until it says there is no more. A step that throws is tried again after a pause that
 * doubles up to `cap` with jitter; nothing is skipped. One step runs at a time, between turns of the event loop, so that
 * no consumer starves the intake.
 */
export class Worker {
  private running: Promise<void> | null = null;
  private woken = false;
  private stopped = false;
  private pause = FIRST;
  private cutShort: (() => void) | null = null;
  private trouble: string | null = null;
  private rested = 0;
  private breath = BREATH;

  constructor(
    readonly name: string,
    private readonly step: () => boolean | Promise<boolean>,
    private readonly journal: Journal,
    private readonly cap = 5000,
  ) {}

  /** Why it is stuck, in words; `null` while it works. */
  get stuck(): string | null {
    return this.trouble;
  }

  /** There may be work. */
  wake(): void {
    this.woken = true;
    if (this.running === null && !this.stopped) this.running = this.run();
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cutShort?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.woken && !this.stopped) {
      this.woken = false;
      try {
        // A turn of the loop first: the waker's own work (acknowledging) comes before ours.
        await new Promise<void>((resolve) => setImmediate(resolve));
        const rest = this.rested + this.breath - performance.now();
        if (rest > 1) await this.wait(rest);
        this.woken = false;
        const began = performance.now();
        while (!this.stopped && (await this.step())) await new Promise<void>((resolve) => setImmediate(resolve));
        if (this.trouble !== null) this.journal.info(`${this.name} works again`);
        this.trouble = null;
        this.pause = FIRST;
        this.rested = performance.now();
        this.breath = Math.min(LONGEST_BREATH, Math.max(BREATH, BREATHS_A_STEP * (this.rested - began)));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.trouble !== reason) this.journal.warn(`${this.name} waits: ${reason}`);
        this.trouble = reason;
        await this.wait(this.pause * (0.75 + Math.random() / 2));
        this.pause = Math.min(this.pause * 2, this.cap);
        this.woken = true;
      }
    }
    this.running = null;
    if (this.woken && !this.stopped) this.wake();
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.cutShort = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
