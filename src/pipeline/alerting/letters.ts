/** What each person will be told: which mails is it, and when are they written? */
import type { Words } from '../../domain/alerting/alert.js';
import { bundle, type Item, type Letter, merged } from '../../domain/alerting/bundle.js';
import { CHART_CID, type Chart } from '../../domain/alerting/chart.js';
import type { DigestOccasion, Facts, Message } from '../../domain/alerting/facts.js';
import { isEnd } from '../../domain/alerting/timing.js';
import type { Person } from '../../domain/people.js';
import type { Site } from '../../domain/site.js';
import { type Instant, MINUTE, SECOND } from '../../domain/time.js';
import { type FactsOf, itemNow } from './facts.js';
import type { Clock, Draw, Journal } from '../ports.js';
import { REPORTED } from './report-upward.js';
import { type AlertStore, type Audience, MAIL, type Notice, type Outbox, type Pending } from './alert-stores.js';
import type { Transact } from '../stores.js';
import type { TellingStore } from './telling.js';

/** What is due for longer was held up: the mail was away, or the service. It leaves as one digest. */
const LATE = MINUTE;

/** The words of mails (domain/alerting/message.ts, digest.ts). */
export interface MailWords {
  readonly event: (facts: Facts, person: Person) => Message;
  readonly digest: (items: readonly Facts[], person: Person, occasion: DigestOccasion) => Message;
}

/** An audience, and the person in whose words it is told. */
interface Told extends Audience {
  readonly person: Person;
}

/** What an audience will be told of one alert. */
interface Due extends Item {
  readonly ids: readonly number[];
  readonly arrivedAt: Instant;
  readonly isLate: boolean;
}

/**
 * Writes notices into the outbox: mails by person, and each channel's once for all who read it, however many of them are
 * told and whenever. While one way accepts nothing, nothing is written for it: what is to be told there waits, and leaves as
 * one digest with what was written and surely refused; the other ways go on. A notice whose fate is not known is left alone:
 * it is tried again under its own Message-ID.
 */
export class Letters {
  /** When each audience's last notices were written, within a minute: for the storm that no setting foresees. */
  private readonly lately = new Map<string, Instant[]>();

  constructor(
    private readonly site: Site,
    private readonly alerts: Pick<AlertStore, 'find'>,
    private readonly tellings: TellingStore,
    private readonly outbox: Outbox,
    private readonly facts: FactsOf,
    private readonly words: MailWords,
    private readonly draw: Draw | null,
    private readonly transact: Transact,
    private readonly clock: Clock,
    private readonly journal: Journal,
    /** Right-hand side of our Message-IDs. */
    private readonly domain: string,
    /** Does a channel accept, as far as is known? */
    private readonly isOpen: (channel: string) => boolean,
    /** Something is to be sent. */
    private readonly wrote: () => void,
  ) {}

  /** Writes whatever is due. Always false: there is nothing more to write. */
  step(): false {
    const now = this.clock.now();
    const audiences = this.audiences();
    const open = audiences.filter(({ channel }) => this.isOpen(channel));
    if (open.length === 0) return false;
    const written = this.transact(() => {
      const pending = new Map<string, Pending[]>();
      for (const one of this.outbox.pending()) {
        const key = keyOf({ channel: one.channel, recipient: one.channel === MAIL ? one.recipient : null });
        const own = pending.get(key);
        if (own === undefined) pending.set(key, [one]);
        else own.push(one);
      }
      const count = open.reduce((sum, told) => sum + this.audience(told, pending.get(keyOf(told)) ?? [], now), 0);
      // Whoever is in the config no more can be told nothing.
      for (const told of audiences) pending.delete(keyOf(told));
      this.outbox.forgetPending([...pending.values()].flat().map(({ id }) => id));
      return count;
    });
    if (written > 0) this.wrote();
    return false;
  }

  /** Everybody who can be told; a channel in the words of its first reader. */
  private audiences(): Told[] {
    const { people } = this.site;
    const channels = [...new Set(people.flatMap((person) => person.channels))];
    return [
      ...people.map((person) => ({ recipient: person.id, channel: MAIL, person })),
      ...channels.map((channel) => ({
        ...{ recipient: null, channel },
        person: people.find((person) => person.channels.includes(channel))!,
      })),
    ];
  }

