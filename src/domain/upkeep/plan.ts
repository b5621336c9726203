/** What must be done at a station's instruments (运维计划), when was it last done, and when is it due? */
import type { Words } from '../alerting/alert.js';
import { DAY, type LocalDate } from '../time.js';

/** The work that comes round: 清洗, 更换试剂, 校准. */
export const UPKEEP_TASKS = ['cleaning', 'reagent', 'calibration'] as const;
export type UpkeepTask = (typeof UPKEEP_TASKS)[number];

export const TASK_NAMES: Readonly<Record<UpkeepTask, Words>> = {
  cleaning: { zh: '清洗', en: 'cleaning' },
  reagent: { zh: '试剂', en: 'reagents' },
  calibration: { zh: '校准', en: 'calibration' },
};

/** A task that is due again so many days after it was done. */
export interface PlannedTask {
  readonly task: UpkeepTask;
  readonly everyDays: number;
}

/**
 * `never`: no record of it, so nobody can say when it is due; `overdue`: its day has passed; `due`: today; `soon`: within the
 * coming seven days; `later`.
 */
export type UpkeepState = 'never' | 'overdue' | 'due' | 'soon' | 'later';

/** A task of a station as it stands on a day. */
export interface UpkeepStanding extends PlannedTask {
  readonly last: LocalDate | null;
  /** `null` where it was never recorded. */
  readonly due: LocalDate | null;
  /** Days from today to the due day, negative once it has passed; `null` without one. */
  readonly days: number | null;
  readonly state: UpkeepState;
}

/** Days from one date to a later one; negative where it is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);

/** Days ahead that count as this week. */
const WEEK = 7;

/** How a task stands, `last` being the day it was last done. */
export function standingOf(planned: PlannedTask, last: LocalDate | null, today: LocalDate): UpkeepStanding {
  if (last === null) return { ...planned, last, due: null, days: null, state: 'never' };
  const due = new Date(Date.parse(`${last}T00:00:00Z`) + planned.everyDays * DAY).toISOString().slice(0, 10);
  const days = daysBetween(today, due);
  const state = days < 0 ? 'overdue' : days === 0 ? 'due' : days <= WEEK ? 'soon' : 'later';
  return { ...planned, last, due, days, state };
}
