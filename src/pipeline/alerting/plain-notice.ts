/** What is a notice that tells of no alert: one mail to one person, on its own? */
import type { Message } from '../../domain/alerting/facts.js';
import type { Person } from '../../domain/people.js';
import type { Instant } from '../../domain/time.js';
import type { Mail } from '../ports.js';
import { MAIL, type Notice } from './alert-stores.js';

/** What makes it. */
export interface PlainNotice {
  /** Says which occasion and which person: the same notice twice has the same id. */
  readonly id: string;
  readonly person: Pick<Person, 'id' | 'email'>;
  readonly message: Pick<Message, 'subject' | 'text' | 'html'>;
  /** Why it is told, as `Notice.reason`. */
  readonly reason: string;
  /** The right-hand side of its Message-ID. */
  readonly domain: string;
  readonly now: Instant;
  readonly attachments?: Mail['attachments'];
}

/** A mail that may leave at once, threads with nothing and has no pictures, waiting in the outbox. */
export function plainNotice({ id, person, message, reason, domain, now, attachments }: PlainNotice): Notice {
  const { subject, text, html } = message;
  return {
    id,
    alerts: [],
    recipient: person.id,
    channel: MAIL,
    mail: {
      ...{ id, to: person.email, subject, text, html },
      messageId: `<${id}@${domain}>`,
      ...{ inReplyTo: null, headers: {}, date: now, pictures: [] },
      ...(attachments && { attachments }),
    },
    reason,
    state: 'waiting',
    attempts: 0,
    ...{ nextAt: now, createdAt: now, arrivedAt: now, sentAt: null },
    error: null,
    mergedInto: null,
  };
}
