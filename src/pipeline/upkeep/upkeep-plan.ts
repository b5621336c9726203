/** What must be done at which station, and what of it is late? */
import type { Site } from '../../domain/site.js';
import type { Station } from '../../domain/station.js';
import { type Instant, isoTime, localDate } from '../../domain/time.js';
import { standingOf, TASK_NAMES, type UpkeepStanding, type UpkeepState } from '../../domain/upkeep/plan.js';
import type { DecisionStore } from '../deciding/decision-stores.js';
import type { Clock } from '../ports.js';

/** A task of a station as it stands. */
export interface StationUpkeep extends UpkeepStanding {
  readonly station: Station;
}

/** How many tasks are in which state. */
export type UpkeepCounts = Readonly<Record<UpkeepState, number>>;

/** The maintenance plan against the maintenance records. */
export class UpkeepPlan {
  constructor(
    private readonly site: Site,
    private readonly decisions: Pick<DecisionStore, 'lastDone' | 'maintenance'>,
    private readonly clock: Clock,
  ) {}

  /** Every planned task of the active stations, of some or of all, in the order of the config. */
  standing(now: Instant, stations: readonly Station[] | null = null): StationUpkeep[] {
    const { calendar, upkeep } = this.site;
    const today = localDate(now, calendar);
    const last = new Map(this.decisions.lastDone(now).map(({ station, task, at }) => [`${station} ${task}`, at]));
    const active = stations ?? [...this.site.stations.values()].filter((station) => station.active);
    return active.flatMap((station) =>
      (station.upkeep ?? upkeep.get(station.medium) ?? []).map((planned) => {
        const at = last.get(`${station.id} ${planned.task}`);
        return { station, ...standingOf(planned, at === undefined ? null : localDate(at, calendar), today) };
      }),
    );
  }

  /** How many of them stand how. */
  counts(now: Instant, stations: readonly Station[] | null = null): UpkeepCounts {
    const counts = { never: 0, overdue: 0, due: 0, soon: 0, later: 0 };
    for (const { state } of this.standing(now, stations)) counts[state]++;
    return counts;
  }

  /** As the page shows it: station by station. */
  answer() {
    const now = this.clock.now();
    const standing = this.standing(now);
    const open = new Set(
      this.decisions
        .maintenance({}, Number.MAX_SAFE_INTEGER)
        .filter(({ to, withdrawn }) => to === null && !withdrawn)
        .map(({ station }) => station),
    );
    return {
      asOf: isoTime(now, this.site.calendar),
      counts: { ...this.counts(now) },
      stations: [...new Set(standing.map(({ station }) => station))].map((station) => ({
        ...{ station: station.id, name: station.name, nameEn: station.nameEn, village: station.village },
        open: open.has(station.id),
        tasks: standing
          .filter((one) => one.station === station)
          .map(({ station: _, task, ...one }) => ({ task, name: TASK_NAMES[task].zh, nameEn: TASK_NAMES[task].en, ...one })),
      })),
    };
  }
}
