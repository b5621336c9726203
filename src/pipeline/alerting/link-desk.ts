/** What does somebody see who opens the link of a mail, and what do they do by its button? Looking never does anything. */
import { type Alert, isMaintenance, type Words } from '../../domain/alerting/alert.js';
import { nameOfSubject } from '../../domain/alerting/message-words.js';
import { shown } from '../../domain/alerting/passed.js';
import type { Person } from '../../domain/people.js';
import { plainText } from '../../domain/plain-text.js';
import type { Site } from '../../domain/site.js';
import { DAY, HOUR, type Instant, isoTime, localDate, shortTime, startOfDate } from '../../domain/time.js';
import type { Claim, Links } from './links.js';
import type { PathProof, PathTest } from './path-proof.js';
import { type Clock, Refusal } from '../ports.js';

/** An alert in the words of a page. */
export interface LinkedAlert {
  readonly id: string;
  readonly severity: Alert['severity'];
  readonly state: Alert['state'];
  /** Station and parameter, or what else it is about. */
  readonly about: Words;
  /** The worst value so far with its unit; `null` where no value is. */
  readonly value: string | null;
  readonly limit: Words | null;
  readonly reason: Words;
  /** Wall clock of the site, as all times here. */
  readonly since: string;
  readonly resolvedAt: string | null;
  readonly acknowledged: { readonly by: string; readonly at: string } | null;
}

/** What of a case stands on the page. */
export interface LinkedCase {
  readonly number: string;
  /** Who opened it. */
  readonly by: string;
  readonly toName: string;
  readonly toNameEn: string;
  /** ISO 8601. */
  readonly until: string;
}

/** Opens cases (派人处理) and finds those of an alert that are not closed. */
export interface Dispatching {
  open(words: { alert: string; to: string; until: string; note: string }, by: string): LinkedCase;
  list(asked: { alert: string; state: 'open' }): { readonly cases: readonly LinkedCase[] };
}

/** Takes note of an alert, in the history and the audit trail. */
export type Acknowledge = (id: string, by: string, note: string) => unknown;

/** What the form of a dispatch says, as it was sent. */
export interface DispatchForm {
  readonly to: string;
  /** `YYYY-MM-DDTHH:mm`, wall clock of the site. */
  readonly until: string;
  readonly note: string;
}

/** A page. `isDone`: this very request did it. */
export type LinkPage =
  | { readonly is: 'forged' }
  | { readonly is: 'expired'; readonly person: Person; readonly at: string }
  | {
      readonly is: 'acknowledge';
      readonly person: Person;
      readonly alerts: readonly LinkedAlert[];
      readonly isDone: boolean;
    }
  | {
      readonly is: 'dispatch';
      readonly person: Person;
      readonly alerts: readonly LinkedAlert[];
      readonly cases: readonly LinkedCase[];
      readonly people: readonly Pick<Person, 'id' | 'name' | 'nameEn'>[];
      readonly form: DispatchForm;
      readonly isDone: boolean;
      /** Why the form was not taken; `null`: it was, or none was sent. */
      readonly fault: string | null;
    }
  | {
      readonly is: 'test';
      readonly person: Person;
      readonly code: string;
      readonly sentAt: string;
      readonly confirmed: { readonly by: string; readonly at: string } | null;
      readonly isDone: boolean;
      /** Why the button did nothing; `null`: it was not pressed, or did what it says. */
      readonly fault: string | null;
    };

/** Characters of a note. */
export const NOTE_LENGTH = 500;

/** A case is due on the next day at this hour, unless said otherwise. */
const DUE_HOUR = 18;

/** Serves the links of mails. The name that stands in the history is the role's that was mailed: nobody logs in. */
export class LinkDesk {
  constructor(
    private readonly site: Site,
    private readonly links: Links,
    private readonly alerts: { find(id: string): Alert | undefined },
    private readonly acknowledge: Acknowledge,
    private readonly dispatching: Dispatching,
    private readonly path: Pick<PathProof, 'find' | 'confirm'>,
    private readonly clock: Clock,
  ) {}

