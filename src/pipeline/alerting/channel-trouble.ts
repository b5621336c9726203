/** Who cannot be told: which channels beside mail take nothing, whose address refuses, who waits? None must go unseen because mails still leave. */
import type { Site } from '../../domain/site.js';
import type { Notify } from '../notify.js';
import { type Bounced, MAIL, type Outbox, type Stalled } from './alert-stores.js';
import type { Waiting } from './service-round.js';

/**
 * The channels that somebody reads, in the order of the people, each with why it takes nothing, in words: what keeps it
 * waiting now, else the newest refusal for good since it last accepted; `null`: it takes what it is given.
 */
export function channelTroubles(
  { people }: Pick<Site, 'people'>,
  outbox: Pick<Outbox, 'bounced'>,
  notify: Pick<Notify, 'troubleOf'>,
): readonly (readonly [channel: string, why: string | null])[] {
  const channels = [...new Set(people.flatMap((person) => person.channels))];
  if (channels.length === 0) return [];
  const bounced = outbox.bounced();
  return channels.map((channel) => {
    const refusal = bounced.find((one) => one.recipient === null && one.channel === channel);
    return [channel, notify.troubleOf(channel) ?? refusal?.error ?? null];
  });
}

/** The people whose address, as it stands in the config, refuses every mail: one that was corrected since is given its chance. */
export const refusedPeople = (
  { people }: Pick<Site, 'people'>,
  outbox: Pick<Outbox, 'bounced'>,
): readonly (Bounced & Stalled)[] =>
  outbox.bounced().flatMap((one) => {
    const { recipient, address } = one;
    const is = recipient !== null && people.some(({ id, email }) => id === recipient && email === address);
    return is ? [{ ...one, recipient }] : [];
  });

/** Those who wait, as an alert may name them: by role, with what the other side answered, which may hold an address. */
export const waitingFor = ({ people }: Pick<Site, 'people'>, stalled: readonly Stalled[]): readonly Waiting[] =>
  stalled.map(({ recipient, channel, since, error }) => {
    const person = people.find(({ id }) => id === recipient);
    const on = channel === MAIL ? '' : ` (${channel})`;
    const whom = { zh: `${person?.name ?? recipient}${on}`, en: `${person?.nameEn ?? recipient}${on}` };
    return { whom, since, answer: error === null ? null : answered(error) };
  });

/** The words of the other side alone, where they begin with a code of SMTP; addresses are not for whoever reads an alert. */
const answered = (error: string): string =>
  (/\b[45]\d\d[ -].*?(?=\)?$)/s.exec(error)?.[0] ?? error).replace(/[^\s<>"'(),;:@]+@[^\s<>"'(),;:@]+/g, '***').slice(0, LONGEST);

/** Characters of an answer that stand in a mail. */
const LONGEST = 160;
