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
import type { AlertStore, Notice, Outbox, Pending } from './alert-stores.js';
import type { Transact } from '../stores.js';
import type { TellingStore } from './telling.js';

/** The channel that everybody has. */
export const MAIL = 'mail';

/** What is due for longer was held up: the mail was away, or the service. It leaves as one digest. */
const LATE = MINUTE;

/** The words of mails (domain/alerting/message.ts, digest.ts). */
export interface MailWords {
  readonly event: (facts: Facts, person: Person) => Message;
  readonly digest: (items: readonly Facts[], person: Person, occasion: DigestOccasion) => Message;
}

/** What a person will be told of one alert. */
interface Due extends Item {
  readonly ids: readonly number[];
  readonly arrivedAt: Instant;
  readonly isLate: boolean;
}

/**
 * Writes mails into the outbox. While the other side accepts nothing, nothing is written: what people will be told waits
 * by person, and leaves as one digest with those that were written and surely refused. A mail whose fate is not known is
 * left alone: it is tried again under its own Message-ID.
 */
export class Letters {
  /** When each person's last mails were written, within a minute: for the storm that no setting foresees. */
  private readonly lately = new Map<string, Instant[]>();
  /** What this step has written to channels: whoever reads a group hears an event there once, however many of its members are told. */
  private readonly onChannels = new Set<string>();

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
    /** Are mails accepted, as far as is known? */
    private readonly isOpen: () => boolean,
    /** Something is to be sent. */
    private readonly wrote: () => void,
  ) {}

  /** Writes whatever is due. Always false: there is nothing more to write. */
  step(): false {
    if (!this.isOpen()) return false;
    const now = this.clock.now();
    this.onChannels.clear();
    const written = this.transact(() => {
      const pending = this.outbox.pending();
      let count = 0;
      for (const person of this.site.people) {
        const own = pending.filter(({ recipient }) => recipient === person.id);
        count += this.person(person, own, now);
      }
      const known = new Set(this.site.people.map(({ id }) => id));
      // Whoever is in the config no more can be told nothing.
      this.outbox.forgetPending(pending.flatMap(({ id, recipient }) => (known.has(recipient) ? [] : [id])));
      return count;
    });
    if (written > 0) this.wrote();
    return false;
  }

  private person(person: Person, pending: readonly Pending[], now: Instant): number {
    const waiting = this.outbox.waiting(person.id).filter(({ channel, alerts }) => channel === MAIL && alerts.length > 0);
    const refused = waiting.filter(({ attempts, isUnsure }) => attempts > 0 && isUnsure !== true);
    // Refused a moment ago: the next try comes first, and what happens meanwhile goes with it.
    if (refused.length > 0 && refused.every(({ nextAt }) => nextAt > now)) return 0;
    const due = this.due(pending, now);
    if (due.length === 0 && refused.length < 2) return 0;
    if (this.isStorm(person, due, now)) return 0;
    const again = refused.length > 0 ? this.again(refused, due) : [];
    const items = [...again, ...due];
    const together = refused.length > 0 || due.some(({ isLate }) => isLate);
    const letters = bundle(items, this.site.notices.digestOver, together);
    for (const letter of letters) {
      const notice = this.write(letter, person, due, refused, together, now);
      for (const one of refused) this.outbox.update({ ...one, mergedInto: notice.id });
    }
    this.outbox.forgetPending(due.flatMap(({ ids }) => ids));
    return letters.length;
  }

  /** Each alert of which something is due, with all that waits of it; and what waits of the same series to settle. */
  private due(pending: readonly Pending[], now: Instant): Due[] {
    const settled = now + this.site.notices.settleSeconds * SECOND;
    const series = ({ change: { alert } }: Pending): string => `${alert.station} ${alert.parameter}`;
    const dueNow = pending.filter(({ dueAt }) => dueAt <= now);
    const alerts = new Set(dueNow.map(({ change }) => change.alert.id));
    const alongside = new Set(dueNow.filter(({ change }) => change.alert.parameter !== null).map(series));
    const byAlert = new Map<string, Pending[]>();
    for (const one of pending) {
      const { id } = one.change.alert;
      if (alerts.has(id) || (one.dueAt <= settled && alongside.has(series(one))))
        byAlert.set(id, [...(byAlert.get(id) ?? []), one]);
    }
    return [...byAlert].map(([alert, own]) => {
      const wasTold = (this.tellings.find(alert)?.listeners[own[0]!.recipient]?.thread ?? null) !== null;
      return {
        ...merged(own, wasTold),
        ids: own.map(({ id }) => id),
        arrivedAt: Math.min(...own.map(({ arrivedAt }) => arrivedAt)),
        isLate: own.some(({ dueAt }) => dueAt < now - LATE),
      };
    });
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
  private isStorm(person: Person, due: readonly Due[], now: Instant): boolean {
    if (due.length === 0 || due.some(({ change, why }) => change.alert.severity === 'severe' && !isEnd(why))) return false;
    const lately = (this.lately.get(person.id) ?? []).filter((at) => at > now - MINUTE && at <= now);
    this.lately.set(person.id, lately);
    return lately.length > this.site.notices.digestOver;
  }

  private write(
    letter: Letter,
    person: Person,
    due: readonly Due[],
    refused: readonly Notice[],
    together: boolean,
    now: Instant,
  ): Notice {
    const { items } = letter;
    const [first] = items;
    const alerts = [...new Set(items.map(({ change }) => change.alert.id))];
    const facts = items.map((item) => this.factsOf(item, person, now));
    const message =
      letter.kind === 'event'
        ? this.words.event(facts[0]!, person)
        : this.words.digest(facts, person, this.facts.occasion(facts[0]!.whyYou, together ? HELD_UP : null, now));
    const arrived = due.filter(({ change }) => alerts.includes(change.alert.id)).map(({ arrivedAt }) => arrivedAt);
    const notice: Omit<Notice, 'id' | 'channel' | 'mail'> = {
      alerts,
      recipient: person.id,
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
    const id = crypto.randomUUID();
    const mail = this.mail(id, message, person, alerts, letter.kind === 'event' ? this.thread(alerts, person) : null, now);
    const written: Notice = { ...notice, id, channel: MAIL, mail };
    this.outbox.add(written);
    for (const channel of person.channels) {
      if (channel === MAIL) continue;
      const event = [channel, notice.reason, ...alerts].join(' ');
      if (this.onChannels.has(event)) continue;
      this.onChannels.add(event);
      const other = `${id}.${channel}`;
      // The buttons of a mail speak in its reader's name: a group gets none.
      const { text, html } = letter.kind === 'event' ? this.words.event({ ...facts[0]!, buttons: null }, person) : message;
      this.outbox.add({ ...notice, id: other, channel, mail: { ...mail, id: other, text, html } });
    }
    this.remember(alerts, person, mail.messageId);
    this.lately.set(person.id, [...(this.lately.get(person.id) ?? []), now]);
    return written;
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

const HELD_UP: Words = {
  zh: '通知曾经中断或推迟,期间的变化合并为本信',
  en: 'notices were held up, so what happened meanwhile is told in one mail',
};
