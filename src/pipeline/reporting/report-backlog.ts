/** What waits to be done: in the log, for the archive, for an assessment? */
import type { Site } from '../../domain/site.js';
import { isoTime } from '../../domain/time.js';
import type { Clock } from '../ports.js';
import { CONSUMERS, type ReadingLog } from '../stores.js';
import type { VerdictStore } from '../judging/verdict-stores.js';

/** Windows that are named; the number is of all. */
const SHOWN = 50;

/** Answers for what is not done yet. */
export class BacklogReport {
  constructor(
    private readonly site: Site,
    private readonly log: Pick<ReadingLog, 'waiting'>,
    private readonly verdicts: Pick<VerdictStore, 'marked' | 'markedCount'>,
    /** The archive by name, and what ails it, in words; `null` while it is well. */
    private readonly archive: () => { readonly name: string; readonly trouble: string | null },
    private readonly clock: Clock,
  ) {}

  /** Values that wait for each reader of the log, the archive, and the windows that wait for a verdict, with the cause of those judged before. */
  backlog() {
    const iso = (t: number): string => isoTime(t, this.site.calendar);
    return {
      asOf: iso(this.clock.now()),
      log: CONSUMERS.map((consumer) => ({ consumer, waiting: this.log.waiting(consumer) })),
      archive: this.archive(),
      windows: {
        waiting: this.verdicts.markedCount(),
        first: this.verdicts.marked(SHOWN, Number.NEGATIVE_INFINITY).map(({ kind, station, start, cause }) => ({
          window: kind,
          station,
          start: iso(start),
          again: cause !== undefined,
        })),
      },
    };
  }
}
