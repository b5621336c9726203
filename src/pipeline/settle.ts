/** What is the fate of each value, as far as what is at hand can tell? Log → working set. */
import type { JudgedReading } from '../domain/reading.js';
import type { Live } from './ports.js';
import type { ReadingLog, Transact, WorkingSet } from './stores.js';

/** Values of one transaction. */
const CHUNK = 1500;

/**
 * Reads the log first: keeps every winning value in the working set and settles its fate, so that what comes after
 * (watch, assess, the page) sees the same values whatever is away. The fate of a value older than the working set is left to
 * the archive, and until it is told the value is not used: a repetition of what was judged must not stand over the judgement.
 */
export class Settle {
  constructor(
    private readonly log: ReadingLog,
    private readonly workingSet: WorkingSet,
    private readonly transact: Transact,
    private readonly live: Live,
    private readonly settled: () => void,
  ) {}

  /** Settles the next chunk; false when there is none. */
  step(): boolean {
    const batches = this.log.read(this.log.cursor('settle'), this.log.head(), CHUNK);
    if (batches.length === 0) return false;
    const fresh: JudgedReading[] = [];
    try {
      this.transact(() => {
        for (const { seq, readings } of batches) {
          const fates = readings.map((reading) => this.workingSet.settle(reading));
          this.workingSet.keepFates(seq, fates);
          readings.forEach((reading, i) => fates[i] !== 'duplicate' && fates[i] !== 'void' && fresh.push(reading));
        }
        this.workingSet.flush();
        this.log.advance('settle', batches.at(-1)!.seq);
      });
    } catch (error) {
      this.workingSet.reset();
      throw error;
    }
    for (const reading of fresh) this.live.reading(reading);
    this.settled();
    return true;
  }
}
