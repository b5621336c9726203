/** Has a river chief walked the reach this week? Patrols (巡河) that were entered, against those that are due. */
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { type Calendar, DAY, type Instant, isoTime, MINUTE, type Span } from '../../domain/time.js';
import { type Clock, Refusal } from '../ports.js';
import type { Audit, Transact } from '../stores.js';

/** Where somebody stood; `accuracy` in metres. */
export interface PatrolPlace {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy: number | null;
}

/** One patrol as it was entered. */
export interface Patrol {
  readonly id: string;
  /** Id of the river chief. */
  readonly person: string;
  readonly at: Instant;
  /** The account that entered it. */
  readonly by: string;
  readonly place: PatrolPlace | null;
  readonly note: string;
}

/** Keeps patrols. Nothing that was entered is changed. */
export interface PatrolStore {
  /** Inside a transaction. */
  add(patrol: Omit<Patrol, 'id'>): Patrol;
  /** Of one person within a span, newest first. */
  within(person: string, span: Span): Patrol[];
}

/** The week (Monday 00:00 of the site's calendar to the next) that holds `t`. */
export function weekOf(t: Instant, { offsetMinutes }: Calendar): Span {
  // 1970-01-01 was a Thursday: three days after a Monday.
  const day = Math.floor((t + offsetMinutes * MINUTE) / DAY);
  const from = (day - ((((day + 3) % 7) + 7) % 7)) * DAY - offsetMinutes * MINUTE;
  return { from, to: from + 7 * DAY };
}

/** A river chief of the config: of a village (step 1) or of the town (step 4). */
export const isChief = ({ step, level }: Person): boolean => level === 'town' && (step === 1 || step === 4);

/** Enters and counts patrols. What cannot be done throws `Refusal`. */
export class Patrols {
  constructor(
    private readonly site: Site,
    private readonly store: PatrolStore,
    private readonly audit: Audit,
    private readonly transact: Transact,
    private readonly clock: Clock,
  ) {}

  /** Due and done in the running week; `null` where the config sets none for this person. */
  count(person: Person, now: Instant): { due: number; done: number } | null {
    const due = person.patrolsPerWeek;
    if (due === undefined) return null;
    return { due, done: this.store.within(person.id, weekOf(now, this.site.calendar)).length };
  }

  /** Those of the running week, newest first. Throws `Refusal` for somebody who is no river chief. */
  week(id: string) {
    const person = this.chief(id);
    const now = this.clock.now();
    const { from, to } = weekOf(now, this.site.calendar);
    return {
      person: id,
      from: isoTime(from, this.site.calendar),
      to: isoTime(to, this.site.calendar),
      due: person.patrolsPerWeek ?? null,
      patrols: this.store.within(id, { from, to }).map((patrol) => this.view(patrol)),
    };
  }

  /** Enters one, now. Throws `Refusal`. */
  add(by: string, words: { person: string; note: string; place?: PatrolPlace | null | undefined }) {
    this.chief(words.person);
    const at = this.clock.now();
    return this.transact(() => {
      const patrol = this.store.add({ person: words.person, at, by, place: words.place ?? null, note: words.note.trim() });
      this.audit.record({
        at,
        who: by,
        action: 'patrol-entered',
        what: `patrol/${patrol.id}`,
        station: null,
        before: null,
        after: { person: patrol.person, place: patrol.place },
        reason: patrol.note,
      });
      return this.view(patrol);
    });
  }

  private chief(id: string): Person {
    const person = this.site.people.find((one) => one.id === id);
    if (person === undefined || !isChief(person)) throw new Refusal('not-found', `没有代号为 ${id} 的河长`);
    return person;
  }

  private view({ at, ...patrol }: Patrol) {
    return { ...patrol, at: isoTime(at, this.site.calendar) };
  }
}
