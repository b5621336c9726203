/** What were people told, and who cannot be told anything? */
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime } from '../../domain/time.js';
import { Refusal } from '../ports.js';
import type { Notice, Outbox } from '../alerting/alert-stores.js';

/** Notices of one answer. */
const MOST = 500;

/** Answers about the outbox. */
export class NoticesReport {
  constructor(
    private readonly site: Site,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first, and whose address refuses mail, or which channel in use refuses for all its readers. */
  notices() {
    return {
      notices: this.outbox.list(MOST).map((notice) => this.view(notice)),
      bounced: this.outbox.bounced().flatMap(({ recipient, channel, since, error }) => {
        const readers = this.site.people.filter(({ channels }) => channels.includes(channel)).map(({ name }) => name);
        if (recipient === null && readers.length === 0) return [];
        return {
          recipient: recipient === null ? readers.join('、') : this.name(recipient),
          email: this.site.people.find(({ id }) => id === recipient)?.email ?? null,
          channel,
          since: this.iso(since),
          error,
        };
      }),
    };
  }

  /** One notice with the words of its mail. Throws `Refusal`. */
  notice(id: string) {
    const notice = this.outbox.find(id);
    if (notice === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的通知`);
    return { ...this.view(notice), text: notice.mail.text };
  }

  private view({ id, alerts, recipient, channel, mail, reason, state, attempts, createdAt, sentAt, error, mergedInto }: Notice) {
    return {
      id,
      alerts: [...alerts],
      recipient: this.name(recipient),
      channel,
      subject: mail.subject,
      reason,
      state,
      attempts,
      createdAt: this.iso(createdAt),
      sentAt: sentAt === null ? null : this.iso(sentAt),
      error,
      mergedInto,
    };
  }

  private name(recipient: string): string {
    return this.site.people.find(({ id }) => id === recipient)?.name ?? recipient;
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}
