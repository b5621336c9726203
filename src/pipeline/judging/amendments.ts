/** How does what is said of a reading change after it came? As an amendment in the log, one at a time for each reading. */
import { changeWords } from '../../domain/quality/checks.js';
import { type OnFile, ruled } from '../../domain/quality/decision.js';
import type { JudgedReading } from '../../domain/reading.js';
import type { Instant } from '../../domain/time.js';
import type { ReadingLog } from '../stores.js';

/** Whose word a quality is that no person changed. */
export const JUDGE = 'judge';

/**
 * The amendment that makes a reading what it should be, by its neighbours and by what stands on file; `null` when it is right
 * as it is held.
 */
export function amendment(
  reading: JudgedReading,
  { quality, checks }: Pick<JudgedReading, 'quality' | 'checks'>,
  file: OnFile,
  at: Instant,
): JudgedReading | null {
  const now = ruled(reading, file);
  const isRuling = now?.ruling !== reading.ruling;
  if (!isRuling && quality === reading.quality && checks.join() === reading.checks.join()) return null;
  const { ruling: _, amended: __, ...plain } = reading;
  const why = isRuling && now !== null ? now : { by: JUDGE, reason: changeWords(reading.checks, { quality, checks }) };
  return {
    ...plain,
    quality,
    checks,
    ...(now === null ? {} : { ruling: now.ruling }),
    amended: { by: why.by, reason: why.reason, at },
  };
}

/**
 * Whoever amends looks at what is held. That is only right once all that was appended before has arrived there: of two
 * amendments on their way the later one would take back what the earlier one says. So there is one of these for all.
 */
export class Amendments {
  /** The newest batch that held an amendment; at the start nobody knows, so the newest of all. */
  private newest: number;

  constructor(private readonly log: ReadingLog) {
    this.newest = log.head();
  }

  /** True when nothing is on its way: what is held may be looked at and amended. */
  get haveArrived(): boolean {
    return this.haveReached('settle');
  }

  /** The same of what only the archive holds. */
  get haveBeenArchived(): boolean {
    return this.haveReached('archive');
  }

  /** True when every amendment has marked the windows that it touches. */
  get haveBeenAssessed(): boolean {
    return this.haveReached('assess');
  }

  private haveReached(consumer: 'settle' | 'archive' | 'assess'): boolean {
    // A transaction that failed takes its batch back, and its number is given again.
    return this.log.cursor(consumer) >= Math.min(this.newest, this.log.head());
  }

  /** Appends amendments inside a transaction; nothing when there are none. */
  append(amendments: readonly JudgedReading[]): void {
    if (amendments.length > 0) this.newest = this.log.append(amendments);
  }
}
