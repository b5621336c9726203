/** When does the 晨报 leave, and to whom? On working days, once a day and person, until noon where the service was down. */
import { isWorkingDay, standIn } from '../../domain/alerting/duty.js';
import type { Message } from '../../domain/alerting/facts.js';
import type { Morning } from '../../domain/alerting/morning-facts.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { DAY, HOUR, type Instant, localDate, MINUTE, startOfDate } from '../../domain/time.js';
import type { Clock } from '../ports.js';
import type { Notice, Outbox } from '../alerting/alert-stores.js';
import { plainNotice } from '../alerting/plain-notice.js';
import type { Transact } from '../stores.js';

/** Hours after midnight when it is no morning any more. */
const NOON = 12;

/** Days for which a 晨报 before this one is looked for: the longest holidays and their weekends are shorter. */
const MOST_DAYS = 15;

/** Gathers what a person's 晨报 tells; `since`: when the one before it was written. */
export type GatherMorning = (person: Person, now: Instant, since: Instant) => Morning;

/** Writes the 晨报 into the outbox. Its id names day and person, so the outbox itself remembers that it was written. */
export class MorningCall {
  constructor(
    private readonly site: Site,
    private readonly outbox: Outbox,
    private readonly gather: GatherMorning,
    private readonly render: (morning: Morning, person: Person) => Message,
    private readonly transact: Transact,
    private readonly clock: Clock,
    /** Right-hand side of our Message-IDs. */
    private readonly domain: string,
    /** When this installation first ran: of a morning before it there is nothing to tell. */
    private readonly began: (now: Instant) => Instant,
    /** Something is to be sent. */
    private readonly wrote: () => void,
  ) {}

  /** Writes what is due; false: nothing more is. */
  step(): false {
    const { calendar, notices, duty, people } = this.site;
    const now = this.clock.now();
    const date = localDate(now, calendar);
    if (notices.morning === null || !isWorkingDay(date, duty)) return false;
    const midnight = startOfDate(date, calendar);
    const [hours = 0, minutes = 0] = notices.morning.split(':').map(Number);
    const morning = midnight + hours * HOUR + minutes * MINUTE;
    if (now < morning || now >= midnight + NOON * HOUR || this.began(now) > morning) return false;
    const readers = new Set(people.filter(({ morning }) => morning).map((person) => standIn(person, date, people)));
    const due = [...readers].filter(({ id }) => this.outbox.find(idOf(date, id)) === undefined);
    if (due.length === 0) return false;
    const written = due.map((person) => this.written(person, date, now, this.last(person, morning)));
    this.transact(() => written.forEach((notice) => this.outbox.add(notice)));
    this.wrote();
    return false;
  }

  /** When the 晨报 before that of `morning` was written for a person; where there is none, that of the last working day was due. */
  private last({ id }: Person, morning: Instant): Instant {
    const { calendar, duty } = this.site;
    const mornings = Array.from({ length: MOST_DAYS }, (_, i) => morning - (i + 1) * DAY);
    const written = mornings.flatMap((at) => this.outbox.find(idOf(localDate(at, calendar), id))?.createdAt ?? []);
    return written[0] ?? mornings.find((at) => isWorkingDay(localDate(at, calendar), duty)) ?? morning - MOST_DAYS * DAY;
  }

  private written(person: Person, date: string, now: Instant, since: Instant): Notice {
    const [id, message] = [idOf(date, person.id), this.render(this.gather(person, now, since), person)];
    return plainNotice({ id, person, message, reason: 'morning', domain: this.domain, now });
  }
}

const idOf = (date: string, person: string): string => `morning-${date}-${person}`;
