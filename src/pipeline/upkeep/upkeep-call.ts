/** When is somebody told that work at the instruments is due? On the morning of a working day, once for each task and due date. */
import { callable, isWorkingDay, standIn } from '../../domain/alerting/duty.js';
import type { Message } from '../../domain/alerting/facts.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { DAY, HOUR, type Instant, localDate, type LocalDate, MINUTE, startOfDate } from '../../domain/time.js';
import type { ReminderFacts } from '../../domain/upkeep/reminder.js';
import type { Outbox } from '../alerting/alert-stores.js';
import { plainNotice } from '../alerting/plain-notice.js';
import type { Clock } from '../ports.js';
import type { Transact } from '../stores.js';
import type { UpkeepPlan } from './upkeep-plan.js';
import type { ToldStore } from './upkeep-stores.js';

/** Hours after midnight when it is no morning any more. */
const NOON = 12;

/** Days off in a row that are looked over for what becomes due in them. */
const MOST_DAYS_OFF = 15;

/** Wall clock where the 晨报 has none. */
const MORNING = '07:30';

/** What the reminder needs of the world around it. */
export interface CallWorld {
  readonly render: (facts: ReminderFacts, person: Person) => Message;
  /** `PUBLIC_URL`. */
  readonly publicUrl: string;
  /** Right-hand side of our Message-IDs. */
  readonly domain: string;
  /** When this installation first ran: of a morning before it there is nothing to tell. */
  readonly began: (now: Instant) => Instant;
  /** Something is to be sent. */
  readonly wrote: () => void;
}

/** Writes the reminder into the outbox. Its id names day and person; what it told is remembered with it. */
export class UpkeepCall {
  constructor(
    private readonly site: Site,
    private readonly plan: Pick<UpkeepPlan, 'standing'>,
    private readonly told: ToldStore,
    private readonly outbox: Pick<Outbox, 'find' | 'add'>,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly world: CallWorld,
  ) {}

  /** Writes what is due. */
  step(): void {
    const { calendar, notices, duty, people } = this.site;
    const now = this.clock.now();
    const date = localDate(now, calendar);
    if (!isWorkingDay(date, duty)) return;
    const midnight = startOfDate(date, calendar);
    const [hours = 0, minutes = 0] = (notices.morning ?? MORNING).split(':').map(Number);
    const morning = midnight + hours * HOUR + minutes * MINUTE;
    if (now < morning || now >= midnight + NOON * HOUR || this.world.began(now) > morning) return;
    const asked = people.filter(({ upkeep }) => upkeep === true);
    const waiting = asked.filter((person) => this.outbox.find(idOf(date, person.id)) === undefined);
    if (waiting.length === 0) return;
    const until = this.lastDayOff(date);
    // What falls into the days off that follow is told before them.
    const due = this.plan.standing(now).filter((one) => one.due !== null && one.due <= until);
    for (const person of waiting) {
      const fresh = due.filter((one) => !this.told.wasTold(person.id, one.station.id, one.task, one.due!));
      if (fresh.length === 0) continue;
      const late = due.filter((one) => !fresh.includes(one));
      const acting = standIn(person, date, people);
      const message = this.world.render(
        {
          ...{ site: this.site, now, fresh, late, onDuty: callable(now, this.site) },
          link: `${this.world.publicUrl.replace(/\/+$/, '')}/upkeep`,
          whyYou: whyYou(person, acting),
        },
        acting,
      );
      this.transact(() => {
        const id = idOf(date, person.id);
        this.outbox.add(plainNotice({ id, person: acting, message, reason: 'upkeep', domain: this.world.domain, now }));
        for (const one of fresh) this.told.tell(person.id, one.station.id, one.task, one.due!, now);
      });
      this.world.wrote();
    }
  }

  /** The last of the days off that follow a working day; the day itself where the next one is worked. */
  private lastDayOff(date: LocalDate): LocalDate {
    let last = date;
    for (let i = 1; i <= MOST_DAYS_OFF; i++) {
      const next = new Date(Date.parse(`${date}T00:00:00Z`) + i * DAY).toISOString().slice(0, 10);
      if (isWorkingDay(next, this.site.duty)) return last;
      last = next;
    }
    return last;
  }
}

const idOf = (date: string, person: string): string => `upkeep-${date}-${person}`;

const whyYou = (person: Person, acting: Person) =>
  person === acting
    ? {
        zh: `配置中由您(${person.name})负责仪器维护`,
        en: `the config says that you (${person.nameEn}) look after the instruments`,
      }
    : { zh: `${person.name}不在岗,由您代为接收`, en: `${person.nameEn} is away and you stand in` };
