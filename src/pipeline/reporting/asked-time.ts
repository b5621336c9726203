/** Which instant does a person mean by a time in a question? */
import { type Calendar, type Instant, startOfDate } from '../../domain/time.js';
import { Refusal } from '../ports.js';

/** ISO 8601 with an offset, or a day of the site's calendar, which is its beginning. Throws `Refusal` naming the field. */
export function askedTime(name: string, text: string, calendar: Calendar): Instant {
  // A `+` that was not percent-encoded arrives as a space.
  const iso = text.replace(/ (?=\d{2}:?\d{2}$)/, '+');
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? startOfDate(text, calendar)
    : /(Z|[+-]\d{2}:?\d{2})$/.test(iso)
      ? Date.parse(iso)
      : Number.NaN;
  if (Number.isNaN(time))
    throw new Refusal('bad-request', `${name} 应为带时区的时间,如 2026-11-23T08:00:00+08:00,收到的是 ${text}`);
  return time;
}