  /** What a link shows. Changes nothing, however often it is opened: mail scanners open every link. */
  look(token: string): LinkPage {
    return this.page(token, (claim, person) => this.show(claim, person, false));
  }

  /** What the button of a link's page does, and what the page shows then. Done before, it changes nothing and says so. */
  act(token: string, form: Partial<DispatchForm>): LinkPage {
    return this.page(token, (claim, person) => {
      switch (claim.what) {
        case 'acknowledge':
          return this.show(claim, person, this.takeNote(claim, person, ''));
        case 'dispatch':
          return this.dispatch(claim, person, form);
        case 'confirm-test':
          return this.confirm(claim, person);
      }
    });
  }

  private page(token: string, then: (claim: Claim, person: Person) => LinkPage): LinkPage {
    const read = this.links.read(token, this.clock.now());
    if (read.is === 'forged') return read;
    // Whoever has left the config speaks for nobody any more.
    const person = this.site.people.find(({ id }) => id === read.claim.recipient);
    if (person === undefined) return { is: 'forged' };
    if (read.is === 'expired') return { is: 'expired', person, at: this.time(read.claim.expiresAt) };
    return then(read.claim, person);
  }

  private show(claim: Claim, person: Person, isDone: boolean, form?: DispatchForm, fault: string | null = null): LinkPage {
    switch (claim.what) {
      case 'acknowledge': {
        const alerts = this.found(claim);
        return alerts.length === 0
          ? { is: 'forged' }
          : { is: 'acknowledge', person, alerts: alerts.map((alert) => this.view(alert)), isDone };
      }
      case 'dispatch': {
        const alerts = this.found(claim);
        if (alerts.length === 0) return { is: 'forged' };
        const people = this.candidates(person);
        return {
          is: 'dispatch',
          person,
          alerts: alerts.map((alert) => this.view(alert)),
          cases: alerts.flatMap(({ id }) => this.casesOf(id)),
          people,
          form: form ?? { to: this.likely(alerts, people).id, until: this.tomorrow(), note: '' },
          isDone,
          fault,
        };
      }
      case 'confirm-test': {
        const test = this.path.find(claim.ids[0] ?? '');
        return test === undefined
          ? { is: 'forged' }
          : {
              is: 'test',
              person,
              code: test.code,
              sentAt: this.time(test.sentAt),
              confirmed: this.confirmed(test),
              isDone,
              fault,
            };
      }
    }
  }

  /** Acknowledges what is active; true when something was. */
  private takeNote(claim: Claim, person: Person, note: string): boolean {
    const open = this.found(claim).filter(({ state }) => state === 'active');
    for (const { id } of open) this.acknowledge(id, person.name, note);
    return open.length > 0;
  }

  /** Opens a case of every alert that has none, and acknowledges them: who sends somebody knows of it. */
  private dispatch(claim: Claim, person: Person, given: Partial<DispatchForm>): LinkPage {
    const without = this.found(claim).filter(({ id }) => this.casesOf(id).length === 0);
    if (without.length === 0) return this.show(claim, person, false);
    const form = {
      to: given.to ?? '',
      until: given.until ?? '',
      note: plainText(given.note ?? '')
        .trim()
        .slice(0, NOTE_LENGTH),
    };
    const until = wallTime(form.until, this.site);
    const no = (fault: string): LinkPage => this.show(claim, person, false, form, fault);
    if (!this.candidates(person).some(({ id }) => id === form.to)) return no('请选择派给谁。Choose whom to send.');
    if (until === null) return no('请填写期限。Say until when.');
    try {
      for (const { id } of without) this.dispatching.open({ alert: id, to: form.to, until, note: form.note }, person.name);
    } catch (error) {
      if (error instanceof Refusal) return no(error.message);
      throw error;
    }
    const to = this.site.people.find(({ id }) => id === form.to)?.name ?? form.to;
    this.takeNote(claim, person, `派人处理:${to}`);
    return this.show(claim, person, true);
  }

