/** Which instant does a person mean by a time in a question? */
import { type Calendar, type Instant, localDate, startOfDate } from '../../domain/time.js';
import { Refusal } from '../ports.js';

/**
 * ISO 8601 with an offset, or a day of the site's calendar, which is its beginning. Throws `Refusal` naming the field, also
 * for a day that no calendar has, such as 2026-02-30.
 */
export function askedTime(name: string, text: string, calendar: Calendar): Instant {
  // A `+` that was not percent-encoded arrives as a space.
  const iso = text.replace(/ (?=\d{2}:?\d{2}$)/, '+');
  const date = /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(iso)?.[0] ?? '';
  const day = startOfDate(date, calendar);
  const time = date === iso ? day : date !== '' && /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? Date.parse(iso) : Number.NaN;
  // What is read would be moved: 30 February to 2 March.
  if (date !== '' && (Number.isNaN(day) || localDate(day, calendar) !== date))
    throw new Refusal('bad-request', `${name} 写的是 ${text}:没有 ${date} 这一天 (there is no such day)`);
  if (Number.isNaN(time))
    throw new Refusal('bad-request', `${name} 应为带时区的时间,如 2026-11-23T08:00:00+08:00,收到的是 ${text}`);
  return time;
}
