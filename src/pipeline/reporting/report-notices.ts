/** What were people told, and who cannot be told anything? */
import type { Site } from '../../domain/site.js';
import { type Instant, isoTime } from '../../domain/time.js';
import { Refusal } from '../ports.js';
import type { Notice, Outbox } from '../alerting/alert-stores.js';
import { type PathStore, testOf } from '../alerting/path-proof.js';

/** Notices of one answer. */
const MOST = 500;

/** A signed link of a mail. Who holds one acts in the name of the person it was sent to. */
const LINK = /(?:https?:\/\/\S*?)?\/ack\/[\w-]+/g;

/** Stands for what only the mail itself may hold. */
const WITHHELD = { zh: '〔只在邮件里〕', en: '[in the mail only]' };

/** Answers about the outbox. */
export class NoticesReport {
  constructor(
    private readonly site: Site,
    private readonly outbox: Outbox,
    private readonly tests: Pick<PathStore, 'find'>,
  ) {}

  /** Newest first, and whose address refuses mail, or which channel in use refuses for all its readers. */
  notices() {
    return {
      notices: this.outbox.list(MOST).map((notice) => this.view(notice)),
      bounced: this.outbox.bounced().flatMap(({ recipient, channel, since, error, address }) => {
        const readers = this.site.people.filter(({ channels }) => channels.includes(channel)).map(({ name }) => name);
        const email = this.site.people.find(({ id }) => id === recipient)?.email ?? null;
        // Who has gone, or whose address was corrected, is refused no more.
        if (recipient === null ? readers.length === 0 : email !== address) return [];
        return {
          recipient: recipient === null ? readers.join('、') : this.name(recipient),
          email,
          channel,
          since: this.iso(since),
          error,
        };
      }),
    };
  }

  /** One notice with the words of its mail, but for its links and a test's code: reading is not receiving. Throws `Refusal`. */
  notice(id: string) {
    const notice = this.outbox.find(id);
    if (notice === undefined) throw new Refusal('not-found', `没有编号为 ${id} 的通知`);
    return { ...this.view(notice), text: this.withheld(notice, notice.mail.text) };
  }

  private view(notice: Notice) {
    const { id, alerts, recipient, channel, mail, reason, state, attempts, createdAt, sentAt, error, mergedInto } = notice;
    return {
      id,
      alerts: [...alerts],
      recipient: this.name(recipient),
      channel,
      subject: this.withheld(notice, mail.subject),
      reason,
      state,
      attempts,
      createdAt: this.iso(createdAt),
      sentAt: sentAt === null ? null : this.iso(sentAt),
      error,
      mergedInto,
    };
  }

  private withheld(notice: Notice, text: string): string {
    const words = WITHHELD[this.site.people.find(({ id }) => id === notice.recipient)?.language ?? 'zh'];
    const test = testOf(notice);
    const code = test === null ? undefined : this.tests.find(test)?.code;
    const linkless = text.replace(LINK, words);
    return code === undefined ? linkless : linkless.replaceAll(code, words);
  }

  private name(recipient: string): string {
    return this.site.people.find(({ id }) => id === recipient)?.name ?? recipient;
  }

  private iso(t: Instant): string {
    return isoTime(t, this.site.calendar);
  }
}
