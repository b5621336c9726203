/** Which readings may go from what is at hand? */
import type { Site } from '../domain/site.js';
import { DAY, type Instant } from '../domain/time.js';
import type { VerdictStore } from './judging/verdict-stores.js';
import type { ReadingLog, WorkingSet } from './stores.js';

/**
 * Has something gone from what is at hand that only the archive has? A database without history must not take the place of one
 * that is lost or not yet restored: windows would be judged again from nothing, and InfluxDB restores into none that is there.
 */
export const hasForgotten = (log: Pick<ReadingLog, 'cursor'>, workingSet: Pick<WorkingSet, 'floor'>): boolean =>
  log.cursor('archive') > 0 && workingSet.floor() > Number.NEGATIVE_INFINITY;

/**
 * Prunes the working set to its days (`settings.workingSetDays`): only while the archive has everything that was logged, and
 * while no window waits that can still be computed from what is at hand, since it would then have to wait for the archive.
 */
export function forget(
  { settings }: Site,
  log: Pick<ReadingLog, 'waiting'>,
  verdicts: Pick<VerdictStore, 'marked'>,
  workingSet: Pick<WorkingSet, 'floor' | 'prune'>,
  now: Instant,
): void {
  if (log.waiting('archive') > 0 || verdicts.marked(1, workingSet.floor()).length > 0) return;
  workingSet.prune(now - settings.workingSetDays * DAY);
}