  private confirm(claim: Claim, person: Person): LinkPage {
    try {
      return this.show(claim, person, this.path.confirm(claim.ids[0] ?? '', person.name)?.isNew ?? false);
    } catch (error) {
      if (error instanceof Refusal) return this.show(claim, person, false, undefined, error.message);
      throw error;
    }
  }

  private found(claim: Claim): Alert[] {
    return claim.ids.flatMap((id) => this.alerts.find(id) ?? []);
  }

  private casesOf(alert: string): readonly LinkedCase[] {
    return this.dispatching.list({ alert, state: 'open' }).cases;
  }

  /** Who can be sent: whoever of the town stands on the same step or below it, or beside the ladder. */
  private candidates(person: Person): Person[] {
    const highest = person.step ?? 4;
    return this.site.people.filter(({ level, step }) => level === 'town' && (step === null || step <= highest));
  }

  /** Who is offered first: of a device, whoever hears of devices alone; else the village's own; else whoever asks. */
  private likely(alerts: readonly Alert[], people: readonly Person[]): Pick<Person, 'id'> {
    const [alert] = alerts;
    const village = this.site.stations.get(alert?.station ?? '')?.village ?? null;
    const found =
      alert && isMaintenance(alert.kind)
        ? people.find(({ hears }) => hears.length > 0 && hears.every(({ kinds }) => kinds?.every(isMaintenance)))
        : people.find(({ hears }) => village !== null && hears.some(({ villages }) => villages?.includes(village)));
    return found ?? people[0] ?? { id: '' };
  }

  private tomorrow(): string {
    const { calendar } = this.site;
    return isoTime(startOfDate(localDate(this.clock.now(), calendar), calendar) + DAY + DUE_HOUR * HOUR, calendar).slice(0, 16);
  }

  private confirmed({ confirmedAt, confirmedBy }: PathTest): { by: string; at: string } | null {
    return confirmedAt === null ? null : { by: confirmedBy ?? '', at: this.time(confirmedAt) };
  }

  private view(alert: Alert): LinkedAlert {
    const station = alert.station === null ? undefined : this.site.stations.get(alert.station);
    const parameter = alert.parameter === null ? undefined : this.site.parameters.get(alert.parameter);
    const about = (name: 'name' | 'nameEn'): string =>
      [station?.[name] ?? alert.station, parameter?.[name]].filter(Boolean).join(' ');
    return {
      id: alert.id,
      severity: alert.severity,
      state: alert.state,
      about:
        station || parameter
          ? { zh: about('name'), en: about('nameEn') }
          : (nameOfSubject(alert.subject, this.site) ?? { zh: alert.subject, en: alert.subject }),
      value: alert.value === null ? null : parameter ? shown(alert.value, parameter) : String(alert.value),
      limit: alert.passed && {
        zh: `${alert.passed.name.zh} ${alert.passed.text}`,
        en: `${alert.passed.name.en} ${alert.passed.text}`,
      },
      reason: alert.reason,
      since: this.time(alert.openedAt),
      resolvedAt: alert.resolvedAt === null ? null : this.time(alert.resolvedAt),
      acknowledged:
        alert.acknowledgedAt === null ? null : { by: alert.acknowledgedBy ?? '', at: this.time(alert.acknowledgedAt) },
    };
  }

  private time(t: Instant): string {
    return shortTime(t, this.site.calendar);
  }
}

/** `YYYY-MM-DDTHH:mm` of the wall clock as ISO 8601 with the site's offset; `null` when it is none. */
function wallTime(text: string, { calendar }: Site): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const t = Date.parse(`${text}:00Z`);
  if (Number.isNaN(t)) return null;
  const iso = isoTime(t - calendar.offsetMinutes * 60_000, calendar);
  // 31 November would be taken for 1 December.
  return iso.startsWith(text) ? iso : null;
}
