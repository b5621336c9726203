/** How do the parts of the review hang together: what is found in days, how far each has come, who may say so? */
import type { Site } from '../../domain/site.js';
import type { AlertStore } from '../alerting/alert-stores.js';
import type { Decisions } from '../deciding/decisions.js';
import type { Amendments } from '../judging/amendments.js';
import type { MomentaryCheck } from '../judging/momentary.js';
import type { Archive, Clock } from '../ports.js';
import type { Audit, ReadingLog, Transact, WorkingSet } from '../stores.js';
import { DayChanges } from './day-changes.js';
import { LabSamples } from './lab-samples.js';
import { LookAtDays } from './look-at-days.js';
import { ReviewDayReport } from './review-day-report.js';
import { ReviewDesk } from './review-desk.js';
import { ReviewQueue } from './review-queue.js';
import type { DayKey, ReviewDayStore } from './review-stores.js';

/** What the review looks at, and the world around it. */
export interface ReviewWorld {
  readonly days: ReviewDayStore;
  readonly workingSet: WorkingSet;
  readonly archive: Pick<Archive, 'readings'>;
  readonly alerts: Pick<AlertStore, 'within'>;
  readonly check: Pick<MomentaryCheck, 'hold'>;
  readonly log: Pick<ReadingLog, 'waiting' | 'cursor' | 'head'>;
  readonly amendments: Pick<Amendments, 'haveArrived' | 'haveBeenAssessed'>;
  readonly audit: Audit;
  /** Of what people do: on disk when it returns. */
  readonly transact: Transact;
  /** Of what the service works out by itself. */
  readonly derive: Transact;
  readonly clock: Clock;
}

/** The review of a site. Decisions are told of later, since what they touch is told here first. */
export function reviewing(site: Site, world: ReviewWorld) {
  const { days, workingSet, archive, alerts, check, log, amendments, audit, transact, derive, clock } = world;
  const samples = new LabSamples(site, days, workingSet, archive);
  const look = new LookAtDays(site, days, workingSet, archive, alerts, samples, check, log, derive, clock);
  const queue = new ReviewQueue(site, days, look, workingSet, clock);
  // From an act to its verdict: spans wait to be amended, amendments wait to be assessed, windows wait to be judged.
  const isPending = (key: DayKey): boolean => !amendments.haveBeenAssessed || days.isPending(key);
  const desk = new ReviewDesk(site, days, queue, workingSet, audit, transact, clock, isPending);
  return {
    look,
    queue,
    desk,
    changes: new DayChanges(site, days, look, audit, clock),
    report: (decisions: Pick<Decisions, 'maintenance' | 'decisions'>) =>
      new ReviewDayReport(site, days, queue, desk, look, samples, decisions, clock, isPending),
  };
}