  private audience(told: Told, pending: readonly Pending[], now: Instant): number {
    const waiting = this.outbox.waiting(told).filter(({ alerts }) => alerts.length > 0);
    const refused = waiting.filter(({ attempts, isUnsure }) => attempts > 0 && isUnsure !== true);
    // Refused a moment ago: the next try comes first, and what happens meanwhile goes with it.
    if (refused.length > 0 && refused.every(({ nextAt }) => nextAt > now)) return 0;
    const due = this.due(told, pending, now);
    if (due.length === 0 && refused.length < 2) return 0;
    if (this.isStorm(told, due, now)) return 0;
    const again = refused.length > 0 ? this.again(refused, due) : [];
    const items = [...again, ...due];
    const together = refused.length > 0 || due.some(({ isLate }) => isLate);
    const letters = bundle(items, this.site.notices.digestOver, together);
    for (const letter of letters) {
      const notice = this.write(letter, told, due, refused, together, now);
      for (const one of refused) this.outbox.update({ ...one, mergedInto: notice.id });
    }
    this.outbox.forgetPending(due.flatMap(({ ids }) => ids));
    return letters.length;
  }

  /** Each alert of which something is due, with all that waits of it; and what waits of the same series to settle. */
  private due(told: Told, pending: readonly Pending[], now: Instant): Due[] {
    const settled = now + this.site.notices.settleSeconds * SECOND;
    const series = ({ change: { alert } }: Pending): string => `${alert.station} ${alert.parameter}`;
    // What was to be told in the future of a clock that was set back since has waited long enough.
    const dueNow = pending.filter(({ dueAt, createdAt }) => dueAt <= now || createdAt > now);
    const alerts = new Set(dueNow.map(({ change }) => change.alert.id));
    const alongside = new Set(dueNow.filter(({ change }) => change.alert.parameter !== null).map(series));
    const byAlert = new Map<string, Pending[]>();
    for (const one of pending) {
      const { id } = one.change.alert;
      if (alerts.has(id) || (one.dueAt <= settled && alongside.has(series(one))))
        byAlert.set(id, [...(byAlert.get(id) ?? []), one]);
    }
    return [...byAlert].map(([alert, own]) => {
      const wasTold = this.wasTold(alert, told);
      return {
        ...merged(own, wasTold),
        ids: own.map(({ id }) => id),
        arrivedAt: Math.min(...own.map(({ arrivedAt }) => arrivedAt)),
        isLate: own.some(({ dueAt }) => dueAt < now - LATE),
      };
    });
  }

  private wasTold(alert: string, { recipient, channel }: Told): boolean {
    if (recipient === null) return this.outbox.about(alert).some((notice) => notice.channel === channel);
    return (this.tellings.find(alert)?.listeners[recipient]?.thread ?? null) !== null;
  }

  /** What refused mails told, as it is now; what is due says it better where it speaks of the same alert. */
  private again(refused: readonly Notice[], due: readonly Due[]): Item[] {
    const said = new Set(due.map(({ change }) => change.alert.id));
    return refused.flatMap((notice) =>
      notice.alerts.flatMap((id) => {
        const alert = said.has(id) ? undefined : this.alerts.find(id);
        said.add(id);
        return alert === undefined ? [] : [itemNow(alert, notice)];
      }),
    );
  }

  /** So many mails within a minute that what comes gathers until the minute is over; 严重超限 waits for nothing. */
  private isStorm(told: Told, due: readonly Due[], now: Instant): boolean {
    if (due.length === 0 || due.some(({ change, why }) => change.alert.severity === 'severe' && !isEnd(why))) return false;
    const lately = (this.lately.get(keyOf(told)) ?? []).filter((at) => at > now - MINUTE && at <= now);
    this.lately.set(keyOf(told), lately);
    return lately.length > this.site.notices.digestOver;
  }

