/** Which channels beside mail take nothing? A bot that was removed must not go unseen because mails still leave. */
import type { Site } from '../../domain/site.js';
import type { Notify } from '../notify.js';
import type { Outbox } from './alert-stores.js';

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
