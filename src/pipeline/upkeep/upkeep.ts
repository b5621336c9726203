/** How do comparisons, the maintenance plan and its reminders hang together? Put together once, for the service and for its tests. */
import type { Words } from '../../domain/alerting/alert.js';
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import type { Instant } from '../../domain/time.js';
import { TASK_NAMES } from '../../domain/upkeep/plan.js';
import { reminderMessage } from '../../domain/upkeep/reminder.js';
import type { Outbox } from '../alerting/alert-stores.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import type { VerdictStore } from '../judging/verdict-stores.js';
import type { Clock } from '../ports.js';
import type { Audit, Transact, WorkingSet } from '../stores.js';
import { Comparisons } from './comparisons.js';
import { type CallWorld, UpkeepCall } from './upkeep-call.js';
import { UpkeepPlan } from './upkeep-plan.js';
import type { ComparisonStore, ToldStore } from './upkeep-stores.js';

/** What upkeep remembers, and what it looks at. */
export interface UpkeepStores {
  readonly comparisons: ComparisonStore;
  readonly told: ToldStore;
  readonly decisions: Pick<DecisionStore, 'lastDone' | 'maintenance'>;
  readonly workingSet: Pick<WorkingSet, 'rows'>;
  readonly outbox: Pick<Outbox, 'find' | 'add'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly verdicts: Pick<VerdictStore, 'markJudged'>;
}

/** What upkeep hears and tells; `marked`: windows wait to be judged again. */
export type UpkeepWorld = Omit<CallWorld, 'render'> & { readonly marked: () => void };

/** What the 晨报 tells of upkeep. */
export interface UpkeepSummary {
  readonly overdue: number;
  readonly due: number;
  readonly never: number;
  /** Series that wait to be compared with the laboratory. */
  readonly waiting: number;
}

/** The parts, at rest: whoever has them steps them. */
export type Upkeep = ReturnType<typeof upkeep>;

/** Puts upkeep together. */
export function upkeep(site: Site, stores: UpkeepStores, transact: Transact, clock: Clock, world: UpkeepWorld) {
  const { comparisons: records, workingSet, audit, verdicts } = stores;
  const comparisons = new Comparisons(site, records, workingSet, audit, transact, clock, verdicts, world.marked);
  const plan = new UpkeepPlan(site, stores.decisions, clock);
  const call = new UpkeepCall(site, plan, stores.told, stores.outbox, transact, clock, { ...world, render: reminderMessage });
  return {
    comparisons,
    plan,
    call,
    /** Of some stations or of all. */
    summary(stations: readonly Station[] | null, now: Instant): UpkeepSummary {
      const { overdue, due, never } = plan.counts(now, stations);
      return { overdue, due, never, waiting: comparisons.waiting(stations, now) };
    },
    /** What is overdue, as a hand-over lists it. */
    overdue(now: Instant): { readonly station: Station; readonly words: Words }[] {
      return plan
        .standing(now)
        .filter(({ state }) => state === 'overdue')
        .map(({ station, due, ...one }) => ({ station, words: overdueWords(station, one.task, due!) }));
    },
  };
}

const overdueWords = (station: Station, task: keyof typeof TASK_NAMES, due: string): Words => ({
  zh: `${station.name} ${TASK_NAMES[task].zh}应于 ${due.slice(5)}`,
  en: `${station.nameEn}, ${TASK_NAMES[task].en} due ${due.slice(5)}`,
});