  private write(
    letter: Letter,
    told: Told,
    due: readonly Due[],
    refused: readonly Notice[],
    together: boolean,
    now: Instant,
  ): Notice {
    const { items } = letter;
    const [first] = items;
    const { person, channel } = told;
    const alerts = [...new Set(items.map(({ change }) => change.alert.id))];
    // The buttons of a mail speak in its reader's name: a group gets none.
    const noButtons = channel === MAIL ? {} : { buttons: null };
    const facts = items.map((item) => ({ ...this.factsOf(item, person, now), ...noButtons }));
    const message =
      letter.kind === 'event'
        ? this.words.event(facts[0]!, person)
        : this.words.digest(facts, person, this.facts.occasion(facts[0]!.whyYou, together ? HELD_UP : null, now));
    const arrived = due.filter(({ change }) => alerts.includes(change.alert.id)).map(({ arrivedAt }) => arrivedAt);
    const id = crypto.randomUUID();
    const thread = letter.kind === 'event' && channel === MAIL ? this.thread(alerts, person) : null;
    const notice: Notice = {
      id,
      alerts,
      recipient: person.id,
      channel,
      mail: this.mail(id, message, person, alerts, thread, now),
      reason: letter.kind === 'digest' ? 'digest' : first!.why,
      state: 'waiting',
      attempts: 0,
      nextAt: now,
      createdAt: now,
      arrivedAt: Math.min(now, ...arrived, ...refused.map(({ arrivedAt }) => arrivedAt)),
      sentAt: null,
      error: null,
      mergedInto: null,
    };
    this.outbox.add(notice);
    if (channel === MAIL) this.remember(alerts, person, notice.mail.messageId);
    this.lately.set(keyOf(told), [...(this.lately.get(keyOf(told)) ?? []), now]);
    return notice;
  }

  private factsOf(item: Item, person: Person, now: Instant): Facts {
    const { alert } = item.change;
    const whyYou = this.tellings.find(alert.id)?.listeners[person.id]?.why ?? {
      zh: `您是${person.name}`,
      en: `you are ${person.nameEn}`,
    };
    const event =
      item.why === 'reported' ? [...alert.history].reverse().find(({ reason }) => reason.startsWith(REPORTED)) : undefined;
    const reported = event === undefined || event.by === null ? null : { by: event.by, note: event.note };
    return this.facts.of(item, person, whyYou, now, reported);
  }

  private mail(
    id: string,
    { subject, text, html, chart }: Message,
    { email }: Person,
    alerts: readonly string[],
    inReplyTo: string | null,
    date: Instant,
  ): Notice['mail'] {
    return {
      id,
      to: email,
      subject,
      text,
      html,
      messageId: `<${id}@${this.domain}>`,
      inReplyTo,
      headers: { 'X-Heqing-Alert': alerts.join(',') },
      date,
      pictures: chart === null ? [] : this.picture(chart),
    };
  }

  /** A mail without its picture is better than none. */
  private picture(chart: Chart): Notice['mail']['pictures'] {
    if (this.draw === null) return [];
    try {
      const png = this.draw(chart);
      let bytes = '';
      for (const byte of png) bytes += String.fromCharCode(byte);
      return [{ cid: CHART_CID, png: btoa(bytes) }];
    } catch (error) {
      this.journal.warn(`a mail goes without its picture: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  /** The first mail of the episode to this person. */
  private thread(alerts: readonly string[], person: Person): string | null {
    for (const alert of alerts) {
      const thread = this.tellings.find(alert)?.listeners[person.id]?.thread ?? null;
      if (thread !== null) return thread;
    }
    return null;
  }

  private remember(alerts: readonly string[], { id: person }: Person, messageId: string): void {
    for (const alert of alerts) {
      const telling = this.tellings.find(alert);
      const listener = telling?.listeners[person];
      if (telling === undefined || listener === undefined || listener.thread !== null) continue;
      this.tellings.put({
        ...telling,
        listeners: { ...telling.listeners, [person]: { ...listener, thread: messageId } },
      });
    }
  }
}

const keyOf = ({ recipient, channel }: Audience): string => `${channel} ${recipient ?? ''}`;

const HELD_UP: Words = {
  zh: '通知曾经中断或推迟,期间的变化合并为本信',
  en: 'notices were held up, so what happened meanwhile is told in one mail',
};
