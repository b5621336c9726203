/** How many mails would people have got? Counts in place of writing and sending. */
import { bundle, merged } from '../../domain/alerting/bundle.js';
import type { Site } from '../../domain/site.js';
import type { Instant } from '../../domain/time.js';
import { MAIL, type Outbox, type Pending } from './alert-stores.js';

/** Takes what `Tell` has made due and bundles it as mails are bundled; what would be a mail is one, sent at once. */
export class CountedMails {
  readonly byPerson = new Map<string, number>();
  private count = 0;

  constructor(
    private readonly site: Site,
    private readonly outbox: Outbox,
  ) {}

  /** When the next of what waits is due; `null`: nothing waits. */
  nextDue(): Instant | null {
    return this.outbox.pending().reduce<Instant | null>((next, { dueAt }) => Math.min(next ?? dueAt, dueAt), null);
  }

  /** Counts what is due at `now`, each alert with all that waits of it for the same person. Inside a transaction. */
  step(now: Instant): void {
    const pending = this.outbox.pending();
    const about = ({ recipient, change }: Pending): string => `${recipient} ${change.alert.id}`;
    const told = new Set(pending.filter(({ dueAt }) => dueAt <= now).map(about));
    if (told.size === 0) return;
    const due = pending.filter((one) => told.has(about(one)));
    const people = new Map<string, Pending[]>();
    const mails = due.filter(({ channel }) => channel === MAIL);
    for (const pending of mails) people.set(pending.recipient, [...(people.get(pending.recipient) ?? []), pending]);
    for (const [person, own] of people) {
      const alerts = [...new Set(own.map(({ change }) => change.alert.id))];
      const items = alerts.map((alert) =>
        merged(
          own.filter(({ change }) => change.alert.id === alert),
          this.knows(alert, person),
        ),
      );
      for (const letter of bundle(items, this.site.notices.digestOver, false))
        this.sent(
          person,
          letter.items.map(({ change }) => change.alert.id),
          now,
        );
    }
    this.outbox.forgetPending(due.map(({ id }) => id));
  }

  private knows(alert: string, person: string): boolean {
    return this.outbox.about(alert).some(({ recipient }) => recipient === person);
  }

  private sent(person: string, alerts: readonly string[], now: Instant): void {
    this.byPerson.set(person, (this.byPerson.get(person) ?? 0) + 1);
    const id = `mail${++this.count}`;
    this.outbox.add({
      id,
      alerts,
      recipient: person,
      channel: MAIL,
      mail: {
        id,
        to: '',
        subject: '',
        text: '',
        html: '',
        messageId: `<${id}>`,
        inReplyTo: null,
        headers: {},
        date: now,
        pictures: [],
      },
      reason: 'opened',
      state: 'sent',
      attempts: 1,
      nextAt: now,
      createdAt: now,
      arrivedAt: now,
      sentAt: now,
      error: null,
      mergedInto: null,
    });
  }
}
